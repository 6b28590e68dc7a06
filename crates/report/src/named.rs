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
    /// What in the report names it.
    pub source: Source,
}

impl Named {
    /// The payment that names it, if one does.
    #[must_use]
    pub const fn payment(&self) -> Option<PaymentId> {
        match self.source {
            Source::Payment(id) => Some(id),
            Source::Story | Source::Clue => None,
        }
    }
}

/// What in a report names a thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// A payment.
    Payment(PaymentId),
    /// The story.
    Story,
    /// What officers found out since.
    Clue,
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
    let mut add = |kind: Kind, value: String, source: Source| {
        let known = all.iter().any(|n| n.kind == kind && *n.value.open(Purpose::ExecuteOrder) == value);
        if !known && !own.contains(&value) && !value.is_empty() {
            let masked = rules::mask(kind.as_str(), &value);
            all.push(Named { kind, value: Personal::new(value), masked, source });
        }
    };
    for payment in &full.payments {
        if let (Some(kind), Some(to)) = (Kind::parse(&payment.to_kind), &payment.to) {
            add(kind, open(to), Source::Payment(payment.id));
        }
    }
    let story = full.told.story.open(Purpose::ExecuteOrder);
    for found in identifier::extract(story, &sight::options(app)).into_iter().take(sight::MOST_SIGHTINGS) {
        add(found.kind, found.canonical, Source::Story);
    }
    for clue in full.clues.iter().filter(|c| c.taken_back_at.is_none()) {
        add(clue.kind, open(&clue.value), Source::Clue);
    }
    all
}

/// The region in which the reporter lives, if it was told: a code of the profile.
#[must_use]
pub fn region(full: &Full) -> Option<String> {
    let (section, question) = rules::REGION;
    let details: serde_json::Value =
        serde_json::from_str(full.details.as_ref()?.open(Purpose::HandleReport)).ok()?;
    let told = details.get(section)?.get(question)?.get(0)?.as_str()?;
    (!told.is_empty()).then(|| told.to_owned())
}

/// What a report tells as its reporter's own: the telephone, the number of the person, the accounts that were paid from.
#[must_use]
pub fn owned(app: &App, full: &Full) -> Vec<Named> {
    let reporter = full.told.reporter.open(Purpose::ExecuteOrder);
    let told = [(Kind::Phone, reporter.phone.clone()), (Kind::Iin, reporter.iin.clone())];
    let accounts = full.payments.iter().filter_map(|p| p.own_account.as_ref());
    let accounts = accounts.filter_map(|account| sight::own(account.open(Purpose::ExecuteOrder)));
    let right = |(kind, value): &(Kind, String)| sight::canonical(app, kind.as_str(), value).is_some();
    told.into_iter()
        .filter(right)
        .chain(accounts)
        .map(|(kind, value)| {
            let masked = rules::mask(kind.as_str(), &value);
            Named { kind, value: Personal::new(value), masked, source: Source::Story }
        })
        .collect()
}
