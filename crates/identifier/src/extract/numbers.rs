//! Everything that is made of digits alone: cards, device numbers, numbers of persons and firms, telephones.

use super::Scan;
use super::cards;
use super::groups::{Group, Joint, Window, groups, joint};
use super::phones;
use crate::Kind;
use crate::normalise::{imei, national};
use crate::text::Folded;
use crate::text::context::{Verdict, judge, word_before, word_near};
use crate::text::fold::is_cyrillic;
use crate::text::words::Word;

/// Claims all numbers.
pub(super) fn numbers(scan: &mut Scan) {
    let all = groups(scan);
    let mut at = 0;
    while at < all.len() {
        // A number that was found and ends at a slash is a member of a list, not the head of this one.
        let found_already = |group: &Group| {
            scan.is_taken(group.from)
                && all.get(at).is_some_and(|this| joint(&scan.text, *group, *this) == Some(Joint::Slash))
        };
        let previous =
            at.checked_sub(1).and_then(|p| all.get(p)).copied().filter(|group| !found_already(group));
        if goes_on_digit_by_digit(&scan.text, previous, all.get(at)) {
            at = at.saturating_add(1);
            continue;
        }
        let window = Window::at(&scan.text, &all, at);
        let step = cards::card(scan, &window, previous, all.get(at..).unwrap_or(&[]))
            .or_else(|| device(scan, &window, previous))
            .or_else(|| national_number(scan, &window, previous))
            .or_else(|| phones::phone(scan, &window, previous));
        at = at.saturating_add(step.unwrap_or(1).max(1));
    }
}

/// Whether a single digit follows another over a blank: a number that is spelt digit by digit begins with the
/// first of them.
fn goes_on_digit_by_digit(text: &Folded, previous: Option<Group>, this: Option<&Group>) -> bool {
    let (Some(previous), Some(this)) = (previous, this) else { return false };
    previous.len() == 1 && this.len() == 1 && joint(text, previous, *this) == Some(Joint::Blank)
}

/// Whether a number of exactly the first `count` groups stands free on both sides: no letters or further
/// groups are joined to it so that it would be a part of something longer.
pub(super) fn stands_free(text: &Folded, window: &Window, count: usize, previous: Option<Group>) -> bool {
    let Some(first) = window.groups.first() else { return false };
    if !free_on_the_left(text, first.from) || !free_on_the_right(text, window.end(count)) {
        return false;
    }
    let tight = |joint: Joint| matches!(joint, Joint::Hyphen { tight: true } | Joint::Stop);
    if let Some(previous) = previous
        && joint(text, previous, *first).is_some_and(|j| tight(j) || j == Joint::Slash && previous.len() < 9)
    {
        return false;
    }
    match window.next(count) {
        // Two whole numbers may be joined by a hyphen or slash; a tail makes it a contract number.
        Some((next, joint)) => {
            !(tight(joint) && next.len() < 9
                || joint == Joint::Slash && matches!(next.len(), 3..=8) && !another_follows(window, count))
        }
        None => true,
    }
}

/// Whether what follows the first `count` groups may be a whole number (the window ends within it): `4400 … 5670/5169 … 9011`.
fn another_follows(window: &Window, count: usize) -> bool {
    let digits: usize = window.groups.iter().skip(count).map(|group| group.len()).sum();
    digits >= 8
}

fn free_on_the_left(text: &Folded, from: usize) -> bool {
    match text.before(from) {
        // The part of a path; behind a digit it only stands between two numbers.
        '\\' => text.before(from.saturating_sub(1)).is_ascii_digit(),
        // `_8701…_` is emphasis, `photo_8701…` a part of a name.
        '_' => !text.before(from.saturating_sub(1)).is_alphanumeric(),
        // `SHOP*7015551234`: the text of a card payment.
        '*' => !text.before(from.saturating_sub(1)).is_ascii_alphanumeric(),
        '-' | '/' => {
            // `ESF-1803…`, `R58/3526…`: a series in Latin letters or with digits.
            let mark = from.saturating_sub(1);
            let before = text.before(mark);
            !(before.is_ascii_alphabetic()
                && !word_before(text, from, 1, Word::National)
                && !word_before(text, from, 1, Word::Phone))
        }
        c if c.is_ascii_alphabetic() => {
            word_before(text, from, 1, Word::Phone)
                || word_before(text, from, 1, Word::Number)
                || word_before(text, from, 1, Word::National)
                || word_before(text, from, 1, Word::Card)
                || word_before(text, from, 1, Word::Imei)
        }
        // A single Cyrillic capital is a series (`А12345678`); a word has only lost its blank.
        c if c.is_alphabetic() => !c.is_uppercase() || text.before(from.saturating_sub(1)).is_alphabetic(),
        _ => true,
    }
}

fn free_on_the_right(text: &Folded, to: usize) -> bool {
    match text.at(to) {
        '%' => false,
        '_' => !text.at(to.saturating_add(1)).is_alphanumeric(),
        c if c.is_alphabetic() => is_cyrillic(c) || begins_name(text, to),
        ',' => {
            // A decimal comma: one or two digits behind it.
            let end = text.run(to.saturating_add(1), 4, |c| c.is_ascii_digit());
            !(2..=3).contains(&end.saturating_sub(to)) || begins_telephone(text, to.saturating_add(1), end)
        }
        _ => true,
    }
}

/// `8701…Aigul`: a name that has lost its blank, and no part of a token.
pub(super) fn begins_name(text: &Folded, at: usize) -> bool {
    let small = text.run(at.saturating_add(1), 16, |c| c.is_ascii_lowercase());
    text.at(at).is_ascii_uppercase()
        && small.saturating_sub(at) > 2
        && !text.at(small).is_ascii_alphanumeric()
}

/// `,8-701-…`: the next number of a list that has lost its blank.
fn begins_telephone(text: &Folded, from: usize, end: usize) -> bool {
    let sign = text.run(end, 2, |c| matches!(c, '-' | ' ' | '('));
    let area = text.run(sign, 4, |c| c.is_ascii_digit());
    text.text(from, end) == "8" && sign > end && area.saturating_sub(sign) >= 3
}

/// Fifteen digits beside the word for it.
fn device(scan: &mut Scan, window: &Window, previous: Option<Group>) -> Option<usize> {
    let count = window.count_for(15)?;
    let value = Some(window.digits(15)).filter(|digits| imei::check(digits).is_ok())?.to_owned();
    let (from, to) = (window.groups.first()?.from, window.end(count));
    if !stands_free(&scan.text, window, count, previous) || !word_near(&scan.text, from, to, 100, Word::Imei)
    {
        return None;
    }
    // `IMEI-код 35…` is one; `заказ № 35…` two lines below the word is none.
    let named = word_before(&scan.text, from, 2, Word::Imei);
    if !named
        && matches!(
            judge(&scan.text, from, to, 15),
            Verdict::Other | Verdict::Amount | Verdict::Is(Word::Card | Word::National)
        )
    {
        return None;
    }
    scan.hit(Kind::Imei, from, to, value);
    Some(count)
}

/// Twelve digits that are the number of a person or a firm.
fn national_number(scan: &mut Scan, window: &Window, previous: Option<Group>) -> Option<usize> {
    if !scan.options.region.is_zone_seven() {
        return None;
    }
    let count = window.count_for(12)?;
    let value = Some(window.digits(12)).filter(|digits| national::check_digit(digits))?.to_owned();
    let is_bin = national::is_registration(&value);
    if !is_bin && !national::is_birth_date(&value) {
        return None;
    }
    let (from, to) = (window.groups.first()?.from, window.end(count));
    if scan.text.before(from) == '+' || !stands_free(&scan.text, window, count, previous) {
        return None;
    }
    let verdict = judge(&scan.text, from, to, 12);
    let named = verdict == Verdict::Is(Word::National);
    // Nobody registers more than head offices, branches, agencies and farms.
    let usual = !is_bin || value.as_bytes().get(5).is_some_and(|d| (b'0'..=b'4').contains(d));
    // `900101 300123`: the birth date apart is how people read it out.
    let together = count == 1 || (!is_bin && window.sizes(count) == [6, 6]);
    let accepted = match verdict {
        Verdict::Is(_) | Verdict::Open => named || (together && usual),
        Verdict::Other | Verdict::Amount => false,
    };
    if !accepted {
        return None;
    }
    scan.hit(if is_bin { Kind::Bin } else { Kind::Iin }, from, to, value);
    Some(count)
}
