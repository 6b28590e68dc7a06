//! Telephone numbers in all the ways people write them.

use super::Scan;
use super::groups::{Group, Joint, Window, joint};
use super::numbers::{begins_name, stands_free};
use crate::Kind;
use crate::normalise::phone::{Proof, from_digits, is_mobile};
use crate::text::Folded;
use crate::text::context::{Verdict, is_amount_before, judge};
use crate::text::words::Word;

/// Claims a telephone number at the start of the window; gives how many groups it took.
pub(super) fn phone(scan: &mut Scan, window: &Window, previous: Option<Group>) -> Option<usize> {
    let first = *window.groups.first()?;
    let start = plus_before(&scan.text, first.from);
    let (count, from, canonical) = match start {
        Some(from) => international(scan, window).map(|(count, number)| (count, from, number))?,
        // The rest of a number that begins with a country code and has failed.
        None if previous.is_some_and(|group| is_country_code(&scan.text, group, first)) => return None,
        None => {
            let (count, number) = national(scan, window, previous)?;
            let bracket = scan.text.before(first.from) == '(' && text_has_close(&scan.text, window, count);
            (count, if bracket { first.from.saturating_sub(1) } else { first.from }, number)
        }
    };
    scan.hit(Kind::Phone, from, window.end(count), canonical);
    Some(count)
}

fn is_country_code(text: &Folded, group: Group, next: Group) -> bool {
    group.len() <= 3 && joint(text, group, next).is_some() && plus_before(text, group.from).is_some()
}

fn text_has_close(text: &Folded, window: &Window, count: usize) -> bool {
    window.groups.first().is_some_and(|g| text.slice(g.from, window.end(count)).contains(&')'))
}

/// Where a plus sign before `from` stands: `+7`, `+ 7`, `+(7`. Not the one of a sum.
fn plus_before(text: &Folded, from: usize) -> Option<usize> {
    let mut at = from;
    while at > from.saturating_sub(2) && matches!(text.before(at), ' ' | '(') {
        at = at.saturating_sub(1);
    }
    let plus = at.checked_sub(1).filter(|p| text.at(*p) == '+')?;
    let before = text.before(plus);
    (!before.is_ascii_digit() && before != '+').then_some(plus)
}

/// A number behind a plus sign: nothing else is written so, and only its own plan can refuse it.
fn international(scan: &Scan, window: &Window) -> Option<(usize, String)> {
    let region = scan.options.region;
    let fits = |count: usize| free_right(&scan.text, window.end(count));
    if let Some(count) = window.count_for(11).filter(|c| fits(*c))
        && let Some(number) = from_digits(true, window.digits(11), region, Proof::WellFormed)
    {
        return Some((count, number));
    }
    // The longest that its plan knows; a group behind it may belong to the sentence.
    let longest = |proof: Proof| {
        (8..=15_usize).rev().find_map(|total| {
            let count = window.count_for(total).filter(|c| fits(*c))?;
            from_digits(true, window.digits(total), region, proof).map(|number| (count, number))
        })
    };
    // What no plan knows may be an income: `+1 250 000 0000 ₸`.
    longest(Proof::Assigned).or_else(|| {
        longest(Proof::Possible).filter(|(count, _)| {
            let from = window.groups.first().map_or(0, |group| group.from);
            let thousands = window.sizes(*count).iter().skip(1).all(|size| *size == 3);
            (*count == 1 || !thousands) && judge(&scan.text, from, window.end(*count), 12) != Verdict::Amount
        })
    })
}

fn free_right(text: &Folded, to: usize) -> bool {
    let name = text.at(to) == '_' && text.at(to.saturating_add(1)).is_alphanumeric();
    (!text.at(to).is_ascii_alphabetic() || begins_name(text, to)) && text.at(to) != '%' && !name
}

/// A number without plus sign.
fn national(scan: &Scan, window: &Window, previous: Option<Group>) -> Option<(usize, String)> {
    let region = scan.options.region;
    let text = &scan.text;
    let first = *window.groups.first()?;
    let totals: &[usize] = if region.is_zone_seven() {
        match text.at(first.from) {
            '8' => &[11],
            '7' => &[11, 10],
            '9' => &[12, 10],
            '0' => &[13, 14],
            '3' | '4' => &[10, 12],
            _ => &[12],
        }
    } else {
        &[11, 10, 12, 9, 8, 13]
    };
    totals.iter().find_map(|total| {
        let count = window.count_for(*total)?;
        let digits = window.digits(*total);
        // What is cheap comes first: the table of numbering plans is asked for few.
        let written = writing(text, window, count, previous);
        if written == Writing::Never || !stands_free(text, window, count, previous) {
            return None;
        }
        let verdict = judge(text, first.from, window.end(count), *total);
        let named = verdict == Verdict::Is(Word::Phone);
        let neighbour = *total == 12 && is_neighbours(digits, &window.sizes(count));
        if *total == 12 && !named && !neighbour {
            return None;
        }
        let loose = from_digits(*total == 12, digits, region, Proof::WellFormed)?;
        let sure = is_sure(&Candidate {
            total: *total,
            written,
            named,
            canonical: &loose,
            region_seven: region.is_zone_seven(),
            neighbour,
            long_area: window.sizes(count) == [4, 2, 2, 2],
        });
        let assigned = || from_digits(*total == 12, digits, region, Proof::Assigned).is_some();
        let accepted = match verdict {
            // Brackets around the area code are written for telephones alone.
            Verdict::Other => written == Writing::Bracketed,
            Verdict::Amount => {
                written == Writing::Bracketed
                    || (written == Writing::Whole
                        && is_short_unit(text, window.end(count))
                        && !is_amount_before(text, first.from, *total))
            }
            // `ИНН 7701555012` is nobody's telephone; `на карту 8701…` is, where cards are paid by telephone.
            Verdict::Is(Word::National | Word::Imei) => written == Writing::Bracketed,
            Verdict::Is(_) | Verdict::Open => true,
        };
        let trunk = *total == 11 && text.at(first.from) == '8';
        let proven = trunk
            || named
            || written == Writing::Bracketed
            || matches!(written, Writing::Usual)
            || assigned();
        (accepted && sure && proven).then_some((count, loose))
    })
}

/// `тг` after a whole number is as often the messenger as the currency.
fn is_short_unit(text: &Folded, to: usize) -> bool {
    text.has(to, " тг")
}

/// How the groups are set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Writing {
    /// One run of digits.
    Whole,
    /// Brackets around the area code.
    Bracketed,
    /// As numbers are grouped.
    Usual,
    /// Otherwise.
    Odd,
    /// As nobody writes a telephone: thousands, slashes, the rest of something longer.
    Never,
}

fn writing(text: &Folded, window: &Window, count: usize, previous: Option<Group>) -> Writing {
    let sizes = window.sizes(count);
    let joints = window.joints(count);
    let slash = joints.iter().position(|j| *j == Joint::Slash);
    if joints.iter().skip(2).any(|j| *j == Joint::Slash) || slash.is_some_and(|at| at > 1) {
        return Writing::Never;
    }
    if joints.contains(&Joint::Bracket) {
        return Writing::Bracketed;
    }
    if count == 1 {
        return Writing::Whole;
    }
    let thousands = sizes.first().is_some_and(|n| *n <= 3) && sizes.iter().skip(1).all(|n| *n == 3);
    if thousands {
        return Writing::Never;
    }
    // `8` or a country code before a ten-digit group belongs to it and has failed already.
    let tail = previous.is_some_and(|p| {
        window.groups.first().is_some_and(|g| joint(text, p, *g).is_some())
            && p.len() == 1
            && matches!(text.at(p.from), '7' | '8')
    });
    if tail {
        return Writing::Never;
    }
    let national = match sizes.as_slice() {
        [1, rest @ ..] => rest,
        [4, 3, 4] | [4, 7] | [4, 3, 2, 2] | [4, 2, 2, 3] => return Writing::Usual,
        other => other,
    };
    match national {
        [3, 3, 2, 2]
        | [3, 3, 4]
        | [3, 7]
        | [3, 2, 2, 3]
        | [3, 4, 3]
        | [3, 2, 3, 2]
        | [10]
        | [4, 2, 2, 2]
        | [4, 6]
        | [4, 3, 3] => Writing::Usual,
        _ => Writing::Odd,
    }
}

struct Candidate<'a> {
    total: usize,
    written: Writing,
    named: bool,
    canonical: &'a str,
    region_seven: bool,
    /// `998 93 123 45 67`, of a country around.
    neighbour: bool,
    /// `7172 55 12 34`: nothing but the telephones of a town are grouped so.
    long_area: bool,
}

/// Whether writing and words together make it a telephone number.
fn is_sure(candidate: &Candidate<'_>) -> bool {
    let Candidate { total, written, named, canonical, region_seven, neighbour, long_area } = *candidate;
    if written == Writing::Never {
        return false;
    }
    if !region_seven {
        return named || written == Writing::Bracketed || total >= 10 && is_mobile(canonical);
    }
    match (total, written) {
        (11 | 13 | 14, _) => true,
        (10, Writing::Bracketed) => true,
        (10, Writing::Usual) => {
            named || long_area || !matches!(canonical.get(2..5), Some("717" | "721" | "718" | "712" | "713"))
        }
        (10, Writing::Whole) => named || (canonical.starts_with("+77") && is_mobile(canonical)),
        // A foreign number without its plus, or an odd grouping, needs a word.
        (12, _) => named || (neighbour && is_mobile(canonical)),
        _ => named,
    }
}

/// Whether twelve digits are set as the numbers of Uzbekistan, Kyrgyzstan, Tajikistan, Azerbaijan, Georgia,
/// Belarus and Ukraine are: nothing else begins and is grouped so.
fn is_neighbours(digits: &str, sizes: &[usize]) -> bool {
    let code = ["992", "994", "995", "996", "998", "375", "380"].iter().any(|code| digits.starts_with(code));
    code && matches!(sizes, [3, 2, 3, 2, 2] | [3, 2, 3, 4] | [3, 3, 2, 2, 2] | [3, 2, 7])
}
