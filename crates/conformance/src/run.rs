//! A run from the first byte to the report.

use std::sync::Arc;

use tokio::net::TcpListener;

use crate::clock;
use crate::kit::Kit;
use crate::plan::Plan;
use crate::play::{Played, play};
use crate::report::{Report, Verdict};
use crate::server;
use crate::sign::Signer;

/// How a run ended.
#[derive(Debug, Clone)]
pub enum Ended {
    /// With a report.
    Judged(Report),
    /// Nobody was there.
    Unreachable(String),
}

impl Report {
    /// 0 where nothing failed, 1 where something did.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        u8::from(self.count(Verdict::Failed) > 0)
    }
}

/// Plays the node against the endpoint of `plan` and listens at `listener` meanwhile.
///
/// # Errors
/// If the operating system has no randomness or no network.
pub async fn run(plan: Plan, signer: Signer, listener: TcpListener) -> anyhow::Result<Ended> {
    let began = clock::rfc3339(clock::now());
    let kit = Arc::new(Kit::new(plan, signer)?);
    let routes = server::routes(Arc::clone(&kit));
    let serving = tokio::spawn(async move { axum::serve(listener, routes).await });
    let played = play(&kit).await;
    serving.abort();
    // Once it is over the port is free again, for a second run right behind this one.
    let _aborted = serving.await;
    if let Played::Unreachable(why) = played? {
        return Ok(Ended::Unreachable(why));
    }
    let state = kit.state();
    Ok(Ended::Judged(Report {
        run: kit.run.clone(),
        url: kit.plan.url.clone(),
        code: kit.plan.code.clone(),
        began,
        ended: clock::rfc3339(clock::now()),
        messages: state.posted,
        answers: state.heard.len(),
        findings: Report::findings(&state.board),
    }))
}
