// Print buttons: [data-print].
export default function print(document) {
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("[data-print]")) window.print();
  });
}
