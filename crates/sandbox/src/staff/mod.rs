//! People at the desk of a demonstration: an officer who adds what was found out, picks measures against what reports
//! name, has held money given back, lists droppers and carries letters; approvers who sign what needs more hands; a
//! prosecutor who sanctions; an investigator who takes one scheme to a package for a court. They use the desk's own pages as a browser without scripts does, under the demonstration's
//! own accounts, and leave every other report to whoever looks on.

mod approver;
mod detective;
mod droppers;
mod letters;
mod officer;
mod registry;

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, ensure};

use crate::clock::pause;
use crate::stage::Stage;
use crate::victim::browser::Browser;

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
/// Reports before a case is thought of.
const REPORTS_FOR_A_CASE: usize = 12;
/// Of which reports something is made to go on: one of so many.
const LONGER_ONE_OF: usize = 4;

/// Sets them going.
pub fn start(stage: &Arc<Stage>, dir: &std::path::Path) {
    tokio::spawn(at_one_case(Arc::clone(stage), dir.to_owned()));
    tokio::spawn(at_work(Arc::clone(stage)));
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

async fn at_work(stage: Arc<Stage>) {
    let (mut suppressed, mut given_back, mut looked_again) = (0, 0, 0);
    // Orders whose letters were sent and are not answered yet.
    let mut carried = Vec::new();
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
            let (losses, filed): (Vec<_>, Vec<_>) =
                stage.filed().into_iter().map(|(loss, number, _)| (loss, number)).unzip();
            for (turn, number) in filed.iter().enumerate().skip(suppressed).step_by(ONE_OF) {
                did(&stage, "clues", number, officer::add_clue(&stage, &mut browser, (turn, number)).await);
                did(&stage, "suppressed", number, officer::suppress(&stage, &mut browser, number).await);
            }
            // Those whose money has had some time to be found.
            let old = suppressed.saturating_sub(4);
            for (loss, number) in losses.iter().zip(&filed).skip(suppressed).step_by(ONE_OF) {
                did(&stage, "confirmed", number, registry::confirm(&stage, &mut browser, *loss).await);
            }
            for number in filed.iter().take(old).skip(given_back).step_by(ONE_OF) {
                did(&stage, "returned", number, officer::give_back(&stage, &mut browser, number).await);
            }
            for number in filed.iter().take(old).skip(given_back).step_by(LONGER_ONE_OF) {
                did(&stage, "extended", number, officer::extend(&stage, &mut browser, number).await);
                did(&stage, "listed", number, droppers::list(&stage, &mut browser, number).await);
            }
            // What was listed some time ago turns out to be otherwise.
            let older = old.saturating_sub(8);
            for number in filed.iter().take(older).skip(looked_again).step_by(LONGER_ONE_OF) {
                did(&stage, "delisted", number, droppers::delist(&stage, &mut browser, number).await);
            }
            looked_again = older.max(looked_again);
            did(&stage, "letters", "", letters::carry(&stage, &mut browser, &mut carried).await);
            for (number, file) in stage.with_register(|r| r.sent_back()) {
                if again.insert(file) {
                    did(
                        &stage,
                        "handed_over_again",
                        &number,
                        officer::hand_over(&stage, &mut browser, &number).await,
                    );
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

/// Looks for a scheme that is worth a case, and takes one of them to its end.
async fn at_one_case(stage: Arc<Stage>, dir: PathBuf) {
    // What an earlier run left is not this one's.
    for file in [detective::PACKAGE, detective::STORY] {
        let _ = std::fs::remove_file(dir.join(file));
    }
    while !stage.stopping() {
        pause(LOOK_EVERY * 2).await;
        if stage.stopping() || stage.filed().len() < REPORTS_FOR_A_CASE {
            continue;
        }
        let done = async {
            let mut browser = signed_in(&stage, OFFICER, "ru").await?;
            detective::investigate(&stage, &mut browser, &dir).await
        };
        let done = done.await;
        let over = !matches!(done, Ok(0));
        did(&stage, "investigated", "", done);
        if over {
            return;
        }
    }
}

/// Where the pages of a report's orders lead to by links with this ending: what can be done about them now.
async fn from_orders(browser: &mut Browser<'_>, number: &str, ending: &str) -> anyhow::Result<Vec<String>> {
    let report = browser.open(&format!("/desk/reports/{number}")).await?;
    let mut found = Vec::new();
    for order in report.links().iter().filter(|l| l.starts_with("/desk/orders/ord_")) {
        found.extend(browser.open(order).await?.links().into_iter().find(|l| l.ends_with(ending)));
    }
    Ok(found)
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
                did(&stage, "sanctioned", login, approver::sanction(&stage, &mut browser).await);
            } else {
                did(&stage, "signed", login, approver::sign(&stage, &mut browser).await);
                let done = registry::list(&stage, &mut browser).await;
                did(&stage, "entries_listed", login, done);
            }
        }
    }
}
