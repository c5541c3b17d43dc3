// One press, one submission: a second press of the same form is ignored until the page answers.
const WAIT = 15000; // ms, after which the person may try again

function release(form) {
  delete form.dataset.sent;
  form.querySelectorAll("[data-busy]").forEach((b) => { b.removeAttribute("data-busy"); b.removeAttribute("aria-busy"); });
}

export default function submitOnce(document) {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (form.dataset.sent) { event.preventDefault(); event.stopImmediatePropagation(); return; }
    form.dataset.sent = "yes";
    const button = event.submitter;
    if (button) { button.dataset.busy = "yes"; button.setAttribute("aria-busy", "true"); }
    setTimeout(() => release(form), WAIT);
  }, true);
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target.closest?.("form");
    if (form) release(form);
  });
  // A page brought back by the browser's back button may be sent again.
  window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(release));
}
