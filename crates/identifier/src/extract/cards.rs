//! Payment cards, whole or with their middle hidden, and keeping them out of sight.

use kernel::Secret;

use super::groups::{Group, Joint, Window, groups};
use super::numbers::stands_free;
use super::{Hit, Options, Scan, extract};
use crate::Kind;
use crate::normalise::card;
use crate::text::Folded;
use crate::text::context::{Verdict, judge};
use crate::text::fold::fold;
use crate::text::words::Word;

/// Claims a whole card number at the start of the window; gives how many groups it took.
pub(super) fn card(
    scan: &mut Scan,
    window: &Window,
    previous: Option<Group>,
    behind: &[Group],
) -> Option<usize> {
    let text = &scan.text;
    let (count, digits) = [16_usize, 15, 18, 19, 13]
        .into_iter()
        .filter_map(|total| window.count_for(total).map(|count| (count, window.digits(total))))
        .find(|(_, digits)| card::check(digits).is_ok())?;
    let (from, to) = (window.groups.first()?.from, window.end(count));
    let joined =
        window.joints(count).iter().all(|j| matches!(j, Joint::Blank | Joint::Hyphen { .. } | Joint::Stop));
    if !joined || text.before(from) == '+' || !stands_free(text, window, count, previous) {
        return None;
    }
    let verdict = judge(text, from, to, digits.len());
    let named = verdict == Verdict::Is(Word::Card);
    let accepted = match verdict {
        Verdict::Other | Verdict::Amount => false,
        Verdict::Is(Word::Imei) => false,
        Verdict::Is(_) | Verdict::Open => {
            named
                || (is_usual(digits)
                    && is_usual_grouping(&window.sizes(count))
                    && !goes_on(text, window, count, behind))
        }
    };
    if !accepted {
        return None;
    }
    let canonical = card::shorten(digits)?;
    let whole = Secret::new(digits.to_owned());
    scan.record(Hit { kind: Kind::Card, from, to, canonical, card: Some(whole) });
    Some(count)
}

/// Networks whose cards people here have. Other ranges need a word that says "card": they are shared with
/// numbers of parcels, devices and loyalty programmes.
fn is_usual(digits: &str) -> bool {
    let head = |n: usize| digits.get(..n).and_then(|h| h.parse::<u32>().ok()).unwrap_or(0);
    match digits.len() {
        16 => {
            head(1) == 4
                || matches!(head(2), 51..=55 | 62)
                || matches!(head(4), 2200..=2204 | 2221..=2720 | 8600 | 9860)
        }
        15 => matches!(head(2), 34 | 37),
        _ => false,
    }
}

fn is_usual_grouping(sizes: &[usize]) -> bool {
    is_fours_in_parts(sizes)
        || (sizes.len() == 16 && sizes.iter().all(|n| *n == 1))
        || matches!(
            sizes,
            [16] | [4, 4, 4, 4]
                | [8, 8]
                | [6, 10]
                | [4, 12]
                | [4, 4, 8]
                | [4, 8, 4]
                | [6, 6, 4]
                | [15]
                | [4, 6, 5]
        )
}

/// Groups of four of which some are cut in two (`4400 43 01 1234 5670`).
fn is_fours_in_parts(sizes: &[usize]) -> bool {
    let mut rest = 4_usize;
    let whole = sizes.iter().all(|size| {
        let fits = *size == rest || (*size == 2 && rest == 4);
        rest = if *size == rest { 4 } else { rest.saturating_sub(*size) };
        fits
    });
    whole && rest == 4 && sizes.first() == Some(&4) && sizes.iter().sum::<usize>() == 16
}

/// Whether more groups of four follow, so that this is the head of a longer number (an account of twenty
/// digits) and not one of two cards. `behind` are the groups from the window's first on.
fn goes_on(text: &Folded, window: &Window, count: usize, behind: &[Group]) -> bool {
    let Some((next, Joint::Blank)) = window.next(count) else { return false };
    // `… 5670 1500 тг`: the amount.
    let amount = || {
        text.has(next.to, " тг")
            || text.has(next.to, "тг")
            || judge(text, next.from, next.to, next.len()) == Verdict::Amount
    };
    if next.len() != 4 || count < 4 || amount() {
        return false;
    }
    let tail: String = behind.iter().skip(count).take(4).flat_map(|g| text.slice(g.from, g.to)).collect();
    card::check(&tail).is_err()
}

/// Claims card numbers whose middle is hidden (`4400 43** **** 1234`). First six and last four must be seen.
pub(super) fn hidden(scan: &mut Scan) {
    let mut i = 0;
    while i < scan.text.len() {
        let begins =
            scan.text.at(i).is_ascii_digit() && !scan.is_taken(i) && !scan.text.before(i).is_alphanumeric();
        let digits = scan.text.run(i, usize::MAX, |c| c.is_ascii_digit());
        if !begins {
            i = digits.max(i.saturating_add(1));
            continue;
        }
        let found = if digits.saturating_sub(i) <= 8 { hidden_at(&scan.text, i) } else { None };
        if let Some((to, canonical)) = found
            && !(i..to).any(|p| scan.is_taken(p))
        {
            scan.hit(Kind::Card, i, to, canonical);
            i = to;
            continue;
        }
        i = digits.max(i.saturating_add(1));
    }
}

fn hidden_at(text: &Folded, i: usize) -> Option<(usize, String)> {
    let fits = |c: char| {
        c.is_ascii_digit() || matches!(c, ' ' | '-' | '.') || (card::is_mask(c) && c != '_' && c != '#')
    };
    // Cards begin with a group of four, or with all the digits that can be seen.
    let head = text.run(i, 9, |c| c.is_ascii_digit()).saturating_sub(i);
    if !matches!(head, 4 | 6..=8) {
        return None;
    }
    let mut reach = text.run(i, 30, fits);
    // A full stop and a blank end a sentence.
    let stop = (i..reach).find(|p| text.at(*p) == '.' && text.at(p.saturating_add(1)) == ' ');
    reach = stop.unwrap_or(reach);
    // Most runs hide nothing: do not try every end of theirs.
    let hides = |c: &char| card::is_mask(*c);
    let run = text.slice(i, reach);
    if !run.iter().any(hides) && !run.windows(3).any(|w| w == ['.', '.', '.']) {
        return None;
    }
    let masks = |to: usize| text.slice(i, to).iter().filter(|c| card::is_mask(**c)).count();
    for to in i.saturating_add(11)..=reach {
        let ends =
            text.before(to).is_ascii_digit() && !text.at(to).is_alphanumeric() && !card::is_mask(text.at(to));
        if !ends {
            continue;
        }
        let written = text.text(i, to);
        let signs = written.chars().filter(|c| c.is_ascii_digit() || card::is_mask(*c)).count();
        let shortened = written.contains('…') || written.contains("...");
        if masks(to) == 0 && !shortened {
            continue;
        }
        let whole = if written.contains("...") { written.replace("...", "…") } else { written };
        let Some(canonical) = card::masked(&whole) else { continue };
        // With an ellipsis the length cannot be counted: a word must say that it is a card.
        let sure = if shortened {
            judge(text, i, to, 16) == Verdict::Is(Word::Card)
        } else {
            (13..=19).contains(&signs) || (signs == 12 && !whole.contains(' '))
        };
        return sure.then_some((to, canonical));
    }
    None
}

/// The text with all but the first six and last four of its digits hidden; what is no digit stays. Each
/// digit is hidden behind as many bytes as it had, so that places in the text stay where they are.
pub(super) fn mask_digits(raw: &str) -> String {
    let is_digit = |c: char| fold(c).is_some_and(|f| f.is_ascii_digit());
    let total = raw.chars().filter(|c| is_digit(*c)).count();
    let mut out = String::with_capacity(raw.len());
    let mut seen = 0_usize;
    for c in raw.chars() {
        let digit = is_digit(c);
        seen = seen.saturating_add(usize::from(digit));
        if digit && total > 10 && seen > 6 && seen <= total.saturating_sub(4) {
            out.push_str(match c.len_utf8() {
                1 => "*",
                2 => "·",
                3 => "•",
                _ => "··",
            });
        } else {
            out.push(c);
        }
    }
    out
}

/// The story with every card number hidden but for its first six and last four digits. This hides more than
/// extraction reports: whatever is written like a card and satisfies its check digit, even where the words
/// around say that it is an order, because a whole card number must not be stored by mistake. The masked story
/// has the length of the story, so the places of [`extract`] hold in both.
#[must_use]
pub fn mask_cards(story: &str) -> String {
    let scan = Scan::new(story, Options::default());
    let all = groups(&scan);
    let mut spans: Vec<(usize, usize)> = Vec::new();
    let mut at = 0;
    while at < all.len() {
        let rest = all.get(at..).unwrap_or(&[]);
        let found = written_whole(&scan.text, &all, at).or_else(|| written_in_fours(&scan.text, rest));
        let taken = found.and_then(|count| rest.get(..count));
        if let Some([first, .., last] | [first @ last]) = taken {
            spans.push(scan.text.bytes(first.from, last.to));
        }
        at = at.saturating_add(found.unwrap_or(1));
    }
    let named = extract(story, &Options::default());
    spans.extend(named.iter().filter(|f| f.kind == Kind::Card).map(|f| (f.start, f.end)));
    spans.sort_unstable();
    hide(story, &spans)
}

/// How many groups at `at` are a card number, joined and set as people set them. Not any groups that happen
/// to satisfy the check digit: an amount beside a telephone number must stay readable.
fn written_whole(text: &Folded, all: &[Group], at: usize) -> Option<usize> {
    let window = Window::at(text, all, at);
    let fits = |sizes: &[usize]| {
        let even = |n: usize| sizes.iter().all(|size| *size == n);
        let fours =
            sizes.split_last().is_some_and(|(last, head)| *last <= 4 && head.iter().all(|size| *size == 4));
        sizes.len() == 1 || fours || even(1) || even(2) || is_usual_grouping(sizes)
    };
    (13..=19_usize)
        .rev()
        .filter(|total| card::check(window.digits(*total)).is_ok())
        .filter_map(|total| window.count_for(total))
        .find(|count| fits(&window.sizes(*count)))
}

/// Four groups of four with anything short between them: commas, line ends.
fn written_in_fours(text: &Folded, rest: &[Group]) -> Option<usize> {
    let four = rest.get(..4)?;
    let near = four.windows(2).all(|pair| match pair {
        [left, right] => right.from.saturating_sub(left.to) <= 3,
        _ => false,
    });
    if !near || four.iter().any(|group| group.len() != 4) {
        return None;
    }
    let digits: String = four.iter().flat_map(|group| text.slice(group.from, group.to)).collect();
    card::check(&digits).is_ok().then_some(4)
}

/// The story with the digits in `spans` hidden. Spans are sorted; one that lies in another is passed over.
fn hide(story: &str, spans: &[(usize, usize)]) -> String {
    let mut out = String::with_capacity(story.len());
    let mut done = 0;
    for (start, end) in spans.iter().copied().filter(|(start, end)| start < end) {
        if start < done {
            continue;
        }
        out.push_str(story.get(done..start).unwrap_or(""));
        out.push_str(&mask_digits(story.get(start..end).unwrap_or("")));
        done = end;
    }
    out.push_str(story.get(done..).unwrap_or(""));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cards_are_hidden_however_they_are_written() {
        for (story, masked) in [
            ("на 4400430112345670.", "на 440043******5670."),
            ("заказ № 4400 4301 1234 5670", "заказ № 4400 43** **** 5670"),
            ("4400,4301,1234,5670", "4400,43**,****,5670"),
            ("4400\n4301\n1234\n5670", "4400\n43**\n****\n5670"),
            ("4 4 0 0 4 3 0 1 1 2 3 4 5 6 7 0", "4 4 0 0 4 3 * * * * * * 5 6 7 0"),
            ("４４００４３０１１２３４５６７０", "４４００４３••••••５６７０"),
            ("4400 4301 1234 5671", "4400 4301 1234 5671"),
            ("440043******5670", "440043******5670"),
        ] {
            assert_eq!(mask_cards(story), masked);
            assert_eq!(mask_cards(masked), masked);
        }
    }

    #[test]
    fn a_hidden_card_begins_with_its_own_digits() {
        for story in [
            "IMEI: 86-187165-098395-2. 423541******4119 картасы",
            "код 43. 423541******4119",
            "12 423541******4119",
            "423541******4119, 4235",
        ] {
            let found = extract(story, &Options::default());
            assert!(
                found.iter().any(|f| f.kind == Kind::Card && f.canonical == "4235414119"),
                "{story}: {found:?}"
            );
        }
    }

    #[test]
    fn an_amount_beside_a_telephone_stays() {
        for rest in 0..200 {
            let story = format!("45 000 87015550{rest:03}");
            assert_eq!(mask_cards(&story), story);
        }
    }
}
