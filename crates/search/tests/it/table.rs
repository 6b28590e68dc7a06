//! Whether a text is found by what somebody types, and in which way: three languages, four alphabets, slips, numbers.

use identifier::Options;
use search::Part;
use search::index::{Ask, Change, Codes, Entry, Index};
use search::model::How;
use search::rules::marks::snippet;
use search::rules::query::Reader;
use search::rules::ways::ways;
use search::token::Key;
use uuid::Uuid;

/// An id for an identifier; in the program it is a keyed hash.
fn id(kind: identifier::Kind, value: &str) -> Uuid {
    let token = Key::open().token(search::token::Form::Word(&format!("{} {value}", kind.as_str())));
    Uuid::from_u64_pair(token, 0)
}

fn reader() -> Reader<'static> {
    let region = identifier::Region::from_code("KZ").unwrap();
    Reader { key: Key::open(), options: Options { region }, id: &id }
}

fn entry(parts: &[Part]) -> Entry {
    let mut tokens = Vec::new();
    parts.iter().for_each(|part| reader().tokens(part, &mut tokens));
    tokens.sort_unstable();
    tokens.dedup();
    Entry { tokens, scope: 1, codes: Codes { kind: 1, region: 0, state: 1 }, at: 1, stamp: 1 }
}

/// The way in which the query finds the only document, if any does.
fn found(index: &Index, typed: &str) -> Option<How> {
    ways(&reader(), typed).into_iter().find_map(|way| {
        let ask = Ask { words: way.words(), any: way.any, scopes: vec![1], limit: 10, ..Ask::default() };
        (index.ask(&ask).unwrap().total > 0).then_some(way.how)
    })
}

fn of(parts: &[Part]) -> Index {
    let index = Index::in_memory().unwrap();
    index.write(&[Change { kind: 1, id: Uuid::from_u128(1), entries: vec![entry(parts)] }]).unwrap();
    index.commit("").unwrap();
    index
}

/// As a report with this story is found.
fn told(story: &str) -> Vec<Part> {
    let mut parts = vec![Part::Words(story.to_owned())];
    let all = identifier::extract(story, &reader().options);
    parts.extend(all.into_iter().map(|f| Part::Thing(f.kind, f.canonical)));
    parts
}

const RU: &str = "Мне позвонила женщина, представилась сотрудником Народного банка и попросила перевести деньги на безопасный счёт. \
    Потом писали с номера 8 701 555 12 34 в мессенджере.";
const KK: &str = "Маған белгісіз нөмірден қоңырау шалып, банк қызметкерімін деді. Шотымдағы ақшаны қауіпсіз шотқа аудару керек екен, мен \
    аудардым.";
const EN: &str = "A man called and said he was from the police. He asked me to install an application and to transfer my savings.";
const SITE: &str = "Перешла по ссылке https://halyk-bonus.example/login и ввела данные карты";
const HANDLE: &str = "Писал мне @kaspi_manager_01, отправила ему фото";

enum Found {
    /// As typed.
    As,
    /// With a slip.
    Near,
    /// On another keyboard.
    Layout,
    /// Some of the words.
    Some,
    /// Not at all.
    No,
}
use Found::{As, Layout, Near, No};

#[test]
fn stories() {
    let mut wrong = Vec::new();
    let pairs: [(&str, &str, Found); 58] = [
        // Russian: as written, in other forms, without capitals and dots over letters.
        ("безопасный счёт", RU, As),
        ("безопасный счет", RU, As),
        ("БЕЗОПАСНЫЙ СЧЕТ", RU, As),
        ("безопасного счета", RU, As),
        ("сотрудник банка", RU, As),
        ("сотрудники", RU, As),
        ("деньгами", RU, As),
        ("женщина позвонила", RU, As),
        ("женщины", RU, As),
        // Latin letters for Cyrillic.
        ("bezopasnyi schet", RU, As),
        ("bezopasniy shet", RU, Found::Some),
        ("sotrudnik banka", RU, As),
        ("zhenshchina", RU, As),
        // Slips.
        ("безапасный счет", RU, Near),
        ("сотрдник", RU, Near),
        ("сотрудинк", RU, Near),
        ("преставилась", RU, Near),
        ("мессенджжер", RU, As),
        ("месенджер", RU, As),
        // The keyboard stood on another layout.
        (",tpjgfcysq cxtn", RU, Layout),
        ("cjnhelybr", RU, Layout),
        // Kazakh: as written, without its own letters, in other forms, in Latin.
        ("қоңырау шалып", KK, As),
        ("конырау шалып", KK, As),
        ("qoñyrau shalyp", KK, As),
        ("qonyrau", KK, As),
        ("қоңыраудан", KK, As),
        ("қауіпсіз шот", KK, As),
        ("кауипсиз шот", KK, As),
        ("qauipsiz shot", KK, As),
        ("банк қызметкері", KK, As),
        ("банк кызметкери", KK, As),
        ("ақша", KK, As),
        ("акша", KK, As),
        ("aqsha", KK, As),
        ("аудару керек", KK, As),
        ("белгісіз нөмір", KK, As),
        ("белгисиз номир", KK, As),
        ("қауыпсіз", KK, As),
        ("қауіпсз", KK, Near),
        // English.
        ("police application", EN, As),
        ("polise", EN, As),
        ("aplication", EN, As),
        ("applicatoin", EN, Near),
        ("трансфер", EN, As),
        // What is named in a story.
        ("+7 701 555 12 34", RU, As),
        ("87015551234", RU, As),
        ("7015551234", RU, As),
        ("5551234", RU, As),
        ("1234", RU, As),
        ("https://halyk-bonus.example/login", SITE, As),
        ("halyk-bonus.example", SITE, As),
        ("halyk bonus", SITE, As),
        ("@kaspi_manager_01", HANDLE, As),
        ("kaspi_manager_01", HANDLE, As),
        // Words that are not there.
        ("кроссовки", RU, No),
        ("0000", RU, No),
        ("крипто кошелёк", KK, No),
        ("женщина кроссовки", RU, Found::Some),
    ];
    for (typed, text, expected) in pairs {
        let got = found(&of(&told(text)), typed);
        let right = match expected {
            As => got == Some(How::Typed),
            Near => got == Some(How::Near),
            Layout => matches!(got, Some(How::Layout(_))),
            Found::Some => got == Some(How::Some),
            No => got.is_none(),
        };
        if !right {
            wrong.push(format!("{typed}: {got:?}"));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn names() {
    let name = |text: &str| of(&[Part::Name(text.to_owned())]);
    let mut wrong = Vec::new();
    for (typed, written, how) in [
        ("Жанибек Сарсенов", "Сәрсенов Жәнібек Ерланұлы", Some(How::Typed)),
        ("Zhanibek Sarsenov", "Сәрсенов Жәнібек Ерланұлы", Some(How::Typed)),
        ("Jänıbek", "Сәрсенов Жәнібек Ерланұлы", Some(How::Typed)),
        ("сарс", "Сәрсенов Жәнібек", Some(How::Typed)),
        ("Сарсинов", "Сәрсенов Жәнібек", Some(How::Near)),
        ("Qyzdarbek", "Қыздарбек Айгүл", Some(How::Typed)),
        ("Кыздарбекова", "Қыздарбекова Айгүл", Some(How::Typed)),
        ("Aigul", "Қыздарбек Айгүл", Some(How::Typed)),
        ("Нурсултан", "Nursultan Akhmetov", Some(How::Typed)),
        ("Ахметов", "Nursultan Akhmetov", Some(How::Typed)),
        ("Халык банк", "Халық Банкі", Some(How::Typed)),
        ("Иванов", "Сәрсенов Жәнібек", None),
    ] {
        let got = found(&name(written), typed);
        if got != how {
            wrong.push(format!("{typed}: {got:?}"));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn numbers() {
    let report = of(&[Part::Number("R-2026-01821493".to_owned())]);
    for typed in [
        "R-2026-01821493",
        "r-2026-01821493",
        "Р-2026-01821493",
        "R202601821493",
        "2026-01821493",
        "01821493",
        "1493",
    ] {
        assert_eq!(found(&report, typed), Some(How::Typed), "{typed}");
    }
    for typed in ["R-2026-01821494", "1494", "0182"] {
        assert!(found(&report, typed).is_none_or(|how| how == How::Near), "{typed}");
    }
    let scheme = of(&[Part::Number("S-12".to_owned())]);
    for typed in ["S-12", "s12", "С-12", "S 12"] {
        assert!(found(&scheme, typed).is_some(), "{typed}");
    }
    let account = of(&[Part::Thing(identifier::Kind::Iban, "KZ86125KZT5004100100".to_owned())]);
    for typed in
        ["KZ86125KZT5004100100", "KZ86 125K ZT50 0410 0100", "kz86125kzt5004100100", "0100", "004100100"]
    {
        assert_eq!(found(&account, typed), Some(How::Typed), "{typed}");
    }
    let card = of(&[Part::Thing(identifier::Kind::Card, "4400435670".to_owned())]);
    assert_eq!(found(&card, "5670"), Some(How::Typed));
    assert_eq!(found(&card, "4400 43** **** 5670"), Some(How::Typed));
}

/// Bug: `150 000` was looked for as 150000 alone, two numbers side by side as one.
#[test]
fn sums_and_numbers_side_by_side() {
    const SUM: &str = "Перевела 150 000 тенге, потом ещё 1 200 000 и 75000 с карты 4567 на карту 8901";
    let mut wrong = Vec::new();
    for (typed, expected) in [
        ("150 000", true),
        ("150000", true),
        ("150 000 тенге", true),
        ("150.000", true),
        ("1 200 000", true),
        ("1200000", true),
        ("75000", true),
        ("75 000", true),
        ("4567 8901", true),
        ("150 000 4567", true),
        ("4567 карта 8901", true),
        ("160 000", false),
        ("75001", false),
        ("4567 8902", false),
    ] {
        let got = found(&of(&told(SUM)), typed);
        if (got == Some(How::Typed)) != expected {
            wrong.push(format!("{typed}: {got:?}"));
        }
    }
    let phone = of(&told(RU));
    for typed in ["555 12 34", "555-12-34", "701 555 12 34", "701 5551234", "(701) 555-12-34"] {
        let got = found(&phone, typed);
        if got != Some(How::Typed) {
            wrong.push(format!("{typed}: {got:?}"));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

/// Bug: whoever holds the receipt of a report could find by its number whose telephone ends alike.
#[test]
fn numbers_that_are_no_secret_tell_of_no_others() {
    let tokens = |part: Part| entry(&[part]).tokens;
    let public = tokens(Part::Number("R-2026-01821493".to_owned()));
    for private in [
        Part::Tail("1821493".to_owned()),
        Part::Thing(identifier::Kind::Phone, "+77001821493".to_owned()),
        Part::Thing(identifier::Kind::Iban, "KZ86125KZT5001821493".to_owned()),
        Part::Words("звонили с 1821493 и 01821493".to_owned()),
    ] {
        assert!(tokens(private).iter().all(|token| !public.contains(token)));
    }
    let both = of(&[Part::Number("R-2026-01821493".to_owned())]);
    assert_eq!(found(&both, "1493"), Some(How::Typed));
    assert_eq!(found(&of(&[Part::Tail("1493".to_owned())]), "1493"), Some(How::Typed));
}

/// Bug: all identifiers of a long story were read for each row of a page.
#[test]
fn only_what_is_shown_is_read_for_it() {
    use std::sync::atomic::{AtomicUsize, Ordering};
    let asked = AtomicUsize::new(0);
    let counted = |kind: identifier::Kind, value: &str| {
        asked.fetch_add(1, Ordering::Relaxed);
        id(kind, value)
    };
    let reader = Reader { id: &counted, ..reader() };
    let phones: String = (0..3_000).map(|n| format!("8 701 555 {:02} {:02}, ", n / 100, n % 100)).collect();
    let query = |typed: &str| ways(&self::reader(), typed).remove(0).query;
    let marked = |typed: &str, text: &str| -> Vec<String> {
        let all = snippet(&reader, &query(typed), text);
        all.into_iter().filter(|p| p.hit).map(|p| p.text).collect()
    };
    assert_eq!(marked("безопасный", &format!("безопасный счёт {phones}")), ["безопасный"]);
    assert!(asked.swap(0, Ordering::Relaxed) < 100);
    // A number is found where it stands, without any word beside it, across the pieces in which the text is read.
    for at in [0, 70, 75, 80, 140, 200] {
        let before: String = "сөз ".repeat(at * 4);
        let text = format!("{before} 8 777 100 20 30 {}", "соң ".repeat(300));
        assert_eq!(marked("87771002030", &text), ["8 777 100 20 30"], "{at}");
    }
    assert_eq!(marked("150000", "дала 150 000 теңге"), ["150 000"]);
    assert!(marked("87771002030", &format!("{} 8 777 100 20 30", phones.repeat(4))).is_empty());
    assert!(asked.load(Ordering::Relaxed) < 4_000);
}

#[test]
fn the_place_is_marked() {
    let marked = |typed: &str, text: &str| -> Vec<String> {
        let way = ways(&reader(), typed).remove(0);
        snippet(&reader(), &way.query, text).into_iter().filter(|p| p.hit).map(|p| p.text).collect()
    };
    assert_eq!(marked("безопасного счета", RU), ["безопасный", "счёт"]);
    assert_eq!(marked("qauipsiz shot", KK), ["Шотымдағы", "қауіпсіз", "шотқа"]);
    assert_eq!(marked("87015551234", RU), ["8 701 555 12 34"]);
    assert!(marked("кроссовки", RU).is_empty());
    // Whatever is shown is what stands there, and no more than a piece.
    let long = format!("{} безопасный счёт {}", "слово ".repeat(200), "и ещё ".repeat(200));
    let way = ways(&reader(), "безопасный").remove(0);
    let pieces = snippet(&reader(), &way.query, &long);
    let whole: String = pieces.iter().map(|p| p.text.as_str()).collect();
    assert!(whole.starts_with("… ") && whole.ends_with(" …") && whole.len() < 500, "{whole}");
    assert!(long.contains(whole.trim_matches(['…', ' '])));
}

/// Bug: beside the word that was looked for stood whole numbers of people whom nobody had asked about.
#[test]
fn numbers_that_were_not_looked_for_are_hidden() {
    let text = "Банк звонил с 8 701 555 12 34, ИИН 900101300123, счёт KZ86125KZT5004100100, карта 4400 4301 1234 5670, код 009415, \
        взяли 150 000 тенге, ссылка https://bank-leak.example/pay?iin=900101300123";
    let shown = |typed: &str| -> String {
        let way = ways(&reader(), typed).remove(0);
        snippet(&reader(), &way.query, text).into_iter().map(|p| p.text).collect()
    };
    let by_word = shown("банк");
    for hidden in ["555 12", "900101300123", "KZ86125KZT5004100100", "4301 1234", "009415"] {
        assert!(!by_word.contains(hidden), "{hidden}: {by_word}");
    }
    for told in ["Банк звонил", "+7701…1234", "150 000 тенге", "https://bank-leak.example/pay?…"]
    {
        assert!(by_word.contains(told), "{told}: {by_word}");
    }
    // Whoever has a number sees it where it stands, and no other.
    let by_number = shown("87015551234");
    assert!(by_number.contains("8 701 555 12 34") && !by_number.contains("009415"), "{by_number}");
}
