// Counting words while one types: the rule of submissions/text/words.py, held to the same table of cases.

const SIGN = "\\u3005\\u3007\\u3041-\\u3096\\u309d-\\u309f\\u30a1-\\u30fa\\u30fc-\\u30ff\\u3400-\\u4dbf\\u4e00-\\u9fff\\uf900-\\ufaff\\u{20000}-\\u{3ffff}";
const UNSPACED = "\\u0e00-\\u0eff\\u1000-\\u109f\\u1780-\\u17ff";
const BLANK = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2014\\u2015\\u2028\\u2029\\u202f\\u205f\\u3000";
const COUNTED = new RegExp(
  `([${SIGN}])|([${UNSPACED}]+)|(?:[^${BLANK}${SIGN}${UNSPACED}]|(?<=\\p{Nd})[\\xa0\\u202f](?=\\p{Nd}))+`, "gu",
);

function countWords(text) {
  let count = 0;
  for (const [piece, sign, unspaced] of text.matchAll(COUNTED)) {
    count += sign ? 1 : unspaced ? Math.ceil([...unspaced].length / 5) : /[\p{L}\p{N}]/u.test(piece);
  }
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
