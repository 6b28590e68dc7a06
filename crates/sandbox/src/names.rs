//! Invented persons. Common first names and surnames, put together by chance; nobody is meant.

use crate::draw::Draw;
use crate::ids;

/// Surname (masculine), surname (feminine), as written in Kazakh and in Russian.
const SURNAMES: [[&str; 4]; 20] = [
    ["Ахметов", "Ахметова", "Ахметов", "Ахметова"],
    ["Сейітов", "Сейітова", "Сеитов", "Сеитова"],
    ["Жұмабаев", "Жұмабаева", "Жумабаев", "Жумабаева"],
    ["Оспанов", "Оспанова", "Оспанов", "Оспанова"],
    ["Құдайбергенов", "Құдайбергенова", "Кудайбергенов", "Кудайбергенова"],
    ["Нұрғалиев", "Нұрғалиева", "Нургалиев", "Нургалиева"],
    ["Әбдіраманов", "Әбдіраманова", "Абдраманов", "Абдраманова"],
    ["Төлегенов", "Төлегенова", "Тулегенов", "Тулегенова"],
    ["Бекмұратов", "Бекмұратова", "Бекмуратов", "Бекмуратова"],
    ["Қасымов", "Қасымова", "Касымов", "Касымова"],
    ["Иванов", "Иванова", "Иванов", "Иванова"],
    ["Петренко", "Петренко", "Петренко", "Петренко"],
    ["Ким", "Ким", "Ким", "Ким"],
    ["Мұсаев", "Мұсаева", "Мусаев", "Мусаева"],
    ["Рахимов", "Рахимова", "Рахимов", "Рахимова"],
    ["Шаяхметов", "Шаяхметова", "Шаяхметов", "Шаяхметова"],
    ["Кузнецов", "Кузнецова", "Кузнецов", "Кузнецова"],
    ["Ілиясов", "Ілиясова", "Ильясов", "Ильясова"],
    ["Өтегенов", "Өтегенова", "Утегенов", "Утегенова"],
    ["Шмидт", "Шмидт", "Шмидт", "Шмидт"],
];

/// First names of men and of women, in Kazakh and in Russian writing.
const FIRST: [[(&str, &str); 10]; 2] = [
    [
        ("Ерлан", "Ерлан"),
        ("Дәулет", "Даулет"),
        ("Нұрлан", "Нурлан"),
        ("Асқар", "Аскар"),
        ("Тимур", "Тимур"),
        ("Сергей", "Сергей"),
        ("Бауыржан", "Бауыржан"),
        ("Әлихан", "Алихан"),
        ("Виктор", "Виктор"),
        ("Олжас", "Олжас"),
    ],
    [
        ("Айгүл", "Айгуль"),
        ("Гүлнәр", "Гульнар"),
        ("Сәуле", "Сауле"),
        ("Әсел", "Асель"),
        ("Ольга", "Ольга"),
        ("Мәдина", "Мадина"),
        ("Жанна", "Жанна"),
        ("Күләш", "Куляш"),
        ("Наталья", "Наталья"),
        ("Динара", "Динара"),
    ],
];

/// One invented person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Surname and first name as written in Kazakh.
    pub kk: String,
    /// The same as written in Russian.
    pub ru: String,
    /// A valid IIN of the invented serial range.
    pub iin: String,
}

/// The person that `key` stands for.
#[must_use]
pub fn person(key: u64) -> Person {
    let mut dice = Draw::keyed(crate::draw::about(key, "person"));
    let woman = dice.chance(540);
    let surname = dice.pick(&SURNAMES).copied().unwrap_or_default();
    let names = if woman { &FIRST[1] } else { &FIRST[0] };
    let (kk, ru) = dice.pick(names).copied().unwrap_or_default();
    let [kk_him, kk_her, ru_him, ru_her] = surname;
    let (kk_surname, ru_surname) = if woman { (kk_her, ru_her) } else { (kk_him, ru_him) };
    let birth = format!("{:02}{:02}{:02}", dice.between(45, 99), dice.between(1, 12), dice.between(1, 28));
    let sex = if woman { 4 } else { 3 };
    let serial = dice.below(100);
    // Serials without a check digit do not exist; the next one does.
    let iin = (0..100).find_map(|n| ids::iin(&birth, sex, serial + n)).unwrap_or_default();
    Person { kk: format!("{kk_surname} {kk}"), ru: format!("{ru_surname} {ru}"), iin }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_has_an_iin() {
        for key in 0..2_000 {
            let p = person(key);
            assert_eq!(p.iin.len(), 12, "{p:?}");
            assert_eq!(&p.iin[7..9], "99");
            assert!(p.ru.split(' ').count() == 2 && p.kk.split(' ').count() == 2);
        }
        assert_eq!(person(5), person(5));
    }
}
