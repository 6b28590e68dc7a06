// Reading and writing sums as the server does (kernel::Money::parse, web::Formats). Only for reading back
// while typing: what counts is what the server reads.

/**
 * The digits of a sum with at most two decimals, as `[whole, decimals]`; null where it cannot be read.
 * @param {string} text
 * @returns {[string, string] | null}
 */
export function readSum(text) {
  const clean = text.replace(/[\s\u00a0\u202f']/g, "");
  if (!/^\d[\d.,]*$/.test(clean)) return null;
  const marks = [...clean].filter((c) => c === "." || c === ",");
  if (marks.length === 0) return [clean, ""];
  const mark = marks[marks.length - 1];
  const at = clean.lastIndexOf(mark);
  const tail = clean.slice(at + 1);
  const repeated = marks.filter((m) => m === mark).length > 1;
  const thousands = repeated || (marks.length === 1 && tail.length === 3 && !clean.startsWith("0"));
  const whole = thousands ? clean : clean.slice(0, at);
  const decimals = thousands ? "" : tail;
  const groups = whole.split(/[.,]/);
  if (groups.slice(1).some((g) => g.length !== 3) || (!thousands && decimals === "") || decimals.length > 2) return null;
  return [groups.join(""), decimals];
}

/**
 * `2 400 000,50` from digits.
 * @param {string} whole @param {string} decimals @param {string} group @param {string} decimal
 */
export function writeSum(whole, decimals, group, decimal) {
  const plain = whole.replace(/^0+(?=\d)/, "");
  const grouped = plain.replace(/\B(?=(\d{3})+$)/g, group);
  return /[1-9]/.test(decimals) ? grouped + decimal + decimals.padEnd(2, "0") : grouped;
}

/**
 * `2,4 млн`: two leading digits, half to even, as the server; empty below a thousand.
 * @param {string} whole digits @param {string[]} words for 10^3, 10^6, 10^9, 10^12 @param {string} decimal
 */
export function shortSum(whole, words, decimal) {
  const size = BigInt(whole);
  for (let step = 3; step >= 0; step -= 1) {
    const unit = 10n ** BigInt(3 * (step + 1));
    if (size < unit) continue;
    const small = size < unit * 10n;
    let tenths = small ? halfEven(size * 10n, unit) : halfEven(size, unit) * 10n;
    let word = step;
    if (tenths >= 10000n && step < 3) {
      tenths = 10n;
      word += 1;
    }
    const tail = small && tenths % 10n > 0n ? decimal + String(tenths % 10n) : "";
    return String(tenths / 10n) + tail + words[word];
  }
  return "";
}

function halfEven(a, b) {
  const q = a / b;
  const twice = (a % b) * 2n;
  return twice > b || (twice === b && q % 2n === 1n) ? q + 1n : q;
}
