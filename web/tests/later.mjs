// What becomes known later, and what goes on: clues, extensions, the list of droppers, letters, agreements.
import assert from "node:assert/strict";

const go = (page, locator) => Promise.all([page.waitForNavigation(), locator.click()]);
const primary = (page) => page.locator("main form button.button-primary, main form button.button").last();

/** Something is found out: added, seen among the measures, taken back. */
export async function clues({ v, base, look, number }) {
  const { page } = v;
  const here = `${base}/desk/reports/${number}/clues`;
  await page.goto(here);
  await look(v, "clues");
  const add = page.locator('form[action$="/clues"] button');
  await go(page, add);
  await look(v, "clues-refused");
  assert.ok(await page.locator(".error-summary").count(), "nothing is added where nothing was said");
  const name = `WALK ${v.lang.toUpperCase()}`;
  await page.selectOption('select[name="kind"]', "sender");
  await page.fill('input[name="value"]', name.toLowerCase());
  await page.fill('input[name="source"]', "Told on the phone (invented)");
  await go(page, add);
  assert.equal(await page.locator("li.panel strong").filter({ hasText: name }).count(), 1, "it stands in the list");
  await look(v, "clues-added");
  await page.goto(`${base}/desk/reports/${number}/suppress`);
  assert.ok(await page.locator("legend").filter({ hasText: name }).count(), "it can be met with measures");
  await page.goto(here);
  await go(page, page.locator("li.panel").filter({ hasText: name }).locator("button"));
  assert.equal(await page.locator("li.panel strong").filter({ hasText: name }).count(), 0, "it was a slip");
}

/** The first page of a report's orders that has such a link. */
async function find({ v, base, end }) {
  const { page } = v;
  await page.goto(`${base}/desk`);
  const row = page.locator('tr[data-row][data-held]:not([data-held="0"])').first();
  await row.waitFor({ timeout: 120_000 });
  const report = await row.locator("a[data-open]").first().getAttribute("href");
  await page.goto(`${base}${report}`);
  const orders = await page.locator('a[href^="/desk/orders/ord_"]').evaluateAll((links) => [...new Set(links.map((a) => a.getAttribute("href")))]);
  for (const order of orders) {
    await page.goto(`${base}${order}`);
    if (await page.locator(`main a[href$="${end}"]`).count()) return report;
  }
  assert.fail(`no order of ${report} has a link ${end}`);
}

/** What is held could go on; whoever lent the account could be listed. Nothing is sent: empty forms are asked about. */
export async function goingOn({ v, base, look }) {
  const { page } = v;
  const report = await find({ v, base, end: "/extend" });
  await go(page, page.locator('main a[href$="/extend"]').first());
  await look(v, "extend");
  if (await page.locator('textarea[name="reason"]').count()) {
    await go(page, primary(page));
    await look(v, "extend-refused");
    assert.ok(await page.locator(".error-summary").count(), "an extension without a reason is asked about");
  }
  await page.goto(`${base}${report}/list`);
  await look(v, "list-dropper");
  if (await page.locator('input[name="number"]').count()) {
    await go(page, primary(page));
    await look(v, "list-dropper-refused");
    assert.ok(await page.locator(".error-summary").count(), "nobody is listed by an empty form");
  }
}

/** A letter, as it is printed. Officers of the demonstration send them, so somebody must be quick. */
export async function letter({ v, base, look }) {
  const { page } = v;
  for (const until = Date.now() + 120_000; Date.now() < until; ) {
    await page.goto(`${base}/desk/dispatch`);
    const first = page.locator('main a[href^="/desk/dispatch/"]').first();
    if (await first.count()) {
      await page.goto(`${base}${await first.getAttribute("href")}`);
      await look(v, "paper");
      assert.ok((await page.locator("article.sheet").count()) >= 2, "the paper is in two languages");
      await page.emulateMedia({ media: "print" });
      assert.ok(!(await page.locator(".no-print").first().isVisible()), "what is no paper is not printed");
      await page.emulateMedia({ media: "screen" });
      return;
    }
    await page.waitForTimeout(700);
  }
  assert.fail("no letter within two minutes");
}

/** An agreement: by a form, which asks for what is missing, or by a file. */
export async function agreements({ v, base, look }) {
  const { page } = v;
  await page.goto(`${base}/admin/institutions/new`);
  await look(v, "agreement-new");
  await go(page, page.locator("main form button.button-primary").last());
  await look(v, "agreement-refused");
  assert.ok(await page.locator(".error-summary").count(), "an empty agreement is asked about");
  await page.goto(`${base}/admin/institutions/file`);
  await look(v, "agreement-file");
}
