// The tables of areas and questions on a consultation's page: rows are moved by buttons, by drag, or by typing a place.
"use strict";
(() => {
  const fieldOf = (row) => row.querySelector("input.order");
  const rowsOf = (body) => [...body.querySelectorAll("tr.form-row:not(.empty-form)")].filter(fieldOf);
  const number = (body) => {
    rowsOf(body).forEach((row, place, all) => {
      fieldOf(row).value = place + 1;
      const [up, down] = row.querySelectorAll(".order-move");
      if (up) [up.disabled, down.disabled] = [place === 0, place === all.length - 1];
    });
  };
  const move = (row, place) => {
    const body = row.parentNode;
    const others = rowsOf(body).filter((other) => other !== row);
    const next = others[Math.max(0, place)];
    if (next) next.before(row);
    else if (others.length) others.at(-1).after(row);
    number(body);
  };
  const placeOf = (row) => rowsOf(row.parentNode).indexOf(row);
  const button = (row, words, sign, by) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "order-move";
    made.textContent = sign;
    made.title = words;
    made.setAttribute("aria-label", words);
    made.addEventListener("click", () => {
      move(row, placeOf(row) + by);
      // At the end of its way the button is disabled, and the other one takes the focus.
      (made.disabled ? row.querySelector(".order-move:not(:disabled)") : made)?.focus();
    });
    return made;
  };
  let dragged = null;
  const equip = (row) => {
    const field = fieldOf(row);
    if (!field || row.querySelector(".order-move")) return;
    const handle = document.createElement("span");
    handle.className = "order-handle";
    handle.title = field.dataset.drag;
    handle.textContent = "⠿";
    handle.setAttribute("aria-hidden", "true");
    handle.draggable = true;
    handle.addEventListener("dragstart", (event) => {
      dragged = row;
      row.classList.add("order-dragged");
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setDragImage(row, 0, 0);
    });
    handle.addEventListener("dragend", () => {
      row.classList.remove("order-dragged");
      dragged = null;
    });
    row.addEventListener("dragover", (event) => {
      if (!dragged || dragged === row || dragged.parentNode !== row.parentNode) return;
      event.preventDefault();
      const box = row.getBoundingClientRect();
      if (event.clientY < box.top + box.height / 2) row.before(dragged);
      else row.after(dragged);
      number(row.parentNode);
    });
    row.addEventListener("drop", (event) => event.preventDefault());
    field.before(handle);
    field.after(
      button(row, field.dataset.up, "↑", -1),
      button(row, field.dataset.down, "↓", 1),
    );
    field.addEventListener("change", () => {
      const place = Number.parseInt(field.value, 10);
      move(row, Number.isNaN(place) ? rowsOf(row.parentNode).length : place - 1);
    });
  };
  const bodies = new Set([...document.querySelectorAll("input.order")].map((field) => field.closest("tbody")));
  for (const body of bodies) {
    rowsOf(body).forEach(equip);
    number(body);
  }
  document.addEventListener("formset:added", (event) => {
    const row = event.target.closest("tr.form-row");
    if (!row || !fieldOf(row)) return;
    equip(row);
    number(row.parentNode);
  });
})();
