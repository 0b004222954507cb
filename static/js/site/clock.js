// The visitor's own time and the time left, counted from the server's clock, whatever this machine's says.

// "en" alone would mean American dates beside the page's own, and "ar" other digits than the page's in some browsers.
const locale = language === "en" ? "en-GB" : `${language}-u-nu-latn`;
// While a laptop sleeps one of the two stands still, and when somebody sets its clock the other jumps back.
const loadedAt = Date.now();
const sinceLoaded = () => Math.max(performance.now(), Date.now() - loadedAt);

// “14:03”, of the visitor's day.
const timeOfDay = (at) =>
  new Intl.DateTimeFormat(locale, {hour: "2-digit", minute: "2-digit", hourCycle: "h23"}).format(new Date(at));

for (const time of all("time[data-local]")) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || "";
  // A midnight is the end of its day, as in the lines above it.
  const moment = new Date(time.dateTime), isMidnight = !moment.getHours() && !moment.getMinutes();
  const day = new Date(moment - (isMidnight ? 1 : 0));
  const parts = new Intl.DateTimeFormat(locale, {
    day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
  }).formatToParts(day);
  // The page's own names of the months, where the United Nations write others than the browser.
  const months = time.dataset.months?.split("|");
  const instead = {month: months?.[day.getMonth()], hour: isMidnight && "24", minute: isMidnight && "00"};
  const shown = parts.map(({type, value}) => instead[type] || value).join("");
  const place = zone.split("/").pop().replaceAll("_", " ");
  time.textContent = place ? `${shown} (${place})` : shown;
  time.closest("[hidden]").hidden = false;
}

function inUnits(minutes) {
  const say = (n, unit) => new Intl.NumberFormat(locale, {style: "unit", unit, unitDisplay: "long"}).format(n);
  if (minutes >= 2880) return say(Math.floor(minutes / 1440), "day");
  const hours = Math.floor(minutes / 60);
  if (!hours) return say(minutes, "minute");
  return new Intl.ListFormat(locale, {type: "unit"}).format([say(hours, "hour"), say(minutes % 60, "minute")]);
}

function tick() {
  const card = find("[data-closes]");
  if (!card) return;
  const now = find("[data-now]").dataset.now * 1_000 + sinceLoaded();
  const minutes = Math.floor((Date.parse(card.dataset.closes) - now) / 60_000);
  if (minutes > 0) card.textContent = fill(card.dataset.left, {"": inUnits(minutes)});
  else if (Date.parse(card.dataset.closes) <= now) card.textContent = card.dataset.over;
  for (const clock of all("[data-clock]")) clock.textContent = new Date(now).toISOString().slice(11, 16);
}
// Not at once: until a minute has passed, what the server wrote is true.
setInterval(tick, 15_000);
