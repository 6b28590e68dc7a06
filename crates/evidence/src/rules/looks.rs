//! Looking at bytes: when it is tried again, what of it a list shows.

use kernel::Timestamp;
use reader::{Answer, Ended, Kind, Warning, disguised};
use serde::{Deserialize, Serialize};

/// How often a looker begins before it is believed that the bytes are what ends it.
pub const MOST_TRIES: i64 = 3;
/// How long somebody who began is waited for, seconds: longer than any look may last.
pub const CLAIM_SECS: i64 = 30 * 60;
/// When bytes are tried again that could not be handed to the reader, seconds.
const AGAIN_SECS: i64 = 3600;
/// How long a look may last, seconds: most of it is waiting for others.
const LOOK_SECS: u64 = 120;
/// And for so many bytes a second more: their frames are passed over.
const BYTES_A_SECOND: u64 = 256 << 20;
/// So long the signs are made, so that their length tells nothing, bytes.
const SIGNS_BYTES: usize = 1024;

/// How long a look at so many bytes may last, seconds; shorter than [`CLAIM_SECS`].
#[must_use]
pub fn patience_secs(size_bytes: u64) -> u64 {
    LOOK_SECS.saturating_add(size_bytes.checked_div(BYTES_A_SECOND).unwrap_or(0)).min(20 * 60)
}

/// When a look is tried again by the same looker. What ended it will end it again; what could not be started or fed may be another time.
#[must_use]
pub fn again(ended: Ended, now: Timestamp) -> Option<Timestamp> {
    (ended == Ended::NotRead).then(|| now.plus_secs(AGAIN_SECS))
}

/// What of a look is enough for a list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signs {
    /// What it is.
    pub kind: Kind,
    /// What is warned of, each once.
    pub codes: Vec<Warning>,
}

impl Signs {
    /// Of an answer.
    #[must_use]
    pub fn of(answer: Option<&Answer>) -> Self {
        let mut codes: Vec<Warning> = answer.iter().flat_map(|a| &a.signs).map(|sign| sign.code).collect();
        codes.sort_unstable();
        codes.dedup();
        Self { kind: answer.map(|a| a.kind).unwrap_or_default(), codes }
    }

    /// As text, always of one length.
    #[must_use]
    pub fn to_text(&self) -> String {
        format!("{:<SIGNS_BYTES$}", serde_json::to_string(self).unwrap_or_default())
    }

    /// Reads it; of a text that another version wrote nothing.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        serde_json::from_str(text.trim_end()).ok()
    }
}

/// Reasons not to open a file like any other, the gravest first: what does harm by itself, what harms whoever unpacks it, what runs when it
/// is opened, what deceives.
const GRAVE: &[Warning] = &[
    Warning::Bomb,
    Warning::Overlap,
    Warning::HugePicture,
    Warning::PathOutside,
    Warning::SymbolicLink,
    Warning::DisguisedName,
    Warning::Program,
    Warning::Launches,
    Warning::OpensByItself,
    Warning::Macros,
    Warning::Scripts,
    Warning::Polyglot,
    Warning::LoadsFromElsewhere,
    Warning::Doctype,
    Warning::ReplyElsewhere,
    Warning::DirectionMarks,
];
/// What only tells more about it, in the order in which it is of use.
const QUIET: &[Warning] = &[
    Warning::Encrypted,
    Warning::Damaged,
    Warning::TrailingBytes,
    Warning::Formula,
    Warning::NestedArchive,
    Warning::Attachments,
    Warning::DuplicateName,
    Warning::NotWhole,
];

/// Whether something is a reason not to open a file like any other.
#[must_use]
pub fn is_grave(code: Warning) -> bool {
    GRAVE.contains(&code)
}

/// All warnings in the order in which they are shown.
pub fn in_order() -> impl Iterator<Item = Warning> {
    GRAVE.iter().chain(QUIET).copied()
}

/// What a list shows of a look.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Mark {
    /// It is not to be opened like any other file.
    pub beware: bool,
    /// It needs a password.
    pub encrypted: bool,
}

/// The mark of a file of that name.
#[must_use]
pub fn mark(signs: &Signs, ended: Ended, file_name: &str) -> Mark {
    let broke = !matches!(ended, Ended::Whole | Ended::NotRead);
    let grave = signs.codes.iter().any(|code| is_grave(*code));
    Mark {
        beware: broke || grave || !signs.kind.fits(file_name) || disguised(file_name),
        encrypted: signs.codes.contains(&Warning::Encrypted),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_are_of_one_length_whatever_they_say() {
        let all = Signs { kind: Kind::WindowsProgram, codes: Warning::ALL.to_vec() };
        assert_eq!(all.to_text().len(), SIGNS_BYTES);
        assert_eq!(Signs::default().to_text().len(), SIGNS_BYTES);
        assert_eq!(Signs::from_text(&all.to_text()), Some(all));
        assert_eq!(Signs::from_text("{\"kind\":\"zip\",\"codes\":[\"of_a_later_version\"]}"), None);
    }

    #[test]
    fn every_warning_has_its_place() {
        let mut all: Vec<Warning> = in_order().collect();
        assert_eq!(all.len(), Warning::ALL.len());
        all.sort_unstable();
        assert_eq!(all, Warning::ALL);
    }

    #[test]
    fn what_a_list_marks() {
        let signs = |kind, codes: &[Warning]| Signs { kind, codes: codes.to_vec() };
        let of = |signs: &Signs, name| mark(signs, Ended::Whole, name);
        assert_eq!(of(&signs(Kind::Jpeg, &[]), "a.jpg"), Mark::default());
        assert!(of(&signs(Kind::Jpeg, &[]), "a.pdf").beware, "another ending");
        assert!(of(&signs(Kind::WindowsProgram, &[]), "a.pdf.exe").beware, "a hidden ending");
        assert_eq!(
            of(&signs(Kind::Zip, &[Warning::Encrypted]), "a.zip"),
            Mark { encrypted: true, beware: false }
        );
        assert_eq!(of(&signs(Kind::Zip, &[Warning::NestedArchive]), "a.zip"), Mark::default());
        assert!(of(&signs(Kind::Zip, &[Warning::Bomb]), "a.zip").beware);
        assert!(mark(&signs(Kind::Pdf, &[]), Ended::Memory, "a.pdf").beware, "it ended its reader");
        assert!(!mark(&signs(Kind::Unknown, &[]), Ended::NotRead, "a.pdf").beware, "nobody has looked");
    }

    #[test]
    fn nothing_is_waited_for_longer_than_it_is_claimed() {
        let claim = u64::try_from(CLAIM_SECS).unwrap();
        for size in [0, 1, 50 << 30, u64::MAX] {
            assert!(patience_secs(size) < claim && patience_secs(size) >= LOOK_SECS);
        }
        let now = Timestamp::from_micros(0);
        for ended in Ended::ALL {
            assert_eq!(again(*ended, now).is_some(), *ended == Ended::NotRead);
        }
    }
}
