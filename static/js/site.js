// Only makes nicer what works without it: the visitor's own time and the time left, the count of words, saving while
// one types, and focus on what needs mending. Every sentence it says stands in the page, in the page's language.
"use strict";

const language = document.documentElement.lang;
const find = (selector, within = document) => within.querySelector(selector);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const fill = (sentence, values) => sentence.replace(/\{(\w*)\}/g, (_match, name) => values[name]);
const pause = (milliseconds) => new Promise((done) => { setTimeout(done, milliseconds); });

// --- Time: counted from the server's clock, whatever this machine's says -------------------------------------------

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

// --- Words: the rule of submissions/text/words.py, held to the same table of cases --------------------------------------

const SIGN = "\\u3005\\u3007\\u3041-\\u3096\\u309d-\\u309f\\u30a1-\\u30fa\\u30fc-\\u30ff\\u3400-\\u4dbf\\u4e00-\\u9fff\\uf900-\\ufaff\\u{20000}-\\u{3ffff}";
const UNSPACED = "\\u0e00-\\u0eff\\u1000-\\u109f\\u1780-\\u17ff";
const LETTER = `(?![${SIGN}${UNSPACED}])[\\p{L}\\p{N}]`;
const COUNTED = new RegExp(
  `([${SIGN}])|([${UNSPACED}]+)|${LETTER}(?:[\\p{Mn}\\p{Mc}\\u200c\\u200d]|${LETTER}|['’\\u02bc\\u2010\\u2011-](?=${LETTER}))*`, "gu",
);

function countWords(text) {
  let count = 0;
  for (const [, , unspaced] of text.matchAll(COUNTED)) count += unspaced ? Math.ceil([...unspaced].length / 5) : 1;
  return count;
}

for (const line of all(".count[data-limit]")) {
  const fields = all("[data-counted]", line.closest("form"));
  const most = Number(line.dataset.limit);
  const show = () => {
    const n = fields.reduce((sum, field) => sum + countWords(field.value), 0);
    line.textContent = fill(n > most ? line.dataset.over : line.dataset.within, {n, most, over: n - most});
    line.classList.toggle("over-long", n > most);
  };
  for (const field of fields) field.addEventListener("input", show);
  show();
}

// --- Kept in this browser, if the visitor says so: what is typed while the connection is away ----------------------

const kept = {
  isOn: () => localStorage.getItem("keep") === "on",
  turn: (on) => { if (on) localStorage.setItem("keep", "on"); else kept.forget(""); },
  // Of one consultation, whose address may be the beginning of another's; of all, without one.
  names: (slug) => Object.keys(localStorage).filter(
    (name) => (slug ? name.startsWith(`kept:${slug}-`) && /^\d+(@\w+)?$/.test(name.slice(slug.length + 6)) : name.startsWith("kept:")),
  ),
  forget: (slug) => {
    for (const name of kept.names(slug)) localStorage.removeItem(name);
    localStorage.removeItem("keep");
  },
};

// That something was sent just now, from the page before this one.
const [sending, sentAt] = (sessionStorage.getItem("sending") || "").split(" ");
const isJustSent = Date.now() - Number(sentAt) < 30_000;
sessionStorage.removeItem("sending");

for (const form of all("form[data-forget]")) {
  form.addEventListener("submit", () => { if (navigator.onLine) kept.forget(form.dataset.forget); });
}
for (const form of all("form[data-sends]")) {
  form.addEventListener("submit", () => sessionStorage.setItem("sending", `${form.dataset.sends} ${Date.now()}`));
}
// After a sending, and not whenever the receipt is looked at: by then something new may be kept.
for (const place of all("[data-forget-now]")) if (isJustSent && sending === place.dataset.forgetNow) kept.forget(sending);
for (const note of all("[data-kept-note]")) {
  const numbers = kept.names(note.dataset.keptNote).map((name) => name.split("-").pop()).filter((number) => !number.includes("@"));
  if (numbers.length) { note.append(` ${numbers.join(", ")}`); note.hidden = false; }
}

// --- Saving while one types ----------------------------------------------------------------------------------------

function autosave(form) {
  const says = form.dataset, name = `kept:${says.autosave}`, status = find(".saved", form), keep = find("[data-keep]", form);
  const version = form.elements.version, draft = form.elements.draft;
  let isDirty = false, isStopped = false, isAway = false, isLeaving = false, saving = null, timer = 0;

  const typed = () => Object.fromEntries([...new FormData(form)].filter(([field]) => field !== "csrfmiddlewaretoken"));
  const tell = (sentence, isBad = false) => {
    if (status.textContent !== sentence) status.textContent = sentence;
    status.classList.toggle("bad", isBad);
  };
  const keepIt = () => { if (keep.checked) localStorage.setItem(name, JSON.stringify(typed())); };
  const later = (milliseconds) => { clearTimeout(timer); timer = setTimeout(save, milliseconds); };

  async function post(leaving) {
    const before = JSON.stringify(typed());
    const response = await fetch(form.action, {
      method: "POST", body: new FormData(form), headers: {Accept: "application/json"}, signal: leaving.signal,
    });
    const said = (response.headers.get("Content-Type") || "").includes("json") ? await response.json() : null;
    if (!said && response.status >= 500) throw new Error(response.status);
    isAway = false;
    if (!said) {
      // A page instead of an answer, such as one that asks anew: only a button can show it.
      isStopped = true;
      tell(says.odd, true);
      return;
    }
    if (response.ok) {
      // The version that was saved is the one from which the next save goes on.
      const now = typed();
      version.value = said.version;
      draft.value = said.draft;
      isDirty = JSON.stringify(now) !== before;
      if (isDirty) keepIt();
      else localStorage.removeItem(name);
      tell(fill(says.saved, {"": said.saved_at}));
    } else {
      isStopped = true;
      if (said.is_open === false) { isDirty = false; localStorage.removeItem(name); }
      tell(said.is_stale ? says.stale : said.error ? says.long : says.late, true);
    }
  }

  async function save() {
    if (saving || !isDirty || isStopped || isLeaving) return;
    const leaving = new AbortController();
    const limit = setTimeout(() => leaving.abort(), 20_000);
    saving = post(leaving).catch(() => {
      isAway = true;
      tell(keep.checked ? says.kept : says.away, true);
    });
    saving.leave = () => leaving.abort();
    await saving;
    clearTimeout(limit);
    saving = null;
    if (isDirty && !isStopped) later(isAway ? 8_000 : 3_000);
  }

  form.addEventListener("input", (event) => {
    if (event.target === keep) return;
    isDirty = true;
    // Typing on after the Stop button, or after coming back.
    isLeaving = false;
    keepIt();
    // A text that was too long to be saved may be short enough now; after a colleague's save only a button goes on.
    if (status.textContent === says.long) isStopped = false;
    if (!isAway && !saving) { clearTimeout(timer); timer = setTimeout(save, 3_000); }
  });
  addEventListener("pageshow", (event) => { if (event.persisted) isLeaving = false; });
  addEventListener("online", () => { if (isAway) save(); });
  addEventListener("beforeunload", (event) => { if (isDirty && !isLeaving) event.preventDefault(); });

  // A button waits for a save that is on its way, so that it goes on from that version; and if the server cannot be
  // reached, one stays on the page with the text instead of losing both. What is kept in the browser is saved first, so
  // that it is forgotten when the server says that it has it, and never before.
  form.addEventListener("submit", async (event) => {
    const isKept = isDirty && keep.checked && !isStopped;
    if (isLeaving || (!saving && !isAway && !isKept && navigator.onLine)) { isLeaving = true; return; }
    event.preventDefault();
    if (saving) await Promise.race([saving, pause(4_000)]);
    saving?.leave?.();
    await saving;
    isDirty = true;
    if (!isStopped) await save();
    if (isAway) return;
    isLeaving = true;
    form.requestSubmit(event.submitter);
  });

  keep.closest("[hidden]").hidden = false;
  keep.checked = kept.isOn();
  keep.addEventListener("change", () => { kept.turn(keep.checked); if (isDirty) keepIt(); });
  // Of another draft that was open in this browser: put aside for when that one is open again.
  const aside = `${name}@${draft.value}`;
  const other = JSON.parse(localStorage.getItem(name) || "null");
  if (other?.draft && other.draft !== draft.value) {
    localStorage.setItem(`${name}@${other.draft}`, JSON.stringify(other));
    localStorage.removeItem(name);
  }
  if (draft.value && localStorage.getItem(aside)) {
    localStorage.setItem(name, localStorage.getItem(aside));
    localStorage.removeItem(aside);
  }
  const before = JSON.parse(localStorage.getItem(name) || "null");
  if (!before) return;
  // Neither the page's own fields nor how many rows it has: those are this page's.
  const texts = Object.entries(before).filter(([field]) => field !== "draft" && !/^row-[A-Z_]+_FORMS$/.test(field));
  const isSame = texts.every(([field, value]) => field === "version" || (form.elements[field]?.value ?? "") === value);
  if ("unsaved" in says) {
    // What was refused stands on this page, and the version from which a save goes on.
    keepIt();
  } else if (isSame) {
    localStorage.removeItem(name);
  } else if (texts.every(([field, value]) => form.elements[field] || !value)) {
    for (const [field, value] of texts) if (form.elements[field]) form.elements[field].value = value;
    form.dispatchEvent(new Event("input"));
    for (const field of all("[data-counted]", form)) field.dispatchEvent(new Event("input"));
    tell(says.found);
  }
}

for (const form of all("form[data-autosave]")) autosave(form);

// Elsewhere leaving with something unsaved asks first. The buttons save, so they do not ask.
for (const form of all("form[data-guard]:not([data-autosave])")) {
  let isDirty = false;
  form.addEventListener("input", () => { isDirty = true; });
  form.addEventListener("submit", () => { isDirty = false; });
  addEventListener("beforeunload", (event) => { if (isDirty) event.preventDefault(); });
}

// Without a connection a form that is sent would leave the visitor with the browser's error page.
for (const form of all("form[method=post]:not([data-autosave])")) {
  form.addEventListener("submit", (event) => {
    const note = find("[data-offline]");
    note.hidden = navigator.onLine;
    if (!navigator.onLine) { event.preventDefault(); form.append(note); note.focus(); }
  });
}

// --- The private link ----------------------------------------------------------------------------------------------

// The key stands in the fragment, which no server sees; it goes into the form, and nothing happens until the button.
const link = find("[data-from-address]");
if (link && location.hash.length > 30) {
  link.value = location.href;
  history.replaceState(null, "", location.pathname);
  find("button", link.form).focus();
}
for (const button of all("[data-copy]")) {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(find(".private").textContent);
    button.textContent = button.dataset.copy;
  });
}

find("[data-focus]")?.focus();
