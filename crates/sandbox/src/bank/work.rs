//! What an institution does with a message: acknowledge, look after a person's delay, hold, answer, let go.

use std::sync::Arc;

use serde_json::json;

use super::answer::{Question, lines, read_name};
use super::desk::Taken;
use super::send::{self, Outgoing, Sort};
use super::{centre, holders, keeper, longer};
use crate::country::Role;
use crate::draw::{Draw, about};
use crate::ids;
use crate::moment::Moment;
use crate::stage::{Mutant, Stage, Told};
use crate::summary::AnswerSummary;
use crate::wire::{Amount, Answer, Errand, Holder, Line, Message, Object, Order, Release};
use crate::world::Finding;
use crate::world::model::{Freed, HoldId};

/// Takes a message in for `code`; `via` passed it on. Whatever it sets going runs by itself.
pub fn receive(stage: &Arc<Stage>, code: &str, message: &Message, via: Option<&str>) -> Taken {
    let lying = stage.manners(code).lying;
    let lie = Draw::keyed(about(about(stage.country.seed, code), message.id())).chance(lying);
    let forgetful = stage.broken(Mutant::ForgetMessages);
    let taken = stage.at_desk(code, |desk| {
        if forgetful {
            desk.forget(message);
        }
        desk.take(message, lie)
    });
    stage.counts.add(match taken {
        Taken::New => "messages.new",
        Taken::Again => "messages.again",
        Taken::Lied => "messages.lied",
    });
    let facts =
        json!({"institution": code, "via": via, "message": message.id(), "taken": format!("{taken:?}")});
    stage.journal.note(stage.office.now(), "message", facts);
    if taken != Taken::New {
        return taken;
    }
    let is_centre = stage.country.find(code).is_some_and(|i| i.role == Role::AntifraudCentre);
    let (stage, code, message, via) =
        (Arc::clone(stage), code.to_owned(), message.clone(), via.map(str::to_owned));
    tokio::spawn(async move {
        // What the Centre carries out itself, the list of droppers, it does as everybody else.
        if is_centre && message.executor() != code {
            centre::act(&stage, &code, &message).await;
        } else {
            act(&stage, &code, message, via).await;
        }
    });
    taken
}

async fn act(stage: &Arc<Stage>, code: &str, message: Message, via: Option<String>) {
    match message {
        Message::Order(order) => start(stage, code, order, via).await,
        Message::Release(release) => let_go(stage, code, &release).await,
        Message::Reminder(reminder) => {
            let forgotten = stage.at_desk(code, |desk| desk.dig_out(&reminder.order_id));
            match forgotten {
                Some(order) => start(stage, code, order, via).await,
                None => send::again(stage, code, &reminder.order_id).await,
            }
        }
        Message::Notice(errand) if errand.text.values().any(|t| !t.trim().is_empty()) => {
            run(stage, code, &errand, "S10").await;
        }
        // A notice without words cannot be handed over; silence brings it again.
        Message::Notice(_) => stage.counts.add("notices.empty"),
        Message::Correction(errand) => run(stage, code, &errand, "S20").await,
        // Institutions here ask before each payment and keep no list of their own: there is nothing to strike out.
        Message::Clearance(_) => stage.counts.add("clearances.heard"),
    }
}

/// Tells the holder, or puts the own records right, after a clerk's delay; and says so.
async fn run(stage: &Arc<Stage>, code: &str, errand: &Errand, line: &str) {
    let mut dice = Draw::keyed(about(stage.country.seed, &errand.message_id));
    stage.office.sleep_until(stage.office.now().plus(stage.flow.partner_ack.draw(&mut dice))).await;
    stage.until_alive(code).await;
    let Some(order) = stage.at_desk(code, |desk| desk.work(&errand.order_id).map(|w| w.order.clone())) else {
        return;
    };
    stage.counts.add(if line == "S10" { "notices.given" } else { "corrections.made" });
    tell_end(stage, code, &order, &errand.object_id, line, 0, &errand.message_id);
}

async fn start(stage: &Arc<Stage>, code: &str, order: Order, via: Option<String>) {
    if stage.at_desk(code, |desk| desk.begin(&order, via.clone())) {
        carry_out(stage, code, &order, via).await;
    } else {
        send::again(stage, code, &order.order_id).await;
    }
}

/// `A00` for a whole order.
#[must_use]
pub fn acknowledgement(stage: &Stage, from: &str, order: &Order) -> Answer {
    Answer {
        kind: "answer.v1".to_owned(),
        answer_id: format!("a-{}", ids::short_hash(&[from, &order.order_id, "A00"])),
        order_id: order.order_id.clone(),
        executor: order.executor.clone(),
        object_id: None,
        at: stage.office.now().rfc3339(),
        lines: vec![Line::code("A00")],
        text: None,
    }
}

async fn carry_out(stage: &Arc<Stage>, code: &str, order: &Order, via: Option<String>) {
    let manners = stage.manners(code);
    let mut dice = Draw::keyed(about(about(stage.country.seed, code), &order.order_id));
    let reordered = dice.chance(manners.reordered);
    let in_response = manners.ack_in_response && via.is_none();
    let ack = |sort| Outgoing {
        from: code.to_owned(),
        via: via.clone(),
        answer: acknowledgement(stage, code, order),
        sort,
        hold: None,
    };
    let ack_delay = stage.flow.partner_ack.draw(&mut dice);
    if !reordered && !in_response {
        stage.office.sleep_until(stage.office.now().plus(ack_delay)).await;
        send::spawn(stage, ack(Sort::Ack));
    }
    let percent = if manners.person_percent > 0 { manners.person_percent } else { 100 };
    let mut kept_back = Vec::new();
    for object in &order.objects {
        let person = stage.flow.partner_person.draw(&mut dice) * percent / 100;
        stage.office.sleep_until(stage.office.now().plus(person)).await;
        if dice.chance(manners.stumbling) && !stage.stopping() {
            stumble(stage, code, order, object, via.as_deref());
            stage.office.sleep_until(stage.office.now().plus(person)).await;
        }
        stage.until_alive(code).await;
        let Some(outgoing) = decide(stage, code, order, object, via.as_deref()) else { continue };
        if reordered { kept_back.push(outgoing) } else { send::spawn(stage, outgoing) }
    }
    for outgoing in kept_back.into_iter().rev() {
        send::spawn(stage, outgoing);
    }
    if reordered && !in_response {
        stage.office.sleep_until(stage.office.now().plus(ack_delay)).await;
        send::spawn(stage, ack(Sort::Ack));
    }
}

/// A technical fault: the true answer comes later, under an id of its own.
fn stumble(stage: &Arc<Stage>, code: &str, order: &Order, object: &Object, via: Option<&str>) {
    let text = Some("the core system does not answer".to_owned());
    let answer = Answer {
        answer_id: format!("a-{}", ids::short_hash(&[code, &order.order_id, &object.object_id, "E90"])),
        object_id: Some(object.object_id.clone()),
        lines: vec![Line { text, ..Line::code("E90") }],
        ..acknowledgement(stage, code, order)
    };
    stage.counts.add("answers.stumbled");
    let via = via.map(str::to_owned);
    send::spawn(stage, Outgoing { from: code.to_owned(), via, answer, sort: Sort::Ack, hold: None });
}

/// Looks into the ledger and holds; `None` where it is too late for anything.
fn decide(
    stage: &Arc<Stage>,
    code: &str,
    order: &Order,
    object: &Object,
    via: Option<&str>,
) -> Option<Outgoing> {
    let now = stage.office.now();
    let expires = Moment::parse(&order.expires_at);
    if stage.stopping() || expires.is_none_or(|e| e <= now) {
        stage.counts.add("orders.too_late");
        return None;
    }
    let ended = stage.at_desk(code, |d| d.work(&order.order_id)?.ended.get(&object.object_id).cloned());
    let (lines, hold) = if let Some(end) = ended {
        (vec![Line { at: Some(now.rfc3339()), ..Line::code(&end) }], None)
    } else if order.measure == "extension" {
        (longer::extend(stage, code, object, expires, now), None)
    } else if order.measure == "return" {
        (give_back(stage, code, object, now), None)
    } else if keeper::serves(&order.measure) {
        (ask_keeper(stage, code, order, object, now), None)
    } else {
        look(stage, code, order, object, now)
    };
    if let (Some(hold), Some(expires)) = (hold, expires) {
        stage.at_desk(code, |desk| {
            if let Some(work) = desk.work(&order.order_id) {
                work.holds.insert(object.object_id.clone(), hold);
            }
        });
        let (stage, code, order, object) =
            (Arc::clone(stage), code.to_owned(), order.clone(), object.object_id.clone());
        tokio::spawn(async move { lapse(&stage, &code, &order, &object, hold, expires).await });
    }
    let answer = Answer {
        kind: "answer.v1".to_owned(),
        answer_id: format!("a-{}", ids::short_hash(&[code, &order.order_id, &object.object_id, "first"])),
        object_id: Some(object.object_id.clone()),
        at: now.rfc3339(),
        lines,
        ..acknowledgement(stage, code, order)
    };
    Some(Outgoing { from: code.to_owned(), via: via.map(str::to_owned), answer, sort: Sort::Money, hold })
}

/// Held money goes back to the victim's account, at whatever institution it is.
fn give_back(stage: &Stage, code: &str, object: &Object, now: Moment) -> Vec<Line> {
    let defective = |what: &str| vec![Line { text: Some(what.to_owned()), ..Line::code("R41") }];
    let told = |name: &str| {
        let details = object.details.as_ref().and_then(|d| d.get(name));
        details.and_then(serde_json::Value::as_str).unwrap_or_default().to_owned()
    };
    let Some(amount) = object.cap.as_ref().and_then(Amount::minor).filter(|m| *m > 0) else {
        return defective("the order names no amount of tenge");
    };
    let parent = object.parent_object.clone().unwrap_or_default();
    let Some(hold) = stage.at_desk(code, |desk| desk.hold_of(&parent)) else {
        return defective("no hold of ours is named");
    };
    let Some((by, name)) = read_name(&told("to_kind"), &told("to_value")) else {
        return defective("the victim's account cannot be read");
    };
    let Some(house) = stage.house(&told("to_institution")) else {
        return defective("the victim's institution is not known");
    };
    let mut world = stage.world();
    let Some(to) = world.book.called(house, by, &name) else {
        return defective("the victim's institution has no such account");
    };
    let (went, reference) = world.give_back(hold, amount, to, now);
    drop(world);
    stage.counts.add("measures.return");
    if went == 0 {
        return vec![Line::code("N33")];
    }
    let reference = reference.unwrap_or_else(|| format!("{code}-{}", ids::short_hash(&[&object.object_id])));
    let at = Some(now.rfc3339());
    vec![Line { amount: Some(Amount::kzt(went)), reference: Some(reference), at, ..Line::code("P70") }]
}

/// Asks whoever keeps a number, an address or a list; what is restricted ends by itself when the order does.
fn ask_keeper(stage: &Arc<Stage>, code: &str, order: &Order, object: &Object, now: Moment) -> Vec<Line> {
    if order.executor != code {
        return vec![Line::code("N32")];
    }
    let others: Vec<String> = stage
        .country
        .executors()
        .filter(|i| i.kind == crate::country::Kind::Operator)
        .map(|i| i.code.clone())
        .collect();
    let asked = keeper::Asked { seed: stage.country.seed, code, others: &others, now };
    let (mut lines, in_force) = stage.with_restricted(|all| keeper::answer(all, asked, order, object));
    if let Some(line) = lines.first_mut().filter(|l| order.measure == "disclosure" && l.code == "D10") {
        line.holders = holders_of(stage, code, object);
    }
    if let (true, Some(expires)) = (in_force, Moment::parse(&order.expires_at)) {
        let (stage, code, order, object) =
            (Arc::clone(stage), code.to_owned(), order.clone(), object.object_id.clone());
        tokio::spawn(async move {
            longer::wait(&stage, &code, &object, expires).await;
            if !stage.stopping() && stage.with_restricted(|all| all.end(&order.order_id, &object)) {
                tell_end(&stage, &code, &order, &object, "L60", 0, "lapse");
            }
        });
    }
    stage.counts.add(&format!("measures.{}", order.measure));
    lines
}

/// Whose it is, as far as anybody here keeps it: an account's client; a number's subscriber, who is some bank's client as often as not.
fn holders_of(stage: &Stage, code: &str, object: &Object) -> Vec<Holder> {
    let Some((by, name)) = read_name(&object.kind, &object.value) else { return Vec::new() };
    let world = stage.world();
    let account = match world.book.house(code) {
        Some(house) => world.book.called(house, by, &name),
        None => world.book.with_phone(&name),
    };
    let account = account.map(|id| &world.book.accounts[id]);
    let client = account.and_then(|a| Some((a.who?, a.names.phone.clone())));
    let operator = object.kind == "phone" && world.book.house(code).is_none();
    drop(world);
    let (who, phone) = match client {
        Some(client) => client,
        // A subscriber who has no account here.
        None if operator => (about(about(stage.country.seed, "subscriber"), &name), Some(name)),
        None => return Vec::new(),
    };
    let whose = holders::Whose { seed: stage.country.seed, code, who, phone: phone.as_deref() };
    holders::holders(whose, object)
}

fn look(
    stage: &Stage,
    code: &str,
    order: &Order,
    object: &Object,
    now: Moment,
) -> (Vec<Line>, Option<HoldId>) {
    let house = stage.house(code).filter(|_| order.executor == code);
    let Some(house) = house else { return (vec![Line::code("N32")], None) };
    let question = match Question::read(object) {
        Ok(question) => question,
        Err(lines) => return (lines, None),
    };
    let cap = if stage.broken(Mutant::HoldOverCap) { question.cap * 2 } else { question.cap };
    let question = Question { cap, ..question };
    let question = if stage.broken(Mutant::BlindToPayer) {
        Question { from: None, from_account: None, from_client: None, ..question }
    } else {
        question
    };
    let mut world = stage.world();
    let finding = world.hold(&question.ask(house, &order.order_id, &object.object_id), now);
    let lines = lines(&world, &finding);
    let hold = match finding {
        Finding::Found(facts) => facts.hold,
        _ => None,
    };
    drop(world);
    let facts =
        json!({"institution": code, "order": order.order_id, "object": object.object_id, "lines": lines});
    stage.journal.note(now, "looked", facts);
    (lines, hold)
}

/// Ends a hold when its time is over, and says so.
pub(super) async fn lapse(
    stage: &Arc<Stage>,
    code: &str,
    order: &Order,
    object: &str,
    hold: HoldId,
    expires: Moment,
) {
    let expires = longer::wait(stage, code, object, expires).await;
    if stage.stopping() || stage.broken(Mutant::NoLapse) {
        return;
    }
    let freed = stage.world().release(hold, None, Freed::Lapsed, expires);
    if freed > 0 {
        tell_end(stage, code, order, object, "L60", freed, "lapse");
    }
}

/// Ends a hold, or a part of it, because the node says so.
async fn let_go(stage: &Arc<Stage>, code: &str, release: &Release) {
    let mut dice = Draw::keyed(about(stage.country.seed, &release.message_id));
    stage.office.sleep_until(stage.office.now().plus(stage.flow.partner_ack.draw(&mut dice))).await;
    let part = release.amount.as_ref().and_then(Amount::minor);
    let forgetful = stage.broken(Mutant::ForgetEarlyRelease);
    if stage.broken(Mutant::DeafToRelease) {
        return;
    }
    let found = stage.at_desk(code, |desk| {
        let Some(work) = desk.work(&release.order_id) else {
            // It has overtaken its order, which will then be answered by the end alone.
            if part.is_none() && !forgetful {
                desk.end_early(&release.order_id, &release.object_id, &release.code);
            }
            return None;
        };
        if part.is_none() {
            work.ended.insert(release.object_id.clone(), release.code.clone());
        }
        Some((work.order.clone(), work.holds.get(&release.object_id).copied()))
    });
    let Some((order, hold)) = found else { return };
    if order.measure == "extension" {
        longer::take_back(stage, code, &order, &release.object_id);
    }
    let why = if release.code == "L62" { Freed::ByProof } else { Freed::ByOrder };
    let now = stage.office.now();
    let freed = hold.map_or(0, |hold| stage.world().release(hold, part, why, now));
    if part.is_none() {
        stage.with_restricted(|all| all.end(&release.order_id, &release.object_id));
    }
    stage.counts.add("holds.released");
    tell_end(stage, code, &order, &release.object_id, &release.code, freed, &release.message_id);
}

pub(super) fn tell_end(
    stage: &Arc<Stage>,
    code: &str,
    order: &Order,
    object: &str,
    line: &str,
    freed: i64,
    cause: &str,
) {
    let now = stage.office.now();
    let via = stage.at_desk(code, |desk| desk.work(&order.order_id).and_then(|w| w.via.clone()));
    let amount = (freed > 0).then(|| Amount::kzt(freed));
    let answer = Answer {
        answer_id: format!("a-{}", ids::short_hash(&[code, &order.order_id, object, cause])),
        object_id: Some(object.to_owned()),
        lines: vec![Line { amount, at: Some(now.rfc3339()), ..Line::code(line) }],
        ..acknowledgement(stage, code, order)
    };
    let facts =
        json!({"institution": code, "order": order.order_id, "object": object, "code": line, "freed": freed});
    stage.journal.note(now, "freed", facts);
    send::spawn(stage, Outgoing { from: code.to_owned(), via, answer, sort: Sort::End, hold: None });
}

/// Notes what became of an answer: of the hold it told of, and that it was given.
pub(super) fn note_told(stage: &Stage, outgoing: &Outgoing, told: Told) {
    if let Some(hold) = outgoing.hold {
        stage.set_told(hold, told, &outgoing.answer.answer_id);
    }
    if let (Sort::Money, Told::Accepted, Some(object)) = (outgoing.sort, told, &outgoing.answer.object_id) {
        let answer = &outgoing.answer;
        let codes = answer.lines.iter().map(|l| l.code.clone()).collect();
        let answered = AnswerSummary { order_id: answer.order_id.clone(), object_id: object.clone(), codes };
        stage.set_answered(&answer.answer_id, answered);
    }
}
