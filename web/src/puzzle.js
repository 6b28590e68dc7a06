// Where a network, or everybody together, asks too much about numbers, an answer costs the browser a second of reckoning:
// a number with which the puzzle's hash begins with so many zero bits. Without scripts the page says so.
import { sha256 } from "@noble/hashes/sha2.js";

/** So long the browser reckons before it lets the page breathe. */
const SLICE_MS = 40;

/** How many zero bits a hash begins with. */
export function zeroBits(hash) {
  let bits = 0;
  for (const byte of hash) {
    if (byte !== 0) return bits + Math.clz32(byte) - 24;
    bits += 8;
  }
  return bits;
}

/** The first number from `from` on that solves the puzzle; `null` after `ms`. */
export function search(text, bits, from, ms, now = () => performance.now()) {
  const encoder = new TextEncoder();
  const end = now() + ms;
  for (let n = from; ; n += 1) {
    if (zeroBits(sha256(encoder.encode(`${text}:${n}`))) >= bits) return { answer: n, next: n };
    if (n % 64 === 0 && now() >= end) return { answer: null, next: n + 1 };
  }
}

function work(form) {
  const { puzzle, bits } = form.dataset;
  const place = form.querySelector("input[name=answer]");
  let from = 0;
  const step = () => {
    const { answer, next } = search(puzzle, Number(bits), from, SLICE_MS);
    from = next;
    if (answer === null) {
      setTimeout(step, 0);
      return;
    }
    place.value = String(answer);
    form.requestSubmit();
  };
  step();
}

/** Works for every form that asks for it, and sends it off. */
export function startPuzzles() {
  for (const form of document.querySelectorAll("form[data-puzzle]")) {
    for (const words of document.querySelectorAll("[data-puzzle-words]")) words.hidden = false;
    for (const words of document.querySelectorAll("[data-puzzle-plain]")) words.hidden = true;
    work(form);
  }
}
