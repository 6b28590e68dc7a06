// Schemes: why reports belong together, one taken out and put back, one parted, the plan that suppresses all of it.
import assert from "node:assert/strict";

const go = (page, locator) => Promise.all([page.waitForNavigation(), locator.click()]);

/** The list, the largest scheme, a decision without a reason, one with it, its undo, and the plan. */
export async function sort({ v, base, look }) {
  const { page, js } = v;
  await page.goto(`${base}/desk/schemes?sort=-reports`);
  await look(v, "schemes");
  const first = page.locator("table a[data-open]").first();
  assert.ok(await first.count(), "two reports that name one account are a scheme");
  const number = (await first.textContent()).trim();
  await go(page, first);
  await look(v, "scheme");
  assert.ok((await page.locator("h1").textContent()).startsWith(number));
  assert.ok(await page.locator("#why ~ * tbody tr").count(), "what the reports share is told");
  const boxes = page.locator('input[name="id"]');
  const before = await boxes.count();
  assert.ok(before >= 2, "a scheme is of two reports at least");
  const taken = await boxes.first().inputValue();
  await boxes.first().check();
  await go(page, page.locator('button[name="act"][value="out"]'));
  await look(v, "scheme-take-out");
  await go(page, page.locator("main button.button-primary"));
  await look(v, "scheme-take-out-refused");
  assert.ok(await page.locator(".error-summary").count(), "no decision without a reason");
  await page.fill('textarea[name="reason"]', "Another fraud (invented)");
  await go(page, page.locator("main button.button-primary"));
  await look(v, "scheme-taken-out");
  assert.equal(await page.locator(`input[name="id"][value="${taken}"]`).count(), 0, "it is out");
  const undo = js ? page.locator('.toast form button, form[action$="/undo"] button').first() : page.locator('form[action$="/undo"] button').first();
  await go(page, undo);
  assert.equal(await page.locator(`input[name="id"][value="${taken}"]`).count(), 1, "and in again");
  for (const [act, name] of [["in", "scheme-add"], ["kind", "scheme-kind"]]) {
    await page.goto(`${base}/desk/schemes/${number}/decide?act=${act}`);
    await look(v, name);
  }
  await page.goto(`${base}/desk/schemes/${number}`);
  await go(page, page.locator(`a[href="/desk/schemes/${number}/money"]`));
  await look(v, "scheme-money");
  assert.ok(await page.locator(".trail").count(), "the money of all victims is one path");
  await page.locator(".trail-methods summary").click();
  await look(v, "scheme-money-methods");
  await page.goto(`${base}/desk/schemes/${number}/suppress`);
  await look(v, "scheme-suppress");
  await page.goto(`${base}/desk/reports/${taken}`);
  assert.ok(await page.locator(`a[href="/desk/schemes/${number}"]`).count(), "a report's page leads to its scheme");
}
