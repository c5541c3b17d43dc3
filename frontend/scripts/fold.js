// Folds the desk's navigation away on a phone; without scripts it simply stays open.
export default function fold(document) {
  const narrow = matchMedia("(max-width: 900px)");
  const set = () => document.querySelectorAll("details[data-fold]").forEach((box) => { box.open = !narrow.matches; });
  set();
  // A group of the navigation stays as the person left it, in this browser.
  document.querySelectorAll("details[data-remember]").forEach((box) => {
    const current = box.querySelector("[aria-current]");
    try {
      const kept = window.localStorage.getItem(box.dataset.remember);
      if (kept && !current) box.open = kept === "open";
      // Only what the person did is kept: a group that opens with its page is not.
      box.querySelector("summary").addEventListener("click", () => window.localStorage.setItem(box.dataset.remember, box.open ? "shut" : "open"));
    } catch {
      // a locked-down browser keeps nothing: then the group of this page is open, the others are not
    }
  });
  narrow.addEventListener("change", set);
}
