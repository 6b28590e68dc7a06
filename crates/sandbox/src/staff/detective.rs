//! An investigator: opens a case from a scheme, takes in a statement that the bank handed over on paper of its own, has it read as rows, sees
//! the path of the money go on, and makes the package that a court is handed. The statement is the country's own ledger, so what the node
//! makes of it can be held against the truth.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use serde_json::json;

use crate::clock::pause;
use crate::moment::Moment;
use crate::money::to_text;
use crate::stage::Stage;
use crate::victim::browser::{Browser, Page, Upload};
use crate::world::model::{Account, AccountId, How};

/// Where the package is left, and what was done.
pub const PACKAGE: &str = "package.tar";
/// What was done, as JSON.
pub const STORY: &str = "case.json";
/// How often it is looked whether rows have been read.
const LOOKS: u32 = 60;

/// Most reports of a scheme that are gone into.
const REPORTS: usize = 30;
/// Most accounts whose statements the banks hand out.
const ACCOUNTS: usize = 200;

/// Statements of the accounts that the money of some reports went through, as one table.
struct Statement {
    reports: Vec<String>,
    accounts: usize,
    text: String,
    movements: usize,
}

/// Does it once, if there is a scheme of which the money has gone on. Says how much was done: nothing while there is none.
pub(super) async fn investigate(
    stage: &Arc<Stage>,
    browser: &mut Browser<'_>,
    dir: &Path,
) -> anyhow::Result<usize> {
    let _busy = stage.on_its_way();
    let schemes = browser.open("/desk/schemes").await?;
    ensure!(schemes.status == 200, "the page of schemes gives status {}", schemes.status);
    for link in schemes.links().into_iter().filter(|l| l.starts_with("/desk/schemes/S")).take(20) {
        let scheme = browser.open(&link).await?;
        let numbers = numbers(&scheme);
        let Some(statement) = statement(stage, &numbers) else { continue };
        let story = one(browser, (&scheme, &link), &statement, dir).await?;
        std::fs::write(dir.join(STORY), serde_json::to_vec_pretty(&story)?)
            .context("cannot write the story")?;
        return Ok(1);
    }
    Ok(0)
}

/// Numbers of the reports that a page links to.
fn numbers(page: &Page) -> Vec<String> {
    page.links().iter().filter_map(|l| l.strip_prefix("/desk/reports/")).map(str::to_owned).collect()
}

/// Statements of all accounts that the victims' money has gone through since they paid; nothing where it lies where they paid it.
fn statement(stage: &Stage, numbers: &[String]) -> Option<Statement> {
    let filed = stage.filed();
    let world = stage.world();
    let book = &world.book;
    let (mut reports, mut accounts) = (Vec::new(), Vec::<(AccountId, Moment)>::new());
    for number in numbers.iter().take(REPORTS) {
        let Some(loss) = filed.iter().find(|(_, n, _)| n == number).map(|(loss, ..)| *loss) else { continue };
        for payment in &world.losses[loss].payments {
            let paid = &world.payments[*payment];
            if book.accounts[paid.payee].names.iban.is_some() && paid.stage.is_made() {
                accounts.push((paid.payee, paid.at));
            }
        }
        reports.push(number.clone());
    }
    let (paid_to, mut at) = (accounts.len(), 0);
    while let Some((account, since)) = accounts.get(at).copied() {
        at += 1;
        for (_, t) in book.transfers.iter().filter(|(_, t)| t.from == account && t.at >= since) {
            let known = accounts.iter().any(|(a, _)| *a == t.to);
            if matches!(t.how, How::Forward) && !known && accounts.len() < ACCOUNTS {
                accounts.push((t.to, t.at));
            }
        }
    }
    if accounts.len() <= paid_to {
        return None;
    }
    let mut text = String::from("Выписки по счетам (вымышленные)\r\n");
    text.push_str("Счёт;Дата операции;Дебет;Кредит;Счёт корреспондента;Банк корреспондента;Назначение платежа;Номер документа\r\n");
    let mut movements = 0;
    for (account, _) in &accounts {
        let Some(own) = name(&book.accounts[*account]) else { continue };
        for (id, t) in book.transfers.iter().filter(|(_, t)| t.from == *account || t.to == *account) {
            let out = t.from == *account;
            let other = &book.accounts[if out { t.to } else { t.from }];
            let sum = to_text(t.amount).replace('.', ",");
            let (debit, credit) = if out { (sum, String::new()) } else { (String::new(), sum) };
            let row = [
                own.clone(),
                t.at.civil("%d.%m.%Y %H:%M:%S"),
                debit,
                credit,
                name(other).unwrap_or_default(),
                other.house.map(|h| book.houses[h].code.clone()).unwrap_or_default(),
                what(&t.how).to_owned(),
                world.reference(id),
            ];
            text.push_str(&row.join(";"));
            text.push_str("\r\n");
            movements += 1;
        }
    }
    Some(Statement { reports, accounts: accounts.len(), text, movements })
}

/// What a statement calls an account.
fn name(account: &Account) -> Option<String> {
    account.names.iban.clone().or_else(|| account.names.phone.clone())
}

const fn what(how: &How) -> &'static str {
    match how {
        How::Opening => "Взнос",
        How::Background => "Перевод",
        How::Payment(_) | How::Forward => "Перевод по номеру счёта",
        How::Returned => "Возврат",
        How::Cash(_) => "Снятие наличных",
        How::Purchase(_) => "Покупка",
        How::Chain { .. } => "Покупка цифрового актива",
        How::Abroad(_) => "Перевод за рубеж",
    }
}

async fn one(
    browser: &mut Browser<'_>,
    (scheme, link): (&Page, &str),
    s: &Statement,
    dir: &Path,
) -> anyhow::Result<serde_json::Value> {
    let open = scheme.links().into_iter().find(|l| l.starts_with("/desk/cases/new?from=scheme"));
    let page = browser.open(&open.context("the scheme's page opens no case")?).await?;
    let form = page.form_with("title").context("no form for a case")?;
    let case = browser
        .send(&page, &form, &[("title", "Переводы на подставные счета (вымышлено)".to_owned())])
        .await?;
    ensure!(case.status == 200, "opening a case gives status {}: {}", case.status, case.alert());
    let number = case.path.rsplit('/').next().unwrap_or_default().to_owned();

    let page = browser.open(&format!("/desk/evidence/new?report={number}")).await?;
    let form = page.form_with("basis").context("no form for an exhibit")?;
    let answers = [
        ("title", format!("Выписки по счетам: {}", s.accounts)),
        ("sort", "statement".to_owned()),
        ("taken_from", "Банк, письмом (вымышленный)".to_owned()),
        ("how", "Передано банком на носителе".to_owned()),
        ("basis", "Запрос № 17 (вымышленный), статья 99 УПК".to_owned()),
    ];
    let file = Upload {
        field: "file",
        name: "vypiska.csv".to_owned(),
        bytes: encoding_rs::WINDOWS_1251.encode(&s.text).0.into_owned(),
    };
    let exhibit = browser.send_file(&page, &form, &answers, file).await?;
    ensure!(exhibit.status == 200, "taking in gives status {}: {}", exhibit.status, exhibit.alert());
    let exhibit_number = exhibit.path.rsplit('/').next().unwrap_or_default().to_owned();
    let back = exhibit.links().into_iter().any(|l| l == format!("/desk/cases/{number}"));
    ensure!(back, "the exhibit does not lead to its case");

    let page =
        browser.open(&format!("/desk/evidence/{exhibit_number}/rows?report={}", s.reports.join("+"))).await?;
    let form = page.form_with("key").context("no form for rows")?;
    let tried = browser.send(&page, &form, &[]).await?;
    ensure!(tried.status == 200, "trying gives status {}: {}", tried.status, tried.alert());
    let mut form = tried.form_with("base").context("what comes of it is not shown")?;
    form.action = format!("/desk/evidence/{exhibit_number}/rows");
    let mut rows = browser.send(&tried, &form, &[]).await?;
    for _ in 0..LOOKS {
        ensure!(rows.status == 200, "bringing rows gives status {}: {}", rows.status, rows.alert());
        if !rows.body.contains("data-live") {
            break;
        }
        pause(Duration::from_millis(500)).await;
        rows = browser.open(&rows.path.clone()).await?;
    }
    ensure!(rows.body.contains("/take-back"), "the rows were not read: {}", rows.alert());

    let mut goes_on = Vec::new();
    for number in &s.reports {
        let report = browser.open(&format!("/desk/reports/{number}")).await?;
        if report.links().into_iter().any(|l| l == format!("/desk/evidence/{exhibit_number}")) {
            goes_on.push(number.clone());
        }
    }
    let page = browser.open(&format!("/desk/evidence/package?exhibit={exhibit_number}")).await?;
    let form = page.form_with("reason").context("no form for a package")?;
    let reason = format!("Материалы дела {number} для суда (вымышлено)");
    let package = browser.save(&page, &form, &[("reason", reason)]).await?;
    std::fs::write(dir.join(PACKAGE), &package).context("cannot write the package")?;
    Ok(json!({
        "scheme": link.rsplit('/').next(),
        "case": number,
        "exhibit": exhibit_number,
        "accounts": s.accounts,
        "movements": s.movements,
        "reports": s.reports.len(),
        "paths_that_go_on": goes_on.len(),
        "package_bytes": package.len(),
    }))
}
