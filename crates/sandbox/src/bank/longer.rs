//! What is in force goes on for a further term, or ends at its own after all.

use std::sync::Arc;

use super::work::{lapse, tell_end};
use crate::moment::Moment;
use crate::stage::Stage;
use crate::wire::{Line, Object, Order};

/// Which order and object an extension names as what is to go on.
fn named(object: &Object) -> Option<(String, String)> {
    let order = object.details.as_ref()?.get("order")?.as_str()?.to_owned();
    Some((order, object.parent_object.clone()?))
}

/// Notes the new term of something that is in force here.
pub(super) fn extend(
    stage: &Stage,
    code: &str,
    object: &Object,
    until: Option<Moment>,
    now: Moment,
) -> Vec<Line> {
    let Some((order, parent)) = named(object) else {
        let text = Some("what is to go on is not named".to_owned());
        return vec![Line { text, ..Line::code("R41") }];
    };
    let hold = stage.at_desk(code, |desk| desk.hold_of(&parent));
    let held = hold.is_some_and(|hold| stage.world().held_by(hold) > 0);
    if !held && !stage.with_restricted(|all| all.stands(&order, &parent)) {
        return vec![Line::code("N31")];
    }
    stage.at_desk(code, |desk| desk.extend(&parent, until));
    stage.counts.add("measures.extension");
    vec![Line { at: Some(now.rfc3339()), ..Line::code("B10") }]
}

/// Waits till the end of a term, and of whatever it was extended to meanwhile. Gives the end.
pub(super) async fn wait(stage: &Stage, code: &str, object: &str, expires: Moment) -> Moment {
    let mut ends = expires;
    loop {
        stage.office.sleep_until(ends).await;
        match stage.at_desk(code, |desk| desk.term(object)) {
            Some(later) if later > ends => ends = later,
            _ => return ends,
        }
    }
}

/// An extension was taken back: what it made longer ends at its own term, which may be over.
pub(super) fn take_back(stage: &Arc<Stage>, code: &str, extension: &Order, object_id: &str) {
    let Some(object) = extension.objects.iter().find(|o| o.object_id == object_id) else { return };
    let Some((id, parent)) = named(object) else { return };
    let found = stage.at_desk(code, |desk| {
        desk.extend(&parent, None);
        desk.work(&id).map(|work| (work.order.clone(), work.holds.get(&parent).copied()))
    });
    let Some((order, hold)) = found else { return };
    let Some(expires) = Moment::parse(&order.expires_at) else { return };
    let (stage, code) = (Arc::clone(stage), code.to_owned());
    tokio::spawn(async move {
        if let Some(hold) = hold {
            return lapse(&stage, &code, &order, &parent, hold, expires).await;
        }
        stage.office.sleep_until(expires).await;
        if stage.with_restricted(|all| all.end(&order.order_id, &parent)) {
            tell_end(&stage, &code, &order, &parent, "L60", 0, "lapse");
        }
    });
}
