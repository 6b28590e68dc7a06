//! Long and slow bodies.

use serde_json::json;

use super::case::Case;
use crate::check::Check;
use crate::kit::{Kit, Mood};
use crate::messages::with;

/// As long as an order of a thousand objects, each with its payment.
const BIG: usize = 700 * 1024;

/// Plays both.
pub async fn both(kit: &Kit) -> anyhow::Result<()> {
    big(kit).await?;
    slow(kit).await
}

async fn big(kit: &Kit) -> anyhow::Result<()> {
    let case = Case::new(kit, 11, Mood::Plain).await?;
    let message = with(case.message.clone(), "x_test", json!("x".repeat(BIG)));
    let case = case.saying(message);
    match kit.deliver(&case.message).await {
        Ok(()) => kit.pass(Check::WeightBig),
        Err(error) => kit.fail(Check::WeightBig, "2xx for a body of 700 KiB", &error),
    }
    let _word = case.word().await;
    case.tidy().await
}

/// One message comes in pieces; another, meanwhile, as ever.
async fn slow(kit: &Kit) -> anyhow::Result<()> {
    let case = Case::new(kit, 12, Mood::Plain).await?;
    let body = serde_json::to_vec(&case.message)?;
    let (headers, url) = (kit.signed(&body)?, kit.plan.messages());
    kit.lay(&case.message);
    kit.state().posted += 1;
    let beside = kit.reminder(&case.order)?;
    let (slowly, beside) = tokio::join!(kit.client.post_slowly(&url, &headers, &body), kit.send(&beside));
    match slowly {
        Ok(status) if (200..300).contains(&status) => kit.pass(Check::WeightSlow),
        Ok(status) => {
            kit.fail(Check::WeightSlow, "2xx for a body that takes three seconds", &status.to_string())
        }
        Err(error) => kit.fail(Check::WeightSlow, "2xx for a body that takes three seconds", &error),
    }
    if let Err(error) = beside {
        kit.fail(Check::WeightSlow, "an answer to another message meanwhile", &error);
    }
    let _word = case.word().await;
    case.tidy().await
}
