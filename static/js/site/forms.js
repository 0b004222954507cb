// Forms that ask before what was typed is lost, and a focus on what needs mending.

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

// Under which name a text would be published, as it is typed.
for (const place of all("[data-published-as]")) {
  const names = ["organisation", "contact_name"].map((name) => find(`[name=${name}]`));
  for (const name of names) {
    name.addEventListener("input", () => { place.textContent = names.map((one) => one.value.trim()).find(Boolean) || "…"; });
  }
}

find("[data-focus]")?.focus();
