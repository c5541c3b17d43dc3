// 现场: what is written without a signal stays in this phone and is sent by itself when there is one, once each.
// Every entry carries a key of its own; the server keeps one of what comes twice. Only who wrote it sends it.
import { csrfToken } from "./csrf.js";
import { say } from "./say.js";

const AGAIN = 20000;

function store(mode, use) {
  return new Promise((done, failed) => {
    const asked = indexedDB.open("siban-field", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("queue", { keyPath: "key" });
    asked.onerror = () => failed(asked.error);
    asked.onsuccess = () => {
      const work = asked.result.transaction("queue", mode);
      const given = use(work.objectStore("queue"));
      work.oncomplete = () => { asked.result.close(); done(given?.result); };
      work.onerror = () => failed(work.error);
    };
  });
}

const owner = () => document.querySelector("[data-field-owner]")?.dataset.fieldOwner ?? "";
const waiting = async () => (await store("readonly", (queue) => queue.getAll())).filter((entry) => entry.owner === owner());

async function send(entry) {
  const body = new FormData();
  entry.fields.forEach(([name, value]) => body.append(name, value));
  body.set("csrfmiddlewaretoken", csrfToken());
  const answer = await fetch(entry.url, { method: "POST", body, credentials: "same-origin" });
  if (answer.redirected && /\/desk\/hotline\/[^/]+\/$/.test(new URL(answer.url).pathname)) return "";
  if (answer.redirected) return "登录已过期，请重新登录，写好的内容还在。";
  if (answer.status === 422 || answer.status === 409) {
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    return page.querySelector("main .sb-notice p")?.textContent.trim() || "没有登记成功，请打开工单核对。";
  }
  return answer.ok ? "" : "系统忙，稍后自动再发。";
}

// Nothing unsaved is left in the form: the page may be left without asking.
const settled = (form) => form.dispatchEvent(new CustomEvent("autosave:saved", { bubbles: true }));

let sending = false;
async function flush() {
  if (sending || !owner() || !navigator.onLine) return;
  sending = true;
  try {
    for (const entry of await waiting()) {
      const fault = await send(entry);
      if (fault) await store("readwrite", (queue) => queue.put({ ...entry, fault }));
      else {
        await store("readwrite", (queue) => queue.delete(entry.key));
        say(`已经发送：${entry.label}`, "success");
      }
    }
  } catch {
    // still no signal: it stays in the phone
  } finally {
    sending = false;
    await show();
  }
}

async function show() {
  const line = document.querySelector("[data-field-queue]");
  if (!line) return;
  const entries = await waiting();
  line.replaceChildren();
  line.hidden = entries.length === 0;
  if (!entries.length) return;
  const head = document.createElement("p");
  head.textContent = `手机里还有 ${entries.length} 条没有发送，有信号时自动发送，请不要退出登录。`;
  const list = document.createElement("ul");
  entries.forEach((entry) => {
    const item = document.createElement("li");
    item.textContent = entry.label + (entry.fault ? `：${entry.fault}` : "");
    list.append(item);
  });
  line.append(head, list);
}

export default function field(document) {
  if (!("indexedDB" in window) || !document.querySelector("[data-field-owner]")) return;
  document.addEventListener("submit", async (event) => {
    const form = event.target.closest?.("form[data-field-form]");
    if (!form) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const data = new FormData(form);
    const key = window.crypto?.randomUUID?.().replaceAll("-", "") ?? `${Date.now()}${Math.random()}`.replace(".", "");
    data.set("key", key);
    const entry = {
      key, url: form.getAttribute("action") || window.location.pathname, owner: owner(), label: form.dataset.fieldForm,
      fields: [...data.entries()].filter(([name, value]) => name !== "csrfmiddlewaretoken" && !(value instanceof File && !value.size)),
    };
    try {
      if (!navigator.onLine) throw new Error("no signal");
      const fault = await send(entry);
      if (fault) {
        say(fault, "error");
        return;
      }
      settled(form);
      window.location.assign(form.dataset.fieldBack);
    } catch {
      await store("readwrite", (queue) => queue.put(entry));
      settled(form);
      form.reset();
      say("没有信号，已经存在手机里，有信号时自动发送。", "info");
      await show();
    }
  }, true);
  window.addEventListener("online", flush);
  window.setInterval(flush, AGAIN);
  show().then(flush);
  if ("serviceWorker" in navigator) navigator.serviceWorker.register("/desk/hotline/field/worker.js", { scope: "/desk/hotline/" }).catch(() => {});
  document.addEventListener("submit", (event) => {
    if (event.target.matches?.("form[data-forget]")) window.caches?.delete("siban-field");
  });
}
