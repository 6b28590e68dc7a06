//! What agreement says: weights of levels, learnt from the records themselves.
#![expect(
    clippy::float_arithmetic,
    reason = "probabilities and their logarithms; the same input gives the same numbers"
)]

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use names::Word;
use serde::{Deserialize, Serialize};

use super::chance::by_chance;
use super::levels::{FIELDS, Field, LEVELS, Levels, NEAR, OTHER, SAME, UNKNOWN};
use super::record::Prepared;

/// Rounds of expectation and maximisation.
const ROUNDS: usize = 25;
/// How many pairs the first guess counts as, so that a field that is nearly always blank is not guessed from nothing.
const GUESS: f64 = 40.0;
/// Most that the rarity of a name adds or takes, bits.
const MOST_RARE: f64 = 5.0;
/// Most that a household says for two records with different given names, bits.
const HOUSEHOLD: f64 = 5.0;
/// What two records weigh that cannot be one person's, bits.
const NEVER: f64 = -30.0;

/// How often fields of one person's records agree to each level, before anything was learnt: same, near, some, other.
const GUESSES: [[f64; 4]; 7] = [
    [0.93, 0.04, 0.01, 0.02],
    [0.80, 0.10, 0.05, 0.05],
    [0.82, 0.10, 0.06, 0.02],
    [0.80, 0.12, 0.05, 0.03],
    [0.86, 0.09, 0.03, 0.02],
    [0.65, 0.05, 0.01, 0.29],
    [0.55, 0.15, 0.15, 0.15],
];

/// The same of two persons' records, and how many pairs that counts as: among few records, drawn pairs are often one person's.
pub(crate) const GUESSES_OF_TWO: [[f64; 4]; 7] = [
    [0.0002, 0.0004, 0.001, 0.9984],
    [0.012, 0.01, 0.03, 0.948],
    [0.015, 0.01, 0.03, 0.945],
    [0.012, 0.01, 0.03, 0.948],
    [0.0003, 0.001, 0.02, 0.9787],
    [0.0003, 0.0004, 0.0003, 0.999],
    [0.002, 0.01, 0.05, 0.938],
];
pub(super) const GUESS_OF_TWO: f64 = 4_000.0;

/// What a pair of records weighs, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct Weight {
    /// Bits for one person, all together; from 3.2 on it is nine to one.
    pub bits: f64,
    /// What each field says, in the order of [`FIELDS`].
    pub fields: [f64; 7],
    /// How rare the names are, of that.
    pub rarity: f64,
    /// What was known before any field was looked at.
    pub prior: f64,
}

/// Weights of levels.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    one: [[f64; LEVELS]; 7],
    two: [[f64; LEVELS]; 7],
    prior: f64,
    /// How often each name is borne, by field; the names are written as the veil writes them.
    rare: Arc<[HashMap<String, f64>; 7]>,
    veil: Veil,
    usual: [f64; 7],
    /// How often a name is borne of which nothing is kept; 0 where all are.
    rarest: [f64; 7],
    /// How many records tell each field; 0 where the model was not learnt here.
    known: [f64; 7],
}

/// How the sound of a name is written where nobody may read it: by the place of its field and the sound. Without one it stands as it is.
#[derive(Clone, Default)]
pub struct Veil(Option<Arc<Hide>>);

type Hide = dyn Fn(usize, &str) -> String + Send + Sync;

impl Veil {
    /// Names written so.
    pub fn new(hide: impl Fn(usize, &str) -> String + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(hide)))
    }
    fn name<'a>(&self, no: usize, sound: &'a str) -> Cow<'a, str> {
        self.0.as_ref().map_or(Cow::Borrowed(sound), |hide| Cow::Owned(hide(no, sound)))
    }
}

impl std::fmt::Debug for Veil {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Veil({})", self.0.is_some())
    }
}

/// As far as can be told: whether there is one.
impl PartialEq for Veil {
    fn eq(&self, other: &Self) -> bool {
        self.0.is_some() == other.0.is_some()
    }
}

/// A model as it is kept, so that what was weighed by it can be weighed again. It outlives those from whose records it was learnt, so
/// no name stands in it: of those that [`MOST_COMMON_ENOUGH`] persons bear a keyed hash, of the others one frequency for all.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Kept {
    one: [[f64; LEVELS]; 7],
    two: [[f64; LEVELS]; 7],
    prior: f64,
    /// As they were kept before: as they sound.
    #[serde(default, skip_serializing_if = "Kept::none")]
    rare: [BTreeMap<String, f64>; 7],
    #[serde(default)]
    veiled: [BTreeMap<String, f64>; 7],
    usual: [f64; 7],
    rarest: [f64; 7],
}

impl Kept {
    fn none(names: &[BTreeMap<String, f64>; 7]) -> bool {
        names.iter().all(BTreeMap::is_empty)
    }

    /// The same with no name in it that can be read.
    #[must_use]
    pub fn veil(mut self, veil: &Veil) -> Self {
        for (no, (clear, veiled)) in self.rare.iter_mut().zip(&mut self.veiled).enumerate() {
            let names = std::mem::take(clear).into_iter();
            veiled.extend(names.map(|(name, share)| (veil.name(no, &name).into_owned(), share)));
        }
        self
    }
}

/// So many persons must bear a name before anything of the name itself is kept.
const MOST_COMMON_ENOUGH: f64 = 5.0;

/// What stands before anything was learnt, bits: one record in three has another of its person among ten thousand.
const USUAL_PRIOR: f64 = -14.0;

/// The same as [`GUESSES_OF_TWO`] for records that come one by one and not as a list of which many are one person's: two persons
/// have one number by a slip alone, one telephone in a household.
pub(crate) const USUAL_OF_TWO: [[f64; 4]; 7] = [
    [0.000_000_2, 0.000_02, 0.0001, 0.999_879_8],
    [0.012, 0.01, 0.03, 0.948],
    [0.015, 0.01, 0.03, 0.945],
    [0.012, 0.01, 0.03, 0.948],
    [0.000_06, 0.0008, 0.008, 0.991_14],
    [0.000_003, 0.000_02, 0.000_02, 0.999_957],
    [0.0005, 0.005, 0.03, 0.9645],
];

fn named(record: &Prepared, field: Field) -> Option<&Word> {
    match field {
        Field::Last => record.last.as_deref(),
        Field::First => record.first.as_deref(),
        Field::Middle => record.middle.as_deref(),
        _ => None,
    }
}

/// A number between 0 and 1 of every level, from counts and a first guess.
pub(super) fn shares(counts: [f64; LEVELS], guess: [f64; 4], weight: f64) -> [f64; LEVELS] {
    let known: f64 = counts.iter().skip(1).sum::<f64>() + weight;
    let mut all = [1.0; LEVELS];
    for (share, (count, guess)) in all.iter_mut().skip(1).zip(counts.iter().skip(1).zip(guess)) {
        *share = (count + guess * weight).max(1e-6) / known.max(1e-6);
    }
    all
}

/// Shares of levels as they are told, with nothing said of what is unknown.
fn shares_of(guess: [f64; 4]) -> [f64; LEVELS] {
    let [same, near, some, other] = guess;
    [1.0, same, near, some, other]
}

impl Model {
    /// The model that was kept, with the veil under which its names lie.
    #[must_use]
    pub fn of_kept(kept: Kept, veil: Veil) -> Self {
        let Kept { one, two, prior, veiled, usual, rarest, .. } = kept.veil(&veil);
        let rare = Arc::new(veiled.map(|names| names.into_iter().collect()));
        Self { one, two, prior, rare, veil, usual, rarest, known: [0.0; 7] }
    }

    /// Learns from records and the pairs that are looked at.
    #[must_use]
    pub fn learn(records: &[Prepared], pairs: &[Levels]) -> Self {
        let mut patterns = vec![0_u32; Levels::CODES];
        for pair in pairs {
            if let Some(count) = usize::try_from(pair.code()).ok().and_then(|at| patterns.get_mut(at)) {
                *count = count.saturating_add(1);
            }
        }
        Self::learn_counted(records, (&patterns, &[]), &GUESSES_OF_TWO)
    }

    /// The same from how many pairs have each code of levels. Whose each record is is told where it is known; else each is somebody's own.
    pub(crate) fn learn_counted(
        records: &[Prepared],
        (counted, whose): (&[u32], &[u32]),
        of_two: &[[f64; 4]; 7],
    ) -> Self {
        let two = by_chance(records, of_two);
        let patterns: Vec<(Levels, f64)> = (0_u32..)
            .zip(counted)
            .filter(|(_, times)| **times > 0)
            .map(|(code, times)| (Levels::of_code(code), f64::from(*times)))
            .collect();
        let count = number(records.len());
        let all = (count * (count - 1.0) / 2.0).max(1.0);
        let mut model = Self {
            one: GUESSES.map(|guess| shares([0.0; LEVELS], guess, 1.0)),
            two,
            // To begin with, every third record has another of the same person.
            prior: (count / 3.0 / all).clamp(1e-12, 0.5).log2(),
            rare: Arc::default(),
            veil: Veil::default(),
            usual: [0.0; 7],
            rarest: [0.0; 7],
            known: [0.0; 7],
        };
        for _ in 0..ROUNDS {
            let mut counts = [[0.0; LEVELS]; 7];
            let mut matched = 0.0;
            let says = model.all_says();
            for (levels, times) in &patterns {
                let odds = model.bits(levels, &says).exp2();
                let part = times * odds / (1.0 + odds);
                matched += part;
                for (counts, level) in counts.iter_mut().zip(levels.0) {
                    if let Some(count) = counts.get_mut(usize::from(level)) {
                        *count += part;
                    }
                }
            }
            for ((one, counts), guess) in model.one.iter_mut().zip(counts).zip(GUESSES) {
                *one = shares(counts, guess, GUESS);
            }
            model.prior = ((matched + 1.0) / all).clamp(1e-12, 0.5).log2();
        }
        model.count_names(records, whose);
        model
    }

    /// What stands before a department has records of its own to learn from.
    #[must_use]
    pub fn usual() -> Self {
        Self {
            one: GUESSES.map(|guess| shares([0.0; LEVELS], guess, 1.0)),
            two: USUAL_OF_TWO.map(shares_of),
            prior: USUAL_PRIOR,
            rare: Arc::default(),
            veil: Veil::default(),
            usual: [0.0; 7],
            rarest: [0.0; 7],
            known: [0.0; 7],
        }
    }

    /// The same among more records than it was learnt from: of twice as many half as large a share of all pairs is one person's.
    #[must_use]
    pub fn grown(mut self, learnt: i64, now: i64) -> Self {
        let size = |n: i64| number(usize::try_from(n.max(1)).unwrap_or(1));
        if now > learnt {
            self.prior -= (size(now) / size(learnt)).log2();
        }
        self
    }

    /// The model for keeping. A name is counted among those of whom the field is told: of a field that few tell, too, none is kept that few
    /// bear.
    #[must_use]
    pub fn keep(&self, veil: &Veil) -> Kept {
        let mut veiled: [BTreeMap<String, f64>; 7] = Default::default();
        let mut rarest = [0.0; 7];
        for (no, (((names, known), kept), rarest)) in
            self.rare.iter().zip(self.known).zip(&mut veiled).zip(&mut rarest).enumerate()
        {
            if names.is_empty() {
                continue;
            }
            // Half a person below, since shares are rounded.
            *rarest = (MOST_COMMON_ENOUGH - 0.5) / known.max(1.0);
            let common = names.iter().filter(|(_, share)| **share >= *rarest);
            kept.extend(common.map(|(name, share)| (veil.name(no, name).into_owned(), *share)));
        }
        let (one, two, prior, usual) = (self.one, self.two, self.prior, self.usual);
        Kept { one, two, prior, rare: Default::default(), veiled, usual, rarest }
    }

    /// How often each name is borne: somebody who is told of many times bears theirs once.
    fn count_names(&mut self, records: &[Prepared], whose: &[u32]) {
        let mut rare: [HashMap<String, f64>; 7] = Default::default();
        for (no, field) in FIELDS.iter().enumerate() {
            // Added up in one order, or the last digits would differ from run to run.
            let mut by_writing: HashMap<&str, u32> = HashMap::new();
            let mut counted: HashSet<(u32, &str)> = HashSet::new();
            for (at, record) in records.iter().enumerate() {
                let Some(word) = named(record, *field) else { continue };
                if whose.get(at).is_some_and(|person| !counted.insert((*person, word.sound.as_str()))) {
                    continue;
                }
                let count = by_writing.entry(word.sound.as_str()).or_default();
                *count = count.saturating_add(1);
            }
            let known: f64 = by_writing.values().map(|n| f64::from(*n)).sum();
            let counts: BTreeMap<&str, f64> =
                by_writing.into_iter().map(|(sound, n)| (sound, f64::from(n))).collect();
            if let Some(place) = self.known.get_mut(no) {
                *place = known;
            }
            if known == 0.0 {
                continue;
            }
            let mut usual = 0.0;
            for (sound, times) in counts {
                let share: f64 = times / known;
                usual += share * share;
                if let Some(of_field) = rare.get_mut(no) {
                    of_field.insert(sound.to_owned(), share);
                }
            }
            if let Some(place) = self.usual.get_mut(no) {
                *place = usual;
            }
        }
        self.rare = Arc::new(rare);
    }

    /// What a level of a field says, bits.
    fn says(&self, no: usize, level: u8) -> f64 {
        if level == UNKNOWN {
            return 0.0;
        }
        let of = |table: &[[f64; LEVELS]; 7]| {
            table.get(no).and_then(|levels| levels.get(usize::from(level))).copied().unwrap_or(1.0)
        };
        (of(&self.one) / of(&self.two)).log2()
    }

    /// What each level of each field says, for asking it of very many.
    fn all_says(&self) -> [[f64; LEVELS]; 7] {
        let mut all = [[0.0; LEVELS]; 7];
        for (no, levels) in all.iter_mut().enumerate() {
            for (level, said) in (0..).zip(levels) {
                *said = self.says(no, level);
            }
        }
        all
    }

    /// Bits for one person, without the rarity of names.
    fn bits(&self, levels: &Levels, says: &[[f64; LEVELS]; 7]) -> f64 {
        self.prior + together(levels, &said_of(levels, says))
    }

    /// What two records weigh, with the reasons.
    #[must_use]
    pub fn weigh(&self, a: &Prepared, b: &Prepared) -> Weight {
        self.weigh_levels(Levels::between(a, b), a, b)
    }

    /// The most that a pair with each code of levels can weigh, however rare its names are.
    pub(crate) fn at_most(&self) -> Vec<f64> {
        let codes = u32::try_from(Levels::CODES).unwrap_or(0);
        let mut says = self.all_says();
        for (levels, field) in says.iter_mut().zip(FIELDS) {
            let named = matches!(field, Field::Last | Field::First | Field::Middle);
            for (level, said) in (0_u8..).zip(levels) {
                if named && matches!(level, SAME | NEAR) {
                    *said += MOST_RARE;
                }
            }
        }
        let most = |code: u32| self.bits(&Levels::of_code(code), &says);
        (0..codes).map(most).collect()
    }

    /// The most that a pair can weigh of which all but the names was compared, and whether a father's name is told of both.
    pub(crate) fn at_most_nameless(most: &[f64]) -> Vec<f64> {
        let mut all = vec![f64::NEG_INFINITY; 2 * Levels::CODES];
        let codes = u32::try_from(Levels::CODES).unwrap_or(0);
        for (code, most) in (0..codes).zip(most) {
            let [iin, _, _, middle, birth, phone, address] = Levels::of_code(code).0;
            let nameless = Levels([iin, UNKNOWN, UNKNOWN, UNKNOWN, birth, phone, address]);
            // Where it is told of both, it may still say nothing: an initial.
            for told in [false, true] {
                if (told || middle == UNKNOWN)
                    && let Some(place) = all.get_mut(Self::place_nameless(nameless, told))
                {
                    *place = place.max(*most);
                }
            }
        }
        all
    }

    /// Where that stands.
    pub(crate) fn place_nameless(nameless: Levels, father: bool) -> usize {
        let code = usize::try_from(nameless.code()).unwrap_or(0);
        code.saturating_mul(2).saturating_add(usize::from(father))
    }

    /// The same where the levels are known.
    pub(crate) fn weigh_levels(&self, levels: Levels, a: &Prepared, b: &Prepared) -> Weight {
        let mut fields = [0.0; 7];
        let mut rarity = 0.0;
        for (no, ((said, level), field)) in fields.iter_mut().zip(levels.0).zip(FIELDS).enumerate() {
            *said = self.says(no, level);
            if matches!(level, SAME | NEAR)
                && let (Some(x), Some(y)) = (named(a, field), named(b, field))
            {
                let more = self.rarer(no, x, y);
                *said += more;
                rarity += more;
            }
        }
        Weight { bits: self.prior + together(&levels, &fields), fields, rarity, prior: self.prior }
    }

    /// How much more than a usual name one says that is borne as often as these, bits.
    fn rarer(&self, no: usize, x: &Word, y: &Word) -> f64 {
        let (Some(kept), Some(rarest)) = (self.rare.get(no), self.rarest.get(no)) else { return 0.0 };
        let unknown = (*rarest > 0.0).then_some(*rarest);
        let share = |word: &Word| kept.get(self.veil.name(no, &word.sound).as_ref()).copied();
        let of = |word: &Word| if kept.is_empty() { unknown } else { share(word).or(unknown) };
        let usual = self.usual.get(no).copied().unwrap_or(0.0);
        match of(x).into_iter().chain(of(y)).reduce(f64::max) {
            Some(share) if usual > 0.0 => (usual / share).log2().clamp(-MOST_RARE, MOST_RARE),
            _ => 0.0,
        }
    }
}

/// The fields together. Where the given names differ, what a household shares says no more than its strongest part, and without
/// a number that is nearly the same it is nobody's second record; the same number is nobody else's, whatever was typed beside it.
fn together(levels: &Levels, fields: &[f64; 7]) -> f64 {
    let sum: f64 = fields.iter().sum();
    let first = levels.of(Field::First);
    // Where no given name is told, or an initial, and the days of birth differ, it may be anybody of the house.
    let untold = first == UNKNOWN && !matches!(levels.of(Field::Birth), SAME | NEAR);
    if (first != OTHER && !untold) || levels.of(Field::Iin) == SAME {
        return sum;
    }
    if first == OTHER && levels.of(Field::Iin) != NEAR {
        return NEVER;
    }
    let shared = |field: &Field| matches!(field, Field::Last | Field::Middle | Field::Phone | Field::Address);
    let (mut rest, mut strongest) = (0.0, 0.0_f64);
    for (field, said) in FIELDS.iter().zip(fields) {
        if shared(field) && *said > 0.0 {
            strongest = strongest.max(*said);
        } else {
            rest += said;
        }
    }
    rest + strongest.min(HOUSEHOLD)
}

/// What the levels of the fields say.
fn said_of(levels: &Levels, says: &[[f64; LEVELS]; 7]) -> [f64; 7] {
    let mut fields = [0.0; 7];
    for ((said, level), says) in fields.iter_mut().zip(levels.0).zip(says) {
        *said = says.get(usize::from(level)).copied().unwrap_or(0.0);
    }
    fields
}

fn number(n: usize) -> f64 {
    u32::try_from(n).map_or(f64::from(u32::MAX), f64::from)
}
