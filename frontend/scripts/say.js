// Puts a short message in the page's live region and shows it for a while (提示条).
export function say(text, tone = "info") {
  const region = document.querySelector("[data-toasts]");
  if (!region) return;
  const toast = document.createElement("p");
  toast.className = `sb-toast sb-toast--${tone}`;
  toast.textContent = text;
  region.append(toast);
  if (tone !== "error") setTimeout(() => toast.remove(), 6000);
}
