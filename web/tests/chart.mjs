// The link chart: opened from a report, expanded and collapsed, filtered, by time, why, a path, kept and opened again, taken out, the table, the
// keyboard alone; without JavaScript the same by links.
import assert from "node:assert/strict";

const go = (page, locator) => Promise.all([page.waitForNavigation(), locator.click()]);

/** What the island was told. */
const told = (page) => page.evaluate(() => JSON.parse(document.getElementById("chart-data").textContent));

/** Waits till the island has said something else. */
const said = async (page, act) => {
  const before = await page.locator(".chart-said").textContent();
  await act();
  await page.waitForFunction((was) => document.querySelector(".chart-said").textContent !== was && !document.querySelector("[aria-busy]"), before);
  return page.locator(".chart-said").textContent();
};

export async function draw({ v, base, look, number }) {
  const { page, js } = v;
  await page.goto(`${base}/desk/reports/${number}`);
  await go(page, page.locator('a[href^="/desk/chart?about=report:"]'));
  await look(v, "chart");
  assert.ok(await page.locator("#chart-things ~ .table-wrap tbody tr").count() >= 2, "what is in it stands in a table");
  assert.ok(await page.locator("#chart-ties ~ .table-wrap tbody tr").count() >= 1, "what ties it, too");
  if (js) await withHands(v, look);
  // By links alone: the same acts.
  await page.goto(`${base}/desk/chart?about=report:${number}&as=picture`);
  if (!js) assert.ok(await page.locator("figure svg.chart-svg .chart-node").count() >= 2, "the server draws the first sixty");
  await page.goto(`${base}/desk/chart?about=report:${number}&as=table&sort=-last`);
  await look(v, "chart-table");
  const why = page.locator("#chart-ties ~ .table-wrap tbody button[data-open]").first();
  await go(page, why);
  await look(v, "chart-why");
  assert.ok(await page.locator("main section li").count(), "a tie says what it rests on");
  await page.goto(`${base}/desk/chart?about=report:${number}&form=time`);
  await look(v, "chart-time");
  await page.goto(`${base}/desk/chart?about=report:${number}`);
  const ends = page.locator('select[name="and"] option');
  if (await ends.count() > 2) {
    await page.locator('select[name="and"]').selectOption({ index: (await ends.count()) - 1 });
    await go(page, page.locator("#chart-path ~ form button"));
    await look(v, "chart-path");
  }
  await page.fill('input[name="name"]', "");
  await go(page, page.locator('form[action="/desk/chart/views"] button'));
  await look(v, "chart-keep-refused");
  assert.ok(await page.locator(".error-summary").count(), "a view needs a name");
  await page.fill('input[name="name"]', "Ойдан шығарылған көрініс");
  await go(page, page.locator('form[action="/desk/chart/views"] button'));
  await look(v, "chart-kept");
  assert.ok((await page.locator("h1").textContent()).includes("Ойдан шығарылған"), "it is opened under its name");
  const remove = page.locator('form[action$="/remove"] button').last();
  await go(page, page.locator("#chart-views ~ ul form[action$='/remove'] button").first());
  await look(v, "chart-start");
  void remove;
}

async function withHands(v, look) {
  const { page } = v;
  await page.waitForSelector(".chart-canvas");
  const first = await told(page);
  const canvas = page.locator(".chart-canvas");
  await canvas.focus();
  // By keyboard alone: to the next one, expanded, undone.
  const chosen = await said(page, () => page.keyboard.press("ArrowRight"));
  assert.ok(chosen.length > 5, "who is chosen is said");
  await page.keyboard.press("ArrowRight");
  await look(v, "chart-chosen");
  const expand = page.locator('tr[data-key] button[data-step="open"]').first();
  if (await expand.count()) {
    await said(page, () => expand.click());
    await said(page, () => page.keyboard.press("z"));
  }
  // Hidden and back.
  const hide = page.locator('tr[data-key] button[data-step="hide"]').last();
  const gone = await hide.locator("xpath=ancestor::tr").getAttribute("data-key");
  await said(page, () => hide.click());
  assert.equal(await page.locator(`tr[data-key="${gone}"]`).count(), 0, "it is hidden");
  await canvas.focus();
  await said(page, () => page.keyboard.press("z"));
  assert.equal(await page.locator(`tr[data-key="${gone}"]`).count(), 1, "and back");
  for (const key of ["+", "-", "0", "Shift+ArrowLeft"]) await page.keyboard.press(key);
  // A place is moved by keyboard, kept, and undone.
  await page.keyboard.press("ArrowRight");
  await said(page, () => page.keyboard.press("Alt+ArrowDown"));
  await said(page, () => page.keyboard.press("z"));
  const box = page.locator('.chart-filter input[name="kind"]').first();
  await said(page, () => box.uncheck());
  await box.check();
  const slider = page.locator('.chart-filter input[name="from"]');
  if (await slider.count()) {
    await slider.focus();
    await page.keyboard.press("End");
    assert.match(await page.locator('output[data-day="from"]').textContent(), /^\d{2}\.\d{2}\.\d{4}$/);
    await page.keyboard.press("Home");
  }
  const [file] = await Promise.all([page.waitForEvent("download"), page.locator("[data-png]").click()]);
  assert.equal(file.suggestedFilename(), "chart.png");
  const [svg] = await Promise.all([page.waitForEvent("download"), page.locator('form[action="/desk/chart/export"] button:not([data-png])').click()]);
  assert.equal(svg.suggestedFilename(), "chart.svg");
  assert.ok(first.nodes.length >= 2);
}
