//! A small invented country for tests: three banks, an Antifraud Centre, people who approve, and a wire that
//! remembers what was posted.

use std::sync::{Arc, Mutex};

use app::App;
use base64::Engine as _;
use httpsig::SigningKey;
use kernel::{Actor, Localised, Money, Role, Timestamp, When};
use legal_basis::standing::{self, NewStanding};
use order::gateway::{Incoming, Outgoing, Post, Posted};
use partner::model::Keeps;
use partner::{Contact, Country, Institution, PartnerRole};
use profile::{Measure, Scope};
use qorgan::slices::{SLICES, subscribers};
use report::{Harm, NewPayment, NewReport, Reporter, Target};
use testkit::World;

/// Bank codes, all invented, with the institution code of their accounts.
pub const BANKS: [(&str, &str); 3] = [("ZALT", "801"), ("ZBEK", "802"), ("ZCAR", "803")];
/// The Antifraud Centre.
pub const CENTRE: &str = "ZAFC";

/// Code, kind and what it keeps.
type Keeper = (&'static str, &'static str, fn() -> Keeps);

/// Institutions that keep no money.
const KEEPERS: [Keeper; 5] = [
    ("ZTEL", "operator", || Keeps {
        phone_prefixes: vec!["+7700".into()],
        sim_prefixes: vec!["8977".into()],
        ..Keeps::default()
    }),
    ("ZMOB", "operator", || Keeps { phone_prefixes: vec!["+7747".into()], ..Keeps::default() }),
    ("ZALA", "platform", || Keeps {
        hosts: vec!["alan.example".into()],
        handles: true,
        apps: true,
        ..Keeps::default()
    }),
    ("ZREG", "registrar", || Keeps {
        hosts: vec![".example".into()],
        networks: vec!["203.0.113.0/24".into()],
        ..Keeps::default()
    }),
    ("ZMED", "media_authority", Keeps::default),
];

/// A world with tables, law, partners and a standing approval signed by two.
pub async fn settle(world: World) -> World {
    let world = world.with(SLICES);
    let app = world.app.clone();
    let me = app.clone();
    app.db.write(move |tx| legal_basis::import(tx, &me)).await.unwrap();
    let institutions = BANKS
        .iter()
        .map(|(code, iban)| institution(code, "bank", PartnerRole::Executor, Some(iban)))
        .chain([institution(CENTRE, "antifraud_centre", PartnerRole::AntifraudCentre, None)])
        .chain(KEEPERS.iter().map(|(code, kind, keeps)| {
            let entry = institution(code, kind, PartnerRole::Executor, None);
            Institution { keeps: keeps(), ..entry }
        }))
        .collect();
    let setup = Actor::system("setup");
    assert_eq!(partner::service::import(&app, &setup, Country { institutions }).await.unwrap(), 9);
    approve(&app).await;
    world
}

/// An institution as an agreement file names it.
pub fn institution(code: &str, kind: &str, role: PartnerRole, iban: Option<&str>) -> Institution {
    let key = key_of(code).verifying_key();
    Institution {
        code: code.to_owned(),
        kind: kind.to_owned(),
        role,
        names: Localised::from_pairs([(kernel::Lang::EN, format!("{code} (invented)"))]),
        iban_code: iban.map(str::to_owned),
        card_bins: vec![],
        keeps: Keeps::default(),
        delivery: "push".to_owned(),
        gateway: format!("http://127.0.0.1:9/{code}"),
        public_key: base64::engine::general_purpose::STANDARD.encode(key.as_bytes()),
        keyid: format!("{code}/1"),
        duty_phone: "+77000000101".to_owned(),
        contact: Contact::default(),
        agreement: partner::agreement::Terms::default(),
    }
}

/// The signing key of an institution of this country.
pub fn key_of(code: &str) -> SigningKey {
    let mut seed = [7_u8; 32];
    for (to, from) in seed.iter_mut().zip(code.bytes()) {
        *to = from;
    }
    SigningKey::from_bytes(&seed)
}

/// A member of staff with an account: number `n` is the same person each time.
pub async fn staff(app: &App, n: u32, role: Role) -> Actor {
    let (setup, login) = (Actor::system("setup"), format!("test-{n}"));
    let known = |all: Vec<access::Account>| all.into_iter().find(|a| a.login == login).map(|a| a.actor());
    if let Some(actor) = known(access::accounts(app, &setup).await.unwrap()) {
        return actor;
    }
    let new = access::NewAccount {
        login: login.clone(),
        name: "Сынақ (ойдан шығарылған)".to_owned(),
        password: kernel::Secret::new(format!("korgan-test-tau-{n}")),
        roles: vec![role],
        seat: None,
        unit: app.node.unit.clone(),
    };
    access::create_account(app, &setup, new).await.unwrap();
    known(access::accounts(app, &setup).await.unwrap()).unwrap()
}

/// The standing approval: drafted by an officer, signed by two approvers.
async fn approve(app: &App) {
    let now = app.office.now();
    let bases = app.db.read(move |tx| legal_basis::store::all_in_force(tx, now)).await.unwrap();
    let basis = bases
        .iter()
        .find(|b| b.record.standing.is_some() && b.record.measures.contains(&Measure::Hold))
        .unwrap();
    let money = |minor| Money::from_minor(minor, app.profile.currency());
    let terms = NewStanding {
        amends: None,
        basis: basis.pair(),
        measure: Measure::Hold,
        scope: Scope::AmountOnly,
        cap_per_order: money(1_000_000_000),
        cap_per_day: money(2_000_000_000),
        hop_limit: 3,
        valid_from: now,
        valid_to: now.plus_secs(30 * 86_400),
        reason: "test".to_owned(),
    };
    let draft = standing::draft(app, &staff(app, 1, Role::DutyOfficer).await, terms).await.unwrap();
    let mut approval = draft;
    for n in 2..5 {
        if !approval.is_in_force(now) {
            approval =
                standing::sign(app, &staff(app, n, Role::Approver).await, approval.id, approval.version)
                    .await
                    .unwrap();
        }
    }
    assert!(approval.is_in_force(now));
}

/// A partner as an actor.
pub async fn partner_actor(app: &App, code: &str) -> Actor {
    let all = partner::service::all(app).await.unwrap();
    let p = all.iter().find(|p| p.code == code).unwrap();
    Actor::institution(p.id.uuid(), &p.code)
}

/// A Kazakhstan-shaped account of a bank, with right check digits (ISO 13616).
pub fn iban(bank: &str, n: u32) -> String {
    let code = BANKS.iter().find(|(c, _)| *c == bank).unwrap().1;
    let body = format!("{code}A{n:012}");
    let digits: String = format!("{body}KZ00").chars().map(|c| c.to_digit(36).unwrap().to_string()).collect();
    let rest = digits.bytes().fold(0_u32, |sum, d| (sum * 10 + u32::from(d - b'0')) % 97);
    format!("KZ{:02}{body}", 98 - rest)
}

/// A report of one payment to an account.
pub fn report(app: &App, key: u128, to: &str, minor: i64, at: Timestamp) -> NewReport {
    let amount = Money::from_minor(minor, app.profile.currency());
    NewReport {
        id: report::rules::id_from_key(uuid::Uuid::from_u128(key)),
        channel: "portal".to_owned(),
        lang: kernel::Lang::KK,
        ongoing: false,
        harm: Harm::Money,
        reporter: Reporter {
            name: "Үлгі Адам".into(), phone: "+77000001234".into(), iin: String::new()
        },
        story: String::new(),
        payments: vec![NewPayment {
            amount,
            when: When::exactly(at),
            own_institution: "ZALT".into(),
            own_account: iban("ZALT", 4_000_001),
            to: Some(Target {
                kind: "iban".into(),
                value: to.into(),
                masked: report::rules::mask("iban", to),
            }),
            to_institution: BANKS
                .iter()
                .find(|(_, c)| to[4..].starts_with(c))
                .map(|(c, _)| (*c).to_owned())
                .unwrap_or_default(),
            reference: String::new(),
        }],
    }
}

/// Files it and lets all news reach everybody.
pub async fn file(world: &World, new: NewReport) -> report::Filed {
    let filing = report::service::Filing { draft: None, with_code: true };
    let filed = report::service::file(&world.app, &Actor::Public, new, filing).await.unwrap();
    world.deliver(&subscribers(&world.app)).await;
    filed
}

/// A wire that remembers what was posted and answers as told.
#[derive(Default, Clone)]
pub struct Wire {
    /// What was posted.
    pub posted: Arc<Mutex<Vec<Outgoing>>>,
    /// Status of every answer; 0 for no answer at all.
    pub status: Arc<Mutex<u16>>,
}

impl Post for Wire {
    fn post(&self, out: Outgoing) -> Posted<'_> {
        self.posted.lock().unwrap().push(out);
        let status = *self.status.lock().unwrap();
        Box::pin(async move {
            if status == 0 {
                return Err(order::gateway::PostError("no answer".into()));
            }
            Ok(Incoming { status, headers: vec![], body: vec![] })
        })
    }
}
