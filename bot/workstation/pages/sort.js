for (const [column, button] of [...document.querySelectorAll("th button")].entries()) {
  button.onclick = () => {
    const body = document.querySelector("tbody");
    const up = button.dataset.up = button.dataset.up === "1" ? "" : "1";
    const key = (row) => row.cells[column].dataset.key ?? row.cells[column].textContent;
    const number = (text) => /^\d+$/.test(text) ? Number(text) : NaN;
    const order = (a, b) => (number(key(a)) - number(key(b))) || (key(a) < key(b) ? -1 : 1);
    const rows = [...body.rows].sort(order);
    body.replaceChildren(...(up ? rows : rows.reverse()));
    for (const other of document.querySelectorAll("th")) other.removeAttribute("aria-sort");
    button.parentElement.setAttribute("aria-sort", up ? "ascending" : "descending");
  };
}
