// What is typed into a form of the workspace survives another click: leaving asks first, what was typed before somebody was
// signed out is there again afterwards, and a form marked data-background is sent without leaving the page.
"use strict";
(() => {
  // This tab's, gone with it. A browser may refuse it: then nothing is kept, and all goes on.
  const storage = {
    get: (name) => { try { return JSON.parse(sessionStorage.getItem(name)); } catch { return null; } },
    set: (name, value) => { try { sessionStorage.setItem(name, JSON.stringify(value)); } catch { /* No room. */ } },
    remove: (name) => { try { sessionStorage.removeItem(name); } catch { /* There is nothing to remove. */ } },
    names: () => { try { return Object.keys(sessionStorage).filter((name) => name.startsWith("typed:")); } catch { return []; } },
  };
  const isSignedOut = document.querySelector("[data-signed-out]") !== null;
  // Whoever comes back or loads anew may have met a server that did not answer.
  const isBack = ["back_forward", "reload"].includes(performance.getEntriesByType("navigation")[0]?.type);
  const isAtTheDoor = document.body.classList.contains("login");

  // What was sent has arrived when another page of the workspace is shown, and has not when this one asks who it is.
  for (const name of storage.names()) {
    const typed = storage.get(name);
    if (!typed) continue;
    if (isSignedOut || isBack) storage.set(name, { ...typed, isSent: false });
    else if (typed.isSent && !isAtTheDoor) storage.remove(name);
  }
  document.getElementById("logout-form")?.addEventListener("submit", () => storage.names().forEach(storage.remove));
  // Passwords and codes are typed there, and nothing of it is kept.
  if (isAtTheDoor) return;

  // Ticking rows of a list is no typing.
  const forms = () => [...document.querySelectorAll("#content form[method=post]:not(#changelist-form)")];
  // A field may be called "action", and stands before the form's own then.
  const addressOf = (form) => new URL(form.getAttribute("action") || "", location.href);
  const isTyped = (field) =>
    field.name && !["hidden", "password", "file", "submit", "button"].includes(field.type) && !field.disabled;
  // Of this person: another one may sign in in the same tab. A form that was refused stands at the address it was sent to.
  const person = document.querySelector("#user-tools strong")?.textContent.trim() ?? "";
  const page = location.pathname.replace(/\/review\/$/, "/change/");
  const nameOf = (form) => {
    const { href, pathname } = addressOf(form);
    const alike = forms().filter((other) => addressOf(other).href === href);
    return `typed:${person}#${page}#${pathname}#${alike.indexOf(form)}`;
  };
  const valueOf = (field) =>
    field.type === "checkbox" || field.type === "radio" ? field.checked
      : field.multiple ? [...field.selectedOptions].map((option) => option.value) : field.value;
  const keyOf = (field) => field.type === "radio" || field.type === "checkbox" ? `${field.name}=${field.value}` : field.name;
  const valuesOf = (form) =>
    Object.fromEntries([...form.elements].filter(isTyped).map((field) => [keyOf(field), valueOf(field)]));
  const isSame = (one, other) => JSON.stringify(one) === JSON.stringify(other);
  // What somebody changed, and nothing that a colleague may have changed since.
  const changed = (form) =>
    Object.fromEntries(Object.entries(valuesOf(form)).filter(([key, value]) => !isSame(value, before.get(form)[key])));

  const dirty = new Set();
  const before = new WeakMap();
  const note = (form) => {
    if (!before.has(form)) return;
    const values = changed(form);
    if (!Object.keys(values).length) {
      dirty.delete(form);
      storage.remove(nameOf(form));
    } else {
      dirty.add(form);
      storage.set(nameOf(form), { values, version: form.elements.version?.value, isSent: false });
    }
  };
  const put = (form, values) => {
    for (const field of [...form.elements].filter(isTyped)) {
      const value = values[keyOf(field)];
      if (value === undefined) continue;
      if (field.type === "checkbox" || field.type === "radio") field.checked = value;
      else if (field.multiple) for (const option of field.options) option.selected = value.includes(option.value);
      else field.value = value;
      field.dispatchEvent(new Event("change", { bubbles: true }));
    }
  };
  const giveBack = (form) => {
    const kept = storage.get(nameOf(form));
    // What was refused is on no server: all of it is as if it had just been typed.
    const isRefused = form.querySelector(".errornote, .errorlist") !== null;
    before.set(form, isRefused ? {} : valuesOf(form));
    if (isRefused) note(form);
    if (!kept || isRefused) return;
    const version = form.elements.version?.value;
    put(form, kept.values);
    // The version that it was typed over: a colleague's newer one is told, and not written over unseen.
    if (kept.version && version) form.elements.version.value = kept.version;
    note(form);
    if (!dirty.has(form)) return;
    const sentence = document.querySelector("[data-given-back]").content.firstElementChild.cloneNode(true);
    sentence.querySelector("button").addEventListener("click", () => {
      put(form, before.get(form));
      if (version) form.elements.version.value = version;
      note(form);
      sentence.remove();
    });
    form.prepend(sentence);
  };
  forms().forEach(giveBack);

  document.addEventListener("input", (event) => event.target.form && note(event.target.form));
  document.addEventListener("change", (event) => event.target.form && note(event.target.form));
  let leavesBy = null;
  addEventListener("beforeunload", (event) => {
    if ([...dirty].some((form) => form !== leavesBy && form.isConnected)) event.preventDefault();
  });
  addEventListener("pageshow", () => { leavesBy = null; });

  const sendInBackground = async (form, button) => {
    const typed = new FormData(form, button);
    const answer = await fetch(addressOf(form), { method: "POST", body: typed, redirect: "follow" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const places = [...document.querySelectorAll("[data-live]")];
    const fresh = places.map((place) => page.getElementById(place.id));
    if (page.querySelector("[data-signed-out]") || !fresh.some(Boolean)) throw new Error(answer.status);
    if (page.body.className !== document.body.className) {
      // What is refused is shown on the page of its submission; here it is only said.
      throw Object.assign(new Error("refused"), { sentence: page.querySelector("[role=alert]")?.textContent });
    }
    const sayings = page.querySelector(".messagelist");
    places.forEach((place, n) => fresh[n] && place.replaceWith(fresh[n]));
    document.querySelector(".messagelist")?.remove();
    if (sayings) document.getElementById("content-start").prepend(sayings);
    forms().filter((one) => !before.has(one)).forEach(giveBack);
    if (form.isConnected) form.reset();
    const refused = document.querySelector("[data-live] [role=alert]");
    (refused || sayings)?.scrollIntoView({ block: "nearest" });
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || !forms().includes(form)) return;
    if (!form.matches("[data-background]")) {
      leavesBy = form;
      const kept = storage.get(nameOf(form));
      if (kept) storage.set(nameOf(form), { ...kept, isSent: true });
      return;
    }
    event.preventDefault();
    dirty.delete(form);
    storage.remove(nameOf(form));
    const buttons = [...form.querySelectorAll("button")];
    sendInBackground(form, event.submitter)
      .catch((error) => {
        note(form);
        const sentence = document.querySelector("[data-not-sent]").content.firstElementChild.cloneNode(true);
        if (error.sentence) sentence.textContent = error.sentence;
        form.querySelector(".not-sent")?.remove();
        form.prepend(sentence);
        sentence.focus();
      })
      .finally(() => buttons.forEach((button) => { button.disabled = false; }));
    buttons.forEach((button) => { button.disabled = true; });
  });
})();
