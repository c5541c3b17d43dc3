// File fields: checks size and kind before sending, accepts a dropped file, shows progress when htmx sends.
function readable(bytes) {
  return bytes >= 1048576 ? `${(bytes / 1048576).toFixed(1)} MB` : `${Math.max(1, Math.round(bytes / 1024))} KB`;
}

function complaint(input, file) {
  const limit = Number(input.dataset.maxBytes || 0);
  if (limit && file.size > limit) return `“${file.name}”有 ${readable(file.size)}，超过 ${readable(limit)} 的上限，没有选入。请压缩后再选，或拍照时选小一些的尺寸。`;
  if (file.size === 0) return `“${file.name}”是空文件，没有选入。请重新选择。`;
  const kinds = (input.accept || "").split(",").map((k) => k.trim().toLowerCase()).filter(Boolean);
  const name = file.name.toLowerCase();
  const fits = kinds.some((k) => (k.startsWith(".") ? name.endsWith(k) : k.endsWith("/*") ? file.type.startsWith(k.slice(0, -1)) : file.type === k));
  if (kinds.length && !fits) return `“${file.name}”的格式不在可收之列（${input.dataset.kinds || kinds.join("、")}），没有选入。`;
  return "";
}

function check(input) {
  const box = input.closest("[data-upload]");
  const line = box?.querySelector("[data-upload-status]");
  if (!line) return;
  const files = [...input.files];
  const wrong = files.map((file) => complaint(input, file)).find(Boolean);
  if (wrong) input.value = "";
  line.textContent = wrong || files.map((f) => `${f.name}（${readable(f.size)}）`).join("、");
  line.dataset.tone = wrong ? "red" : "";
  box.classList.toggle("sb-upload--wrong", Boolean(wrong));
}

// Every file of a dropped folder of scans, in the order of their names; folders in it are left out.
async function inFolders(entries) {
  const files = [];
  for (const entry of entries) {
    if (entry.isFile) files.push(await new Promise((ready, failed) => entry.file(ready, failed)));
    else if (entry.isDirectory) {
      const reader = entry.createReader();
      let some;
      do {
        some = await new Promise((ready, failed) => reader.readEntries(ready, failed));
        for (const one of some) if (one.isFile && !one.name.startsWith(".")) files.push(await new Promise((ready, failed) => one.file(ready, failed)));
      } while (some.length);
    }
  }
  return files.sort((a, b) => a.name.localeCompare(b.name, "zh-CN", { numeric: true }));
}

function take(input, files) {
  const kept = new DataTransfer();
  (input.multiple ? files : files.slice(0, 1)).forEach((file) => kept.items.add(file));
  input.files = kept.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

export default function upload(document) {
  document.addEventListener("change", (event) => {
    if (event.target.matches?.("[data-upload] input[type=file]")) check(event.target);
  });
  const boxOf = (event) => event.target.closest?.("[data-upload]");
  document.addEventListener("dragover", (event) => {
    const box = boxOf(event);
    if (box) { event.preventDefault(); box.classList.add("sb-upload--over"); }
  });
  document.addEventListener("dragleave", (event) => boxOf(event)?.classList.remove("sb-upload--over"));
  document.addEventListener("drop", (event) => {
    const box = boxOf(event);
    if (!box) return;
    event.preventDefault();
    box.classList.remove("sb-upload--over");
    const input = box.querySelector("input[type=file]");
    if (!input || input.disabled || !event.dataTransfer.files.length) return;
    const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
    if (entries.some((entry) => entry.isDirectory)) {
      inFolders(entries).then((files) => take(input, files));
      return;
    }
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
  document.addEventListener("htmx:xhr:progress", (event) => {
    const bar = event.target.querySelector?.("[data-upload] progress") ?? boxOf(event)?.querySelector("progress");
    if (!bar || !event.detail.lengthComputable) return;
    bar.hidden = false;
    bar.value = Math.round((event.detail.loaded / event.detail.total) * 100);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    event.target.querySelectorAll?.("[data-upload] progress").forEach((bar) => { bar.hidden = true; });
  });
}
