//! How a fraud is done, by words of the story: rules of the profile, added up, the words shown. What nothing speaks for stays unknown.

use profile::SchemeKind;

use crate::words::words;

/// From so much on a story is known to tell of a kind.
const ENOUGH: u32 = 1;
/// Words of a sign stand at most so many words from one another.
const NEAR: usize = 4;

/// A kind, with what spoke for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Its code.
    pub code: String,
    /// How much spoke for it.
    pub says: u32,
    /// The words of the story that did, each place once.
    pub why: Vec<String>,
    /// The signs of the profile that they are, as written there: no words of anybody's.
    pub signs: Vec<String>,
}

/// A word of a sign: its beginning, or the whole of it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Stem {
    text: String,
    whole: bool,
}

impl Stem {
    fn fits(&self, word: &str) -> bool {
        if self.whole { word == self.text } else { word.starts_with(&self.text) }
    }
}

/// Signs of one kind, folded.
#[derive(Debug, Clone)]
struct Signs {
    code: String,
    signs: Vec<Line>,
}

/// A line of words that say something.
#[derive(Debug, Clone)]
struct Line {
    says: u32,
    stems: Vec<Stem>,
    text: String,
}

/// Knows kinds by their signs.
#[derive(Debug, Clone)]
pub struct Reader {
    kinds: Vec<Signs>,
}

impl Reader {
    /// Gets ready for the kinds of a profile.
    #[must_use]
    pub fn new(kinds: &[SchemeKind]) -> Self {
        let signs = |kind: &SchemeKind| {
            let stems = |word: &String| {
                let whole = word.ends_with('_');
                words(word).into_iter().map(move |text| Stem { text, whole })
            };
            let folded = kind.signs.iter().map(|s| Line {
                says: s.says,
                stems: s.words.iter().flat_map(stems).collect(),
                text: s.words.join(" ").replace('_', ""),
            });
            Signs { code: kind.code.clone(), signs: folded.collect() }
        };
        Self { kinds: kinds.iter().map(signs).collect() }
    }

    /// The kind that a story tells of; `None` where nothing, or too little, speaks for any.
    ///
    /// A word that is a sign of several lines counts for the strongest of them: who writes much of one thing does not say more. Of
    /// kinds for which as much speaks, the one with the strongest single sign.
    #[must_use]
    pub fn read(&self, story: &str) -> Option<Known> {
        let all = words(story);
        let mut best: Option<(u32, Known)> = None;
        for kind in &self.kinds {
            let (strongest, known) = judged(kind, &all);
            let more = |(most, b): &(u32, Known)| (known.says, strongest) > (b.says, *most);
            if known.says >= ENOUGH && best.as_ref().is_none_or(more) {
                best = Some((strongest, known));
            }
        }
        best.map(|(_, known)| known)
    }
}

/// What speaks for a kind, with the strongest sign of all.
fn judged(kind: &Signs, story: &[String]) -> (u32, Known) {
    let mut hits: Vec<(&Line, Vec<usize>)> =
        kind.signs.iter().filter_map(|line| Some((line, found(&line.stems, story)?))).collect();
    // The strongest first, and of those the longest: what it rests on is used up by it.
    hits.sort_by(|a, b| (b.0.says, b.1.len()).cmp(&(a.0.says, a.1.len())).then_with(|| a.1.cmp(&b.1)));
    let strongest = hits.first().map_or(0, |(line, _)| line.says);
    let (mut says, mut used, mut why, mut signs) = (0_u32, Vec::new(), Vec::new(), Vec::new());
    for (line, places) in hits {
        if places.iter().any(|p| used.contains(p)) {
            continue;
        }
        says = says.saturating_add(line.says);
        signs.push(line.text.clone());
        why.push(places.iter().filter_map(|p| story.get(*p)).cloned().collect::<Vec<_>>().join(" "));
        used.extend(places);
    }
    (strongest, Known { code: kind.code.clone(), says, why, signs })
}

/// Where the words of a sign stand, the first time they do.
fn found(sign: &[Stem], story: &[String]) -> Option<Vec<usize>> {
    let (first, rest) = sign.split_first()?;
    let begins = |at: usize, stem: &Stem| story.get(at).is_some_and(|w| stem.fits(w));
    (0..story.len()).filter(|at| begins(*at, first)).find_map(|start| {
        let mut places = vec![start];
        for stem in rest {
            let last = places.last().copied()?;
            let next = (last.saturating_add(1)..=last.saturating_add(NEAR)).find(|at| begins(*at, stem))?;
            places.push(next);
        }
        Some(places)
    })
}

#[cfg(test)]
mod tests {
    use profile::Profile;

    use super::*;

    #[test]
    fn kinds_with_the_words_that_decided() {
        let profile = Profile::embedded("kz").unwrap();
        let reader = Reader::new(profile.schemes());
        for (story, code) in [
            ("Позвонил сотрудник банка, сказал перевести деньги на безопасный счёт", "fake_bank_security"),
            ("Банк қызметкері хабарласып, ақшаны қауіпсіз шотқа аударуды айтты", "fake_bank_security"),
            (
                "A man said he was from bank security and told me to move it to a safe account",
                "fake_bank_security",
            ),
            ("Вложила деньги в инвестиционную платформу, брокер обещал прибыль", "false_investment"),
            ("Пришло смс со ссылкой о штрафе, перешёл по ссылке", "sms_phishing"),
            ("Сайт был похож на сайт банка, ввела данные карты", "phishing_site"),
            ("На OLX нашла объявление, внесла предоплату, продавец пропал", "marketplace_seller"),
            ("Тергеуші қоңырау шалып, қылмыстық іс бар деді", "fake_official"),
            ("Перевёл USDT на криптокошелёк, биткоин так и не получил", "crypto"),
            ("Узнал, что на меня оформили микрокредит без моего согласия", "loan_in_my_name"),
            ("Менің атыма несие рәсімделген", "loan_in_my_name"),
            ("Голос сына сказал, что попал в аварию", "deepfake_relative"),
            ("Заказала кроссовки в магазине Instagram, товар не пришёл", "online_shop"),
            ("Обещали подработку: ставить лайки и выполнять задания", "job_offer"),
            ("Курьер попросил код для получения посылки", "delivery_courier"),
            ("Предложили сдать карту в аренду, сказали, буду дроппером", "dropper_recruitment"),
            ("Купил билеты на концерт, сайт оказался пустым", "tickets"),
            ("Познакомились на сайте знакомств, он сказал что любит", "romance"),
            ("Ошибся номером и перевёл не тому человеку", "not_fraud"),
            ("Қателесіп аударып жібердім, басқа адамға кетті", "not_fraud"),
        ] {
            let known = reader.read(story).unwrap();
            assert_eq!(known.code, code, "{story}: {known:?}");
            assert!(!known.why.is_empty());
        }
        // Whoever says what became of it, and who is called Любовь, tells of no kind by that.
        for (story, not) in [
            ("Обратилась в полицию, купила по акции", "false_investment"),
            ("Любовь Ивановна перевела деньги, сотрудник банка звонил", "romance"),
            ("Вещи по посылке ссылкой, курьер", "phishing_site"),
        ] {
            assert_ne!(reader.read(story).map(|k| k.code).as_deref(), Some(not), "{story}");
        }
        assert_eq!(reader.read("Сегодня хорошая погода"), None);
        assert_eq!(reader.read(""), None);
    }

    #[test]
    fn a_word_counts_once() {
        let stem = |text: &str| Stem { text: text.to_owned(), whole: false };
        let sign = |says, words: &str| Line {
            says,
            stems: words.split(' ').map(stem).collect(),
            text: words.to_owned(),
        };
        let kind = Signs {
            code: "x".into(),
            signs: vec![sign(2, "код"), sign(3, "код смс"), sign(2, "смс")],
        };
        let story = words("код из смс и опять код");
        let (_, known) = judged(&kind, &story);
        assert_eq!((known.says, known.why), (3, vec!["код смс".to_owned()]));
        assert_eq!(known.signs, ["код смс"]);
    }
}
