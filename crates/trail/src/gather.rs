//! What report and orders know about the money of one report, as facts for the trail.

use std::collections::BTreeSet;

use app::App;
use db::Tx;
use identifier::Kind;
use kernel::{Actor, Money, Personal, Purpose, Timestamp};
use order::answer::{Code, Fact};
use order::model::{Direction, Opened, Trigger};
use order::{Object, ObjectId, Order, OrderId};
use profile::Measure;
use registry::beforehand::Allowed;
use report::PaymentId;

use crate::TrailError;
use crate::model::{Account, Asked, Exit, Line, Payment, TrailFact, What};
use crate::told::ToldLead;

/// A movement that an answer told of: the line and where it can be followed to.
#[derive(Debug, Clone)]
pub(crate) struct Lead {
    pub line: String,
    pub from: Object,
    pub order: Order,
    pub fact: Fact,
    /// When the money came that is asked about.
    pub since: Timestamp,
}

/// An order that waits for a person, and what it would ask about.
#[derive(Debug)]
pub(crate) struct Waiting {
    pub order: OrderId,
    pub account: String,
    pub because: String,
}

/// Everything known about the money of one report.
#[derive(Default)]
pub(crate) struct Known {
    pub facts: Vec<TrailFact>,
    pub leads: Vec<Lead>,
    /// Payments that an institution does not know of: the object that it was asked about, and on which side.
    pub not_found: Vec<(PaymentId, ObjectId, Direction)>,
    /// Which side of which payment has been asked.
    pub asked: Vec<(PaymentId, Direction)>,
    pub waiting: Vec<Waiting>,
    /// What statements tell beside institutions.
    pub told: crate::told::Told,
    /// When the first disputed payment was made.
    pub began: Option<Timestamp>,
}

/// Equal for equal accounts, and nothing that could be turned back into one.
pub(crate) fn account_key(app: &App, kind: &str, value: &str) -> String {
    hex::encode(app.vault.blind(kind, value)).chars().take(32).collect()
}

pub(crate) fn account(app: &App, institution: &str, kind: &str, value: &str) -> Account {
    Account {
        key: account_key(app, kind, value),
        institution: institution.to_owned(),
        masked: report::rules::mask(kind, value),
    }
}

/// Facts of one report, with what statements tell as far as the viewer is let in to them.
pub(crate) fn gather(
    tx: &mut Tx<'_>,
    app: &App,
    viewer: &Actor,
    full: &report::service::Full,
) -> Result<Known, TrailError> {
    let mut known = Known { began: full.payments.iter().map(|p| p.when.earliest).min(), ..Known::default() };
    for payment in &full.payments {
        known.facts.push(TrailFact::Payment(payment_fact(app, payment)));
    }
    let orders = order::service::of_report_in(tx, full.report.id)?;
    let objects = order::service::objects_of_report_in(tx, full.report.id)?;
    for object in &objects {
        given_back(tx, app, &orders, (&objects, object), &mut known)?;
    }
    for object in objects {
        let Some(order) = orders.iter().find(|o| o.id == object.order && o.measure == Measure::Hold) else {
            continue;
        };
        let opened = order::service::open_object_in(tx, app, &object, Purpose::ExecuteOrder)?;
        // A hold that rests on no transfer tells nothing of the path.
        let Some(trigger) = &opened.trigger else { continue };
        let direction = trigger.direction;
        let asked = asked(app, &full.payments, order, (&opened, trigger));
        if order.status == order::Status::Drafted {
            let (account, because) = (asked.account.key.clone(), asked.because.clone());
            known.waiting.push(Waiting { order: order.id, account, because });
        }
        known.facts.push(TrailFact::Asked(asked));
        // In the order in which the object's own state is told by them, or the two would come to different sums.
        let facts = order::answer::in_order(&order::service::facts_in(tx, app, &object)?);
        if order.escalated_at.is_some() && facts.is_empty() {
            known.facts.push(TrailFact::Silent { order: object.id.to_string() });
        }
        let unknown = facts.iter().any(|f| f.code.is_not_found());
        if let Some(payment) = object.payment {
            known.asked.push((payment, direction));
            if unknown {
                known.not_found.push((payment, object.id, direction));
            }
        }
        let said = order::answer::fold(object.cap, &facts).held;
        let since = trigger.at;
        // What was never held cannot be given back.
        let held = facts.iter().any(|f| matches!(f.code, Code::H10 | Code::H11));
        let told = |f: &Fact| held || !matches!(f.code, Code::P70 | Code::P71);
        for fact in facts.into_iter().filter(told) {
            line(app, (order, since), &object, fact, &mut known);
        }
        ended(order, &object, said, &mut known);
    }
    let of = (viewer, full.report.id, full.report.loss.asset());
    known.told = crate::told::gather(tx, app, of, &known.facts)?;
    known.facts.extend(known.told.facts.iter().cloned());
    // What was drafted by a statement that was taken back, or that the viewer is not let in to, rests on nothing here.
    let lines: BTreeSet<&str> = known
        .told
        .facts
        .iter()
        .filter_map(|f| if let TrailFact::Line(line) = f { Some(line.key.as_str()) } else { None })
        .collect();
    let rests = |because: &str| !crate::told::is_told(because) || lines.contains(because);
    let gone: BTreeSet<String> = known
        .facts
        .iter()
        .filter_map(|f| if let TrailFact::Asked(asked) = f { Some(asked) } else { None })
        .filter(|asked| !rests(&asked.because))
        .map(|asked| asked.key.clone())
        .collect();
    known.facts.retain(|f| match f {
        TrailFact::Asked(Asked { key, .. }) => !gone.contains(key),
        TrailFact::Line(Line { order, .. }) | TrailFact::Silent { order } => !gone.contains(order),
        _ => true,
    });
    Ok(known)
}

pub(crate) fn payment_key(id: report::PaymentId) -> String {
    id.to_string()
}

pub(crate) fn payment_fact(app: &App, p: &report::Payment) -> Payment {
    let open = |v: &Personal<String>| v.open(Purpose::HandleReport).clone();
    let to = p.to.as_ref().map(|to| account(app, &p.to_institution, &p.to_kind, &open(to)));
    Payment {
        key: payment_key(p.id),
        from: payer(app, p),
        to,
        amount: p.amount,
        at: p.when.earliest,
        latest: p.when.latest,
        reference: p.reference.as_ref().map(open),
        reporter: p.report.to_string(),
    }
}

/// Accounts of organisations that everybody deals with, of those that payments and answers name: verified ones, and what a list
/// protects.
pub(crate) fn organisations(
    tx: &mut Tx<'_>,
    app: &App,
    payments: &[report::Payment],
    (leads, told): (&[Lead], &[ToldLead]),
) -> Result<Vec<TrailFact>, TrailError> {
    let paid = payments
        .iter()
        .filter_map(|p| Some((p.to_kind.clone(), p.to.as_ref()?.open(Purpose::HandleReport).clone())));
    let answered = leads.iter().filter_map(|lead| lead.fact.account.as_ref());
    let answered = answered.map(|there| (there.kind.clone(), there.value.clone()));
    let told = told.iter().map(|lead| lead.account.clone());
    let named: BTreeSet<(String, String)> = paid.chain(answered).chain(told).collect();
    if named.is_empty() {
        return Ok(Vec::new());
    }
    let partners = partner::store::all(tx)?;
    let allowed = Allowed::here(app, &partners);
    let mut all = Vec::new();
    for (word, value) in named {
        let Some(kind) = Kind::parse(&word) else { continue };
        let known = allowed.beforehand(kind, &value);
        if known.verified || known.shared || registry::service::is_spared(tx, app, kind, &value)? {
            all.push(TrailFact::Organisation { account: account_key(app, &word, &value) });
        }
    }
    Ok(all)
}

/// The payer's own account; where it was not told, one stand-in per report and institution.
fn payer(app: &App, p: &report::Payment) -> Account {
    match &p.own_account {
        Some(own) => {
            let value = own.open(Purpose::HandleReport);
            account(app, &p.own_institution, order::rules::account_kind(value), value)
        }
        None => Account {
            key: format!("payer-{}-{}", p.report, p.own_institution),
            institution: p.own_institution.clone(),
            masked: String::new(),
        },
    }
}

fn asked(
    app: &App,
    payments: &[report::Payment],
    order: &Order,
    (opened, trigger): (&Opened, &Trigger),
) -> Asked {
    let object = &opened.object;
    let payment = object.payment.and_then(|id| payments.iter().find(|p| p.id == id));
    let account = match (payment, trigger.direction) {
        (Some(p), Direction::Out) => payer(app, p),
        _ => account(app, &order.executor, &object.kind, opened.value.open(Purpose::ExecuteOrder)),
    };
    let because = object.payment.map_or_else(|| trigger.because.clone(), payment_key);
    // Once it is answered, what the answer does not explain is unknown, no longer asked.
    let open = matches!(order.status, order::Status::Sent | order::Status::Acknowledged);
    Asked { key: object.id.to_string(), account, because, cap: object.cap, open }
}

/// Key of a line: of its object and of what it says. It is kept with the order that it leads to, so the
/// parts and their order must never change.
fn line_key(object: &Object, fact: &Fact) -> String {
    use sha2::Digest as _;
    let text = |t: &Option<String>| t.clone().unwrap_or_default();
    let parts = [
        fact.code.as_string(),
        fact.amount.map(|a| a.to_string()).unwrap_or_default(),
        fact.at.rfc3339(),
        text(&fact.institution),
        fact.account.as_ref().map(|a| format!("{}:{}", a.kind, a.value)).unwrap_or_default(),
        text(&fact.reference),
        text(&fact.terminal),
    ];
    let digest = sha2::Sha256::digest(parts.join("\u{1f}").as_bytes());
    let short: String = hex::encode(digest).chars().take(24).collect();
    format!("{}-{short}", object.id)
}

/// What a code says of the money; nothing where it has no effect on it. `next` is asked for the account that it
/// went to, where it left.
#[must_use]
pub fn meaning(code: Code, next: impl FnOnce() -> Option<Account>) -> Option<What> {
    let exit = |how| What::Left { how, next: next() };
    Some(match code {
        Code::H10 | Code::H11 => What::Held,
        Code::H12 => What::HeldElsewhere,
        Code::M20 | Code::M21 => exit(Exit::Moved),
        Code::M22 => exit(Exit::Cash),
        Code::M23 => exit(Exit::Spent),
        Code::M24 => exit(Exit::Crypto),
        Code::M25 => exit(Exit::Abroad),
        Code::N33 => What::Gone,
        Code::N30 | Code::N31 | Code::N32 => What::NotFound,
        Code::R40 | Code::R41 | Code::R42 => What::Refused,
        Code::L60 | Code::L61 | Code::L62 => What::Released,
        Code::P70 | Code::P71 => What::Returned,
        // No word about money.
        Code::A00
        | Code::Q50
        | Code::E90
        | Code::Native
        | Code::N34
        | Code::N35
        | Code::N36
        | Code::R43
        | Code::B10
        | Code::B11
        | Code::B12
        | Code::B13
        | Code::D10
        | Code::D11
        | Code::K10
        | Code::S10
        | Code::S20 => return None,
    })
}

fn line(app: &App, (order, since): (&Order, Timestamp), object: &Object, fact: Fact, known: &mut Known) {
    let next = || {
        let there = fact.account.as_ref()?;
        let institution = fact.institution.clone().unwrap_or_else(|| order.executor.clone());
        Some(account(app, &institution, &there.kind, &there.value))
    };
    let Some(what) = meaning(fact.code, next) else { return };
    let key = line_key(object, &fact);
    known.facts.push(TrailFact::Line(Line {
        key: key.clone(),
        order: object.id.to_string(),
        what,
        amount: fact.amount,
        at: fact.at,
        reference: fact.reference.clone(),
        stood_before: fact.stood_before,
    }));
    if fact.code.is_outflow() {
        known.leads.push(Lead { line: key, from: object.clone(), order: order.clone(), fact, since });
    }
}

/// Money that an order to return gave back stood on the account of the hold that it was drawn from: it is said there.
fn given_back(
    tx: &mut Tx<'_>,
    app: &App,
    orders: &[Order],
    (all, object): (&[Object], &Object),
    known: &mut Known,
) -> Result<(), TrailError> {
    let returns = orders.iter().any(|o| o.id == object.order && o.measure == Measure::Return);
    let hold = object.parent.and_then(|parent| all.iter().find(|o| o.id == parent));
    let Some(hold) = hold.filter(|_| returns) else { return Ok(()) };
    // Never more than was asked: as the order itself counts it.
    let (facts, mut left) = (order::service::facts_in(tx, app, object)?, object.cap.minor());
    for fact in order::answer::paid_back(&facts) {
        let amount = fact.amount.map_or(0, Money::minor).min(left);
        if amount > 0 {
            left -= amount;
            known.facts.push(TrailFact::Line(Line {
                key: line_key(object, fact),
                order: hold.id.to_string(),
                what: What::Returned,
                amount: Some(Money::from_minor(amount, object.cap.asset())),
                at: fact.at,
                reference: fact.reference.clone(),
                stood_before: None,
            }));
        }
    }
    Ok(())
}

/// A hold, or a part of one, that our own clock or order ended, where the partner has not said so itself.
fn ended(order: &Order, object: &Object, said: Money, known: &mut Known) {
    let freed = object.keep.map_or(0, |keep| said.minor().saturating_sub(keep.minor()));
    if freed <= 0 {
        return;
    }
    let at: Timestamp = order.ended_at.unwrap_or(object.changed_at);
    known.facts.push(TrailFact::Line(Line {
        key: format!("{}-ended", object.id),
        order: object.id.to_string(),
        what: What::Released,
        amount: Some(Money::from_minor(freed, said.asset())),
        at,
        reference: None,
        stood_before: None,
    }));
}
