//! What victims tell: a bank of templates in Russian, Kazakh and the mixture that people truly write, filled
//! with identifiers as they would write them.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use serde::Deserialize;

use super::writing::{self, Truth, Written};
use crate::draw::{Draw, about};
use crate::ids;
use crate::moment::Moment;
use crate::names::{Person, person};

/// In which language a victim writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tongue {
    /// Kazakh.
    Kk,
    /// Russian.
    Ru,
    /// Both in one breath; the pages are then read in Kazakh.
    Mixed,
}

impl Tongue {
    /// The language of the pages: a BCP 47 tag.
    #[must_use]
    pub fn page(self) -> &'static str {
        match self {
            Self::Kk | Self::Mixed => "kk",
            Self::Ru => "ru",
        }
    }
    /// The tongue of the victim that `key` stands for: half Kazakh, a third Russian, the rest mixed.
    #[must_use]
    pub fn of(key: u64) -> Self {
        let shares = [(Self::Kk, 45), (Self::Ru, 38), (Self::Mixed, 17)];
        Draw::keyed(about(key, "tongue")).weighted(&shares).unwrap_or(Self::Ru)
    }
}

/// One template.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Template {
    /// What sort of fraud it tells of.
    pub scheme: String,
    /// The text with names in braces.
    pub text: String,
}

#[derive(Deserialize)]
struct Bank {
    story: Vec<Template>,
}

/// The templates of a tongue.
#[must_use]
pub fn templates(tongue: Tongue) -> &'static [Template] {
    static BANKS: OnceLock<[Vec<Template>; 3]> = OnceLock::new();
    let read = |text: &str| toml::from_str::<Bank>(text).map(|b| b.story).unwrap_or_default();
    let [kk, ru, mixed] = BANKS.get_or_init(|| {
        [
            read(include_str!("../../stories/kk.toml")),
            read(include_str!("../../stories/ru.toml")),
            read(include_str!("../../stories/mixed.toml")),
        ]
    });
    match tongue {
        Tongue::Kk => kk,
        Tongue::Ru => ru,
        Tongue::Mixed => mixed,
    }
}

/// What a story is about.
#[derive(Debug, Clone)]
pub struct Matter {
    /// Key of the victim's dice.
    pub victim: u64,
    /// Key of the network's dice: its phones, links and handles.
    pub network: u64,
    /// Where the last payment went, as known to the victim; `None` where not.
    pub to: Option<(&'static str, String)>,
    /// The network's chain address.
    pub wallet: (&'static str, String),
    /// The last payment in tiyn; 0 where nothing was paid.
    pub amount: i64,
    /// When.
    pub at: Moment,
    /// Who tells it.
    pub teller: Person,
}

/// A story and what it truly names.
#[derive(Debug, Clone)]
pub struct Story {
    /// In which tongue.
    pub tongue: Tongue,
    /// What sort of fraud.
    pub scheme: &'static str,
    /// The text.
    pub text: String,
    /// The identifiers in it, without repetition, in order of kind.
    pub truths: Vec<Truth>,
}

/// Tells the story of a matter.
#[must_use]
pub fn tell(matter: &Matter) -> Story {
    let tongue = Tongue::of(matter.victim);
    let mut dice = Draw::keyed(about(matter.victim, "story"));
    let template = dice.pick(templates(tongue));
    let (scheme, pattern) = template.map_or(("", ""), |t| (t.scheme.as_str(), t.text.as_str()));
    let mut text = String::new();
    let mut truths = BTreeSet::new();
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        let (name, behind) = after.split_once('}').unwrap_or((after, ""));
        let (written, truth) = fill(name, matter, tongue, &mut dice);
        text.push_str(&written);
        truths.extend(truth.map(|t| (t.kind, t.canonical)));
        rest = behind;
    }
    text.push_str(rest);
    let truths = truths.into_iter().map(|(kind, canonical)| Truth { kind, canonical }).collect();
    Story { tongue, scheme, text, truths }
}

/// The written form of one name in braces.
fn fill(name: &str, matter: &Matter, tongue: Tongue, dice: &mut Draw) -> Written {
    // The network's own numbers and links: the same for all its victims, written by each in their own way.
    let theirs = |what: &str| Draw::keyed(about(matter.network, what));
    match name {
        "to" => destination(matter, tongue, dice),
        "phone" => writing::phone(&ids::phone(200 + theirs("phone").below(400)), dice),
        "phone2" => writing::phone(&ids::phone(600 + theirs("phone2").below(400)), dice),
        "url" => writing::link(&mut theirs("url")),
        "site" => writing::site(&mut theirs("site")),
        "email" => writing::email(&mut theirs("email")),
        "handle" => writing::handle(&mut theirs("handle")),
        "wallet" => writing::wallet(matter.wallet.0, &matter.wallet.1),
        "ip" => writing::ip(dice),
        "imei" => writing::imei(dice),
        "iin" => writing::iin(&matter.teller.iin),
        "amount" => (writing::amount(matter.amount, dice), None),
        "time" => (matter.at.civil("%H:%M"), None),
        "name" => {
            let other = person(about(matter.network, "caller"));
            (if tongue == Tongue::Ru { other.ru } else { other.kk }, None)
        }
        decoy => (writing::decoy(decoy, dice), None),
    }
}

fn destination(matter: &Matter, tongue: Tongue, dice: &mut Draw) -> Written {
    match &matter.to {
        Some(("iban", value)) => writing::iban(value, dice),
        Some(("card", value)) => writing::card(value, dice),
        Some(("phone", value)) => writing::phone(value, dice),
        Some((_, value)) => (value.clone(), None),
        None if tongue == Tongue::Ru => ("реквизиты не сохранились".to_owned(), None),
        None => ("деректемесі сақталмады".to_owned(), None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matter(victim: u64) -> Matter {
        Matter {
            victim,
            network: 3,
            to: Some(("iban", ids::iban("801", "KZT0000000001"))),
            wallet: ("wallet_tron", ids::wallet_tron(&mut Draw::keyed(1))),
            amount: 25_000_000,
            at: Moment::from_secs(1_795_000_000),
            teller: person(victim),
        }
    }

    #[test]
    fn forty_templates_in_each_language() {
        assert!(templates(Tongue::Kk).len() >= 40 && templates(Tongue::Ru).len() >= 40);
        assert!(templates(Tongue::Mixed).len() >= 10);
        let known = "to phone phone2 url site email handle wallet ip imei iin amount time name \
                     decoy_code decoy_order decoy_contract decoy_case decoy_file";
        for tongue in [Tongue::Kk, Tongue::Ru, Tongue::Mixed] {
            for t in templates(tongue) {
                for name in t.text.split('{').skip(1).map(|s| s.split('}').next().unwrap()) {
                    assert!(known.split_whitespace().any(|k| k == name), "`{name}` in {}", t.text);
                }
                assert!(t.text.contains("{to}"), "{}", t.text);
            }
        }
        // Kazakh stories are Kazakh: every one has a letter that Russian lacks.
        let kazakh = |s: &str| s.chars().any(|c| "әғқңөұүһіӘҒҚҢӨҰҮҺІ".contains(c));
        assert!(templates(Tongue::Kk).iter().all(|t| kazakh(&t.text)));
        assert!(!templates(Tongue::Ru).iter().any(|t| kazakh(&t.text)));
    }

    #[test]
    fn stories_are_repeatable_and_name_their_receiver() {
        let mut tongues = BTreeSet::new();
        for victim in 0..300 {
            let story = tell(&matter(victim));
            assert_eq!(story.text, tell(&matter(victim)).text);
            assert!(!story.text.contains(['{', '}']), "{}", story.text);
            assert!(story.truths.iter().any(|t| t.kind == "iban"), "{}", story.text);
            tongues.insert(story.tongue);
        }
        assert_eq!(tongues.len(), 3);
    }

    #[test]
    fn who_does_not_know_the_receiver_says_so() {
        let story = tell(&Matter { to: None, ..matter(5) });
        assert!(!story.truths.iter().any(|t| t.kind == "iban"));
    }
}
