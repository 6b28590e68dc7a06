// The browser walk: a citizen reports without JavaScript and with it, in three languages; an officer works
// the desk. Every page is looked at by axe (WCAG 2.2 AA) at 320 px and at desk width, in both themes by turns.
// Usage: node tests/walk.mjs BASE [--full]      (BASE on loopback, a running demonstration)
import { chromium } from "playwright-core";
import { createRequire } from "node:module";
import fs from "node:fs";
import assert from "node:assert/strict";
import * as chart from "./chart.mjs";
import * as cases from "./cases.mjs";
import * as atConsole from "./console.mjs";
import * as evidence from "./evidence.mjs";
import * as rows from "./rows.mjs";
import * as fourEyes from "./four_eyes.mjs";
import * as later from "./later.mjs";
import * as persons from "./persons.mjs";
import * as registry from "./registry.mjs";
import * as schemes from "./schemes.mjs";
import * as search from "./search.mjs";
import { decide, holder, onPaper, sanctions, suppress } from "./measures.mjs";
import { followAndRelease, revoke, secrets, sendByKeyboard, takeAndUndo } from "./work.mjs";

const require = createRequire(import.meta.url);
const axe = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const [base, ...flags] = process.argv.slice(2);
const full = flags.includes("--full");
const shots = process.env.QORGAN_SHOTS;
assert.match(base ?? "", /^http:\/\/(127\.0\.0\.1|localhost):\d+$/, "the walk goes to loopback only");

const executablePath = process.env.QORGAN_CHROMIUM ?? "/usr/bin/chromium";
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-quic", "--disable-background-networking"] });
let looked = 0;
const faults = [];

/** A context of its own: language, width, theme, with or without JavaScript. */
async function visitor({ lang = "ru", width = 360, theme = "light", js = true } = {}) {
  const context = await browser.newContext({ viewport: { width, height: 780 }, javaScriptEnabled: js, locale: lang, bypassCSP: js });
  await context.addCookies([
    { name: "lang", value: lang, url: base },
    { name: "theme", value: theme, url: base },
  ]);
  const page = await context.newPage();
  page.on("pageerror", (error) => faults.push(`script error on ${page.url()}: ${error}`));
  page.on("request", (request) => {
    if (!request.url().startsWith(base) && request.url().startsWith("http")) faults.push(`request left the host: ${request.url()}`);
  });
  return { context, page, js, lang };
}

/** What every page must be. */
async function look({ page, js, lang }, name) {
  looked += 1;
  const where = `${name} (${lang}, ${page.viewportSize().width} px${js ? "" : ", no script"})`;
  assert.equal(await page.getAttribute("html", "lang"), lang, `${where}: lang`);
  assert.equal(await page.locator("h1").count(), 1, `${where}: exactly one h1`);
  const words = await page.locator("body").innerText();
  assert.doesNotMatch(words, /\{\s*\$|\[[a-z]+(-[a-z0-9]+)+(\.[a-z_]+)?\]/, `${where}: a key instead of words`);
  if (shots) await page.screenshot({ path: `${shots}/${name}-${lang}-${page.viewportSize().width}${js ? "" : "-nojs"}.png`, fullPage: true });
  if (!js) return;
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() =>
    globalThis.axe.run(document, { runOnly: { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] } }));
  for (const v of violations) faults.push(`axe ${v.impact} ${v.id} on ${where}: ${v.nodes[0].target}`);
  const size = page.viewportSize();
  await page.setViewportSize({ width: 320, height: 640 });
  const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  if (over > 0) faults.push(`${where}: ${over} px wider than 320 px`);
  await page.setViewportSize(size);
}

/** Goes on: the form's one primary button. */
const next = (page) => Promise.all([page.waitForNavigation(), page.locator("main button.button-primary").first().click()]);

/** A report from the first question to the receipt. */
async function file(v, { bank, own, account, amount, twice = false }) {
  const { page } = v;
  await page.goto(`${base}/`);
  await look(v, "home");
  await page.goto(`${base}/report`);
  await look(v, "now");
  await next(page);
  assert.ok(await page.locator(".error").count(), "an unanswered question is shown as an error");
  await page.check('input[name="ongoing"][value="no"]');
  await next(page);
  await look(v, "what");
  await page.check('input[name="kind"][value="money"]');
  await next(page);
  await page.fill('input[name="amount"]', "-5");
  await next(page);
  await look(v, "payment-errors");
  assert.ok((await page.locator(".error").count()) >= 3, "each wrong field says so beside it");
  assert.ok(await page.locator('input[name="own_unknown"]').count(), "not to know the own account is an answer");
  assert.equal(await page.inputValue('input[name="amount"]'), "-5", "bad input is kept");
  await page.selectOption('select[name="own_bank"]', bank);
  await page.fill('input[name="own_account"]', own);
  await page.fill('input[name="amount"]', amount);
  await page.check('input[name="day"][value="today"]');
  await page.fill('input[name="to"]', account);
  if (v.js) {
    await page.reload();
    await page.selectOption('select[name="own_bank"]', bank);
    await page.fill('input[name="own_account"]', own);
    await page.fill('input[name="amount"]', amount);
    await page.check('input[name="day"][value="today"]');
    await page.fill('input[name="to"]', account);
  }
  await next(page);
  await look(v, "you");
  await page.fill('input[name="name"]', "Айгүл Үлгіқызы (ойдан шығарылған)");
  await page.fill('input[name="phone"]', "8 700 000 12 34");
  await next(page);
  await look(v, "check");
  await page.check('input[name="confirm"]');
  if (twice) {
    // A second press on the very same page: the same report, the same receipt.
    const body = new URLSearchParams({ confirm: "1", idempotency_key: await page.inputValue('input[name="idempotency_key"]') }).toString();
    const headers = { "content-type": "application/x-www-form-urlencoded", origin: base };
    await page.request.post(`${base}/report/check`, { data: body, headers, maxRedirects: 0 });
  }
  await Promise.all([page.waitForNavigation(), page.locator('form[action="/report/check"] button.button-primary').click()]);
  await look(v, "receipt");
  const number = await page.getAttribute("[data-receipt-number]", "data-receipt-number");
  const code = await page.getAttribute("[data-receipt-code]", "data-receipt-code");
  assert.match(number, /^R-\d{4}-\d{8}$/);
  assert.match(code, /^\d{16}$/);
  assert.ok(!page.url().includes(code) && !page.url().includes(number), "no address carries a secret");
  await page.reload();
  assert.equal(await page.getAttribute("[data-receipt-code]", "data-receipt-code"), code, "a reload does not lose the code");
  return { number, code };
}

/** Tells the story and opens the report again with number and code, as from another phone. */
async function own(v, { number, code }) {
  const { page, context } = v;
  await page.goto(`${base}/my-report/story`);
  await look(v, "story");
  await page.fill('textarea[name="story"]', "Звонили с 8 700 000 77 66, сказали «безопасный счёт», ссылка hxxp://bank-safe[.]example/login <b>😀</b>");
  await next(page);
  await look(v, "my-report");
  await addFiles(v);
  await context.clearCookies({ name: "visit" });
  await page.goto(`${base}/my-report`);
  await look(v, "open");
  await page.fill('input[name="number"]', number);
  await page.fill('input[name="code"]', "0000 0000 0000 0000");
  await next(page);
  assert.ok(await page.locator(".error").count(), "a wrong code is refused");
  await page.fill('input[name="code"]', code.replace(/(\d{4})/g, "$1 "));
  await next(page);
  assert.match(await page.locator("body").innerText(), new RegExp(number), "number and code open the report");
}

/** A picture of one point, and something that only pretends to be one. */
const POINT = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");

/** Adds two files, opens the picture, takes the other one back and puts it back. */
async function addFiles(v) {
  const { page } = v;
  await page.goto(`${base}/my-report/files`);
  await next(page);
  assert.ok(await page.locator(".error").count(), "a form without a file says so");
  await page.setInputFiles('input[type="file"]', [
    { name: "Скрин чата.png", mimeType: "image/png", buffer: POINT },
    { name: "not-a-picture.png", mimeType: "image/png", buffer: Buffer.from("<script>alert(1)</script>") },
  ]);
  await page.locator("form[data-upload] button").click();
  await page.locator('a[href="/my-report/files/2"]').waitFor();
  await look(v, "files");
  const headers = async (no) => (await page.request.get(`${base}/my-report/files/${no}`)).headers();
  assert.equal((await headers(1))["content-type"], "image/png");
  assert.match((await headers(2))["content-disposition"], /^attachment/, "what is no picture is saved, never shown");
  await Promise.all([page.waitForNavigation(), page.locator('form[action="/my-report/files/2/remove"] button').click()]);
  assert.equal(await page.locator('a[href="/my-report/files/2"]').count(), 0, "what was taken back is seen no more");
  await Promise.all([page.waitForNavigation(), page.locator('form[action$="/put-back"] button').click()]);
  assert.equal(await page.locator('a[href="/my-report/files/2"]').count(), 1);
}

/** Signs in as somebody of the demonstration. */
async function signIn(v, login) {
  await v.page.goto(`${base}/sign-in`);
  await look(v, "sign-in");
  const form = v.page.locator('form[action^="/sign-in/demo"]').filter({ has: v.page.locator(`[value="${login}"]`) });
  await Promise.all([v.page.waitForNavigation(), form.locator(`button`).first().click()]);
}

/** The officer's day: queue, report, orders, board, approvals. */
async function desk(v, number) {
  const { page } = v;
  await signIn(v, "aliya");
  await page.goto(`${base}/desk`);
  await look(v, "queue");
  await page.goto(`${base}/desk/reports/${number}`);
  assert.ok(await page.locator('a[href$="/files/1"]').count(), "the officer sees what was added");
  await look(v, "desk-report");
  const order = page.locator('a[href^="/desk/orders/ord_"]').first();
  if (await order.count()) {
    await Promise.all([page.waitForNavigation(), order.click()]);
    await look(v, "desk-order");
  }
  await registers(v, number);
  for (const [path, name] of [["/desk/orders", "orders-to-send"], ["/desk/board", "board"], ["/desk/approvals", "approvals"], ["/desk/appeals", "objections"], ["/desk/away", "away"], ["/desk/dispatch", "dispatch"], ["/law", "law"], ["/me/sessions", "sessions"]]) {
    await page.goto(`${base}${path}`);
    await look(v, name);
  }
}

/** The country's registers of a report: where it stands, and a refusal without reasons, which is none. */
async function registers(v, number) {
  const { page } = v;
  await page.goto(`${base}/desk/reports/${number}/registers`);
  await look(v, "registers");
  // Depends on what the register of the simulated country has answered so far.
  for (const [end, name] of [["/decide/refused", "register-refuse"], ["/receipt", "register-number"]]) {
    const link = page.locator(`a[href$="${end}"]`).first();
    if (!(await link.count())) continue;
    const [reply] = await Promise.all([page.waitForNavigation(), link.click()]);
    await look(v, reply.status() === 409 ? `${name}-late` : name);
    // The register was quicker.
    if (reply.status() === 409) return;
    await Promise.all([page.waitForNavigation(), page.locator("main button.button-primary").click()]);
    await look(v, `${name}-empty`);
    if (!(await page.locator('[href^="#f-"]').count())) faults.push(`${name}: an empty form was taken`);
    return;
  }
}

/** The administrator: lands on the accounts, adds one, closes it, looks at institutions and parked events. */
async function administer(v) {
  const { page } = v;
  const go = (locator) => Promise.all([page.waitForNavigation(), locator.click()]);
  await signIn(v, "erzhan");
  if (!page.url().endsWith("/admin/accounts")) faults.push(`an administrator landed on ${page.url()}`);
  await look(v, "accounts");
  await page.goto(`${base}/admin/accounts/new`);
  await go(page.locator("main button.button-primary"));
  await look(v, "account-refused");
  await page.locator('[name="name"]').fill("Үлгі Қызметкер");
  await page.locator('[name="login"]').fill(`walk${Date.now()}`);
  await page.locator('[name="roles"][value="duty_officer"]').check();
  await go(page.locator("main button.button-primary"));
  await look(v, "account-handed");
  if (!(await page.locator("#handed-otpauth").textContent()).startsWith("otpauth://")) faults.push("no address for the authenticator");
  await go(page.locator("main .buttons a"));
  await go(page.locator('a[href$="/close"]'));
  await look(v, "account-close");
  await page.locator('[name="reason"]').fill("walk");
  await go(page.locator("main button.button-primary"));
  await look(v, "account-closed");
  await page.goto(`${base}/desk/away/people`);
  await look(v, "away-people");
  await page.goto(`${base}/admin/institutions`);
  await look(v, "institutions");
  await go(page.locator("tbody a").first());
  await look(v, "institution");
  await go(page.locator('a[href*="/revoke?"]').first());
  await look(v, "key-revoke");
  await later.agreements({ v, base, look });
  await page.goto(`${base}/admin/parked`);
  await look(v, "parked");
  await page.goto(`${base}/admin/database`);
  await look(v, "database");
}

/** Waits until the officer sees something held anywhere: the money is held without anybody doing anything. */
async function held(v) {
  const until = Date.now() + 120_000;
  while (Date.now() < until) {
    const figures = await v.page.request.get(`${base}/desk`);
    if (/data-held="[1-9]/.test(await figures.text())) return;
    await new Promise((done) => setTimeout(done, 2_000));
  }
  faults.push("nothing was held within two minutes");
}

try {
  const country = JSON.parse(fs.readFileSync(process.env.QORGAN_COUNTRY, "utf8"));
  const banks = country.institutions.filter((i) => i.iban_code);
  const iban = (code, n = 1) => {
    const body = `${code}A00000000000${n}`;
    const digits = `${body}KZ00`.replace(/[A-Z]/g, (c) => String(c.charCodeAt(0) - 55));
    const rest = [...digits].reduce((sum, d) => (sum * 10 + Number(d)) % 97, 0);
    return `KZ${String(98 - rest).padStart(2, "0")}${body}`;
  };
  const plan = full
    ? ["kk", "ru", "en"].flatMap((lang) => [320, 768, 1440].flatMap((width) => ["light", "dark"].map((theme) => ({ lang, width, theme }))))
    : [{ lang: "kk", width: 360, theme: "light" }, { lang: "ru", width: 768, theme: "dark" }, { lang: "en", width: 1440, theme: "light" }];
  let last;
  for (const [i, as] of plan.entries()) {
    const v = await visitor(as);
    last = await file(v, { bank: banks[0].code, own: iban(banks[0].iban_code, 2), account: iban(banks[1].iban_code), amount: "2 400 000", twice: i === 0 });
    await own(v, last);
    await holder({ v, base, look });
    await v.context.close();
  }
  const plain = await visitor({ lang: "kk", width: 360, js: false });
  const receipt = await file(plain, { bank: banks[1].code, own: iban(banks[1].iban_code, 2), account: iban(banks[2].iban_code), amount: "310000" });
  await own(plain, receipt);
  await plain.context.close();
  for (const [i, lang] of ["kk", "ru", "en"].entries()) {
    const v = await visitor({ lang, width: [768, 360, 1440][i], theme: i === 1 ? "dark" : "light" });
    await desk(v, last.number);
    await suppress({ v, base, look, number: last.number });
    await later.clues({ v, base, look, number: last.number });
    await schemes.sort({ v, base, look });
    await search.find({ v, base, look });
    await chart.draw({ v, base, look, number: last.number });
    await persons.keep({ v, base, look, number: last.number });
    await cases.work({ v, base, look, number: last.number });
    await evidence.keep({ v, base, look, number: last.number });
    const [account, next] = [iban(banks[1].iban_code), iban(banks[2].iban_code, 9)];
    await rows.read({ v, base, look, number: last.number, account, next, paid: "2400000,00" });
    if (i === 2) {
      await held(v);
      await later.letter({ v, base, look });
    }
    await v.context.close();
  }
  for (const as of [{ lang: "kk", width: 320, js: false }, { lang: "ru", width: 320, theme: "dark" }, { lang: "en", width: 1440 }]) {
    const v = await visitor(as);
    await administer(v);
    await v.context.close();
  }
  for (const as of [{ lang: "ru", width: 1440, theme: "dark" }, { lang: "kk", width: 360 }, { lang: "en", width: 320, js: false }]) {
    const v = await visitor(as);
    await signIn(v, "madina");
    if (!v.page.url().endsWith("/console")) faults.push(`an institution's person landed on ${v.page.url()}`);
    if (!(await atConsole.answer(v, base, look))) faults.push("nothing lay at the console to be answered");
    if (!(await atConsole.table(v, base, look))) faults.push("nothing lay at the console for a table");
    await atConsole.keep(v, base, look);
    await atConsole.scores(v, base, look);
    await v.context.close();
  }
  // Above what the standing approval covers: a person looks at it and sends it.
  const citizen = await visitor({ lang: "ru", width: 360 });
  const large = await file(citizen, { bank: banks[0].code, own: iban(banks[0].iban_code, 2), account: iban(banks[1].iban_code), amount: "25 000 000" });
  await citizen.context.close();
  const paidTo = iban(banks[1].iban_code);
  for (const as of [{ lang: "kk", width: 360 }, { lang: "ru", width: 1440, js: false }, { lang: "en", width: 360, theme: "dark" }]) {
    const anybody = await visitor(as);
    await registry.check({ v: anybody, base, look, account: paidTo });
    await anybody.context.close();
  }
  const looksUp = await visitor({ lang: "ru", width: 1440 });
  await signIn(looksUp, "aliya");
  const entry = await registry.confirm({ v: looksUp, base, look, account: paidTo });
  await registry.lists({ v: looksUp, base, look });
  await looksUp.context.close();
  for (const [login, lang, width] of [["saule", "kk", 360], ["daur", "en", 1440]]) {
    const signer = await visitor({ lang, width });
    await signIn(signer, login);
    await registry.sign({ v: signer, base, look, entry, secret: secrets(process.env.QORGAN_SIGN_INS)[login] });
    if (login === "daur") await registry.clear({ v: signer, base, look, entry, secret: secrets(process.env.QORGAN_SIGN_INS)[login] });
    await signer.context.close();
  }
  for (const [lang, width] of [["kk", 360], ["ru", 1440], ["en", 320]]) {
    const auditor = await visitor({ lang, width });
    await signIn(auditor, "sanzhar");
    await registry.audit({ v: auditor, base, look, account: paidTo });
    await auditor.context.close();
  }
  const officer = await visitor({ lang: "ru", width: 1440 });
  await signIn(officer, "marat");
  await sendByKeyboard({ v: officer, base, look, number: large.number });
  await takeAndUndo({ v: officer, base, number: large.number });
  const objection = await onPaper({ v: officer, base, look });
  for (const [lang, width] of [["kk", 360], ["en", 1440]]) {
    const other = await visitor({ lang, width });
    await signIn(other, "aliya");
    await later.goingOn({ v: other, base, look });
    await other.context.close();
  }
  await followAndRelease({ v: officer, base, look });
  await officer.context.close();
  const approver = await visitor({ lang: "kk", width: 1440, theme: "dark" });
  await signIn(approver, "saule");
  await decide({ v: approver, base, look, number: objection, secret: secrets(process.env.QORGAN_SIGN_INS).saule });
  await revoke({ v: approver, base, look, secret: secrets(process.env.QORGAN_SIGN_INS).saule });
  await approver.context.close();
  // Nothing goes out by itself any more: a new approval is drafted, and signed by two.
  const author = await visitor({ lang: "en", width: 1440 });
  await signIn(author, "aliya");
  await fourEyes.draft({ v: author, base, look });
  await author.context.close();
  for (const [login, lang, last] of [["saule", "ru", false], ["daur", "kk", true]]) {
    const signer = await visitor({ lang, width: last ? 360 : 1440 });
    await signIn(signer, login);
    const inForce = await fourEyes.sign({ v: signer, base, look, secret: secrets(process.env.QORGAN_SIGN_INS)[login] });
    assert.equal(inForce, last, last ? "two hands put it in force" : "one hand does not put it in force");
    await signer.context.close();
  }
  const prosecutor = await visitor({ lang: "kk", width: 1440 });
  await signIn(prosecutor, "aigul");
  await sanctions({ v: prosecutor, base, look });
  await prosecutor.context.close();
} catch (error) {
  faults.push(String(error.stack ?? error));
} finally {
  await browser.close();
}
for (const fault of [...new Set(faults)]) console.log(`fault: ${fault}`);
console.log(`pages looked at: ${looked}, faults: ${new Set(faults).size}`);
process.exit(faults.length ? 1 : 0);
