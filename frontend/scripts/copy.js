// Copies data-copy to the clipboard and says so.
import { say } from "./say.js";

export default function copy(document) {
  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.("[data-copy]");
    if (!button) return;
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
      say("已复制", "success");
    } catch {
      say("浏览器不允许复制，请长按或用鼠标选中后复制", "warning");
    }
  });
}
