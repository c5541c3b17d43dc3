// The CSRF token of this page: from the nearest form, else from the meta tag or body header attribute.
export function csrfToken(form) {
  const field = form?.querySelector("input[name=csrfmiddlewaretoken]") ?? document.querySelector("input[name=csrfmiddlewaretoken]");
  return field?.value ?? document.querySelector("meta[name=csrf-token]")?.content ?? "";
}
