//! The platform without its server: tables, law, partners, a standing approval signed by two, and reports that become
//! orders by the services that the program runs.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, ensure};
use app::{App, Node, Timer};
use base64::Engine as _;
use db::outbox::{self, Subscriber};
use db::{Db, Options};
use httpsig::{SigningKey, VerifyingKey};
use kernel::{Actor, Entropy, Localised, Money, OfficeClock, Role, Secret, Timestamp, WallClock, When};
use legal_basis::standing::{self, NewStanding};
use partner::{Contact, Country as Agreement, Institution, PartnerRole};
use profile::{Measure, Profile, Scope};
use qorgan::slices::{SLICES, subscribers};
use report::{Filed, Harm, NewPayment, NewReport, Reporter, Target};
use vault::Vault;

use super::country::{codes, key};

/// 1 September 2026, 09:00 in Almaty and Astana: a Tuesday, a working day.
pub(crate) const START: Timestamp = Timestamp::from_secs(1_788_235_200);
/// Where partners send their answers.
pub(crate) const PUBLIC_URL: &str = "https://node.example";
/// Orders go straight to whoever carries them out: each partner is its own gateway.
const PROFILE: &str = "direct";
/// Keys of an invented node.
const KEY: [u8; 32] = [41; 32];

/// Which clocks it goes by.
#[derive(Debug, Clone)]
pub(crate) struct Clocks {
    pub(crate) office: OfficeClock,
    pub(crate) wall: WallClock,
}

/// A running platform.
pub(crate) struct Office {
    pub(crate) app: App,
    pub(crate) subscribers: Vec<Subscriber>,
}

/// The key id under which the platform signs, and its key.
pub(crate) fn node_key() -> (String, VerifyingKey) {
    ("DCC/1".to_owned(), SigningKey::from_bytes(&KEY).verifying_key())
}

fn institution(number: usize, gateway: &str) -> Institution {
    let (code, iban_code) = codes(number);
    Institution {
        code: code.clone(),
        kind: "bank".to_owned(),
        role: PartnerRole::Executor,
        names: Localised::from_pairs([(kernel::Lang::EN, format!("{code} (invented)"))]),
        iban_code: Some(iban_code),
        card_bins: Vec::new(),
        keeps: partner::model::Keeps::default(),
        delivery: "push".to_owned(),
        gateway: gateway.to_owned(),
        public_key: base64::engine::general_purpose::STANDARD.encode(key(number).verifying_key().as_bytes()),
        keyid: format!("{code}/1"),
        duty_phone: "+77000000101".to_owned(),
        contact: Contact::default(),
        // What is measured is the office, not its quotas.
        agreement: partner::agreement::Terms {
            requests_per_minute: Some(1_000_000),
            ..partner::agreement::Terms::default()
        },
    }
}

impl Office {
    /// Opens the database at `path`; `seed` decides everything that is drawn. On the caller's thread where it is to run
    /// the same way every time.
    pub(crate) fn open(
        path: &Path,
        seed: u64,
        clocks: &Clocks,
        (inline, public_url): (bool, &str),
    ) -> anyhow::Result<Self> {
        let instance = Some(uuid::Uuid::from_u64_pair(0, seed));
        let options = Options { inline, clock: clocks.wall.clone(), instance, ..Options::default() };
        let db = Db::open(&format!("sqlite:{}", path.display()), options)?;
        let profile = Profile::embedded(PROFILE).map_err(|e| anyhow::anyhow!("profile: {e}"))?;
        let node = Node {
            name: "bench".to_owned(),
            code: "DCC".to_owned(),
            unit: "duty".to_owned(),
            public_url: public_url.to_owned(),
            keyid: node_key().0,
            message_key: Secret::new(KEY),
            log_key: Secret::new(KEY),
        };
        let app = App {
            db,
            office: clocks.office.clone(),
            wall: clocks.wall.clone(),
            entropy: Entropy::seeded(seed),
            profile: Arc::new(profile),
            vault: Vault::from_key_bytes(KEY).with_clock(clocks.wall.clone()),
            node: Arc::new(node),
            timer: Timer,
            came: app::Came::default(),
            factor: 1,
            demo: false,
        };
        // The desk's projection plays no part here; everything that opens orders does.
        let opens = |name: &str| name.starts_with("order.") || name.starts_with("trail.");
        let subscribers = subscribers(&app).into_iter().filter(|s| opens(s.name)).collect();
        Ok(Self { app, subscribers })
    }

    /// Makes a database with everything that every batch begins with. Partner `n` is reached at `{gateway}/b{n}`.
    pub(crate) async fn settle(
        &self,
        partners: usize,
        gateway: impl Fn(usize) -> String,
    ) -> anyhow::Result<()> {
        let app = &self.app;
        app.db.migrate(SLICES)?;
        let me = app.clone();
        app.db.write(move |tx| legal_basis::import(tx, &me)).await?;
        let institutions = (0..partners).map(|n| institution(n, &gateway(n))).collect();
        let setup = Actor::system("setup");
        let new = partner::service::import(app, &setup, Agreement { institutions }).await?;
        ensure!(new == partners, "{new} of {partners} partners were taken in");
        self.approve().await
    }

    async fn staff(&self, login: &str, role: Role) -> anyhow::Result<Actor> {
        let setup = Actor::system("setup");
        let new = access::NewAccount {
            login: login.to_owned(),
            name: "Сынақ (ойдан шығарылған)".to_owned(),
            password: Secret::new(format!("korgan-bench-tau-{login}")),
            roles: vec![role],
            seat: None,
            unit: self.app.node.unit.clone(),
        };
        access::create_account(&self.app, &setup, new).await?;
        let all = access::accounts(&self.app, &setup).await?;
        Ok(all.iter().find(|a| a.login == login).context("the account is not there")?.actor())
    }

    async fn approve(&self) -> anyhow::Result<()> {
        let app = &self.app;
        let now = app.office.now();
        let bases = app.db.read(move |tx| legal_basis::store::all_in_force(tx, now)).await?;
        let covers = |b: &&legal_basis::Basis| {
            b.record.standing.is_some() && b.record.measures.contains(&Measure::Hold)
        };
        let basis = bases.iter().find(covers).context("no basis lets a standing approval send")?;
        let money = |minor| Money::from_minor(minor, app.profile.currency());
        let terms = NewStanding {
            amends: None,
            basis: basis.pair(),
            measure: Measure::Hold,
            scope: Scope::AmountOnly,
            cap_per_order: money(1_000_000_000),
            cap_per_day: money(1_000_000_000_000_000),
            hop_limit: 3,
            valid_from: now,
            valid_to: now.plus_secs(30 * 86_400),
            reason: "bench".to_owned(),
        };
        let officer = self.staff("officer", Role::DutyOfficer).await?;
        let draft = standing::draft(app, &officer, terms).await?;
        let mut signed = draft;
        for login in ["first", "second"] {
            let approver = self.staff(login, Role::Approver).await?;
            signed = standing::sign(app, &approver, signed.id, signed.version).await?;
        }
        ensure!(signed.is_in_force(now), "the standing approval is not in force");
        Ok(())
    }

    /// Files a report of one payment to each of these accounts, kept by the partner of that number.
    pub(crate) async fn file(&self, key: u128, to: &[(usize, String, i64)]) -> anyhow::Result<Filed> {
        let (now, asset) = (self.app.office.now(), self.app.profile.currency());
        let payment = |(bank, account, minor): &(usize, String, i64)| NewPayment {
            amount: Money::from_minor(*minor, asset),
            when: When::exactly(now.plus_secs(-600)),
            own_institution: "ZOWN".to_owned(),
            own_account: sandbox::ids::iban("990", "0000000000001"),
            to: Some(Target {
                kind: "iban".to_owned(),
                value: account.clone(),
                masked: report::rules::mask("iban", account),
            }),
            to_institution: codes(*bank).0,
            reference: String::new(),
        };
        let new = NewReport {
            id: report::rules::id_from_key(uuid::Uuid::from_u128(key)),
            channel: "portal".to_owned(),
            lang: kernel::Lang::KK,
            ongoing: false,
            harm: Harm::Money,
            reporter: Reporter {
                name: "Үлгі Адам (ойдан шығарылған)".to_owned(),
                phone: "+77000001234".to_owned(),
                iin: String::new(),
            },
            story: String::new(),
            payments: to.iter().map(payment).collect(),
        };
        let filing = report::service::Filing { draft: None, with_code: false };
        Ok(report::service::file(&self.app, &Actor::Public, new, filing).await?)
    }

    /// Lets all news reach everybody.
    pub(crate) async fn drain(&self) -> anyhow::Result<usize> {
        Ok(outbox::drain(&self.app.db, &self.subscribers).await?)
    }
}

/// A database that every batch begins with a copy of.
pub(crate) async fn template(dir: &Path, partners: usize, clocks: &Clocks) -> anyhow::Result<PathBuf> {
    let path = dir.join("template.db");
    let office = Office::open(&path, 1, clocks, (true, PUBLIC_URL))?;
    office.settle(partners, |n| format!("http://partner.example/b{n:02}")).await?;
    office.drain().await?;
    Ok(path)
}
