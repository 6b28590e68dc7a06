// Rows of an exhibit: a statement is put to a case, tried with a column corrected by hand, brought in, looked through, seen on the path of the
// money, and taken back. Everything is invented.
import assert from "node:assert/strict";

const go = (page, locator) => Promise.all([page.waitForNavigation(), locator.click()]);

const two = (n) => String(n).padStart(2, "0");

/** Windows-1251, as far as the sample needs it. */
function encoded(text) {
  return Buffer.from([...text].map((c) => {
    const code = c.codePointAt(0);
    if (code < 128) return code;
    return code >= 0x410 && code <= 0x44f ? code - 0x410 + 0xc0 : 63;
  }));
}

/** `number` is the report's, `account` the one that was paid, `next` where the money went. */
export async function read({ v, base, look, number, account, next, paid }) {
  const { page, lang } = v;
  await page.goto(`${base}/desk/cases/new?from=report:${number}`);
  await page.fill('input[name="title"]', "Invented case of rows");
  await go(page, page.locator("main button[data-send]"));
  const here = new URL(page.url()).pathname;
  await go(page, page.locator('#exhibits ~ * a[href^="/desk/evidence/new"], a[href^="/desk/evidence/new?report=C-"]').first());
  const now = new Date(Date.now() + 3_600_000 * 5);
  const at = (minutes) => {
    const t = new Date(now.getTime() + minutes * 60_000);
    return `${two(t.getUTCDate())}.${two(t.getUTCMonth() + 1)}.${t.getUTCFullYear()} ${two(t.getUTCHours())}:${two(t.getUTCMinutes())}:00`;
  };
  const lines = [
    `Выписка по счету ${account} (вымышленная)`,
    "Дата операции;Ушло;Пришло;Счет корреспондента;Назначение платежа;Номер документа",
    `${at(0)};;${paid};;Перевод;T-1`,
    `${at(1)};${paid};;${next};Перевод;T-2`,
  ];
  await page.fill('input[name="title"]', "Выписка (вымышленная)");
  await page.selectOption('select[name="sort"]', "statement");
  await page.fill('input[name="how"]', "Передана банком");
  await page.fill('input[name="basis"]', "Запрос № 1 (вымышленный)");
  await page.setInputFiles('input[name="file"]', { name: "vypiska.csv", mimeType: "text/csv", buffer: encoded(lines.join("\r\n")) });
  await Promise.all([page.waitForURL(/\/desk\/evidence\/E-/, { timeout: 60_000 }), page.locator("main button.button-primary").click()]);
  const exhibit = page.url().split("/").pop();
  await page.goto(`${base}${here}`);
  await look(v, "case-exhibits");
  await go(page, page.locator(`a[href^="/desk/evidence/${exhibit}/rows"]`));
  assert.ok((await page.inputValue('textarea[name="reports"]')).includes(number), "the case's reports go along");
  await look(v, "rows-new");
  await go(page, page.locator("main button.button-primary"));
  await look(v, "rows-tried");
  const again = page.locator("main .buttons button:not([formaction]):not([name])").first();
  const before = page.locator('main button[name="memory"]');
  if (await before.count()) {
    // Another has said what these headings are: it is read so, says by whom, and can be read as it is found.
    assert.ok(await page.locator("main button[formaction]").count(), "what was said of such headings is known");
    await look(v, "rows-as-before");
    await go(page, before);
    await look(v, "rows-as-found");
  }
  // The headings are strange: a person says what they are.
  assert.ok(await page.locator('[role="alert"]').count(), "why it cannot be read is told");
  await page.selectOption('select[name="column-1"]', "debit");
  await page.selectOption('select[name="column-2"]', "credit");
  await go(page, again);
  await look(v, "rows-corrected");
  await go(page, page.locator("main button[formaction]"));
  for (let i = 0; i < 40 && (await page.locator("[data-live]").count()); i += 1) {
    await page.waitForTimeout(500);
    await page.reload();
  }
  await look(v, "rows");
  const rows = page.url();
  assert.ok((await page.locator("main").innerText()).includes(next), "the rows are there");
  await page.fill('input[name="with"]', next);
  await go(page, page.locator('main form[role="search"] button'));
  assert.equal(await page.locator("main table tr[data-row]").count(), 1, "one row goes there");
  await look(v, "rows-found");
  await page.fill('input[name="with"]', "ПЕРЕВОД");
  await go(page, page.locator('main form[role="search"] button'));
  assert.equal(await page.locator("main table tr[data-row]").count(), 2, "rows are found by words of their purpose");
  await page.goto(`${base}/desk/reports/${number}`);
  assert.ok(await page.locator(`a[href="/desk/evidence/${exhibit}"]`).count(), "the path names the exhibit");
  await look(v, "rows-path");
  await page.goto(rows);
  await go(page, page.locator('a[href$="/take-back"]'));
  await go(page, page.locator("main button.button-primary"));
  await look(v, "rows-take-back-refused");
  await page.fill('textarea[name="reason"]', lang === "kk" ? "Басқа шот (үлгі)" : "Не тот счёт (вымышлено)");
  await go(page, page.locator("main button.button-primary"));
  await look(v, "rows-taken-back");
  await page.goto(`${base}/desk/reports/${number}`);
  assert.equal(await page.locator(`a[href="/desk/evidence/${exhibit}"]`).count(), 0, "nothing goes by it any more");
}
