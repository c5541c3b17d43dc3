// Says in words when htmx could not reach the server or was refused, so that no press stays unanswered.
import { say } from "./say.js";

const SENTENCES = {
  401: "登录已过期，请重新登录后再试。",
  403: "您没有权限做这一步，或页面打开太久。请刷新页面后再试。",
  404: "没有找到这项内容，可能已被移走。请刷新页面。",
  413: "文件太大，没有上传。请压缩或分开上传。",
  429: "操作太快，请稍等一分钟再试。",
};

export default function network(document) {
  document.addEventListener("htmx:sendError", () => say("网络不通，刚才的操作没有送达。请检查网络后再试。", "error"));
  document.addEventListener("htmx:responseError", (event) => {
    const status = event.detail.xhr.status;
    if (status === 422) return;
    say(SENTENCES[status] ?? "系统出了点问题，刚才的操作没有完成。请稍后再试，或拨打 12345。", "error");
  });
  document.addEventListener("siban:toast", (event) => say(event.detail.text ?? event.detail.value, event.detail.tone ?? "info"));
}
