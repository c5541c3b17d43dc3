// Asks before leaving a form with unsaved changes: <form data-confirm-leave>.
export default function confirmLeave(document) {
  const dirty = new Set();
  document.addEventListener("input", (event) => {
    const form = event.target.closest?.("form[data-confirm-leave]");
    if (form) dirty.add(form);
  });
  for (const done of ["submit", "autosave:saved"]) {
    document.addEventListener(done, (event) => dirty.delete(event.target));
  }
  window.addEventListener("beforeunload", (event) => {
    if ([...dirty].some((form) => form.isConnected)) event.preventDefault();
  });
}
