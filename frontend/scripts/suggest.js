// Suggestions below a search box: arrows walk through them, Escape or a click elsewhere puts them away.
function close(form) {
  const below = form.querySelector(".sb-search__below");
  if (below) below.replaceChildren();
}

export default function suggest(document) {
  document.addEventListener("keydown", (event) => {
    const form = event.target.closest?.("[data-suggest]");
    if (!form || event.isComposing) return;
    const box = form.querySelector("input[type=search]");
    const links = [...form.querySelectorAll(".sb-suggest a")];
    if (event.key === "Escape" && links.length) {
      event.preventDefault();
      event.stopImmediatePropagation();
      close(form);
      box.focus();
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && links.length) {
      event.preventDefault();
      const at = links.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
      if (at < 0) box.focus(); else links[Math.min(at, links.length - 1)].focus();
    }
  });
  document.addEventListener("click", (event) => {
    document.querySelectorAll("[data-suggest]").forEach((form) => { if (!form.contains(event.target)) close(form); });
  });
}
