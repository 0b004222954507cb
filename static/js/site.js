// Only makes nicer what works without it: the visitor's own time beside the deadline, and focus on what needs mending.
"use strict";

for (const time of document.querySelectorAll("time[data-local]")) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || "";
  const language = document.documentElement.lang;
  const shown = new Date(time.dateTime).toLocaleString(language, {
    day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit", hour12: false,
  });
  const place = zone.split("/").pop().replaceAll("_", " ");
  time.textContent = place ? `${shown} (${place})` : shown;
  time.closest("[hidden]").hidden = false;
}

document.querySelector("[data-focus]")?.focus();
