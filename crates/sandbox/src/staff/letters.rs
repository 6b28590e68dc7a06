//! Letters: the officer sends what no machine carries, and writes down what is answered to it.

use std::sync::Arc;

use anyhow::ensure;

use crate::draw::{Draw, about};
use crate::ids;
use crate::moment::DAY;
use crate::stage::Stage;
use crate::victim::browser::Browser;

/// Most letters in one look.
const MOST: usize = 10;
/// Recordings are kept for so many days.
const KEPT_DAYS: i64 = 60;

/// Sends the letters that wait, and writes down the answers to those sent before. How many letters that were.
pub(super) async fn carry(
    stage: &Arc<Stage>,
    browser: &mut Browser<'_>,
    carried: &mut Vec<String>,
) -> anyhow::Result<usize> {
    let _busy = stage.on_its_way();
    for order in std::mem::take(carried) {
        write_down(stage, browser, &order).await?;
    }
    let list = browser.open("/desk/dispatch").await?;
    ensure!(list.status == 200, "the page of letters gives status {}", list.status);
    let waiting = list.links().into_iter().filter(|l| l.starts_with("/desk/dispatch/"));
    let mut done = 0;
    for link in waiting.take(MOST).collect::<Vec<_>>() {
        let page = browser.open(&link).await?;
        // Ended meanwhile: nothing is to be sent any more.
        let Some(form) = page.form_with("how") else { continue };
        let number: String = ids::short_hash(&["letter", &link]).chars().take(6).collect();
        let how = format!("Нарочным, расписка № {}", number.to_uppercase());
        let after = browser.send(&page, &form, &[("how", how)]).await?;
        ensure!(
            matches!(after.status, 200 | 409),
            "sending a letter gives status {}: {}",
            after.status,
            after.alert()
        );
        carried.extend(page.links().into_iter().find(|l| l.starts_with("/desk/orders/ord_")));
        done += 1;
    }
    Ok(done)
}

/// What an institution answered by letter about recordings: most are kept, some had been erased.
async fn write_down(stage: &Arc<Stage>, browser: &mut Browser<'_>, order: &str) -> anyhow::Result<()> {
    let page = browser.open(order).await?;
    let links = page.links().into_iter().filter(|l| l.starts_with(order) && l.ends_with("/answer"));
    for link in links.collect::<Vec<_>>() {
        let page = browser.open(&link).await?;
        let Some(form) = page.form_with("code") else { continue };
        let mut dice = Draw::keyed(about(about(stage.country.seed, "letter"), &link));
        let kept = form.values("code").iter().any(|c| c == "K10") && !dice.chance(150);
        let until: String = stage.office.now().plus(KEPT_DAYS * DAY).rfc3339().chars().take(10).collect();
        let code = if kept { "K10" } else { "N36" };
        let mut answers = vec![
            ("code", code.to_owned()),
            ("by", "letter".to_owned()),
            ("who", "Служба безопасности банка".to_owned()),
            ("reference", format!("исх. № {}", dice.digits(4))),
        ];
        if kept {
            answers.push(("until", until));
        }
        answers.retain(|(name, _)| form.has(name));
        let after = browser.send(&page, &form, &answers).await?;
        ensure!(
            matches!(after.status, 200 | 409 | 410),
            "writing an answer down gives status {}: {}",
            after.status,
            after.alert()
        );
        stage.counts.add("staff.written_down");
    }
    Ok(())
}
