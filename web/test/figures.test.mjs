// The same tables as the server's own tests (kernel::Money, web::Formats): both must read and write alike.
import assert from "node:assert/strict";
import { test } from "node:test";
import { phase } from "../src/clock.js";
import { readSum, shortSum, writeSum } from "../src/figures.js";

test("sums are read as the server reads them", () => {
  for (const [text, whole, decimals] of [
    ["2400000", "2400000", ""],
    ["2 400 000", "2400000", ""],
    ["2\u00a0400\u00a0000,50", "2400000", "50"],
    ["1.234", "1234", ""],
    ["1,234", "1234", ""],
    ["1.234.567", "1234567", ""],
    ["1,234.56", "1234", "56"],
    ["1.234,5", "1234", "5"],
    ["0,01", "0", "01"],
    ["12,5", "12", "5"],
  ]) {
    assert.deepEqual(readSum(text), [whole, decimals], text);
  }
  for (const junk of ["", "abc", "1e5", "-5", "--5", "1.23.4", ",5", "5,", "١٢٣", "1,23,456", "1,2345"]) {
    assert.equal(readSum(junk), null, junk);
  }
});

test("sums are written as the server writes them", () => {
  assert.equal(writeSum("1234567", "89", " ", ","), "1 234 567,89");
  assert.equal(writeSum("1234567", "5", ",", "."), "1,234,567.50");
  assert.equal(writeSum("000100", "00", " ", ","), "100");
  const words = [" мың", " млн", " млрд", " трлн"];
  for (const [whole, want] of [
    ["2400000", "2,4 млн"],
    ["1850000", "1,8 млн"],
    ["64000000", "64 млн"],
    ["310000", "310 мың"],
    ["999999", "1 млн"],
    ["500", ""],
    ["9100000000", "9,1 млрд"],
  ]) {
    assert.equal(shortSum(whole, words, ","), want, whole);
  }
});

test("clocks change their phase where the server does", () => {
  assert.equal(phase(901, 900), "running");
  assert.equal(phase(900, 900), "soon");
  assert.equal(phase(0, 900), "soon");
  assert.equal(phase(-0.1, 900), "late");
});
