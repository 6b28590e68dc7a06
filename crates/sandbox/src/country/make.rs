//! Making a country from a seed.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Context as _;
use httpsig::{SigningKey, public_key_text};

use super::{
    Agreement, Behaviours, Contact, Country, Delivery, Institution, Keeps, Keys, Kind, Role, files,
    require_loopback,
};
use crate::draw::{Draw, about};
use crate::ids;

/// What a country is made from.
#[derive(Debug, Clone)]
pub struct Init {
    /// Everything that chance decides.
    pub seed: u64,
    /// The node's address.
    pub node: String,
    /// Where gateways will listen, `127.0.0.1:8090`.
    pub listen: String,
    /// Where the ground truth will be asked, `127.0.0.1:8091`.
    pub admin: String,
}

struct Cast {
    code: &'static str,
    kind: Kind,
    kk: &'static str,
    ru: &'static str,
    en: &'static str,
    iban_code: Option<&'static str>,
    bin: Option<&'static str>,
    keeps: Own,
    delivery: Delivery,
}

/// What it keeps beside accounts.
#[derive(Clone, Copy)]
enum Own {
    Nothing,
    /// Telephone numbers and SIM cards by their beginnings.
    Phones(&'static [&'static str], &'static [&'static str]),
    Hosts(&'static [&'static str]),
    Networks(&'static [&'static str]),
    Names(&'static [&'static str]),
    Registers(&'static [&'static str]),
    Bodies(&'static [&'static str]),
}

impl Own {
    fn keeps(self) -> Keeps {
        let texts = |list: &[&str]| list.iter().map(|s| (*s).to_owned()).collect();
        match self {
            Self::Nothing => Keeps::default(),
            Self::Phones(phones, sims) => {
                Keeps { phone_prefixes: texts(phones), sim_prefixes: texts(sims), ..Keeps::default() }
            }
            Self::Hosts(hosts) => Keeps { hosts: texts(hosts), ..Keeps::default() },
            Self::Registers(codes) => Keeps { registers: texts(codes), ..Keeps::default() },
            Self::Bodies(codes) => Keeps { bodies: texts(codes), ..Keeps::default() },
            Self::Networks(networks) => Keeps { networks: texts(networks), ..Keeps::default() },
            Self::Names(hosts) => {
                Keeps { hosts: texts(hosts), handles: true, apps: true, ..Keeps::default() }
            }
        }
    }
}

/// An institution that keeps no money.
const fn other(code: &'static str, kind: Kind, names: [&'static str; 3], keeps: Own) -> Cast {
    let [kk, ru, en] = names;
    Cast { code, kind, kk, ru, en, iban_code: None, bin: None, keeps, delivery: Delivery::Push }
}

const fn bank(code: &'static str, names: [&'static str; 3], iban: &'static str, bin: &'static str) -> Cast {
    let [kk, ru, en] = names;
    Cast {
        code,
        kind: Kind::Bank,
        kk,
        ru,
        en,
        iban_code: Some(iban),
        bin: Some(bin),
        keeps: Own::Nothing,
        delivery: Delivery::Push,
    }
}

/// Who takes part. Bank codes 801 to 807 are in no published list of Kazakhstan's banks. The card ranges 272091
/// to 272097 are the very end of the second range of ISO/IEC 7812 in which cards begin with 2 (222100 to
/// 272099): long enough a number to be recognised as a card, and no issuer is known there.
const CAST: [Cast; 21] = [
    bank(
        "ZALT",
        [
            "«Алтыбақан» үлгі банкі (ойдан шығарылған)",
            "Банк-образец «Алтыбакан» (вымышленный)",
            "Sample Bank Altybakan (invented)",
        ],
        "801",
        "272091",
    ),
    bank(
        "ZBEK",
        [
            "«Бекет» үлгі банкі (ойдан шығарылған)",
            "Банк-образец «Бекет» (вымышленный)",
            "Sample Bank Beket (invented)",
        ],
        "802",
        "272092",
    ),
    bank(
        "ZCAR",
        [
            "«Шарын» үлгі банкі (ойдан шығарылған)",
            "Банк-образец «Чарын» (вымышленный)",
            "Sample Bank Charyn (invented)",
        ],
        "803",
        "272093",
    ),
    bank(
        "ZDAL",
        [
            "«Дала» үлгі банкі (ойдан шығарылған)",
            "Банк-образец «Дала» (вымышленный)",
            "Sample Bank Dala (invented)",
        ],
        "804",
        "272094",
    ),
    bank(
        "ZKOK",
        [
            "«Көкпар» үлгі банкі (ойдан шығарылған)",
            "Банк-образец «Кокпар» (вымышленный)",
            "Sample Bank Kokpar (invented)",
        ],
        "805",
        "272095",
    ),
    bank(
        "ZSAI",
        [
            "«Сайрам» үлгі банкі (ойдан шығарылған)",
            "Банк-образец «Сайрам» (вымышленный)",
            "Sample Bank Sairam (invented)",
        ],
        "806",
        "272096",
    ),
    Cast {
        delivery: Delivery::Pull,
        ..bank(
            "ZTUL",
            [
                "«Тұлпар» үлгі банкі (ойдан шығарылған)",
                "Банк-образец «Тулпар» (вымышленный)",
                "Sample Bank Tulpar (invented)",
            ],
            "807",
            "272097",
        )
    },
    other(
        "ZQAL",
        Kind::EWallet,
        [
            "«Қалта» үлгі электрондық әмияны (ойдан шығарылған)",
            "Электронный кошелёк-образец «Калта» (вымышленный)",
            "Sample e-wallet Qalta (invented)",
        ],
        Own::Nothing,
    ),
    other(
        "ZKRI",
        Kind::CryptoExchange,
        [
            "«Үлгі-Крипто» криптобиржасы (ойдан шығарылған)",
            "Криптобиржа-образец «Ульги-Крипто» (вымышленная)",
            "Sample crypto exchange Ulgi Crypto (invented)",
        ],
        Own::Nothing,
    ),
    other(
        "ZAFC",
        Kind::AntifraudCentre,
        [
            "Үлгі антифрод орталығы (ойдан шығарылған)",
            "Антифрод-центр-образец (вымышленный)",
            "Sample Antifraud Centre (invented)",
        ],
        Own::Nothing,
    ),
    // The whole invented range is the first operator's; some hundreds of it are the second's.
    other(
        "ZTEL",
        Kind::Operator,
        [
            "«Желі» үлгі байланыс операторы (ойдан шығарылған)",
            "Оператор-образец «Жели» (вымышленный)",
            "Sample operator Zheli (invented)",
        ],
        Own::Phones(&["+7700000"], &["8977"]),
    ),
    other(
        "ZMOB",
        Kind::Operator,
        [
            "«Ұшқыр» үлгі байланыс операторы (ойдан шығарылған)",
            "Оператор-образец «Ушкыр» (вымышленный)",
            "Sample operator Ushqyr (invented)",
        ],
        Own::Phones(&["+770000004", "+770000005", "+770000007"], &["8977002"]),
    ),
    other(
        "ZALA",
        Kind::Platform,
        [
            "«Алаң» үлгі онлайн-платформасы (ойдан шығарылған)",
            "Онлайн-платформа-образец «Алан» (вымышленная)",
            "Sample online platform Alan (invented)",
        ],
        Own::Names(&["alan.example"]),
    ),
    // RFC 5737: networks of examples.
    other(
        "ZNET",
        Kind::Provider,
        [
            "«Самал» үлгі интернет-провайдері (ойдан шығарылған)",
            "Интернет-провайдер-образец «Самал» (вымышленный)",
            "Sample Internet provider Samal (invented)",
        ],
        Own::Networks(&["203.0.113.0/24"]),
    ),
    other(
        "ZHOS",
        Kind::Hoster,
        [
            "«Мұнара» үлгі хостинг-провайдері (ойдан шығарылған)",
            "Хостинг-провайдер-образец «Мунара» (вымышленный)",
            "Sample hosting provider Munara (invented)",
        ],
        Own::Networks(&["198.51.100.0/24", "192.0.2.0/24"]),
    ),
    other(
        "ZREG",
        Kind::Registrar,
        [
            "Үлгі домен тіркеушісі (ойдан шығарылған)",
            "Регистратор-образец (вымышленный)",
            "Sample registrar (invented)",
        ],
        Own::Hosts(&[".example"]),
    ),
    other(
        "ZMED",
        Kind::MediaAuthority,
        [
            "Масс-медиа саласындағы үлгі орган (ойдан шығарылған)",
            "Орган-образец в области масс-медиа (вымышленный)",
            "Sample body for mass media (invented)",
        ],
        Own::Nothing,
    ),
    other(
        "ZKUI",
        Kind::StateBody,
        [
            "Үлгі тіркеу органы (ойдан шығарылған)",
            "Регистрирующий орган-образец (вымышленный)",
            "Sample registering body (invented)",
        ],
        Own::Registers(&["kui"]),
    ),
    // Whose matters some cases are.
    other(
        "ZTPD",
        Kind::StateBody,
        [
            "Үлгі аумақтық департамент (ойдан шығарылған)",
            "Территориальный департамент-образец (вымышленный)",
            "Sample territorial department (invented)",
        ],
        Own::Bodies(&["territorial"]),
    ),
    other(
        "ZFMA",
        Kind::StateBody,
        [
            "Қаржы мониторингі үлгі агенттігі (ойдан шығарылған)",
            "Агентство-образец по финансовому мониторингу (вымышленное)",
            "Sample agency for financial monitoring (invented)",
        ],
        Own::Bodies(&["afm"]),
    ),
    other(
        "ZSEC",
        Kind::StateBody,
        [
            "Қауіпсіздік үлгі комитеті (ойдан шығарылған)",
            "Комитет-образец по безопасности (вымышленный)",
            "Sample security committee (invented)",
        ],
        Own::Bodies(&["knb"]),
    ),
];

/// The same seed gives the same keys: it is a stage set, and a demonstration must be repeatable.
fn key_of(seed: u64, code: &str) -> SigningKey {
    SigningKey::from_bytes(&Draw::keyed(about(about(seed, "key"), code)).bytes())
}

impl Cast {
    fn institution(&self, no: u64, init: &Init) -> Institution {
        let phone = ids::phone(100 + no);
        let names = [("kk", self.kk), ("ru", self.ru), ("en", self.en)];
        Institution {
            code: self.code.to_owned(),
            invented: true,
            kind: self.kind,
            role: if self.kind == Kind::AntifraudCentre { Role::AntifraudCentre } else { Role::Executor },
            names: names.map(|(l, n)| (l.to_owned(), n.to_owned())).into_iter().collect::<BTreeMap<_, _>>(),
            iban_code: self.iban_code.map(str::to_owned),
            card_bins: self.bin.iter().map(|b| (*b).to_owned()).collect(),
            keeps: self.keeps.keeps(),
            gateway: format!("http://{}/{}", init.listen, self.code),
            delivery: self.delivery,
            public_key: public_key_text(&key_of(init.seed, self.code).verifying_key()),
            keyid: format!("{}/2026-1", self.code),
            duty_phone: phone.clone(),
            contact: Contact {
                name: format!("Duty desk {}", self.code),
                phone,
                email: format!("duty@{}.example", self.code.to_lowercase()),
            },
            agreement: Agreement::default(),
        }
    }
}

/// The country that `init` describes, without touching a disk.
///
/// # Errors
/// If an address is not on loopback.
pub fn country(init: &Init) -> anyhow::Result<(Country, Keys, Behaviours)> {
    require_loopback(&init.node)?;
    require_loopback(&format!("http://{}", init.listen))?;
    require_loopback(&format!("http://{}", init.admin))?;
    let mut keys = Keys::default();
    for cast in &CAST {
        keys.insert(cast.code, key_of(init.seed, cast.code));
    }
    let country = Country {
        invented: true,
        version: 1,
        seed: init.seed,
        currency: "KZT".to_owned(),
        utc_offset: "+05:00".to_owned(),
        node: init.node.trim_end_matches('/').to_owned(),
        listen: init.listen.clone(),
        admin: init.admin.clone(),
        institutions: CAST.iter().zip(1..).map(|(cast, no)| cast.institution(no, init)).collect(),
    };
    // The one that only reads its inbox stays honest: its silence on the gateway is strange enough.
    let push = |i: &&Institution| i.delivery == Delivery::Push && i.kind == Kind::Bank;
    let busy: Vec<&str> = country.executors().filter(push).map(|i| i.code.as_str()).collect();
    let others: Vec<&str> = country.executors().filter(|i| !push(i)).map(|i| i.code.as_str()).collect();
    let behaviours = Behaviours::by_seed(init.seed, &busy, &others);
    Ok((country, keys, behaviours))
}

/// Writes a country into `dir`.
///
/// # Errors
/// If an address is not on loopback or the folder cannot be written.
pub fn init(dir: &Path, init: &Init) -> anyhow::Result<Country> {
    let (country, keys, behaviours) = country(init)?;
    std::fs::create_dir_all(dir).with_context(|| format!("cannot make `{}`", dir.display()))?;
    std::fs::write(dir.join(files::COUNTRY), serde_json::to_vec_pretty(&country)?)
        .with_context(|| format!("cannot write into `{}`", dir.display()))?;
    keys.save(dir)?;
    behaviours.save(dir)?;
    Ok(country)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(seed: u64) -> Country {
        let init = Init {
            seed,
            node: "http://127.0.0.1:8080/".to_owned(),
            listen: "127.0.0.1:8090".to_owned(),
            admin: "127.0.0.1:8091".to_owned(),
        };
        country(&init).unwrap().0
    }

    #[test]
    fn everybody_is_marked_invented() {
        let country = made(7);
        assert!(country.executors().filter(|i| i.kind == Kind::Bank).count() >= 6);
        for i in &country.institutions {
            assert!(i.invented && i.code.starts_with('Z') && (4..=5).contains(&i.code.len()), "{}", i.code);
            assert!(i.names["kk"].contains("ойдан шығарылған") && i.names["en"].contains("invented"));
            assert!(i.names["ru"].contains("вымышленн"), "{}", i.names["ru"]);
            assert!(i.contact.email.ends_with(".example") && i.duty_phone.starts_with("+7700000"));
        }
    }

    /// Neither an IBAN code nor a code name is that of a real bank in the list the platform recognises banks by.
    #[test]
    fn nobody_real_is_meant() {
        let list: serde_json::Value =
            serde_json::from_str(include_str!("../../../../third_party/schwifty/kz_banks.json")).unwrap();
        let real: Vec<(String, String)> = list
            .as_array()
            .unwrap()
            .iter()
            .map(|b| (b["bank_code"].as_str().unwrap().to_owned(), b["bic"].as_str().unwrap().to_owned()))
            .collect();
        assert!(real.len() > 40);
        for i in made(7).institutions {
            for (code, bic) in &real {
                assert_ne!(i.iban_code.as_ref(), Some(code));
                assert!(!bic.starts_with(&i.code), "{} is {bic}", i.code);
            }
        }
    }

    #[test]
    fn the_seed_decides_the_keys() {
        assert_eq!(made(7), made(7));
        assert_ne!(made(7).institutions[0].public_key, made(8).institutions[0].public_key);
    }

    #[test]
    fn no_address_outside_loopback() {
        let init = Init {
            seed: 1,
            node: "http://192.0.2.1".to_owned(),
            listen: "127.0.0.1:1".to_owned(),
            admin: "127.0.0.1:2".to_owned(),
        };
        assert!(country(&init).unwrap_err().to_string().contains("not on loopback"));
    }
}
