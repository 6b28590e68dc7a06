// What an officer and an approver do with a report: orders by keyboard, a hold followed and ended, an approval revoked.
import { createHmac } from "node:crypto";
import fs from "node:fs";
import assert from "node:assert/strict";

/** The one-time code of a secret at this moment (RFC 6238: SHA-1, 30 seconds, six digits). */
export function oneTimeCode(secret, now = Date.now()) {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  let bits = "";
  for (const letter of secret.replace(/=+$/, "")) bits += alphabet.indexOf(letter).toString(2).padStart(5, "0");
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(now / 30_000)));
  const mac = createHmac("sha1", key).update(step).digest();
  const at = mac[mac.length - 1] & 15;
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

/** Sign-ins of the demonstration: secret by login. */
export function secrets(path) {
  const lines = fs.readFileSync(path, "utf8").trim().split("\n");
  return Object.fromEntries(lines.map((line) => line.split(/\s+/)).map(([login, , secret]) => [login, secret]));
}

/** `o` shows what would leave, nothing leaves by it; Ctrl+Enter sends all of it. */
export async function sendByKeyboard({ v, base, look, number }) {
  const { page } = v;
  await page.goto(`${base}/desk/reports/${number}`);
  await Promise.all([page.waitForURL(/\/orders$/), page.keyboard.press("KeyO")]);
  await look(v, "plan");
  assert.equal(await page.locator("[data-send]").count(), 1, "what would leave is shown before it leaves");
  await Promise.all([page.waitForNavigation(), page.keyboard.press("Control+Enter")]);
  await page.goto(`${base}/desk/reports/${number}/orders`);
  assert.equal(await page.locator("[data-send]").count(), 0, "nothing waits to be sent any more");
  await page.goto(`${base}/desk/reports/${number}`);
  assert.ok(await page.locator('a[href^="/desk/orders/ord_"]').count(), "the order that was sent stands in the report");
}

/** Takes a report and takes that back, by keyboard. */
export async function takeAndUndo({ v, base, number }) {
  const { page } = v;
  await page.goto(`${base}/desk/reports/${number}`);
  await Promise.all([page.waitForResponse((r) => r.url().endsWith("/take")), page.keyboard.press("KeyA")]);
  await page.locator(".toast").first().waitFor();
  await Promise.all([page.waitForResponse((r) => r.url().includes("/desk/undo/")), page.keyboard.press("KeyZ")]);
}

/** A report whose money is held: the trail adds up, in picture and table; its hold is ended with a reason. */
export async function followAndRelease({ v, base, look }) {
  const { page } = v;
  await page.goto(`${base}/desk`);
  const row = page.locator('tr[data-row][data-held]:not([data-held="0"])').first();
  await row.waitFor({ timeout: 120_000 });
  const href = await row.locator("a[data-open]").first().getAttribute("href");
  await page.goto(`${base}${href}`);
  await look(v, "report-held");
  assert.ok(await page.locator(".trail-drawing svg").count(), "the trail is a picture");
  assert.ok(await page.locator(".trail-check").count(), "the check of its sums is printed");
  const orders = await page.locator('a[href^="/desk/orders/ord_"]').evaluateAll((links) => [...new Set(links.map((a) => a.getAttribute("href")))]);
  for (const order of orders) {
    await page.goto(`${base}${order}`);
    const release = page.locator('main a[href$="/release"]');
    if (!(await release.count()) || !/1|2|3|4|5|6|7|8|9/.test(await page.locator("#objects ~ p strong").allInnerTexts().then((t) => t.join("")))) continue;
    await Promise.all([page.waitForNavigation(), release.click()]);
    await look(v, "release");
    await Promise.all([page.waitForNavigation(), page.locator("main button.button-primary").click()]);
    assert.ok(await page.locator(".error").count(), "no hold is ended without a reason");
    await page.locator('main form input[type="radio"]').last().check();
    await page.locator("main form textarea, main form input[name=reason]").first().fill("The client showed a contract of sale (invented)");
    await Promise.all([page.waitForNavigation(), page.locator("main button.button-primary").click()]);
    await look(v, "released");
    await page.goto(`${base}${order}`);
    assert.equal(await page.locator('main a[href$="/release"]').count(), 0, "an ended hold cannot be ended again");
    return;
  }
  assert.fail(`no order of ${href} holds anything that could be let go`);
}

/** An approver ends a standing approval at once; from then on nothing goes out by itself. */
export async function revoke({ v, base, look, secret }) {
  const { page } = v;
  await page.goto(`${base}/desk/approvals`);
  const link = page.locator('main a[href$="/revoke"]').first();
  await Promise.all([page.waitForNavigation(), link.click()]);
  if (new URL(page.url()).pathname === "/step-up") {
    await look(v, "step-up");
    await page.fill('input[name="code"]', oneTimeCode(secret));
    await Promise.all([page.waitForNavigation(), page.locator("main button.button-primary").click()]);
  }
  await look(v, "revoke");
  await page.locator("main form textarea, main form input[name=reason]").first().fill("The walk ends here (invented)");
  await Promise.all([page.waitForNavigation(), page.locator("main button.button-primary").click()]);
  await page.goto(`${base}/desk/approvals`);
  assert.equal(await page.locator('main a[href$="/revoke"]').count(), 0, "the approval is revoked at once");
}
