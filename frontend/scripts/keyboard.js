// Keys of the desk: "/" search, "?" help, j/k move along rows, Enter opens, data-key="x" presses what carries it.
const TYPING = "input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]";

function rows() {
  return [...document.querySelectorAll("[data-row]")].filter((row) => row.offsetParent !== null);
}

function move(by) {
  const all = rows();
  if (!all.length) return;
  const at = all.findIndex((row) => row.classList.contains("is-current"));
  const next = all[Math.max(0, Math.min(all.length - 1, at + by))];
  all.forEach((row) => row.classList.toggle("is-current", row === next));
  const link = next.querySelector("a[href]");
  (link ?? next).focus();
  next.scrollIntoView({ block: "nearest" });
}

export default function keyboard(document) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.matches?.(TYPING)) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    const named = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (named) {
      event.preventDefault();
      if (named.matches(TYPING)) { named.focus(); named.select?.(); } else named.click();
    } else if (event.key === "j" || event.key === "k") {
      if (rows().length) { event.preventDefault(); move(event.key === "j" ? 1 : -1); }
    } else if (event.key === "?") {
      const help = document.getElementById("keyboard-help");
      if (help) { event.preventDefault(); help.open = !help.open; help.querySelector("summary")?.focus(); }
    }
  });
}
