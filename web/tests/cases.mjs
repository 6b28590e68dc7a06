// Cases: opened from a report, given a task, a person and a note, proposed to be refused, seen in the list, on paper and in the time line.
import assert from "node:assert/strict";

const go = (page, locator) => Promise.all([page.waitForNavigation(), locator.click()]);

/** A case of a report from its opening to a decision that waits; `number` is the report's. */
export async function work({ v, base, look, number }) {
  const { page } = v;
  await page.goto(`${base}/desk/reports/${number}`);
  await go(page, page.locator('a[href^="/desk/cases/new?from=report:"]'));
  await look(v, "case-new");
  await go(page, page.locator("main button[data-send]"));
  await look(v, "case-new-refused");
  assert.ok(await page.locator(".error-summary").count(), "no case without a title");
  await page.fill('input[name="title"]', "Invented case");
  await page.selectOption('select[name="template"]', "payment-fraud");
  await go(page, page.locator("main button[data-send]"));
  await look(v, "case");
  const here = new URL(page.url()).pathname;
  assert.ok(await page.locator("#next ~ ol li").count(), "what comes next stands on top");
  assert.ok(await page.locator(`a[href="/desk/reports/${number}"]`).count(), "it leads back to the report");
  const act = async (name, fill) => {
    await page.goto(`${base}${here}/do/${name}`);
    await look(v, `case-${name}`);
    await fill();
    await go(page, page.locator("main button[data-send]"));
    assert.equal(new URL(page.url()).pathname, here, `${name} leads back to the case`);
  };
  await act("task", () => page.fill('input[name="task"]', "Call the victim (invented)"));
  await act("person", async () => {
    await page.fill('input[name="name"]', "Invented Person");
    await page.selectOption('select[name="duty"]', "victim");
  });
  await act("note", () => page.fill('textarea[name="note"]', "An invented note"));
  await act("article", () => page.selectOption('select[name="article"]', "cc-190"));
  for (const name of ["ref", "event", "stage", "door", "member", "hand-over", "merge", "split", "refer"]) {
    await page.goto(`${base}${here}/do/${name}`);
    await look(v, `case-${name}`);
  }
  await act("decide", async () => {
    await page.check('input[name="decision"][value="refuse"]');
    await page.fill('textarea[name="reasons"]', "A quarrel with a shop (invented)");
    await page.fill('input[name="paper"]', "17");
    const today = new Date();
    const two = (n) => String(n).padStart(2, "0");
    await page.fill('input[name="day"]', `${two(today.getUTCDate())}.${two(today.getUTCMonth() + 1)}.${today.getUTCFullYear()}`);
  });
  await look(v, "case-proposed");
  assert.equal(await page.locator('form[action$="/confirm"]').count(), 0, "whoever proposes does not agree");
  for (const [path, name] of [[`${here}/time`, "case-time"], [`${here}/paper`, "case-paper"], ["/desk/cases?q=is:mine", "cases"], ["/desk/cases/bring", "cases-bring"]]) {
    await page.goto(`${base}${path}`);
    await look(v, name);
  }
}
