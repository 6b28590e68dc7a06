//! The Antifraud Centre: takes what is addressed through it, acknowledges, passes it on to the executor, and
//! passes the executor's answers back under its own signature. It waits for the dead and repeats to liars.

use std::sync::Arc;

use super::desk::Taken;
use super::send::{self, Outgoing, Sort};
use super::work;
use crate::country::Role;
use crate::draw::{Draw, about};
use crate::ids;
use crate::stage::Stage;
use crate::wire::{Answer, Line, Message, Order};

/// Seconds of office time after which a dead partner is tried again.
const DEAD_RETRY_SECS: i64 = 60;

/// Does the Centre's part with a message.
pub async fn act(stage: &Arc<Stage>, centre: &str, message: &Message) {
    let mut dice = Draw::keyed(about(stage.country.seed, message.id()));
    if let Message::Order(order) = message {
        stage.office.sleep_until(stage.office.now().plus(stage.flow.partner_ack.draw(&mut dice))).await;
        let answer = work::acknowledgement(stage, centre, order);
        send::spawn(
            stage,
            Outgoing { from: centre.to_owned(), via: None, answer, sort: Sort::Ack, hold: None },
        );
    }
    stage.office.sleep_until(stage.office.now().plus(stage.flow.centre_pass.draw(&mut dice))).await;
    let executor = message.executor();
    if stage.country.find(executor).is_some_and(|i| i.role == Role::Executor) {
        pass_on(stage, centre, executor, message).await;
    } else if let Message::Order(order) = message {
        nobody(stage, centre, order);
    }
}

/// Hands a message to the executor until it is truly taken.
async fn pass_on(stage: &Arc<Stage>, centre: &str, executor: &str, message: &Message) {
    // A partner that took an order and does not even acknowledge it is asked again after four times what its
    // people usually need.
    let patience = stage.flow.partner_person.typical() * 4;
    while !stage.stopping() {
        let wait = if stage.dead(executor) {
            DEAD_RETRY_SECS
        } else {
            match work::receive(stage, executor, message, Some(centre)) {
                Taken::Lied => patience,
                Taken::New | Taken::Again => return,
            }
        };
        stage.office.sleep_until(stage.office.now().plus(wait)).await;
    }
}

/// The order names an executor that nobody knows.
fn nobody(stage: &Arc<Stage>, centre: &str, order: &Order) {
    for object in &order.objects {
        let answer = Answer {
            answer_id: format!("a-{}", ids::short_hash(&[centre, &order.order_id, &object.object_id])),
            object_id: Some(object.object_id.clone()),
            lines: vec![Line::code("N32")],
            ..work::acknowledgement(stage, centre, order)
        };
        send::spawn(
            stage,
            Outgoing { from: centre.to_owned(), via: None, answer, sort: Sort::Money, hold: None },
        );
    }
}
