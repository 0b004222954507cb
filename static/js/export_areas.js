// The form that asks for an export: of the areas to choose from, those of the consultation that is chosen.
"use strict";
(() => {
  const consultation = document.querySelector("select#id_consultation");
  const areas = document.querySelector("#id_areas");
  if (!consultation || !areas) return;
  const show = () => {
    const title = consultation.selectedOptions[0]?.textContent.trim();
    for (const group of areas.children) {
      const isShown = group.querySelector("label")?.textContent.trim() === title;
      group.hidden = !isShown;
      if (!isShown) for (const box of group.querySelectorAll("input")) box.checked = false;
    }
  };
  consultation.addEventListener("change", show);
  show();
})();
