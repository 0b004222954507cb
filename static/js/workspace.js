// The workspace by keyboard: one key goes where the link goes that names it, or from text to text. Not while somebody types.
// And a passage that is selected in a text is put into the form that marks it.
"use strict";
(() => {
  const typing = "input:not([type=radio]):not([type=checkbox]), textarea, select";
  const step = (by) => {
    const cards = [...document.querySelectorAll("[data-card]")];
    const next = cards[cards.indexOf(document.activeElement?.closest("[data-card]")) + by];
    if (!next) return false;
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: "start" });
    return true;
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.target.closest(typing)) return;
    const link = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (link && !link.hidden) {
      event.preventDefault();
      if (link.matches(typing)) link.focus();
      else link.click();
    } else if ((event.key === "j" && step(1)) || (event.key === "k" && step(-1))) {
      event.preventDefault();
    }
  });

  // As long as somebody looks at a submission, their colleagues are told.
  const present = document.querySelector("[data-present]");
  const token = document.querySelector("[name=csrfmiddlewaretoken]");
  if (present && token) {
    setInterval(async () => {
      if (document.visibilityState !== "visible") return;
      const body = new URLSearchParams({ csrfmiddlewaretoken: token.value });
      try {
        const answer = await fetch(present.dataset.present, { method: "POST", body, headers: { "X-By-Itself": "1" } });
        if (answer.ok) present.textContent = (await answer.json()).sentence;
      } catch { /* Told the next time. */ }
    }, 45_000);
  }

  // The panel is drawn anew with the texts, when something was done with a passage.
  document.addEventListener("selectionchange", () => {
    const panel = document.querySelector("[data-passage]");
    const selection = document.getSelection();
    const chosen = selection && selection.toString();
    if (!panel || !chosen || !chosen.trim() || selection.rangeCount === 0) return;
    const node = selection.getRangeAt(0).commonAncestorContainer;
    const place = (node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement).closest("[data-place]");
    if (!place) return;
    const form = panel.querySelector("form");
    form.elements.passage.value = chosen;
    form.elements.theme.value = place.dataset.place;
    if (panel.dataset.actions) form.action = panel.dataset.actions.replace("/0/", `/${place.dataset.submission}/`);
    panel.hidden = false;
    panel.classList.add("is-chosen");
  });
})();
