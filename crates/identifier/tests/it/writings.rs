//! Addresses in all the ways they are written, and what only looks like one.

use identifier::{Options, extract};

const WRITINGS: &[(&str, &str, &str)] = &[
    ("сайт kaspi-pay.online", "domain", "kaspi-pay.online"),
    ("KASPI.KZ", "domain", "kaspi.kz"),
    ("на kaspi-bonus.money зашёл", "domain", "kaspi-bonus.money"),
    ("called kaspi-help.me yesterday", "domain", "kaspi-help.me"),
    ("kaspi [dot] kz", "domain", "kaspi.kz"),
    ("kaspi DOT kz", "domain", "kaspi.kz"),
    ("kaspi.kz-тен", "domain", "kaspi.kz"),
    ("kaspi.kz.Потом", "domain", "kaspi.kz"),
    ("(kaspi.kz)", "domain", "kaspi.kz"),
    ("www.kaspi.kz", "domain", "kaspi.kz"),
    ("kaspi.kz:8443", "domain", "kaspi.kz"),
    ("kaspi.kz/", "domain", "kaspi.kz"),
    ("ссылка goo.su/abc", "url", "https://goo.su/abc"),
    ("https://kaspi.kz.", "url", "https://kaspi.kz"),
    ("\"https://kaspi.kz/a\"", "url", "https://kaspi.kz/a"),
    ("https://kaspi.kz/a, потом", "url", "https://kaspi.kz/a"),
    ("https://kaspi.kz/a?x=1.", "url", "https://kaspi.kz/a?x=1"),
    ("https://kaspi.kz/a!", "url", "https://kaspi.kz/a"),
    ("https://kaspi.kz:8443/a#b", "url", "https://kaspi.kz:8443/a"),
    ("https://kaspi.kz/a?utm_source=1&b=2&utm_medium=3", "url", "https://kaspi.kz/a?b=2"),
    ("https://user@kaspi.kz/a", "url", "https://kaspi.kz/a"),
    ("http://[2001:db8::1]/a", "url", "http://[2001:db8::1]/a"),
    ("ссылкаhttps://kaspi.kz/aпотом", "url", "https://kaspi.kz/a"),
    ("https://kaspi.kz/a-ға", "url", "https://kaspi.kz/a"),
    ("https://kaspi.kz-ге кірдім", "url", "https://kaspi.kz"),
    ("hхxp://kaspi.kz/a", "url", "http://kaspi.kz/a"),
    ("https:/kaspi.kz/a", "url", "https://kaspi.kz/a"),
    ("https//kaspi.kz/a", "url", "https://kaspi.kz/a"),
    ("http:\\\\kaspi.kz\\a", "url", "http://kaspi.kz/a"),
    ("[тут](https://kaspi.kz/a)", "url", "https://kaspi.kz/a"),
    ("<https://kaspi.kz/a>", "url", "https://kaspi.kz/a"),
    ("**https://kaspi.kz/a**", "url", "https://kaspi.kz/a"),
    ("t.me/kaspi_help", "url", "https://t.me/kaspi_help"),
    ("<d@e.kz>", "email", "d@e.kz"),
    ("A.B@C.KZ", "email", "a.b@c.kz"),
    ("a@b.kz-ге", "email", "a@b.kz"),
    ("почтаivan@mail.ru", "email", "ivan@mail.ru"),
    ("ivan(at)mail(dot)ru", "email", "ivan@mail.ru"),
    ("ivan at mail dot ru", "email", "ivan@mail.ru"),
    ("ivan@mail.ru.Потом", "email", "ivan@mail.ru"),
    ("ivan@почта.рф", "email", "ivan@xn--80a1acny.xn--p1ai"),
    ("@ABC_d!", "handle", "abc_d"),
    ("«@abcde»", "handle", "abcde"),
    ("@a.b.c.", "handle", "a.b.c"),
    ("@kaspi_help-ке", "handle", "kaspi_help"),
    ("телеграм@kaspi_help", "handle", "kaspi_help"),
    ("IP:185.12.34.56", "ip", "185.12.34.56"),
    ("[185.12.34.56]", "ip", "185.12.34.56"),
    ("185.12.34.56:80", "ip", "185.12.34.56"),
    ("185.12.34.56/24", "ip", "185.12.34.56"),
    ("185.12.34.56-ден", "ip", "185.12.34.56"),
    ("185.12.34.56.", "ip", "185.12.34.56"),
    ("2001:db8::1.", "ip", "2001:db8::1"),
];

const NOTHING: &[&str] = &[
    "OK.Хорошо, iPhone.Потом, Kaspi.Он, WhatsApp.Там, USD.Курс, PDF.Файл",
    "т.к. P.S. и т.п. руб.кг кв.м A.B.Ivanov И.И.Иванов С.Ж.Асфендияров Inc. v.2 No.5 etc. a.m.",
    "Co.Ltd Apple.Inc Mr.Smith Node.js index.html main.py 1С.Предприятие ст.190 п.2 10.5.kg x.y",
    "Яндекс.Такси Яндекс.Деньги Yandex.Eda Beeline.Мой BI.Group",
    "Я зашла в банк.Он закрыт.И всё.Тут пришло смс.No я не поверила.It was fake.So I called.He said ok",
    "Тел.моб. раб.тел. дом.адрес эл.почта моб.тел",
    "Оплата в 10.30.Потом в 11.45.Ещё в 12.00",
    "г.Алматы,мкр.Аксай-3,д.12.кв.5",
    "Сумма 1.000.000.тенге и 2.000.000тг",
    "Купил Samsung.Galaxy.S24 и ноут Asus.ROG",
    "Обратился в Kaspi.Bank и Halyk.Bank",
    "жоқ.Ол маған айтты.Содан кейін.Бәрі бітті",
    "Мен барлығын айттым.ол сенбеді.маған ақша бермеді",
    "скинул деньги.карту заблокировали.сайт не работает",
    "не отвечает.онлайн банк тоже.дети плачут",
    "перевёл.ру и обманули.ком",
    "Ошибка 404.Страница не найдена",
    "файл.zip архив.rar фото.heic видео.mov book.md",
    "версия 2.0.1.beta",
    "Он написал @ мне. собака@ и @собака",
    "e-mail нет, @@ , @1 , @_",
    "Цена:5000тг/шт.Доставка:бесплатно",
    "www. www www.нет",
    "http:// https:// hxxp",
    "C:\\Users\\Admin\\Desktop\\fraud.docx и /home/user/file.txt",
    "192.168.1 и 10.0.0 и 1.2.3",
    "12:30:45:22 ::1 a::b",
    "std::string, a:b:c",
];

#[test]
fn one_address_each() {
    for (text, kind, canonical) in WRITINGS {
        let found = extract(text, &Options::default());
        let shown: Vec<(&str, &str)> =
            found.iter().map(|f| (f.kind.as_str(), f.canonical.as_str())).collect();
        assert_eq!(shown, [(*kind, *canonical)], "{text}");
    }
}

#[test]
fn nothing_in_these() {
    for text in NOTHING {
        let found = extract(text, &Options::default());
        assert!(found.is_empty(), "{text}: {found:?}");
    }
}
