import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";

import { search, zeroBits } from "../src/puzzle.js";

test("zero bits are counted from the front", () => {
  assert.equal(zeroBits(Uint8Array.of(0, 0, 0x3f)), 18);
  assert.equal(zeroBits(Uint8Array.of(0x80)), 0);
  assert.equal(zeroBits(Uint8Array.of(0, 0)), 16);
});

test("what is found solves the puzzle, by somebody else's hash", () => {
  const text = "1800000000.10.0011223344556677.abcdef";
  const { answer } = search(text, 10, 0, 60_000);
  const hash = createHash("sha256").update(`${text}:${answer}`).digest();
  assert.ok(zeroBits(hash) >= 10);
});

test("it stops in time and goes on where it stopped", () => {
  let ticks = 0;
  const first = search("x", 60, 0, 5, () => (ticks += 1) * 3);
  assert.equal(first.answer, null);
  assert.ok(first.next > 0 && search("x", 60, first.next, 0, () => 1).next > first.next);
});
