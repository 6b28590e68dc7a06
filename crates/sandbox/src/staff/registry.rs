//! The registry of identifiers: an officer confirms the accounts to which victims of this country have paid, approvers list
//! them, so that houses decline. What visitors report is left to them.

use std::sync::Arc;

use anyhow::{Context as _, ensure};

use crate::stage::Stage;
use crate::victim::browser::{Browser, Page};
use crate::victim::told::whole_name;
use crate::world::model::LossId;

/// The registry's page.
const PAGE: &str = "/desk/registry";
/// Most entries that are signed in one look.
const MOST: usize = 5;

/// Looks up the account to which a victim has paid, and confirms it. How many.
pub(super) async fn confirm(
    stage: &Arc<Stage>,
    browser: &mut Browser<'_>,
    loss: LossId,
) -> anyhow::Result<usize> {
    let _busy = stage.on_its_way();
    let Some(account) = paid_to(stage, loss) else { return Ok(0) };
    let page = open(browser, PAGE).await?;
    let form = page.form_with("value").context("the registry's page has no form to look something up")?;
    let asked = [("value", account), ("purpose", "handle_report".to_owned())];
    let found = browser.send(&page, &form, &asked).await?;
    ensure!(found.status == 200, "looking something up gives status {}: {}", found.status, found.alert());
    // The report may not have been heard of yet.
    let Some(link) = found.buttons().into_iter().find(|l| l.starts_with("/desk/registry/idn_")) else {
        return Ok(0);
    };
    let reason = "Потерпевшие заплатили сюда; банк подтвердил перевод.";
    let done = act(browser, &link, "/confirm", &[("reason", reason.to_owned())]).await?;
    if done > 0 {
        stage.add_confirmed(&link);
    }
    Ok(done)
}

/// The account, card or telephone to which a victim has paid.
fn paid_to(stage: &Stage, loss: LossId) -> Option<String> {
    let world = stage.world();
    let made = world.losses[loss].payments.iter().filter(|id| world.payments[**id].stage.is_made());
    made.filter_map(|id| whole_name(&world, *id)).map(|(_, value)| value).next()
}

/// Signs that what the officer of this country has confirmed is listed. How many.
pub(super) async fn list(stage: &Arc<Stage>, browser: &mut Browser<'_>) -> anyhow::Result<usize> {
    let page = open(browser, PAGE).await?;
    let confirmed = stage.confirmed();
    let waiting = page.links().into_iter().filter(|link| confirmed.contains(link));
    let mut done = 0;
    for link in waiting.take(MOST) {
        let _busy = stage.on_its_way();
        done += act(browser, &link, "/list", &[]).await?;
    }
    Ok(done)
}

async fn open(browser: &mut Browser<'_>, path: &str) -> anyhow::Result<Page> {
    let page = browser.open(path).await?;
    ensure!(page.status == 200, "`{path}` gives status {}", page.status);
    Ok(page)
}

/// Sends the form of an entry whose address ends so, if it is offered.
async fn act(
    browser: &mut Browser<'_>,
    link: &str,
    ending: &str,
    answers: &[(&'static str, String)],
) -> anyhow::Result<usize> {
    let entry = open(browser, link).await?;
    let Some(form) = entry.forms().into_iter().find(|f| f.action.ends_with(ending)) else { return Ok(0) };
    let after = browser.send(&entry, &form, answers).await?;
    // Somebody else may have been faster.
    ensure!(matches!(after.status, 200 | 409), "`{ending}` gives status {}: {}", after.status, after.alert());
    Ok(1)
}
