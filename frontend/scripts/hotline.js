// The console: what is suggested is put in the boxes nobody has touched; one press takes another suggestion over.
// "记下我的位置" asks the device where it is, and only then.
export default function hotline(document) {
  const form = () => document.querySelector("form[data-call]");
  const touched = new Set();

  function put(name, value) {
    const box = form()?.elements[name];
    if (!box) return;
    if (box.type === "checkbox") box.checked = Boolean(value);
    else box.value = value ?? "";
  }

  document.addEventListener("change", (event) => {
    if (form()?.contains(event.target)) touched.add(event.target.name);
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    const said = event.target.querySelector?.("[data-suggested]");
    if (!said || !form()) return;
    let values;
    try {
      values = JSON.parse(said.dataset.suggested);
    } catch {
      return;
    }
    Object.entries(values).forEach(([name, value]) => { if (!touched.has(name)) put(name, value); });
  });
  document.addEventListener("click", (event) => {
    const pressed = event.target.closest?.("[data-take-leaf], [data-take-main], [data-take-answer], [data-locate]");
    if (!pressed) return;
    if (pressed.dataset.takeLeaf) {
      put("leaf", pressed.dataset.takeLeaf);
      touched.add("leaf");
    } else if (pressed.dataset.takeMain) {
      put("main", pressed.dataset.takeMain);
      const press = document.createElement("button");
      Object.assign(press, { name: "do", value: "merge", hidden: true });
      form().append(press);
      press.click();
    } else if (pressed.dataset.takeAnswer) {
      put("answer", pressed.dataset.takeAnswer);
      put("article", pressed.dataset.takeArticle);
      const box = form().elements.answer;
      box.closest("details")?.setAttribute("open", "");
      box.focus();
    } else {
      locate(pressed);
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || !form()?.contains(event.target)) return;
    event.preventDefault();
    form().querySelector("[data-submit-key]")?.click();
  });

  if ("geolocation" in navigator) document.querySelectorAll("[data-locate]").forEach((button) => { button.hidden = false; });
  function locate(button) {
    const here = button.closest("form");
    const say = here.querySelector("[data-located]");
    say.textContent = "正在取位置…";
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        here.querySelector("[data-latitude]").value = coords.latitude.toFixed(5);
        here.querySelector("[data-longitude]").value = coords.longitude.toFixed(5);
        say.textContent = `已经记下位置（误差约 ${Math.round(coords.accuracy)} 米）。`;
      },
      () => { say.textContent = "没有取到位置，请写明具体地点。"; },
      { enableHighAccuracy: true, timeout: 15000 },
    );
  }
}
