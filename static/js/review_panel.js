// The panel beside a submission: keys for the state, tags found by typing, and few stops for the Tab key.
"use strict";
(() => {
  const panel = document.querySelector(".review-panel");
  const form = panel?.querySelector("form:has([name=state])");
  const last = document.querySelector("[data-last]");
  if (last) {
    // Of this tab: which submission was read before this one.
    try {
      const [before, now] = JSON.parse(sessionStorage.getItem("read") ?? "[null, null]");
      const here = location.pathname + location.search;
      const other = now && now.split("?")[0] !== location.pathname ? now : before;
      sessionStorage.setItem("read", JSON.stringify([other, here]));
      last.hidden = !other;
      if (other) last.href = other;
    } catch { /* Nothing is kept, then. */ }
  }
  if (!form) return;
  document.addEventListener("keydown", (event) => {
    if (event.altKey) return;
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter" && (form.contains(event.target) || !event.target.closest("form"))) {
      event.preventDefault();
      form.requestSubmit(form.querySelector("[data-key=s]"));
      return;
    }
    if (event.ctrlKey || event.metaKey || event.target.closest("input:not([type=radio]):not([type=checkbox]), textarea, select")) return;
    const state = form.querySelectorAll("[name=state]")[Number(event.key) - 1];
    if (!state) return;
    event.preventDefault();
    state.click();
    state.focus();
  });

  const tags = form.querySelector(".review-tags");
  if (!tags) return;
  const boxes = [...tags.querySelectorAll("input[type=checkbox]")];
  const row = (box) => box.closest("label").parentElement;
  const words = (box) => box.closest("label").textContent.trim().toLocaleLowerCase();
  const shown = () => boxes.filter((box) => !row(box).hidden);
  // One stop for all of them; the arrows go from one to the next.
  const stopAt = (box) => {
    for (const other of boxes) other.tabIndex = -1;
    if (box) box.tabIndex = 0;
  };
  const find = tags.querySelector("template").content.firstElementChild.cloneNode(true);
  tags.querySelector("template").replaceWith(find);
  find.addEventListener("input", () => {
    const typed = find.value.trim().toLocaleLowerCase();
    for (const box of boxes) row(box).hidden = !words(box).includes(typed);
    stopAt(shown()[0]);
  });
  find.addEventListener("keydown", (event) => {
    const first = shown()[0];
    if (event.key === "Enter") {
      event.preventDefault();
      if (first && find.value.trim()) {
        first.click();
        find.value = "";
        find.dispatchEvent(new Event("input"));
      }
    } else if (event.key === "ArrowDown" && first) {
      event.preventDefault();
      first.focus();
    } else if (event.key === "Escape") {
      find.blur();
    }
  });
  tags.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (!step || event.target.type !== "checkbox") return;
    event.preventDefault();
    const visible = shown();
    const next = visible[visible.indexOf(event.target) + step];
    if (next) {
      stopAt(next);
      next.focus();
    }
  });
  stopAt(boxes[0]);
})();
