//! Reading backwards from a number: whose number it is stands before it in Russian and English, and mostly
//! in Kazakh (`номер моего заказа — 8701…`, `тапсырыс нөмірі 8701…`).

use super::Folded;
use super::context::Verdict;
use super::fold::lower;
use super::words::{self, Word};

/// How far to look, in characters and in tokens.
pub(super) const REACH: usize = 110;
pub(super) const TOKENS: usize = 14;

/// One step of reading away from the number.
#[derive(Debug)]
pub(super) enum Token {
    /// A word in lower case.
    Word(String),
    /// How many digits.
    Digits(usize),
    /// `№` or `#`.
    Numero,
    /// A comma.
    Comma,
    /// An opening bracket.
    Open,
    /// The sign of a currency that stands before its amount.
    Currency,
    /// The sentence ends here, or the look-out does.
    End,
}

/// A reader that goes backwards.
pub(super) struct Backward {
    at: usize,
    floor: usize,
}

impl Backward {
    pub(super) const fn from(at: usize) -> Self {
        Self { at, floor: at.saturating_sub(REACH) }
    }

    pub(super) fn next(&mut self, text: &Folded) -> Token {
        loop {
            if self.at <= self.floor {
                return Token::End;
            }
            let last = self.at.saturating_sub(1);
            let c = text.at(last);
            if c.is_alphabetic() {
                return Token::Word(self.word(text));
            }
            if c.is_ascii_digit() {
                let end = self.at;
                while self.at > self.floor && text.before(self.at).is_ascii_digit() {
                    self.at = self.at.saturating_sub(1);
                }
                return Token::Digits(end.saturating_sub(self.at));
            }
            self.at = last;
            match c {
                '№' | '#' => return Token::Numero,
                ',' => return Token::Comma,
                '(' | '[' => return Token::Open,
                '$' | '€' | '₸' | '₽' if !text.before(last).is_ascii_digit() => return Token::Currency,
                '!' | '?' | ';' => return Token::End,
                '\n' if !ends_with_colon(text, last) && !is_label_line(text, last) => return Token::End,
                '.' if is_full_stop(text, last) => return Token::End,
                _ => {}
            }
        }
    }

    /// The word that ends here; `л/с`, `S/N` are one word.
    fn word(&mut self, text: &Folded) -> String {
        let end = self.at;
        while self.at > self.floor && text.before(self.at).is_alphabetic() {
            self.at = self.at.saturating_sub(1);
        }
        let (slash, letter) = (self.at.saturating_sub(1), self.at.saturating_sub(2));
        let short =
            end.saturating_sub(self.at) == 1 && text.at(slash) == '/' && text.at(letter).is_alphabetic();
        if short && !text.before(letter).is_alphabetic() {
            self.at = letter;
        }
        text.slice(self.at, end).iter().copied().map(lower).collect()
    }
}

fn ends_with_colon(text: &Folded, newline: usize) -> bool {
    before_blanks(text, newline) == ':'
}

/// Whether the line that ends here is nothing but a label: `Номер заказа`, above the number itself.
fn is_label_line(text: &Folded, newline: usize) -> bool {
    const LONGEST: usize = 30;
    let mut from = newline;
    while from > newline.saturating_sub(LONGEST) && from > 0 && text.before(from) != '\n' {
        from = from.saturating_sub(1);
    }
    let line: String = text.slice(from, newline).iter().copied().map(lower).collect();
    let words: Vec<&str> = line.split([' ', '№']).filter(|word| !word.is_empty()).collect();
    let label = |word: &&str| words::is(word, Word::Other) || words::is(word, Word::Number);
    (from == 0 || text.before(from) == '\n')
        && (1..=3).contains(&words.len())
        && words.iter().all(|word| word.chars().all(char::is_alphabetic))
        && words.first().is_some_and(label)
        && words.iter().any(|word| words::is(word, Word::Other))
}

fn before_blanks(text: &Folded, at: usize) -> char {
    let mut at = at;
    while matches!(text.before(at), ' ' | '\n') {
        at = at.saturating_sub(1);
    }
    text.before(at)
}

/// A full stop ends a sentence unless it ends an abbreviation (`тел.`, `исх.`, `г.`) or joins digits.
fn is_full_stop(text: &Folded, at: usize) -> bool {
    let mut back = at;
    while back > at.saturating_sub(6) && text.before(back).is_alphabetic() {
        back = back.saturating_sub(1);
    }
    if back == at {
        return !text.at(at.saturating_add(1)).is_ascii_digit();
    }
    let word: String = text.slice(back, at).iter().copied().map(lower).collect();
    text.at(at.saturating_add(1)) == '\n' || !words::is_abbreviation(&word)
}

/// The verdict of what stands before, and whether `№` or the word "number" stands there.
pub(super) fn before(text: &Folded, from: usize, digits: usize) -> (Verdict, bool) {
    let mut reader = Backward::from(from);
    let labelled = matches!(before_blanks(text, from), ':' | '—' | '-' | '№' | '#');
    let mut phrase = Phrase { labelled, ..Phrase::default() };
    for _ in 0..TOKENS {
        let end = reader.at;
        let token = reader.next(text);
        match phrase.take(text, &token, Span { from: reader.at, to: end }, digits) {
            Step::Go => {}
            Step::Stop => break,
            Step::Say(Verdict::Is(Word::Card)) if is_of_a_shop(text, &mut reader) => {
                return (Verdict::Other, phrase.numbered);
            }
            Step::Say(Verdict::Other) if !phrase.numbered => {
                return (told_in(text, &mut reader).unwrap_or(Verdict::Other), false);
            }
            Step::Say(verdict) => return (verdict, phrase.numbered),
        }
    }
    // "His number is …", and nothing says of what: a telephone's.
    let open = if phrase.by_word && !phrase.pending { Verdict::Is(Word::Phone) } else { Verdict::Open };
    (open, phrase.numbered)
}

/// `подарочная карта`, `карта лояльности`: not of a bank. The adjective stands before.
fn is_of_a_shop(text: &Folded, reader: &mut Backward) -> bool {
    const SHOP: &[&str] = &[
        "подарочн",
        "бонусн",
        "дисконт",
        "скидочн",
        "клубн",
        "накопит",
        "транспортн",
        "проездн",
        "сыйлық",
        "gift",
        "loyalty",
    ];
    matches!(reader.next(text), Token::Word(word) if SHOP.iter().any(|stem| word.starts_with(stem)))
}

/// `телефон в договоре 8776…`, `сотовый из анкеты 8701…`: the telephone that stands in the thing.
/// `пополнил через терминал 8701…`: the thing is the way there. `None` if neither is said.
fn told_in(text: &Folded, reader: &mut Backward) -> Option<Verdict> {
    const TELEPHONE: &[&str] = &["тел", "моб", "сотов", "контакт", "phone"];
    let Token::Word(preposition) = reader.next(text) else { return None };
    match preposition.as_str() {
        "через" | "via" => Some(Verdict::Open),
        "в" | "во" | "из" | "in" | "from" => match reader.next(text) {
            Token::Word(word) if TELEPHONE.iter().any(|stem| word.starts_with(stem)) => {
                Some(Verdict::Is(Word::Phone))
            }
            _ => None,
        },
        _ => None,
    }
}

#[derive(Clone, Copy)]
struct Span {
    from: usize,
    to: usize,
}

enum Step {
    Go,
    Stop,
    Say(Verdict),
}

/// What was read so far, from the number backwards.
#[derive(Default)]
struct Phrase {
    /// A colon, a dash or `№` stands right before the number: the words are its label.
    labelled: bool,
    /// `№` or the word "number" was read.
    numbered: bool,
    /// The word "number" was read, in a case that begins a phrase of its own.
    by_word: bool,
    /// A payment or an account was read before any "number": what stands before it decides.
    pending: bool,
    /// The word read last was a shop: the preposition before it belongs to that.
    market: bool,
    /// A word that says nothing stands right before the number: `id чата 701…`.
    unknown: bool,
    fillers: usize,
}

impl Phrase {
    fn take(&mut self, text: &Folded, token: &Token, span: Span, digits: usize) -> Step {
        if self.unknown && !matches!(token, Token::Word(_)) {
            return Step::Stop;
        }
        match token {
            Token::End => Step::Stop,
            Token::Open => Step::Go,
            Token::Currency if self.fillers == 0 => Step::Say(Verdict::Amount),
            Token::Currency => Step::Stop,
            Token::Numero if self.pending => Step::Say(Verdict::Other),
            Token::Numero => {
                self.numbered = true;
                Step::Go
            }
            // An earlier member of a list, or a digit that belongs to a word (`IMEI2`, `карта 1`).
            Token::Digits(n) if *n <= 2 || digits_before(text, span.to).abs_diff(digits) <= 1 => Step::Go,
            Token::Digits(_) => {
                self.fillers = self.fillers.saturating_add(1);
                if !self.numbered || self.fillers > 3 { Step::Stop } else { Step::Go }
            }
            Token::Comma if digits_before(text, span.from).abs_diff(digits) <= 1 => Step::Go,
            Token::Comma => Step::Stop,
            Token::Word(word) => {
                let joined = matches!(text.before(span.from), '-' | '\'');
                if joined && words::is_ending(word) {
                    return Step::Go;
                }
                let listed = is_conjunction(word) && digits_before(text, span.from).abs_diff(digits) <= 1;
                if listed {
                    return Step::Go;
                }
                let capital = text.at(span.from).is_uppercase() || word.is_ascii();
                self.word(word, capital)
            }
        }
    }

    fn word(&mut self, word: &str, capital: bool) -> Step {
        let mut filler = capital;
        let market = std::mem::replace(&mut self.market, words::is(word, Word::Market));
        if self.market || (market && words::is(word, Word::Preposition)) {
            return Step::Go;
        }
        if self.unknown && !matches!(word, "id" | "ид" | "айди") {
            return Step::Stop;
        }
        for class in words::classes(word) {
            match class {
                Word::Phone | Word::Card | Word::National | Word::Imei => {
                    return Step::Say(Verdict::Is(class));
                }
                // Kazakh marks what is done to a thing: `чекті 8701… жібердім` is no number of the receipt.
                Word::Other if !self.numbered && !self.labelled && is_object(word) => return Step::Stop,
                // `отдел заказов: 8701…`: many things share no number, unless numbers of theirs are told.
                Word::Other if !self.numbered && is_many(word) => {
                    self.pending = true;
                    return Step::Go;
                }
                Word::Other => return Step::Say(Verdict::Other),
                Word::OtherIfNumbered if self.numbered => return Step::Say(Verdict::Other),
                Word::OtherIfNumbered => {
                    self.pending = true;
                    return Step::Go;
                }
                Word::Amount if self.fillers <= 1 && !self.numbered => return Step::Say(Verdict::Amount),
                Word::Number => return self.number(word),
                Word::Preposition => match self.preposition(word) {
                    Step::Go => filler = true,
                    step => return step,
                },
                Word::Filler => filler = true,
                _ => {}
            }
        }
        // `X № 8701…` with a word nobody foresaw: things are numbered so, telephones are not.
        if self.numbered && !self.by_word && self.fillers == 0 && !filler && word.chars().count() > 2 {
            return Step::Say(Verdict::Other);
        }
        // Whatever has an id of its own is no telephone; anything else says nothing over a strange word.
        if self.fillers == 0 && !filler && !self.numbered && !self.unknown {
            self.unknown = true;
            return Step::Go;
        }
        self.fillers = self.fillers.saturating_add(1);
        let limit = if self.numbered || self.labelled { 4 } else { 2 };
        if self.fillers > limit || !(filler || self.numbered) { Step::Stop } else { Step::Go }
    }

    fn number(&mut self, word: &str) -> Step {
        // "To the number", "from the number" in Kazakh: `мына нөмірге аудардым` is no number of a transfer.
        let directed = ["ге", "іне", "нен", "ден", "ine", "ge", "nen", "den"]
            .iter()
            .any(|ending| word.ends_with(ending));
        if self.pending && !directed {
            return Step::Say(Verdict::Other);
        }
        self.pending = false;
        self.numbered = true;
        // "with number …" belongs to the noun before it.
        self.by_word = self.by_word || !(word.ends_with("ом") || word.ends_with("мен"));
        Step::Go
    }

    /// What stands before a preposition says nothing about the number, unless the words are its label:
    /// `заказ на Kaspi: 8701…`.
    fn preposition(&self, word: &str) -> Step {
        if self.numbered && !self.by_word && matches!(word, "с" | "со") {
            return Step::Go;
        }
        // "from number", "to the number", "by number": of a telephone.
        if self.by_word && self.fillers == 0 {
            return Step::Say(Verdict::Is(Word::Phone));
        }
        let inside = matches!(word, "на" | "с" | "со" | "из" | "от" | "at" | "on" | "from");
        if self.labelled && inside && self.fillers > 0 { Step::Go } else { Step::Stop }
    }
}

/// Whether a Kazakh word stands in the accusative, dative or ablative. The accusative follows a consonant
/// (`кодты`); after a vowel the same letters are a possessive (`растау коды`).
fn is_object(word: &str) -> bool {
    let accusative = ["ты", "ті", "ды", "ді"].iter().find_map(|ending| word.strip_suffix(ending));
    let consonant = |stem: &str| stem.chars().last().is_some_and(|c| !"аәеоөуүұыіиэюя".contains(c));
    accusative.is_some_and(consonant)
        || ["қа", "ға", "нан", "нен", "ден", "тан", "тен"].iter().any(|ending| word.ends_with(ending))
}

/// Whether a Russian noun stands in the genitive of the plural.
fn is_many(word: &str) -> bool {
    ["ов", "ев", "ений", "заявок", "посылок", "путевок", "жалоб", "справок", "анкет"]
        .iter()
        .any(|ending| word.ends_with(ending))
}

fn is_conjunction(word: &str) -> bool {
    matches!(word, "и" | "или" | "либо" | "және" | "немесе" | "мен" | "and" | "or" | "а")
}

/// How many digits the number that ends at `to` has, over blanks and hyphens.
fn digits_before(text: &Folded, to: usize) -> usize {
    let mut at = to;
    let mut count = 0_usize;
    while at > to.saturating_sub(40) && matches!(text.before(at), '0'..='9' | ' ' | '-' | '(' | ')' | '+') {
        if text.before(at).is_ascii_digit() {
            count = count.saturating_add(1);
        }
        at = at.saturating_sub(1);
    }
    count
}
