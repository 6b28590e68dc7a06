//! What the law, the routes and the standing approvals say of a new order: the one place where `order`
//! asks `legal_basis` and the profile.

use app::App;
use db::Tx;
use kernel::{Lang, Money, Timestamp};
use legal_basis::{Proposal, standing};
use partner::{Partner, PartnerRole};
use profile::{AddresseeKind, Measure, ObjectKind, Scope, Term, Who};
use uuid::Uuid;

use crate::OrderError;
use crate::model::{NewOrder, Step};
use crate::store;

/// What a new order must carry, and whether it may go out by itself.
#[derive(Debug, Clone)]
pub(crate) struct Ruling {
    /// The legal basis and its version.
    pub basis: (Uuid, i64),
    /// Distinct approvers the basis asks for where no standing approval covers it.
    pub approvers: usize,
    /// How much of the account may be touched.
    pub scope: String,
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
    /// `hold`, …
    pub measure: &'a str,
    /// Code of the institution that must carry it out.
    pub executor: &'a str,
    /// Kind of the object.
    pub kind: &'a str,
    /// The most that may be held.
    pub cap: Money,
    /// Position on the path.
    pub hop: i64,
}

impl<'a> From<&'a NewOrder> for Asks<'a> {
    fn from(new: &'a NewOrder) -> Self {
        let NewOrder { measure, executor, kind, cap, hop, .. } = new;
        Self { measure, executor, kind, cap: *cap, hop: *hop }
    }
}

/// Judges an order that is to be drafted, or sent, at `now`.
pub(crate) fn rule(tx: &mut Tx<'_>, app: &App, new: Asks<'_>, now: Timestamp) -> Result<Ruling, OrderError> {
    let no_route = || OrderError::NoRoute(new.executor.to_owned());
    let measure = Measure::parse(new.measure).ok_or(OrderError::NoBasis)?;
    let partners = partner::store::all(tx)?;
    let executor = partners.iter().find(|p| p.code == new.executor && p.active).ok_or_else(no_route)?;
    let addressee = AddresseeKind::parse(&executor.kind).ok_or_else(no_route)?;
    let basis = legal_basis::find_in_force(tx, measure, addressee, now)?.ok_or(OrderError::NoBasis)?;
    let clocks = app.profile.clocks(measure, now).ok_or(OrderError::NoBasis)?;
    let ack_due = now.plus_secs(i64::from(clocks.ack_minutes) * 60);
    let action_due = now.plus_secs(i64::from(clocks.action_minutes) * 60);
    // The term of the law binds; the Department's own may only be shorter.
    let terms = [clocks.expires, basis.record.max_term].into_iter().flatten();
    let expires_at = terms
        .map(|t| app.profile.term_end(now, t))
        .min()
        .unwrap_or_else(|| app.profile.term_end(now, Term::WorkingDays(1)));
    let steps =
        route(app, new, measure, &partners, executor, (now, ack_due, action_due)).ok_or_else(no_route)?;
    let gateway = steps.get(1).map(|s| s.institution.clone()).ok_or_else(no_route)?;
    let proposal = Proposal::of_amount(measure, addressee, new.cap);
    legal_basis::allows(&basis, &proposal, now).map_err(|_| OrderError::NoBasis)?;
    let (standing, why_waiting) = standing_for(tx, app, &basis, (&proposal, new.hop), now)?;
    Ok(Ruling {
        basis: (basis.id, basis.version),
        approvers: needed(&basis),
        scope: Scope::AmountOnly.as_str().to_owned(),
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

/// The steps that the profile's route comes to with these partners: ourselves, the authority if there is
/// one, the executor.
fn route(
    app: &App,
    new: Asks<'_>,
    measure: Measure,
    partners: &[Partner],
    executor: &Partner,
    (now, ack_due, action_due): (Timestamp, Timestamp, Timestamp),
) -> Option<Vec<Step>> {
    // A sum held "at a telephone number" is held in the electronic wallet that the number opens.
    let kind = match ObjectKind::parse(new.kind).unwrap_or(ObjectKind::Account) {
        ObjectKind::Phone if measure == Measure::Hold => ObjectKind::Wallet,
        kind => kind,
    };
    let route = app.profile.route(measure, kind, now)?;
    let mut steps = Vec::new();
    for (no, step) in (0_i64..).zip(&route.steps) {
        let institution = match &step.who {
            Who::Own => app.node.code.clone(),
            Who::Keeper => executor.code.clone(),
            Who::Kind(kind) => partners.iter().find(|p| p.active && stands_for(p, *kind))?.code.clone(),
        };
        let due = match no {
            0 => None,
            1 => Some(ack_due),
            _ => Some(action_due),
        };
        steps.push(Step {
            no,
            role: step.role.as_str().to_owned(),
            institution,
            gateway: step.gateway.as_str().to_owned(),
            due,
            reached_at: (no == 0).then_some(now),
            answer: String::new(),
        });
    }
    (steps.len() >= 2).then_some(steps)
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
    (proposal, hop): (&Proposal, i64),
    now: Timestamp,
) -> Result<Covered, OrderError> {
    let day_start = app.profile.calendar().start_of(app.profile.civil_date(now));
    let order = standing::Proposal {
        basis: basis.pair(),
        measure: proposal.measure,
        scope: proposal.scope,
        amount: proposal.amount.unwrap_or(Money::from_minor(0, app.profile.currency())),
        // The victim's own bank is asked about the same transfer as the first receiver.
        hop: u8::try_from(hop.max(1)).unwrap_or(u8::MAX),
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
fn needed(basis: &legal_basis::Basis) -> usize {
    legal_basis::approvers_needed(basis, false).map_or(1, |a| usize::from(a.count.max(1)))
}
