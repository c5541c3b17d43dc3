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
  window.addEventListener("pageshow", (event) => {
    if (event.persisted && document.querySelector("[data-visit], [data-visit-over]")) {
      document.body.hidden = true;
      window.location.reload();
    }
  });
}
