//! Whose an account or a number is, as the institution that keeps it tells: names in the writing of its own books, with or without the
//! father's name, now and then without the number; companies with whoever stands behind them. Everybody is invented. The dice are of
//! their own, keyed by whose it is, so nothing else in the country is drawn otherwise, and whoever asks again is told the same.

use crate::draw::{Draw, about};
use crate::ids;
use crate::names::{Person, person};
use crate::wire::{Holder, Object};

/// Companies among the holders, per mille.
const COMPANIES: i64 = 40;
/// Holders beside whom somebody else may use the account, per mille.
const AGENTS: i64 = 50;
/// Old books that keep no number of their client, per mille.
const NUMBERLESS: i64 = 80;

/// Who is asked about.
#[derive(Debug, Clone, Copy)]
pub struct Whose<'a> {
    /// The country's seed.
    pub seed: u64,
    /// The institution that answers.
    pub code: &'a str,
    /// Key of the person.
    pub who: u64,
    /// The telephone that its books have of them.
    pub phone: Option<&'a str>,
}

/// Whether the order asks for data of this class about the object.
fn asks(object: &Object, class: &str) -> bool {
    let data = object.details.as_ref().and_then(|d| d.get("data")).and_then(|d| d.as_array());
    data.is_some_and(|all| all.iter().any(|d| d.as_str() == Some(class)))
}

/// Whose it is, as far as the order asks.
#[must_use]
pub fn holders(whose: Whose<'_>, object: &Object) -> Vec<Holder> {
    if !asks(object, "owner") {
        return Vec::new();
    }
    let mut dice = Draw::keyed(about(whose.who, "holder"));
    let company = object.kind != "phone" && dice.chance(COMPANIES);
    let since =
        format!("20{:02}-{:02}-{:02}", dice.between(12, 25), dice.between(1, 12), dice.between(1, 28));
    let agent = dice.chance(AGENTS);
    let mut own = somebody(&whose, whose.who, whose.phone);
    if asks(object, "device_log") {
        own.devices.push(imei(&mut dice));
    }
    let mut all = Vec::new();
    if company {
        all.push(Holder { from: Some(since.clone()), ..a_company(&mut dice) });
        all.push(Holder { role: Some("beneficiary".to_owned()), ..own });
    } else {
        all.push(Holder { from: Some(since.clone()), ..own });
    }
    if agent {
        let other = somebody(&whose, about(whose.who, "agent"), None);
        all.push(Holder { role: Some("agent".to_owned()), from: Some(since), ..other });
    }
    all
}

fn a_company(dice: &mut Draw) -> Holder {
    let no = dice.below(1_000);
    let month = format!("{:02}{:02}", dice.between(10, 25), dice.between(1, 12));
    Holder {
        kind: "organisation".to_owned(),
        name: Some(format!("ЖШС «Үлгі-{no:03}» (ойдан шығарылған)")),
        // Serials without a check digit do not exist; the next one does.
        bin: (0..100).find_map(|n| ids::bin(&month, no + n)),
        ..Holder::default()
    }
}

/// How the books of an institution write a name.
fn writing(whose: &Whose<'_>) -> u64 {
    Draw::keyed(about(about(whose.seed, whose.code), "writing of names")).below(4)
}

fn somebody(whose: &Whose<'_>, who: u64, phone: Option<&str>) -> Holder {
    let Person { kk, ru, iin } = person(who);
    let woman = iin.get(6..7) == Some("4");
    let mut dice = Draw::keyed(about(about(who, whose.code), "as written"));
    let [kk_father, ru_father] = father(who, woman);
    let split = |name: &str| {
        let (last, first) = name.split_once(' ').unwrap_or((name, ""));
        (Some(last.to_owned()), Some(first.to_owned()))
    };
    let birth = iin.get(..6).map(|d| format!("19{}-{}-{}", &d[..2], &d[2..4], &d[4..]));
    let holder = Holder {
        kind: "person".to_owned(),
        iin: (!dice.chance(NUMBERLESS)).then(|| iin.clone()),
        birth_date: birth,
        phones: phone.map(str::to_owned).into_iter().collect(),
        ..Holder::default()
    };
    match writing(whose) {
        0 => Holder { name: Some(format!("{ru} {ru_father}")), ..holder },
        1 => {
            let (last_name, first_name) = split(&kk);
            Holder { last_name, first_name, middle_name: Some(kk_father), ..holder }
        }
        2 => Holder { name: Some(latin(&ru).to_uppercase()), ..holder },
        _ => {
            let (last_name, first_name) = split(&ru);
            Holder { last_name, first_name, ..holder }
        }
    }
}

/// Fathers' names: in Kazakh and in Russian, of men and of women.
const FATHERS: [[&str; 4]; 8] = [
    ["Серікұлы", "Серікқызы", "Серикович", "Сериковна"],
    ["Маратұлы", "Маратқызы", "Маратович", "Маратовна"],
    ["Болатұлы", "Болатқызы", "Болатович", "Болатовна"],
    ["Қайратұлы", "Қайратқызы", "Кайратович", "Кайратовна"],
    ["Ерланұлы", "Ерланқызы", "Ерланович", "Ерлановна"],
    ["Нұрланұлы", "Нұрланқызы", "Нурланович", "Нурлановна"],
    ["Асқарұлы", "Асқарқызы", "Аскарович", "Аскаровна"],
    ["Тимурұлы", "Тимурқызы", "Тимурович", "Тимуровна"],
];

fn father(who: u64, woman: bool) -> [String; 2] {
    let [kk_him, kk_her, ru_him, ru_her] =
        Draw::keyed(about(who, "father")).pick(&FATHERS).copied().unwrap_or_default();
    let (kk, ru) = if woman { (kk_her, ru_her) } else { (kk_him, ru_him) };
    [kk.to_owned(), ru.to_owned()]
}

/// Russian letters in Latin ones, as cards and passports have them.
fn latin(text: &str) -> String {
    const LETTERS: [(char, &str); 33] = [
        ('а', "a"),
        ('б', "b"),
        ('в', "v"),
        ('г', "g"),
        ('д', "d"),
        ('е', "e"),
        ('ё', "e"),
        ('ж', "zh"),
        ('з', "z"),
        ('и', "i"),
        ('й', "y"),
        ('к', "k"),
        ('л', "l"),
        ('м', "m"),
        ('н', "n"),
        ('о', "o"),
        ('п', "p"),
        ('р', "r"),
        ('с', "s"),
        ('т', "t"),
        ('у', "u"),
        ('ф', "f"),
        ('х', "kh"),
        ('ц', "ts"),
        ('ч', "ch"),
        ('ш', "sh"),
        ('щ', "shch"),
        ('ъ', ""),
        ('ы', "y"),
        ('ь', ""),
        ('э', "e"),
        ('ю', "yu"),
        ('я', "ya"),
    ];
    let mut out = String::new();
    for letter in text.to_lowercase().chars() {
        match LETTERS.iter().find(|(from, _)| *from == letter) {
            Some((_, to)) => out.push_str(to),
            None => out.push(letter),
        }
    }
    out
}

/// A handset's number of the test range, with a right check digit (3GPP TS 23.003).
fn imei(dice: &mut Draw) -> String {
    let body = format!("00101{}", dice.digits(9));
    (0..10).map(|check| format!("{body}{check}")).find(|text| ids::luhn_ok(text)).unwrap_or(body)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::json;

    use super::*;

    fn object(data: &[&str]) -> Object {
        Object {
            object_id: "obj_1".to_owned(),
            kind: "iban".to_owned(),
            value: "KZ938010000000000017".to_owned(),
            cap: None,
            hop: 0,
            parent_object: None,
            trigger: None,
            details: Some(json!({"type": "disclosure", "data": data})),
        }
    }

    fn of<'a>(code: &'a str, who: u64) -> Whose<'a> {
        Whose { seed: 7, code, who, phone: Some("+77000001001") }
    }

    #[test]
    fn everybody_has_one_number_and_many_writings() {
        let asked = object(&["owner"]);
        let (mut writings, mut companies, mut numberless, mut agents) = (BTreeSet::new(), 0, 0, 0);
        for who in 0..2_000 {
            let all = holders(of("ZB01", who), &asked);
            assert_eq!(all, holders(of("ZB01", who), &asked), "told the same again");
            for h in &all {
                assert!(h.devices.is_empty(), "not asked for");
                let iin = h.iin.as_deref();
                assert!(iin.is_none_or(|n| n.len() == 12 && &n[7..9] == "99"), "{h:?}");
                let bin = h.bin.as_deref();
                assert!(bin.is_none_or(|n| n.len() == 12 && &n[6..8] == "99"), "{h:?}");
                assert_eq!(h.kind == "organisation", h.bin.is_some(), "{h:?}");
                numberless += i32::from(iin.is_none() && bin.is_none());
                agents += i32::from(h.role.as_deref() == Some("agent"));
                companies += i32::from(h.bin.is_some());
            }
        }
        assert!(
            (40..150).contains(&companies) && (80..300).contains(&numberless) && (50..200).contains(&agents)
        );
        for n in 0..20 {
            let code = format!("ZB{n:02}");
            let h = holders(of(&code, 5), &asked).remove(0);
            writings.insert((h.name.clone(), h.last_name.clone(), h.middle_name.clone()));
            let number = h.iin.clone();
            assert!(number.is_none_or(|n| n == person(5).iin), "one person has one number");
        }
        assert_eq!(writings.len(), 4, "{writings:?}");
    }

    #[test]
    fn no_more_is_told_than_is_asked_for() {
        assert!(holders(of("ZB01", 5), &object(&["statement", "device_log"])).is_empty());
        assert!(holders(of("ZB01", 5), &Object { details: None, ..object(&[]) }).is_empty());
        let device = &holders(of("ZB01", 5), &object(&["owner", "device_log"]))[0].devices;
        assert!(device.len() == 1 && device[0].len() == 15 && ids::luhn_ok(&device[0]));
        assert_eq!(latin("Шаяхметов Жанна"), "shayakhmetov zhanna");
    }
}
