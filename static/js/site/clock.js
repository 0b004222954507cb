// The visitor's own time and the time left, counted from the server's clock, whatever this machine's says.

// While a laptop sleeps one of the two stands still, and when somebody sets its clock the other jumps back.
const loadedAt = Date.now();
const sinceLoaded = () => Math.max(performance.now(), Date.now() - loadedAt);

for (const time of all("time[data-local]")) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || "";
  // "en" alone would mean American dates beside the page's own.
  const shown = new Date(time.dateTime).toLocaleString(language === "en" ? "en-GB" : language, {
    day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
  });
  const place = zone.split("/").pop().replaceAll("_", " ");
  time.textContent = place ? `${shown} (${place})` : shown;
  time.closest("[hidden]").hidden = false;
}

function inUnits(minutes) {
  const say = (n, unit) => new Intl.NumberFormat(language, {style: "unit", unit, unitDisplay: "long"}).format(n);
  if (minutes >= 2880) return say(Math.floor(minutes / 1440), "day");
  const hours = Math.floor(minutes / 60);
  return hours ? `${say(hours, "hour")}, ${say(minutes % 60, "minute")}` : say(minutes, "minute");
}

function tick() {
  const card = find("[data-closes]");
  if (!card) return;
  const now = Date.parse(card.dataset.now) + sinceLoaded();
  const minutes = Math.floor((Date.parse(card.dataset.closes) - now) / 60_000);
  if (minutes > 0) card.textContent = fill(card.dataset.left, {"": inUnits(minutes)});
  else if (Date.parse(card.dataset.closes) <= now) card.textContent = card.dataset.over;
  for (const clock of all("[data-clock]")) clock.textContent = new Date(now).toISOString().slice(11, 16);
}
// Not at once: until a minute has passed, what the server wrote is true.
setInterval(tick, 15_000);
