// 边填边存: saves a form as it is filled in, to data-autosave-url, and says how it stands.
// A form with data-keep="key" is only kept in this window until the server has answered: for forms saved by their button.
import { csrfToken } from "./csrf.js";
import { say } from "./say.js";

const PAUSE = 1200; // ms without a keystroke before saving
const RETRY = [3000, 8000, 20000, 60000];

const SENT = "draft-sent"; // which kept form was on its way to the server when the page was left

function storageKey(form) {
  // The owner is part of the key: on a shared computer the next person must not find the last one's words.
  return `draft:${form.dataset.autosaveOwner ?? ""}:${form.dataset.autosaveUrl ?? form.dataset.keep}`;
}

// A copy is dropped only when the server has answered what was sent. A log-in page, an error page, or a page brought
// back by reload or the back button is no such answer: then the copy stays and is found again.
function settle() {
  const sent = sessionStorage.getItem(SENT);
  if (!sent) return;
  sessionStorage.removeItem(SENT);
  const [entry] = performance.getEntriesByType("navigation");
  const unanswered = document.querySelector("[data-fault], [data-entrance]") || (entry && entry.type !== "navigate");
  if (!unanswered) sessionStorage.removeItem(sent);
}

function hold(form) {
  if (keep(form)) sessionStorage.setItem(SENT, storageKey(form));
}

function entries(form) {
  // Files and one-time secrets never go into browser storage.
  return [...new FormData(form)].filter(([name, value]) => typeof value === "string" && name !== "csrfmiddlewaretoken"
    && form.querySelector(`[name="${CSS.escape(name)}"]`)?.type !== "password");
}

function keep(form) {
  try {
    sessionStorage.setItem(storageKey(form), JSON.stringify(entries(form)));
    return true;
  } catch {
    return false;
  }
}

function restore(form) {
  const kept = sessionStorage.getItem(storageKey(form));
  if (!kept) return false;
  const seen = new Map();
  for (const [name, value] of JSON.parse(kept)) seen.set(name, [...(seen.get(name) ?? []), value]);
  for (const field of form.elements) {
    if (!field.name || field.type === "hidden" || field.type === "file") continue;
    const values = seen.get(field.name) ?? [];
    if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
    else if (field.multiple && field.options) for (const o of field.options) o.selected = values.includes(o.value);
    else if (values.length) field.value = values.shift();
  }
  return true;
}

// For a form that is saved by its own button: what is typed outlives a lost session or a lost connection.
function guard(form, fresh) {
  if (form.dataset.keepReady) return;
  form.dataset.keepReady = "yes";
  let timer = null;
  if (fresh) sessionStorage.removeItem(storageKey(form));
  else if (restore(form)) say("已找回上次没有存上的内容，请检查后再保存");
  const later = () => { clearTimeout(timer); timer = setTimeout(() => keep(form), 400); };
  form.addEventListener("input", later);
  form.addEventListener("change", later);
  form.addEventListener("submit", () => { clearTimeout(timer); hold(form); });
}

function watch(form) {
  if (form.dataset.autosaveReady) return;
  form.dataset.autosaveReady = "yes";
  let timer = null;
  let failures = 0;
  let version = 0;
  let savedVersion = 0;
  let flying = false;
  const line = form.querySelector("[data-autosave-status]") ?? form.appendChild(Object.assign(document.createElement("p"), { className: "sb-autosave" }));
  line.setAttribute("role", "status");
  const tell = (text, tone = "") => { line.textContent = text; line.dataset.tone = tone; };

  if (restore(form)) { version += 1; tell("已找回上次没有存上的内容，请检查后继续", "amber"); schedule(0); }

  function schedule(wait = PAUSE) {
    clearTimeout(timer);
    timer = setTimeout(save, wait);
  }

  async function save() {
    if (flying) return schedule(400);
    if (version === savedVersion) return undefined;
    const sending = version;
    flying = true;
    tell("正在保存…");
    try {
      const answer = await fetch(form.dataset.autosaveUrl, {
        method: "POST", body: new URLSearchParams(entries(form)), credentials: "same-origin", redirect: "manual",
        headers: { "X-CSRFToken": csrfToken(form), "X-Requested-With": "XMLHttpRequest" },
      });
      if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) {
        keep(form);
        tell("登录已过期。已填内容暂存在本机这个窗口里，请重新登录后回到本页，内容会自动找回", "red");
        return undefined;
      }
      if (answer.status === 422 || answer.status === 400) {
        keep(form);
        tell("有内容暂时存不上，请看红字提示，改好后会再存", "amber");
        savedVersion = sending;
        return undefined;
      }
      if (!answer.ok) throw new Error(String(answer.status));
      failures = 0;
      savedVersion = sending;
      sessionStorage.removeItem(storageKey(form));
      form.dispatchEvent(new CustomEvent("autosave:saved", { bubbles: true }));
      const now = new Date();
      tell(`已保存 ${String(now.getHours()).padStart(2, "0")}:${String(now.getMinutes()).padStart(2, "0")}`, "green");
      if (version !== sending) schedule();
    } catch {
      keep(form);
      tell("未保存，网络恢复后自动重试", "amber");
      schedule(RETRY[Math.min(failures++, RETRY.length - 1)]);
    } finally {
      flying = false;
    }
    return undefined;
  }

  const changed = () => { version += 1; tell("有改动，稍后自动保存"); schedule(); };
  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  form.addEventListener("submit", () => { clearTimeout(timer); hold(form); });
  window.addEventListener("online", () => { if (version !== savedVersion) { say("网络已恢复，正在保存"); schedule(0); } });
  document.addEventListener("visibilitychange", () => { if (document.hidden && version !== savedVersion) keep(form); });
}

// Leaving the account forgets every draft kept in this window.
document.addEventListener("submit", (event) => {
  if (event.target.matches("form[data-forget]")) sessionStorage.clear();
});

export default function autosave(root) {
  if (root === document) settle();
  // What htmx brings may be the form itself, not only something around it.
  const within = (selector) => [...(root.matches?.(selector) ? [root] : []), ...root.querySelectorAll(selector)];
  within("form[data-autosave-url]").forEach(watch);
  within("form[data-keep]").forEach((form) => guard(form, root !== document));
}
