//! What a second pair of eyes found by writing a thousand stories against the extractor: every fault as
//! one line, with what a careful reader finds there. Names and numbers are invented.

use identifier::{Options, extract};

type Case = (&'static str, &'static [(&'static str, &'static str)]);

const NUMBERS: &[Case] = &[
    // A list that has lost its blanks.
    ("8 747 555 10 78,8-775-555-37-40", &[("phone", "+77475551078"), ("phone", "+77755553740")]),
    ("87015550188\\87025550199", &[("phone", "+77015550188"), ("phone", "+77025550199")]),
    ("5169 4928 5699 9011/4400 4301 1234 5670", &[("card", "5169499011"), ("card", "4400435670")]),
    (
        "nomer87015550188Aigul +77025550199Asel 4400430112345670Dana",
        &[("phone", "+77015550188"), ("phone", "+77025550199"), ("card", "4400435670")],
    ),
    ("87015550188A1b2 4400430112345670xK", &[]),
    // Groups cut in two, and digit by digit.
    ("🏦4400 43 01 12\u{a0}34 5670", &[("card", "4400435670")]),
    ("4 4 0 0 4 3 0 1 1 2 3 4 5 6 7 0", &[("card", "4400435670")]),
    ("гр-н С., 910101 397223, 01.01.1991 г.р.", &[("iin", "910101397223")]),
    ("7172 55 12 34 Астана", &[("phone", "+77172551234")]),
    ("+7 (701) 555 — 58 — 76", &[("phone", "+77015555876")]),
    ("пополнил баланс 87015550188", &[("phone", "+77015550188")]),
    // With its plus sign a number needs no plan that gave it out, and nothing is read out of its middle.
    ("+44 7700 900123", &[("phone", "+447700900123")]),
    ("+1 555 123 4567, +1 (555) 010-9999", &[("phone", "+15551234567"), ("phone", "+15550109999")]),
    ("+972 50-123-4567 Израиль", &[("phone", "+972501234567")]),
    ("+45 000 ₸, +350 000 000 тг, +1 250 000 тенге, +87 500 000", &[]),
    ("телефон в объявлении 8-776-555-90-78", &[("phone", "+77765559078")]),
    ("телефон в договоре 87015550188", &[("phone", "+77015550188")]),
    ("пополнил через терминал 87015550188", &[("phone", "+77015550188")]),
    ("звонил по объявлению 87015550188", &[("phone", "+77015550188")]),
    ("номер объявления 87015550188", &[]),
    ("отдел заказов: 87015550188", &[("phone", "+77015550188")]),
    ("для обращений 8 727 255 01 88", &[("phone", "+77272550188")]),
    ("гарант сделки 87015550188", &[("phone", "+77015550188")]),
    ("номера заказов 87015550188 и 87015550199", &[]),
    ("10:12 вх. 77015550188 00:14:22", &[("phone", "+77015550188")]),
    ("вх. № 87015550188 от 01.02.2026", &[]),
    ("4400 4301 1234 5670 1500 тг", &[("card", "4400435670")]),
    // Things with numbers of their own.
    ("заказ на вб 87015550188", &[]),
    ("заказ с вайлдберриз 87015550188", &[]),
    ("номер заказа на Ozon 87015550188", &[]),
    ("номер претензии 7025550199 принят", &[]),
    ("номер квитанции об оплате 87015550188", &[]),
    ("присвоен номер 87015550188 по заявлению", &[]),
    ("ID аккаунта 7015550188", &[]),
    ("id чата 7015550188", &[]),
    ("сч. № 87015550188", &[]),
    ("№ заказа\n87015550188", &[]),
    ("Номер договора\n87015550188", &[]),
    ("87015550188 тапсырыс нөмірі", &[]),
    ("87015550188 тапсырыс нөмірі 5566", &[("phone", "+77015550188")]),
    ("zakaz nomer 87015550188 ne prishel", &[]),
    ("nomer dogovora 7015550188", &[]),
    ("Men 87015550188 nomirine aqsha saldym", &[("phone", "+77015550188")]),
    ("доход 87015550188 тг", &[]),
    ("номер ветпаспорта 87015550188", &[]),
    ("карта скидок 4400430112345670", &[]),
    ("узб 998 93 123 45 67", &[("phone", "+998931234567")]),
    ("87015550188 тг", &[("phone", "+77015550188")]),
];

const ACCOUNTS: &[Case] = &[
    ("IBANKZ86125KZT5004100100", &[("iban", "KZ86125KZT5004100100")]),
    ("KZ-86-125K-ZT50-0410-0100", &[("iban", "KZ86125KZT5004100100")]),
    ("KZ86_125K_ZT50_0410_0100", &[("iban", "KZ86125KZT5004100100")]),
    ("KZ86125KZT\n5004100100", &[("iban", "KZ86125KZT5004100100")]),
    ("K Z 8 6 1 2 5 K Z T 5 0 0 4 1 0 0 1 0 0", &[("iban", "KZ86125KZT5004100100")]),
];

const ADDRESSES: &[Case] = &[
    ("kaspi-id.shop/kaspi-id.store", &[("domain", "kaspi-id.shop"), ("domain", "kaspi-id.store")]),
    ("kaspi-id.shop/index.html", &[("url", "https://kaspi-id.shop/index.html")]),
    ("на сайтеkaspi-gift.topоплатил", &[("domain", "kaspi-gift.top")]),
    ("сайт-kaspi-gift.top", &[("domain", "kaspi-gift.top")]),
    ("halyk-id.KZ", &[("domain", "halyk-id.kz")]),
    ("kaspi-gift . top", &[("domain", "kaspi-gift.top")]),
    ("kaspi . kz", &[("domain", "kaspi.kz")]),
    ("I am done . top of the list", &[]),
    ("kaspi-id\\.kz", &[("domain", "kaspi-id.kz")]),
    ("kaspi-id точка кз", &[("domain", "kaspi-id.kz")]),
    (
        "в банк.рфе и төлем.қаздан",
        &[("domain", "xn--80ab2al.xn--p1ai"), ("domain", "xn--e1alev94f.xn--80ao21a")],
    ),
    (
        "https://kaspi-id.kz/ahttps://kaspi-id.kz/b",
        &[("url", "https://kaspi-id.kz/a"), ("url", "https://kaspi-id.kz/b")],
    ),
    ("https://a.example/?u=https://b.example/c", &[("url", "https://a.example/?u=https://b.example/c")]),
    ("https://kaspi-id.kz/a?b=c,вывод 3 дня", &[("url", "https://kaspi-id.kz/a?b=c")]),
    ("https://kaspi-id.kz/a(не открывать)", &[("url", "https://kaspi-id.kz/a")]),
    ("https://kaspi-id.kz/a.Потом", &[("url", "https://kaspi-id.kz/a")]),
    ("https://kaspi-id.kz/a?что это", &[("url", "https://kaspi-id.kz/a")]),
    ("t.me/ivan_p,t.me/petr_i", &[("url", "https://t.me/ivan_p"), ("url", "https://t.me/petr_i")]),
    ("https://kaspi-id.kz/a,b.html", &[("url", "https://kaspi-id.kz/a,b.html")]),
    ("ivan@ mail.ru", &[("email", "ivan@mail.ru")]),
    ("ivan@mail. ru", &[("email", "ivan@mail.ru")]),
    ("ivan точка k собака mail точка ru", &[("email", "ivan.k@mail.ru")]),
    ("ip: 198.51.100.5/198.51.100.6", &[("ip", "198.51.100.5"), ("ip", "198.51.100.6")]),
    ("198.51.100.5/24", &[("ip", "198.51.100.5")]),
    ("с 198.51.100.5 на 10.0.0.1", &[("ip", "198.51.100.5"), ("ip", "10.0.0.1")]),
    ("255.255.255.0 маска сети", &[]),
];

#[test]
fn every_fault_that_was_found_stays_mended() {
    for (story, expected) in NUMBERS.iter().chain(ACCOUNTS).chain(ADDRESSES) {
        let found = extract(story, &Options::default());
        let shown: Vec<(&str, &str)> =
            found.iter().map(|f| (f.kind.as_str(), f.canonical.as_str())).collect();
        assert_eq!(shown, *expected, "{story}");
    }
}
