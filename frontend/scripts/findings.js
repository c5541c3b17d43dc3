// What the rules say of a form is shown beside the boxes it speaks of; a safe mend is put in its box with one press.
const COPIES = ".sb-finding-at";
const COUNTS = ".sb-finding-count";

function clear(form) {
  form.querySelectorAll(COPIES).forEach((copy) => {
    const box = document.getElementById(copy.dataset.of);
    const left = (box?.getAttribute("aria-describedby") || "").split(" ").filter((id) => id && id !== copy.id);
    if (box && left.length) box.setAttribute("aria-describedby", left.join(" "));
    else box?.removeAttribute("aria-describedby");
    copy.remove();
  });
  form.querySelectorAll(COUNTS).forEach((count) => count.remove());
}

// Beside the box (the first one of a group of choices), not moving the focus and not touching what is typed.
function beside(line, number) {
  const id = line.dataset.findingFor;
  const box = document.getElementById(id) || document.getElementById(`${id}_0`);
  const group = document.getElementById(`${id}_group`) || box?.closest(".govuk-form-group");
  if (!group) return null;
  const copy = document.createElement("div");
  copy.className = `sb-finding-at sb-finding-at--${line.dataset.tone}`;
  copy.id = `finding-${number}`;
  copy.dataset.of = box?.id || "";
  for (const part of line.children) {
    if (part.tagName === "A") {
      const words = document.createElement("span");
      words.textContent = part.textContent;
      copy.append(words);
    } else copy.append(part.cloneNode(true));
  }
  group.append(copy);
  if (box) box.setAttribute("aria-describedby", [box.getAttribute("aria-describedby"), copy.id].filter(Boolean).join(" "));
  return group.closest("details");
}

function show(list) {
  const form = document.querySelector(list.getAttribute("hx-include"));
  if (!form) return;
  clear(form);
  const folded = new Map();
  list.querySelectorAll("[data-finding-for]").forEach((line, number) => {
    const fold = beside(line, number);
    if (fold) folded.set(fold, (folded.get(fold) || 0) + 1);
  });
  folded.forEach((count, fold) => {
    const said = document.createElement("span");
    said.className = "sb-finding-count";
    said.textContent = `${count} 处要核对`;
    fold.querySelector("summary")?.append(said);
  });
}

function open(box) {
  for (let fold = box.closest("details"); fold; fold = fold.parentElement?.closest("details")) fold.open = true;
}

export default function findings(document) {
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target?.matches?.("[data-findings]")) show(event.detail.target);
  });
  document.addEventListener("click", (event) => {
    const mend = event.target.closest?.("[data-mend-for]");
    if (mend) {
      const box = document.getElementById(mend.dataset.mendFor);
      if (!box) return;
      box.value = mend.dataset.mend;
      box.dispatchEvent(new Event("input", { bubbles: true }));
      box.dispatchEvent(new Event("change", { bubbles: true }));
      open(box);
      box.focus();
      return;
    }
    const link = event.target.closest?.("[data-findings] a[href^='#']");
    const id = link?.getAttribute("href").slice(1);
    const box = id && (document.getElementById(id) || document.getElementById(`${id}_0`));
    if (!box) return;
    event.preventDefault();
    open(box);
    (document.getElementById(`${id}_group`) ?? box).scrollIntoView({ block: "center" });
    box.focus({ preventScroll: true });
  });
}
