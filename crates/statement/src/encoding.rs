//! In which encoding a text is, and the text.
//!
//! Old exports of banks and operators carry no mark. A mark or well-formed UTF-8 decides; otherwise each of the single-byte encodings in
//! use is tried, and the one wins in which the letters stand as letters do in Kazakh and Russian words. Windows-1251 and KZ-1048 are the
//! same but for the Kazakh letters.

use std::cell::Cell;
use std::io::{self, Read};
use std::rc::Rc;

use serde::{Deserialize, Serialize};

/// An encoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Charset {
    /// UTF-8, ASCII with it.
    #[serde(rename = "utf-8")]
    Utf8,
    /// UTF-16, low byte first.
    #[serde(rename = "utf-16le")]
    Utf16Le,
    /// UTF-16, high byte first.
    #[serde(rename = "utf-16be")]
    Utf16Be,
    /// Russian under Windows.
    #[serde(rename = "windows-1251")]
    Windows1251,
    /// Kazakh under Windows (STRK1048-2002, RK1048).
    #[serde(rename = "kz-1048")]
    Kz1048,
    /// DOS.
    #[serde(rename = "cp866")]
    Cp866,
    /// Old mail and Unix (RFC 1489).
    #[serde(rename = "koi8-r")]
    Koi8R,
}

impl Charset {
    const SINGLE: [Self; 4] = [Self::Windows1251, Self::Kz1048, Self::Cp866, Self::Koi8R];

    /// Its name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Utf16Le => "utf-16le",
            Self::Utf16Be => "utf-16be",
            Self::Windows1251 => "windows-1251",
            Self::Kz1048 => "kz-1048",
            Self::Cp866 => "cp866",
            Self::Koi8R => "koi8-r",
        }
    }

    /// By a name, as files declare it.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let name = name.trim().to_ascii_lowercase().replace('_', "-");
        Some(match name.as_str() {
            "utf-8" | "utf8" | "us-ascii" | "ascii" => Self::Utf8,
            "utf-16le" | "utf-16" => Self::Utf16Le,
            "utf-16be" => Self::Utf16Be,
            "windows-1251" | "cp1251" | "cp-1251" | "x-cp1251" => Self::Windows1251,
            "kz-1048" | "kz1048" | "rk1048" | "strk1048-2002" | "ptcp154" | "cp154" => Self::Kz1048,
            "cp866" | "ibm866" | "866" | "dos-866" | "cp-866" => Self::Cp866,
            "koi8-r" | "koi8r" => Self::Koi8R,
            _ => return None,
        })
    }

    const fn native(self) -> Option<&'static encoding_rs::Encoding> {
        match self {
            Self::Utf8 => Some(encoding_rs::UTF_8),
            Self::Utf16Le => Some(encoding_rs::UTF_16LE),
            Self::Utf16Be => Some(encoding_rs::UTF_16BE),
            Self::Windows1251 => Some(encoding_rs::WINDOWS_1251),
            Self::Cp866 => Some(encoding_rs::IBM866),
            Self::Koi8R => Some(encoding_rs::KOI8_R),
            Self::Kz1048 => None,
        }
    }
}

/// How sure it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sure {
    /// Another reading is about as good.
    Guess,
    /// The letters stand as in words, and in no other encoding nearly as well.
    Likely,
    /// The file says so, or it can be nothing else.
    Certain,
}

impl Sure {
    /// Its word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Guess => "guess",
            Self::Likely => "likely",
            Self::Certain => "certain",
        }
    }
}

/// What was found out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// The encoding.
    pub charset: Charset,
    /// How sure.
    pub sure: Sure,
    /// Bytes of the mark before the text.
    pub mark_bytes: usize,
}

/// KZ-1048 from 0x80 to 0xBF; above it is Windows-1251 (unicode.org, VENDORS/MISC/KZ1048.TXT).
const KZ1048: [char; 64] = [
    'Ђ', 'Ѓ', '‚', 'ѓ', '„', '…', '†', '‡', '€', '‰', 'Љ', '‹', 'Њ', 'Қ', 'Һ', 'Џ', 'ђ', '‘', '’', '“', '”',
    '•', '–', '—', '\u{fffd}', '™', 'љ', '›', 'њ', 'қ', 'һ', 'џ', '\u{a0}', 'Ұ', 'ұ', 'Ә', '¤', 'Ө', '¦',
    '§', 'Ё', '©', 'Ғ', '«', '¬', '\u{ad}', '®', 'Ү', '°', '±', 'І', 'і', 'ө', 'µ', '¶', '·', 'ё', '№', 'ғ',
    '»', 'ә', 'Ң', 'ң', 'ү',
];

fn kz1048(byte: u8) -> char {
    match byte {
        0..=0x7f => char::from(byte),
        0x80..=0xbf => KZ1048.get(usize::from(byte & 0x3f)).copied().unwrap_or('\u{fffd}'),
        _ => char::from_u32(0x0410 + u32::from(byte - 0xc0)).unwrap_or('\u{fffd}'),
    }
}

/// The whole text; bytes that are none become U+FFFD.
#[must_use]
pub fn decode(charset: Charset, bytes: &[u8]) -> String {
    match charset.native() {
        Some(native) => native.decode_without_bom_handling(bytes).0.into_owned(),
        None => bytes.iter().map(|b| kz1048(*b)).collect(),
    }
}

/// Finds out from the first bytes in which encoding a text is.
#[must_use]
pub fn find(head: &[u8]) -> Found {
    let found = |charset, sure, mark_bytes| Found { charset, sure, mark_bytes };
    match head {
        [0xef, 0xbb, 0xbf, ..] => return found(Charset::Utf8, Sure::Certain, 3),
        [0xff, 0xfe, ..] => return found(Charset::Utf16Le, Sure::Certain, 2),
        [0xfe, 0xff, ..] => return found(Charset::Utf16Be, Sure::Certain, 2),
        _ => {}
    }
    let head = head.get(..crate::limits::HEAD_BYTES).unwrap_or(head);
    if let Some(charset) = wide(head) {
        return found(charset, Sure::Likely, 0);
    }
    let well_formed = match std::str::from_utf8(head) {
        Ok(_) => true,
        // The end of the head may cut a character.
        Err(error) => error.error_len().is_none() && error.valid_up_to() > 0,
    };
    if well_formed {
        return found(Charset::Utf8, Sure::Certain, 0);
    }
    single(head)
}

/// UTF-16 without a mark: every second byte is nought or that of Cyrillic.
fn wide(head: &[u8]) -> Option<Charset> {
    let pairs = head.len() / 2;
    if pairs < 4 {
        return None;
    }
    let (mut low_first, mut high_first) = (0_usize, 0_usize);
    for pair in head.chunks_exact(2) {
        if let [a, b] = pair {
            low_first += usize::from(matches!(b, 0 | 4) && !matches!(a, 0));
            high_first += usize::from(matches!(a, 0 | 4) && !matches!(b, 0));
        }
    }
    let most = pairs.saturating_mul(9) / 10;
    match (low_first > most, high_first > most) {
        (true, false) => Some(Charset::Utf16Le),
        (false, true) => Some(Charset::Utf16Be),
        _ => None,
    }
}

fn single(head: &[u8]) -> Found {
    let mut tried: Vec<(i64, Charset, String)> = Charset::SINGLE
        .into_iter()
        .map(|charset| {
            let text = decode(charset, head);
            (likeness(&text), charset, text)
        })
        .collect();
    // Stable: of equals the one named first stays first.
    tried.sort_by_key(|(score, _, _)| std::cmp::Reverse(*score));
    let high = i64::try_from(head.iter().filter(|b| **b >= 0x80).count()).unwrap_or(i64::MAX).max(1);
    let Some((best, charset, text)) = tried.first() else {
        return Found { charset: Charset::Windows1251, sure: Sure::Guess, mark_bytes: 0 };
    };
    let second = tried.iter().find(|(_, _, other)| other != text).map_or(i64::MIN, |(score, _, _)| *score);
    let clear = best.saturating_sub(second).saturating_mul(4) >= high && best.saturating_mul(2) >= high;
    // Kazakh letters are few, so that the twins differ in little; a letter where letters stand decides between them.
    let twins = matches!(charset, Charset::Kz1048 | Charset::Windows1251) && best.saturating_mul(2) >= high;
    let next = tried
        .iter()
        .find(|(_, other, t)| t != text && !matches!(other, Charset::Kz1048 | Charset::Windows1251))
        .map_or(i64::MIN, |(score, _, _)| *score);
    let clear_of_rest = best.saturating_sub(next).saturating_mul(4) >= high;
    let sure = if clear || (twins && clear_of_rest && *best > second) { Sure::Likely } else { Sure::Guess };
    Found { charset: *charset, sure, mark_bytes: 0 }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Lower,
    Upper,
    Latin,
    Other,
}

/// How much a text looks like Kazakh or Russian.
fn likeness(text: &str) -> i64 {
    let mut score = 0_i64;
    let mut before = Class::Other;
    let mut last = ' ';
    for c in text.chars() {
        let vowel = matches!(last, 'а' | 'е' | 'и' | 'о' | 'у' | 'я' | 'ю' | 'і' | 'ї' | 'є')
            || !last.is_alphabetic();
        let (class, worth) = match c {
            // Ukrainian: behind vowels. The same bytes are Kazakh `ү` and `ғ`, which stand behind consonants as well.
            'ї' | 'є' => (Class::Lower, if vowel { 3 } else { -3 }),
            'Ї' | 'Є' => (Class::Upper, 2),
            'о' | 'е' | 'а' | 'и' | 'н' | 'т' | 'с' | 'р' | 'л' | 'ы' | 'д' | 'к' => {
                (Class::Lower, 3)
            }
            'м' | 'п' | 'у' | 'я' | 'в' | 'ь' | 'г' | 'з' | 'б' | 'ч' | 'й' | 'ж' | 'ш' | 'х' => {
                (Class::Lower, 2)
            }
            'қ' | 'ғ' | 'ң' | 'ө' | 'ұ' | 'ү' | 'ә' | 'і' | 'һ' => {
                (Class::Lower, if before == Class::Other { 1 } else { 3 })
            }
            'ю' | 'ц' | 'щ' | 'э' | 'ф' | 'ё' => (Class::Lower, 1),
            'ъ' => (Class::Lower, 0),
            'А'..='Я' | 'Ё' => (Class::Upper, 2),
            'Қ' | 'Ғ' | 'Ң' | 'Ө' | 'Ұ' | 'Ү' | 'Ә' | 'І' | 'Һ' => (Class::Upper, 2),
            'a'..='z' | 'A'..='Z' => (Class::Latin, 0),
            '\u{0}'..='\u{7f}' => (Class::Other, 0),
            '№' | '«' | '»' | '–' | '—' | '\u{a0}' | '…' | '“' | '”' | '„' | '’' => {
                (Class::Other, 1)
            }
            '\u{fffd}' => (Class::Other, -6),
            '\u{2500}'..='\u{259f}' | '\u{80}'..='\u{9f}' => (Class::Other, -3),
            _ => (Class::Other, -3),
        };
        score += worth;
        score += match (before, class) {
            (Class::Lower, Class::Upper) => -5,
            (Class::Latin, Class::Lower | Class::Upper) | (Class::Lower | Class::Upper, Class::Latin) => -2,
            _ => 0,
        };
        before = class;
        last = c;
    }
    score
}

/// A stream of UTF-8, whatever it was before. Bytes that are no text become U+FFFD and are counted.
pub struct Utf8<R> {
    from: R,
    decoder: Option<encoding_rs::Decoder>,
    raw: Vec<u8>,
    out: Vec<u8>,
    sent: usize,
    done: bool,
    wrong: Rc<Cell<u64>>,
}

impl<R> std::fmt::Debug for Utf8<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Utf8").field("wrong", &self.wrong).finish_non_exhaustive()
    }
}

const STEP: usize = 32 << 10;

impl<R: Read> Utf8<R> {
    /// Bytes of `from` stand in `charset`; a mark is to be gone already.
    pub fn new(from: R, charset: Charset) -> Self {
        let decoder = charset.native().map(encoding_rs::Encoding::new_decoder_without_bom_handling);
        Self {
            from,
            decoder,
            raw: vec![0; STEP],
            out: Vec::new(),
            sent: 0,
            done: false,
            wrong: Rc::default(),
        }
    }

    /// How many bytes or pairs were no text, as far as it was read.
    pub fn wrong(&self) -> Rc<Cell<u64>> {
        Rc::clone(&self.wrong)
    }

    fn note(&self, many: usize) {
        self.wrong.set(self.wrong.get().saturating_add(u64::try_from(many).unwrap_or(1)));
    }

    fn fill(&mut self) -> io::Result<()> {
        self.out.clear();
        self.sent = 0;
        while self.out.is_empty() && !self.done {
            let read = loop {
                match self.from.read(&mut self.raw) {
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    other => break other?,
                }
            };
            self.done = read == 0;
            let bytes = self.raw.get(..read).unwrap_or_default();
            match &mut self.decoder {
                None => {
                    let text: String = bytes.iter().map(|byte| kz1048(*byte)).collect();
                    self.note(bytes.iter().filter(|byte| **byte == 0x98).count());
                    self.out = text.into_bytes();
                }
                Some(decoder) => {
                    let need = decoder.max_utf8_buffer_length(read).unwrap_or(STEP.saturating_mul(3));
                    let mut text = String::with_capacity(need.saturating_add(16));
                    let (_, _, bad) = decoder.decode_to_string(bytes, &mut text, self.done);
                    if bad {
                        self.note(text.chars().filter(|c| *c == '\u{fffd}').count());
                    }
                    self.out = text.into_bytes();
                }
            }
        }
        Ok(())
    }
}

impl<R: Read> Read for Utf8<R> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        if self.sent >= self.out.len() {
            self.fill()?;
        }
        let rest = self.out.get(self.sent..).unwrap_or_default();
        let many = rest.len().min(to.len());
        for (to, from) in to.iter_mut().zip(rest.iter().take(many)) {
            *to = *from;
        }
        self.sent += many;
        Ok(many)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const RU: &str = "Выписка по счёту за период с 01.11.2026; Дата операции; Назначение платежа; Сумма\nПеревод между своими счетами; Оплата услуг связи; Возврат";
    const KK: &str = "Шот бойынша үзінді; Операция күні; Төлем мақсаты; Сомасы\nАқша аударымы; Қызмет ақысы; Өтінім бойынша қайтару; Ұялы байланыс";

    fn encoded(charset: Charset, text: &str) -> Vec<u8> {
        match charset {
            Charset::Kz1048 => {
                text.chars().map(|c| (0..=255_u8).find(|b| kz1048(*b) == c).unwrap_or(b'?')).collect()
            }
            Charset::Utf16Le => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            Charset::Utf16Be => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
            other => other.native().unwrap().encode(text).0.into_owned(),
        }
    }

    #[test]
    fn each_encoding_is_found_and_read() {
        for charset in [
            Charset::Utf8,
            Charset::Utf16Le,
            Charset::Utf16Be,
            Charset::Windows1251,
            Charset::Cp866,
            Charset::Koi8R,
        ] {
            let bytes = encoded(charset, RU);
            let found = find(&bytes);
            assert_eq!(found.charset, charset);
            assert!(found.sure >= Sure::Likely, "{charset:?}");
            assert_eq!(decode(charset, &bytes), RU);
        }
        for charset in [Charset::Utf8, Charset::Utf16Le, Charset::Kz1048] {
            let bytes = encoded(charset, KK);
            let found = find(&bytes);
            assert_eq!(found.charset, charset);
            assert!(found.sure >= Sure::Likely, "{charset:?}");
            assert_eq!(decode(charset, &bytes), KK);
        }
    }

    #[test]
    fn kazakh_letters_tell_the_twins_apart() {
        // The same word, once in each: `Қазақстан` is no Windows-1251, and what stands there would be no word.
        let bytes = encoded(Charset::Kz1048, "Қазақстан Республикасы");
        assert_eq!(find(&bytes).charset, Charset::Kz1048);
        let bytes = encoded(Charset::Windows1251, "Республика Казахстан");
        assert_eq!(find(&bytes).charset, Charset::Windows1251);
        // Ukrainian under Windows is no Kazakh.
        let bytes = encoded(
            Charset::Windows1251,
            "Виписка по рахунку: переказ коштів, оплата послуг зв'язку, її сума",
        );
        assert_eq!(find(&bytes).charset, Charset::Windows1251);
    }

    #[test]
    fn marks_decide() {
        assert_eq!(
            find(b"\xef\xbb\xbfabc"),
            Found { charset: Charset::Utf8, sure: Sure::Certain, mark_bytes: 3 }
        );
        assert_eq!(find(b"\xff\xfea\0").charset, Charset::Utf16Le);
        assert_eq!(find(b"\xfe\xff\0a").charset, Charset::Utf16Be);
        assert_eq!(find(b"plain").sure, Sure::Certain);
        // A character that the head cuts is no reason against UTF-8.
        assert_eq!(find("счёт".as_bytes().split_at(7).0).charset, Charset::Utf8);
    }

    proptest! {
        #[test]
        fn a_stream_says_what_the_whole_says(
            bytes in prop::collection::vec(any::<u8>(), 0..4_000),
            which in prop::sample::select(vec![
                Charset::Utf8, Charset::Utf16Le, Charset::Utf16Be, Charset::Windows1251, Charset::Kz1048, Charset::Cp866,
                Charset::Koi8R,
            ]),
        ) {
            let _ = find(&bytes);
            let mut text = String::new();
            Utf8::new(bytes.as_slice(), which).read_to_string(&mut text).unwrap();
            prop_assert_eq!(text, decode(which, &bytes));
        }
    }
}
