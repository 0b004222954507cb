// What is typed while the connection is away: kept in this browser, if the visitor says so.

// A browser may have no storage, may refuse it, or may have no room left: then nothing is kept, and all goes on.
const storage = {
  get: (name) => { try { return localStorage.getItem(name); } catch { return null; } },
  set: (name, value) => { try { localStorage.setItem(name, value); return true; } catch { return false; } },
  remove: (name) => { try { localStorage.removeItem(name); } catch { /* There is nothing to remove. */ } },
  names: () => { try { return Object.keys(localStorage); } catch { return []; } },
};

const kept = {
  isOn: () => storage.get("keep") === "on",
  turn: (on) => { if (on) storage.set("keep", "on"); else kept.forget(""); },
  // Of one consultation, whose address may be the beginning of another's; of all, without one.
  names: (slug) => storage.names().filter(
    (name) => (slug ? name.startsWith(`kept:${slug}-`) && /^\d+(@\w+)?$/.test(name.slice(slug.length + 6)) : name.startsWith("kept:")),
  ),
  forget: (slug) => {
    for (const name of kept.names(slug)) storage.remove(name);
    storage.remove("keep");
  },
};
