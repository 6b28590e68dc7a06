// An institution's people at the console: a request is confirmed and answered in two clicks, others by a table; a
// manager changes a key and adds a colleague.
import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";

const go = (page, locator) => Promise.all([page.waitForNavigation(), locator.click()]);

/** Waits until the institution has a request that nobody has confirmed yet. */
async function fresh(page, base) {
  for (let i = 0; i < 60; i += 1) {
    await page.goto(`${base}/console`);
    if (await page.locator('tr form[action="/console/received"]').count()) return true;
    await page.waitForTimeout(1_000);
  }
  return false;
}

/** Receipt, then an answer: what is so, and send. */
export async function answer(v, base, look) {
  const { page } = v;
  await page.goto(`${base}/console`);
  await look(v, "console");
  const link = page.locator('a[href^="/console/orders/ord_"]').first();
  if (!(await link.count())) return false;
  await go(page, link);
  await look(v, "console-request");
  const codes = page.locator('a[href*="/answer?code="]');
  if (!(await codes.count())) return false;
  const refuse = page.locator('a[href$="/answer?code=N32"]').first();
  await go(page, refuse);
  await look(v, "console-answer");
  const wrong = page.url().replace("N32", "R40");
  await page.goto(wrong);
  await go(page, page.locator("main button.button-primary"));
  await look(v, "console-answer-wrong");
  assert.ok(await page.locator(".error").count(), "a refusal without words is asked about");
  await page.goto(wrong.replace("R40", "N32"));
  const before = page.url();
  await go(page, page.locator("main button.button-primary"));
  assert.notEqual(page.url(), before, "the answer is taken");
  await look(v, "console-answered");
  return true;
}

/** What waits is taken home as a table; a line is filled in, another is wrong; the good one is sent. */
export async function table(v, base, look) {
  const { page } = v;
  await fresh(page, base);
  await page.goto(`${base}/console/table`);
  await look(v, "console-table");
  const got = await page.request.get(`${base}/console/table.csv`);
  const text = (await got.text()).replace(/^\uFEFF/, "");
  const [head, ...lines] = text.trim().split(/\r?\n/);
  const waiting = lines.filter((l) => l.startsWith("ord_"));
  if (!waiting.length) return false;
  const at = head.split(";").indexOf("code");
  // "No such account" answers any measure.
  const good = waiting[0].split(";").map((cell, column) => (column === at ? "N30" : cell)).join(";");
  const wrong = good.replace(/obj_[0-9a-f]{4}/, "obj_0000");
  const file = { name: "answers.csv", mimeType: "text/csv", buffer: Buffer.from([head, good, wrong].join("\n")) };
  await page.setInputFiles('input[type="file"]', file);
  await go(page, page.locator("main button.button-primary"));
  await look(v, "console-table-check");
  await go(page, page.locator('form[action="/console/table/send"] button'));
  assert.match(page.url(), /\/console$/, "what was good is sent");
  return true;
}

/** How institutions answer, as everybody sees it. */
export async function scores(v, base, look) {
  await v.page.goto(`${base}/institutions`);
  await look(v, "institutions-answer");
}

/** Look-back, the institution's own page, a new key, a new colleague. */
export async function keep(v, base, look) {
  const { page } = v;
  await page.goto(`${base}/console/past`);
  await look(v, "console-past");
  await page.goto(`${base}/console/institution`);
  await look(v, "console-institution");
  await page.goto(`${page.url()}/keys/new`);
  await go(page, page.locator("main button.button-primary"));
  await look(v, "console-key-wrong");
  const { publicKey } = generateKeyPairSync("ed25519");
  await page.fill('input[name="name"]', `walk-${Date.now() % 100_000}`);
  await page.fill('textarea[name="public_key"]', publicKey.export({ type: "spki", format: "pem" }));
  await go(page, page.locator("main button.button-primary"));
  assert.match(page.url(), /\/console\/institution\/[A-Z0-9]+$/, "the key is taken");
  await page.goto(`${base}/console/people`);
  await look(v, "console-people");
  await page.goto(`${base}/console/people/new`);
  await look(v, "console-person-new");
  await page.fill('input[name="name"]', "Жаңа Қызметкер (ойдан шығарылған)");
  await page.fill('input[name="login"]', `walk${Date.now() % 100_000}`);
  await go(page, page.locator("main button.button-primary"));
  await look(v, "console-person-handed");
}
