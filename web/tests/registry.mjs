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
