//! A node that does not take an answer at once: the partner must bring it again, the same under the same id.

use super::case::Case;
use crate::check::Check;
use crate::kit::{Heard, Kit, Mood, State, Way};

/// Answers meet 500.
pub async fn after_fault(kit: &Kit) -> anyhow::Result<()> {
    play(kit, Check::RepeatFault, Mood::Fault, 9).await
}

/// Answers meet silence.
pub async fn after_silence(kit: &Kit) -> anyhow::Result<()> {
    play(kit, Check::RepeatSilence, Mood::Silence, 10).await
}

async fn play(kit: &Kit, check: Check, mood: Mood, no: usize) -> anyhow::Result<()> {
    let case = Case::new(kit, no, mood).await?;
    if let Err(error) = case.asked().await {
        kit.leave(check, &error);
        return case.tidy().await;
    }
    fn posted<'a>(state: &'a State, order: &'a str) -> impl Iterator<Item = &'a Heard> {
        state.heard_of(order).filter(|h| h.way == Way::Post && !h.refused && h.signed)
    }
    if posted(&kit.state(), &case.order).next().is_none() {
        kit.leave(check, "no rightly signed answer came by a request of its own; to what stands in a response the node says nothing");
        return case.tidy().await;
    }
    let all_again = |state: &State| posted(state, &case.order).all(|h| h.times > 1).then_some(());
    let patience = kit.plan.patience + kit.plan.silence;
    match kit.until(patience, all_again).await {
        Some(()) => kit.pass(check),
        None => {
            let lost: Vec<String> = posted(&kit.state(), &case.order)
                .filter(|h| h.times == 1)
                .map(|h| format!("`{}` ({})", crate::wire::clip(&h.answer.answer_id, 64), h.answer.codes()))
                .collect();
            kit.fail(
                check,
                "every answer again under its `answer_id`",
                &format!("never again: {}", lost.join("; ")),
            );
        }
    }
    case.tidy().await
}
