//! How a restriction ends: by release of all or of a part, by its term; and what follows it.

use std::time::Duration;

use super::case::Case;
use crate::check::Check;
use crate::clock;
use crate::kit::{Kit, Mood, State};
use crate::wire::Amount;

/// How early an end may be told: clocks differ by this much.
const SKEW: i64 = 5 * clock::SECOND;

/// A hold from its notice over its release to a correction.
pub async fn whole_life(kit: &Kit) -> anyhow::Result<()> {
    let case = Case::new(kit, 6, Mood::Plain).await?;
    let said = case.asked().await;
    let in_force = said.as_ref().is_ok_and(|s| s.in_force);
    if in_force {
        match kit.deliver(&kit.notice(&case.order, &case.object)?).await {
            Err(error) => kit.fail(Check::NoticeTold, "2xx and `S10`", &error),
            Ok(()) if case.heard("S10").await => kit.pass(Check::NoticeTold),
            Ok(()) => kit.fail(Check::NoticeTold, "`S10`", "no such answer"),
        }
        match kit.deliver(&case.release(None)?).await {
            Err(error) => kit.fail(Check::ReleaseFull, "2xx and `L61`", &error),
            Ok(()) => released(kit, &case).await,
        }
    } else {
        let words = said.map_or_else(|error| error, |s| s.words.join(", "));
        let why = format!("nothing was in force ({words})");
        kit.leave(Check::NoticeTold, &why);
        kit.leave(Check::ReleaseFull, &why);
    }
    match kit.deliver(&kit.correction(&case.order, &case.object)?).await {
        Err(error) => kit.fail(Check::CorrectionDone, "2xx and `S20`", &error),
        Ok(()) if case.heard("S20").await => kit.pass(Check::CorrectionDone),
        Ok(()) => kit.fail(Check::CorrectionDone, "`S20`", "no such answer"),
    }
    match kit.deliver(&kit.clearance()?).await {
        Ok(()) => kit.pass(Check::ClearanceTaken),
        // Who does not know the type may refuse it; what was cleared is then to be fetched.
        Err(error) if error.starts_with("status 4") => {
            kit.warn(Check::ClearanceTaken, "2xx; else ask `/lists/cleared` by yourself", &error);
        }
        Err(error) => kit.fail(Check::ClearanceTaken, "2xx", &error),
    }
    case.tidy().await
}

async fn released(kit: &Kit, case: &Case<'_>) {
    match case.until(kit.plan.patience, |s| !s.in_force).await {
        Some(ended) if ended.ends.iter().any(|c| c == "L61") => kit.pass(Check::ReleaseFull),
        Some(ended) => kit.fail(Check::ReleaseFull, "`L61`, the code of the release", &ended.ends.join(", ")),
        None => {
            let left = case.standing();
            let held = Amount::of(left.held, &kit.plan.currency).amount;
            let came = format!("ends told: {}; still held {held}", left.ends.len());
            kit.fail(Check::ReleaseFull, "`L61` and nothing held any more", &came);
        }
    }
}

/// A part is released, the same release comes again, then the rest.
pub async fn part(kit: &Kit) -> anyhow::Result<()> {
    let case = Case::new(kit, 7, Mood::Plain).await?;
    let held = case.asked().await.map_or(0, |s| s.held);
    // A third, so that the part twice is not the whole; whole units, so that nobody stumbles over a hundredth.
    let part = held / 300 * 100;
    if part == 0 {
        for check in [Check::ReleasePart, Check::ReleaseTwice] {
            kit.leave(check, "no money was held of which a part could be released");
        }
        return case.tidy().await;
    }
    let amount = |minor: i64| Amount::of(minor, &kit.plan.currency).amount;
    let release = case.release(Some(part))?;
    let expected = format!("an end with `amount` {}", amount(part));
    if let Err(error) = kit.deliver(&release).await {
        kit.fail(Check::ReleasePart, &format!("2xx and {expected}"), &error);
        kit.leave(Check::ReleaseTwice, "the release of a part was not taken");
        return case.tidy().await;
    }
    let Some(first) = case.until(kit.plan.patience, |s| !s.ends.is_empty()).await else {
        kit.fail(Check::ReleasePart, &expected, "no end was told");
        kit.leave(Check::ReleaseTwice, "the release of a part was not answered");
        return case.tidy().await;
    };
    match first.freed.first().copied().flatten() {
        Some(freed) if freed == part => kit.pass(Check::ReleasePart),
        Some(freed) => kit.fail(Check::ReleasePart, &expected, &format!("`amount` {}", amount(freed))),
        None => {
            kit.fail(Check::ReleasePart, &expected, "an end without `amount`, which says that all was freed")
        }
    }
    // Once more the same message, as the node does while it does not know that it arrived; then the rest.
    let again = kit.deliver(&release).await;
    clock::pause(kit.plan.quiet).await;
    let _told = kit.deliver(&case.release(None)?).await;
    let rest = case.until(kit.plan.patience, |s| !s.in_force).await.unwrap_or_else(|| case.standing());
    let freed: i64 = rest.freed.iter().flatten().sum();
    let expected = format!("{} freed in all, {} of it by the part", amount(held), amount(part));
    match again {
        Err(error) if !error.starts_with("status 4") => kit.fail(Check::ReleaseTwice, "2xx or 4xx", &error),
        _ if rest.in_force => {
            kit.fail(Check::ReleaseTwice, "nothing held after the release of the rest", "it is held")
        }
        _ if freed > held => kit.fail(Check::ReleaseTwice, &expected, &format!("{} freed", amount(freed))),
        // The last end may leave its amount out; then the ends that told one must come to the part.
        _ if rest.freed.iter().filter(|f| **f == Some(part)).count() > 1 => {
            kit.fail(Check::ReleaseTwice, &expected, "the part was freed twice");
        }
        _ if rest.ends.len() > 2 => kit.fail(Check::ReleaseTwice, "two ends told", &rest.ends.join(", ")),
        _ => kit.pass(Check::ReleaseTwice),
    }
    case.tidy().await
}

/// A hold that nobody releases.
pub async fn lapse(kit: &Kit) -> anyhow::Result<()> {
    let case = Case::ending(kit, 8, Mood::Plain, kit.plan.term).await?;
    let expires = clock::now().saturating_add(clock::micros(kit.plan.term));
    if !case.asked().await.is_ok_and(|s| s.in_force) {
        kit.leave(Check::ReleaseLapse, "nothing was in force when the term ended");
        return case.tidy().await;
    }
    let left = u64::try_from(expires.saturating_sub(clock::now())).unwrap_or(0);
    let patience = Duration::from_micros(left).saturating_add(kit.plan.patience);
    let expected = "`L60` by itself at `expires_at`";
    let ended = case.until(patience, |s| !s.in_force).await;
    if let Some(ended) = ended {
        let at = |state: &State| {
            let lines = state.answers(&case.order).flat_map(|a| &a.lines).filter(|l| l.code == "L60");
            lines.filter_map(|l| clock::parse(l.at.as_deref()?)).min()
        };
        let at = at(&kit.state());
        match at {
            Some(at) if at < expires.saturating_sub(SKEW) => {
                kit.fail(
                    Check::ReleaseLapse,
                    &format!("not before {}", clock::rfc3339(expires)),
                    &clock::rfc3339(at),
                );
            }
            Some(_) => kit.pass(Check::ReleaseLapse),
            None => kit.fail(Check::ReleaseLapse, expected, &ended.ends.join(", ")),
        }
        return case.tidy().await;
    }
    // The node says so too, in case the partner's clock failed.
    let _told = kit.deliver(&kit.release(&case.order, &case.object, None, "L60")?).await;
    match case.until(kit.plan.patience, |s| !s.in_force).await {
        Some(_) => kit.warn(Check::ReleaseLapse, expected, "it ended only when the node said so"),
        None => kit.fail(Check::ReleaseLapse, expected, "it is held on"),
    }
    case.tidy().await
}
