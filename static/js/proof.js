// The proof of work of a send form: begun when the page opens, and waited for when the button is pressed.
// It wants a number that, mixed into a key (PBKDF2), makes the key begin with the bytes asked for: ALTCHA's second version.
"use strict";

const bytes = (hex) => Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
const inHex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");

async function prove(challenge) {
  const {nonce, salt, cost, keyLength, keyPrefix} = challenge.parameters;
  const start = bytes(nonce), password = new Uint8Array(start.length + 4), counted = new DataView(password.buffer, start.length);
  password.set(start);
  for (let counter = 0; ; counter += 1) {
    counted.setUint32(0, counter);
    const material = await crypto.subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
    const key = inHex(await crypto.subtle.deriveBits(
      {name: "PBKDF2", hash: "SHA-256", salt: bytes(salt), iterations: cost}, material, keyLength * 8,
    ));
    if (key.startsWith(keyPrefix)) return btoa(JSON.stringify({challenge, solution: {counter, derivedKey: key}}));
  }
}

for (const form of document.querySelectorAll("form[data-challenge]")) {
  // Only a safe connection has what the arithmetic needs; without it the mail is the way.
  if (!globalThis.crypto?.subtle) continue;
  const note = form.querySelector("[data-proof-note]"), field = form.elements.proof;
  const proof = prove(JSON.parse(form.dataset.challenge));
  form.querySelector("[data-proof-else]").hidden = true;
  note.hidden = false;
  proof.then((found) => { field.value = found; note.textContent = note.dataset.done; });
  form.addEventListener("submit", async (event) => {
    if (event.defaultPrevented || field.value || event.submitter?.name === "mail-me") return;
    event.preventDefault();
    event.stopImmediatePropagation();
    event.submitter.disabled = true;
    await proof;
    event.submitter.disabled = false;
    form.requestSubmit(event.submitter);
  });
}
