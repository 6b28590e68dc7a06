//! What the weights say that stand before anything was learnt.

use person::resolve::{Kept, Model, Prepared, Record};
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

#[test]
fn a_model_is_kept_without_names_that_few_bear() {
    let mut records: Vec<Record> = (0..40)
        .map(|n| Record {
            last: "Ахметов".into(), first: format!("Айгүл{n}"), ..Record::default()
        })
        .collect();
    records.push(Record {
        last: "Сирекфамилия".into(), first: "Айгүл".into(), ..Record::default()
    });
    let kept = person::resolve::resolve(&records).model.keep();
    let text = serde_json::to_string(&kept).unwrap();
    // Where few tell the field, what one of them bears is kept no more for that.
    let name = |n: usize| ["Ахметов", "Сирекфамилия", ""][usize::from(n >= 5) + usize::from(n >= 6)];
    let few: Vec<Record> = (0..40)
        .map(|n| Record { last: name(n).into(), first: format!("Айгүл{n}"), ..Record::default() })
        .collect();
    let told = serde_json::to_string(&person::resolve::resolve(&few).model.keep()).unwrap();
    let alone = Record { last: "Сирекфамилия".into(), ..Record::default() }.prepare();
    assert!(told.contains("ahmet") && !told.contains(&alone.sounds().next().unwrap()), "{told}");
    let rare = Record { last: "Сирекфамилия".into(), ..Record::default() }.prepare();
    let rare = rare.sounds().next().unwrap();
    assert!(text.contains("ahmet") && !text.contains(&rare), "{text}");
    let back: Kept = serde_json::from_str(&text).unwrap();
    // What is weighed is weighed by what was read: once read, it stays the same.
    let again: Kept = serde_json::from_str(&serde_json::to_string(&back).unwrap()).unwrap();
    assert_eq!(again, back);
    let model = Model::from(back);
    let same = |name: &str| {
        let one = Record { last: name.into(), ..Record::default() }.prepare();
        model.weigh(&one, &one).rarity
    };
    assert!(same("Сирекфамилия") > same("Ахметов"), "a rare name says more");
}
