//! Orders: the plain one, what is not known, many objects, what nobody knows yet, and what comes in another order.

use std::collections::HashSet;
use std::time::Duration;

use serde_json::{Value, json};

use super::came;
use super::case::{Case, LONG};
use crate::check::Check;
use crate::clock;
use crate::kit::{Kit, Mood, State};
use crate::messages::{text, with};
use crate::rules::{Standing, is_held, is_outflow, is_substance};
use crate::wire::{Answer, clip};

/// The plain order, which the caller has sent already.
pub async fn plain(kit: &Kit, case: Case<'_>) -> anyhow::Result<()> {
    let any = |state: &State| state.answers(&case.order).next().map(|_| ());
    match kit.until(kit.plan.patience, any).await {
        Some(()) => kit.pass(Check::HoldAcknowledged),
        None => kit.fail(Check::HoldAcknowledged, "`A00` or an answer", "no answer that can be read"),
    }
    match case.word().await {
        None => {
            kit.fail(Check::HoldAnswered, "an answer that says what became of it", "none that can be read")
        }
        Some(standing) => {
            kit.pass(Check::HoldAnswered);
            known(kit, &standing);
        }
    }
    case.tidy().await
}

/// Judges what was said of the known thing.
fn known(kit: &Kit, said: &Standing) {
    let words = said.words.join(", ");
    let any = |codes: &[&str]| said.words.iter().any(|w| codes.contains(&w.as_str()));
    let expected = "the measure carried out on a thing that the institution knows";
    if said.in_force || any(&["B13"]) || said.words.iter().any(|w| is_held(w)) {
        kit.pass(Check::HoldKnown);
    } else if any(&["N30", "N32", "R40", "R41"]) {
        kit.fail(Check::HoldKnown, expected, &words);
    } else {
        kit.warn(Check::HoldKnown, &format!("{expected}; name another by --known or --payment"), &words);
    }
}

/// An order about a thing that is not there.
pub async fn unknown_thing(kit: &Kit) -> anyhow::Result<()> {
    let object = kit.object(&kit.plan.unknown, kit.plan.cap())?;
    nothing_found(kit, Check::HoldUnknown, object, &["N30", "N31", "N32"]).await
}

/// An order about the known payment, said to be made by somebody who made none: it is not the one that is meant.
pub async fn other_payer(kit: &Kit) -> anyhow::Result<()> {
    if kit.plan.measure != "hold" {
        kit.leave(Check::HoldPayer, "the measure is not about money");
        return Ok(());
    }
    let _lane = kit.lane(0).await;
    let mut object = kit.object(kit.plan.known.first().unwrap_or(&kit.plan.unknown), kit.plan.cap())?;
    if let Some(trigger) = object.get_mut("trigger") {
        let account = json!({"kind": "account", "value": "TESTPAYER0001"});
        let told =
            with(with(trigger.take(), "from_institution", json!("TESTPAYER")), "from_account", account);
        *trigger = told;
    }
    nothing_found(kit, Check::HoldPayer, object, &["N31"]).await
}

/// An order about one object that is to be answered by one of these codes, with nothing held.
async fn nothing_found(kit: &Kit, check: Check, object: Value, codes: &[&str]) -> anyhow::Result<()> {
    let message = kit.order(&[object], LONG)?;
    kit.remember(&message, Mood::Plain, false);
    let order = text(&message, "order_id").to_owned();
    let object =
        message.pointer("/objects/0/object_id").and_then(Value::as_str).unwrap_or_default().to_owned();
    let expected = codes.iter().map(|c| format!("`{c}`")).collect::<Vec<_>>().join(" or ");
    if let Err(error) = kit.deliver(&message).await {
        kit.fail(check, &expected, &error);
        return Ok(());
    }
    let look = |state: &State| Some(state.standing(&order, &object)).filter(|s| !s.words.is_empty());
    let Some(said) = kit.until(kit.plan.patience, look).await else {
        kit.fail(check, &expected, "no word about it");
        return Ok(());
    };
    let words = said.words.join(", ");
    let found = |w: &String| is_held(w) || is_outflow(w) || w == "H12" || w.starts_with('B');
    if said.in_force || said.words.iter().any(found) {
        kit.fail(check, &expected, &words);
    } else if said.words.iter().any(|w| codes.contains(&w.as_str())) {
        kit.pass(check);
    } else {
        kit.warn(check, &expected, &words);
    }
    Ok(())
}

/// An order that asks for the whole payment, so that the bank must also tell what of it has moved on.
pub async fn whole(kit: &Kit) -> anyhow::Result<()> {
    if kit.plan.measure != "hold" {
        kit.leave(Check::HoldWhole, "the measure is not about money");
        return Ok(());
    }
    let case = Case::whole(kit).await?;
    match case.asked().await {
        Ok(_) => kit.pass(Check::HoldWhole),
        Err(error) => {
            kit.fail(Check::HoldWhole, "an answer that says what became of each part of it", &error)
        }
    }
    case.tidy().await
}

/// An order that names many objects: a few known ones, else the unknown one over and over.
pub async fn many(kit: &Kit) -> anyhow::Result<()> {
    let _lane = kit.lane(0).await;
    let mut objects = Vec::new();
    for no in 0..kit.plan.objects {
        let thing = kit.plan.known.first().filter(|_| no < 2).unwrap_or(&kit.plan.unknown);
        // One unit each: many objects share what the others leave.
        objects.push(kit.object(thing, 100)?);
    }
    let message = kit.order(&objects, LONG)?;
    kit.remember(&message, Mood::Plain, false);
    let order = text(&message, "order_id").to_owned();
    let ids: Vec<String> = objects.iter().map(|o| text(o, "object_id").to_owned()).collect();
    if let Err(error) = kit.deliver(&message).await {
        kit.fail(Check::HoldMany, "2xx", &error);
        return Ok(());
    }
    // In one pass: a thousand objects are looked at after each of a thousand answers.
    let silent = |state: &State| {
        let says = |a: &&Answer| a.lines.iter().any(|l| is_substance(&l.code));
        let told: HashSet<&str> =
            state.answers(&order).filter(says).filter_map(|a| a.object_id.as_deref()).collect();
        ids.iter().filter(|id| !told.contains(id.as_str())).count()
    };
    match kit.until(kit.plan.patience * 2, |state| (silent(state) == 0).then_some(())).await {
        Some(()) => kit.pass(Check::HoldMany),
        None => {
            let came = format!("no word about {} of {}", silent(&kit.state()), ids.len());
            kit.fail(Check::HoldMany, "a word about each object", &came);
        }
    }
    for id in ids.iter().take(2) {
        if kit.state().standing(&order, id).in_force {
            let _told = kit.deliver(&kit.release(&order, id, None, "L61")?).await;
        }
    }
    Ok(())
}

/// A plain order with fields that nobody knows, in each of its places.
pub async fn unknown_fields(kit: &Kit) -> anyhow::Result<()> {
    let case = Case::new(kit, 1, Mood::Plain).await?;
    let junk = || json!({"a": [1, null, "қ"], "b": {"c": true}});
    let mut message = with(case.message.clone(), "x_test", junk());
    for place in ["/objects/0", "/objects/0/trigger", "/basis", "/approval", "/route/0"] {
        if let Some(inner) = message.pointer_mut(place).and_then(Value::as_object_mut) {
            inner.insert("x_test".to_owned(), junk());
        }
    }
    let case = case.saying(message);
    let expected = "the same as without them";
    match case.asked().await {
        Ok(said) if said.words.iter().all(|w| w != "R41" && w != "R40") => kit.pass(Check::UnknownFields),
        Ok(said) => kit.fail(Check::UnknownFields, expected, &said.words.join(", ")),
        Err(error) => kit.fail(Check::UnknownFields, expected, &error),
    }
    case.tidy().await
}

/// An order of a measure that nobody knows, and a message of a type that nobody knows.
pub async fn unknown_measure(kit: &Kit) -> anyhow::Result<()> {
    let type_unknown = json!({
        "type": "x-test.v1", "test": true, "message_id": format!("msg_{}", clock::token()?),
        "order_id": format!("ord_{}", clock::token()?), "executor": kit.plan.code,
    });
    // Not into the inbox: whoever reads it through a strict reader would stop at this one, which is its own fault, but
    // would then fail in everything.
    let body = serde_json::to_vec(&type_unknown)?;
    match kit.post(kit.signed(&body)?, body).await {
        Ok(reply) if reply.taken() || reply.refused() => kit.pass(Check::UnknownMessage),
        Ok(reply) => kit.fail(Check::UnknownMessage, "2xx or 4xx", &came(&reply)),
        Err(error) => kit.fail(Check::UnknownMessage, "2xx or 4xx", &error),
    }
    let case = Case::new(kit, 2, Mood::Plain).await?;
    let message = with(case.message.clone(), "measure", json!("x_test"));
    let case = case.saying(message);
    let expected = "4xx, or `R41`, `R40` or `Q50`";
    match kit.send(&case.message).await {
        Err(error) => kit.fail(Check::UnknownMeasure, expected, &error),
        Ok(reply) if reply.refused() => kit.pass(Check::UnknownMeasure),
        Ok(reply) if !reply.taken() => kit.fail(Check::UnknownMeasure, expected, &came(&reply)),
        Ok(_) => {
            let words = |state: &State| {
                let lines = state.answers(&case.order).flat_map(|a| &a.lines).map(|l| clip(&l.code, 16));
                Some(lines.filter(|c| c != "A00").collect::<Vec<_>>()).filter(|w| !w.is_empty())
            };
            match kit.until(kit.plan.patience, words).await {
                None => {
                    kit.warn(Check::UnknownMeasure, expected, "no answer; the node repeats such an order")
                }
                Some(words) if case.standing().in_force => {
                    kit.fail(Check::UnknownMeasure, expected, &words.join(", "));
                }
                Some(_) => kit.pass(Check::UnknownMeasure),
            }
        }
    }
    case.tidy().await
}

/// The release overtakes its order.
pub async fn release_first(kit: &Kit) -> anyhow::Result<()> {
    let case = Case::new(kit, 3, Mood::Plain).await?;
    let release = case.release(None)?;
    let expected = "nothing held once both have come, the release again, too";
    match kit.send(&release).await {
        Ok(reply) if reply.taken() || reply.refused() => {}
        Ok(reply) => kit.fail(Check::ReorderRelease, "2xx or 4xx", &came(&reply)),
        Err(error) => kit.fail(Check::ReorderRelease, "2xx or 4xx", &error),
    }
    clock::pause(Duration::from_millis(500)).await;
    if let Err(error) = case.asked().await {
        kit.fail(Check::ReorderRelease, "the order answered, at least by the code of its release", &error);
        return case.tidy().await;
    }
    // The hold may be told first and its end after it.
    let free = case.until(kit.plan.quiet, |s| !s.in_force).await.is_some();
    if !free {
        // As the node would: the same message, until the answers come to no more held.
        let _told = kit.deliver(&release).await;
    }
    match case.until(kit.plan.patience, |s| !s.in_force).await {
        Some(_) => kit.pass(Check::ReorderRelease),
        None => kit.fail(
            Check::ReorderRelease,
            expected,
            &format!("still in force: {}", case.standing().words.join(", ")),
        ),
    }
    case.tidy().await
}

/// The reminder overtakes its order.
pub async fn reminder_first(kit: &Kit) -> anyhow::Result<()> {
    let case = Case::new(kit, 4, Mood::Plain).await?;
    match kit.send(&kit.reminder(&case.order)?).await {
        Ok(reply) if reply.taken() || reply.refused() => {}
        Ok(reply) => kit.fail(Check::ReorderReminder, "2xx or 4xx", &came(&reply)),
        Err(error) => kit.fail(Check::ReorderReminder, "2xx or 4xx", &error),
    }
    match case.asked().await {
        Ok(_) => kit.pass(Check::ReorderReminder),
        Err(error) => kit.fail(Check::ReorderReminder, "the order answered", &error),
    }
    case.tidy().await
}
