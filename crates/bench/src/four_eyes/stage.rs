//! The office that is searched: a real database with the program's own tables, a clock moved by hand, invented people
//! and institutions.

use std::path::PathBuf;
use std::sync::Arc;

use access::NewAccount;
use anyhow::Context as _;
use app::{App, Node, Timer};
use base64::Engine as _;
use db::{Db, Options};
use kernel::time::ManualClock;
use kernel::{Actor, Entropy, Localised, Money, Personal, Role, Secret, Timestamp, When};
use order::model::{Direction, Trigger};
use order::{NewObject, NewOrder, OrderId};
use partner::{Contact, Country, Institution, PartnerRole};
use profile::{Measure, Profile, Scope};
use qorgan::slices::SLICES;
use report::{Harm, NewPayment, NewReport, ReportId, Reporter, Target};
use tokio::runtime::Runtime;
use uuid::Uuid;
use vault::Vault;

/// 1 September 2026, 09:00 in Astana: a Tuesday, a working day.
const START: Timestamp = Timestamp::from_secs(1_788_235_200);
/// The bank that is asked, and the Centre through which.
const BANK: &str = "ZALT";
const CENTRE: &str = "ZAFC";
/// The account that orders name. Invented.
const ACCOUNT: &str = "KZ49801A000000000007";

/// An office with its database in a folder of its own.
pub(super) struct Stage {
    /// What services take.
    pub(super) app: App,
    /// The file.
    pub(super) file: PathBuf,
    /// Both clocks.
    pub(super) clock: ManualClock,
    /// Members of staff: any of them may draft and sign. The last one is the prosecutor.
    pub(super) people: Vec<Person>,
    /// Two who change the law before the search begins.
    pub(super) lawmakers: Vec<Person>,
    /// The institutions that could read an order.
    pub(super) partners: Vec<Actor>,
    report: (ReportId, String),
    runtime: Runtime,
    folder: PathBuf,
}

/// Somebody with an account.
#[derive(Debug, Clone)]
pub(super) struct Person {
    /// As in services: with the offices held at first, as in a request that came in before they were lost.
    pub(super) actor: Actor,
    /// The name to sign in with.
    pub(super) login: String,
    /// The account's id.
    pub(super) id: Uuid,
}

impl Drop for Stage {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.folder));
    }
}

impl Stage {
    /// An office of so many members of staff and a prosecutor. The last `officers` of the staff are on duty and no
    /// approvers: they sign only what they were lent the power for.
    pub(super) fn new(staff: usize, officers: usize) -> anyhow::Result<Self> {
        let unique: [u8; 8] = Entropy::from_os().map_err(|e| anyhow::anyhow!("{e}"))?.bytes();
        let memory = std::path::Path::new("/dev/shm");
        let place = if memory.is_dir() { memory.to_path_buf() } else { std::env::temp_dir() };
        let folder = place.join(format!("qorgan-four-eyes-{:x}", u64::from_be_bytes(unique)));
        std::fs::create_dir_all(&folder)?;
        let file = folder.join("office.db");
        let clock = ManualClock::at(START);
        let options = Options {
            inline: true,
            readers: 1,
            clock: clock.wall(),
            instance: Some(Uuid::nil()),
            ..Options::default()
        };
        let db = Db::open(&format!("sqlite:{}", file.display()), options)?;
        db.migrate(SLICES)?;
        let entropy = Entropy::seeded(20);
        let app = App {
            db,
            office: clock.office(),
            wall: clock.wall(),
            profile: Arc::new(Profile::embedded("kz").map_err(|e| anyhow::anyhow!("{e}"))?),
            vault: Vault::from_key_bytes(entropy.bytes()).with_clock(clock.wall()),
            node: Arc::new(node(&entropy)),
            entropy,
            timer: Timer,
            came: app::Came::default(),
            factor: 1,
            demo: false,
        };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let me = app.clone();
        app.db.write_blocking(move |tx| legal_basis::import(tx, &me))?;
        let institutions = vec![
            institution(BANK, "bank", PartnerRole::Executor, Some("801")),
            institution(CENTRE, "antifraud_centre", PartnerRole::AntifraudCentre, None),
        ];
        let setup = Actor::system("setup");
        runtime.block_on(partner::service::import(&app, &setup, Country { institutions }))?;
        let partners = runtime.block_on(partner::service::all(&app))?;
        let partners = partners.into_iter().map(|p| Actor::institution(p.id.uuid(), &p.code)).collect();
        let report = runtime.block_on(filed(&app))?;
        let mut stage = Self {
            app,
            file,
            clock,
            people: Vec::new(),
            lawmakers: Vec::new(),
            partners,
            report,
            runtime,
            folder,
        };
        let both = [Role::DutyOfficer, Role::Approver];
        for no in 0..staff {
            let approves = no < staff.saturating_sub(officers);
            let roles = if approves { &both[..] } else { &both[..1] };
            let person = stage.enrol(&format!("staff-{no}"), roles)?;
            stage.people.push(person);
        }
        let prosecutor = stage.enrol("prosecutor", &[Role::Prosecutor])?;
        stage.people.push(prosecutor);
        for no in 0..2 {
            let person = stage.enrol(&format!("law-{no}"), &both)?;
            stage.lawmakers.push(person);
        }
        Ok(stage)
    }

    /// Waits for a verb of the office.
    pub(super) fn wait<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime.block_on(work)
    }

    /// Moves both clocks to so many seconds after the beginning.
    pub(super) fn at(&self, secs: i64) {
        self.clock.set(START.plus_secs(secs));
    }

    /// The moment so many seconds after the beginning.
    pub(super) fn moment(secs: i64) -> Timestamp {
        START.plus_secs(secs)
    }

    /// A sum in the country's money.
    pub(super) fn money(&self, minor: i64) -> Money {
        Money::from_minor(minor, self.app.profile.currency())
    }

    /// The order of a slot.
    pub(super) fn order_id(slot: usize) -> OrderId {
        order::rules::order_id("four-eyes", &slot.to_string())
    }

    /// A hold on one account.
    pub(super) fn new_order(&self, slot: usize, scope: Scope, cap: i64) -> NewOrder {
        let cap = self.money(cap);
        let object = NewObject {
            payment: None,
            parent: None,
            kind: "iban".to_owned(),
            value: Personal::new(ACCOUNT.to_owned()),
            masked: report::rules::mask("iban", ACCOUNT),
            cap,
            trigger: Some(Trigger {
                amount_minor: cap.minor(),
                asset: cap.asset(),
                at: START,
                reference: None,
                from_institution: None,
                from_account: None,
                from_client: None,
                direction: Direction::In,
                because: String::new(),
            }),
            details: None,
        };
        NewOrder {
            id: Self::order_id(slot),
            measure: Measure::Hold,
            scope,
            reason: (scope != Scope::AmountOnly).then(|| Personal::new("more is coming in".to_owned())),
            report: self.report.0,
            report_number: self.report.1.clone(),
            hop: 1,
            executor: BANK.to_owned(),
            objects: vec![object],
            hold_back: None,
        }
    }

    fn enrol(&self, login: &str, roles: &[Role]) -> anyhow::Result<Person> {
        let setup = Actor::system("setup");
        let new = NewAccount {
            login: login.to_owned(),
            name: "Сынақ (ойдан шығарылған)".to_owned(),
            password: Secret::new(format!("korgan-test-tau-{login}")),
            roles: roles.to_vec(),
            seat: None,
            unit: self.app.node.unit.clone(),
        };
        let id = self.wait(access::create_account(&self.app, &setup, new))?.id.uuid();
        let known = self.wait(access::accounts(&self.app, &setup))?;
        let account = known.iter().find(|a| a.id.uuid() == id).context("no such account")?;
        Ok(Person { actor: account.actor(), login: login.to_owned(), id })
    }
}

fn node(entropy: &Entropy) -> Node {
    Node {
        name: "four-eyes".to_owned(),
        code: "KZ-TEST".to_owned(),
        unit: "central".to_owned(),
        public_url: "http://127.0.0.1:8080".to_owned(),
        keyid: "KZ-TEST/1".to_owned(),
        message_key: Secret::new(entropy.bytes()),
        log_key: Secret::new(entropy.bytes()),
    }
}

fn institution(code: &str, kind: &str, role: PartnerRole, iban: Option<&str>) -> Institution {
    let key = httpsig::SigningKey::from_bytes(&[9; 32]).verifying_key();
    Institution {
        code: code.to_owned(),
        kind: kind.to_owned(),
        role,
        names: Localised::from_pairs([(kernel::Lang::EN, format!("{code} (invented)"))]),
        iban_code: iban.map(str::to_owned),
        card_bins: Vec::new(),
        keeps: partner::model::Keeps::default(),
        delivery: "push".to_owned(),
        gateway: format!("http://127.0.0.1:9/{code}"),
        public_key: base64::engine::general_purpose::STANDARD.encode(key.as_bytes()),
        keyid: format!("{code}/1"),
        duty_phone: String::new(),
        contact: Contact::default(),
        agreement: partner::agreement::Terms::default(),
    }
}

/// An invented report that orders can serve. Its news are not delivered: orders come from the search alone.
async fn filed(app: &App) -> anyhow::Result<(ReportId, String)> {
    let new = NewReport {
        id: report::rules::id_from_key(Uuid::from_u128(20)),
        channel: "portal".to_owned(),
        lang: kernel::Lang::KK,
        ongoing: false,
        harm: Harm::Money,
        reporter: Reporter {
            name: "Үлгі Адам".into(), phone: "+77000001234".into(), iin: String::new()
        },
        story: String::new(),
        payments: vec![NewPayment {
            amount: Money::from_minor(10_000, app.profile.currency()),
            when: When::exactly(START),
            own_institution: String::new(),
            own_account: String::new(),
            to: Some(Target {
                kind: "iban".into(),
                value: ACCOUNT.into(),
                masked: report::rules::mask("iban", ACCOUNT),
            }),
            to_institution: BANK.to_owned(),
            reference: String::new(),
        }],
    };
    let filing = report::service::Filing { draft: None, with_code: true };
    let filed = report::service::file(app, &Actor::Public, new, filing).await?;
    Ok((filed.id, filed.number))
}
