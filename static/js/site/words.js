// Counting words while one types: the rule of submissions/text/words.py, held to the same table of cases.

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
