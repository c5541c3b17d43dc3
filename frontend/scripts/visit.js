// The counter: nothing of a visitor stays in this browser. A page brought back from the browser's memory is asked
// for again, and the server shows it only while the visit is under way.
export default function visit(document) {
  const forget = () => {
    try {
      window.sessionStorage.clear();
    } catch {
      // a locked-down browser keeps nothing anyway
    }
  };
  if (document.querySelector("[data-visit-over]")) {
    forget();
    document.querySelectorAll("form").forEach((form) => form.reset());
  }
  // A card was laid on the reader: the number and the name are there, on to the item (or to what is still asked).
  document.addEventListener("siban:card", () => {
    const empty = [...document.querySelectorAll("#person input")].find((input) => !input.value);
    (empty ?? document.querySelector("#id_q"))?.focus();
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted && document.querySelector("[data-visit], [data-visit-over]")) {
      document.body.hidden = true;
      window.location.reload();
    }
  });
}
