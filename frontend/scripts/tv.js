// The set on the wall: after a while the next guide. A lost connection leaves the present one on the screen.
export default function tv(root) {
  const page = root.querySelector("[data-tv-next]");
  if (!page) return;
  window.setInterval(() => {
    if (navigator.onLine) window.location.replace(page.dataset.tvNext);
  }, Number(page.dataset.tvSeconds) * 1000);
}
