//! Suppress: every lawful measure against everything that a report names, side by side, and the orders that
//! an officer picks of them.

use std::collections::BTreeMap;

use access::{Action, Kind as Thing, Resource};
use app::App;
use db::Tx;
use identifier::NamedIn;
use kernel::{Actor, Coded as _, Money, Personal, Purpose, Timestamp};
use legal_basis::{Basis, LegalBasisError};
use partner::Partner;
use profile::{AddresseeKind, Measure, ObjectKind, Scope};
use report::{Named, ReportId};

use super::drafting::{Drafted, draft_in};
use super::sending::approve_and_send;
use crate::details::{BlockGround, BlockWay, DataClass, Details, DetailsFault, RestrictionAct};
use crate::model::{NewObject, NewOrder, Object, ObjectState, OrderId, Status};
use crate::store::{self, objects};
use crate::{OrderError, law, measure, rules};

mod words;

pub use words::Words;

/// Measures that a report's numbers, addresses and accounts can be met with, the quickest first. Sums are held
/// by the orders that payments lead to, not here.
const MEASURES: [Measure; 8] = [
    Measure::NumberBlock,
    Measure::SimBlock,
    Measure::ImeiBlock,
    Measure::SenderBlock,
    Measure::ResourceRestriction,
    Measure::IncomingStop,
    Measure::Preservation,
    Measure::Disclosure,
];

/// A measure against one thing by one institution.
#[derive(Debug, Clone)]
pub struct Offer {
    /// What it is called in a form: measure, institution, thing.
    pub key: String,
    /// The measure.
    pub measure: Measure,
    /// Place of the thing among what the report names.
    pub named: usize,
    /// Code of the institution that would carry it out.
    pub executor: String,
    /// Who would be asked through whom, the submitter first.
    pub stations: Vec<String>,
    /// How it stands with it.
    pub standing: Standing,
}

/// How it stands with an offer.
#[derive(Debug, Clone)]
pub enum Standing {
    /// It can be ordered.
    Lawful(Box<Terms>),
    /// An order of this report asks for it already.
    Ordered(OrderId, Status),
    /// An order that serves another report has the same effect.
    InForce,
    /// Nothing allows it: the code of the reason.
    Barred(&'static str),
}

/// On what terms an offer can be ordered.
#[derive(Debug, Clone)]
pub struct Terms {
    /// The law.
    pub basis: Basis,
    /// How many persons must sign.
    pub approvers: usize,
    /// Whether the prosecutor must sanction it.
    pub sanction: bool,
    /// By when it would be done.
    pub action_due: Timestamp,
    /// When it would end by itself.
    pub expires_at: Timestamp,
}

/// What a report names, and what can be done about it.
#[derive(Debug, Clone)]
pub struct Offers {
    /// What it names, and how many reports name the same.
    pub named: Vec<(Named, NamedIn)>,
    /// Measures by thing.
    pub offers: Vec<Offer>,
}

/// What became of the picked measures.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Suppressed {
    /// Orders that went out.
    pub sent: Vec<OrderId>,
    /// Orders that wait for another signature or a sanction.
    pub waiting: Vec<OrderId>,
    /// Picked measures that could not be ordered any more.
    pub left: usize,
}

/// Every measure that the law of this moment allows against what a report names, and why it allows no other.
/// The report is read for it; that is a record.
///
/// # Errors
/// Hidden or forbidden; erased; the database's.
pub async fn offers(app: &App, actor: &Actor, id: ReportId) -> Result<Offers, OrderError> {
    let full = report::service::open(app, actor, id, Purpose::ExecuteOrder).await?;
    let (me, actor) = (app.clone(), actor.clone());
    app.db
        .read(move |tx| {
            may_draft(&actor, &full.report)?;
            offers_in(tx, &me, &full)
        })
        .await
}

fn may_draft(actor: &Actor, report: &report::Report) -> Result<(), OrderError> {
    let resource = Resource::new(Thing::Report, report.id.uuid(), &report.header);
    Ok(access::require(actor, Action::DraftOrder, &resource)?)
}

fn offers_in(tx: &mut Tx<'_>, app: &App, full: &report::service::Full) -> Result<Offers, OrderError> {
    let (now, partners) = (app.office.now(), partner::store::all(tx)?);
    let mut all = Offers { named: Vec::new(), offers: Vec::new() };
    for (no, named) in report::named(app, full).into_iter().enumerate() {
        let value = named.value.open(Purpose::ExecuteOrder).clone();
        let blind = app.vault.blind(named.kind.as_str(), &value);
        let seen = identifier::named_in(tx, &app.vault, named.kind, &value)?;
        let kept = match kept_from(app, &partners, named.kind, &value) {
            None if registry::service::is_spared(tx, app, named.kind, &value)? => Some(OrderError::Known),
            other => other,
        };
        for measure in MEASURES {
            let ways = ways(app, measure, &named, &partners, now);
            for (executor, stations) in ways {
                let asks = law::Asks {
                    measure,
                    scope: scope_of(measure),
                    reasoned: true,
                    executor: &executor.code,
                    kinds: &[named.kind.as_str()],
                    cap: Money::from_minor(0, app.profile.currency()),
                    hop: 0,
                };
                let standing = if seen.as_reporter > 0 && measure::restricts(measure) {
                    Standing::Barred("order.own_of_victim")
                } else if let Some(kept) = kept.as_ref().filter(|_| measure::restricts(measure)) {
                    Standing::Barred(kept.code())
                } else {
                    standing(tx, app, asks, (full.report.id, blind, executor), now)?
                };
                let key = offer_key(measure, &executor.code, &blind);
                let executor = executor.code.clone();
                all.offers.push(Offer { key, measure, named: no, executor, stations, standing });
            }
        }
        all.named.push((named, seen));
    }
    Ok(all)
}

/// What keeps a thing from being restricted, whoever names it: nobody reaches it in public, the platform itself stands
/// there, an organisation that everybody deals with, many honest people.
pub(super) fn kept_from(
    app: &App,
    partners: &[Partner],
    kind: identifier::Kind,
    value: &str,
) -> Option<OrderError> {
    let known = registry::beforehand::Allowed::here(app, partners).beforehand(kind, value);
    match known {
        _ if known.reserved => Some(OrderError::Reserved),
        _ if known.verified => Some(OrderError::Known),
        _ if known.shared => Some(OrderError::Shared),
        _ => None,
    }
}

/// How wide each measure is where a report's things are met with it.
const fn scope_of(measure: Measure) -> Scope {
    match measure {
        Measure::IncomingStop => Scope::Incoming,
        _ => Scope::Full,
    }
}

fn offer_key(measure: Measure, executor: &str, blind: &[u8; 32]) -> String {
    let short: String = hex::encode(blind).chars().take(16).collect();
    format!("{measure}.{executor}.{short}")
}

/// The institutions that could carry a measure out, and the way to each.
fn ways<'a>(
    app: &App,
    measure: Measure,
    named: &Named,
    partners: &'a [Partner],
    now: Timestamp,
) -> Vec<(&'a Partner, Vec<String>)> {
    let Some(kind) = ObjectKind::parse(named.kind.as_str()).filter(|k| measure::can_name(measure, *k)) else {
        return Vec::new();
    };
    let value = named.value.open(Purpose::ExecuteOrder);
    let reach = |partner: &'a Partner| {
        let asks = law::Asks {
            measure,
            scope: scope_of(measure),
            reasoned: true,
            executor: &partner.code,
            kinds: &[named.kind.as_str()],
            cap: Money::from_minor(0, app.profile.currency()),
            hop: 0,
        };
        let way = law::way(app, asks, partners, now).ok()?;
        Some((partner, way.stations.into_iter().map(|(_, code, _)| code).collect()))
    };
    law::executors(app, measure, (kind, value), partners, now).into_iter().filter_map(reach).collect()
}

fn standing(
    tx: &mut Tx<'_>,
    app: &App,
    asks: law::Asks<'_>,
    (report, blind, executor): (ReportId, [u8; 32], &Partner),
    now: Timestamp,
) -> Result<Standing, OrderError> {
    let mut elsewhere = false;
    // What is kept is no restriction, and still nothing to ask for again.
    let stands = |o: &Object| o.state.is_open() || o.state == ObjectState::Kept;
    for object in objects::named(tx, blind)?.into_iter().filter(stands) {
        let Some(order) = store::find(tx, object.order)? else { continue };
        let open = order.status.is_open() || order.status == Status::Drafted;
        if order.measure != asks.measure || order.executor != asks.executor || !open {
            continue;
        }
        if order.report == report {
            return Ok(Standing::Ordered(order.id, order.status));
        }
        elsewhere |= order.status.is_open();
    }
    if elsewhere && measure::restricts(asks.measure) {
        return Ok(Standing::InForce);
    }
    let addressee = AddresseeKind::parse(&executor.kind).ok_or(OrderError::NoBasis)?;
    let basis = match legal_basis::require(tx, &asks.proposal(addressee), now) {
        Ok(basis) => basis,
        Err(LegalBasisError::NotFound) => return Ok(Standing::Barred("order.no_basis")),
        Err(LegalBasisError::Refused(why)) => return Ok(Standing::Barred(kernel::Coded::code(&why))),
        Err(e) => return Err(e.into()),
    };
    let (_, action_due, expires_at) =
        law::clocks(app, asks.measure, &basis, now).ok_or(OrderError::NoBasis)?;
    Ok(Standing::Lawful(Box::new(Terms {
        approvers: law::needed(&basis),
        sanction: basis.record.prosecutor_sanction,
        action_due,
        expires_at,
        basis,
    })))
}

/// Drafts the picked offers, one order for each measure and institution, and sends those for which the
/// signature of `actor` is enough. The same picks again lead to the same orders.
///
/// # Errors
/// Hidden or forbidden; erased; words that the papers need are missing, in which case nothing is drafted.
pub async fn suppress(
    app: &App,
    actor: &Actor,
    id: ReportId,
    picks: &[String],
    words: &Words,
) -> Result<Suppressed, OrderError> {
    let (me, who, picks, words) = (app.clone(), actor.clone(), picks.to_vec(), words.clone());
    let (drafted, left) = app
        .db
        .write(move |tx| {
            let full = report::service::load(tx, &me, &who, id)?;
            may_draft(&who, &full.report)?;
            draft_picked(tx, &me, &who, &full, (&picks, &words))
        })
        .await?;
    let mut done = Suppressed { left, ..Suppressed::default() };
    for order in drafted {
        match order {
            Drafted::Sent(id) => done.sent.push(id),
            Drafted::Already(_) => {}
            // Where one signature is enough the officer's own is it; where not, the others are told.
            Drafted::Waiting(id) => match approve_and_send(app, actor, id).await {
                Ok((_, true)) => done.sent.push(id),
                Ok((_, false)) | Err(_) => done.waiting.push(id),
            },
        }
    }
    Ok(done)
}

fn draft_picked(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    full: &report::service::Full,
    (picks, words): (&[String], &Words),
) -> Result<(Vec<Drafted>, usize), OrderError> {
    words.check(app.office.now())?;
    let all = offers_in(tx, app, full)?;
    let lawful = |o: &&Offer| matches!(o.standing, Standing::Lawful(_)) && picks.contains(&o.key);
    let picked: Vec<&Offer> = all.offers.iter().filter(lawful).collect();
    let mut together: BTreeMap<(Measure, &str), Vec<&Offer>> = BTreeMap::new();
    for offer in &picked {
        together.entry((offer.measure, offer.executor.as_str())).or_default().push(offer);
    }
    let mut drafted = Vec::new();
    for ((measure, executor), offers) in together {
        let kind = partner::store::by_code(tx, executor)?.and_then(|p| AddresseeKind::parse(&p.kind));
        if measure == Measure::ResourceRestriction && words.class.is_none() {
            return Err(DetailsFault::Class.into());
        }
        let named = offers.iter().filter_map(|o| all.named.get(o.named)).map(|(named, _)| named);
        let objects: Vec<NewObject> = named.map(|n| object(app, measure, kind, n, words)).collect();
        let mut keys: Vec<&str> = offers.iter().map(|o| o.key.as_str()).collect();
        keys.sort_unstable();
        let fact = format!("{}|{}", full.report.id, keys.join("|"));
        let new = NewOrder {
            id: fresh_id(tx, &fact)?,
            measure,
            scope: scope_of(measure),
            reason: Some(Personal::new(words.reason.clone()))
                .filter(|_| measure == Measure::IncomingStop && app::says(&words.reason)),
            report: full.report.id,
            report_number: full.report.number.clone(),
            hop: 0,
            executor: executor.to_owned(),
            objects,
            hold_back: None,
        };
        drafted.push(draft_in(tx, app, actor, new)?);
    }
    Ok((drafted, picks.len().saturating_sub(picked.len())))
}

/// Most orders that the same picks lead to, one after the other.
const MOST_ATTEMPTS: u32 = 100;

/// The order that these picks lead to. While one of them stands it is not offered again; once it has lapsed or was taken
/// back, the next attempt is another order.
fn fresh_id(tx: &mut Tx<'_>, fact: &str) -> Result<OrderId, OrderError> {
    for attempt in 0..MOST_ATTEMPTS {
        let id = match attempt {
            0 => rules::order_id("suppress", fact),
            n => rules::order_id("suppress", &format!("{fact} {n}")),
        };
        let stands = store::find(tx, id)?.is_none_or(|o| o.status.is_open() || o.status == Status::Drafted);
        if stands {
            return Ok(id);
        }
    }
    Err(OrderError::Objects)
}

fn object(
    app: &App,
    measure: Measure,
    executor: Option<AddresseeKind>,
    named: &Named,
    words: &Words,
) -> NewObject {
    let details = match measure {
        Measure::NumberBlock | Measure::SimBlock | Measure::ImeiBlock | Measure::SenderBlock => {
            Some(Details::Block { ways: vec![way_of(measure)], ground: BlockGround::Complaint })
        }
        Measure::ResourceRestriction => words.class.map(|class| Details::Restriction {
            act: restriction(executor, named.kind),
            class,
            harm: words.harm.trim().to_owned(),
            narrower: words.narrower.trim().to_owned(),
        }),
        Measure::Disclosure => Some(Details::Disclosure {
            data: data(named.kind, &words.data),
            from: words.from.map(Timestamp::rfc3339),
            to: words.to.map(Timestamp::rfc3339),
        }),
        Measure::Preservation => Some(Details::Preservation { data: data(named.kind, &words.data) }),
        _ => None,
    };
    NewObject {
        payment: None,
        parent: None,
        kind: named.kind.as_str().to_owned(),
        value: named.value.clone(),
        masked: named.masked.clone(),
        cap: Money::from_minor(0, app.profile.currency()),
        trigger: None,
        details,
    }
}

/// The least that helps, by whoever is asked.
const fn restriction(executor: Option<AddresseeKind>, kind: identifier::Kind) -> RestrictionAct {
    match (executor, kind) {
        (Some(AddresseeKind::Platform), identifier::Kind::Handle) => RestrictionAct::DisableAccount,
        (Some(AddresseeKind::Registrar), _) => RestrictionAct::SuspendDomain,
        (Some(AddresseeKind::Platform | AddresseeKind::Hoster), _) => RestrictionAct::Remove,
        _ => RestrictionAct::Block,
    }
}

/// How each of them is blocked whole.
const fn way_of(measure: Measure) -> BlockWay {
    match measure {
        Measure::ImeiBlock => BlockWay::ImeiList,
        Measure::SenderBlock => BlockWay::SenderBan,
        _ => BlockWay::Full,
    }
}

/// What data there are of such a thing.
#[must_use]
const fn data_of(kind: identifier::Kind) -> &'static [DataClass] {
    use DataClass as D;
    use identifier::Kind as K;
    match kind {
        K::Iban | K::Account | K::Card | K::WalletBtc | K::WalletEth | K::WalletTron => {
            &[D::Owner, D::Statement, D::DeviceLog]
        }
        K::Phone | K::Sim | K::Imei => &[D::Owner, D::DeviceLog, D::CallRecords],
        _ => &[D::Owner, D::DeviceLog],
    }
}

/// What is asked of such a thing: what was chosen, as far as there is such; where nothing was, all but records of calls,
/// which are never asked for by the way.
fn data(kind: identifier::Kind, chosen: &[DataClass]) -> Vec<DataClass> {
    let asked = |d: &DataClass| match chosen {
        [] => *d != DataClass::CallRecords,
        chosen => chosen.contains(d),
    };
    data_of(kind).iter().copied().filter(asked).collect()
}
