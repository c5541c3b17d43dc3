// 拍照: the camera of this computer takes the pages of a paper; they go into the file field as if picked.
// Without a camera, or where it is not allowed, the field picks files (on a phone: its own camera) as ever.
const WIDEST = 2000; // pixels: enough to read the small print of an A4 page

export default function camera(document) {
  let field = null;
  let stream = null;
  let pages = [];
  const box = () => document.querySelector("[data-camera-dialog]");
  const part = (name) => box().querySelector(`[data-camera-${name}]`);

  function stop() {
    stream?.getTracks().forEach((track) => track.stop());
    stream = null;
    const view = box() && part("view");
    if (view) view.srcObject = null;
  }

  function shown() {
    const list = part("pages");
    list.replaceChildren();
    pages.forEach((canvas, at) => {
      const line = document.createElement("li");
      const picture = Object.assign(document.createElement("img"), { src: canvas.toDataURL("image/jpeg", 0.5), alt: `第 ${at + 1} 张` });
      const turn = Object.assign(document.createElement("button"), { type: "button", className: "sb-link-button", textContent: `旋转第 ${at + 1} 张` });
      turn.addEventListener("click", () => { pages[at] = turned(pages[at]); shown(); });
      const again = Object.assign(document.createElement("button"), { type: "button", className: "sb-link-button", textContent: `去掉第 ${at + 1} 张，重拍` });
      again.addEventListener("click", () => { pages.splice(at, 1); shown(); part("shoot").focus(); });
      line.append(picture, turn, again);
      list.append(line);
    });
    part("says").textContent = pages.length ? `已经拍了 ${pages.length} 张。` : "把材料放平，四边都在框里。几张合成一份。";
  }

  function turned(canvas) {
    const next = Object.assign(document.createElement("canvas"), { width: canvas.height, height: canvas.width });
    const pen = next.getContext("2d");
    pen.translate(next.width, 0);
    pen.rotate(Math.PI / 2);
    pen.drawImage(canvas, 0, 0);
    return next;
  }

  function shoot() {
    const view = part("view");
    if (!view.videoWidth) return;
    const scale = Math.min(1, WIDEST / Math.max(view.videoWidth, view.videoHeight));
    const canvas = Object.assign(document.createElement("canvas"), { width: Math.round(view.videoWidth * scale), height: Math.round(view.videoHeight * scale) });
    canvas.getContext("2d").drawImage(view, 0, 0, canvas.width, canvas.height);
    pages.push(canvas);
    shown();
  }

  async function done() {
    const kept = new DataTransfer();
    for (const [at, canvas] of pages.entries()) {
      const blob = await new Promise((ready) => canvas.toBlob(ready, "image/jpeg", 0.85));
      kept.items.add(new File([blob], `第${at + 1}页.jpg`, { type: "image/jpeg" }));
    }
    if (kept.files.length) {
      field.files = kept.files;
      field.dispatchEvent(new Event("change", { bubbles: true }));
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    close();
  }

  function close() {
    stop();
    pages = [];
    box().close();
    field?.focus();
  }

  async function open(input) {
    field = input;
    pages = [];
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: false, video: { facingMode: "environment", width: { ideal: 1920 } } });
    } catch {
      input.dataset.cameraRefused = "yes";
      const line = input.closest("[data-upload]")?.querySelector("[data-upload-status]");
      if (line) line.textContent = "没有可用的摄像头，或者浏览器没有允许使用。再按一次“拍照”，从文件里选照片。";
      return;
    }
    shown();
    box().showModal();
    const view = part("view");
    view.srcObject = stream;
    await view.play();
    part("shoot").focus();
  }

  document.addEventListener("click", (event) => {
    const input = event.target.closest?.("input[data-camera]");
    if (!input || !box()?.showModal || input.dataset.cameraRefused || input.dataset.cameraPick || !navigator.mediaDevices?.getUserMedia) return;
    event.preventDefault();
    open(input);
  });
  document.addEventListener("click", (event) => {
    const pressed = event.target.closest?.("[data-camera-shoot], [data-camera-done], [data-camera-pick], [data-camera-close]");
    if (!pressed) return;
    if (pressed.matches("[data-camera-shoot]")) shoot();
    else if (pressed.matches("[data-camera-done]")) done();
    else if (pressed.matches("[data-camera-close]")) close();
    else {
      const input = field;
      close();
      input.dataset.cameraPick = "yes";
      input.click();
      delete input.dataset.cameraPick;
    }
  });
  document.addEventListener("cancel", (event) => {
    if (event.target.matches?.("[data-camera-dialog]")) { event.preventDefault(); close(); }
  }, true);
  window.addEventListener("pagehide", () => { if (box()) stop(); });
}
