//! People at the desk of a demonstration: an officer who picks measures against what reports name and has held money
//! given back, approvers who sign what needs more hands, a prosecutor who sanctions. They use the desk's own pages
//! as a browser without scripts does, under the demonstration's own accounts, and leave every other report to
//! whoever looks on.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, ensure};

use crate::clock::pause;
use crate::stage::Stage;
use crate::victim::browser::{Browser, Page};

/// The demonstration's people, by their log-ins.
const OFFICER: &str = "marat";
const APPROVERS: [&str; 2] = ["daur", "saule"];
const PROSECUTOR: &str = "aigul";
/// How often they look, real time.
const LOOK_EVERY: Duration = Duration::from_secs(3);
/// After so many looks they sign in anew: a one-time code is good for five minutes.
const LOOKS_PER_SESSION: u32 = 60;
/// Which of the filed reports the officer takes: one of so many.
const ONE_OF: usize = 2;
/// What the approvers sign. Large sums and cameras are left to whoever looks on.
const SIGNED: [&str; 7] =
    ["return", "resource_restriction", "incoming_stop", "number_block", "disclosure", "listing", "extension"];
/// Of which reports something is made to go on: one of so many.
const LONGER_ONE_OF: usize = 4;
/// Most papers that the prosecutor decides on in one look.
const DECISIONS: usize = 10;

/// Sets them going.
pub fn start(stage: &Arc<Stage>) {
    tokio::spawn(officer(Arc::clone(stage)));
    for login in APPROVERS {
        tokio::spawn(at_the_desk(Arc::clone(stage), login));
    }
    tokio::spawn(at_the_desk(Arc::clone(stage), PROSECUTOR));
}

/// A browser of somebody who has signed in by the button of the demonstration.
async fn signed_in<'a>(
    stage: &'a Arc<Stage>,
    login: &str,
    language: &'static str,
) -> anyhow::Result<Browser<'a>> {
    let mut browser = Browser::new(&stage.node, language);
    let page = browser.open("/sign-in").await?;
    let form = page
        .forms()
        .into_iter()
        .find(|f| f.action == "/sign-in/demo" && f.values("login").iter().any(|v| v == login))
        .context("the page has no button for this person")?;
    let after = browser.send(&page, &form, &[]).await?;
    ensure!(after.status == 200, "signing in gives status {}", after.status);
    Ok(browser)
}

async fn officer(stage: Arc<Stage>) {
    let (mut suppressed, mut given_back) = (0, 0);
    // Files that a register did not take, by their ids: each is followed by a new one, once.
    let mut again = HashSet::new();
    while !stage.stopping() {
        let mut browser = match signed_in(&stage, OFFICER, "ru").await {
            Ok(browser) => browser,
            Err(error) => {
                tracing::warn!(error = %format!("{error:#}"), "nobody works the desk");
                return;
            }
        };
        for _ in 0..LOOKS_PER_SESSION {
            let filed: Vec<String> = stage.filed().into_iter().map(|(_, number, _)| number).collect();
            for number in filed.iter().skip(suppressed).step_by(ONE_OF) {
                did(&stage, "suppressed", number, suppress(&stage, &mut browser, number).await);
            }
            // Those whose money has had some time to be found.
            let old = suppressed.saturating_sub(4);
            for number in filed.iter().take(old).skip(given_back).step_by(ONE_OF) {
                did(&stage, "returned", number, give_back(&stage, &mut browser, number).await);
            }
            for number in filed.iter().take(old).skip(given_back).step_by(LONGER_ONE_OF) {
                did(&stage, "extended", number, extend(&stage, &mut browser, number).await);
            }
            for (number, file) in stage.with_register(|r| r.sent_back()) {
                if again.insert(file) {
                    did(&stage, "handed_over_again", &number, hand_over(&stage, &mut browser, &number).await);
                }
            }
            (suppressed, given_back) = (filed.len(), old.max(given_back));
            if stage.stopping() {
                return;
            }
            pause(LOOK_EVERY).await;
        }
    }
}

/// Notes what somebody did.
fn did(stage: &Stage, what: &str, about: &str, done: anyhow::Result<usize>) {
    match done {
        Ok(0) => {}
        Ok(_) => stage.counts.add(&format!("staff.{what}")),
        Err(error) => {
            stage.counts.add("staff.failed");
            tracing::error!(what, about, error = %format!("{error:#}"), "somebody at the desk could not go on");
        }
    }
}

/// Ticks everything that can be ticked on a report's page of measures. How much that was.
async fn suppress(stage: &Arc<Stage>, browser: &mut Browser<'_>, number: &str) -> anyhow::Result<usize> {
    let _busy = stage.on_its_way();
    let page = browser.open(&format!("/desk/reports/{number}/suppress")).await?;
    ensure!(page.status == 200, "the page of measures gives status {}", page.status);
    let Some(form) = page.form_with("pick") else { return Ok(0) };
    let mut answers: Vec<(&str, String)> = form.values("pick").into_iter().map(|v| ("pick", v)).collect();
    let picked = answers.len();
    let words = [
        ("harm", "По ссылке выманивают данные карт и деньги; так рассказал пострадавший."),
        ("narrower", "Мошеннические страницы занимают весь домен, других на нём нет."),
        ("reason", "На счёт продолжают поступать деньги потерпевших."),
    ];
    answers.extend(words.into_iter().filter(|(name, _)| form.has(name)).map(|(n, w)| (n, w.to_owned())));
    let after = browser.send(&page, &form, &answers).await?;
    ensure!(after.status == 200, "picking measures gives status {}: {}", after.status, after.alert());
    Ok(picked)
}

/// Hands a report over to its register anew, after the register did not take the first file.
async fn hand_over(stage: &Arc<Stage>, browser: &mut Browser<'_>, number: &str) -> anyhow::Result<usize> {
    let _busy = stage.on_its_way();
    let page = browser.open(&format!("/desk/reports/{number}/registers")).await?;
    ensure!(page.status == 200, "the page of registers gives status {}", page.status);
    let Some(form) = page.forms().into_iter().find(|f| f.post && f.action.ends_with("/hand-over")) else {
        return Ok(0);
    };
    let after = browser.send(&page, &form, &[]).await?;
    ensure!(after.status == 200, "handing over gives status {}: {}", after.status, after.alert());
    Ok(1)
}

/// Has money that is held for a report given back. From how many holds.
async fn give_back(stage: &Arc<Stage>, browser: &mut Browser<'_>, number: &str) -> anyhow::Result<usize> {
    let _busy = stage.on_its_way();
    let report = browser.open(&format!("/desk/reports/{number}")).await?;
    let mut done = 0;
    for order in report.links().iter().filter(|l| l.starts_with("/desk/orders/ord_")) {
        let page = browser.open(order).await?;
        let Some(link) = page.links().into_iter().find(|l| l.ends_with("/return")) else { continue };
        let page = browser.open(&link).await?;
        ensure!(page.status == 200, "the page of returns gives status {}", page.status);
        let Some(form) = page.forms().into_iter().find(|f| f.post && f.action == link) else { continue };
        let after = browser.send(&page, &form, &[]).await?;
        ensure!(after.status == 200, "preparing returns gives status {}: {}", after.status, after.alert());
        done += 1;
    }
    Ok(done)
}

/// Has the first thing that is in force for a report go on, on the first ground that the page offers.
async fn extend(stage: &Arc<Stage>, browser: &mut Browser<'_>, number: &str) -> anyhow::Result<usize> {
    let _busy = stage.on_its_way();
    let report = browser.open(&format!("/desk/reports/{number}")).await?;
    for order in report.links().iter().filter(|l| l.starts_with("/desk/orders/ord_")) {
        let page = browser.open(order).await?;
        let Some(link) = page.links().into_iter().find(|l| l.ends_with("/extend")) else { continue };
        let page = browser.open(&link).await?;
        ensure!(matches!(page.status, 200 | 409), "the page of extensions gives status {}", page.status);
        let Some(form) = page.form_with("ground") else { continue };
        let mut answers: Vec<(&str, String)> =
            form.values("ground").into_iter().take(1).map(|v| ("ground", v)).collect();
        let words = [
            ("act", "Суд № 2 города Ойдан (вымышленный), № 7520-26-1 от 28 ноября 2026 года"),
            ("reason", "Мошенники продолжают звонить с этого номера; проверка не окончена."),
        ];
        answers.extend(words.into_iter().filter(|(n, _)| form.has(n)).map(|(n, w)| (n, w.to_owned())));
        let after = browser.send(&page, &form, &answers).await?;
        ensure!(
            matches!(after.status, 200 | 409),
            "extending gives status {}: {}",
            after.status,
            after.alert()
        );
        return Ok(1);
    }
    Ok(0)
}

async fn at_the_desk(stage: Arc<Stage>, login: &'static str) {
    while !stage.stopping() {
        let mut browser = match signed_in(&stage, login, "kk").await {
            Ok(browser) => browser,
            Err(error) => {
                tracing::warn!(login, error = %format!("{error:#}"), "somebody is not at the desk");
                return;
            }
        };
        for _ in 0..LOOKS_PER_SESSION {
            pause(LOOK_EVERY).await;
            if stage.stopping() {
                return;
            }
            if login == PROSECUTOR {
                did(&stage, "sanctioned", login, sanction(&stage, &mut browser).await);
            } else {
                did(&stage, "signed", login, sign(&stage, &mut browser).await);
            }
        }
    }
}

/// Signs what the pages of drafts offer to this person. How many pages there were.
async fn sign(stage: &Arc<Stage>, browser: &mut Browser<'_>) -> anyhow::Result<usize> {
    let mut pages = 0;
    for measure in SIGNED {
        let _busy = stage.on_its_way();
        let page: Page = browser.open(&format!("/desk/orders?measure={measure}")).await?;
        ensure!(page.status == 200, "the page of drafts gives status {}", page.status);
        let Some(form) = page.form_with("id") else { continue };
        // Several may be signing: what somebody else was faster with is listed with status 409 and no fault.
        let after = browser.send(&page, &form, &[]).await?;
        ensure!(matches!(after.status, 200 | 409), "signing gives status {}", after.status);
        pages += 1;
    }
    Ok(pages)
}

/// Sanctions what waits for it. How much that was.
async fn sanction(stage: &Arc<Stage>, browser: &mut Browser<'_>) -> anyhow::Result<usize> {
    let list = browser.open("/desk/sanctions").await?;
    ensure!(list.status == 200, "the page of sanctions gives status {}", list.status);
    let waiting: Vec<String> =
        list.links().into_iter().filter(|l| l.starts_with("/desk/sanctions/ord_")).take(DECISIONS).collect();
    for link in &waiting {
        let _busy = stage.on_its_way();
        let page = browser.open(link).await?;
        // Taken back or lapsed meanwhile.
        if page.status == 409 {
            continue;
        }
        let form = page.form_with("decision").context("the page has no form for the decision")?;
        let reason = "Материалы подтверждают, что деньги и адреса связаны с мошенничеством.";
        let answers = [("decision", "give".to_owned()), ("reason", reason.to_owned())];
        let after = browser.send(&page, &form, &answers).await?;
        ensure!(
            matches!(after.status, 200 | 409 | 410),
            "deciding gives status {}: {}",
            after.status,
            after.alert()
        );
    }
    Ok(waiting.len())
}
