//! What is told of an entry: to partners a class with its reasons and an advice, to the public a band. Never the story,
//! never a name, never a moment that would tell which report it was.

use identifier::Kind;
use kernel::Timestamp;

use super::gist::Gist;
use super::guard::{self, Beforehand};
use crate::model::{Advice, Age, Class, Confidence, Decided, Entry, Reason};

/// From how many verified reporters on partners hear "several", and the public anything at all.
pub const SEVERAL: u32 = 2;

/// What is known of a thing when it is asked about.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// Its entry, if there is one.
    pub entry: Option<&'a Entry>,
    /// What the profile and the office know of it.
    pub beforehand: Beforehand,
}

/// What a partner is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// In one word.
    pub class: Class,
    /// Why, strongest last.
    pub reasons: Vec<Reason>,
    /// How much stands behind it; `None` where nothing is known.
    pub confidence: Option<Confidence>,
    /// What to do.
    pub advice: Advice,
    /// When it was last named, roughly.
    pub age: Option<Age>,
}

impl Verdict {
    /// Nothing is known.
    pub const NOTHING: Self = Self {
        class: Class::Nothing,
        reasons: Vec::new(),
        confidence: None,
        advice: Advice::Nothing,
        age: None,
    };
}

/// What a partner is told of a thing at a moment.
#[must_use]
pub fn verdict(known: Known<'_>, now: Timestamp) -> Verdict {
    let gist = known.entry.map(|entry| (entry.kind, Gist::of(entry, |_| None)));
    told(gist, known.beforehand, now)
}

/// The same by the gist of its entry.
///
/// One report harms nobody: until people have confirmed it, the advice is to ask the payer. Only what two persons have
/// listed, and nobody has disputed since, is advised to be declined.
///
/// A name that looks like an organisation's is a ground to ask, also where nobody has reported it yet; not where people have
/// looked at it and cleared it.
#[must_use]
pub fn told(gist: Option<(Kind, Gist)>, beforehand: Beforehand, now: Timestamp) -> Verdict {
    let told = by_gist(gist, beforehand, now);
    let silent = gist.is_some_and(|(_, gist)| gist.decided == Decided::Cleared || gist.silent);
    if !beforehand.imitates || silent || beforehand.reserved || told.class == Class::Verified {
        return told;
    }
    let reasons = told.reasons.into_iter().chain([Reason::LooksLike]).collect();
    let confidence = told.confidence.or(Some(Confidence::Low));
    Verdict { reasons, confidence, advice: told.advice.max(Advice::AskPayer), ..told }
}

fn by_gist(gist: Option<(Kind, Gist)>, beforehand: Beforehand, now: Timestamp) -> Verdict {
    if beforehand.verified {
        return Verdict { class: Class::Verified, ..Verdict::NOTHING };
    }
    let Some((kind, gist)) = gist else { return Verdict::NOTHING };
    let decided = gist.standing(now);
    let class = match decided {
        Decided::Cleared => return Verdict::NOTHING,
        Decided::Listed => Class::Listed,
        // Of persons nothing is told but what two people have decided on a basis of law.
        _ if is_persons(kind) => return Verdict::NOTHING,
        Decided::Suspect => Class::Suspect,
        // Every second story names a messenger: that says nothing about the messenger.
        Decided::Nothing if beforehand.shared => return Verdict::NOTHING,
        Decided::Nothing if gist.is_fresh(now) && (gist.is_harmful() || gist.heard) => Class::Reported,
        Decided::Nothing => return Verdict::NOTHING,
    };
    if beforehand.reserved || gist.silent {
        return Verdict::NOTHING;
    }
    // A listing stops payments: what protects a thing from it protects it also where it was listed before.
    let sure = gist.listable && !beforehand.shared && !gist.disputed;
    let advice = match class {
        Class::Listed if sure => Advice::Decline,
        Class::Listed | Class::Suspect if sure => Advice::AskAndWait,
        _ => Advice::AskPayer,
    };
    Verdict {
        class,
        reasons: reasons(gist, beforehand, decided),
        confidence: Some(match decided {
            Decided::Suspect | Decided::Listed => Confidence::High,
            _ if gist.heard || gist.partners => Confidence::Medium,
            _ => Confidence::Low,
        }),
        advice,
        age: (gist.last_day > 0).then(|| age(gist.last_day, now)),
    }
}

/// Whether such a number is a person's name in figures, and not a thing that fraud is done with.
#[must_use]
pub const fn is_persons(kind: Kind) -> bool {
    matches!(kind, Kind::Iin | Kind::Bin)
}

fn reasons(gist: Gist, beforehand: Beforehand, decided: Decided) -> Vec<Reason> {
    let stands = [
        (Reason::PaidTo, gist.paid),
        (Reason::Named, gist.named),
        (Reason::OnList, gist.on_list),
        (Reason::Told, !gist.is_harmful() && gist.told),
        (Reason::Reporters, gist.heard),
        (Reason::Partners, gist.partners),
        (Reason::Confirmed, decided == Decided::Suspect),
        (Reason::Listed, decided == Decided::Listed),
        (Reason::Shared, beforehand.shared),
        (Reason::Disputed, gist.disputed),
    ];
    stands.into_iter().filter(|(_, so)| *so).map(|(reason, _)| reason).collect()
}

/// How long ago a day of UTC was: it changes at midnight, so nobody can tell from it at what time a report came.
#[must_use]
pub fn age(last_day: u16, now: Timestamp) -> Age {
    match now.as_secs().div_euclid(86_400).saturating_sub(i64::from(last_day)) {
        days if days < 2 => Age::Day,
        days if days < 7 => Age::Week,
        days if days < 30 => Age::Month,
        _ => Age::Older,
    }
}

/// About how many have reported: never the number itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Band {
    /// One or two; one where an officer has confirmed it.
    Few,
    /// Three to nine.
    Several,
    /// Ten and more.
    Many,
}

impl Band {
    /// The band of a number of verified reporters.
    #[must_use]
    pub const fn of(verified: u32) -> Self {
        match verified {
            0..3 => Self::Few,
            3..10 => Self::Several,
            10.. => Self::Many,
        }
    }
    /// As in keys of texts.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Few => "few",
            Self::Several => "several",
            Self::Many => "many",
        }
    }
}

/// What anybody is told at the portal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PublicAnswer {
    /// It was reported, by about so many, last so long ago.
    Reported(Band, Age),
    /// People of the office have confirmed that fraud is done with it.
    Warned(Band, Age),
    /// It belongs to an organisation that is known.
    Verified,
    /// Its name looks like an organisation's, and is not.
    LooksLike,
    /// Nothing is known: which does not say that it is safe.
    Nothing,
}

impl PublicAnswer {
    /// Of two answers the one that says more: a warning before reports, those before what a name looks like.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        if other.weight() > self.weight() { other } else { self }
    }
    /// How much it says: the more, the sooner it is to be read.
    #[must_use]
    pub const fn weight(self) -> u8 {
        match self {
            Self::Nothing => 0,
            Self::Verified => 1,
            Self::LooksLike => 2,
            Self::Reported(..) => 3,
            Self::Warned(..) => 4,
        }
    }
}

/// What anybody is told: from two reporters on who were verified and do not know each other (three, if it stands in their
/// stories alone), or after an officer's confirmation. Whoever wants to harm somebody can report them once; not twice as two persons.
#[must_use]
pub fn public(known: Known<'_>, now: Timestamp) -> PublicAnswer {
    let told = verdict(known, now);
    let otherwise = match told.class {
        Class::Verified => PublicAnswer::Verified,
        _ if told.reasons.contains(&Reason::LooksLike) => PublicAnswer::LooksLike,
        _ => PublicAnswer::Nothing,
    };
    let (Some(entry), Some(age)) = (known.entry, told.age.map(rough)) else { return otherwise };
    let t = &entry.tally;
    let band = Band::of(t.heard);
    // Ten digits of a card are a hundred thousand people's, a shared service is everybody's, and a person's number is
    // nobody's business.
    let one = guard::listing(entry, known.beforehand).is_none() && entry.disputed_at.is_none();
    let enough = t.heard >= if t.harmful > 0 { SEVERAL } else { SEVERAL + 1 };
    match told.class {
        _ if !one || is_persons(entry.kind) => otherwise,
        Class::Listed | Class::Suspect => PublicAnswer::Warned(band, age),
        Class::Reported if enough => PublicAnswer::Reported(band, age),
        _ => otherwise,
    }
}

/// To the public within a month or longer ago, and no finer: whoever asks about his own account day by day must not learn
/// that a victim has just reported.
const fn rough(age: Age) -> Age {
    match age {
        Age::Day | Age::Week | Age::Month => Age::Month,
        Age::Older => Age::Older,
    }
}
