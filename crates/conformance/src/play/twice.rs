//! The same message again, also twice at once: taken, and without a second effect.

use std::time::Duration;

use super::came;
use super::case::Case;
use crate::check::Check;
use crate::client::Reply;
use crate::clock;
use crate::kit::{Kit, Mood};
use crate::rules::is_held;
use crate::wire::Answer;

/// Sends one order twice at once and once more after it was answered, and asks the end of it how much was held.
pub async fn same_message(kit: &Kit) -> anyhow::Result<()> {
    let case = Case::new(kit, 5, Mood::Plain).await?;
    let (first, second) = tokio::join!(kit.send(&case.message), kit.send(&case.message));
    let no_fault = |reply: &Result<Reply, String>| {
        let expected = "2xx; or 4xx, if the other one was taken";
        match reply {
            Ok(reply) if reply.taken() || reply.refused() => {}
            Ok(reply) => kit.fail(Check::DuplicateTaken, expected, &came(reply)),
            Err(error) => kit.fail(Check::DuplicateTaken, expected, error),
        }
    };
    no_fault(&first);
    no_fault(&second);
    let taken = [&first, &second].into_iter().flatten().any(Reply::taken);
    if !taken {
        kit.fail(Check::DuplicateTaken, "one of two taken", "both refused");
    }
    kit.state().doubled = Some((case.order.clone(), case.object.clone()));
    if case.word().await.is_none() {
        kit.leave(Check::DuplicateOnce, "the order was never answered");
        return case.tidy().await;
    }
    // Done again, it has another time, and times may be told in whole seconds.
    clock::pause(Duration::from_millis(1_200)).await;
    match kit.send(&case.message).await {
        Ok(reply) if reply.taken() => kit.pass(Check::DuplicateTaken),
        Ok(reply) if reply.refused() => {
            kit.warn(Check::DuplicateTaken, "2xx; a refusal says that the message was wrong", &came(&reply));
        }
        other => no_fault(&other),
    }
    clock::pause(kit.plan.quiet).await;
    kit.pass(Check::DuplicateOnce);
    acts(kit, &case.order, &case.object);
    end(kit, &case).await?;
    case.tidy().await
}

/// Looks once more at the end of the run: a second act may take its time.
pub fn look_again(kit: &Kit) {
    let doubled = kit.state().doubled.clone();
    if let Some((order, object)) = doubled {
        acts(kit, &order, &object);
    }
}

/// Whether several answers tell of an act.
fn acts(kit: &Kit, order: &str, object: &str) {
    if kit.state().conflicts.contains(order) {
        let came = "another answer under an `answer_id` that was used";
        kit.fail(Check::DuplicateOnce, "one act, told once", came);
        return;
    }
    let acting = |a: &&Answer| {
        let own = |code: &str| is_held(code) || matches!(code, "H12" | "B10" | "B11" | "B12");
        a.object_id.as_deref() == Some(object) && a.lines.iter().any(|l| own(&l.code))
    };
    let acts: Vec<Answer> = kit.state().answers(order).filter(acting).cloned().collect();
    let Some((first, rest)) = acts.split_first() else { return };
    for again in rest {
        // Said again in other words is still one act; done again, it has another time, sum or state before it.
        let same = again.lines == first.lines && again.at == first.at;
        let (id, second) = (&first.answer_id, &again.answer_id);
        let came = format!("`{id}`: {}; then `{second}`: {}", first.codes(), again.codes());
        if same {
            kit.warn(Check::DuplicateOnce, "the same answer under the same `answer_id`", &came);
        } else {
            kit.fail(Check::DuplicateOnce, "one act, told once", &came);
        }
    }
}

/// Releases everything: what is freed must be what was told to be held.
async fn end(kit: &Kit, case: &Case<'_>) -> anyhow::Result<()> {
    let told = case.standing();
    if !told.in_force {
        return Ok(());
    }
    let _sent = kit.deliver(&case.release(None)?).await;
    let Some(ended) = case.until(kit.plan.patience, |s| !s.ends.is_empty()).await else { return Ok(()) };
    let freed: i64 = ended.freed.iter().flatten().sum();
    if freed > 0 && told.first_held > 0 && freed != told.first_held {
        let hundredths = |minor: i64| crate::wire::Amount::of(minor, &kit.plan.currency).amount;
        let expected = format!("{} freed, as it was held once", hundredths(told.first_held));
        kit.fail(Check::DuplicateOnce, &expected, &hundredths(freed));
    }
    Ok(())
}
