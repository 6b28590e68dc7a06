//! What the weights say that stand before anything was learnt.

use person::resolve::{Kept, Model, Prepared, Record, Veil};
use person::rules::{Place, place};

fn record(name: &str, phone: &str, iin: &str) -> Prepared {
    Record { last: name.into(), phone: phone.into(), iin: iin.into(), ..Record::default() }.prepare()
}

fn bits(a: &Prepared, b: &Prepared) -> i64 {
    format!("{:.3}", Model::usual().weigh(a, b).bits).replace('.', "").parse().unwrap()
}

#[test]
fn what_is_joined_looked_at_and_passed_over() {
    let one = record("Серікова Айгүл Болатқызы", "7015550123", "");
    let number = "850412300121";
    for (a, b, told) in [
        (&one, record("Serikova Aigul", "7015550123", ""), Place::Sure),
        (&one, record("Серикова Айгуль Болатовна", "", ""), Place::Look),
        (&one, record("Серікова Айгүл", "", ""), Place::Nothing),
        // Her sister, with the same telephone.
        (&one, record("Серікова Айнұр Болатқызы", "7015550123", ""), Place::Against),
        // A telephone alone is a household's.
        (&record("", "7015550123", ""), record("", "7015550123", ""), Place::Against),
        (&record("", "", number), record("", "", number), Place::Look),
        (&record("Ахметов Болат", "", number), record("Ахметов Болат", "", number), Place::Sure),
    ] {
        assert_eq!(place(bits(a, &b), false), told, "{a:?} {b:?}");
    }
    // The same number under another name says little by itself; that it is looked at is the line's own rule.
    let other = bits(&record("Ахметов Болат", "", number), &record("Иванов Иван", "", number));
    assert!((-6_000..0).contains(&other), "{other}");
}

/// Stands for a keyed hash: another text that is read by nobody here.
fn veil() -> Veil {
    Veil::new(|no, sound| format!("{no}{}", sound.chars().rev().collect::<String>()))
}

/// Whether a name that sounds so stands in a model, readable or not.
fn stands(text: &str, sound: &str) -> (bool, bool) {
    (text.contains(sound), text.contains(&sound.chars().rev().collect::<String>()))
}

#[test]
fn a_model_is_kept_without_names() {
    let mut records: Vec<Record> = (0..40)
        .map(|n| Record {
            last: "Ахметов".into(), first: format!("Айгүл{n}"), ..Record::default()
        })
        .collect();
    records.push(Record {
        last: "Сирекфамилия".into(), first: "Айгүл".into(), ..Record::default()
    });
    let kept = person::resolve::resolve(&records).model.keep(&veil());
    let text = serde_json::to_string(&kept).unwrap();
    assert_eq!(stands(&text, "ahmet"), (false, true), "{text}");
    assert_eq!(stands(&text, "sirek"), (false, false), "{text}");
    // Where few tell the field, what one of them bears is kept no more for that.
    let name = |n: usize| ["Ахметов", "Сирекфамилия", ""][usize::from(n >= 5) + usize::from(n >= 6)];
    let few: Vec<Record> = (0..40)
        .map(|n| Record { last: name(n).into(), first: format!("Айгүл{n}"), ..Record::default() })
        .collect();
    let told = serde_json::to_string(&person::resolve::resolve(&few).model.keep(&veil())).unwrap();
    assert_eq!(stands(&told, "ahmet"), (false, true), "{told}");
    assert_eq!(stands(&told, "sirek"), (false, false), "{told}");
    let back: Kept = serde_json::from_str(&text).unwrap();
    // What is weighed is weighed by what was read: once read, it stays the same.
    let again: Kept = serde_json::from_str(&serde_json::to_string(&back).unwrap()).unwrap();
    assert_eq!(again, back);
    let rarity = |model: &Model, name: &str| {
        let one = Record { last: name.into(), ..Record::default() }.prepare();
        model.weigh(&one, &one).rarity
    };
    let model = Model::of_kept(back, veil());
    assert!(rarity(&model, "Сирекфамилия") > rarity(&model, "Ахметов"), "a rare name says more");
    // As it was kept before, with names as they sound: read, it is the same.
    let clear = person::resolve::resolve(&records).model.keep(&Veil::default());
    let clear = serde_json::to_string(&clear).unwrap().replace("\"veiled\"", "\"rare\"");
    assert!(stands(&clear, "ahmet").0);
    let old: Kept = serde_json::from_str(&clear).unwrap();
    assert_eq!(old.clone().veil(&veil()), again);
    assert_eq!(Model::of_kept(old, veil()), model);
}

/// Bug: of five reports of one person whose name nobody else bears the name was kept.
#[test]
fn a_name_is_as_common_as_persons_bear_it() {
    let name = |n: usize| if n < 10 { "Сирекфамилия" } else { "Ахметов" };
    let records: Vec<Record> = (0..40)
        .map(|n| Record { last: name(n).into(), first: format!("Айгүл{n}"), ..Record::default() })
        .collect();
    // The first ten are one person's.
    let whose: Vec<usize> = (0..40).map(|n: usize| n.max(9)).collect();
    let text = |whose: &[usize]| {
        serde_json::to_string(&person::resolve::learn(&records, whose).keep(&veil())).unwrap()
    };
    assert_eq!(stands(&text(&whose), "sirek"), (false, false));
    assert_eq!(stands(&text(&whose), "ahmet"), (false, true));
    assert_eq!(stands(&text(&[]), "sirek"), (false, true), "where nobody knows whose they are");
}
