// The registry of identifiers: anybody asks at the portal, an officer looks something up and confirms it, two approvers list
// it, one clears it.
import assert from "node:assert/strict";
import { oneTimeCode } from "./work.mjs";

const go = (page, locator) => Promise.all([page.waitForNavigation(), locator.click()]);

/** The check at the portal: nothing, a slip, a short line, a whole message. No answer is ever green. */
export async function check({ v, base, look, account }) {
  const { page } = v;
  await page.goto(`${base}/`);
  await go(page, page.locator('a[href="/check"]').first());
  await look(v, "check-number");
  const ask = async (text) => {
    await page.fill('textarea[name="value"]', text);
    await go(page, page.locator("main button.button-primary"));
  };
  await ask("KZ001");
  await look(v, "check-number-refused");
  assert.ok(await page.locator(".error-summary").count(), "a slip is told");
  assert.equal(await page.inputValue('textarea[name="value"]'), "KZ001", "what was typed stays");
  await ask(`Переведите на ${account}, сайт https://bank-safe.example/login`);
  await look(v, "check-number-answers");
  assert.equal(await page.locator(".callout").count(), 2, "everything that the message names is answered");
  assert.equal(await page.locator(".callout-green").count(), 0, "nothing is ever called safe");
  assert.ok(!page.url().includes("KZ"), "no number stands in an address");
  await ask("1414");
  await look(v, "check-number-known");
  await ask("https://egov-kz.example/login");
  await look(v, "check-number-looks-like");
  assert.ok((await page.locator(".callout").textContent()).includes("egov.kz"), "the genuine address is named");
  await page.goto(`${base}/check/mine`);
  await look(v, "check-mine");
  await go(page, page.locator('form[action="/check/mine"] button'));
  await look(v, "check-mine-refused");
  assert.equal(await page.locator(".error-summary li").count(), 4, "everything that is missing is said at once");
  await page.fill('input[name="value"]', account);
  await page.fill('textarea[name="text"]', "It is mine: a sale of a bicycle (invented)");
  await page.fill('input[name="name"]', "Invented Person");
  await page.fill('input[name="contact"]', "invented@example.test");
  await go(page, page.locator('form[action="/check/mine"] button'));
  await look(v, "check-mine-done");
  const code = await page.locator("dl.facts strong.value").textContent();
  await page.goto(`${base}/check/mine`);
  await page.fill('input[name="code"]', code);
  await go(page, page.locator('form[action="/check/mine/outcome"] button'));
  await look(v, "check-mine-outcome");
}

/** An officer brings a list, looks it over, has it taken in and takes it back; looks at an objection from the portal. */
export async function lists({ v, base, look }) {
  const { page } = v;
  await page.goto(`${base}/desk/registry/lists`);
  await look(v, "registry-lists");
  await go(page, page.locator("main form button.button-primary"));
  await look(v, "registry-lists-refused");
  assert.ok(await page.locator(".error-summary").count(), "no file, no list");
  await page.fill('input[name="name"]', "Invented list");
  const lines = "value\n+77000000641\ninvented-shop.example\negov.kz\n12\n";
  await page.setInputFiles('input[name="table"]', { name: "list.csv", mimeType: "text/csv", buffer: Buffer.from(lines) });
  await go(page, page.locator("main form button.button-primary"));
  await look(v, "registry-list");
  assert.equal(await page.locator("table tbody tr").count(), 2, "each line that is not taken says why");
  await go(page, page.locator('a[href$="/lines"]'));
  await look(v, "registry-list-lines");
  assert.equal(await page.locator("table tbody tr").count(), 2);
  await page.goBack();
  await go(page, page.locator('form[action$="/start"] button'));
  for (let i = 0; i < 40 && (await page.locator("progress").count()); i += 1) {
    await page.waitForTimeout(250);
    await page.reload();
  }
  await look(v, "registry-list-taken-in");
  await go(page, page.locator('form[action$="/undo"] button'));
  await page.goto(`${base}/desk/registry/objections`);
  await look(v, "registry-objections");
  await go(page, page.locator("table a[data-open]").first());
  await look(v, "registry-objection");
  await go(page, page.locator('form[action$="/accept"] button'));
  await look(v, "registry-objection-refused");
}

/** An officer looks an account up, opens its entry and confirms it. Gives its address. */
export async function confirm({ v, base, look, account }) {
  const { page } = v;
  await page.goto(`${base}/desk/registry`);
  await look(v, "registry");
  await page.fill('input[name="value"]', account);
  await page.selectOption('select[name="purpose"]', "investigate");
  await go(page, page.locator("main button.button-primary").first());
  await look(v, "registry-found");
  await go(page, page.locator('main a.button[href^="/desk/registry/idn_"]').first());
  await look(v, "registry-entry");
  await go(page, page.locator('form[action$="/confirm"] button'));
  await look(v, "registry-entry-refused");
  assert.ok(await page.locator(".error-summary").count(), "no reason, no confirmation");
  await page.fill('form[action$="/confirm"] textarea', "Two people paid here (invented)");
  await go(page, page.locator('form[action$="/confirm"] button'));
  await look(v, "registry-confirmed");
  assert.equal(await page.locator('form[action$="/list"]').count(), 0, "whoever confirmed signs nothing");
  return new URL(page.url()).pathname;
}

/** Presses a button that wants a fresh code, and presses it again once the code was given. */
async function press(page, selector, entry, secret, fill) {
  await fill?.();
  await go(page, page.locator(selector));
  if (new URL(page.url()).pathname !== "/step-up") return;
  await page.fill('input[name="code"]', oneTimeCode(secret));
  await go(page, page.locator("main button.button-primary"));
  await page.goto(entry);
  if (!(await page.locator(selector).count())) return;
  await fill?.();
  await go(page, page.locator(selector));
}

/** An approver signs the listing; nobody signs twice. */
export async function sign({ v, base, look, entry, secret }) {
  const { page } = v;
  await page.goto(`${base}${entry}`);
  await press(page, 'form[action$="/list"] button', `${base}${entry}`, secret);
  await page.goto(`${base}${entry}`);
  assert.equal(await page.locator('form[action$="/list"]').count(), 0, "nobody signs twice");
  await look(v, "registry-signed");
}

/** An approver clears it. */
export async function clear({ v, base, look, entry, secret }) {
  const { page } = v;
  await page.goto(`${base}${entry}`);
  const fill = () => page.fill('form[action$="/clear"] textarea', "A seller of a telephone (invented)");
  await press(page, 'form[action$="/clear"] button.button-primary', `${base}${entry}`, secret, fill);
  await page.goto(`${base}${entry}`);
  assert.equal(await page.locator('form[action$="/clear"]').count(), 0, "it is cleared once");
  await look(v, "registry-cleared");
}

/** An auditor lands on the page of who asked, and sees the people of the office by name; nothing of a case opens. */
export async function audit({ v, base, look, account }) {
  const { page } = v;
  assert.equal(new URL(page.url()).pathname, "/desk/registry/asked", "an auditor lands on the own page");
  await look(v, "registry-asked");
  await page.fill('input[name="value"]', account);
  await go(page, page.locator("main button.button-primary"));
  await look(v, "registry-asked-answers");
  const people = await page.locator("main table").first().textContent();
  assert.ok(people.includes("Әлия Сейітова"), "who looked it up stands there by name");
  assert.ok(!page.url().includes("KZ"), "no number stands in an address");
  const entry = await page.goto(`${base}/desk/registry`);
  assert.ok([403, 404].includes(entry.status()), "the registry itself does not open");
}
