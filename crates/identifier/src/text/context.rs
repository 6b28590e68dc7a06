//! What the words around a number say it is.

use super::Folded;
use super::before::{Backward, TOKENS, Token, before};
use super::fold::lower;
use super::words::{self, Word};

/// The judgement of the neighbourhood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The words say nothing.
    Open,
    /// The words say that it is such a number.
    Is(Word),
    /// The words say that it is something else: an order, a contract, a code.
    Other,
    /// The words say that it is an amount.
    Amount,
}

/// The judgement over the number at `from..to`, which has `digits` digits.
pub(crate) fn judge(text: &Folded, from: usize, to: usize, digits: usize) -> Verdict {
    let after = after(text, to);
    if after.verdict == Verdict::Amount {
        return Verdict::Amount;
    }
    let (before, numbered) = before(text, from, digits);
    if numbered && after.noun {
        return Verdict::Other;
    }
    match (before, after.verdict) {
        (Verdict::Open, verdict) => verdict,
        // The phrase behind is nearer than a general word before: "his number 8701… (order number)".
        (_, Verdict::Other) => Verdict::Other,
        // `код 8701… нөмірінен келді`: from that number, whatever came.
        (Verdict::Other, verdict @ Verdict::Is(_)) if after.directed && !numbered => verdict,
        (verdict, _) => verdict,
    }
}

/// Whether the words before the number say that it is an amount.
pub(crate) fn is_amount_before(text: &Folded, from: usize, digits: usize) -> bool {
    before(text, from, digits).0 == Verdict::Amount
}

struct After {
    verdict: Verdict,
    /// A noun follows that the number belongs to, as Kazakh puts it: `№ 8701… тапсырыс`.
    noun: bool,
    /// "From the number", "to the number" follows, as Kazakh puts it.
    directed: bool,
}

impl After {
    const fn says(verdict: Verdict) -> Self {
        Self { verdict, noun: false, directed: false }
    }
}

/// What stands behind: a unit, a noun in the Kazakh order, an explanation in brackets or after a dash.
fn after(text: &Folded, to: usize) -> After {
    let mut at = to;
    let mut explained = false;
    let mut words = Vec::new();
    let mut goes_on = false;
    let ceiling = to.saturating_add(60);
    while at < ceiling && words.len() < 4 {
        let c = text.at(at);
        if c.is_alphabetic() {
            let end = text.run(at, 40, char::is_alphabetic);
            let word: String = text.slice(at, end).iter().copied().map(lower).collect();
            let joined = matches!(text.before(at), '-' | '\'');
            if !(words.is_empty() && joined && words::is_ending(&word)) {
                words.push(word);
            }
            at = end;
            continue;
        }
        match c {
            ' ' | '"' | '«' | '»' | '\'' => {}
            '(' | '—' => explained = true,
            '-' if text.before(at) == ' ' => explained = true,
            '-' => {}
            '$' | '€' | '₸' | '₽' | '%' if words.is_empty() => {
                return After::says(Verdict::Amount);
            }
            c => {
                goes_on = c.is_ascii_digit() || matches!(c, ':' | '№' | '#');
                break;
            }
        }
        at = at.saturating_add(1);
    }
    weigh(&words, explained, goes_on)
}

/// `goes_on` says that the words are the label of another number that follows them.
fn weigh(words: &[String], explained: bool, goes_on: bool) -> After {
    let Some(first) = words.first() else { return After::says(Verdict::Open) };
    if explained {
        return After::says(explanation(words));
    }
    // `7000000000 АҚШ доллары`: whose currency it is may stand between.
    let whose = ["ақш", "сша", "us", "рос", "российск", "американск", "казахстанск", "қазақстан", "қр", "рк"];
    let second = words.get(1).filter(|_| whose.iter().any(|stem| first.starts_with(stem)));
    if words::is_unit(first) || second.is_some_and(|w| words::is_unit(w)) {
        return After::says(Verdict::Amount);
    }
    // `8701… тапсырыс нөмірі`: Kazakh puts the thing behind its number.
    let possessed =
        words.get(1).is_some_and(|w| words::is(w, Word::Number) && (w.ends_with('і') || w.ends_with('ы')));
    if words::is(first, Word::Other) && possessed && !goes_on {
        return After::says(Verdict::Other);
    }
    if !words::is(first, Word::Number) {
        return After { noun: words::is(first, Word::Other), ..After::says(Verdict::Open) };
    }
    // `8701… нөмірлі тапсырыс`, `8701… нөмірімен тіркелген`, `8701… нөмірінен`.
    let adjective = first.ends_with("лі") || first.ends_with("мен");
    let noun = words.get(1).is_some_and(|w| words::is(w, Word::Other));
    match (adjective, noun) {
        (true, true) => After::says(Verdict::Other),
        (true, false) => After::says(Verdict::Open),
        (false, _) => After {
            directed: ["нен", "не", "ге", "ден"].iter().any(|ending| first.ends_with(ending)),
            ..After::says(Verdict::Is(Word::Phone))
        },
    }
}

/// The words of a bracket or behind a dash: `(номер заказа)`, `— это его ИИН`. A thing that has numbers of its
/// own counts if the word "number" is with it or nothing else is: `(чек приложен)` says nothing.
fn explanation(words: &[String]) -> Verdict {
    let telling: Vec<&String> = words.iter().filter(|w| !words::is(w, Word::Filler)).collect();
    let numbered = telling.iter().any(|w| words::is(w, Word::Number));
    for word in &telling {
        for class in words::classes(word) {
            match class {
                Word::Phone | Word::Card | Word::National | Word::Imei => return Verdict::Is(class),
                Word::Other if numbered || telling.len() == 1 => return Verdict::Other,
                Word::Preposition => return Verdict::Open,
                _ => {}
            }
        }
    }
    Verdict::Open
}

/// Whether one of the words that stand before `from` (at most `most`, in the same sentence) has this class.
pub(crate) fn word_before(text: &Folded, from: usize, most: usize, class: Word) -> bool {
    let mut reader = Backward::from(from);
    let mut seen = 0_usize;
    for _ in 0..TOKENS.saturating_mul(2) {
        match reader.next(text) {
            Token::End => return false,
            Token::Word(word) => {
                if words::is(&word, class) {
                    return true;
                }
                seen = seen.saturating_add(1);
                if seen >= most {
                    return false;
                }
            }
            _ => {}
        }
    }
    false
}

/// Whether a word of this class stands within `reach` characters on either side, whatever lies between.
pub(crate) fn word_near(text: &Folded, from: usize, to: usize, reach: usize, class: Word) -> bool {
    let hit = |mut at: usize, end: usize| {
        while at < end {
            let stop = text.run(at, 40, char::is_alphabetic);
            if stop > at {
                let word: String = text.slice(at, stop).iter().copied().map(lower).collect();
                if words::is(&word, class) {
                    return true;
                }
                at = stop;
            } else {
                at = at.saturating_add(1);
            }
        }
        false
    };
    hit(from.saturating_sub(reach), from) || hit(to, to.saturating_add(reach / 3).min(text.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The verdict over the first run of at least nine digits.
    fn over(story: &str) -> Verdict {
        let text = Folded::new(story);
        let mut at = 0;
        loop {
            let end = text.run(at, 40, |c| c.is_ascii_digit());
            if end - at >= 9 {
                return judge(&text, at, end, end - at);
            }
            at = end + 1;
            assert!(at < text.len(), "{story}");
        }
    }

    #[test]
    fn things_with_numbers_of_their_own() {
        for story in [
            "заказ 87011234567",
            "Заказ № 87011234567",
            "номер заказа: 87011234567",
            "номер моего заказа — 87011234567",
            "договор займа № 87011234567",
            "код товара 7011234567",
            "трек-номер 87011234567",
            "накладная СДЭК 87011234567",
            "тапсырыс нөмірі 87011234567",
            "87011234567 нөмірлі тапсырыс",
            "№ 87011234567 шарт",
            "ID 87011234567",
            "order number 87011234567",
            "номер операции 87011234567",
            "заказы № 87011234566, 87011234567",
            "87011234567 (номер заказа)",
            "договор с номером 87011234567",
            "зарегистрирован под № 87011234567",
            "заказы 87011234566 и 87011234567",
            "Номер заказа на Kaspi: 87011234567",
            "л/с 87011234567",
            "подарочная карта 87011234567",
            "транзакция 87011234567",
            "іс № 87011234567",
            "номер обращения в банк — 87011234567",
        ] {
            assert_eq!(over(story), Verdict::Other, "{story}");
        }
    }

    #[test]
    fn telephones_and_silence() {
        for story in [
            "код пришёл с номера 87011234567",
            "заказ оформил на 87011234567",
            "по договору перевёл на 87011234567",
            "перевёл по номеру 87011234567",
            "оплатил заказ. 87011234567 не отвечает",
            "87011234567",
        ] {
            assert!(
                matches!(over(story), Verdict::Open | Verdict::Is(Word::Phone)),
                "{story}: {:?}",
                over(story)
            );
        }
        for story in ["тел. 87011234567", "позвонил 87011234567", "87011234567 нөмірінен қоңырау шалды"]
        {
            assert_eq!(over(story), Verdict::Is(Word::Phone), "{story}");
        }
    }

    #[test]
    fn amounts() {
        for story in ["870112345670 тенге", "сумма 870112345670", "$870112345670", "870112345670 ₸"]
        {
            assert_eq!(over(story), Verdict::Amount, "{story}");
        }
    }
}
