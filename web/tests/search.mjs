// Searching: the box in the head, what is found in other writings and on the wrong keyboard, filters, pages, nothing typed in an address.
import assert from "node:assert/strict";

const go = (page, locator) => Promise.all([page.waitForNavigation(), locator.click()]);

async function type(page, text, box = "#search-q") {
  await page.fill(box, text);
  await go(page, page.locator(`form:has(${box}) button`));
  const address = decodeURIComponent(page.url());
  assert.ok(address.includes("/desk/search?s=") && !address.includes(text), "what was typed stands in no address");
}

/** From the head of the queue to what is found, by hand and by the keyboard. */
export async function find({ v, base, look }) {
  const { page, js } = v;
  await page.goto(`${base}/desk/search`);
  await look(v, "search-start");
  await page.goto(`${base}/desk/schemes`);
  if (js) {
    await page.goto(`${base}/desk/board`);
    await page.keyboard.press("Slash");
    assert.equal(await page.evaluate(() => document.activeElement?.id), "find-q", "the box has the focus where a page has no filter");
    await page.keyboard.type("банк");
    await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
  } else {
    await type(page, "банк", "#find-q");
  }
  // The demo's stories change from day to day: its reports name banks.
  await page.waitForSelector("tr[data-row], .empty");
  await look(v, "search-found");
  assert.ok(await page.locator("tr[data-row]").count(), "institutions at least have it in their names");
  const figure = (text) => Number((/: ([\d\s\u00a0,]+)$/.exec(text.trim())?.[1] ?? "").replaceAll(/\D/g, ""));
  const count = async () => figure(await page.locator(".found-count").innerText());
  const all = await count();
  // Where the screen is small the filters are folded; where it is large they are shown by style alone, which the browser's driver does not see.
  const unfold = () => page.locator(".facets-fold").evaluateAll((all) => all.forEach((fold) => { fold.open = true; }));
  await unfold();
  const kind = page.locator('nav[aria-labelledby="facet-kind"] a').last();
  const said = figure(await kind.innerText());
  await go(page, kind);
  await look(v, "search-narrowed");
  // The country goes on meanwhile, so there may be more.
  const narrowed = await count();
  assert.ok(said > 0 && narrowed >= said, `the facet's count is that of its list: ${said}, ${narrowed}`);
  await unfold();
  await go(page, page.locator('nav[aria-labelledby="facet-kind"] a[aria-current]'));
  assert.ok((await count()) >= all, "a filter that is taken off leaves what was there");
  await type(page, ",fyr");
  assert.ok(await page.locator(".search-note").count(), "another keyboard is told");
  await look(v, "search-layout");
  await type(page, "ешжерде болмайтын сөз zzqqxxyy");
  await look(v, "search-nothing");
  const number = await report(page, base);
  await type(page, number, "#find-q");
  const first = page.locator("tr[data-row] a[data-open]").first();
  assert.equal((await first.innerText()).trim(), number, "a report's number finds it first");
  await look(v, "search-number");
  if (js) {
    await page.locator("h1").click();
    await page.keyboard.press("j");
    await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
    assert.ok(page.url().startsWith(`${base}/desk/`) && !page.url().includes("/search"), "j and Enter open what was found");
  }
}

/** The number of a report of the queue. */
async function report(page, base) {
  await page.goto(`${base}/desk`);
  const link = page.locator('a[href^="/desk/reports/R-"]').first();
  return (await link.innerText()).trim();
}
