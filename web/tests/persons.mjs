// Persons: the list, who waits to be judged, somebody written down by hand, their page, and the book of droppers.
import assert from "node:assert/strict";

const go = (page, locator) => Promise.all([page.waitForNavigation(), locator.click()]);

/** An officer looks for somebody, writes somebody down for a report, opens them for it, and looks at the droppers. */
export async function keep({ v, base, look, number }) {
  const { page } = v;
  await page.goto(`${base}/desk/persons`);
  await look(v, "persons");
  await go(page, page.locator('form[action="/desk/persons"] button'));
  await look(v, "persons-refused");
  assert.ok(await page.locator(".error-summary").count(), "nothing is looked for without a report");
  await page.goto(`${base}/desk/persons/review`);
  await look(v, "persons-review");
  await page.goto(`${base}/desk/persons/new`);
  await look(v, "person-new");
  await page.fill('input[name="last"]', "Ойдан");
  await page.fill('input[name="first"]', "Шығарылған");
  await page.fill('input[name="report"]', number);
  await page.locator('[name="role"]').first().evaluate((e) => e.tagName).then((tag) =>
    tag === "SELECT" ? page.selectOption('select[name="role"]', "dropper") : page.check('input[name="role"][value="dropper"]'));
  await go(page, page.locator("main form button.button-primary"));
  await look(v, "person");
  assert.ok((await page.locator("main").innerText()).includes("Ойдан"), "who was written down is there");
  await page.goto(`${base}/desk/persons/droppers`);
  await look(v, "droppers");
}
