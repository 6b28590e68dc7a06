//! What a report names that may be somebody else's: the accounts that were paid to, the numbers, addresses
//! and names in the story, what was found out since. What is the reporter's own is left out: a victim is never acted against.

use app::App;
use identifier::Kind;
use kernel::{Personal, Purpose};

use crate::model::PaymentId;
use crate::service::Full;
use crate::{rules, sight};

/// Something that a report names.
#[derive(Debug, Clone)]
pub struct Named {
    /// Kind of identifier.
    pub kind: Kind,
    /// In its canonical writing; of a card the ten digits that are known.
    pub value: Personal<String>,
    /// What may be shown.
    pub masked: String,
    /// The payment that names it, if one does.
    pub payment: Option<PaymentId>,
}

/// What is never named for an order: the reporter's own, and the numbers that people in need call.
pub(crate) fn own(app: &App, full: &Full) -> Vec<String> {
    let reporter = full.told.reporter.open(Purpose::ExecuteOrder);
    let mut own: Vec<String> = vec![reporter.phone.clone(), reporter.iin.clone()];
    let accounts = full.payments.iter().filter_map(|p| p.own_account.as_ref());
    own.extend(accounts.map(|account| account.open(Purpose::ExecuteOrder).clone()));
    own.extend(app.profile.emergency().iter().map(|e| e.number.clone()));
    own
}

/// Everything that `full` names and that is not its reporter's, each once: what was paid to, what the story names, what
/// officers found out since.
#[must_use]
pub fn named(app: &App, full: &Full) -> Vec<Named> {
    let open = |value: &Personal<String>| value.open(Purpose::ExecuteOrder).clone();
    let own = own(app, full);
    let mut all: Vec<Named> = Vec::new();
    let mut add = |kind: Kind, value: String, payment: Option<PaymentId>| {
        let known = all.iter().any(|n| n.kind == kind && *n.value.open(Purpose::ExecuteOrder) == value);
        if !known && !own.contains(&value) && !value.is_empty() {
            let masked = rules::mask(kind.as_str(), &value);
            all.push(Named { kind, value: Personal::new(value), masked, payment });
        }
    };
    for payment in &full.payments {
        if let (Some(kind), Some(to)) = (Kind::parse(&payment.to_kind), &payment.to) {
            add(kind, open(to), Some(payment.id));
        }
    }
    let story = full.told.story.open(Purpose::ExecuteOrder);
    for found in identifier::extract(story, &sight::options(app)).into_iter().take(sight::MOST_SIGHTINGS) {
        add(found.kind, found.canonical, None);
    }
    for clue in full.clues.iter().filter(|c| c.taken_back_at.is_none()) {
        add(clue.kind, open(&clue.value), None);
    }
    all
}
