//! Victims: when their time has come they report, through the public form as a browser without scripts would,
//! or through their bank, and tell their story in Russian, Kazakh or both.

pub mod browser;
pub mod form;
pub mod html;
pub mod story;
pub mod told;
pub mod writing;

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use serde_json::json;
use tokio::sync::Semaphore;

use self::told::Told;
use crate::clock::pause;
use crate::stage::Stage;
use crate::wire::{Amount, Report, ReportPayment, Reporter};
use crate::world::model::LossId;

/// People at the portal at the same time.
const AT_ONCE: usize = 8;

/// Sets the victims going.
pub fn start(stage: &Arc<Stage>) {
    let stage = Arc::clone(stage);
    tokio::spawn(async move {
        let door = Arc::new(Semaphore::new(AT_ONCE));
        let due: Vec<_> = stage.world().losses.iter().map(|(id, l)| (l.report_at, id)).collect();
        for (at, loss) in due {
            stage.office.sleep_until(at).await;
            let Ok(place) = Arc::clone(&door).acquire_owned().await else { return };
            if stage.stopping() {
                return;
            }
            let stage = Arc::clone(&stage);
            tokio::spawn(async move {
                report(&stage, loss).await;
                drop(place);
            });
        }
    });
}

/// So long a victim's browser takes for the form at most, real time.
const FORM_SECS: i64 = 30;

/// Pause between two looks at what the own bank is still asking about, real time.
const ASKING: Duration = Duration::from_millis(50);

/// One victim reports.
pub async fn report(stage: &Arc<Stage>, loss: LossId) {
    let _busy = stage.on_its_way();
    // What is being paid at this moment is paid, or not, before it is told.
    while stage.world().is_being_asked(loss) && !stage.stopping() {
        pause(ASKING).await;
    }
    let told = told::told(&stage.world(), loss);
    let Some(told) = told else { return };
    stage.counts.add("reports.due");
    let now = stage.office.now();
    let outcome = if told.by_bank {
        through_the_bank(stage, &told).await.map(|number| (number, None))
    } else {
        let sent = now.plus(stage.office.factor().saturating_mul(FORM_SECS));
        form::file(&stage.node, &told, (now, sent)).await.map(|r| (r.number, r.second_number))
    };
    match outcome {
        Ok((number, second)) => filed(stage, &told, &number, second.as_deref()),
        Err(error) => {
            stage.counts.add("reports.failed");
            tracing::error!(loss = ?loss, error = %format!("{error:#}"), "a report could not be filed");
            let facts =
                json!({"loss": loss.number(), "by_bank": told.by_bank, "error": format!("{error:#}")});
            stage.journal.note(now, "report failed", facts);
        }
    }
}

fn filed(stage: &Stage, told: &Told, number: &str, second: Option<&str>) {
    stage.set_filed(told.loss, number, told.payments.iter().map(|p| p.amount).sum());
    stage.counts.add("reports.filed");
    stage.counts.add(if told.by_bank { "reports.by_bank" } else { "reports.by_form" });
    stage.counts.add(match told.story.tongue {
        story::Tongue::Kk => "reports.kk",
        story::Tongue::Ru => "reports.ru",
        story::Tongue::Mixed => "reports.mixed",
    });
    if told.payments.is_empty() {
        stage.counts.add("reports.nothing_paid");
    }
    if let Some(second) = second {
        stage.counts.add("reports.doubled");
        tracing::error!(number, second, "one report pressed twice got two numbers");
    }
    let payments: Vec<_> = told
        .payments
        .iter()
        .map(|p| json!({"reference": p.reference, "amount_told": Amount::kzt(p.amount).amount, "to": p.to_named, "to_told": p.to.is_some(), "paid_at": p.true_at.rfc3339()}))
        .collect();
    let facts = json!({
        "number": number, "loss": told.loss.number(), "by_bank": told.by_bank, "tongue": told.story.tongue,
        "scheme": told.story.scheme, "ongoing": told.ongoing, "payments": payments, "identifiers": told.story.truths,
    });
    stage.journal.note(stage.office.now(), "reported", facts);
}

/// The victim called the bank, and the bank reports.
async fn through_the_bank(stage: &Stage, told: &Told) -> anyhow::Result<String> {
    let payments = told.payments.iter().map(|p| ReportPayment {
        amount: Amount::kzt(p.amount),
        at: p.at.rfc3339(),
        own_institution: told.house.clone(),
        own_account: told.account.clone(),
        to: p.to_named.clone(),
        reference: Some(p.reference.clone()),
    });
    // A country that is started anew counts its losses from one again: the time of the first payment tells the
    // same number of two runs apart, since a key that comes again with other words is refused.
    let first = told.payments.first().map_or_else(String::new, |p| p.at.rfc3339());
    let report = Report {
        message: "report.v1".to_owned(),
        external_id: format!("{}-{}-{}-{first}", told.house, stage.country.seed, told.loss.number()),
        ongoing: told.ongoing,
        kind: "money".to_owned(),
        lang: told.story.tongue.page().to_owned(),
        reporter: Reporter {
            name: told.person.ru.clone(),
            phone: told.phone.clone(),
            iin: Some(told.person.iin.clone()),
        },
        story: told.story.text.clone(),
        payments: payments.collect(),
    };
    stage.until_alive(&told.house).await;
    let signer = stage.signer(&told.house)?;
    let ready = stage.node.post(&signer, "/api/v1/reports", serde_json::to_vec(&report)?)?;
    let reply = stage.node.send(&ready).await.context("the node cannot be reached")?;
    ensure!(reply.taken(), "the node answers {} ({})", reply.status, reply.code());
    let value: serde_json::Value = serde_json::from_slice(&reply.body)?;
    let number = value.get("number").and_then(|n| n.as_str()).context("the answer names no number")?;
    Ok(number.to_owned())
}
