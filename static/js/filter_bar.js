// The filters above a list: one that is chosen is in force at once, and what has many values is found by typing.
"use strict";
(() => {
  const form = document.querySelector("[data-filter-bar]");
  if (!form) return;
  const send = () => {
    for (const field of form.elements) if (field.name && !field.value) field.disabled = true;
    form.submit();
  };
  for (const select of form.querySelectorAll("select")) select.addEventListener("change", send);
  for (const select of form.querySelectorAll("[data-searchable]")) {
    const options = [...select.options].filter((option) => option.value);
    const list = document.createElement("datalist");
    list.id = `${select.id}-values`;
    list.append(...options.map((option) => new Option("", option.textContent)));
    const box = document.createElement("input");
    box.type = "search";
    box.setAttribute("list", list.id);
    box.placeholder = select.options[0].value ? "" : select.options[0].textContent;
    box.value = select.value ? select.selectedOptions[0].textContent : "";
    box.addEventListener("change", () => {
      const typed = box.value.trim().toLocaleLowerCase();
      const found =
        options.find((option) => option.textContent.trim().toLocaleLowerCase() === typed) ??
        options.find((option) => typed && option.textContent.toLocaleLowerCase().includes(typed));
      select.value = found?.value ?? "";
      send();
    });
    box.id = select.id;
    select.id += "-code";
    select.hidden = true;
    select.after(box, list);
  }
  form.addEventListener("submit", () => {
    for (const field of form.elements) if (field.name && !field.value) field.disabled = true;
  });
  document.addEventListener("keydown", (event) => {
    const bar = form.closest("details");
    if (event.key !== "Escape" || !bar.open) return;
    bar.open = false;
    bar.querySelector("summary").focus();
  });
})();
