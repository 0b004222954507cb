// Only makes nicer what works without it: the visitor's own time beside the deadline, and focus on what needs mending.
"use strict";

for (const time of document.querySelectorAll("time[data-local]")) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || "";
  // "en" alone would mean American dates beside the page's own.
  const language = document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang;
  const shown = new Date(time.dateTime).toLocaleString(language, {
    day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
  });
  const place = zone.split("/").pop().replaceAll("_", " ");
  time.textContent = place ? `${shown} (${place})` : shown;
  time.closest("[hidden]").hidden = false;
}

document.querySelector("[data-focus]")?.focus();

// Leaving a page with unsaved text asks first. The buttons save, so they do not ask.
for (const form of document.querySelectorAll("form[data-guard]")) {
  let isDirty = false;
  form.addEventListener("input", () => { isDirty = true; });
  form.addEventListener("submit", () => { isDirty = false; });
  addEventListener("beforeunload", (event) => { if (isDirty) event.preventDefault(); });
}
