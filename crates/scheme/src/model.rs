//! What a scheme is, and what of a report makes it part of one.

use identifier::Kind;
use kernel::{Header, Lang, Marking, Timestamp};
use report::ReportId;
use uuid::Uuid;

use crate::near::Rows;

kernel::id_kind!(
    /// Reports that belong together: one fraud, as far as can be seen.
    SchemeMark, SchemeId, "sch"
);
kernel::id_kind!(
    /// What somebody decided about schemes.
    DecisionKind, DecisionId, "dec"
);
kernel::id_kind!(
    /// Something out of the ordinary.
    AlarmKind, AlarmId, "alm"
);

kernel::words!(
    /// How a report comes to name a thing.
    How {
        /// Money was paid to it.
        Paid = "paid",
        /// Its money came there later, institutions say.
        Money = "money",
        /// An officer found it out.
        Clue = "clue",
        /// The story names it.
        Told = "told",
    }
);

kernel::words!(
    /// What somebody has said of a thing.
    Ruling {
        /// Nothing.
        Nothing = "",
        /// Everybody uses it: it joins nobody.
        Everybody = "everybody",
        /// It is this fraud's own, however many name it.
        Own = "own",
    }
);

kernel::words!(
    /// Who says how a fraud is done.
    KindBy {
        /// Nobody: it is not known.
        Nobody = "",
        /// Words of the profile.
        Words = "words",
        /// What officers decided of others.
        Learnt = "learnt",
        /// An officer.
        Officer = "officer",
    }
);

kernel::words!(
    /// What people decide about schemes.
    What {
        /// Reports do not belong to it.
        Out = "out",
        /// Some of its reports are another scheme.
        Parted = "parted",
        /// A report belongs to it.
        In = "in",
        /// Two schemes are one.
        Joined = "joined",
        /// A thing joins nobody, or is this fraud's own.
        Ruled = "ruled",
        /// How the fraud is done.
        Kind = "kind",
    }
);

kernel::words!(
    /// What is out of the ordinary.
    AlarmWhat {
        /// A scheme grows faster than chance.
        Growing = "growing",
        /// A scheme has come to a region.
        Region = "region",
        /// A scheme has come to an age.
        Age = "age",
        /// Clients of one institution are hit more than usual.
        Bank = "bank",
    }
);

/// A scheme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scheme {
    /// Database key.
    pub id: SchemeId,
    /// The common header.
    pub header: Header,
    /// Its number, counted on this node.
    pub no: i64,
    /// The report with which it began: wherever that goes, the number goes.
    pub anchor: ReportId,
    /// How the fraud is done, as the profile calls it; empty if it is not known.
    pub kind: String,
    /// Who says so.
    pub kind_by: KindBy,
    /// Reports that everybody of the office may see.
    pub reports: i64,
    /// What they lost, in the country's currency, other assets roughly.
    pub loss_minor: i64,
    /// The first of them.
    pub first_at: Timestamp,
    /// The last of them.
    pub last_at: Timestamp,
    /// What is out of the ordinary and nobody has seen.
    pub alarms: i64,
    /// The scheme that it became part of.
    pub into: Option<SchemeId>,
    /// How often it was changed.
    pub version: i64,
}

impl Scheme {
    /// As people call it.
    #[must_use]
    pub fn number(&self) -> String {
        number(self.no)
    }
}

/// A scheme's number as people write it.
#[must_use]
pub fn number(no: i64) -> String {
    format!("S-{no}")
}

/// Reads it; people leave out the letter, and type it in another alphabet.
#[must_use]
pub fn read_number(text: &str) -> Option<i64> {
    let text = text.trim();
    let digits =
        text.strip_prefix(['S', 's', 'С', 'с', 'Ѕ']).unwrap_or(text).trim_start_matches(['-', ' ', '–']);
    digits.parse().ok().filter(|no| *no > 0)
}

/// A thing by which reports are joined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thing {
    /// The id of the identifier.
    pub id: Uuid,
    /// What sort of thing.
    pub kind: Kind,
    /// What may be shown of it.
    pub masked: String,
    /// Whether it is somebody's own, however many name it.
    pub own: bool,
    /// The organisation's domain that it imitates; empty for none.
    pub imitates: String,
    /// What somebody has said of it.
    pub ruling: Ruling,
}

impl Thing {
    /// Whether it is somebody's own, by its nature or because somebody has said so.
    #[must_use]
    pub fn is_own(&self) -> bool {
        self.ruling == Ruling::Own || (self.own && self.ruling == Ruling::Nothing)
    }
}

/// What of a report makes it part of a scheme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The report.
    pub report: ReportId,
    /// Its scheme.
    pub scheme: Option<SchemeId>,
    /// Somebody has said that it belongs to none.
    pub alone: bool,
    /// Organisation, unit, marking: who may see it.
    pub organisation: String,
    /// See above.
    pub unit: String,
    /// See above.
    pub marking: Marking,
    /// Public number.
    pub number: String,
    /// When it came.
    pub at: Timestamp,
    /// Where the reporter lives; empty if not told.
    pub region: String,
    /// How old the reporter is, by the number of the person; empty if not told.
    pub age: String,
    /// In which language it was told.
    pub lang: Lang,
    /// The institution whose client was hit; empty if not told.
    pub bank: String,
    /// What was lost, roughly, in the country's currency.
    pub loss_minor: i64,
    /// How the fraud was done, as the story tells it; empty if it does not.
    pub kind: String,
    /// By words of the profile, or by what was learnt.
    pub kind_by: KindBy,
    /// How much speaks for that.
    pub says: i64,
    /// The signs of the profile that do.
    pub signs: Vec<String>,
    /// When the reporter was last known to have paid after reporting.
    pub paying_at: Option<Timestamp>,
    /// How it is told.
    pub told: Rows,
}

/// What somebody decided, till it is undone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Database key.
    pub id: DecisionId,
    /// The common header; its author decided.
    pub header: Header,
    /// What.
    pub what: What,
    /// About which scheme.
    pub scheme: SchemeId,
    /// And which other.
    pub other: Option<SchemeId>,
    /// And which thing.
    pub thing: Option<Uuid>,
    /// What was said of the thing, or which kind.
    pub word: String,
    /// How many reports it moved.
    pub reports: i64,
    /// When it was undone.
    pub undone_at: Option<Timestamp>,
}

/// Something out of the ordinary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alarm {
    /// Database key.
    pub id: AlarmId,
    /// The scheme, if it is about one.
    pub scheme: Option<SchemeId>,
    /// What.
    pub what: AlarmWhat,
    /// Region, age or institution; empty for the scheme as a whole.
    pub subject: String,
    /// When it was first seen.
    pub raised_at: Timestamp,
    /// When it was last.
    pub last_at: Timestamp,
    /// Reports of the last day.
    pub seen: i64,
    /// As many were to be expected, in thousandths.
    pub expected_milli: i64,
    /// The chance of as many or more is less than ten to this power.
    pub chance_e: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_people_write_them() {
        for text in ["S-118", "s 118", "С-118", "118", " S–118 "] {
            assert_eq!(read_number(text), Some(118), "{text}");
        }
        assert_eq!(
            (read_number("S-"), read_number("S-0"), read_number("Q-1"), number(7)),
            (None, None, None, "S-7".into())
        );
    }
}
