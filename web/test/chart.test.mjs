// What the chart's picture writes where: pure, as the server's own placing of names (crates/chart/src/picture/names.rs).
import assert from "node:assert/strict";
import { test } from "node:test";
import { ends, written } from "../src/chart-draw.js";

const meets = (a, b) => a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];

test("no name lies on another, on a sign or out of the window, however many there are", () => {
  let seed = 7;
  const random = (n) => (seed = (seed * 16807) % 2147483647) % n;
  for (let round = 0; round < 60; round += 1) {
    const half = 3 + random(10);
    const wanted = Array.from({ length: 1 + random(90) }, () => ({ node: {}, x: random(400), y: random(600), wide: 10 + random(150), half }));
    const signs = wanted.map(({ x, y }) => [x - half, y - half, x + half, y + half]);
    const all = written(wanted, signs, { width: 390, height: 500, top: 26 });
    assert.ok(all.length > 0 || wanted.length < 9);
    all.forEach(({ box }, i) => {
      assert.ok(box[0] >= 0 && box[2] <= 390 && box[1] >= 26 && box[3] <= 500);
      assert.ok(!all.slice(i + 1).some((other) => meets(box, other.box)));
      assert.ok(!signs.some((sign) => meets(box, sign)));
    });
  }
});

test("the first is written where only one has room", () => {
  const same = (name) => ({ node: { name }, x: 100, y: 20, wide: 180, half: 13 });
  const all = written([same("chosen"), same("other")], [], { width: 200, height: 50 });
  assert.deepEqual(all.map((w) => w.node.name), ["chosen"]);
});

test("by time ties go straight up or down", () => {
  const [report, line, other] = [{ x: 50, y: 84, line: false }, { x: -34, y: 0, line: true }, { x: -34, y: 112, line: true }];
  for (const [from, to, x, at] of [[report, line, null, 50], [line, report, null, 50], [line, other, 70, 70]]) {
    const [a, b] = ends({ from, to, x });
    assert.deepEqual([a.x, b.x], [at, at]);
  }
  assert.deepEqual(ends({ from: line, to: other, x: null }), [line, other]);
});
