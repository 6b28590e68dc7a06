//! The registry of identifiers: an officer confirms what was reported, approvers list it, so that houses decline.

use std::collections::HashSet;
use std::sync::Arc;

use anyhow::ensure;

use crate::draw::about;
use crate::stage::Stage;
use crate::victim::browser::Browser;

/// The registry's page.
const PAGE: &str = "/desk/registry";
/// Most entries that are opened in one look.
const MOST: usize = 5;
/// Of what was reported the officer confirms one of so many; the others are left to whoever looks on.
const ONE_OF: u64 = 2;

/// Confirms entries that were reported, each looked at once. How many.
pub(super) async fn confirm(
    stage: &Arc<Stage>,
    browser: &mut Browser<'_>,
    seen: &mut HashSet<String>,
) -> anyhow::Result<usize> {
    let reason = "Потерпевшие заплатили сюда; банк подтвердил перевод.";
    act(stage, browser, seen, ("/confirm", &[("reason", reason.to_owned())])).await
}

/// Signs that confirmed entries are listed. How many.
pub(super) async fn list(
    stage: &Arc<Stage>,
    browser: &mut Browser<'_>,
    seen: &mut HashSet<String>,
) -> anyhow::Result<usize> {
    act(stage, browser, seen, ("/list", &[])).await
}

/// Does one thing with the entries on the page on which the form for it is offered.
async fn act(
    stage: &Arc<Stage>,
    browser: &mut Browser<'_>,
    seen: &mut HashSet<String>,
    (what, answers): (&str, &[(&'static str, String)]),
) -> anyhow::Result<usize> {
    let page = browser.open(PAGE).await?;
    ensure!(page.status == 200, "the registry's page gives status {}", page.status);
    let mut links: Vec<String> =
        page.links().into_iter().filter(|l| l.starts_with("/desk/registry/idn_")).collect();
    links.retain(|link| about(stage.country.seed, link).is_multiple_of(ONE_OF) && !seen.contains(link));
    links.dedup();
    let mut done = 0;
    for link in links.into_iter().take(MOST) {
        let _busy = stage.on_its_way();
        let entry = browser.open(&link).await?;
        // What was reported is withdrawn now and then.
        ensure!(matches!(entry.status, 200 | 404), "an entry gives status {}", entry.status);
        let Some(form) = entry.forms().into_iter().find(|f| f.action.ends_with(what)) else { continue };
        let after = browser.send(&entry, &form, answers).await?;
        // Somebody else may have been faster.
        ensure!(
            matches!(after.status, 200 | 409),
            "`{what}` gives status {}: {}",
            after.status,
            after.alert()
        );
        seen.insert(link);
        done += 1;
    }
    Ok(done)
}
