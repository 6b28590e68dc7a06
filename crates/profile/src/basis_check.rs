//! What every legal basis must keep, wherever it comes from: an entry of `legal_basis.toml`, or a change that people
//! draft at the desk. One list of rules for both.

use std::fmt;

use kernel::{Lang, Role};

use crate::basis::{Approvers, BasisRecord};
use crate::calendar::Term;
use crate::words::{NotifyWhom, Scope};

/// Fields that `source.unverified` may name.
pub const VERIFIABLE: [&str; 16] = [
    "from",
    "to",
    "article",
    "text",
    "measures",
    "addressees",
    "approvers",
    "prosecutor_sanction",
    "standing",
    "clocks",
    "max_term",
    "extension",
    "scope",
    "exempt_receipts",
    "notify",
    "appeal",
];
/// Most signatures that a basis can ask for.
pub const MOST_APPROVERS: u8 = 9;
/// Longest time that a standing approval can be given for, in days.
pub const MOST_STANDING_DAYS: u16 = 366;
/// Longest term that can be written, in days: ten years.
pub const LONGEST_TERM_DAYS: u16 = 3_660;

/// One thing that a legal basis does not keep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BasisFault {
    /// A text is empty, or missing, in a language of the profile.
    NoText {
        /// The field: `title`, `text`, `appeal`, `note`, `act_name`.
        field: &'static str,
        /// The language.
        lang: Lang,
    },
    /// It ends before it begins.
    EndsBefore,
    /// It names no measure.
    NoMeasure,
    /// It names no addressee.
    NoAddressee,
    /// No signature, or more than can be asked for.
    ApproverCount {
        /// Of a standing approval, not of each act.
        standing: bool,
    },
    /// No office that may sign.
    NoOffice {
        /// Of a standing approval, not of each act.
        standing: bool,
    },
    /// A term of no length or of more than ten years: `max_term`, `notify.holder`.
    Term(&'static str),
    /// What needs no reason is wider than what is allowed.
    ReasonAbove,
    /// A standing approval may be wider than the basis.
    StandingWider,
    /// A standing approval may be wider than the disputed sum.
    StandingScope,
    /// A standing approval may last no day, or longer than a year.
    StandingDays,
    /// A standing approval where a prosecutor sanctions each case.
    StandingSanctioned,
    /// `source.unverified` names something that is no field.
    Unverified(String),
}

impl BasisFault {
    /// The key of the entry that it is about.
    #[must_use]
    pub fn field(&self) -> &'static str {
        match self {
            Self::NoText { field: "note", .. } | Self::Unverified(_) => "source",
            Self::NoText { field, .. } => field,
            Self::EndsBefore => "to",
            Self::NoMeasure => "measures",
            Self::NoAddressee => "addressees",
            Self::ApproverCount { standing: false } | Self::NoOffice { standing: false } => "approvers",
            Self::Term(path) => path.split('.').next().unwrap_or(path),
            Self::ReasonAbove => "scope",
            Self::ApproverCount { .. }
            | Self::NoOffice { .. }
            | Self::StandingWider
            | Self::StandingScope
            | Self::StandingDays
            | Self::StandingSanctioned => "standing",
        }
    }
}

impl fmt::Display for BasisFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoText { field, lang } => write!(f, "expected the `{field}` in `{lang}`"),
            Self::EndsBefore => f.write_str("expected a day not before `from`"),
            Self::NoMeasure => f.write_str("expected at least one of `measures`"),
            Self::NoAddressee => f.write_str("expected at least one of `addressees`"),
            Self::ApproverCount { .. } => {
                write!(f, "expected 1 to {MOST_APPROVERS} approvers: no act without one")
            }
            Self::NoOffice { .. } => {
                f.write_str("expected `roles` to be one or both of `duty_officer` and `approver`")
            }
            Self::Term(_) => {
                write!(f, "expected a term above zero and of at most {LONGEST_TERM_DAYS} days, found another")
            }
            Self::ReasonAbove => f.write_str("expected `reason_above` not wider than `widest`"),
            Self::StandingWider => f.write_str("expected a standing approval not wider than the basis"),
            Self::StandingScope => f.write_str(
                "expected `widest = \"amount_only\"`: what must be reasoned cannot be approved in advance",
            ),
            Self::StandingDays => write!(f, "expected `max_days` from 1 to {MOST_STANDING_DAYS}"),
            Self::StandingSanctioned => {
                f.write_str("expected no standing approval where a prosecutor sanctions each case")
            }
            Self::Unverified(field) => write!(f, "`{field}` is no field of a legal basis"),
        }
    }
}

/// Whether so many signatures can be asked for.
pub(crate) const fn count_fits(count: u8) -> bool {
    count > 0 && count <= MOST_APPROVERS
}

/// Whether a term can be written: above zero, at most ten years.
pub(crate) fn term_fits(term: Term) -> bool {
    match term {
        Term::Minutes(n) => n > 0 && n <= u32::from(LONGEST_TERM_DAYS) * 1_440,
        Term::CalendarDays(n) | Term::WorkingDays(n) => n > 0 && n <= LONGEST_TERM_DAYS,
    }
}

/// Everything that `basis` does not keep; empty if it is sound. `langs` are the languages that every text must
/// exist in.
#[must_use]
pub fn check_basis(basis: &BasisRecord, langs: &[Lang]) -> Vec<BasisFault> {
    let mut found = Vec::new();
    let texts = [
        ("title", &basis.title),
        ("text", &basis.text),
        ("act_name", &basis.act_name),
        ("appeal", &basis.appeal.body),
        ("note", &basis.source.note),
    ];
    for (field, text) in texts {
        let missing = langs.iter().filter(|l| !text.has(l) || text.get(l).trim().is_empty());
        found.extend(missing.map(|lang| BasisFault::NoText { field, lang: lang.clone() }));
    }
    let mut unless = |fine: bool, fault: BasisFault| {
        if !fine {
            found.push(fault);
        }
    };
    unless(basis.to.is_none_or(|to| basis.from <= to), BasisFault::EndsBefore);
    unless(!basis.measures.is_empty(), BasisFault::NoMeasure);
    unless(!basis.addressees.is_empty(), BasisFault::NoAddressee);
    for (path, term) in terms(basis) {
        unless(term_fits(term), BasisFault::Term(path));
    }
    unless(basis.scope.reason_above <= basis.scope.widest, BasisFault::ReasonAbove);
    for field in basis.source.unverified.iter().filter(|f| !VERIFIABLE.contains(&f.as_str())) {
        unless(false, BasisFault::Unverified(field.clone()));
    }
    signers(&basis.approvers, false, &mut found);
    standing(basis, &mut found);
    found
}

/// Every term of the record with its path.
fn terms(basis: &BasisRecord) -> Vec<(&'static str, Term)> {
    let one = |path, term: Option<Term>| term.map(|t| (path, t));
    let single = [
        one("clocks.ack", basis.clocks.ack),
        one("clocks.action", basis.clocks.action),
        one("max_term", basis.max_term),
        one("extension", basis.extension.map(|e| e.term)),
        one("appeal.file_within", basis.appeal.file_within),
        one("appeal.decide_within", Some(basis.appeal.decide_within)),
    ];
    let told = basis.notify.iter().map(|n| match n.whom {
        NotifyWhom::Holder => ("notify.holder", n.within),
        NotifyWhom::Victim => ("notify.victim", n.within),
        NotifyWhom::Prosecutor => ("notify.prosecutor", n.within),
    });
    single.into_iter().flatten().chain(told).collect()
}

fn signers(approvers: &Approvers, standing: bool, found: &mut Vec<BasisFault>) {
    if !count_fits(approvers.count) {
        found.push(BasisFault::ApproverCount { standing });
    }
    // An administrator handles no case, and a prosecutor sanctions: an act that waited for them would wait for ever.
    let signs = |role: &Role| matches!(role, Role::DutyOfficer | Role::Approver);
    if approvers.roles.is_empty() || !approvers.roles.iter().all(signs) {
        found.push(BasisFault::NoOffice { standing });
    }
}

fn standing(basis: &BasisRecord, found: &mut Vec<BasisFault>) {
    let Some(standing) = &basis.standing else { return };
    signers(&standing.approvers, true, found);
    let mut unless = |fine: bool, fault: BasisFault| {
        if !fine {
            found.push(fault);
        }
    };
    unless(standing.widest <= basis.scope.widest, BasisFault::StandingWider);
    let sum_only = standing.widest <= basis.scope.reason_above && standing.widest == Scope::AmountOnly;
    unless(sum_only, BasisFault::StandingScope);
    unless((1..=MOST_STANDING_DAYS).contains(&standing.max_days), BasisFault::StandingDays);
    unless(!basis.prosecutor_sanction, BasisFault::StandingSanctioned);
}
