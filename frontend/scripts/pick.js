// Ticking rows of a list: the box below the list ticks or frees the whole page; "x" the row one stands on.
const TYPING = "input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]";

export default function pick(document) {
  document.addEventListener("change", (event) => {
    if (!event.target.matches?.("[data-pick-all]")) return;
    const named = CSS.escape(event.target.dataset.pickAll);
    document.querySelectorAll(`input[type=checkbox][name="${named}"]`).forEach((box) => { box.checked = event.target.checked; });
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "x" || event.ctrlKey || event.metaKey || event.altKey || event.target.matches?.(TYPING)) return;
    const row = event.target.closest?.("[data-row]") ?? document.querySelector("[data-row].is-current");
    const box = row?.querySelector("input[type=checkbox][name=case]");
    if (box) { event.preventDefault(); box.checked = !box.checked; }
  });
}
