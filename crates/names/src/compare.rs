//! Two names compared: words taken for one another, and what is left.

use crate::edit::{Costs, SLIP, distance, distance_up_to};
use crate::given;
use crate::letters::{Script, are_near, is_vowel, skeleton};
use crate::words::{Name, Word};

/// Words that were taken for one another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// Places of the words in the first name; several where they are written as one in the second.
    pub first: Vec<usize>,
    /// The same in the second.
    pub second: Vec<usize>,
    /// How alike they are, per mille.
    pub alike: u64,
}

/// What two names have in common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// From 0, nothing, to 1,000, the same name.
    pub score: u64,
    /// What it rests on.
    pub pairs: Vec<Pair>,
    /// Words of the first name that stand for none of the second.
    pub only_first: Vec<usize>,
    /// The same of the second.
    pub only_second: Vec<usize>,
    /// Whether both name legal forms, and none that is the same.
    pub forms_clash: bool,
    /// Whether father and son have changed places.
    pub fathers_clash: bool,
}

/// The whole.
const ALL: u64 = 1_000;
/// A word that begins with the other, which is an initial.
const INITIAL: u64 = 850;
/// Two numbers that are not the same.
const OTHER_NUMBER: u64 = 500;
/// The same sound in another writing.
const SAME_SOUND: u64 = 970;
/// The same words, written together and apart.
const TOGETHER: u64 = 970;
/// A word that is as far away as may be loses so much.
const LOSES: u64 = 250;
/// What two clashing legal forms, and a father in the place of the son, leave.
const FORMS_CLASH: u64 = 850;
const FATHERS_CLASH: u64 = 600;
/// Most words that are compared: beyond, it is no name.
const MOST_WORDS: usize = 24;
/// Shortest words that may be one in the other name.
const SHORTEST_JOINED: usize = 5;

/// Endings of a father's name, as they sound: of a son, of a daughter.
const SONS: [&str; 5] = ["uli", "oviC", "eviC", "ogli", "ugli"];
const DAUGHTERS: [&str; 4] = ["kizi", "ovna", "evna", "iCna"];
/// Endings of a family's name.
const FAMILIES: [&str; 6] = ["ov", "ev", "ova", "eva", "in", "ina"];

/// Compares two names.
#[must_use]
pub fn compare(first: &Name, second: &Name) -> Comparison {
    let (a, b) = (cut(&first.words), cut(&second.words));
    let pairs = aligned(a, b);
    let left = |words: &[Word], of: fn(&Pair) -> &Vec<usize>| -> Vec<usize> {
        (0..words.len()).filter(|at| !pairs.iter().any(|p| of(p).contains(at))).collect()
    };
    let (only_first, only_second) = (left(a, |p| &p.first), left(b, |p| &p.second));
    let forms_clash =
        !first.forms.is_empty() && !second.forms.is_empty() && first.forms.is_disjoint(&second.forms);
    let weigh = |words: &[Word], places: &[usize]| -> u64 {
        places.iter().filter_map(|at| words.get(*at)).map(Word::weight).sum()
    };
    let (mut weight, mut gained) = (0_u64, 0_u64);
    for pair in &pairs {
        let w = weigh(a, &pair.first).max(weigh(b, &pair.second));
        weight = weight.saturating_add(w);
        gained = gained.saturating_add(w.saturating_mul(pair.alike));
    }
    let (here, there) = (weigh(a, &only_first), weigh(b, &only_second));
    let (clash, besides) = (here.min(there), here.abs_diff(there));
    let business = !first.forms.is_empty() || !second.forms.is_empty();
    let fathers_clash = clash == 0 && fathers_clash(first, second);
    let mut score = gained.checked_div(weight).unwrap_or(0);
    // Words that stand against one another weigh twice; what one side says besides weighs little.
    let common = share(weight, weight.saturating_add(clash));
    score = of(of(score, common), common);
    score = of(score, kept(share(besides, weight.saturating_add(besides)), business));
    if forms_clash {
        score = of(score, FORMS_CLASH);
    }
    if fathers_clash {
        score = of(score, FATHERS_CLASH);
    }
    Comparison { score, pairs, only_first, only_second, forms_clash, fathers_clash }
}

fn cut(words: &[Word]) -> &[Word] {
    words.get(..MOST_WORDS).unwrap_or(words)
}

/// `part` of `whole`, per mille.
const fn share(part: u64, whole: u64) -> u64 {
    match part.saturating_mul(ALL).checked_div(whole) {
        Some(share) => share,
        None => 0,
    }
}

/// So many per mille of something.
const fn of(value: u64, per_mille: u64) -> u64 {
    value.saturating_mul(per_mille) / ALL
}

/// What is left where one side says something besides: a third more takes a sixth, twice as much a quarter. Of a business, whose name
/// is often cut short, somewhat less.
const fn kept(besides: u64, business: bool) -> u64 {
    let square = of(besides, besides);
    let lost = if business {
        of(besides, 300).saturating_add(of(square, 150))
    } else {
        of(besides, 400).saturating_add(of(square, 200))
    };
    ALL.saturating_sub(lost)
}

/// Fathers in both names, of whom none is the other's: `A bin B` and `B bin A`.
fn fathers_clash(first: &Name, second: &Name) -> bool {
    let (here, there) = (first.fathers(), second.fathers());
    let meets = |a: &&Word| there.iter().any(|b| alike(a, b) > 0);
    !here.is_empty() && !there.is_empty() && !here.iter().any(meets)
}

/// Words, and words written as one, with their places.
fn groups(words: &[Word]) -> Vec<(Vec<usize>, Word)> {
    let mut all = Vec::new();
    for many in 1..=3_usize {
        for (at, several) in words.windows(many).enumerate() {
            all.push(((at..at.saturating_add(many)).collect(), Word::joined(several)));
        }
    }
    all
}

/// The best words for one another, the likest first.
fn aligned(a: &[Word], b: &[Word]) -> Vec<Pair> {
    let (here, there) = (groups(a), groups(b));
    let mut candidates = Vec::new();
    for (first, x) in &here {
        for (second, y) in &there {
            if first.len() > 1 && second.len() > 1 {
                continue;
            }
            let mut sure = alike(x, y);
            if first.len().saturating_add(second.len()) > 2 {
                let long = x.plain.len().min(y.plain.len()) >= SHORTEST_JOINED;
                sure = if long && sure >= 900 { of(sure, TOGETHER) } else { 0 };
            }
            if sure > 0 {
                let length = x.plain.chars().count().min(y.plain.chars().count());
                candidates.push((sure, length, first, second));
            }
        }
    }
    candidates.sort_by(|l, r| (r.0, r.1).cmp(&(l.0, l.1)).then_with(|| (l.2, l.3).cmp(&(r.2, r.3))));
    let mut pairs: Vec<Pair> = Vec::new();
    for (alike, _, first, second) in candidates {
        let taken = |p: &Pair| {
            p.first.iter().any(|at| first.contains(at)) || p.second.iter().any(|at| second.contains(at))
        };
        if !pairs.iter().any(taken) {
            pairs.push(Pair { first: first.clone(), second: second.clone(), alike });
        }
    }
    pairs
}

/// How alike two words are, per mille; 0 for another word.
#[must_use]
pub fn alike(x: &Word, y: &Word) -> u64 {
    if x.plain == y.plain {
        return ALL;
    }
    match (x.is_number(), y.is_number()) {
        (true, true) => return OTHER_NUMBER,
        (false, false) => {}
        _ => return 0,
    }
    let (a, b) = (x.sound.as_str(), y.sound.as_str());
    let (Some(begins), Some(other)) = (a.chars().next(), b.chars().next()) else { return 0 };
    let (long, short) = (a.chars().count().max(b.chars().count()), a.chars().count().min(b.chars().count()));
    if x.is_initial() || y.is_initial() {
        // Ю. is Юлия, Y. may be Ерлан.
        let (initial, whole) = if a.len() <= b.len() { (a, b) } else { (b, a) };
        let open = |word: &Word, other: &str| {
            word.is_initial()
                && matches!(word.plain.as_str(), "y" | "е" | "e")
                && matches!(other.chars().next(), Some('e' | 'i'))
        };
        let consonants = !is_vowel(begins) && !is_vowel(other);
        let fits =
            whole.starts_with(initial) || (consonants && are_near(begins, other)) || open(x, b) || open(y, a);
        return if fits { INITIAL } else { 0 };
    }
    if short == 1 {
        return if begins == other { INITIAL } else { 0 };
    }
    if (x.script == Script::Bare) != (y.script == Script::Bare) {
        let (a, b) = (skeleton(a), skeleton(b));
        return near(distance(&a, &b, Costs::BySound), a.len().max(b.len())).saturating_sub(30);
    }
    if a == b {
        return SAME_SOUND;
    }
    if let Some(told) = by_father(a, b) {
        return told;
    }
    if given::differ(a, b) {
        return 0;
    }
    by_letters(x, y, long)
}

fn by_letters(x: &Word, y: &Word, long: usize) -> u64 {
    let plain = x.plain.chars().count().max(y.plain.chars().count());
    // Beyond this neither distance says anything ([`near`]); one more, and they are still told apart.
    let most = plain.max(long).max(SLIP).saturating_add(1);
    // A letter that the other word lacks costs half a slip at least: most words differ by more of them than may be.
    let sounds_far = lacking(&x.sound, &y.sound).saturating_mul(SLIP / 2) > most;
    if sounds_far && (x.script != y.script || lacking(&x.plain, &y.plain).saturating_mul(SLIP) > most) {
        return 0;
    }
    let by_sound = distance_up_to(&x.sound, &y.sound, Costs::BySound, most);
    if x.script != y.script {
        return near(by_sound, long);
    }
    // In one alphabet a slip is a slip; another writing of the same sound is a quarter more than the same.
    let even = distance_up_to(&x.plain, &y.plain, Costs::Even, most);
    let by_sound = by_sound.saturating_add(1);
    if even <= by_sound { near(even, plain) } else { near(by_sound, long) }
}

/// How many letters of one word the other lacks, at least: letters of one place of sixty-four count as one.
fn lacking(a: &str, b: &str) -> usize {
    let letters = |word: &str| word.chars().fold(0_u64, |all, c| all | 1 << (u32::from(c) & 63));
    let (a, b) = (letters(a), letters(b));
    let most = (a & !b).count_ones().max((b & !a).count_ones());
    usize::try_from(most).unwrap_or(0)
}

/// How alike words are that lie so far from one another: a slip in four letters is as far as may be, and one in any word.
fn near(far: usize, length: usize) -> u64 {
    let may = length.max(SLIP);
    if far > may {
        return 0;
    }
    let lost = u64::try_from(far).unwrap_or(u64::MAX).saturating_mul(LOSES);
    ALL.saturating_sub(lost.checked_div(u64::try_from(may).unwrap_or(1)).unwrap_or(0))
}

/// What is said of two words of which at least one is a father's name: `Серікұлы` and `Серикович` are one. A son is no daughter.
fn by_father(a: &str, b: &str) -> Option<u64> {
    let ending = |sound: &str| {
        let of = |endings: &[&str]| endings.iter().find_map(|e| sound.strip_suffix(e)).map(str::to_owned);
        of(&SONS).map(|stem| (true, stem)).or_else(|| of(&DAUGHTERS).map(|stem| (false, stem)))
    };
    let family = |sound: &str| FAMILIES.iter().any(|ending| sound.ends_with(ending));
    let ((son, father), (other_son, other_father)) = match (ending(a), ending(b)) {
        (Some(a), Some(b)) => (a, b),
        // A father's name is no family's: Иван Петрович is not Иван Петров.
        (Some((_, father)), None) if family(b) || father == b => return Some(0),
        (None, Some((_, father))) if family(a) || father == a => return Some(0),
        _ => return None,
    };
    if son != other_son {
        return Some(0);
    }
    // Абайұлы and Абаевич: the soft end of the father's name goes with the ending.
    let (father, other_father) = (father.trim_end_matches('i'), other_father.trim_end_matches('i'));
    let length = father.len().max(other_father.len());
    let far = distance(father, other_father, Costs::BySound);
    (length >= 3 && far <= SLIP).then(|| of(near(far, length), SAME_SOUND))
}
