// Forgetting what is kept: when it was sent, or when the visitor says so.

// That something was sent just now, from the page before this one.
const session = {
  take: (name) => { try { return sessionStorage.getItem(name) || ""; } catch { return ""; } finally { session.set(name, ""); } },
  set: (name, value) => { try { sessionStorage.setItem(name, value); } catch { /* The receipt's page forgets nothing then. */ } },
};
const [sending, sentAt] = session.take("sending").split(" ");
const isJustSent = Date.now() - Number(sentAt) < 30_000;

for (const form of all("form[data-forget]")) {
  form.addEventListener("submit", () => { if (navigator.onLine) kept.forget(form.dataset.forget); });
}
for (const form of all("form[data-sends]")) {
  form.addEventListener("submit", () => session.set("sending", `${form.dataset.sends} ${Date.now()}`));
}
// After a sending, and not whenever the receipt is looked at: by then something new may be kept.
for (const place of all("[data-forget-now]")) if (isJustSent && sending === place.dataset.forgetNow) kept.forget(sending);
for (const note of all("[data-kept-note]")) {
  const numbers = kept.names(note.dataset.keptNote).map((name) => name.split("-").pop()).filter((number) => !number.includes("@"));
  if (numbers.length) { note.append(` ${numbers.join(", ")}`); note.hidden = false; }
}
