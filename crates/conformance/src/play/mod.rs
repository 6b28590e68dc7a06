//! What is played against the endpoint. Each part has orders of its own and leaves nothing held; parts run side by
//! side, since a partner's people may take their time. Wrongly signed messages come last, when everything else has
//! shown what the endpoint does with right ones.

mod case;
mod ends;
mod order;
mod refuse;
mod repeat;
mod twice;
mod weight;

use case::Case;

use crate::check::Check;
use crate::client::Reply;
use crate::kit::{Kit, Mood};

/// Why the rest was not played.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Played {
    /// Everything was.
    All,
    /// The endpoint refuses rightly signed messages: nothing else can be learned, and nobody who has not taken the
    /// kit's key in is played with.
    Refused,
    /// The first order was taken and nothing at all came of it. Whoever stands there may know nothing of orders.
    Silent,
    /// There is no endpoint.
    Unreachable(String),
}

/// Plays everything.
///
/// # Errors
/// If the operating system has no randomness.
pub async fn play(kit: &Kit) -> anyhow::Result<Played> {
    let first = Case::new(kit, 0, Mood::Plain).await?;
    let replied = kit.send(&first.message).await;
    match &replied {
        Err(error) if error.starts_with("no connection") => return Ok(Played::Unreachable(error.clone())),
        Err(error) => {
            kit.fail(Check::ReachMessage, "2xx within ten seconds", error);
            return Ok(Played::Refused);
        }
        Ok(reply) if reply.taken() => kit.pass(Check::ReachMessage),
        Ok(reply) => {
            kit.fail(Check::ReachMessage, "2xx", &came(reply));
            return Ok(Played::Refused);
        }
    }
    order::plain(kit, first).await?;
    if kit.state().came == 0 {
        return Ok(Played::Silent);
    }
    // Each future is large, and together they would be larger than a thread's stack in a build without optimisation.
    let (a, b, c, d, e) = tokio::join!(
        Box::pin(order::unknown_thing(kit)),
        Box::pin(order::other_payer(kit)),
        Box::pin(order::many(kit)),
        Box::pin(order::unknown_fields(kit)),
        Box::pin(order::unknown_measure(kit)),
    );
    let parts = [a, b, c, d, e];
    let (a, b, c, d) = tokio::join!(
        Box::pin(twice::same_message(kit)),
        Box::pin(order::release_first(kit)),
        Box::pin(order::reminder_first(kit)),
        Box::pin(ends::whole_life(kit)),
    );
    let more = [a, b, c, d];
    let (a, b, c, d, e) = tokio::join!(
        Box::pin(ends::part(kit)),
        Box::pin(ends::lapse(kit)),
        Box::pin(repeat::after_fault(kit)),
        Box::pin(repeat::after_silence(kit)),
        Box::pin(weight::both(kit)),
    );
    for part in parts.into_iter().chain(more).chain([a, b, c, d, e]) {
        part?;
    }
    // Last of the right ones, since it takes all the money that there is.
    order::whole(kit).await?;
    refuse::all(kit, &replied).await?;
    case::tidy_all(kit).await?;
    twice::look_again(kit);
    let repeated_on = kit.state().heard.iter().any(|h| h.taken);
    if repeated_on {
        kit.pass(Check::RepeatStops);
    }
    Ok(Played::All)
}

/// A reply as a sentence.
fn came(reply: &Reply) -> String {
    let body = String::from_utf8_lossy(&reply.body);
    format!("{} `{}`", reply.status, crate::wire::clip(body.trim(), 120))
}
