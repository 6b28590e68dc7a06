//! Approvers and the prosecutor at what waits for them.

use std::sync::Arc;

use anyhow::{Context as _, ensure};

use crate::stage::Stage;
use crate::victim::browser::{Browser, Page};

/// What the approvers sign. Holds of large sums are left to whoever looks on.
const SIGNED: [&str; 12] = [
    "return",
    "resource_restriction",
    "incoming_stop",
    "number_block",
    "sim_block",
    "imei_block",
    "sender_block",
    "disclosure",
    "preservation",
    "listing",
    "delisting",
    "extension",
];
/// Most papers that the prosecutor decides on in one look.
const DECISIONS: usize = 10;

/// Signs what the pages of drafts offer to this person. How many pages there were.
pub(super) async fn sign(stage: &Arc<Stage>, browser: &mut Browser<'_>) -> anyhow::Result<usize> {
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
pub(super) async fn sanction(stage: &Arc<Stage>, browser: &mut Browser<'_>) -> anyhow::Result<usize> {
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
