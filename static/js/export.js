// An export's page: asks once a second how far it is, and is drawn anew when that is over.
"use strict";
(() => {
  const place = document.querySelector("[data-progress]");
  if (!place || !place.dataset.progress) return;
  const bar = place.querySelector("progress");
  const label = place.querySelector("[data-label]");
  const sentence = place.querySelector("[data-sentence]");
  const say = (node, text) => {
    if (node.textContent !== text) node.textContent = text;
  };
  const look = async () => {
    try {
      const answer = await fetch(place.dataset.progress, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(answer.status);
      const told = await answer.json();
      if (!told.is_under_way) {
        location.reload();
        return;
      }
      if (told.rows_total !== null) {
        bar.max = told.rows_total || 1;
        bar.value = told.rows_done;
      } else {
        bar.removeAttribute("value");
      }
      say(label, told.label);
      say(sentence, told.sentence);
    } catch {
      // Away for a moment: the next look finds it.
    }
    setTimeout(look, 1000);
  };
  setTimeout(look, 1000);
})();
