//! Institutions that only read their inbox.

use std::sync::Arc;
use std::time::Duration;

use anyhow::ensure;

use super::work;
use crate::clock::pause;
use crate::country::Delivery;
use crate::stage::Stage;
use crate::wire::{Inbox, Message};

/// Pause between two looks, wall clock.
const EVERY: Duration = Duration::from_secs(1);

/// Sets every such institution reading.
pub fn start(stage: &Arc<Stage>) {
    for institution in stage.country.institutions.iter().filter(|i| i.delivery == Delivery::Pull) {
        let (stage, code) = (Arc::clone(stage), institution.code.clone());
        tokio::spawn(async move { read_on(&stage, &code).await });
    }
}

async fn read_on(stage: &Arc<Stage>, code: &str) {
    let mut after = 0;
    while !stage.stopping() {
        match look(stage, code, after).await {
            Ok((next, full)) => {
                after = next;
                if full {
                    continue;
                }
            }
            Err(error) => tracing::warn!(institution = code, %error, "the inbox cannot be read"),
        }
        pause(EVERY).await;
    }
}

/// Reads what came after `after`; gives where to go on and whether there may be more at once.
async fn look(stage: &Arc<Stage>, code: &str, after: i64) -> anyhow::Result<(i64, bool)> {
    let signer = stage.signer(code)?;
    let reply = stage.node.get_signed(&signer, &format!("/api/v1/inbox?after={after}&limit=100")).await?;
    ensure!(reply.taken(), "the node answers {} ({})", reply.status, reply.code());
    let inbox: Inbox = serde_json::from_slice(&reply.body)?;
    for laid in &inbox.messages {
        match serde_json::from_value::<Message>(laid.message.clone()) {
            Ok(message) => drop(work::receive(stage, code, &message, None)),
            Err(error) => {
                tracing::warn!(institution = code, seq = laid.seq, %error, "a message is not understood")
            }
        }
    }
    Ok((inbox.next.max(after), inbox.messages.len() >= 100))
}
