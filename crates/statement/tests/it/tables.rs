//! Statements and records of calls as tables.

use statement::encoding::Charset;
use statement::{Code, Direction, Options, Plan};

use crate::{read, read_with};

/// A statement in Russian: lines before the heading, sums behind. Invented.
pub(crate) const RU: &str = "\
АО «Придуманный банк»;;;;;;;
Выписка по счёту;;;;;;;
Счёт:;KZ00X000000000000001;;;;;;
Период: 01.11.2026 - 03.11.2026;;;;;;;
Валюта: KZT;;;;;;;
Входящий остаток: 10 000,00;;;;;;;
;;;;;;;
Дата операции;№ документа;Дебет;Кредит;Наименование контрагента;Счёт контрагента;БИК;Назначение платежа
01.11.2026 10:15;101;;250 000,50;Выдуманный Иван;KZ00X000000000000002;XXXXKZ00;Возврат долга
02.11.2026 11:00;102;199 999,00;;Несуществующая Анна;KZ00X000000000000003;XXXXKZ00;Перевод
;;;;;;;продолжение назначения
03.11.2026 09:30;103;60 001,00;;ТОО «Пример»;KZ00X000000000000004;XXXXKZ01;\"Оплата; счёт 5\"
Итого;;260 000,00;250 000,50;;;;
Исходящий остаток: 0,50;;;;;;;
";

/// A statement in Kazakh, amounts in one column with their sign. Invented.
const KK: &str = "\
Шот бойынша үзінді\tKZ00X000000000000001
Кіріс қалдық\t1 000,00
Операция күні\tСомасы\tВалютасы\tСипаттама\tАлушы\tҚалдық
02.11.2026\t+5 000,00 ₸\tKZT\tТолықтыру\tОйдан шығарылған Әсел\t6 000,00
03.11.2026\t-1 500,00 ₸\tKZT\tСатып алу\tМысал дүкені\t4 500,00
04.11.2026\t-500,00 ₸\tKZT\tҰялы байланыс\tМысал\t4 000,00
Соңғы қалдық\t4 000,00
";

fn kz1048(text: &str) -> Vec<u8> {
    let table: Vec<char> = (0..=255_u8)
        .map(|b| statement::encoding::decode(Charset::Kz1048, &[b]).chars().next().unwrap())
        .collect();
    text.chars().map(|c| u8::try_from(table.iter().position(|t| *t == c).unwrap_or(63)).unwrap()).collect()
}

#[test]
fn a_statement_in_russian_under_each_encoding() {
    for (charset, bytes) in [
        ("utf-8", RU.as_bytes().to_vec()),
        ("windows-1251", encoding_of("windows-1251", RU)),
        ("cp866", encoding_of("ibm866", &RU.replace(['«', '»'], "\""))),
        ("koi8-r", encoding_of("koi8-r", &RU.replace(['«', '»', '№'], ""))),
        ("utf-16le", RU.encode_utf16().flat_map(u16::to_le_bytes).collect()),
    ] {
        let got = read(&bytes).unwrap();
        assert_eq!(got.summary.encoding, charset);
        assert_eq!(got.troubles, [], "{charset}");
        assert_eq!(got.movements.len(), 3, "{charset}");
        let sums = &got.summary.sums[0];
        assert_eq!(sums.sound, Some(true), "{charset}");
        assert_eq!(sums.account, "KZ00X000000000000001");
        assert_eq!(
            (sums.opening.unwrap().to_string(), sums.closing.unwrap().to_string()),
            ("10000.00".into(), "0.50".into())
        );
    }
}

fn encoding_of(label: &str, text: &str) -> Vec<u8> {
    // What an encoding has no sign for, old programs wrote as a question mark.
    let table: Vec<char> = (0..=255_u8)
        .map(|b| statement::encoding::decode(Charset::named(label).unwrap(), &[b]).chars().next().unwrap())
        .collect();
    text.chars().map(|c| u8::try_from(table.iter().position(|t| *t == c).unwrap_or(63)).unwrap()).collect()
}

#[test]
fn each_row_keeps_its_line_and_its_other_side() {
    let got = read(RU.as_bytes()).unwrap();
    let [first, second, third] = got.movements.as_slice() else { unreachable!("three rows") };
    assert_eq!((first.row, first.line, first.direction), (1, 9, Some(Direction::Credit)));
    assert_eq!((first.amount.to_string(), first.currency.as_str()), ("250000.50".to_owned(), "KZT"));
    assert_eq!(first.booked_at, "2026-11-01T10:15:00");
    assert_eq!(first.counter.account, "KZ00X000000000000002");
    assert_eq!(first.counter.bank, "XXXXKZ00");
    assert_eq!((second.line, second.direction), (10, Some(Direction::Debit)));
    assert_eq!(second.purpose, "Перевод продолжение назначения");
    assert_eq!(third.purpose, "Оплата; счёт 5");
    assert_eq!(third.reference, "103");
}

#[test]
fn a_wrong_sum_is_told() {
    let wrong = RU.replace("Исходящий остаток: 0,50", "Исходящий остаток: 100 000,50");
    let got = read(wrong.as_bytes()).unwrap();
    assert_eq!(got.codes(), [Code::SumWrong]);
    assert_eq!(got.troubles[0].told, "closing KZ00X000000000000001: 100000.50, 0.50");
    assert_eq!(got.summary.sums[0].sound, Some(false));
    let wrong = RU.replace("Итого;;260 000,00", "Итого;;260 000,01");
    assert_eq!(read(wrong.as_bytes()).unwrap().codes(), [Code::TotalWrong]);
    // A row that was taken out shows in both.
    let short: String =
        RU.lines().filter(|l| !l.contains("Несуществующая")).map(|l| format!("{l}\n")).collect();
    assert_eq!(read(short.as_bytes()).unwrap().codes(), [Code::SumWrong, Code::TotalWrong]);
}

#[test]
fn a_statement_in_kazakh_under_kz_1048() {
    let got = read(&kz1048(KK)).unwrap();
    assert_eq!(got.summary.encoding, "kz-1048");
    assert_eq!(got.troubles, []);
    let directions: Vec<_> = got.movements.iter().map(|m| m.direction.unwrap()).collect();
    assert_eq!(directions, [Direction::Credit, Direction::Debit, Direction::Debit]);
    assert_eq!(got.movements[1].counter.name, "Мысал дүкені");
    assert_eq!(got.movements[2].balance.unwrap().to_string(), "4000.00");
    assert_eq!(got.summary.sums[0].sound, Some(true));
}

#[test]
fn a_balance_that_does_not_follow_is_told_at_its_line_newest_first_or_last() {
    let rows = |up: bool| -> String {
        let mut balance = 0_i64;
        let mut lines = Vec::new();
        for day in 1..=20 {
            balance += 100;
            lines.push(format!("{day:02}.11.2026;100,00;Кредит;{balance},00"));
        }
        lines[10] = lines[10].replace("1100,00", "1150,00");
        if up {
            lines.reverse();
        }
        format!("Дата;Сумма;Д/К;Остаток\n{}\n", lines.join("\n"))
    };
    for up in [false, true] {
        let got = read(rows(up).as_bytes()).unwrap();
        assert_eq!(got.codes(), [Code::BalanceWrong; 2], "{up}");
        assert_eq!(got.summary.sums[0].sound, Some(false));
    }
}

#[test]
fn an_amount_that_can_be_read_in_two_ways_is_told_unless_the_file_shows() {
    let text = "Date,Amount,Type\n2026-11-02,\"1,234\",Debit\n2026-11-02,\"2,345\",Credit\n";
    let got = read(text.as_bytes()).unwrap();
    assert_eq!(got.codes(), [Code::AmbiguousAmount; 2]);
    assert!(got.movements.is_empty());
    let shown = format!("{text}2026-11-03,\"1,000.50\",Debit\n");
    let got = read(shown.as_bytes()).unwrap();
    assert_eq!(got.troubles, []);
    assert_eq!(got.movements[0].amount.to_string(), "1234");
    let plan = Plan::from_toml("decimal = \",\"").unwrap();
    let got = read_with(text.as_bytes(), &Options { plan: Some(plan), ..Options::default() }).unwrap();
    assert_eq!(got.movements[0].amount.to_string(), "1.234");
}

#[test]
fn days_and_months() {
    let rows =
        |days: [&str; 2]| format!("Date,Amount,Type\n{},1.50,Debit\n{},2.50,Debit\n", days[0], days[1]);
    let first = |text: &str| {
        let got = read(text.as_bytes()).unwrap();
        (got.movements[0].booked_at.clone(), got.codes())
    };
    assert_eq!(first(&rows(["02/11/2026", "11/13/2026"])), ("2026-02-11".to_owned(), vec![]));
    assert_eq!(first(&rows(["02/11/2026", "13/11/2026"])), ("2026-11-02".to_owned(), vec![]));
    assert_eq!(first(&rows(["02/11/2026", "03/11/2026"])), ("2026-11-02".to_owned(), vec![Code::DayOrMonth]));
}

#[test]
fn what_is_wrong_in_a_row_is_told_at_its_line() {
    let text = "\
Дата;Дебет;Кредит;Назначение платежа
02.11.2026;100,00;;a
31.02.2026;100,00;;b
03.11.2026;сто;;c
04.11.2026;5,00;5,00;d
05.11.2026;;;e
Дата;Дебет;Кредит;Назначение платежа
06.11.2026;;1,00;=HYPERLINK(\"http://example.org\")
";
    let got = read(text.as_bytes()).unwrap();
    let told: Vec<(u64, Code)> = got.troubles.iter().map(|t| (t.line, t.code)).collect();
    assert_eq!(told, [(3, Code::Date), (4, Code::Amount), (5, Code::Direction), (6, Code::Amount)]);
    let lines: Vec<u64> = got.movements.iter().map(|m| m.line).collect();
    assert_eq!(lines, [2, 3, 8], "a row without a day still moved money");
    assert_eq!(
        got.movements[2].purpose, "=HYPERLINK(\"http://example.org\")",
        "kept as it stood; it is guarded when a table is written"
    );
}

#[test]
fn payer_and_payee_in_columns_of_their_own() {
    let text = "\
Счет: KZ00X000000000000001
Дата,Сумма,Валюта,Отправитель,Счет отправителя,Получатель,Счет получателя,КНП
2026-11-02,100.00,KZT,Выдуманный А,KZ00X000000000000001,Выдуманный Б,KZ00X000000000000002,119
2026-11-03,40.00,KZT,Выдуманный В,KZ00X000000000000003,Выдуманный А,KZ00X000000000000001,119
";
    let got = read(text.as_bytes()).unwrap();
    assert_eq!(got.troubles, []);
    let sides: Vec<_> = got
        .movements
        .iter()
        .map(|m| (m.direction.unwrap(), m.counter.account.as_str(), m.code.as_str()))
        .collect();
    assert_eq!(
        sides,
        [
            (Direction::Debit, "KZ00X000000000000002", "119"),
            (Direction::Credit, "KZ00X000000000000003", "119")
        ]
    );
}

#[test]
fn a_heading_of_two_lines() {
    let text = "\
Дата;Обороты;;Назначение платежа
;Дебет;Кредит;
02.11.2026;10,00;;a
03.11.2026;;20,00;b
";
    let got = read(text.as_bytes()).unwrap();
    assert_eq!(got.movements.len(), 2);
    assert_eq!(got.movements[1].direction, Some(Direction::Credit));
    assert_eq!(got.summary.plan.unwrap().heading_lines, Some(2));
}

#[test]
fn the_mapping_that_is_shown_reads_the_same_when_it_is_handed_in() {
    let bytes = encoding_of("windows-1251", RU);
    let once = read(&bytes).unwrap();
    let shown = once.summary.plan.clone().unwrap().to_toml();
    let plan = Plan::from_toml(&shown).unwrap();
    let again = read_with(&bytes, &Options { plan: Some(plan), ..Options::default() }).unwrap();
    assert_eq!(again.movements, once.movements);
    // Corrected by a person: a column is something else, by its heading or by its number.
    let text = "a;b;c\n02.11.2026;5,00;D\n";
    assert!(read(text.as_bytes()).is_err(), "no heading that anybody knows");
    let mapping = "\
[[columns]]
heading = \"a\"
field = \"booked_at\"
[[columns]]
number = 2
field = \"amount\"
[[columns]]
heading = \"C\"
field = \"direction\"
";
    let plan = Plan::from_toml(mapping).unwrap();
    let got = read_with(text.as_bytes(), &Options { plan: Some(plan), ..Options::default() }).unwrap();
    assert_eq!(got.movements.len(), 1);
    assert_eq!(got.movements[0].direction, Some(Direction::Debit));
    assert!(Plan::from_toml("what = 1").is_err());
}

#[test]
fn records_of_calls() {
    let text = "\
Детализация (выдумано)
Дата и время;Номер А;Номер Б;Длительность, сек;Тип вызова;IMEI;Базовая станция;Адрес БС
02.11.2026 10:15:33;77000000001;77000000002;65;Исходящий;000000000000001;2507/1;г. Пример, ул. Пример
02.11.2026 11:00:00;77000000003;77000000001;00:01:05;Входящий;000000000000001;2507/2;
";
    let got = read(text.as_bytes()).unwrap();
    assert_eq!(got.troubles, []);
    let [out, back] = got.calls.as_slice() else { unreachable!("two calls") };
    assert_eq!(
        (out.line, out.from.as_str(), out.to.as_slice()),
        (3, "77000000001", ["77000000002".to_owned()].as_slice())
    );
    assert_eq!((out.duration_s, back.duration_s), (Some(65), Some(65)));
    assert_eq!((out.direction.as_str(), back.direction.as_str()), ("outgoing", "incoming"));
    assert_eq!(out.started_at, "2026-11-02T10:15:33");
    assert_eq!(out.place, "г. Пример, ул. Пример");
}

#[test]
fn a_file_that_is_cut_off_is_read_as_far_as_it_goes() {
    let cut = RU.as_bytes().split_at(RU.len() - 200).0;
    let got = read(cut).unwrap();
    assert!(!got.movements.is_empty());
    assert!(
        got.troubles.is_empty() || got.codes().iter().all(|c| matches!(c, Code::NotText | Code::Amount)),
        "{:?}",
        got.troubles
    );
}

/// Bug: of a table whose headings say nothing there was no way to say what its columns are.
#[test]
fn a_table_whose_headings_say_nothing_is_read_once_somebody_says_what_they_are() {
    let text = "Кошелёк (вымышленный)\nКогда-то;Ушло;Пришло;К кому\n01.11.2026 10:00;;500,00;KZ00X000000000000002\n01.11.2026 11:00;400,00;;KZ00X000000000000003\n";
    let error = read_with(text.as_bytes(), &Options::default()).unwrap_err();
    let mut plan = error.plan().cloned().expect("columns to be named");
    let headings: Vec<&str> = plan.columns.iter().map(|c| c.heading.as_str()).collect();
    assert_eq!(headings, ["Когда-то", "Ушло", "Пришло", "К кому"]);
    use statement::table::heading::Field;
    let says = [Field::BookedAt, Field::Debit, Field::Credit, Field::CounterAccount];
    for (column, field) in plan.columns.iter_mut().zip(says) {
        column.field = Some(field);
    }
    // As it goes through a form.
    let plan = Plan::from_toml(&plan.to_toml()).unwrap();
    let read = read_with(text.as_bytes(), &Options { plan: Some(plan), ..Options::default() }).unwrap();
    let ways: Vec<_> = read.movements.iter().map(|m| (m.direction, m.counter.account.as_str())).collect();
    assert_eq!(
        ways,
        [(Some(Direction::Credit), "KZ00X000000000000002"), (Some(Direction::Debit), "KZ00X000000000000003")]
    );
}

/// Bug: dates that a spreadsheet counts in days were none, and whoever looked was not told what they may be.
#[test]
fn days_that_a_spreadsheet_counts_are_offered_and_not_taken() {
    let text = "Дата операции;Сумма;Назначение\n46354;-100,00;а\n46354.4270833333;-200,00;б\n46356;300,00;в\n46357;5,00;г\nИтого;5,00;\n";
    let got = read(text.as_bytes()).unwrap();
    let plan = got.summary.plan.clone().unwrap();
    assert_eq!(plan.serial, Some(false));
    let shown: Vec<(&str, &str)> = plan.serials.iter().map(|s| (s.number.as_str(), s.at.as_str())).collect();
    assert_eq!(
        shown,
        [("46354", "2026-11-28"), ("46354.4270833333", "2026-11-28T10:15:00"), ("46356", "2026-11-30")]
    );
    assert_eq!(got.movements.len(), 4, "kept without a date");
    assert!(got.movements.iter().all(|m| m.booked_at.is_empty()));
    assert_eq!(got.troubles.iter().filter(|t| t.code == Code::Date).count(), 4);
    // A person says that they are dates.
    let given = Plan { serial: Some(true), ..Plan::from_toml(&plan.to_toml()).unwrap() };
    let options = Options { plan: Some(given), ..Options::default() };
    let got = read_with(text.as_bytes(), &options).unwrap();
    let dates: Vec<&str> = got.movements.iter().map(|m| m.booked_at.as_str()).collect();
    assert_eq!(dates, ["2026-11-28", "2026-11-28T10:15:00", "2026-11-30", "2026-12-01"]);
    assert!(!got.troubles.iter().any(|t| t.code == Code::Date), "{:?}", got.troubles);
    // Where one date is written as people do, or a number can be none, nothing is offered.
    for odd in ["28.11.2026", "123"] {
        let got = read(text.replacen("46356", odd, 1).as_bytes()).unwrap();
        assert_eq!(got.summary.plan.unwrap().serial, None, "{odd}");
    }
}
