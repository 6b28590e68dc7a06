//! What differs between two texts of one basis, field by field. Pure; the words are made by `web`.

use kernel::{Lang, Localised};
use profile::BasisRecord;

/// A field of a legal basis as people read it, in the order of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// First day in force.
    From,
    /// Last day in force.
    To,
    /// The act's id in its register.
    Act,
    /// The act's name.
    ActName,
    /// Article, paragraph, item.
    Article,
    /// A few words for lists.
    Title,
    /// Short text of the provision.
    Text,
    /// What it allows.
    Measures,
    /// To whom.
    Addressees,
    /// How much of the object may be touched, and what must be reasoned.
    Scope,
    /// Who signs each act.
    Approvers,
    /// Whether a prosecutor must sanction it.
    Sanction,
    /// Who signs a standing approval, and for how long.
    Standing,
    /// The law's clock to acknowledge.
    Ack,
    /// The law's clock to act.
    Action,
    /// Longest term of the measure.
    MaxTerm,
    /// How the term may be extended.
    Extension,
    /// Receipts that stay usable.
    Exempt,
    /// Whom to tell, and when.
    Notify,
    /// Who decides on an objection.
    AppealBody,
    /// Within what time one may object.
    FileWithin,
    /// Within what time it is decided.
    DecideWithin,
    /// How well it has been checked.
    Mark,
    /// What is known and what is not.
    Note,
    /// Fields that no source confirms.
    Unverified,
}

impl Field {
    /// All fields, in the order of a page.
    pub const ALL: [Self; 25] = [
        Self::From,
        Self::To,
        Self::Act,
        Self::ActName,
        Self::Article,
        Self::Title,
        Self::Text,
        Self::Measures,
        Self::Addressees,
        Self::Scope,
        Self::Approvers,
        Self::Sanction,
        Self::Standing,
        Self::Ack,
        Self::Action,
        Self::MaxTerm,
        Self::Extension,
        Self::Exempt,
        Self::Notify,
        Self::AppealBody,
        Self::FileWithin,
        Self::DecideWithin,
        Self::Mark,
        Self::Note,
        Self::Unverified,
    ];

    /// The text of a field that exists in several languages; `None` for the others.
    #[must_use]
    pub const fn localised(self, record: &BasisRecord) -> Option<&Localised> {
        match self {
            Self::ActName => Some(&record.act_name),
            Self::Title => Some(&record.title),
            Self::Text => Some(&record.text),
            Self::AppealBody => Some(&record.appeal.body),
            Self::Note => Some(&record.source.note),
            _ => None,
        }
    }

    /// Whether the two texts say the same here, in every language.
    fn same(self, a: &BasisRecord, b: &BasisRecord) -> bool {
        match self {
            Self::From => a.from == b.from,
            Self::To => a.to == b.to,
            Self::Act => a.act == b.act,
            Self::Article => a.article == b.article,
            Self::Measures => a.measures == b.measures,
            Self::Addressees => a.addressees == b.addressees,
            Self::Scope => a.scope == b.scope,
            Self::Approvers => a.approvers == b.approvers,
            Self::Sanction => a.prosecutor_sanction == b.prosecutor_sanction,
            Self::Standing => a.standing == b.standing,
            Self::Ack => a.clocks.ack == b.clocks.ack,
            Self::Action => a.clocks.action == b.clocks.action,
            Self::MaxTerm => a.max_term == b.max_term,
            Self::Extension => a.extension == b.extension,
            Self::Exempt => a.exempt_receipts == b.exempt_receipts,
            Self::Notify => a.notify == b.notify,
            Self::FileWithin => a.appeal.file_within == b.appeal.file_within,
            Self::DecideWithin => a.appeal.decide_within == b.appeal.decide_within,
            Self::Mark => a.source.mark == b.source.mark,
            Self::Unverified => a.source.unverified == b.source.unverified,
            Self::ActName | Self::Title | Self::Text | Self::AppealBody | Self::Note => {
                self.localised(a) == self.localised(b)
            }
        }
    }
}

/// A place where two texts differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The field.
    pub field: Field,
    /// The language, of a field that exists in several.
    pub lang: Option<Lang>,
}

/// Every place where `new` differs from `old`, in the order of a page.
#[must_use]
pub fn changes(old: &BasisRecord, new: &BasisRecord) -> Vec<Change> {
    let mut found = Vec::new();
    for field in Field::ALL.into_iter().filter(|f| !f.same(old, new)) {
        match (field.localised(old), field.localised(new)) {
            (Some(a), Some(b)) => {
                let mut langs: Vec<&Lang> = a.langs().chain(b.langs()).collect();
                langs.sort_unstable();
                langs.dedup();
                let differs = |l: &&Lang| a.has(l) != b.has(l) || a.get(l) != b.get(l);
                let own = langs.into_iter().filter(differs);
                found.extend(own.map(|l| Change { field, lang: Some(l.clone()) }));
            }
            _ => found.push(Change { field, lang: None }),
        }
    }
    found
}

/// A piece of one side of a comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// Words or lines, as they stood.
    pub parts: Vec<String>,
    /// Whether the other side has them, too.
    pub kept: bool,
}

/// Longest table of a comparison of two lists; beyond it the middle counts as changed as a whole.
const MOST_CELLS: usize = 1_000_000;

/// What each side has that the other has not, in order: the longest common part stays. Old side, new side.
#[must_use]
pub fn differ(old: &[String], new: &[String]) -> (Vec<Piece>, Vec<Piece>) {
    let head = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let rest = |all: &[String]| all.iter().skip(head).cloned().collect::<Vec<_>>();
    let (mut a, mut b) = (rest(old), rest(new));
    let tail = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    let end = a.split_off(a.len().saturating_sub(tail));
    b.truncate(b.len().saturating_sub(tail));
    let (kept_a, kept_b) = common(&a, &b);
    let side = |middle: Vec<String>, kept: Vec<bool>| {
        let first = old.iter().take(head).cloned().map(|w| (w, true));
        let last = end.iter().cloned().map(|w| (w, true));
        pieces(first.chain(middle.into_iter().zip(kept)).chain(last))
    };
    (side(a, kept_a), side(b, kept_b))
}

fn pieces(words: impl Iterator<Item = (String, bool)>) -> Vec<Piece> {
    let mut out: Vec<Piece> = Vec::new();
    for (word, kept) in words {
        match out.last_mut().filter(|p| p.kept == kept) {
            Some(piece) => piece.parts.push(word),
            None => out.push(Piece { parts: vec![word], kept }),
        }
    }
    out
}

/// For each word of both sides, whether it belongs to their longest common part.
fn common(a: &[String], b: &[String]) -> (Vec<bool>, Vec<bool>) {
    let (mut in_a, mut in_b) = (vec![false; a.len()], vec![false; b.len()]);
    if a.len().saturating_mul(b.len()) > MOST_CELLS {
        return (in_a, in_b);
    }
    let table = lengths(a, b);
    let at = |i: usize, j: usize| table.get(i).and_then(|row| row.get(j)).copied().unwrap_or(0);
    let (mut i, mut j) = (0, 0);
    while let (Some(x), Some(y)) = (a.get(i), b.get(j)) {
        if x == y {
            in_a.iter_mut().skip(i).take(1).for_each(|k| *k = true);
            in_b.iter_mut().skip(j).take(1).for_each(|k| *k = true);
            i = i.saturating_add(1);
            j = j.saturating_add(1);
        } else if at(i.saturating_add(1), j) >= at(i, j.saturating_add(1)) {
            i = i.saturating_add(1);
        } else {
            j = j.saturating_add(1);
        }
    }
    (in_a, in_b)
}

/// Lengths of the longest common parts of all ends: row `i`, column `j` for what begins there.
fn lengths(a: &[String], b: &[String]) -> Vec<Vec<u32>> {
    let mut rows = vec![vec![0_u32; b.len().saturating_add(1)]];
    for x in a.iter().rev() {
        let below = rows.last().cloned().unwrap_or_default();
        let mut row = vec![0_u32];
        for (y, pair) in b.iter().rev().zip(below.windows(2).rev()) {
            let right = row.last().copied().unwrap_or(0);
            let (straight, diagonal) =
                (pair.first().copied().unwrap_or(0), pair.last().copied().unwrap_or(0));
            row.push(if x == y { diagonal.saturating_add(1) } else { straight.max(right) });
        }
        row.reverse();
        rows.push(row);
    }
    rows.reverse();
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn words(text: &str) -> Vec<String> {
        text.split_whitespace().map(str::to_owned).collect()
    }
    /// `[…]` around what the other side has not.
    fn shown(pieces: &[Piece]) -> String {
        let one = |p: &Piece| {
            let text = p.parts.join(" ");
            if p.kept { text } else { format!("[{text}]") }
        };
        pieces.iter().map(one).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn words_that_changed() {
        for (old, new, left, right) in [
            (
                "at most three days",
                "at most five working days",
                "at most [three] days",
                "at most [five working] days",
            ),
            ("a b c", "a b c", "a b c", "a b c"),
            ("", "new", "", "[new]"),
            ("gone", "", "[gone]", ""),
            ("x a y b z", "a b", "[x] a [y] b [z]", "a b"),
        ] {
            let (a, b) = differ(&words(old), &words(new));
            assert_eq!((shown(&a), shown(&b)), (left.to_owned(), right.to_owned()), "{old} -> {new}");
        }
    }

    proptest! {
        /// Nothing is lost, and what is kept is the same on both sides.
        #[test]
        fn both_sides_are_whole(old in "[ab ]{0,30}", new in "[abc ]{0,30}") {
            let (a, b) = differ(&words(&old), &words(&new));
            let whole = |pieces: &[Piece]| pieces.iter().flat_map(|p| p.parts.clone()).collect::<Vec<_>>();
            let kept = |pieces: &[Piece]| pieces.iter().filter(|p| p.kept).flat_map(|p| p.parts.clone()).collect::<Vec<_>>();
            prop_assert_eq!(whole(&a), words(&old));
            prop_assert_eq!(whole(&b), words(&new));
            prop_assert_eq!(kept(&a), kept(&b));
        }
    }
}
