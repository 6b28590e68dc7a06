//! Stories put together from sentences by a seed: millions of variants of what was thought of.

use std::collections::BTreeSet;

use rand::seq::SliceRandom as _;
use rand::{RngExt as _, SeedableRng as _};

use crate::gold::Score;
use crate::make::{self, Made, Rng, digits, pick};

/// Sentences with room for one identifier. No word in them says that it is something else.
fn around(made: &Made, rng: &mut Rng) -> String {
    use identifier::Kind::*;
    let bare_phone = !made.written.starts_with(['8', '+', '7', '８', '(']);
    let sentences: &[&str] = match made.kind {
        Phone if bare_phone => &["тел. {}"],
        Phone => &[
            "Позвонили с номера {}",
            "тел. {}",
            "Мой номер {}, перезвоните",
            "Писали в ватсап {}",
            "WhatsApp: {}",
            "{} нөмірінен қоңырау шалды",
            "Маған {} деген нөмірден хабарласты",
            "ұялы тел: {}",
            "перевела на Kaspi по номеру {}",
            "Байланыс: {}",
            "his phone is {}",
            "They called me from {}",
            "номер мошенника: {}",
            "(тел. {})",
            "Моб.:{}",
            "Сказали позвонить на {} до вечера",
            "{} – это его номер",
            "контактный телефон — {}",
            "Хабарласу үшін {}",
            "Звонок был с {}, я не ответил",
            "{} трубку не берёт",
            "Алаяқтың нөмірі {}",
            "звонит то с {}, то молчит",
        ],
        Card => &[
            "перевёл на карту {}",
            "Номер карты: {}",
            "карта получателя {} (Visa)",
            "картасына {} аудардым",
            "картам {}",
            "деньги ушли на {}",
            "Kaspi Gold {}",
            "card number {}",
            "со своей карты {} отправила",
            "{} картасы",
        ],
        Iban => &[
            "счёт {}",
            "IBAN: {}",
            "ИИК {}",
            "шотына {} аудардым",
            "Перевела на {}, банк Каспи",
            "шот нөмірі {}",
            "account {}",
            "р/с {} в АО «Банк»",
            "деньги зачислены на {}",
        ],
        Iin => &[
            "ИИН {}",
            "ЖСН: {}",
            "ИИН мошенника — {}",
            "Оның ЖСН-і {}",
            "гражданин Ахметов, ИИН: {}",
            "IIN {}",
            "(ИИН {})",
            "{}",
        ],
        Bin => &[
            "БИН {}",
            "БСН: {}",
            "ТОО «Алтын», БИН: {}",
            "ЖШС БСН {}",
            "ИИН/БИН {}",
            "BIN {}",
            "компания с БИН {}",
        ],
        Imei => &["IMEI {}", "IMEI: {}", "IMEI телефона: {}", "телефонның IMEI-і {}", "имей {}", "{} (IMEI)"],
        Url => &[
            "ссылка {}",
            "Перешёл по ссылке {}",
            "«{}»",
            "({})",
            "сілтеме: {}",
            "кіріп қалдым {} сосын ақша кетті",
            "{}",
            "link: {}",
            "<{}>",
        ],
        Domain => &[
            "сайт {}",
            "на сайте {} ввела данные",
            "{} сайтына кірдім",
            "Сайты: {}",
            "домен {}",
            "«{}»",
            "зашла на {}",
            "the site {}",
            "фишинговый {} ещё работает",
        ],
        Email => &[
            "почта {}",
            "Писали с {}",
            "e-mail: {}",
            "поштасы {}",
            "<{}>",
            "email {}",
            "на адрес {} отправил документы",
        ],
        Handle => &[
            "телеграм {}",
            "Инстаграм: {}",
            "парақшасы {}",
            "ник {}",
            "{} деген адам",
            "писал {}",
            "({})",
            "his Telegram is {}",
        ],
        Ip => &["IP {}", "IP-адрес: {}", "вход с адреса {}", "сервер {}", "IP мекенжайы {}", "from IP {}"],
        _ => &[
            "кошелёк {}",
            "адрес {}",
            "{} әмиянына жібердім",
            "отправил USDT на {}",
            "wallet: {}",
            "BTC/ETH/TRX: {}",
            "({})",
        ],
    };
    pick(rng, sentences).replace("{}", &made.written)
}

/// What only looks like an identifier.
fn decoy(rng: &mut Rng) -> String {
    let number = match rng.random_range(0..9_u8) {
        0 => format!("87{}", digits(rng, 9)),
        1 => format!("870{}", digits(rng, 8)),
        2 => make::iin_number(rng),
        3 => make::bin_number(rng),
        4 => make::card_number(rng),
        5 => format!("7{}", digits(rng, 9)),
        6 => digits(rng, 12),
        7 => digits(rng, 16),
        _ => make::imei_number(rng),
    };
    let thing = pick(
        rng,
        &[
            "заказ",
            "Заказ",
            "договор",
            "договор займа",
            "накладная",
            "трек-номер",
            "трек",
            "чек",
            "квитанция",
            "талон",
            "заявка",
            "обращение",
            "полис",
            "билет",
            "артикул",
            "код товара",
            "код",
            "штрих-код",
            "серийный номер",
            "лицевой счёт",
            "счёт-фактура",
            "инвойс",
            "номер заказа",
            "номер договора",
            "номер заявки",
            "номер чека",
            "номер посылки",
            "протокол",
            "акт",
            "бронь",
            "тапсырыс",
            "тапсырыс нөмірі",
            "шарт",
            "келісімшарт",
            "жүкқұжат",
            "түбіртек",
            "өтінім",
            "билет нөмірі",
            "трек-код",
            "шағым",
            "order",
            "Order number",
            "tracking number",
            "invoice",
            "contract",
            "receipt",
            "ticket",
            "booking",
            "ID транзакции",
            "номер операции",
            "номер платежа",
            "RRN",
            "промокод",
            "паспорт",
            "удостоверение",
            "лицензия",
            "дело",
            "исх.",
            "вх.",
        ],
    );
    let joined = pick(rng, &[" № ", " №", ": ", " ", " — ", " # ", ": № "]);
    match rng.random_range(0..26_u8) {
        0..=12 => format!("{thing}{joined}{number}"),
        13 => format!("{number} нөмірлі {}", pick(rng, &["тапсырыс", "шарт", "өтінім", "билет", "жүкқұжат"])),
        14 => format!("сумма {} {} тенге", rng.random_range(1..999), digits(rng, 3)),
        15 => format!(
            "{}.{}{}.2026 в {}:{}",
            rng.random_range(10..28),
            0,
            rng.random_range(1..9),
            rng.random_range(10..23),
            rng.random_range(10..59)
        ),
        16 => format!("код из СМС {}", digits(rng, 6)),
        17 => format!(
            "файл {}_{}.{}",
            pick(rng, &["photo", "IMG", "чек", "scan"]),
            digits(rng, 8),
            pick(rng, &["jpg", "pdf", "png", "apk", "docx"])
        ),
        18 => format!(
            "версия {}.{}.{}",
            rng.random_range(1..20),
            rng.random_range(0..9),
            rng.random_range(0..9)
        ),
        19 => {
            format!("{} {} {},{} тг", rng.random_range(1..9), digits(rng, 3), digits(rng, 3), digits(rng, 2))
        }
        20 => "т.е. и т.д., ж.т.б., и.о. директора.Потом всё".to_owned(),
        21 => format!("рейс KC {}, место {}A", digits(rng, 3), rng.random_range(1..30)),
        22 => format!("госномер {} ABC {}", digits(rng, 3), digits(rng, 2)),
        23 => format!("{}% годовых на {} мес.", rng.random_range(5..40), rng.random_range(3..60)),
        24 => format!("индекс {}, кв. {}", digits(rng, 6), rng.random_range(1..300)),
        _ => format!("{} 000 теңгеге {} дана", digits(rng, 2), rng.random_range(2..9)),
    }
}

/// A story and what is in it.
pub(crate) fn story(rng: &mut Rng) -> (String, BTreeSet<(String, String)>) {
    let makers: [fn(&mut Rng) -> Made; 14] = [
        make::phone,
        make::phone,
        make::landline,
        make::card,
        make::iban,
        make::iin,
        make::bin,
        make::imei,
        make::url,
        make::domain,
        make::email,
        make::handle,
        make::ip,
        make::wallet,
    ];
    let mut expected = BTreeSet::new();
    let mut parts = Vec::new();
    for _ in 0..rng.random_range(0..5_u8) {
        let made = makers[rng.random_range(0..makers.len())](rng);
        parts.push(around(&made, rng));
        expected.insert((made.kind.as_str().to_owned(), made.canonical));
    }
    for _ in 0..rng.random_range(0..4_u8) {
        parts.push(decoy(rng));
    }
    for _ in 0..rng.random_range(0..3_u8) {
        let filler = pick(
            rng,
            &[
                "Здравствуйте",
                "Прошу принять меры",
                "Көмектесіңіздерші",
                "Ақшам қайтпады",
                "деньги не вернули",
                "Please help me",
                "😡😡😡",
                "Сумма ущерба 350 000 тенге",
                "Бұл 12.11.2026 күні болды",
                "в 14:35 всё пропало",
            ],
        );
        parts.push(filler.to_owned());
    }
    parts.shuffle(rng);
    let joint = pick(rng, &[". ", ".\n", "\n", "; ", "! "]);
    (parts.join(joint), expected)
}

#[test]
fn stories_by_seed() {
    let read =
        |name: &str, other: u64| std::env::var(name).ok().and_then(|n| n.parse().ok()).unwrap_or(other);
    let (first, count) = (read("STORY_SEED", 1), read("STORY_COUNT", 1_500));
    let mut score = Score::default();
    for seed in first..first + count {
        let mut rng = Rng::seed_from_u64(seed);
        let (story, expected) = story(&mut rng);
        score.judge(&format!("seed {seed}"), &story, &expected);
    }
    score.assert_bar("generated");
}
