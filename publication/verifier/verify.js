// Checks, in a browser alone, what the register and the archive prove: the steps and the sentences of verify.py.
"use strict";
(() => {
const words = JSON.parse(document.getElementById("words").textContent);
const find = (id) => document.getElementById(id);
const bytes = (text) => new TextEncoder().encode(text);

class Wrong extends Error {
  constructor(sentence, values = {}) { super(said(sentence, values)); }
}
// English sentences are the keys; a number or a name takes the place of each {name}.
const said = (sentence, values = {}) =>
  Object.entries(values).reduce((text, [name, value]) => text.replaceAll(`{${name}}`, String(value)), words[sentence] ?? sentence);
const malformed = () => new Wrong("A file is not what it should be.");

// --- Bytes ---

function joined(...arrays) {
  const all = new Uint8Array(arrays.reduce((size, one) => size + one.length, 0));
  let at = 0;
  for (const one of arrays) { all.set(one, at); at += one.length; }
  return all;
}
function fromHex(text) {
  if (typeof text !== "string" || !/^([0-9a-f]{2})*$/i.test(text)) throw malformed();
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}
const toHex = (data) => Array.from(data, (one) => one.toString(16).padStart(2, "0")).join("");
// Each run of bytes has one spelling: another that means the same was changed.
function fromBase64(text) {
  try {
    const binary = atob(text);
    if (btoa(binary) === text) return Uint8Array.from(binary, (one) => one.charCodeAt(0));
  } catch { /* said below */ }
  return null;
}
const isSame = (one, other) => toHex(one) === toHex(other);
const sha256 = async (data) => new Uint8Array(await crypto.subtle.digest("SHA-256", data));
const leafHash = (leaf) => sha256(joined(new Uint8Array([0]), leaf));
const nodeHash = (left, right) => sha256(joined(new Uint8Array([1]), left, right));

async function isSigned(publicKey, message, signature) {
  let key;
  try {
    key = await crypto.subtle.importKey("raw", publicKey, {name: "Ed25519"}, false, ["verify"]);
  } catch {
    throw new Wrong("This browser cannot check such signatures. Take a newer one, or verify.py.");
  }
  return signature.length === 64 && crypto.subtle.verify("Ed25519", key, signature, message);
}

// --- The tree (RFC 9162, section 2.1). Numbers beyond 32 bits are halved and not shifted. ---

const half = (number) => Math.floor(number / 2);
const isOdd = (number) => number % 2 === 1;
const wholeNumber = (value) => { if (!Number.isSafeInteger(value)) throw malformed(); return value; };

async function rootByInclusion(leaf, index, size, proof) {
  if (wholeNumber(index) < 0 || index >= size) {
    throw new Wrong("The proof is of leaf {index}, and the checkpoint has {size} leaves.", {index, size});
  }
  let at = index, last = size - 1, found = await leafHash(leaf);
  for (const step of proof) {
    if (last === 0) throw new Wrong("The proof has more steps than the tree.");
    if (isOdd(at) || at === last) {
      found = await nodeHash(step, found);
      while (!isOdd(at) && at) { at = half(at); last = half(last); }
    } else {
      found = await nodeHash(found, step);
    }
    at = half(at); last = half(last);
  }
  if (last) throw new Wrong("The proof has fewer steps than the tree.");
  return found;
}

async function checkConsistency(earlier, earlierRoot, size, root, proof) {
  if (earlier <= 0 || earlier > size) {
    throw new Wrong("The earlier checkpoint has {earlier} leaves, and the later one {size}.", {earlier, size});
  }
  if (earlier === size) {
    if (proof.length || !isSame(earlierRoot, root)) {
      throw new Wrong("Two checkpoints of one size have different roots: the register was rewritten.");
    }
    return;
  }
  // Where the earlier tree is a whole subtree of the later one, its root is the first step.
  const isPower = Number.isInteger(Math.log2(earlier));
  const steps = isPower ? [earlierRoot, ...proof] : proof;
  if (!steps.length) throw new Wrong("The proof of consistency is empty.");
  let at = earlier - 1, last = size - 1;
  while (isOdd(at)) { at = half(at); last = half(last); }
  let first = steps[0], second = steps[0];
  for (const step of steps.slice(1)) {
    if (last === 0) throw new Wrong("The proof of consistency has more steps than the tree.");
    if (isOdd(at) || at === last) {
      first = await nodeHash(step, first);
      second = await nodeHash(step, second);
      while (!isOdd(at) && at) { at = half(at); last = half(last); }
    } else {
      second = await nodeHash(second, step);
    }
    at = half(at); last = half(last);
  }
  if (last) throw new Wrong("The proof of consistency has fewer steps than the tree.");
  if (!isSame(second, root)) throw new Wrong("The proof of consistency does not lead to the later checkpoint.");
  if (!isSame(first, earlierRoot)) {
    throw new Wrong("The proof of consistency does not lead to the earlier checkpoint: the register was rewritten.");
  }
}

// --- Checkpoints (C2SP signed notes) ---

async function readKey(line) {
  const [name, id, ...rest] = line.trim().split("+"), data = fromBase64(rest.join("+"));
  const isKey = data !== null && data.length === 33 && data[0] === 1
    && toHex((await sha256(joined(bytes(`${name}\n`), data))).slice(0, 4)) === id;
  if (!isKey) throw new Wrong("This is no public key of a register, or a mistyped one.");
  return {name, id, publicKey: data.slice(1)};
}

// Out of a file, or of a whole mail with one in it.
function partsOfNote(note) {
  const lines = note.split(/\r\n|\r|\n/).map((line) => line.trim());
  const first = lines.findIndex((line) => line.startsWith("\u2014 "));
  if (first < 0) throw new Wrong("The checkpoint has no signature.");
  const signed = lines.slice(0, first).filter(Boolean).slice(-3);
  if (signed.length < 3) throw new Wrong("The checkpoint is not whole.");
  return {signed, signatures: lines.filter((line) => line.startsWith("\u2014 "))};
}

async function readCheckpoint(note, keys) {
  const {signed, signatures} = partsOfNote(note), message = bytes(signed.map((line) => `${line}\n`).join(""));
  for (const line of signatures) {
    const [, name, encoded] = line.split(" "), data = fromBase64(encoded ?? "");
    for (const key of keys) {
      if (key.name !== name || data === null || toHex(data.slice(0, 4)) !== key.id) continue;
      if (!await isSigned(key.publicKey, message, data.slice(4))) continue;
      const [origin, size, root] = signed, decoded = fromBase64(root);
      if (!/^[0-9]+$/.test(size) || decoded === null) throw malformed();
      return {origin, size: wholeNumber(Number(size)), root: decoded};
    }
  }
  throw new Wrong("The checkpoint is not signed with this key, or was changed.");
}

// --- What was sent ---

async function checkParts(proof) {
  const digests = [];
  for (const [place, part] of proof.parts.entries()) {
    const digest = fromHex(part.digest), isShown = part.salt != null && part.part != null;
    if (isShown && !isSame(await sha256(joined(fromHex(part.salt), bytes(part.part))), digest)) {
      throw new Wrong(
        "Part {number} is not what was sent: its words and its salt do not give its digest.", {number: place + 1});
    }
    digests.push(digest);
  }
  const commitment = toHex(await sha256(joined(...digests)));
  if (commitment !== proof.commitment) throw new Wrong("The digests, in this order, do not give the commitment.");
  return commitment;
}

async function checkInclusion(proof, inclusion, keys) {
  const commitment = await checkParts(proof), leaf = JSON.parse(inclusion.leaf);
  if (leaf.commitment !== commitment) {
    throw new Wrong("The entry of the register is about something else than what was sent.");
  }
  if (leaf.round !== proof.consultation || leaf.kind !== "sent") {
    throw new Wrong("The entry of the register is of another consultation, or of another kind.");
  }
  const found = await readCheckpoint(inclusion.checkpoint, keys);
  const root = await rootByInclusion(bytes(inclusion.leaf), inclusion.index, found.size, inclusion.proof.map(fromHex));
  if (!isSame(root, found.root)) throw new Wrong("The proof does not lead to the checkpoint's root.");
  return found;
}

// --- The archive of what is published: a zip, read from its end ---

async function filesOf(zip) {
  const whole = new Uint8Array(await zip.arrayBuffer()), view = new DataView(whole.buffer), files = new Map();
  let end = whole.length - 22;
  while (end >= 0 && view.getUint32(end, true) !== 0x06054b50) end -= 1;
  if (end < 0) throw malformed();
  let at = view.getUint32(end + 16, true);
  for (let left = view.getUint16(end + 10, true); left; left -= 1) {
    if (view.getUint32(at, true) !== 0x02014b50) throw malformed();
    const [nameSize, extraSize, commentSize] = [28, 30, 32].map((place) => view.getUint16(at + place, true));
    const header = view.getUint32(at + 42, true), method = view.getUint16(at + 10, true);
    const name = new TextDecoder().decode(whole.slice(at + 46, at + 46 + nameSize));
    const start = header + 30 + view.getUint16(header + 26, true) + view.getUint16(header + 28, true);
    files.set(name, {data: whole.subarray(start, start + view.getUint32(at + 20, true)), method});
    at += 46 + nameSize + extraSize + commentSize;
  }
  const read = async (name) => {
    const file = files.get(name);
    if (!file || ![0, 8].includes(file.method)) throw malformed();
    if (file.method === 0) return file.data;
    try {
      const opened = new Blob([file.data]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
      return new Uint8Array(await new Response(opened).arrayBuffer());
    } catch {
      // What does not unpack is not what was packed.
      throw new Wrong("{name} is not the file that SHA256SUMS is about.", {name});
    }
  };
  const text = async (name) => new TextDecoder("utf-8", {fatal: true}).decode(await read(name));
  const lines = async (name) => (await text(name)).split("\n").filter(Boolean);
  return {names: [...files.keys()], read, text, lines};
}

async function checkArchive(zip, given) {
  const files = await filesOf(zip), sums = await files.lines("SHA256SUMS");
  for (const line of sums) {
    const [digest, name] = line.split("  ");
    if (toHex(await sha256(await files.read(name))) !== digest) {
      throw new Wrong("{name} is not the file that SHA256SUMS is about.", {name});
    }
  }
  const ownKeys = files.names.includes("register/keys.txt") ? await files.lines("register/keys.txt") : [];
  const keys = await Promise.all((given.length ? given : ownKeys).map(readKey));
  const texts = new Map(), proposals = new Map();
  for (const line of await files.lines("contributions.jsonl")) {
    const text = JSON.parse(line);
    texts.set(text.id, text);
  }
  for (const line of await files.lines("proposals.jsonl")) {
    const row = JSON.parse(line);
    proposals.set(row.contribution, [...(proposals.get(row.contribution) ?? []), row]);
  }
  let shown = 0;
  for (const line of await files.lines("proofs.jsonl")) {
    const proof = JSON.parse(line);
    const checkpoint = await files.text(`register/${proof.checkpoint}`);
    await checkInclusion(proof, {...proof, checkpoint}, keys);
    for (const part of proof.parts.filter((one) => "id" in one)) {
      checkWords(JSON.parse(part.part).contribution, texts.get(part.id), proposals.get(part.id) ?? []);
      shown += 1;
    }
  }
  const found = said(
    "{count} files are as their sums say; {shown} of {texts} texts stand in the register, word for word.",
    {count: sums.length, shown, texts: texts.size});
  if (given.length) return found;
  return `${found} ${said("The key is the archive's own: compare it with the one on the register's page.")}`;
}

function checkWords(sent, text, rows) {
  if (!text) throw malformed();
  const wording = (all) => all.map((row) => [row.paragraph, row.wording, row.reason]);
  const inOrder = [...rows].sort((one, other) => one.position - other.position);
  const asSent = JSON.stringify([sent.theme, sent.text, wording(sent.proposals ?? [])]);
  if (asSent !== JSON.stringify([text.area, text.text, wording(inOrder)])) {
    throw new Wrong("The published text {id} does not say what the register's entry is bound to.", {id: text.id});
  }
}

// --- The page ---

// What the chosen files are, whatever they are called.
async function sorted(chosen, pasted) {
  const known = {archive: null, proof: null, inclusion: null, consistency: null, checkpoint: pasted.trim() ? pasted : null};
  for (const file of chosen) {
    const start = new Uint8Array(await file.slice(0, 2).arrayBuffer());
    if (start[0] === 0x50 && start[1] === 0x4b) { known.archive = file; continue; }
    const text = await file.text();
    if (!text.trimStart().startsWith("{")) { known.checkpoint ??= text; continue; }
    const content = JSON.parse(text);
    if ("parts" in content) known.proof = content;
    else if ("leaf" in content) known.inclusion = content;
    else if ("consistency" in content) known.consistency = content;
    else throw malformed();
  }
  return known;
}

async function checked(known, lines) {
  if (known.archive) return checkArchive(known.archive, lines);
  const keys = await Promise.all(lines.map(readKey)), found = [];
  const isReceipt = known.proof && known.inclusion, isCompared = known.checkpoint && known.consistency;
  if (!isReceipt && !isCompared) {
    throw new Wrong("Choose the proof of your receipt and inclusion.json; or the archive; or paste a checkpoint, and choose consistency.json.");
  }
  if (!keys.length) throw new Wrong("The public key is missing.");
  if (isReceipt) {
    const {origin, size} = await checkInclusion(known.proof, known.inclusion, keys);
    found.push(said(
      "What was sent under {reference} is entry {index} of {size} in {origin}.",
      {reference: known.proof.reference, index: known.inclusion.index, size, origin}));
  }
  if (isCompared) {
    const before = await readCheckpoint(known.checkpoint, keys);
    const now = await readCheckpoint(known.consistency.checkpoint, keys);
    if (before.origin !== now.origin) throw new Wrong("The two checkpoints are of two different registers.");
    await checkConsistency(before.size, before.root, now.size, now.root, known.consistency.consistency.map(fromHex));
    found.push(said(
      "{origin} still begins with the {earlier} entries that it had; it has {size} now.",
      {origin: now.origin, earlier: before.size, size: now.size}));
  }
  return found.join(" ");
}

function tell(verdict, sentence, kind) {
  find("verdict").textContent = verdict;
  find("reason").textContent = sentence;
  find("result").className = kind;
  find("result").hidden = false;
}

find("check").addEventListener("click", async () => {
  const lines = find("keys").value.split("\n").filter((line) => line.trim());
  find("check").disabled = true;
  tell(said("Checking…"), "", "");
  try {
    tell(said("Right"), await checked(await sorted(find("files").files, find("checkpoint").value), lines), "good");
  } catch (error) {
    tell(said("Wrong"), error instanceof Wrong ? error.message : malformed().message, "bad");
  }
  find("check").disabled = false;
  find("result").focus();
});
find("works").hidden = !crypto?.subtle;
find("works-not").hidden = Boolean(crypto?.subtle);
})();
