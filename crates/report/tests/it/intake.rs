//! What is taken as typed, and what is refused with which sentence.

use kernel::Lang;
use report::draft::{Answers, PaymentAnswers};
use report::intake::{self, Place as At};

use crate::support::{Browser, IBAN, PAYMENT, PERSON, but, ctx, place};

type Change = fn(&mut PaymentAnswers);

fn typed() -> PaymentAnswers {
    PaymentAnswers {
        own_bank: "UBANK".to_owned(),
        own_unknown: true,
        amount: "150 000".to_owned(),
        day: "today".to_owned(),
        time: "08:30".to_owned(),
        to: IBAN.to_owned(),
        ..PaymentAnswers::default()
    }
}

#[tokio::test]
async fn sums_as_people_write_them() {
    let app = place().await.app;
    for (text, tenge) in [
        ("150000", 150_000),
        ("150 000", 150_000),
        ("150\u{a0}000 ₸", 150_000),
        ("₸150 000", 150_000),
        ("150 000 тг", 150_000),
        ("150 000 тг.", 150_000),
        ("150000 тенге", 150_000),
        ("150 000 ТЕҢГЕ", 150_000),
        ("2 400 000 KZT", 2_400_000),
        ("1.234", 1_234),
        ("1,234,567", 1_234_567),
        ("\u{200b}5000\u{200e}", 5_000),
    ] {
        assert_eq!(intake::amount(&app, text, "").map(kernel::Money::minor), Ok(tenge * 100), "{text}");
    }
    assert_eq!(intake::amount(&app, "99,50 тг", "").unwrap().minor(), 9_950);
    for (text, key) in [
        ("", "missing"),
        ("  ", "missing"),
        ("0", "not_positive"),
        ("-5", "not_positive"),
        ("−100", "not_positive"),
        ("0,00 тг", "not_positive"),
        ("1,2345", "too_precise"),
        ("99999999999999999999", "too_large"),
        ("10 000 000 000 000,01", "too_large"),
        ("90000000000000000", "too_large"),
        ("много", "unreadable"),
        ("1e9", "unreadable"),
        ("тенге", "unreadable"),
        ("150 тыс", "unreadable"),
        ("100 £", "currency"),
        ("300 юаней", "currency"),
        ("0,123456789 BTC", "too_precise_asset"),
        ("\u{202e}000051", "too_many"),
    ] {
        let got = intake::amount(&app, text, "");
        if key == "too_many" {
            // A sign that turns the writing direction is no part of a sum: the digits are read as they came.
            assert_eq!(got.unwrap().minor(), 5_100);
        } else {
            assert_eq!(got, Err(leak(&format!("report-amount.{key}"))), "{text}");
        }
    }
}

#[tokio::test]
async fn other_currencies_by_choice_or_by_sign() {
    let app = place().await.app;
    for (text, chosen, read) in [
        ("500", "USD", "500.00 USD"),
        ("500", "", "500.00 KZT"),
        ("100$", "", "100.00 USD"),
        ("€ 200", "", "200.00 EUR"),
        ("300 долларов", "", "300.00 USD"),
        ("5000 руб.", "", "5000.00 RUB"),
        ("12 USDT", "", "12.000000 USDT"),
        ("USDT 12,5", "", "12.500000 USDT"),
        // The sign says it more plainly than a list that nobody touched.
        ("150 000 тг", "USD", "150000.00 KZT"),
        ("1.2340", "BTC", "1.23400000 BTC"),
        ("0,015", "BTC", "0.01500000 BTC"),
        ("1.234", "USD", "1234.00 USD"),
    ] {
        let got = intake::amount(&app, text, chosen).map(|m| m.to_string());
        assert_eq!(got.as_deref(), Ok(read), "{text} {chosen}");
    }
    assert_eq!(intake::amount(&app, "5", "XYZ"), Err("report-amount.currency"));
    for (text, chosen) in [("2,500", "USDT"), ("2.500 USDT", ""), ("1.234", "BTC")] {
        assert_eq!(intake::amount(&app, text, chosen), Err("report-amount.ambiguous"), "{text} {chosen}");
    }
}

#[tokio::test]
async fn a_report_is_told_in_one_currency() {
    let place = place().await;
    let mut b = Browser::new(&place.app, "ru");
    b.begin("money").await;
    let dollars = but(&PAYMENT, &[("amount", "500"), ("currency", "USD"), ("next", "another")]);
    b.post("/report/payment", &dollars).await;
    b.post("/report/payment", &but(&PAYMENT, &[("amount", "1000")])).await;
    b.post("/report/you", &PERSON).await;
    let refused = b.send().await;
    refused.has("в одной валюте");
    b.post("/report/payment/1", &but(&PAYMENT, &[("amount", "1000 долларов")])).await;
    let receipt = b.send().await;
    receipt.has("data-receipt-number");
    b.get("/my-report").await.has("1\u{a0}500\u{a0}USD");
}

fn leak(text: &str) -> &'static str {
    text.to_owned().leak()
}

#[tokio::test]
async fn one_payment_field_by_field() {
    let app = place().await.app;
    let ctx = ctx(&app, Lang::RU);
    let partners = partner::service::all(&app).await.unwrap();
    let judged = |p: &PaymentAnswers| intake::payment(&ctx, &app, &partners, p);
    let good = judged(&typed()).unwrap_or_else(|e| panic!("{e:?}"));
    assert_eq!((good.own_institution.as_str(), good.to_institution.as_str()), ("UBANK", "UBANK"));
    assert_eq!(good.to.map(|t| (t.kind, t.value)), Some(("iban".to_owned(), IBAN.to_owned())));
    let changed = |change: Change| {
        let mut p = typed();
        change(&mut p);
        judged(&p).err().unwrap_or_default().into_iter().map(|e| (e.field, e.code)).collect::<Vec<_>>()
    };
    let wrong: [(Change, &str, &str); 23] = [
        (|p| p.own_bank.clear(), "own_bank", "report-own-bank.missing"),
        (|p| p.own_bank = "NOBANK".into(), "own_bank", "report-own-bank.missing"),
        (|p| p.own_bank = "UBANK\0".into(), "own_bank", "report-own-bank.missing"),
        (|p| p.amount = "0".into(), "amount", "report-amount.not_positive"),
        (|p| p.amount = "9999999999999999999".into(), "amount", "report-amount.too_large"),
        (|p| p.day.clear(), "day", "when-missing"),
        (|p| p.day = "tomorrow".into(), "day", "when-missing"),
        (|p| p.time = "25:99".into(), "day_time", "when-no-time"),
        (|p| p.time = "23:59".into(), "day_time", "when-future"),
        (
            |p| (p.day, p.date, p.month, p.year) = ("other".into(), "31".into(), "2".into(), "2026".into()),
            "day_d",
            "when-no-date",
        ),
        (
            |p| (p.day, p.date, p.month, p.year) = ("other".into(), "1".into(), "2".into(), "1999".into()),
            "day",
            "error-report-payment-too-old",
        ),
        // Everybody is asked for the own account; not to know it is an answer, to leave it out is none.
        (|p| p.own_unknown = false, "own_account", "report-own-account.missing"),
        (|p| p.own_account = "KZ969009A00000000001".into(), "own_account", "report-own-account.iban"),
        (|p| p.own_account = "4400 4301 2345 6780".into(), "own_account", "report-own-account.card"),
        (|p| p.own_account = "12".into(), "own_account", "report-own-account.unreadable"),
        (
            |p| (p.own_account, p.own_bank) = ("*1234".into(), intake::UNKNOWN_BANK.into()),
            "own_account",
            "report-own-account.short",
        ),
        (|p| p.to.clear(), "to", "report-to.missing"),
        (|p| p.to = "тому человеку".into(), "to", "report-to.unreadable"),
        (|p| p.to = "KZ969009A00000000001".into(), "to", "report-to.iban"),
        (|p| p.to = "KZ95 9009 A000 0000 001".into(), "to", "report-to.iban"),
        (|p| p.to = "4400 4301 2345 6780".into(), "to", "report-to.card"),
        (|p| p.to = "8 701 123 45".into(), "to", "report-to.phone"),
        // Bug: the payer's own account, told as the receiver's, was to be held.
        (
            |p| (p.own_account, p.own_unknown, p.to) = (IBAN.into(), false, IBAN.into()),
            "to",
            "error-report-to-itself",
        ),
    ];
    for (change, field, code) in wrong {
        assert_eq!(changed(change), [(field.to_owned(), code.to_owned())]);
    }
    // "I do not know" is an answer.
    assert_eq!(
        changed(|p| (p.own_bank, p.to, p.to_unknown) = (intake::UNKNOWN_BANK.into(), String::new(), true)),
        []
    );
}

/// The own account tells its bank, whatever was chosen; of a card nothing more is kept than is needed to find it.
#[tokio::test]
async fn the_own_account_as_people_write_it() {
    let app = place().await.app;
    let ctx = ctx(&app, Lang::KK);
    let partners = partner::service::all(&app).await.unwrap();
    for (typed_account, bank, kept, institution) in [
        ("kz95 9009 a000 0000 0001", intake::UNKNOWN_BANK, IBAN, "UBANK"),
        ("4400 4301 2345 6789", "UBANK", "4400436789", "UBANK"),
        ("440043******6789", intake::UNKNOWN_BANK, "4400436789", "UBANK"),
        ("•••• 6789", "UBANK", "6789", "UBANK"),
        ("", "UBANK", "", "UBANK"),
    ] {
        let (own_account, to) = (typed_account.into(), "8 701 123-45-67".into());
        let p = PaymentAnswers { own_account, own_bank: bank.into(), to, ..typed() };
        let read = intake::payment(&ctx, &app, &partners, &p).unwrap_or_else(|e| panic!("{e:?}"));
        let read = (read.own_account.as_str(), read.own_institution.as_str());
        assert_eq!(read, (kept, institution), "{typed_account}");
    }
}

#[tokio::test]
async fn anything_may_be_pasted_as_the_receiver() {
    let app = place().await.app;
    for (text, kind, value) in [
        ("8 701 123-45-67", "phone", "+77011234567"),
        ("kz95 9009 a000 0000 0001", "iban", IBAN),
        ("4400 4301 2345 6789", "card", "4400436789"),
        ("Перевод на карту 4400430123456789, получатель Айгерим К.", "card", "4400436789"),
        ("@lucky_invest", "handle", "lucky_invest"),
    ] {
        let p = PaymentAnswers { to: text.to_owned(), ..typed() };
        let read = intake::read_as(&app, &p).map(|t| (t.kind, t.value));
        assert_eq!(read, Some((kind.to_owned(), value.to_owned())), "{text}");
    }
}

#[tokio::test]
async fn today_does_not_move_on_while_the_draft_waits() {
    let place = place().await;
    let before = ctx(&place.app, Lang::KK);
    let dated = typed().dated(&before);
    assert_eq!(
        (dated.day.as_str(), dated.date.as_str(), dated.month.as_str(), dated.year.as_str()),
        ("other", "1", "9", "2026")
    );
    assert_eq!(dated.clone().recalled(&before), typed());
    place.clock.advance_secs(86_400);
    let after = ctx(&place.app, Lang::KK);
    assert_eq!(dated.clone().recalled(&after).day, "yesterday");
    assert_eq!(dated.when().to_when(&after, "day"), dated.when().to_when(&before, "day"));
}

#[tokio::test]
async fn a_report_is_not_refused_for_what_is_missing() {
    let app = place().await.app;
    let ctx = ctx(&app, Lang::KK);
    let partners = partner::service::all(&app).await.unwrap();
    let mut a = Answers { kind: "money".to_owned(), ..Answers::default() };
    let place_of = |a: &Answers| intake::report(&ctx, &app, a, &partners).err().map(|(place, _)| place);
    assert_eq!(place_of(&a), Some(At::You), "an empty phone is asked about once");
    a.set_no_phone(true);
    let report = intake::report(&ctx, &app, &a, &partners).unwrap_or_else(|(_, e)| panic!("{e:?}"));
    assert!(report.payments.is_empty() && report.reporter.phone.is_empty() && report.story.is_empty());
    assert_eq!(report.lang, Lang::KK);
    a.payments = vec![typed(), PaymentAnswers { amount: "x".to_owned(), ..typed() }];
    assert_eq!(place_of(&a), Some(At::Payment(1)));
    a.kind = "other".to_owned();
    assert_eq!(place_of(&a), Some(At::What));
}

#[tokio::test]
async fn words_beside_a_receiver_are_kept_with_the_story() {
    let app = place().await.app;
    let ctx = ctx(&app, Lang::RU);
    let partners = partner::service::all(&app).await.unwrap();
    let story = |to: &str, unknown: bool| {
        let p = PaymentAnswers { to: to.to_owned(), to_unknown: unknown, ..typed() };
        let mut a = Answers { kind: "money".to_owned(), payments: vec![p], ..Answers::default() };
        a.set_no_phone(true);
        intake::report(&ctx, &app, &a, &partners).map(|r| r.story).unwrap_or_else(|(_, e)| panic!("{e:?}"))
    };
    assert_eq!(story(IBAN, false), "");
    assert_eq!(story("8 701 123 45 67", false), "");
    assert_eq!(story("KZ95 9009 A000 0000 0001", false), "");
    assert_eq!(story("Айгерим К.", true), "О получателе написано: Айгерим К.");
    assert_eq!(
        story("Kaspi Айгерим 8 701 123 45 67", false),
        "О получателе написано: Kaspi Айгерим 8 701 123 45 67"
    );
}

#[tokio::test]
async fn phones_and_numbers_of_persons() {
    let app = place().await.app;
    let ctx = ctx(&app, Lang::EN);
    let errors = |phone: &str, iin: &str| {
        let a = Answers { phone: phone.to_owned(), iin: iin.to_owned(), ..Answers::default() };
        match intake::reporter(&ctx, &app, &a) {
            Ok(r) => format!("{} {}", r.phone, r.iin).trim().to_owned(),
            Err(e) => e.into_iter().map(|e| e.text).collect::<Vec<_>>().join("; "),
        }
    };
    for typed in ["+7 701 123 45 67", "87011234567", "7011234567", "8(701)123-45-67", "\u{200e}+77011234567"]
    {
        assert_eq!(errors(typed, ""), "+77011234567", "{typed}");
    }
    assert_eq!(errors("8 701 123 45", ""), "The number has too few or too many digits. Digits entered: 9");
    assert_eq!(errors("8 101 123 45 67", ""), "There is no such phone number. Check every digit");
    assert_eq!(errors("", ""), "Enter your phone number");
    assert_eq!(
        errors("87011234567", "910101300001"),
        "The IIN is wrong. Check the 12 digits on your identity card"
    );
    assert!(errors("87011234567", "абв").starts_with("The IIN is wrong"));
}
