//! People at the desk of a demonstration: an officer who picks measures against what reports name, and approvers who
//! sign what needs more hands. They use the desk's own pages as a browser without scripts does, under the
//! demonstration's own accounts, and leave every other report to whoever looks on.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, ensure};

use crate::clock::pause;
use crate::stage::Stage;
use crate::victim::browser::{Browser, Page};

/// The demonstration's officer and approvers, by their log-ins.
const OFFICER: &str = "marat";
const APPROVERS: [&str; 2] = ["daur", "saule"];
/// How often they look, real time.
const LOOK_EVERY: Duration = Duration::from_secs(3);
/// Which of the filed reports the officer takes: one of so many.
const ONE_OF: usize = 2;

/// Sets them going.
pub fn start(stage: &Arc<Stage>) {
    tokio::spawn(officer(Arc::clone(stage)));
    for login in APPROVERS {
        tokio::spawn(approver(Arc::clone(stage), login));
    }
}

/// Signs a person in by the button of the demonstration.
async fn sign_in(browser: &mut Browser<'_>, login: &str) -> anyhow::Result<()> {
    let page = browser.open("/sign-in").await?;
    let form = page
        .forms()
        .into_iter()
        .find(|f| f.action == "/sign-in/demo" && f.values("login").iter().any(|v| v == login))
        .context("the page has no button for this person")?;
    let after = browser.send(&page, &form, &[]).await?;
    ensure!(after.status == 200, "signing in gives status {}", after.status);
    Ok(())
}

async fn officer(stage: Arc<Stage>) {
    let mut browser = Browser::new(&stage.node, "ru");
    if let Err(error) = sign_in(&mut browser, OFFICER).await {
        tracing::warn!(error = %format!("{error:#}"), "nobody works the desk");
        return;
    }
    let mut seen = 0;
    while !stage.stopping() {
        let filed = stage.filed();
        for (no, (_, number, _)) in filed.iter().enumerate().skip(seen) {
            if no % ONE_OF == 0 && !stage.stopping() {
                let _busy = stage.on_its_way();
                match suppress(&mut browser, number).await {
                    Ok(picked) => {
                        stage.counts.add(if picked > 0 { "staff.suppressed" } else { "staff.nothing_to_do" });
                    }
                    Err(error) => {
                        stage.counts.add("staff.failed");
                        tracing::error!(number, error = %format!("{error:#}"), "a report could not be acted on");
                    }
                }
            }
        }
        seen = filed.len();
        pause(LOOK_EVERY).await;
    }
}

/// Ticks everything that can be ticked on a report's page of measures. How much that was.
async fn suppress(browser: &mut Browser<'_>, number: &str) -> anyhow::Result<usize> {
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

async fn approver(stage: Arc<Stage>, login: &'static str) {
    let mut browser = Browser::new(&stage.node, "kk");
    if let Err(error) = sign_in(&mut browser, login).await {
        tracing::warn!(login, error = %format!("{error:#}"), "nobody signs");
        return;
    }
    while !stage.stopping() {
        pause(LOOK_EVERY).await;
        match sign(&mut browser).await {
            Ok(true) => stage.counts.add("staff.signed"),
            Ok(false) => {}
            Err(error) => tracing::debug!(login, error = %format!("{error:#}"), "signing failed"),
        }
    }
}

/// Signs what the page of drafts offers to this person. Sums and cameras are left: those wait for a reason.
async fn sign(browser: &mut Browser<'_>) -> anyhow::Result<bool> {
    let mut any = false;
    for measure in ["resource_restriction", "incoming_stop", "number_block", "listing"] {
        let page: Page = browser.open(&format!("/desk/orders?measure={measure}")).await?;
        let Some(form) = page.form_with("id") else { continue };
        // Several may be signing: what somebody else was faster with is no fault.
        browser.send(&page, &form, &[]).await?;
        any = true;
    }
    Ok(any)
}
