// Persons: the list, who is near before somebody is written down, the pairs that wait (two keys each, undone, parted), a record that is
// corrected, a list that is brought, the book of droppers with the lane for minors. Everybody is invented.
import assert from "node:assert/strict";

const go = (page, locator) => Promise.all([page.waitForNavigation(), locator.click()]);

/** Names of this round: each language its own, so that rounds are nobody to one another. */
const NAMES = {
  kk: [["Сынақова", "Үлгі", "Бірқызы"], ["Synakova", "Ulgi", "Birqyzy"]],
  ru: [["Пробнов", "Образец", "Вторович"], ["Probnov", "Obrazets", "Vtorovich"]],
  en: [["Тестбаев", "Мысал", "Үшұлы"], ["Testbayev", "Mysal", "Ushuly"]],
};

/** A number of somebody born on a day, with the digit that fits. */
function iin(day, century, round) {
  for (let n = 10 + round; ; n += 3) {
    const body = `${day}${century}00${n}`.slice(0, 11);
    const sum = (from) => [...body].reduce((all, d, at) => all + Number(d) * (((at + from) % 11) + 1), 0) % 11;
    const check = sum(0) === 10 ? sum(2) : sum(0);
    if (check < 10) return body + check;
  }
}

/** Writes somebody down; who is near is looked at first. Gives whether anybody was. */
async function write({ v, base, look, number }, { last, first, middle = "", iin = "", phone = "", role }, name) {
  const { page } = v;
  await page.goto(`${base}/desk/persons/new?report=${number}`);
  for (const [field, value] of Object.entries({ report: number, last, first, middle, iin, phone })) await page.fill(`input[name="${field}"]`, value);
  await page.check(`input[name="role"][value="${role}"]`);
  await go(page, page.locator("main form button.button-primary"));
  const near = await page.locator("#near").count();
  if (near) {
    await look(v, name);
    await go(page, page.locator("main form button.button-primary"));
  }
  assert.ok((await page.locator("main").innerText()).includes(last), "who was written down is there");
  return near > 0;
}

/** One pair: a letter chooses, Enter confirms; it is undone, and parted again once it was joined. */
async function review({ v, base, look }) {
  const { page } = v;
  await page.goto(`${base}/desk/persons/review`);
  await look(v, "persons-review");
  if (!(await page.locator('[data-verb="s"]').count())) return;
  assert.equal(await page.locator("#answer ~ * .button-primary, main .button-primary").count(), 0, "no answer is offered before another");
  await Promise.all([page.waitForNavigation(), page.keyboard.press("KeyS")]);
  await look(v, "persons-review-chosen");
  const pair = await page.inputValue('input[name="pair"]');
  await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
  await page.goto(`${base}/desk/persons/review?pair=${pair}`);
  await look(v, "persons-judged");
  await go(page, page.locator('main form[action^="/desk/persons/judgements/"] button'));
  await look(v, "persons-undone");
  if (!(await page.locator('[data-verb="s"]').count())) return;
  await Promise.all([page.waitForNavigation(), page.keyboard.press("KeyS")]);
  await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
  await page.goto(`${base}/desk/persons/review?pair=${pair}`);
  if (!(await page.locator('textarea[name="part_reason"]').count())) return;
  await page.fill('textarea[name="part_reason"]', "Екі құжат");
  await go(page, page.locator(`form[action="/desk/persons/review/${pair}/part"] button`));
  await look(v, "persons-parted");
}

/** Somebody under age who lent their account: the lane is named before every step, and nobody is proposed before a guardian knows. */
async function dropper({ v, base, look, number }, round) {
  const { page } = v;
  const minor = { last: NAMES[v.lang][0][0] + "н", first: "Бала", iin: iin("120412", 5, round), role: "dropper" };
  await write({ v, base, look, number }, minor, "person-near-minor");
  await go(page, page.locator('a[data-verb="e"]'));
  await look(v, "dropper-begin");
  await page.fill('textarea[name="evidence"]', "Банктің жауабы");
  await page.fill('textarea[name="instruments"]', "KZ00; ZBEK; кеше; Б; 5000");
  await go(page, page.locator("main form button.button-primary"));
  await look(v, "dropper-signalled");
  await go(page, page.locator('form[action$="/step/verify"] button'));
  await page.check('input[name="knowledge"][value="witting"]');
  await page.check('input[name="flags"][value="talked"]');
  await page.fill('textarea[name="flows_in"]', "3 x 500 000");
  await go(page, page.locator('form[action$="/step/interview"] button'));
  await look(v, "dropper-heard");
  const proposed = page.locator('form[action$="/step/propose"] button');
  await go(page, proposed);
  assert.ok(!(await page.locator('form[action$="/sign/list"]').count()), "a guardian is told first");
}

/** An officer goes through all of it. */
export async function keep({ v, base, look, number }) {
  const { page } = v;
  const round = ["kk", "ru", "en"].indexOf(v.lang);
  await page.goto(`${base}/desk/persons`);
  await look(v, "persons");
  await go(page, page.locator('form[action="/desk/persons"] button'));
  await look(v, "persons-refused");
  assert.ok(await page.locator(".error-summary").count(), "nothing is looked for without a report");
  await page.goto(`${base}/desk/persons/new`);
  await look(v, "person-new");
  const [one, other] = NAMES[v.lang].map(([last, first, middle]) => ({ last, first, middle }));
  await write({ v, base, look, number }, { ...one, phone: `+7700000${6100 + round}`, role: "suspect" }, "person-near-first");
  await look(v, "person");
  const near = await write({ v, base, look, number }, { ...other, phone: `+7747000${6200 + round}`, role: "account_holder" }, "person-near");
  assert.ok(near, "who is written otherwise and may be the same is shown before anything is saved");
  await go(page, page.locator('a[href^="/desk/persons/records/"]').first());
  await look(v, "person-record");
  await page.fill('textarea[name="reason"]', "Қате оқылған");
  await page.fill('input[name="address"]', "Абай көшесі 1");
  await go(page, page.locator('main form[action^="/desk/persons/records/"] button.button-primary'));
  await go(page, page.locator('a[href^="/desk/persons/records/"]').first());
  await look(v, "person-record-corrected");
  await review({ v, base, look });
  await dropper({ v, base, look, number }, round);
  await page.goto(`${base}/desk/persons/droppers`);
  await look(v, "droppers");
  await page.goto(`${base}/desk/persons/weights`);
  await look(v, "person-weights");
  await page.goto(`${base}/desk/persons/lists`);
  await look(v, "person-lists");
  for (const [field, value] of Object.entries({ name: "Сынақ тізімі", origin: "Ойдан шығарылған мекеме", basis: "№ 7 хат" })) {
    await page.fill(`input[name="${field}"]`, value);
  }
  const table = `ФИО;Телефон;Роль\nТізімнен Адам${round};+7700777${1000 + round};куә\nТағы Біреу;;король\n`;
  await page.setInputFiles('input[name="table"]', { name: "t.csv", mimeType: "text/csv", buffer: Buffer.from(table) });
  await go(page, page.locator("main form button.button-primary"));
  await look(v, "person-one-list");
  await go(page, page.locator('form[action$="/start"] button'));
  await look(v, "person-list-started");
}
