// Measures and those they fall on: what a report names is suppressed, a holder objects, an approver decides, held
// money is divided, a prosecutor reads what waits.
import assert from "node:assert/strict";
import { oneTimeCode } from "./work.mjs";

const go = (page, locator) => Promise.all([page.waitForNavigation(), locator.click()]);

/** Whoever was told of a restriction, with a code that opens nothing. */
export async function holder({ v, base, look }) {
  const { page } = v;
  await page.goto(`${base}/object`);
  await look(v, "object");
  await page.fill('input[name="code"]', "1234 5678 9012 3456");
  await go(page, page.locator("main button.button-primary"));
  await look(v, "object-no-such-code");
  assert.ok(await page.locator(".error").count(), "a wrong code is refused");
  assert.ok(!page.url().includes("1234"), "no address carries a code");
}

/** An officer picks a measure against something that the report names. */
export async function suppress({ v, base, look, number }) {
  const { page } = v;
  await page.goto(`${base}/desk/reports/${number}/suppress`);
  await look(v, "suppress");
  const picks = page.locator('input[name="pick"]');
  assert.ok(await picks.count(), "something can be done about what the report names");
  for (const pick of await picks.all()) await pick.uncheck();
  await go(page, page.locator("main button[data-send]"));
  await look(v, "suppress-nothing-picked");
  assert.ok(await page.locator(".error-summary").count(), "nothing is sent where nothing was picked");
  await page.locator('input[name="pick"]').first().check();
  for (const area of await page.locator("main textarea").all()) await area.fill("It takes card numbers (invented)");
  await go(page, page.locator("main button[data-send]"));
  await page.goto(`${base}/desk/reports/${number}/suppress`);
  assert.ok(await page.locator('main a[href^="/desk/orders/ord_"]').count(), "what was ordered is shown as ordered");
  await look(v, "suppressed");
}

/** An objection to a hold came on paper; beside it, whose money it is. Gives its number. */
export async function onPaper({ v, base, look }) {
  const { page } = v;
  await page.goto(`${base}/desk`);
  const row = page.locator('tr[data-row][data-held]:not([data-held="0"])').first();
  await row.waitFor({ timeout: 120_000 });
  await page.goto(`${base}${await row.locator("a[data-open]").first().getAttribute("href")}`);
  const orders = await page.locator('a[href^="/desk/orders/ord_"]').evaluateAll((links) => [...new Set(links.map((a) => a.getAttribute("href")))]);
  for (const order of orders) {
    await page.goto(`${base}${order}`);
    const shares = page.locator('main a[href$="/return"]').first();
    if (!(await shares.count())) continue;
    await look(v, "order-held");
    const paper = await page.locator('main a[href^="/desk/appeals/new/"]').first().getAttribute("href");
    await go(page, shares);
    await look(v, "return");
    await page.goto(`${base}${paper}`);
    await look(v, "objection-on-paper");
    await page.locator('input[name="ground"][value="seller"]').check();
    await go(page, page.locator("main button.button-primary"));
    await look(v, "objection-refused");
    assert.ok(await page.locator(".error-summary").count(), "an objection without words is asked for again");
    await page.fill('textarea[name="text"]', "I sold a telephone for it (invented)");
    await page.fill('input[name="name"]', "Үлгі Сатушы (ойдан шығарылған)");
    await page.fill('input[name="contact"]', "8 700 000 00 02");
    await go(page, page.locator("main button.button-primary"));
    await look(v, "objection-officer");
    assert.equal(await page.locator('input[name="decision"]').count(), 0, "an officer does not decide");
    return page.url().split("/").pop();
  }
  assert.fail("no order of the report holds anything");
}

/** An approver who had no hand in it decides; what is upheld ends. */
export async function decide({ v, base, look, number, secret }) {
  const { page } = v;
  await page.goto(`${base}/desk/appeals`);
  await look(v, "objections");
  await go(page, page.locator(`a[href="/desk/appeals/${number}"]`));
  await look(v, "objection");
  const choose = async () => {
    await page.locator('input[name="decision"][value="uphold"]').check();
    await page.locator('textarea[name="reason"]').fill("The sale is proven (invented)");
    await go(page, page.locator("main button.button-primary"));
  };
  await choose();
  if (new URL(page.url()).pathname === "/step-up") {
    await page.fill('input[name="code"]', oneTimeCode(secret));
    await go(page, page.locator("main button.button-primary"));
    if (await page.locator('input[name="decision"]').count()) await choose();
  }
  await page.goto(`${base}/desk/appeals/${number}`);
  assert.equal(await page.locator('input[name="decision"]').count(), 0, "it is decided once");
  await look(v, "objection-decided");
}

/** The prosecutor reads what waits, and one paper with what it covers. */
export async function sanctions({ v, base, look }) {
  const { page } = v;
  await page.goto(`${base}/desk/sanctions`);
  await look(v, "sanctions");
  const first = page.locator("tbody a[data-open]").first();
  if (!(await first.count())) return;
  await go(page, first);
  await look(v, "sanction");
}
