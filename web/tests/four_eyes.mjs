// Four eyes: an officer drafts a standing approval, one approver signs and it is not in force, another signs and it is.
import assert from "node:assert/strict";
import { oneTimeCode } from "./work.mjs";

const go = (page, locator) => Promise.all([page.waitForNavigation(), locator.click()]);
const REASON = "Drafted for four eyes (invented)";

/** The officer's draft; whoever prepares it does not sign it. */
export async function draft({ v, base, look }) {
  const { page } = v;
  await page.goto(`${base}/desk/approvals`);
  await go(page, page.locator('main form[action="/desk/approvals"] button.button-primary'));
  await look(v, "approval-refused");
  assert.ok(await page.locator(".error-summary").count(), "an empty draft is asked about");
  await page.locator('input[name="basis"]').first().check();
  await page.fill('input[name="order"]', "2 000 000");
  await page.fill('input[name="day"]', "50 000 000");
  await page.fill('input[name="hop"]', "3");
  await page.fill('input[name="days"]', "30");
  await page.fill('textarea[name="reason"]', REASON);
  await go(page, page.locator('main form[action="/desk/approvals"] button.button-primary'));
  await page.goto(`${base}/desk/approvals`);
  const mine = page.locator("li.panel").filter({ hasText: REASON });
  assert.equal(await mine.count(), 1, "the draft stands in the list");
  assert.equal(await mine.locator('a[href$="/sign"]').count(), 0, "its author signs nothing");
  await look(v, "approval-drafted");
}

/** An approver signs it, with a fresh code; signs it once. */
export async function sign({ v, base, look, secret }) {
  const { page } = v;
  const mine = () => page.locator("li.panel").filter({ hasText: REASON });
  await page.goto(`${base}/desk/approvals`);
  await go(page, mine().locator('a[href$="/sign"]'));
  if (new URL(page.url()).pathname === "/step-up") {
    await page.fill('input[name="code"]', oneTimeCode(secret));
    await go(page, page.locator("main button.button-primary"));
  }
  await look(v, "approval-sign");
  await go(page, page.locator("main button.button-primary"));
  await page.goto(`${base}/desk/approvals`);
  assert.equal(await mine().locator('a[href$="/sign"]').count(), 0, "nobody signs twice");
  return (await mine().locator(".tag-green").count()) > 0;
}
