// Checks, in a browser alone, what the register and the archive prove: the steps and the sentences of verify.py.
"use strict";
(() => {
const words = JSON.parse(document.getElementById("words").textContent);
const find = (id) => document.getElementById(id);

class Wrong extends Error {
  constructor(sentence, values = {}) { super(said(sentence, values)); }
}
// English sentences are the keys; a number or a name takes the place of each {name}.
const said = (sentence, values = {}) =>
  (words[sentence] ?? sentence).replace(/\{([a-z]+)\}/g, (whole, name) => name in values ? String(values[name]) : whole);
const malformed = () => new Wrong("A file is not what it should be.");

// --- Bytes, and what JSON says ---

const utf8 = new TextDecoder("utf-8", {fatal: true, ignoreBOM: true});
function read(data) {
  try { return utf8.decode(data); } catch { throw malformed(); }
}
// Half a sign would become another one on its way.
function bytes(text) {
  const data = new TextEncoder().encode(text);
  if (typeof text !== "string" || utf8.decode(data) !== text) throw malformed();
  return data;
}
const kinds = {
  text: (value) => typeof value === "string",
  number: (value) => Number.isSafeInteger(value) && !Object.is(value, -0),
  list: (value) => Array.isArray(value),
  object: (value) => typeof value === "object" && value !== null && !Array.isArray(value),
};
// What stands under a name, of exactly this kind.
function field(whole, name, kind) {
  if (!kinds.object(whole) || !Object.hasOwn(whole, name) || !kinds[kind](whole[name])) throw malformed();
  return whole[name];
}
function parse(text) {
  try { return JSON.parse(text); } catch { throw malformed(); }
}

function joined(...arrays) {
  const all = new Uint8Array(arrays.reduce((size, one) => size + one.length, 0));
  let at = 0;
  for (const one of arrays) { all.set(one, at); at += one.length; }
  return all;
}
function fromHex(text) {
  if (typeof text !== "string" || !/^([0-9a-f]{2})*$/.test(text)) throw malformed();
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

async function rootByInclusion(leaf, index, size, proof) {
  if (index < 0 || index >= size) {
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

// Three lines and the line that signs them, wherever they stand: in a file or in a whole mail, also as an answer quotes
// it, or with a signature that was wrapped.
function signedNotes(text) {
  const lines = text.split(/[\r\n]/).map((line) => line.replace(/^[> \t\u00a0]+|[> \t\u00a0]+$/g, "")).filter(Boolean);
  const isSignature = (line) => line.startsWith("\u2014 ");
  const starts = lines.flatMap((line, number) => isSignature(line) ? [number] : []), found = [];
  if (!starts.length) throw new Wrong("The checkpoint has no signature.");
  for (const start of starts) {
    const signed = lines.slice(0, start).filter((line) => !isSignature(line)).slice(-3);
    const words = lines.slice(start, start + 4).join(" ").split(" ");
    // A key's id and a signature are 68 bytes, which are 92 signs.
    const encoded = words.slice(2).join("").slice(0, 92);
    if (signed.length === 3) found.push({signed, name: words[1] ?? "", encoded});
  }
  if (!found.length) throw new Wrong("The checkpoint is not whole.");
  return found;
}

async function readCheckpoint(note, keys) {
  for (const {signed, name, encoded} of signedNotes(note)) {
    const data = fromBase64(encoded), message = bytes(signed.map((line) => `${line}\n`).join(""));
    for (const key of keys) {
      if (key.name !== name || data === null || toHex(data.slice(0, 4)) !== key.id) continue;
      if (!await isSigned(key.publicKey, message, data.slice(4))) continue;
      const [origin, size, root] = signed, decoded = fromBase64(root);
      if (!/^[0-9]{1,15}$/.test(size) || decoded === null) throw malformed();
      return {origin, size: Number(size), root: decoded};
    }
  }
  throw new Wrong("The checkpoint is not signed with this key, or was changed.");
}

// --- What was sent ---

async function checkParts(proof) {
  const digests = [];
  for (const [place, part] of field(proof, "parts", "list").entries()) {
    const digest = fromHex(field(part, "digest", "text"));
    const hasMore = Object.keys(part).some((name) => !["digest", "salt", "part", "id"].includes(name));
    // Whatever is shown of a part, its words and its salt have to prove it. With a salt of another length some of the
    // words could stand in it.
    if (hasMore || ["salt", "part", "id"].some((name) => (part[name] ?? null) !== null)) {
      const salt = fromHex(field(part, "salt", "text")), said = bytes(field(part, "part", "text"));
      if (salt.length !== 32 || hasMore || !kinds.object(parse(part.part))) throw malformed();
      if (!isSame(await sha256(joined(salt, said)), digest)) {
        throw new Wrong(
          "Part {number} is not what was sent: its words and its salt do not give its digest.", {number: place + 1});
      }
    }
    digests.push(digest);
  }
  const commitment = toHex(await sha256(joined(...digests)));
  if (commitment !== field(proof, "commitment", "text")) {
    throw new Wrong("The digests, in this order, do not give the commitment.");
  }
  return commitment;
}

async function checkInclusion(proof, inclusion, keys) {
  const commitment = await checkParts(proof), text = field(inclusion, "leaf", "text"), leaf = parse(text);
  if (field(leaf, "commitment", "text") !== commitment) {
    throw new Wrong("The entry of the register is about something else than what was sent.");
  }
  if (leaf.round !== field(proof, "consultation", "text") || leaf.kind !== "sent") {
    throw new Wrong("The entry of the register is of another consultation, or of another kind.");
  }
  const found = await readCheckpoint(field(inclusion, "checkpoint", "text"), keys);
  const steps = field(inclusion, "proof", "list").map(fromHex);
  const root = await rootByInclusion(bytes(text), field(inclusion, "index", "number"), found.size, steps);
  if (!isSame(root, found.root)) throw new Wrong("The proof does not lead to the checkpoint's root.");
  return found;
}

// --- The archive of what is published: a zip, read from its end ---

// One file, one directory at its end, each name once: nothing in it that another program would read otherwise.
async function filesOf(zip) {
  const whole = new Uint8Array(await zip.arrayBuffer()), view = new DataView(whole.buffer), files = new Map();
  const end = whole.length - 22, folded = new Set();
  if (end < 0 || view.getUint32(end, true) !== 0x06054b50) throw malformed();
  const count = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true), before = 0;
  if (at + view.getUint32(end + 12, true) !== end) throw malformed();
  for (let left = count; left; left -= 1) {
    if (at + 46 > end || view.getUint32(at, true) !== 0x02014b50) throw malformed();
    const [nameSize, extraSize, commentSize] = [28, 30, 32].map((place) => view.getUint16(at + place, true));
    const header = view.getUint32(at + 42, true), size = view.getUint32(at + 20, true);
    const name = read(whole.slice(at + 46, at + 46 + nameSize));
    // One spelling: on some systems two names are one file.
    if (!/^[\w-][\w.-]*(\/[\w-][\w.-]*)*$/.test(name) || folded.has(name.toLowerCase())) throw malformed();
    folded.add(name.toLowerCase());
    const method = view.getUint16(at + 10, true), gap = header - before;
    // One file right behind the other, but for the sums that a writer may leave after each.
    if (gap < 0 || gap > 24 || header + 30 > end || view.getUint32(header, true) !== 0x04034b50) throw malformed();
    const start = header + 30 + view.getUint16(header + 26, true) + view.getUint16(header + 28, true);
    const again = whole.slice(header + 30, header + 30 + view.getUint16(header + 26, true));
    if (start + size > end || read(again) !== name || view.getUint16(header + 8, true) !== method) throw malformed();
    files.set(name, {data: whole.subarray(start, start + size), method});
    before = start + size;
    at += 46 + nameSize + extraSize + commentSize;
  }
  const directory = view.getUint32(end + 16, true);
  if (at !== end || directory < before || directory - before > 24) throw malformed();
  return files;
}

async function unpacked(files, name) {
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
}

async function checkSums(files) {
  const named = new Set();
  for (const line of read(await unpacked(files, "SHA256SUMS")).split("\n").filter(Boolean)) {
    const digest = line.slice(0, 64), name = line.slice(66);
    if (named.has(name)) throw new Wrong("{name} stands twice in the archive.", {name});
    named.add(name);
    if (line.slice(64, 66) !== "  " || toHex(await sha256(await unpacked(files, name))) !== digest) {
      throw new Wrong("{name} is not the file that SHA256SUMS is about.", {name});
    }
  }
  for (const name of files.keys()) {
    if (name !== "SHA256SUMS" && !named.has(name)) throw new Wrong("{name} is not named in SHA256SUMS.", {name});
  }
  return named;
}

async function checkArchive(zip, given) {
  const files = await filesOf(zip), named = await checkSums(files);
  const text = async (name) => {
    if (!named.has(name)) throw new Wrong("{name} is not named in SHA256SUMS.", {name});
    return read(await unpacked(files, name));
  };
  const lines = async (name) => (await text(name)).split("\n").filter(Boolean);
  const once = (known, name, value) => {
    if (known.has(name)) throw new Wrong("{name} stands twice in the archive.", {name});
    known.set(name, value);
  };
  const ownKeys = named.has("register/keys.txt") ? await lines("register/keys.txt") : [];
  const keys = await Promise.all((given.length ? given : ownKeys).map(readKey));
  const texts = new Map(), proposals = new Map(), shown = new Map();
  for (const row of (await lines("contributions.jsonl")).map(parse)) once(texts, field(row, "id", "text"), row);
  for (const row of (await lines("proposals.jsonl")).map(parse)) {
    const id = field(row, "contribution", "text");
    proposals.set(id, [...(proposals.get(id) ?? []), row]);
  }
  for (const proof of (await lines("proofs.jsonl")).map(parse)) {
    const checkpoint = await text(`register/${field(proof, "checkpoint", "text")}`);
    await checkInclusion(proof, {...proof, checkpoint}, keys);
    for (const part of proof.parts.filter((one) => (one.id ?? null) !== null)) {
      const id = field(part, "id", "text");
      once(shown, id, part);
      checkWords(field(parse(part.part), "contribution", "object"), texts.get(id), proposals.get(id) ?? []);
    }
  }
  const count = named.size;
  const found = shown.size
    ? said(
      "{count} files are as their sums say; {shown} of {texts} texts in contributions.jsonl stand in the register, word for word.",
      {count, shown: shown.size, texts: texts.size})
    : said("{count} files are as their sums say. No text is proven: the archive holds no proof of any.", {count});
  if (given.length) return found;
  return `${found} ${said("The key is the archive's own: compare it with the one on the register's page.")}`;
}

function checkWords(sent, text, rows) {
  const wording = (all) => all.map((row) => ["paragraph", "wording", "reason"].map((name) => field(row, name, "text")));
  const inOrder = [...rows].sort((one, other) => field(one, "position", "number") - field(other, "position", "number"));
  const proposed = "proposals" in sent ? field(sent, "proposals", "list") : [];
  const asSent = [field(sent, "theme", "number"), field(sent, "text", "text"), wording(proposed)];
  const published = [field(text, "area", "number"), field(text, "text", "text"), wording(inOrder)];
  if (JSON.stringify(asSent) !== JSON.stringify(published)) {
    throw new Wrong("The published text {id} does not say what the register's entry is bound to.", {id: text.id});
  }
}

// --- The page ---

// What the chosen files are, whatever they are called; a second of one kind would be left out in silence.
async function sorted(chosen, pasted) {
  const known = new Map(pasted.trim() ? [["checkpoint", pasted]] : []);
  const take = (kind, content) => {
    if (known.has(kind)) throw new Wrong("Two of one kind were given: check them one after the other.");
    known.set(kind, content);
  };
  for (const file of chosen) {
    const start = new Uint8Array(await file.slice(0, 2).arrayBuffer());
    if (start[0] === 0x50 && start[1] === 0x4b) { take("archive", file); continue; }
    const text = read(await file.arrayBuffer());
    if (!text.trimStart().startsWith("{")) { take("checkpoint", text); continue; }
    const content = parse(text);
    const kind = Object.entries({parts: "proof", leaf: "inclusion", consistency: "consistency"})
      .find(([name]) => Object.hasOwn(content, name));
    if (!kind) throw malformed();
    take(kind[1], content);
  }
  return known;
}

async function checked(known, lines) {
  const given = [...known.keys()].sort().join(" ");
  if (given === "archive") return checkArchive(known.get("archive"), lines);
  const receipt = "inclusion proof", mail = "checkpoint consistency";
  if (![receipt, mail, "checkpoint consistency inclusion proof"].includes(given)) {
    throw new Wrong("Choose the proof of your receipt and inclusion.json; or the archive; or paste a checkpoint, and choose consistency.json.");
  }
  if (!lines.length) throw new Wrong("The public key is missing.");
  const keys = await Promise.all(lines.map(readKey)), found = [];
  if (known.has("proof")) {
    const inclusion = known.get("inclusion"), {origin, size} = await checkInclusion(known.get("proof"), inclusion, keys);
    const parts = known.get("proof").parts, shown = parts.filter((part) => (part.salt ?? null) !== null).length;
    found.push(said(
      "What the proof holds ({shown} of {parts} parts with their words) is entry {index} of {size} in {origin}.",
      {shown, parts: parts.length, index: inclusion.index, size, origin}));
  }
  if (known.has("consistency")) {
    const since = known.get("consistency"), before = await readCheckpoint(known.get("checkpoint"), keys);
    const now = await readCheckpoint(field(since, "checkpoint", "text"), keys);
    if (before.origin !== now.origin) throw new Wrong("The two checkpoints are of two different registers.");
    const steps = field(since, "consistency", "list").map(fromHex);
    await checkConsistency(before.size, before.root, now.size, now.root, steps);
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
