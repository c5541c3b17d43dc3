// The self-service machine: a minute without a touch, the last seconds counted aloud, then everything is forgotten.
const WARN = 15;

export default function kiosk(root) {
  const box = root.querySelector("[data-kiosk-idle]");
  if (!box) return;
  const soon = box.querySelector("[data-kiosk-soon]");
  const left = box.querySelector("[data-kiosk-left]");
  const idle = Number(box.dataset.kioskIdle);
  let touched = Date.now();
  let ending = false;

  // Pages of the machine are not left by htmx: the address it notes for that on every page is no use here, and stays of nobody.
  window.addEventListener("load", () => {
    try {
      window.sessionStorage.removeItem("htmx-current-path-for-history");
    } catch {
      // a locked-down browser keeps nothing anyway
    }
  });

  const stay = () => {
    if (ending) return;
    touched = Date.now();
    soon.hidden = true;
  };
  const forget = () => {
    ending = true;
    try {
      window.localStorage.clear();
      window.sessionStorage.clear();
    } catch {
      // a locked-down browser keeps nothing anyway
    }
    box.querySelector("[data-kiosk-end]").submit();
  };

  for (const kind of ["pointerdown", "keydown", "wheel", "touchstart", "scroll"]) {
    root.addEventListener(kind, stay, { passive: true, capture: true });
  }
  window.setInterval(() => {
    if (ending) return;
    const rest = idle - Math.floor((Date.now() - touched) / 1000);
    if (rest <= 0) forget();
    else if (rest <= WARN) {
      left.textContent = String(rest);
      if (soon.hidden) {
        soon.hidden = false;
        box.querySelector("[data-kiosk-stay]").focus();
      }
    }
  }, 500);
  // Paper shows everything: what is folded is opened for the print and closed again.
  window.addEventListener("beforeprint", () => {
    for (const folded of box.querySelectorAll("details:not([open])")) {
      folded.open = true;
      folded.dataset.kioskFolded = "";
    }
  });
  window.addEventListener("afterprint", () => {
    for (const opened of box.querySelectorAll("[data-kiosk-folded]")) {
      opened.open = false;
      delete opened.dataset.kioskFolded;
    }
  });
  // Back from the browser's own memory of pages: nobody sees the page of whoever stood here before.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) window.location.replace(box.dataset.kioskHome);
  });
}
