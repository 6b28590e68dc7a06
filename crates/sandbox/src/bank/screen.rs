//! Asking before paying: whatever clients wish to pay is asked about at the node, in one question for all that a house has in
//! hand; the answer is acted on, and what became of each payment is told back. Nobody's payment waits for a node that is
//! silent.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use serde_json::json;

use crate::clock::pause;
use crate::ids;
use crate::moment::Moment;
use crate::money::Minor;
use crate::node::Reply;
use crate::stage::Stage;
use crate::wire::checks::{Check, CheckAnswer, Ended, Outcomes, OutcomesAnswer, Token, TokenRequest};
use crate::wire::{Amount, Named};
use crate::world::{Advice, Became, Wish, Wished};

/// How often the wishes of the clients are gathered, wall clock.
const EVERY: Duration = Duration::from_millis(200);
/// How long a payment waits for an answer, wall clock.
const PATIENCE: Duration = Duration::from_secs(3);
/// Where tokens are given.
const TOKENS: &str = "/api/v1/tokens";
/// Most things in one question.
const MOST: usize = 1_000;

/// Sets all houses asking.
pub fn start(stage: &Arc<Stage>) {
    let stage = Arc::clone(stage);
    tokio::spawn(async move {
        while !stage.stopping() {
            pause(EVERY).await;
            for (code, wishes) in by_house(&stage) {
                let (stage, busy) = (Arc::clone(&stage), stage.on_its_way());
                tokio::spawn(async move {
                    for some in wishes.chunks(MOST) {
                        screen(&stage, &code, some).await;
                    }
                    drop(busy);
                });
            }
        }
    });
}

/// What clients wish to pay, by the code of the house that keeps their account.
fn by_house(stage: &Stage) -> BTreeMap<String, Vec<Wish>> {
    let mut world = stage.world();
    let mut all: BTreeMap<String, Vec<Wish>> = BTreeMap::new();
    for wish in world.take_wishes() {
        let house = world.book.accounts[wish.from].house.map(|h| world.book.houses[h].code.clone());
        match house {
            Some(code) => all.entry(code).or_default().push(wish),
            // Nobody keeps the account, so nobody can ask.
            None => {
                world.advised(&wish, Advice::GoOn);
            }
        }
    }
    all
}

/// Asks about wishes, acts on the answers, and tells what became of those that were answered with a warning.
async fn screen(stage: &Arc<Stage>, code: &str, wishes: &[Wish]) {
    let asked = tokio::time::timeout(PATIENCE, ask(stage, code, wishes)).await;
    let advices = match asked {
        Ok(Ok(advices)) => advices,
        Ok(Err(error)) => {
            stage.counts.add("screen.unanswered");
            tracing::warn!(institution = code, error = %format!("{error:#}"), "nobody answers before payments");
            vec![Advice::GoOn; wishes.len()]
        }
        Err(_) => {
            stage.counts.add("screen.unanswered");
            vec![Advice::GoOn; wishes.len()]
        }
    };
    let mut told = Vec::new();
    for ((no, wish), advice) in wishes.iter().enumerate().zip(advices) {
        let (became, now) = {
            let mut world = stage.world();
            (world.advised(wish, advice), world.now())
        };
        stage.counts.add("screen.asked");
        if advice != Advice::GoOn {
            stage.counts.add(&format!("screen.{}", word(became)));
            note(stage, wish, became, now);
            told.extend(ended(stage, (no, wish), became, now));
        }
    }
    if told.is_empty() {
        return;
    }
    match tell(stage, code, &told).await {
        Ok(()) => stage.add_screened(code, &told),
        Err(error) => {
            stage.counts.add("screen.untold");
            tracing::error!(institution = code, error = %format!("{error:#}"), "what became of payments is not taken");
        }
    }
}

async fn ask(stage: &Stage, code: &str, wishes: &[Wish]) -> anyhow::Result<Vec<Advice>> {
    let items: Vec<Named> = wishes.iter().filter_map(item).collect();
    if items.is_empty() {
        return Ok(vec![Advice::GoOn; wishes.len()]);
    }
    let message = Check { kind: "check.v1".to_owned(), why: "payment".to_owned(), items };
    let answer: CheckAnswer = post(stage, code, "/api/v1/checks", &message).await?;
    ensure!(answer.items.len() == message.items.len(), "an answer has not as many items as the question");
    let mut answers = answer.items.into_iter();
    let advice = |wish: &Wish| match item(wish).and_then(|_| answers.next()) {
        Some(told) => match told.advice.as_str() {
            "decline" => Advice::Decline,
            "ask_payer" | "ask_and_wait" => Advice::Ask,
            _ => Advice::GoOn,
        },
        None => Advice::GoOn,
    };
    Ok(wishes.iter().map(advice).collect())
}

async fn tell(stage: &Stage, code: &str, told: &[Ended]) -> anyhow::Result<()> {
    let message = Outcomes { kind: "outcomes.v1".to_owned(), items: told.to_vec() };
    let answer: OutcomesAnswer = post(stage, code, "/api/v1/checks/outcomes", &message).await?;
    let refused = answer.items.iter().find(|i| !i.counted);
    ensure!(
        refused.is_none() && answer.items.len() == told.len(),
        "the node does not count what became of a payment: {}",
        refused.map_or("", |i| i.error.as_str())
    );
    Ok(())
}

async fn post<T: serde::de::DeserializeOwned>(
    stage: &Stage,
    code: &str,
    path: &str,
    message: &(impl serde::Serialize + Sync),
) -> anyhow::Result<T> {
    let body = serde_json::to_vec(message)?;
    let mut reply = send(stage, code, path, &body).await?;
    if reply.status == 401 {
        // Good for ten minutes, and those are over.
        stage.set_token(code, None);
        reply = send(stage, code, path, &body).await?;
    }
    ensure!(reply.taken(), "`{path}` answers {} ({})", reply.status, reply.code());
    serde_json::from_slice(&reply.body)
        .with_context(|| format!("`{path}` answers something else than documented"))
}

async fn send(stage: &Stage, code: &str, path: &str, body: &[u8]) -> anyhow::Result<Reply> {
    let token = match stage.token(code) {
        Some(token) => token,
        None => new_token(stage, code).await?,
    };
    stage.node.post_with(&token, path, body).await.context("the node cannot be reached")
}

/// A new token, asked for by a signed request.
async fn new_token(stage: &Stage, code: &str) -> anyhow::Result<String> {
    let ask = TokenRequest { kind: "token_request.v1".to_owned() };
    let ready = stage.node.post(&stage.signer(code)?, TOKENS, serde_json::to_vec(&ask)?)?;
    let reply = stage.node.send(&ready).await.context("the node cannot be reached")?;
    ensure!(reply.taken(), "`{TOKENS}` answers {} ({})", reply.status, reply.code());
    let given: Token =
        serde_json::from_slice(&reply.body).context("a token is something else than documented")?;
    stage.set_token(code, Some(given.token.clone()));
    Ok(given.token)
}

fn item(wish: &Wish) -> Option<Named> {
    let (kind, value) = wish.named.clone()?;
    Some(Named { kind: kind.to_owned(), value })
}

fn ended(stage: &Stage, (no, wish): (usize, &Wish), became: Became, now: Moment) -> Option<Ended> {
    let key = match wish.what {
        Wished::Victim(id) => format!("v{}", id.number()),
        Wished::Ordinary => format!("o{}-{}-{}-{no}", wish.from.number(), wish.to.number(), now.0),
    };
    Some(Ended {
        payment: ids::short_hash(&[&stage.country.seed.to_string(), &stage.started.0.to_string(), &key]),
        payer: ids::short_hash(&[&stage.country.seed.to_string(), &wish.from.number().to_string()]),
        to: item(wish)?,
        amount: Amount::kzt(wish.amount),
        outcome: word(became).to_owned(),
        at: now.rfc3339(),
    })
}

const fn word(became: Became) -> &'static str {
    match became {
        Became::CarriedOut => "carried_out",
        Became::Declined => "declined",
        Became::GivenUp => "given_up",
        Became::Mistaken => "mistaken",
    }
}

fn note(stage: &Stage, wish: &Wish, became: Became, now: Moment) {
    let amount: Minor = wish.amount;
    let facts = json!({
        "became": word(became), "amount": Amount::kzt(amount).amount,
        "whose": if wish.what == Wished::Ordinary { "ordinary" } else { "victim" },
    });
    stage.journal.note(now, "asked before paying", facts);
}
