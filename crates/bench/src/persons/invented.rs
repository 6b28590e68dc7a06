//! Invented people: as many names, slips, blanks and changed telephones as in the script beside which we are measured. Nobody is
//! real.

use person::resolve::Record;

use crate::dice::Dice;

const SYLLABLES: [&str; 20] = [
    "ай", "бек", "нур", "сер", "ал", "ма", "да", "гуль", "жан", "тай", "ер", "лан", "кен", "ас", "хан", "ди",
    "на", "са", "мир", "бо",
];
const ENDINGS: [&str; 6] = ["ов", "ова", "ев", "ева", "улы", "кызы"];
/// Steps of a skewed choice.
const STEPS: usize = 65_536;

/// Draws of what people are called.
struct Chance(Dice);

impl Chance {
    fn below(&mut self, n: usize) -> usize {
        self.0.below(n)
    }
    fn often(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }
    fn one<'a, T: ?Sized>(&mut self, all: &[&'a T]) -> Option<&'a T> {
        all.get(self.below(all.len())).copied()
    }
    fn word(&mut self, syllables: usize, endings: &[&str]) -> String {
        let mut word: String = (0..syllables).filter_map(|_| self.one(&SYLLABLES)).collect();
        word.push_str(self.one(endings).unwrap_or_default());
        word
    }
    /// A slip: two letters changed places, one lost, one another.
    fn slip(&mut self, word: &str) -> String {
        let mut letters: Vec<char> = word.chars().collect();
        if letters.len() < 3 {
            return word.to_owned();
        }
        let at = self.below(letters.len().saturating_sub(1));
        match self.below(10) {
            0..4 => letters.swap(at, at.saturating_add(1)),
            4..7 => drop(letters.remove(at)),
            _ => {
                let others: Vec<char> = "абдежкмнорст".chars().collect();
                let other = others.get(self.below(others.len())).copied();
                if let (Some(place), Some(other)) = (letters.get_mut(at), other) {
                    *place = other;
                }
            }
        }
        letters.into_iter().collect()
    }
}

/// Places among `count`, the first ones oftener: `count * u ^ power` for evenly drawn `u`.
#[expect(clippy::float_arithmetic, reason = "how often names are borne follows a power")]
fn skewed(count: u32, power: f64) -> Vec<usize> {
    let place = |step: u32| {
        let at = f64::from(count) * (f64::from(step) / 65_536.0).powf(power);
        format!("{:.0}", at.floor()).parse().unwrap_or(0)
    };
    (0..u32::try_from(STEPS).unwrap_or(0)).map(place).collect()
}

/// So many records, and whose each is.
pub fn records(count: usize) -> (Vec<Record>, Vec<u32>) {
    let mut c = Chance(Dice(11));
    let givens: Vec<String> = (0..1_500).map(|_| c.word(2, &["", "а", "ж"])).collect();
    let families: Vec<String> = (0..12_000).map(|_| c.word(3, &ENDINGS)).collect();
    let (given, family, city) = (skewed(1_500, 1.7), skewed(12_000, 1.5), skewed(200, 2.0));
    let (mut all, mut truth) = (Vec::with_capacity(count), Vec::with_capacity(count));
    let mut person = 0_u32;
    while all.len() < count {
        let mut drawn = |places: &[usize]| places.get(c.below(STEPS)).copied().unwrap_or(0);
        let (first, last, town) = (drawn(&given), drawn(&family), drawn(&city));
        let first = givens.get(first).cloned().unwrap_or_default();
        let last = families.get(last).cloned().unwrap_or_default();
        let (year, month, day) = (1950 + c.below(59), 1 + c.below(12), 1 + c.below(28));
        let phone = format!("+77{:09}", c.below(1_000_000_000));
        let times = [1, 1, 2, 2, 3, 4].get(c.below(6)).copied().unwrap_or(1);
        for _ in 0..times {
            let birth = if c.often(10) {
                String::new()
            } else if c.often(3) && day <= 12 {
                format!("{year:04}-{day:02}-{month:02}")
            } else {
                format!("{year:04}-{month:02}-{day:02}")
            };
            let phone = if c.often(25) {
                String::new()
            } else if c.often(80) {
                phone.clone()
            } else {
                format!("+77{:09}", c.below(1_000_000_000))
            };
            let address = if c.often(10) { String::new() } else { format!("c{town}") };
            all.push(Record {
                first: if c.often(12) { c.slip(&first) } else { first.clone() },
                last: if c.often(15) { c.slip(&last) } else { last.clone() },
                birth,
                phone,
                address,
                ..Record::default()
            });
            truth.push(person);
        }
        person += 1;
    }
    all.truncate(count);
    truth.truncate(count);
    (all, truth)
}
