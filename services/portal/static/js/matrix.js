// The matrix answers at once: what a level fixes is shown, and "all practices" fills its row. The server does the same.
"use strict";

for (const table of document.querySelectorAll("[data-matrix]")) {
  const levels = [...table.querySelectorAll("[data-level]")];
  const cells = (name) => [...table.querySelectorAll(`input[data-function="${name}"]`)];

  const showLevel = (select) => {
    const chosen = select.selectedOptions[0];
    const fixes = chosen.dataset.fixes.split(" ");
    for (const cell of table.querySelectorAll(`[data-by-level="${select.dataset.level}"]`)) {
      cell.textContent = fixes.includes(cell.dataset.function) ? cell.dataset.yes : cell.dataset.no;
    }
    const holds = chosen.value !== "none" && chosen.value !== "auditor";
    for (const box of table.querySelectorAll(`input[data-column="${select.dataset.level}"]`)) {
      box.closest("td").classList.toggle("is-off", !holds);
    }
  };

  const showAll = (name) => {
    const all = table.querySelector(`[data-all="${name}"]`);
    if (!all) return;
    const values = name === "level" ? levels.map((each) => each.value) : cells(name).map((box) => (box.checked ? "yes" : "no"));
    const same = new Set(values).size === 1 ? values[0] : "";
    all.value = [...all.options].some((option) => option.value === same) ? same : "";
  };

  table.addEventListener("change", (event) => {
    const changed = event.target;
    if (changed.dataset.all === "level" && changed.value) {
      for (const select of levels) {
        select.value = changed.value;
        showLevel(select);
      }
    } else if (changed.dataset.all && changed.value) {
      for (const box of cells(changed.dataset.all)) box.checked = changed.value === "yes";
    } else if (changed.dataset.level) {
      showLevel(changed);
      showAll("level");
    } else if (changed.dataset.function) {
      showAll(changed.dataset.function);
    }
  });

  for (const select of levels) showLevel(select);
  for (const all of table.querySelectorAll("[data-all]")) showAll(all.dataset.all);
}
