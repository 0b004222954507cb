// Saving while one types, over nobody else's text; and no word lost while the connection is away.

function autosave(form) {
  const says = form.dataset, name = `kept:${says.autosave}`, status = find(".saved", form), keep = find("[data-keep]", form);
  const version = form.elements.version, draft = form.elements.draft;
  let isDirty = false, isStopped = false, isAway = false, isLeaving = false, saving = null, timer = 0, seconds = 8;

  const typed = () => Object.fromEntries([...new FormData(form)].filter(([field]) => field !== "csrfmiddlewaretoken"));
  const tell = (sentence, isBad = false) => {
    if (status.textContent !== sentence) status.textContent = sentence;
    status.classList.toggle("bad", isBad);
  };
  // The note of the last save stands while one types on; dots after it say that there is more to save.
  const setDirty = (is) => { isDirty = is; status.classList.toggle("pending", is && Boolean(status.textContent.trim())); };
  const tellSaved = (at) => tell(fill(says.saved, {"": timeOfDay(at)}));
  // Whether it is kept, or need not be.
  let isKept = true;
  const keepIt = () => { isKept = !keep.checked || storage.set(name, JSON.stringify(typed())); };
  const later = (milliseconds) => { clearTimeout(timer); timer = setTimeout(save, milliseconds); };

  async function post(leaving) {
    const before = JSON.stringify(typed());
    const response = await fetch(form.action, {
      method: "POST", body: new FormData(form), headers: {Accept: "application/json"}, signal: leaving.signal,
    });
    const answer = (response.headers.get("Content-Type") || "").includes("json") ? await response.json() : null;
    if (!answer && response.status >= 500) throw new Error(response.status);
    if (answer?.busy) throw Object.assign(new Error("busy"), answer);
    isAway = false;
    if (!answer) {
      // A page instead of an answer, such as one that asks anew: only a button can show it.
      isStopped = true;
      tell(says.odd, true);
      return;
    }
    if (response.ok) {
      // The version that was saved is the one from which the next save goes on.
      const now = typed();
      version.value = answer.version;
      draft.value = answer.draft;
      setDirty(JSON.stringify(now) !== before);
      if (isDirty) keepIt();
      else storage.remove(name);
      tellSaved(answer.saved_at);
      for (const place of all("[data-written]")) place.textContent = answer.written;
    } else {
      isStopped = true;
      if (answer.is_open === false) { setDirty(false); storage.remove(name); }
      tell(answer.other || (answer.is_conflict ? says.conflict : answer.error ? says.long : says.late), true);
    }
  }

  async function save() {
    if (saving || !isDirty || isStopped || isLeaving) return;
    const leaving = new AbortController();
    const limit = setTimeout(() => leaving.abort(), 20_000);
    saving = post(leaving).catch((error) => {
      isAway = true;
      seconds = error.wait || 8;
      tell(error.busy || (!keep.checked ? says.away : isKept ? says.kept : says.full), true);
    });
    saving.leave = () => leaving.abort();
    await saving;
    clearTimeout(limit);
    saving = null;
    if (isDirty && !isStopped) later((isAway ? seconds : 3) * 1_000);
  }

  form.addEventListener("input", (event) => {
    if (event.target === keep) return;
    setDirty(true);
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
    if (event.submitter?.name === "stay" && !isStopped) {
      event.preventDefault();
      await saving;
      setDirty(true);
      isLeaving = false;
      await save();
      return;
    }
    const isToBeSaved = isDirty && keep.checked && !isStopped;
    if (isLeaving || (!saving && !isAway && !isToBeSaved && navigator.onLine)) { isLeaving = true; return; }
    event.preventDefault();
    if (saving) await Promise.race([saving, pause(4_000)]);
    saving?.leave?.();
    await saving;
    setDirty(true);
    if (!isStopped) await save();
    if (isAway) return;
    isLeaving = true;
    form.requestSubmit(event.submitter);
  });

  if (status.dataset.at) tellSaved(status.dataset.at);
  keep.closest("[hidden]").hidden = false;
  keep.checked = kept.isOn();
  keep.addEventListener("change", () => { kept.turn(keep.checked); if (isDirty) keepIt(); });
  // Of another draft that was open in this browser: put aside for when that one is open again.
  const aside = `${name}@${draft.value}`;
  const other = JSON.parse(storage.get(name) || "null");
  if (other?.draft && other.draft !== draft.value) {
    if (storage.set(`${name}@${other.draft}`, JSON.stringify(other))) storage.remove(name);
  }
  if (draft.value && storage.get(aside)) {
    if (storage.set(name, storage.get(aside))) storage.remove(aside);
  }
  const before = JSON.parse(storage.get(name) || "null");
  if (!before) return;
  // Neither the page's own fields nor how many rows it has: those are this page's.
  const texts = Object.entries(before).filter(([field]) => field !== "draft" && !/^row-[A-Z_]+_FORMS$/.test(field));
  const isSame = texts.every(([field, value]) => field === "version" || (form.elements[field]?.value ?? "") === value);
  if ("unsaved" in says) {
    // What was refused stands on this page, and the version from which a save goes on.
    keepIt();
  } else if (isSame) {
    storage.remove(name);
  } else if (texts.every(([field, value]) => form.elements[field] || !value)) {
    for (const [field, value] of texts) if (form.elements[field]) form.elements[field].value = value;
    form.dispatchEvent(new Event("input"));
    for (const field of all("[data-counted]", form)) field.dispatchEvent(new Event("input"));
    tell(says.found);
  }
}

for (const form of all("form[data-autosave]")) autosave(form);
