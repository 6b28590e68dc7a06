//! Folding: one character in, at most one out, each knowing where it came from. After it a number with
//! zero-width characters inside, in fullwidth digits or with no-break spaces is an ordinary number.

/// A story as the scanners see it. Position `i` of `chars` was written in bytes `from[i]..to[i]`.
#[derive(Debug, Default)]
pub(crate) struct Folded {
    chars: Vec<char>,
    from: Vec<usize>,
    to: Vec<usize>,
}

/// Beyond the end; never a character of a folded text, because folding drops it.
pub(crate) const END: char = '\0';

impl Folded {
    /// Folds `story`.
    pub(crate) fn new(story: &str) -> Self {
        let mut out = Self::default();
        for (at, c) in story.char_indices() {
            if let Some(folded) = fold(c) {
                out.push(folded, at, at.saturating_add(c.len_utf8()));
            }
        }
        out
    }

    pub(crate) fn push(&mut self, c: char, from: usize, to: usize) {
        self.chars.push(c);
        self.from.push(from);
        self.to.push(to);
    }

    /// How many characters.
    pub(crate) fn len(&self) -> usize {
        self.chars.len()
    }

    /// The character at `i`, or [`END`].
    pub(crate) fn at(&self, i: usize) -> char {
        self.chars.get(i).copied().unwrap_or(END)
    }

    /// The character before `i`, or [`END`].
    pub(crate) fn before(&self, i: usize) -> char {
        i.checked_sub(1).map_or(END, |p| self.at(p))
    }

    /// The characters from `i` to `j`.
    pub(crate) fn slice(&self, i: usize, j: usize) -> &[char] {
        self.chars.get(i..j.min(self.chars.len())).unwrap_or(&[])
    }

    /// The same as text.
    pub(crate) fn text(&self, i: usize, j: usize) -> String {
        self.slice(i, j).iter().collect()
    }

    /// The bytes of the story that `i..j` was written in.
    pub(crate) fn bytes(&self, i: usize, j: usize) -> (usize, usize) {
        let start = self.from.get(i).copied().unwrap_or(0);
        let end = j.checked_sub(1).and_then(|last| self.to.get(last)).copied().unwrap_or(start);
        (start, end.max(start))
    }

    /// Whether `word` (lower case) stands at `i`, whatever its case.
    pub(crate) fn has(&self, i: usize, word: &str) -> bool {
        let mut at = i;
        for expected in word.chars() {
            if lower(self.at(at)) != expected {
                return false;
            }
            at = at.saturating_add(1);
        }
        true
    }

    /// The first position from `i` on where `stop` holds, at most `limit` further.
    pub(crate) fn run(&self, i: usize, limit: usize, keep: impl Fn(char) -> bool) -> usize {
        let end = i.saturating_add(limit).min(self.len());
        let mut at = i;
        while at < end && keep(self.at(at)) {
            at = at.saturating_add(1);
        }
        at
    }
}

/// One character as scanners want it; `None` for what nobody sees.
pub(crate) fn fold(c: char) -> Option<char> {
    Some(match c {
        '`' | '\u{ff40}' => '\'',
        ' '..='~' => c,
        '\t' => ' ',
        '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => '\n',
        '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => ' ',
        // Soft hyphen, zero-width and direction marks, joiners, variation selectors, keycap, BOM, tags.
        '\u{ad}'
        | '\u{34f}'
        | '\u{61c}'
        | '\u{115f}'
        | '\u{1160}'
        | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{20e3}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e0fff}' => return None,
        '\u{2010}'..='\u{2013}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' => '-',
        '\u{2014}' | '\u{2015}' => '—',
        '’' | 'ʼ' | '‘' | '´' => '\'',
        '\u{3002}' | '\u{ff61}' => '.',
        '\u{fe6b}' => '@',
        '\u{ff01}'..='\u{ff5e}' => shifted(c, '\u{ff01}', '!')?,
        '\u{660}'..='\u{669}' => shifted(c, '\u{660}', '0')?,
        '\u{6f0}'..='\u{6f9}' => shifted(c, '\u{6f0}', '0')?,
        '\u{966}'..='\u{96f}' => shifted(c, '\u{966}', '0')?,
        // Mathematical digits: five alphabets of ten.
        '\u{1d7ce}'..='\u{1d7ff}' => char::from_digit(u32::from(c).saturating_sub(0x1d7ce) % 10, 10)?,
        // Mathematical letters, used to write past filters, stay as they are: IDNA folds them in hosts.
        c if c.is_control() => return None,
        c => c,
    })
}

fn shifted(c: char, first: char, to: char) -> Option<char> {
    char::from_u32(u32::from(c).checked_sub(u32::from(first))?.checked_add(u32::from(to))?)
}

/// The folded text, trimmed: what a form field holds.
pub(crate) fn clean(text: &str) -> String {
    text.chars().filter_map(fold).collect::<String>().trim().to_owned()
}

/// Lower case, one character for one.
pub(crate) fn lower(c: char) -> char {
    if c.is_ascii() { c.to_ascii_lowercase() } else { c.to_lowercase().next().unwrap_or(c) }
}

/// A letter of the Cyrillic block, with the Kazakh ones.
pub(crate) const fn is_cyrillic(c: char) -> bool {
    matches!(c, '\u{400}'..='\u{52f}')
}

/// The Latin capital that a Cyrillic letter is drawn like.
pub(crate) const fn latin_twin(c: char) -> Option<char> {
    Some(match c {
        'А' | 'а' => 'A',
        'В' | 'в' => 'B',
        'С' | 'с' => 'C',
        'Е' | 'е' => 'E',
        'Н' | 'н' | 'Һ' | 'һ' => 'H',
        'І' | 'і' => 'I',
        'Ј' | 'ј' => 'J',
        'К' | 'к' => 'K',
        'М' | 'м' => 'M',
        'О' | 'о' => 'O',
        'Р' | 'р' => 'P',
        'Ѕ' | 'ѕ' => 'S',
        'Т' | 'т' => 'T',
        'Х' | 'х' => 'X',
        'У' | 'у' | 'Ү' | 'ү' => 'Y',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn digits_spaces_and_marks() {
        let cases = [
            ("８７０１", "8701"),
            ("8\u{200b}7\u{200d}0\u{fe0f}\u{20e3}1", "8701"),
            ("8\u{a0}701\u{2011}123", "8 701-123"),
            ("𝟖𝟕𝟎𝟏 ٨٧٠١", "8701 8701"),
            ("\u{202e}abc\u{202c}", "abc"),
            ("ａ＠ｂ．ｋｚ", "a@b.kz"),
            ("｀", "'"),
        ];
        for (written, folded) in cases {
            assert_eq!(clean(written), folded, "{written:?}");
        }
    }

    proptest! {
        #[test]
        fn bytes_point_back_into_the_story(story in "\\PC{0,40}", a in 0_usize..50, b in 0_usize..50) {
            let folded = Folded::new(&story);
            let (start, end) = folded.bytes(a, b.max(a));
            prop_assert!(story.get(start..end).is_some());
        }
        #[test]
        fn folding_twice_is_folding_once(story in "\\PC{0,60}") {
            prop_assert_eq!(clean(&clean(&story)), clean(&story));
        }
    }
}
