// Entry of the page script: every page works without it; this makes it quicker and kinder.
import htmx from "htmx.org";
import Alpine from "@alpinejs/csp";
import autosave from "./autosave.js";
import camera from "./camera.js";
import confirmLeave from "./confirm-leave.js";
import copy from "./copy.js";
import errors from "./errors.js";
import field from "./field.js";
import findings from "./findings.js";
import fold from "./fold.js";
import hotline from "./hotline.js";
import keyboard from "./keyboard.js";
import kiosk from "./kiosk.js";
import network from "./network.js";
import pick from "./pick.js";
import print from "./print.js";
import submitOnce from "./submit-once.js";
import suggest from "./suggest.js";
import tv from "./tv.js";
import visit from "./visit.js";
import upload from "./upload.js";

window.htmx = htmx;
window.Alpine = Alpine;
document.documentElement.classList.add("js");

// Behaviours bound once to the document, by delegation.
for (const start of [camera, confirmLeave, copy, field, findings, fold, hotline, suggest, keyboard, kiosk, network, pick, print, submitOnce, tv, upload, visit]) start(document);

// Behaviours bound to each element, also to those htmx brings later.
function enhance(root) {
  autosave(root);
  errors(root);
}
htmx.onLoad((root) => enhance(root === document.body ? document : root));
Alpine.start();
