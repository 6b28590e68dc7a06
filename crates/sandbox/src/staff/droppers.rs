//! Droppers: whoever lent an account is listed once the bank has said who owns it, and taken off where it turns out
//! otherwise.

use std::sync::Arc;

use anyhow::{Context as _, ensure};

use super::from_orders;
use crate::draw::{Draw, about};
use crate::ids;
use crate::stage::Stage;
use crate::victim::browser::Browser;

/// Has the owner of the first account that was paid to listed.
pub(super) async fn list(
    stage: &Arc<Stage>,
    browser: &mut Browser<'_>,
    number: &str,
) -> anyhow::Result<usize> {
    let _busy = stage.on_its_way();
    let page = browser.open(&format!("/desk/reports/{number}/list")).await?;
    ensure!(page.status == 200, "the page of the list gives status {}", page.status);
    let Some(form) = page.form_with("given") else { return Ok(0) };
    let given = form.values("given").into_iter().next().context("no account to choose")?;
    let mut answers = vec![
        ("number", owner(stage, &given)?),
        ("given", given),
        ("knowledge", "negligent".to_owned()),
        (
            "ground",
            "Банк сообщил, что счёт открыт на это лицо; по его словам, карту оно отдало знакомому."
                .to_owned(),
        ),
        ("flags", "talked".to_owned()),
    ];
    answers.retain(|(name, _)| form.has(name));
    let after = browser.send(&page, &form, &answers).await?;
    ensure!(after.status == 200, "listing gives status {}: {}", after.status, after.alert());
    Ok(1)
}

/// The number of an account's invented owner, of age.
fn owner(stage: &Stage, account: &str) -> anyhow::Result<String> {
    let mut dice = Draw::keyed(about(about(stage.country.seed, "owner"), account));
    let birth = format!("{}{:02}{:02}", dice.between(70, 99), dice.between(1, 12), dice.between(1, 28));
    // One serial in a hundred has no check digit.
    (0..100).find_map(|_| ids::iin(&birth, 3, dice.below(100))).context("no number of a person")
}

/// Has somebody taken off the list.
pub(super) async fn delist(
    stage: &Arc<Stage>,
    browser: &mut Browser<'_>,
    number: &str,
) -> anyhow::Result<usize> {
    let _busy = stage.on_its_way();
    for link in from_orders(browser, number, "/delist").await? {
        let page = browser.open(&link).await?;
        // Ended meanwhile.
        let Some(form) = page.form_with("reason") else { continue };
        let reason = "Проверка показала: картой завладели обманом, лицо о переводах не знало.";
        let after = browser.send(&page, &form, &[("reason", reason.to_owned())]).await?;
        ensure!(after.status == 200, "taking off gives status {}: {}", after.status, after.alert());
        return Ok(1);
    }
    Ok(0)
}
