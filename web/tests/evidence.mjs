// Exhibits: a place, a form with a slip, a file that is taken in, sealed, given and called back, proved on paper, saved, and a package of it
// that two programs would check; here the script that lies in it, once as it is and once with a byte changed. Everything is invented.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const go = (page, locator) => Promise.all([page.waitForNavigation(), locator.click()]);
const SCRIPT = fileURLToPath(new URL("../../crates/evidence/verify.py", import.meta.url));
/** Above what a form sends at once. */
const LARGE = 33 * 1024 * 1024;

async function saved(page, locator) {
  const [download] = await Promise.all([page.waitForEvent("download"), locator.click()]);
  const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "walk-")), download.suggestedFilename());
  await download.saveAs(file);
  return file;
}

function verified(file) {
  const ran = spawnSync("python3", [SCRIPT, file], { encoding: "utf8" });
  // 3: whole in itself, and nobody vouches for it, for no key was given.
  return { held: ran.status === 3, said: `${ran.stdout}${ran.stderr}` };
}

/** Takes a file in. Gives its number. */
async function take({ v, base, look, number }, bytes) {
  const { page, js } = v;
  await page.goto(`${base}/desk/evidence/new?report=${number}`);
  await page.fill('input[name="basis"]', "№ 1 хаттама (үлгі)");
  await page.setInputFiles('input[name="file"]', { name: "үлгі.bin", mimeType: "application/octet-stream", buffer: bytes });
  if (bytes.length < LARGE) {
    await look(v, "evidence-new");
    await go(page, page.locator("main button.button-primary"));
    await look(v, "evidence-new-refused");
    assert.ok(await page.locator("#f-title-error").count(), "what it is must be told");
    assert.equal(await page.inputValue('input[name="basis"]'), "№ 1 хаттама (үлгі)", "what was typed is kept");
    await page.setInputFiles('input[name="file"]', { name: "үлгі.bin", mimeType: "application/octet-stream", buffer: bytes });
  }
  await page.fill('input[name="title"]', "Көшірме (үлгі)");
  await page.selectOption('select[name="sort"]', "file");
  await page.fill('input[name="how"]', "көшірілді");
  await Promise.all([page.waitForURL(/\/desk\/evidence\/E-/, { timeout: js ? 120_000 : 30_000 }), page.locator("main button.button-primary").click()]);
  return page.url().split("/").pop();
}

export async function keep({ v, base, look, number }) {
  const { page, js, lang } = v;
  await page.goto(`${base}/desk/evidence/places`);
  await page.fill('input[name="name"]', `Сейф ${lang}`);
  await go(page, page.locator('form[action="/desk/evidence/places"] button'));
  await look(v, "evidence-places");
  const bytes = Buffer.from(`${lang} ${js} ${Date.now()} `.repeat(2_000));
  const exhibit = await take({ v, base, look, number }, bytes);
  const at = `${base}/desk/evidence/${exhibit}`;
  await look(v, "evidence-taken");
  assert.ok(await page.locator(`a[href="/desk/reports/${number}"]`).count(), "it belongs to the report");
  await page.selectOption('select[name="place"]', { index: 1 });
  await go(page, page.locator('form[action$="/move"] button'));
  await go(page, page.locator('a[href$="/seal"]'));
  await look(v, "evidence-seal");
  await page.fill('input[name="seal"]', "№ 0007");
  await go(page, page.locator("main button.button-primary"));
  await page.selectOption('select[name="to"]', { index: 1 });
  await go(page, page.locator('form[action$="/offer"] button'));
  await look(v, "evidence-offered");
  assert.equal(await page.locator('form[action$="/move"]').count(), 0, "what is given is moved by nobody");
  await go(page, page.locator('form[action$="/call-back"] button'));
  await go(page, page.locator('form[action$="/proof/1"] button'));
  await look(v, "evidence-proof");
  await page.goto(at);
  const content = await saved(page, page.locator('form[action$="/content"] button'));
  assert.ok(fs.readFileSync(content).equals(bytes), "what is saved is what was taken in");
  await page.goto(`${base}/desk/evidence`);
  await look(v, "evidence-list");
  await page.locator(`input[name="exhibit"][value="${exhibit}"]`).check();
  await go(page, page.locator('form[action="/desk/evidence/package"] button'));
  await look(v, "evidence-package");
  await go(page, page.locator("main button.button-primary"));
  await look(v, "evidence-package-refused");
  assert.ok(page.url().includes("fault=about") && (await page.locator(".error-summary").count()), "what is missing is told on a page that loads");
  await page.fill('input[name="reason"]', "Сот үшін (үлгі)");
  const tape = await saved(page, page.locator("main button.button-primary"));
  if (js) {
    assert.equal(await page.locator(".error-summary, .error").count(), 0, "what was wrong before is gone");
    assert.ok((await page.locator("[data-saving]").innerText()).includes(exhibit), "what is saved is told");
    assert.ok(!page.url().includes("fault="), "the page is the one that was asked for");
  }
  const whole = verified(tape);
  assert.ok(whole.held && whole.said.includes(exhibit), `the package holds: ${whole.said}`);
  const changed = fs.readFileSync(tape);
  changed[changed.indexOf(bytes.subarray(0, 20))] ^= 1;
  fs.writeFileSync(tape, changed);
  const refused = verified(tape);
  assert.ok(!refused.held && refused.said.includes("/original"), `one byte is refused, with the file: ${refused.said}`);
  await page.goto(at);
  await look(v, "evidence-after");
  if (js && lang === "ru") await take({ v, base, look, number }, Buffer.alloc(LARGE, 7));
}
