//! Invented people of Kazakhstan for trying out how records are gathered: families, twins, namesakes, married women, in Kazakh,
//! Russian and Latin writing, with blanks and slips. Everything in it is drawn from a seed; nobody is real.

use person::resolve::Record;

/// SplitMix64.
pub struct Chance(u64);

impl Chance {
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
    pub fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(n).unwrap()).unwrap()
    }
    /// So many times of a hundred.
    pub fn often(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }
    /// One of many, those at the beginning more often.
    fn one<'a>(&mut self, all: &[&'a str]) -> &'a str {
        let a = self.below(all.len());
        let b = self.below(all.len());
        all[a.min(b)]
    }
}

const MEN: &[&str] = &[
    "Нұрлан",
    "Ерлан",
    "Серік",
    "Болат",
    "Асқар",
    "Марат",
    "Қайрат",
    "Талғат",
    "Бауыржан",
    "Данияр",
    "Алмас",
    "Арман",
    "Дәурен",
    "Ержан",
    "Айдос",
    "Санжар",
    "Тимур",
    "Руслан",
    "Нұржан",
    "Бекзат",
    "Мұрат",
    "Самат",
    "Жандос",
    "Олжас",
    "Ғалым",
    "Қанат",
    "Дархан",
    "Рустам",
    "Азамат",
    "Әділет",
    "Темірлан",
    "Сергей",
    "Александр",
    "Дмитрий",
    "Андрей",
    "Виктор",
    "Олег",
    "Игорь",
    "Юрий",
    "Михаил",
    "Евгений",
];
const WOMEN: &[&str] = &[
    "Айгүл",
    "Гүлнар",
    "Динара",
    "Әлия",
    "Жанар",
    "Мәдина",
    "Сәуле",
    "Айнұр",
    "Асель",
    "Ботагөз",
    "Гүлмира",
    "Ләззат",
    "Айжан",
    "Әсем",
    "Шолпан",
    "Қарлығаш",
    "Меруерт",
    "Назгүл",
    "Гүлжан",
    "Зарина",
    "Камила",
    "Аружан",
    "Толқын",
    "Үміт",
    "Жұлдыз",
    "Ольга",
    "Елена",
    "Наталья",
    "Светлана",
    "Ирина",
    "Татьяна",
    "Юлия",
    "Марина",
    "Анна",
    "Екатерина",
    "Оксана",
];
const ROOTS: &[&str] = &[
    "Ахмет",
    "Сейіт",
    "Оспан",
    "Ибрагим",
    "Жүніс",
    "Әбді",
    "Сүлеймен",
    "Қасым",
    "Нұрпейіс",
    "Тоқтар",
    "Байжан",
    "Есен",
    "Мұса",
    "Темір",
    "Жақып",
    "Сәрсен",
    "Әлі",
    "Бекмұрат",
    "Кенже",
    "Тілеу",
    "Шәріп",
    "Рахым",
    "Досжан",
    "Мырза",
    "Қожахмет",
    "Ыбырай",
    "Өтеген",
    "Айтбай",
    "Сатыбалды",
    "Дүйсен",
    "Жұмабай",
    "Қалдыбай",
    "Иван",
    "Петр",
    "Сидор",
    "Кузнец",
    "Попо",
    "Смирн",
    "Волко",
    "Зайц",
    "Морозо",
    "Новико",
    "Щербак",
    "Жук",
    "Чернышо",
    "Ющенк",
    "Цветк",
    "Хамит",
    "Юсуп",
    "Яхья",
];
const PLAIN: &[&str] =
    &["Ким", "Цой", "Ли", "Пак", "Тен", "Шмидт", "Вебер", "Бондаренко", "Шевченко", "Ткаченко"];
const CITIES: &[&str] = &[
    "Алматы",
    "Астана",
    "Шымкент",
    "Қарағанды",
    "Ақтөбе",
    "Тараз",
    "Павлодар",
    "Өскемен",
    "Семей",
    "Қостанай",
];
const STREETS: &[&str] = &[
    "Абай",
    "Сәтбаев",
    "Төле би",
    "Достық",
    "Жібек жолы",
    "Гоголь",
    "Пушкин",
    "Құрманғазы",
    "Бөгенбай батыр",
    "Желтоқсан",
    "Мира",
    "Ленин",
    "Ауэзов",
    "Жандосов",
    "Момышұлы",
    "Сейфуллин",
    "Рыскулов",
    "Тәуелсіздік",
    "Республика",
    "Сарыарқа",
];

/// Kazakh letters as a Russian clerk writes them.
fn russian(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            'ә' => 'а',
            'Ә' => 'А',
            'ғ' => 'г',
            'Ғ' => 'Г',
            'қ' => 'к',
            'Қ' => 'К',
            'ң' => 'н',
            'ө' => 'о',
            'Ө' => 'О',
            'ұ' | 'ү' => 'у',
            'Ұ' | 'Ү' => 'У',
            'і' => 'и',
            'І' => 'И',
            'һ' => 'х',
            c => c,
        })
        .collect()
}

/// Latin letters as a passport, or somebody in a hurry, writes them.
fn latin(text: &str, hurried: bool) -> String {
    let mut out = String::new();
    for c in russian(text).chars() {
        let small = c.to_lowercase().next().unwrap();
        let letters = match small {
            'а' => "a",
            'б' => "b",
            'в' => "v",
            'г' => "g",
            'д' => "d",
            'е' | 'э' => "e",
            'ё' => "yo",
            'ж' => {
                if hurried {
                    "j"
                } else {
                    "zh"
                }
            }
            'з' => "z",
            'и' => "i",
            'й' => {
                if hurried {
                    "i"
                } else {
                    "y"
                }
            }
            'к' => "k",
            'л' => "l",
            'м' => "m",
            'н' => "n",
            'о' => "o",
            'п' => "p",
            'р' => "r",
            'с' => "s",
            'т' => "t",
            'у' => "u",
            'ф' => "f",
            'х' => {
                if hurried {
                    "h"
                } else {
                    "kh"
                }
            }
            'ц' => "ts",
            'ч' => "ch",
            'ш' => "sh",
            'щ' => "shch",
            'ы' => {
                if hurried {
                    "i"
                } else {
                    "y"
                }
            }
            'ю' => {
                if hurried {
                    "iu"
                } else {
                    "yu"
                }
            }
            'я' => {
                if hurried {
                    "ia"
                } else {
                    "ya"
                }
            }
            'ъ' | 'ь' => "",
            _ => {
                out.push(c);
                continue;
            }
        };
        if c.is_uppercase() {
            let mut letters = letters.chars();
            out.extend(letters.next().map(|c| c.to_ascii_uppercase()));
            out.extend(letters);
        } else {
            out.push_str(letters);
        }
    }
    out
}

/// A slip of whoever typed it.
fn slip(chance: &mut Chance, text: &str) -> String {
    let mut signs: Vec<char> = text.chars().collect();
    if signs.len() < 4 {
        return text.to_owned();
    }
    let at = 1 + chance.below(signs.len() - 2);
    match chance.below(4) {
        0 => {
            signs.remove(at);
        }
        1 => signs.swap(at, at + 1),
        2 => signs.insert(at, signs[at]),
        _ => {
            let other = 1 + chance.below(signs.len() - 1);
            signs[at] = signs[other];
        }
    }
    signs.into_iter().collect()
}

#[derive(Clone)]
struct Somebody {
    man: bool,
    root: String,
    given: String,
    father: String,
    birth: (usize, usize, usize),
    iin: String,
    phone: String,
    address: (String, String, usize, usize),
    /// The family's name before she married.
    born: Option<String>,
}

fn family_name(root: &str, man: bool) -> String {
    if PLAIN.contains(&root) {
        return root.to_owned();
    }
    let root = root.trim_end_matches('о');
    let soft = root.ends_with(['ц', 'й', 'і', 'и']);
    format!("{}{}{}", root.trim_end_matches('й'), if soft { "ев" } else { "ов" }, if man { "" } else { "а" })
}

fn fathers(father: &str, man: bool, kazakh: bool) -> String {
    if kazakh {
        return format!("{father}{}", if man { "ұлы" } else { "қызы" });
    }
    let stem = russian(father);
    let stem = stem.trim_end_matches(['й', 'ь']);
    let soft = father.ends_with(['й', 'ь']);
    format!(
        "{stem}{}",
        match (man, soft) {
            (true, true) => "евич",
            (true, false) => "ович",
            (false, true) => "евна",
            (false, false) => "овна",
        }
    )
}

fn check_digit(eleven: &str) -> Option<char> {
    let digits: Vec<usize> = eleven.bytes().map(|b| usize::from(b - b'0')).collect();
    let sum =
        |shift: usize| digits.iter().enumerate().map(|(i, d)| d * ((i + shift) % 11 + 1)).sum::<usize>() % 11;
    let check = if sum(0) == 10 { sum(2) } else { sum(0) };
    char::from_digit(u32::try_from(check).unwrap(), 10)
}

fn number(chance: &mut Chance, birth: (usize, usize, usize), man: bool) -> String {
    loop {
        let century = if birth.0 < 2000 { 3 } else { 5 } + usize::from(!man);
        let eleven =
            format!("{:02}{:02}{:02}{century}{:04}", birth.0 % 100, birth.1, birth.2, chance.below(10_000));
        if let Some(check) = check_digit(&eleven) {
            return format!("{eleven}{check}");
        }
    }
}

fn phone(chance: &mut Chance) -> String {
    format!(
        "7{}{:07}",
        ["700", "701", "702", "705", "707", "747", "771", "775", "777"][chance.below(9)],
        chance.below(10_000_000)
    )
}

fn birth(chance: &mut Chance) -> (usize, usize, usize) {
    (1950 + chance.below(58), 1 + chance.below(12), 1 + chance.below(28))
}

fn person(
    chance: &mut Chance,
    root: &str,
    father: &str,
    address: &(String, String, usize, usize),
) -> Somebody {
    let man = chance.often(50);
    let birth = birth(chance);
    Somebody {
        man,
        root: root.to_owned(),
        given: chance.one(if man { MEN } else { WOMEN }).to_owned(),
        father: father.to_owned(),
        birth,
        iin: number(chance, birth, man),
        phone: phone(chance),
        address: address.clone(),
        born: None,
    }
}

fn people(chance: &mut Chance, families: usize) -> Vec<Somebody> {
    let mut all: Vec<Somebody> = Vec::new();
    for _ in 0..families {
        let root = if chance.often(10) { chance.one(PLAIN) } else { ROOTS[chance.below(ROOTS.len())] };
        let father = chance.one(MEN);
        let address = (
            chance.one(CITIES).to_owned(),
            chance.one(STREETS).to_owned(),
            1 + chance.below(150),
            1 + chance.below(120),
        );
        let children = 1 + chance.below(3);
        let shared = phone(chance);
        for _ in 0..children {
            let mut one = person(chance, root, father, &address);
            if chance.often(25) {
                one.phone.clone_from(&shared);
            }
            if !one.man && chance.often(30) {
                one.born = Some(one.root.clone());
                one.root = ROOTS[chance.below(ROOTS.len())].to_owned();
            }
            // Twins.
            if chance.often(8) {
                let mut twin = person(chance, root, father, &address);
                twin.birth = one.birth;
                twin.iin = number(chance, twin.birth, twin.man);
                if twin.given != one.given {
                    all.push(twin);
                }
            }
            // A namesake elsewhere.
            if chance.often(6) {
                let mut namesake = one.clone();
                namesake.birth = birth(chance);
                namesake.iin = number(chance, namesake.birth, namesake.man);
                namesake.phone = phone(chance);
                namesake.address = (
                    chance.one(CITIES).to_owned(),
                    chance.one(STREETS).to_owned(),
                    1 + chance.below(150),
                    1 + chance.below(120),
                );
                all.push(namesake);
            }
            all.push(one);
        }
    }
    all
}

fn written(chance: &mut Chance, who: &Somebody) -> Record {
    let way = chance.below(10);
    let kazakh = way < 4;
    let in_latin = way >= 8;
    let root = match &who.born {
        Some(born) if chance.often(40) => born.as_str(),
        _ => who.root.as_str(),
    };
    let (mut last, mut first) = (family_name(root, who.man), who.given.clone());
    let mut middle = fathers(&who.father, who.man, kazakh || chance.often(30));
    let hurried = chance.often(50);
    let write = |text: &str| match way {
        0..4 => text.to_owned(),
        4..8 => russian(text),
        _ => latin(text, hurried),
    };
    (last, first, middle) = (write(&last), write(&first), write(&middle));
    for (field, often) in [(&mut last, 12), (&mut first, 10), (&mut middle, 10)] {
        if chance.often(often) {
            *field = slip(chance, field);
        }
    }
    if chance.often(30) || in_latin && chance.often(50) {
        middle = String::new();
    }
    if chance.often(4) {
        std::mem::swap(&mut last, &mut first);
    }
    let (mut y, mut m, mut d) = who.birth;
    if chance.often(3) && d <= 12 {
        std::mem::swap(&mut m, &mut d);
    } else if chance.often(3) {
        d = 1 + chance.below(28);
    } else if chance.often(2) {
        y += 1;
    }
    let birth = match chance.below(10) {
        0 => String::new(),
        1..4 => format!("{d:02}.{m:02}.{y}"),
        _ => format!("{y}-{m:02}-{d:02}"),
    };
    let phone = if chance.often(30) {
        String::new()
    } else if chance.often(20) {
        phone(chance)
    } else {
        who.phone.clone()
    };
    let (city, street, house, flat) = if chance.often(15) {
        (
            chance.one(CITIES).to_owned(),
            chance.one(STREETS).to_owned(),
            1 + chance.below(150),
            1 + chance.below(120),
        )
    } else {
        who.address.clone()
    };
    let address = match way {
        _ if chance.often(30) => String::new(),
        0..4 => format!("{city} қ., {street} көшесі, {house}-үй, {flat}-пәтер"),
        4..8 => format!("г. {}, ул. {}, д. {house}, кв. {flat}", russian(&city), russian(&street)),
        _ => format!("{} street {house}, apt {flat}, {}", latin(&street, false), latin(&city, false)),
    };
    let iin = if chance.often(60) {
        String::new()
    } else if chance.often(3) {
        slip(chance, &who.iin)
    } else {
        who.iin.clone()
    };
    Record { iin, last, first, middle, birth, phone, address }
}

/// Records in a drawn order, each with the person whose it is.
pub fn records(seed: u64, families: usize) -> Vec<(Record, usize)> {
    let mut chance = Chance::new(seed);
    let people = people(&mut chance, families);
    let mut all = Vec::new();
    for (no, who) in people.iter().enumerate() {
        for _ in 0..[1, 1, 2, 2, 3, 4][chance.below(6)] {
            all.push((written(&mut chance, who), no));
        }
    }
    for at in (1..all.len()).rev() {
        all.swap(at, chance.below(at + 1));
    }
    all
}
