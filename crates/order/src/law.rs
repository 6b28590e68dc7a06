//! What the law, the routes and the standing approvals say of a new order: the one place where `order`
//! asks `legal_basis` and the profile.

use app::App;
use db::Tx;
use kernel::{Lang, Money, Timestamp};
use legal_basis::{Basis, LegalBasisError, Proposal, standing};
use partner::{Partner, PartnerRole};
use profile::{AddresseeKind, GatewayKind, Measure, ObjectKind, Scope, StepRole, Term, Who};
use uuid::Uuid;

use crate::model::{Order, Step};
use crate::{OrderError, measure, store};

/// What a new order must carry, and whether it may go out by itself.
#[derive(Debug, Clone)]
pub(crate) struct Ruling {
    /// The legal basis.
    pub basis: Basis,
    /// Distinct approvers the basis asks for where no standing approval covers it.
    pub approvers: usize,
    /// Who it is handed to.
    pub gateway: String,
    /// The route, the submitter first.
    pub steps: Vec<Step>,
    /// By when receipt must be confirmed.
    pub ack_due: Timestamp,
    /// By when it must be answered.
    pub action_due: Timestamp,
    /// When it ends by itself.
    pub expires_at: Timestamp,
    /// The standing approval that covers it, and its version.
    pub standing: Option<(Uuid, i64)>,
    /// Why it waits for a person, as a key of texts.
    pub why_waiting: Option<String>,
    /// Language of its papers.
    pub lang: Lang,
}

/// What an order asks, as far as the law looks at it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asks<'a> {
    /// What is asked.
    pub measure: Measure,
    /// How much of the account it touches.
    pub scope: Scope,
    /// Whether it says why a wide scope is needed.
    pub reasoned: bool,
    /// Code of the institution that must carry it out.
    pub executor: &'a str,
    /// Kinds of its objects.
    pub kinds: &'a [&'a str],
    /// The most that may be held.
    pub cap: Money,
    /// Position on the path.
    pub hop: i64,
}

/// Judges an order that is to be drafted, or sent, at `now`.
pub(crate) fn rule(tx: &mut Tx<'_>, app: &App, asks: Asks<'_>, now: Timestamp) -> Result<Ruling, OrderError> {
    let partners = partner::store::all(tx)?;
    // What was restricted is given back by whoever did it, also once it takes no new orders.
    let gives_back = matches!(asks.measure, Measure::Return | Measure::Delisting);
    let way = if gives_back { path(app, asks, &partners, now) } else { way(app, asks, &partners, now) }?;
    let proposal = asks.proposal(way.addressee);
    let basis = match legal_basis::require(tx, &proposal, now) {
        Ok(basis) => basis,
        Err(LegalBasisError::NotFound) => return Err(OrderError::NoBasis),
        Err(LegalBasisError::Refused(why)) => return Err(OrderError::NotAllowed(why)),
        Err(e) => return Err(e.into()),
    };
    let (ack_due, action_due, expires_at) =
        clocks(app, asks.measure, &basis, now).ok_or(OrderError::NoBasis)?;
    let steps = way.steps(now, ack_due, action_due);
    let gateway = steps
        .get(1)
        .map(|s| s.institution.clone())
        .ok_or_else(|| OrderError::NoRoute(asks.executor.into()))?;
    let (standing, why_waiting) = standing_for(tx, app, &basis, (&proposal, asks), now)?;
    Ok(Ruling {
        approvers: needed(&basis),
        basis,
        gateway,
        steps,
        ack_due,
        action_due,
        expires_at,
        standing,
        why_waiting,
        lang: app.profile.default_lang(),
    })
}

/// Judges an order by which what `original` restricts goes on till `expires_at` under `basis`. It goes the way of the
/// order that it makes longer, and always waits for a person.
pub(crate) fn rule_extension(
    tx: &mut Tx<'_>,
    app: &App,
    (original, kinds): (&Order, &[&str]),
    (basis, expires_at): (Basis, Timestamp),
    now: Timestamp,
) -> Result<Ruling, OrderError> {
    let asks = Asks {
        measure: original.measure,
        scope: original.scope,
        reasoned: true,
        executor: &original.executor,
        kinds,
        cap: original.cap,
        hop: original.hop,
    };
    let partners = partner::store::all(tx)?;
    let way = path(app, asks, &partners, now)?;
    let (ack_due, action_due, _) = clocks(app, Measure::Extension, &basis, now).ok_or(OrderError::NoBasis)?;
    let steps = way.steps(now, ack_due, action_due);
    let gateway = steps
        .get(1)
        .map(|s| s.institution.clone())
        .ok_or_else(|| OrderError::NoRoute(original.executor.clone()))?;
    let why = if basis.record.prosecutor_sanction { "sanction" } else { "per_case" };
    Ok(Ruling {
        approvers: needed(&basis),
        basis,
        gateway,
        steps,
        ack_due,
        action_due,
        expires_at,
        standing: None,
        why_waiting: Some(why.to_owned()),
        lang: app.profile.default_lang(),
    })
}

/// By when an order that leaves now must be confirmed, answered, and when it ends. The term of the law binds; the
/// Department's own may only be shorter.
pub(crate) fn clocks(
    app: &App,
    measure: Measure,
    basis: &Basis,
    now: Timestamp,
) -> Option<(Timestamp, Timestamp, Timestamp)> {
    let clocks = app.profile.clocks(measure, now)?;
    let after = |minutes: u32| now.plus_secs(i64::from(minutes) * 60);
    let terms = [clocks.expires, basis.record.max_term].into_iter().flatten();
    let expires_at = terms
        .map(|t| app.profile.term_end(now, t))
        .min()
        .unwrap_or_else(|| app.profile.term_end(now, Term::WorkingDays(1)));
    Some((after(clocks.ack_minutes), after(clocks.action_minutes), expires_at))
}

impl Asks<'_> {
    /// As the law looks at it.
    pub(crate) fn proposal(&self, addressee: AddresseeKind) -> Proposal {
        Proposal {
            measure: self.measure,
            addressee,
            scope: self.scope,
            amount: measure::is_about_money(self.measure).then_some(self.cap),
            reasoned: self.reasoned,
            spares_exempt: true,
        }
    }
}

/// A lawful way to an executor: who stands at each step.
#[derive(Debug)]
pub(crate) struct Way {
    /// What the executor is.
    pub addressee: AddresseeKind,
    /// Role, institution and channel of each step.
    pub stations: Vec<(StepRole, String, GatewayKind)>,
}

impl Way {
    fn steps(&self, now: Timestamp, ack_due: Timestamp, action_due: Timestamp) -> Vec<Step> {
        let step = |(no, (role, institution, gateway)): (i64, &(StepRole, String, GatewayKind))| Step {
            no,
            role: role.as_str().to_owned(),
            institution: institution.clone(),
            gateway: gateway.as_str().to_owned(),
            due: match no {
                0 => None,
                1 => Some(ack_due),
                _ => Some(action_due),
            },
            reached_at: (no == 0).then_some(now),
            answer: String::new(),
        };
        (0_i64..).zip(&self.stations).map(step).collect()
    }
}

/// The way of a new order: everybody on it takes orders, none is on trial.
pub(crate) fn way(
    app: &App,
    asks: Asks<'_>,
    partners: &[Partner],
    now: Timestamp,
) -> Result<Way, OrderError> {
    let way = path(app, asks, partners, now)?;
    let on_trial = |code: &String| partners.iter().any(|p| p.code == *code && !p.takes_orders());
    match way.stations.iter().map(|(_, code, _)| code).find(|code| on_trial(code)) {
        Some(code) => Err(OrderError::InTest(code.clone())),
        None => Ok(way),
    }
}

/// The way that the profile's route comes to with these partners: ourselves, the authority if there is one,
/// the executor. All objects of an order must go the same way.
fn path(app: &App, asks: Asks<'_>, partners: &[Partner], now: Timestamp) -> Result<Way, OrderError> {
    let no_route = || OrderError::NoRoute(asks.executor.to_owned());
    let executor = partners.iter().find(|p| p.code == asks.executor && p.active).ok_or_else(no_route)?;
    let addressee = AddresseeKind::parse(&executor.kind).ok_or_else(no_route)?;
    let route = |kind: &&str| {
        let kind = object_kind(asks.measure, kind)?;
        app.profile.route(asks.measure, kind, addressee, now)
    };
    let mut routes = asks.kinds.iter().map(route);
    let first = routes.next().flatten().ok_or_else(no_route)?;
    if routes.any(|r| r.is_none_or(|r| r.steps != first.steps)) {
        return Err(no_route());
    }
    let mut stations = Vec::new();
    for step in &first.steps {
        let institution = match &step.who {
            Who::Own => app.node.code.clone(),
            Who::Keeper => executor.code.clone(),
            Who::Kind(kind) if step.role == StepRole::Executor && *kind == addressee => executor.code.clone(),
            Who::Kind(kind) => authority(partners, *kind).ok_or_else(no_route)?.code.clone(),
        };
        stations.push((step.role, institution, step.gateway));
    }
    if stations.len() < 2 { Err(no_route()) } else { Ok(Way { addressee, stations }) }
}

/// Institutions that take orders and could carry a measure out against a thing, by the routes in force, each once.
pub(crate) fn executors<'a>(
    app: &App,
    measure: Measure,
    (kind, value): (ObjectKind, &str),
    partners: &'a [Partner],
    now: Timestamp,
) -> Vec<&'a Partner> {
    let mut found: Vec<&Partner> = Vec::new();
    for route in app.profile.routes_for(measure, kind, now) {
        let candidates: Vec<&Partner> =
            match route.steps.iter().rfind(|s| s.role == StepRole::Executor).map(|s| s.who) {
                Some(Who::Kind(kind)) => partners.iter().filter(|p| stands_for(p, kind)).collect(),
                Some(Who::Keeper) => partner::rules::keepers(partners, kind.as_str(), value),
                _ => Vec::new(),
            };
        for partner in candidates {
            let reached = AddresseeKind::parse(&partner.kind).is_some_and(|k| route.executors.contains(&k));
            if reached && partner.takes_orders() && found.iter().all(|p| p.code != partner.code) {
                found.push(partner);
            }
        }
    }
    found
}

/// What an object is on a route.
fn object_kind(measure: Measure, kind: &str) -> Option<ObjectKind> {
    match ObjectKind::parse(kind)? {
        // A sum held "at a telephone number" is held in the electronic wallet that the number opens.
        ObjectKind::Phone if measure::is_about_money(measure) || measure == Measure::IncomingStop => {
            Some(ObjectKind::Wallet)
        }
        kind => Some(kind),
    }
}

/// Who passes orders on: somebody who takes them, else whoever does so on trial.
fn authority(partners: &[Partner], kind: AddresseeKind) -> Option<&Partner> {
    let all = || partners.iter().filter(|p| p.active && stands_for(p, kind));
    all().find(|p| p.takes_orders()).or_else(|| all().next())
}

fn stands_for(partner: &Partner, kind: AddresseeKind) -> bool {
    AddresseeKind::parse(&partner.kind) == Some(kind)
        || (kind == AddresseeKind::AntifraudCentre && partner.role == PartnerRole::AntifraudCentre)
}

/// The approval's id and version, or the key of the reason why none covers it.
type Covered = (Option<(Uuid, i64)>, Option<String>);

/// The standing approval that covers the proposal; else why none does.
fn standing_for(
    tx: &mut Tx<'_>,
    app: &App,
    basis: &legal_basis::Basis,
    (proposal, asks): (&Proposal, Asks<'_>),
    now: Timestamp,
) -> Result<Covered, OrderError> {
    if basis.record.standing.is_none() {
        let why = if basis.record.prosecutor_sanction { "sanction" } else { "per_case" };
        return Ok((None, Some(why.to_owned())));
    }
    let day_start = app.profile.calendar().start_of(app.profile.civil_date(now));
    let order = standing::Proposal {
        basis: basis.pair(),
        measure: proposal.measure,
        scope: proposal.scope,
        amount: proposal.amount.unwrap_or(Money::from_minor(0, app.profile.currency())),
        // The victim's own bank is asked about the same transfer as the first receiver.
        hop: u8::try_from(asks.hop.max(1)).unwrap_or(u8::MAX),
        sent_today_minor: 0,
    };
    let covering = standing::covering(tx, &order, now, |tx, approval| {
        // Two orders at the same moment must not both fit under the last of the day's cap.
        tx.lock_row("standing_approval", approval.pair().0)?;
        store::sent_under(tx, approval.pair().0, day_start)
    });
    match covering {
        Ok(approval) => Ok((Some(approval.pair()), None)),
        Err(legal_basis::LegalBasisError::NotCovered(not)) => {
            let why = not.0.first().map_or("not_in_force", |r| r.as_str());
            Ok((None, Some(why.to_owned())))
        }
        Err(e) => Err(e.into()),
    }
}

/// Distinct approvers that each act under this basis needs; never none.
pub(crate) fn needed(basis: &legal_basis::Basis) -> usize {
    legal_basis::approvers_needed(basis, false).map_or(1, |a| usize::from(a.count.max(1)))
}
