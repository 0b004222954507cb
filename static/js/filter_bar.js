// The filters above a list: what has many values is found by typing, and what says nothing is not sent.
"use strict";
(() => {
  const form = document.querySelector("[data-filter-bar]");
  if (!form) return;
  const fields = () => [...form.elements].filter((field) => field.name);
  form.addEventListener("submit", () => fields().forEach((field) => { field.disabled = !field.value; }));
  // Whoever comes back finds them as they were.
  addEventListener("pageshow", () => fields().forEach((field) => { field.disabled = false; }));
  for (const select of form.querySelectorAll("[data-searchable]")) {
    const options = [...select.options].filter((option) => option.value);
    const words = (option) => option.textContent.trim().toLocaleLowerCase();
    const list = document.createElement("datalist");
    list.id = `${select.id}-values`;
    list.append(...options.map((option) => new Option("", option.textContent)));
    const box = document.createElement("input");
    box.type = "search";
    box.setAttribute("list", list.id);
    const show = () => { box.value = select.value ? select.selectedOptions[0].textContent : ""; };
    box.placeholder = select.options[0].value ? "" : select.options[0].textContent;
    show();
    box.addEventListener("change", () => {
      const typed = box.value.trim().toLocaleLowerCase();
      const found = options.find((option) => words(option) === typed) ?? options.find((option) => typed && words(option).includes(typed));
      // What is none of them changes nothing.
      if (found || !typed) select.value = found?.value ?? "";
      show();
    });
    box.id = select.id;
    select.id += "-code";
    select.hidden = true;
    select.after(box, list);
  }
  document.addEventListener("keydown", (event) => {
    const bar = form.closest("details");
    if (event.key !== "Escape" || !bar.open) return;
    bar.open = false;
    bar.querySelector("summary").focus();
  });
})();
