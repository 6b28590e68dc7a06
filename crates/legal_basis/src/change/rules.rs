//! When a change may be drafted, enacted, refused. Pure.

use jiff::civil::Date;
use kernel::{Class, Coded, Lang, Timestamp};
use profile::{BasisFault, BasisRecord, Profile, check_basis};

use crate::change::model::{Decision, DraftStatus, LawDraft, NewChange};
use crate::compare::{Field, changes};
use crate::import::NewVersion;
use crate::model::Basis;

/// Longest reason, in characters.
pub const MAX_REASON_CHARS: usize = 1_000;
/// Longest title or name of a body, in characters.
pub const MAX_LINE_CHARS: usize = 300;
/// Longest text of a provision or note, in characters.
pub const MAX_TEXT_CHARS: usize = 4_000;

/// So many years ahead a change may begin at most. A law is seldom known longer before, and a version that was enacted
/// cannot be taken out.
const MOST_YEARS_AHEAD: i16 = 10;

/// Why a change cannot be drafted like this.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChangeError {
    /// The profile no longer has the basis: only the profile can bring it back.
    #[error("the profile no longer has this basis")]
    Withdrawn,
    /// Somebody changed the basis since the form was opened.
    #[error("the basis was changed since the form was opened")]
    Moved,
    /// The key, the act or the article would change: that is another basis.
    #[error("key, act and article cannot be changed")]
    Fixed,
    /// It would begin in the past.
    #[error("a change cannot begin before today")]
    Past,
    /// It would begin so late that the day is a slip.
    #[error("a change begins within {MOST_YEARS_AHEAD} years")]
    TooFar,
    /// Nothing would be different.
    #[error("the text is the same as before")]
    Unchanged,
    /// A text is longer than can be shown.
    #[error("the field `{0:?}` is too long")]
    TooLong(Field, Lang),
    /// Nothing says why.
    #[error("the reason is missing or longer than {MAX_REASON_CHARS} characters")]
    Reason,
    /// The text does not keep what every basis must keep.
    #[error("{0}")]
    Fault(BasisFault),
}

impl Coded for ChangeError {
    fn class(&self) -> Class {
        match self {
            Self::Withdrawn | Self::Moved => Class::Conflict,
            _ => Class::Invalid,
        }
    }
    fn code(&self) -> &'static str {
        match self {
            Self::Withdrawn => "legal_basis.change_withdrawn",
            Self::Moved => "legal_basis.change_moved",
            Self::Fixed => "legal_basis.change_fixed",
            Self::Past => "legal_basis.change_past",
            Self::TooFar => "legal_basis.change_too_far",
            Self::Unchanged => "legal_basis.change_unchanged",
            Self::TooLong(..) => "legal_basis.change_too_long",
            Self::Reason => "legal_basis.change_reason",
            Self::Fault(fault) => match fault {
                BasisFault::NoText { .. } => "legal_basis.change_no_text",
                BasisFault::EndsBefore => "legal_basis.change_ends_before",
                BasisFault::NoMeasure => "legal_basis.change_no_measure",
                BasisFault::NoAddressee => "legal_basis.change_no_addressee",
                BasisFault::ApproverCount { .. } => "legal_basis.change_approver_count",
                BasisFault::NoOffice { .. } => "legal_basis.change_no_office",
                BasisFault::Term(_) => "legal_basis.change_term",
                BasisFault::ReasonAbove => "legal_basis.change_reason_above",
                BasisFault::StandingWider => "legal_basis.change_standing_wider",
                BasisFault::StandingScope => "legal_basis.change_standing_scope",
                BasisFault::StandingDays => "legal_basis.change_standing_days",
                BasisFault::StandingSanctioned => "legal_basis.change_standing_sanctioned",
                BasisFault::Unverified(_) => "legal_basis.change_unverified",
            },
        }
    }
}

/// Everything that stands against a draft; never empty.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the change cannot be drafted: {}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
pub struct ChangeErrors(pub Vec<ChangeError>);

impl Coded for ChangeErrors {
    fn class(&self) -> Class {
        self.0.first().map_or(Class::Invalid, Coded::class)
    }
    fn code(&self) -> &'static str {
        self.0.first().map_or("legal_basis.change_unchanged", Coded::code)
    }
}

/// Why a draft is not decided like this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DecideError {
    /// It was enacted or refused before.
    #[error("the draft was decided before")]
    NotOpen,
    /// The author may not enact it.
    #[error("whoever prepared it cannot enact it")]
    Author,
    /// The author has left the office since: one person alone would change the law.
    #[error("whoever prepared it holds no office any more")]
    AuthorOut,
    /// Somebody changed the basis since the draft was written.
    #[error("the basis was changed since the draft was written")]
    Moved,
    /// Its last day has passed.
    #[error("its last day has passed")]
    Over,
    /// It does not keep what a basis must keep by now.
    #[error("the draft no longer fits the rules")]
    Faulty,
    /// Nothing says why it is refused.
    #[error("the reason is missing or longer than {MAX_REASON_CHARS} characters")]
    Reason,
}

impl Coded for DecideError {
    fn class(&self) -> Class {
        match self {
            Self::Author => Class::Forbidden,
            Self::Reason => Class::Invalid,
            _ => Class::Conflict,
        }
    }
    fn code(&self) -> &'static str {
        match self {
            Self::NotOpen => "legal_basis.draft_not_open",
            Self::Author => "legal_basis.draft_author",
            Self::AuthorOut => "legal_basis.draft_author_out",
            Self::Moved => "legal_basis.draft_moved",
            Self::Over => "legal_basis.draft_over",
            Self::Faulty => "legal_basis.draft_faulty",
            Self::Reason => "legal_basis.draft_reason",
        }
    }
}

/// The highest version, whatever its dates; 0 without one.
#[must_use]
pub fn newest(versions: &[Basis]) -> i64 {
    versions.iter().map(|b| b.version).max().unwrap_or(0)
}

/// Whether the profile no longer has the basis.
#[must_use]
pub fn is_withdrawn(versions: &[Basis]) -> bool {
    versions.iter().max_by_key(|b| b.version).is_some_and(|b| b.withdrawn)
}

/// The number that a version of the desk carries: it stands over all that the profile has said so far.
#[must_use]
pub fn number(versions: &[Basis]) -> u32 {
    versions.iter().map(|b| b.record.version).max().unwrap_or(0)
}

/// Everything that stands against drafting `new` over `base`; empty if it can be drafted. `versions` are all of the
/// basis, `langs` the languages of the profile, `today` its civil date.
#[must_use]
pub fn check_change(
    new: &NewChange,
    base: &Basis,
    versions: &[Basis],
    langs: &[Lang],
    today: Date,
) -> Vec<ChangeError> {
    let mut found = Vec::new();
    let mut unless = |fine: bool, error: ChangeError| {
        if !fine {
            found.push(error);
        }
    };
    let (old, text) = (&base.record, &new.record);
    let withdrawn = is_withdrawn(versions);
    unless(!withdrawn, ChangeError::Withdrawn);
    unless(withdrawn || newest(versions) == new.newest, ChangeError::Moved);
    let fixed = (&old.key, &old.act, &old.act_name, &old.article)
        == (&text.key, &text.act, &text.act_name, &text.article);
    unless(fixed, ChangeError::Fixed);
    unless(text.from >= today, ChangeError::Past);
    unless(text.from.year() <= today.year().saturating_add(MOST_YEARS_AHEAD), ChangeError::TooFar);
    for fault in check_basis(text, langs) {
        unless(false, ChangeError::Fault(fault));
    }
    for (field, lang) in too_long(text) {
        unless(false, ChangeError::TooLong(field, lang));
    }
    unless(changes(old, text).iter().any(|c| c.field != Field::From), ChangeError::Unchanged);
    unless(is_reason(&new.reason), ChangeError::Reason);
    found
}

/// Whether this says why.
#[must_use]
pub fn is_reason(typed: &str) -> bool {
    let typed = typed.trim();
    !typed.is_empty() && typed.chars().count() <= MAX_REASON_CHARS
}

fn too_long(record: &BasisRecord) -> Vec<(Field, Lang)> {
    let limits = [
        (Field::Title, MAX_LINE_CHARS),
        (Field::Text, MAX_TEXT_CHARS),
        (Field::AppealBody, MAX_LINE_CHARS),
        (Field::Note, MAX_TEXT_CHARS),
    ];
    let mut found = Vec::new();
    for (field, limit) in limits {
        let Some(text) = field.localised(record) else { continue };
        let long = text.langs().filter(|l| text.get(l).chars().count() > limit);
        found.extend(long.map(|l| (field, l.clone())));
    }
    found
}

/// Whether somebody, by [`kernel::Actor::label`], may enact the draft at `now`.
///
/// # Errors
/// The first thing that stands against it.
pub fn may_enact(
    draft: &LawDraft,
    label: &str,
    versions: &[Basis],
    langs: &[Lang],
    now: Timestamp,
) -> Result<(), DecideError> {
    let wrong = |is: bool, error: DecideError| if is { Err(error) } else { Ok(()) };
    wrong(draft.status != DraftStatus::Drafted, DecideError::NotOpen)?;
    wrong(draft.header.author == label, DecideError::Author)?;
    wrong(newest(versions) != draft.newest, DecideError::Moved)?;
    wrong(draft.effective_to.is_some_and(|to| to <= now), DecideError::Over)?;
    wrong(!check_basis(&draft.record, langs).is_empty(), DecideError::Faulty)
}

/// The version that the draft becomes when it is enacted at `now`. It never begins before that moment: what was done
/// until then was done under the version that was in force.
#[must_use]
pub fn enacted(draft: &LawDraft, versions: &[Basis], profile: &Profile, now: Timestamp) -> NewVersion {
    let effective_from = draft.effective_from.max(now);
    let from = draft.record.from.max(profile.civil_date(effective_from));
    let record = BasisRecord { from, version: number(versions), ..draft.record.clone() };
    let last = versions.iter().filter(|b| b.draft.is_none()).max_by_key(|b| b.version);
    NewVersion {
        id: draft.basis,
        version: newest(versions).saturating_add(1),
        ordinal: last.map_or(i64::MAX, |b| b.ordinal),
        effective_from,
        effective_to: draft.effective_to,
        withdrawn: false,
        draft: Some(draft.id.uuid()),
        record,
    }
}

impl LawDraft {
    /// It became a version.
    #[must_use]
    pub fn enact(mut self, by: (&str, &str), version: i64, now: Timestamp) -> Self {
        self.status = DraftStatus::Enacted;
        self.decision = Some(Decision {
            at: now,
            by: by.0.to_owned(),
            name: by.1.to_owned(),
            reason: String::new(),
            version: Some(version),
        });
        self
    }

    /// Somebody refuses it, or its author takes it back.
    ///
    /// # Errors
    /// It was decided before, or no reason is given.
    pub fn refuse(mut self, by: (&str, &str), reason: &str, now: Timestamp) -> Result<Self, DecideError> {
        if self.status != DraftStatus::Drafted {
            return Err(DecideError::NotOpen);
        }
        if !is_reason(reason) {
            return Err(DecideError::Reason);
        }
        self.status = DraftStatus::Refused;
        self.decision = Some(Decision {
            at: now,
            by: by.0.to_owned(),
            name: by.1.to_owned(),
            reason: reason.trim().to_owned(),
            version: None,
        });
        Ok(self)
    }
}
