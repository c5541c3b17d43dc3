// Folds the desk's navigation away on a phone; without scripts it simply stays open.
export default function fold(document) {
  const narrow = matchMedia("(max-width: 900px)");
  const set = () => document.querySelectorAll("details[data-fold]").forEach((box) => { box.open = !narrow.matches; });
  set();
  narrow.addEventListener("change", set);
}
