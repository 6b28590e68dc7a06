//! A department's cases, made by the verbs of the office: each case has a story of its own, told on its own clock, so that what is old is
//! mostly over and what is new is mostly under way.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, ensure};
use app::App;
use case::model::{PersonWords, Standing, TaskState};
use case::service::{self, Door, NewCase, NewDecision, NewNote, NewPerson, NewTask};
use kernel::time::ManualClock;
use kernel::{Actor, Role, Secret, Timestamp};
use serde::{Deserialize, Serialize};
use tokio::sync::Semaphore;

use crate::desk::{demo, reports};

/// Days over which cases were opened.
const DAYS: u64 = 540;
const DAY: i64 = 86_400;
/// Stories that go on at the same time.
const AT_ONCE: usize = 48;
/// Cases after which news are delivered.
const A_PART: u32 = 5_000;
/// Reports filed before what follows from them is done.
const FILED_AT_ONCE: u32 = 2_000;
/// Reports, notes and entries by hand of the two largest cases.
const LARGE: u32 = 1_000;
/// Where officers work: unit, how many of sixty.
const OFFICERS: [(&str, u32); 7] = [
    ("duty", 10),
    ("investigation", 26),
    ("analysis", 8),
    ("content", 6),
    ("international", 5),
    ("law", 2),
    ("prevention", 3),
];
/// Words of titles: the first are in many, the last in few.
const WORDS: [&str; 12] = [
    "Қауіпсіз шот",
    "Безопасный счёт",
    "Инвестиции",
    "Дроппер",
    "Жалған дүкен",
    "Фишинг",
    "Несие",
    "Доступ к почте",
    "Пирамида",
    "Жұмыс ұсынысы",
    "Вымогательство",
    "Қызметтен бас тарту",
];

/// What came of it, kept beside the database.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Filled {
    /// How many cases.
    pub cases: u32,
    /// Acts by which they came to be.
    pub acts: u64,
    /// Seconds that took.
    pub seconds: u64,
    /// The case with the most reports, tasks and persons.
    pub large: String,
    /// How many reports it has.
    pub large_reports: u32,
    /// The case with the longest time line.
    pub long: String,
    /// Numbers of reports that stand in cases.
    pub reports: Vec<String>,
    /// A report that stands in many cases.
    pub common_report: String,
}

/// Who works on cases.
pub(super) struct People {
    officers: Vec<(Actor, String)>,
    heads: Vec<(Actor, String)>,
}

impl People {
    fn officer(&self, at: u64) -> &(Actor, String) {
        pick(&self.officers, at)
    }
    fn head(&self, unit: &str) -> &Actor {
        self.heads.iter().find(|(_, u)| u == unit).map_or(&pick(&self.heads, 0).0, |(head, _)| head)
    }
}

#[expect(
    clippy::indexing_slicing,
    reason = "the place is taken modulo the length, and lists of people are not empty"
)]
fn pick<T>(all: &[T], at: u64) -> &T {
    let length = u64::try_from(all.len()).unwrap_or(1).max(1);
    &all[usize::try_from(at % length).unwrap_or(0)]
}

/// A number that belongs to a case and a question, the same in every run.
fn drawn(no: u32, question: u64) -> u64 {
    reports::drawn(no.wrapping_add(900_000_000), question)
}

fn one_in(no: u32, question: u64, many: u64) -> bool {
    drawn(no, question).is_multiple_of(many)
}

fn percent(no: u32, question: u64) -> u64 {
    drawn(no, question) % 100
}

fn signed(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(0)
}

/// Fills a node with cases, or says what is there already.
///
/// # Errors
/// A verb that refuses.
pub(super) async fn fill(app: &App, (cases, filings): (u32, u32), data: &Path) -> anyhow::Result<Filled> {
    let kept = data.join("filled.json");
    if let Ok(text) = std::fs::read_to_string(&kept) {
        let filled: Filled = serde_json::from_str(&text)?;
        ensure!(filled.cases == cases, "the folder holds {} cases", filled.cases);
        return Ok(filled);
    }
    let watch = crate::clock::Stopwatch::start();
    let people = Arc::new(people(app).await?);
    let numbers = Arc::new(file(app, filings).await?);
    let mut acts = 0;
    let mut from = 0;
    while from < cases {
        let some = from..cases.min(from + A_PART);
        from = some.end;
        acts += tell(app, (&people, &numbers), some, cases).await?;
        db::outbox::drain(&app.db, &qorgan::slices::subscribers(app)).await?;
    }
    let large_reports = u32::try_from(numbers.len()).unwrap_or(LARGE).min(LARGE);
    let large = large(app, &people, &numbers, large_reports).await?;
    let long = long(app, &people).await?;
    keep_views(app, &people).await?;
    db::outbox::drain(&app.db, &qorgan::slices::subscribers(app)).await?;
    let filled = Filled {
        cases,
        acts: acts + u64::from(large_reports) + 3 * u64::from(LARGE),
        seconds: watch.elapsed().as_secs(),
        large,
        large_reports,
        long,
        common_report: numbers.first().cloned().unwrap_or_default(),
        reports: numbers.iter().take(500).cloned().collect(),
    };
    std::fs::write(&kept, serde_json::to_string(&filled)?)?;
    Ok(filled)
}

/// Sixty officers, the two of the demonstration among them, and a head for each unit.
async fn people(app: &App) -> anyhow::Result<People> {
    let setup = Actor::system("setup");
    access::demo_accounts(app).await?;
    let mut new = Vec::new();
    for (unit, many) in OFFICERS {
        let staff = |login: String, role| (login, unit.to_owned(), role);
        new.extend((0..many).map(|n| staff(format!("bench.{unit}.{n}"), Role::DutyOfficer)));
        new.push(staff(format!("bench.{unit}.head"), Role::Approver));
    }
    for (login, unit, role) in new {
        let account = access::NewAccount {
            name: format!("{login} (ойдан шығарылған)"),
            password: Secret::new(format!("korgan-tau-samal-{login}")),
            roles: vec![role],
            seat: None,
            unit,
            login,
        };
        access::create_account(app, &setup, account).await?;
    }
    let all = access::accounts(app, &setup).await?;
    let of = |role: Role| -> Vec<(Actor, String)> {
        let held = all.iter().filter(|a| a.roles == [role]);
        held.map(|a| (a.actor(), a.unit.clone())).collect()
    };
    Ok(People { officers: of(Role::DutyOfficer), heads: of(Role::Approver) })
}

/// Files reports and does what follows from them.
async fn file(app: &App, many: u32) -> anyhow::Result<Vec<String>> {
    let mut numbers = Vec::new();
    let mut filed = 0;
    while filed < many {
        let some = filed..many.min(filed + FILED_AT_ONCE);
        filed = some.end;
        numbers.extend(reports::file(app, some).await?);
        db::outbox::drain(&app.db, &qorgan::slices::subscribers(app)).await?;
    }
    Ok(numbers)
}

/// The stories of some cases; gives how many acts they took.
async fn tell(
    app: &App,
    (people, numbers): (&Arc<People>, &Arc<Vec<String>>),
    some: std::ops::Range<u32>,
    of: u32,
) -> anyhow::Result<u64> {
    let room = Arc::new(Semaphore::new(AT_ONCE));
    let mut going = Vec::new();
    for no in some {
        let place = Arc::clone(&room).acquire_owned().await?;
        let (app, people, numbers) = (app.clone(), Arc::clone(people), Arc::clone(numbers));
        going.push(tokio::spawn(async move {
            let told = Story::new(&app, no, of).tell(&people, &numbers).await;
            drop(place);
            told.with_context(|| format!("case {no}"))
        }));
    }
    let mut acts = 0;
    for one in going {
        acts += one.await??;
    }
    Ok(acts)
}

/// One case from its opening to where it has come.
struct Story {
    app: App,
    no: u32,
    clock: ManualClock,
    now: Timestamp,
    /// How many days ago it was opened.
    age: u64,
    acts: u64,
}

impl Story {
    fn new(app: &App, no: u32, of: u32) -> Self {
        let now = app.office.now();
        // The oldest first, so that rows lie as they would have come.
        let age = DAYS * u64::from(of.saturating_sub(no)) / u64::from(of.max(1));
        let at = now.plus_secs(-signed(age) * DAY - signed(drawn(no, 1) % 80_000) - 3_600);
        let clock = ManualClock::at(at);
        let app = App { office: clock.office(), ..app.clone() };
        Self { app, no, clock, now, age, acts: 0 }
    }

    /// Time goes on by so many hours at most, and never past the present.
    fn later(&mut self, question: u64, hours: u64) {
        self.acts += 1;
        let then = self.clock.now().plus_secs(signed(drawn(self.no, question) % (hours * 3_600)));
        self.clock.set(then.min(self.now));
    }

    /// Whether it is over: most of what is old, little of what is new.
    fn over(&self) -> bool {
        let open = match self.age {
            0..60 => 85,
            60..180 => 45,
            _ => 12,
        };
        // What only a team sees is decided there, and stays open here: the head of the unit agrees to nothing unseen.
        !self.red() && percent(self.no, 2) >= open
    }

    fn red(&self) -> bool {
        one_in(self.no, 35, 200)
    }

    fn title(&self) -> String {
        let no = self.no;
        let word = pick(&WORDS, drawn(no, 3) % 12 * (drawn(no, 4) % 12) / 12);
        format!("{word}: эпизод {}, топ {} (ойдан шығарылған)", drawn(no, 5) % 40_000, drawn(no, 6) % 300)
    }

    async fn tell(mut self, people: &People, numbers: &[String]) -> anyhow::Result<u64> {
        let no = self.no;
        let (lead, unit) = people.officer(drawn(no, 7)).clone();
        let template = match percent(no, 8) {
            0..20 => "payment-fraud",
            20..25 => "dropper",
            25..28 => "intrusion",
            _ => "",
        };
        let from = (one_in(no, 9, 4) && !numbers.is_empty()).then(|| {
            (
                "report".to_owned(),
                pick(numbers, drawn(no, 10) % 3_000 * (drawn(no, 11) % 3_000) / 3_000).clone(),
            )
        });
        let new = NewCase {
            title: self.title(),
            summary: "Ойдан шығарылған. Выдуманное дело: сведения о переводах и о звонках.".to_owned(),
            template: template.to_owned(),
            from,
            priority: signed(match percent(no, 12) {
                0..15 => 0,
                15..80 => 1,
                80..95 => 2,
                _ => 3,
            }),
            closed: one_in(no, 13, 20),
            key: String::new(),
        };
        let number = service::open(&self.app, &lead, new).await?.number;
        self.later(14, 20);
        self.work(people, (&lead, &number)).await?;
        if self.over() {
            self.end(people, (&lead, &unit), &number).await?;
        } else {
            self.go_on(people, (&lead, &unit), &number).await?;
        }
        Ok(self.acts)
    }

    /// Team, persons, notes, offences, registers.
    async fn work(&mut self, people: &People, (lead, number): (&Actor, &str)) -> anyhow::Result<()> {
        let no = self.no;
        if one_in(no, 20, 2) {
            let (member, _) = people.officer(drawn(no, 21));
            if member.label() != lead.label() {
                service::add_member(&self.app, lead, number, (&member.label(), "талдау")).await?;
                self.later(22, 10);
            }
        }
        if one_in(no, 23, 2) {
            let words =
                PersonWords { name: format!("Үлгі {no} (выдумано)"), ..PersonWords::default() };
            let duty = if one_in(no, 24, 3) { "suspect" } else { "victim" }.to_owned();
            service::add_person(&self.app, lead, number, NewPerson { words, duty, number: String::new() })
                .await?;
            self.later(25, 20);
        }
        if one_in(no, 26, 2) {
            service::add_article(&self.app, lead, number, "cc-190").await?;
            self.later(27, 5);
        }
        if one_in(no, 28, 3) {
            let at = self.clock.now().plus_secs(-600);
            let of = format!("BENCH-{no:08}");
            service::add_ref(&self.app, lead, number, ("kui", &of, at, "дежурный (выдумано)")).await?;
            self.later(29, 20);
            if one_in(no, 30, 2) {
                let at = self.clock.now().plus_secs(-60);
                service::add_ref(&self.app, lead, number, ("erdr", &of, at, "")).await?;
                self.later(31, 5);
            }
        }
        if one_in(no, 32, 3) {
            let text = "Куәгермен сөйлесілді (ойдан шығарылған)".to_owned();
            let readers = Vec::new();
            service::add_note(
                &self.app,
                lead,
                number,
                NewNote { text, readers, restricted: one_in(no, 33, 5) },
            )
            .await?;
            self.later(34, 100);
        }
        if self.red() {
            service::set_door(&self.app, lead, number, (Door::Red, "тек топқа")).await?;
            self.later(36, 5);
        }
        Ok(())
    }

    /// It comes to an end in one of three ways.
    async fn end(
        &mut self,
        people: &People,
        (lead, unit): (&Actor, &str),
        number: &str,
    ) -> anyhow::Result<()> {
        match percent(self.no, 40) {
            0..45 => self.decide(people, (lead, unit), (number, "refuse")).await,
            45..85 => {
                self.decide(people, (lead, unit), (number, "start")).await?;
                self.later(41, 700);
                self.decide(people, (lead, unit), (number, "discontinue")).await
            }
            _ => {
                self.decide(people, (lead, unit), (number, "start")).await?;
                self.later(42, 700);
                self.decide(people, (lead, unit), (number, "prosecutor")).await?;
                for stage in ["court", "judged"] {
                    self.later(43, 400);
                    service::pass(&self.app, lead, number, (stage, "жолданды")).await?;
                }
                Ok(())
            }
        }
    }

    /// It is under way.
    async fn go_on(
        &mut self,
        people: &People,
        (lead, unit): (&Actor, &str),
        number: &str,
    ) -> anyhow::Result<()> {
        let no = self.no;
        if self.age > 2 && percent(no, 50) < 90 {
            self.decide(people, (lead, unit), (number, "start")).await?;
            if self.age > 50 && !self.red() && percent(no, 51) < 70 {
                self.later(52, 900);
                let to = if one_in(no, 53, 2) { "suspend" } else { "prosecutor" };
                self.decide(people, (lead, unit), (number, to)).await?;
            }
        }
        if self.age > 6 {
            self.finish(lead, number).await?;
        }
        if one_in(no, 54, 2) {
            let (assignee, _) =
                if one_in(no, 55, 3) { people.officer(drawn(no, 7)) } else { people.officer(drawn(no, 21)) };
            let on_it = one_in(no, 20, 2) || assignee.label() == lead.label();
            // One task in four is late, the others are still to come.
            let due = self.now.plus_secs(signed(drawn(no, 56) % (20 * 86_400)) - 5 * DAY);
            let task = NewTask {
                title: format!("Үзінді сұрату № {no} (ойдан шығарылған)"),
                assignee: if on_it { assignee.label() } else { lead.label() },
                due_at: Some(due),
                urgent: one_in(no, 57, 6),
            };
            service::add_task(&self.app, lead, number, task).await?;
            self.later(58, 10);
        }
        if one_in(no, 59, 40) {
            let body =
                pick(&["investigation", "international", "content", "territorial", "afm"], drawn(no, 60));
            let refused =
                service::refer(&self.app, lead, number, (body, "по подследственности (выдумано)")).await;
            if let Err(error) = refused {
                ensure!(matches!(error, case::CaseError::Already), "{error}");
            }
            self.later(61, 5);
        }
        Ok(())
    }

    /// Its tasks are done, nearly all of them.
    async fn finish(&mut self, lead: &Actor, number: &str) -> anyhow::Result<()> {
        let of = number.to_owned();
        let tasks = self.app.db.read(move |tx| {
            let Some(case) = case::store::file::by_number(tx, &of)? else { return Ok(Vec::new()) };
            case::store::task::of_case(tx, case.id)
        });
        for task in tasks.await?.into_iter().skip(usize::from(one_in(self.no, 62, 8))) {
            service::finish(&self.app, lead, number, (task.place.id, TaskState::Done)).await?;
            self.later(63, 30);
        }
        Ok(())
    }

    /// A decision; where two must agree, the head of the unit agrees.
    async fn decide(
        &mut self,
        people: &People,
        (lead, unit): (&Actor, &str),
        (number, kind): (&str, &str),
    ) -> anyhow::Result<()> {
        let day = self.app.profile.civil_date(self.app.office.now()).to_string();
        let new = NewDecision {
            kind: kind.to_owned(),
            paper: format!("{}-{kind}", self.no),
            day,
            reasons: "Дәлелдер жеткілікті (ойдан шығарылған)".to_owned(),
        };
        let id = service::propose(&self.app, lead, number, new).await?.id;
        self.later(70, 20);
        let waits = self.app.db.read(move |tx| case::store::decision::of_case(tx, id)).await?;
        if let Some(d) = waits.iter().find(|d| d.standing == Standing::Proposed) {
            service::confirm(&self.app, people.head(unit), number, d.place.id).await?;
            self.later(71, 40);
        }
        Ok(())
    }
}

/// A case with very many reports, tasks and persons.
async fn large(app: &App, people: &People, numbers: &[String], reports: u32) -> anyhow::Result<String> {
    let lead = demo(app, "aliya").await?;
    let new =
        NewCase {
            title: "Ең үлкен іс (ойдан шығарылған)".to_owned(), priority: 2, ..NewCase::default()
        };
    let number = service::open(app, &lead, new).await?.number;
    for report in numbers.iter().take(usize::try_from(reports)?) {
        service::link(app, &lead, &number, ("report", report)).await?;
    }
    for no in 0..LARGE / 10 {
        let words =
            PersonWords { name: format!("Үлгі {no} (выдумано)"), ..PersonWords::default() };
        let duty = if no.is_multiple_of(9) { "suspect" } else { "victim" }.to_owned();
        service::add_person(app, &lead, &number, NewPerson { words, duty, number: String::new() }).await?;
        let task = NewTask {
            title: format!("Тапсырма {no} (ойдан шығарылған)"),
            assignee: lead.label(),
            due_at: Some(app.office.now().plus_secs(i64::from(no) * 7_200 - 90_000)),
            urgent: no.is_multiple_of(7),
        };
        service::add_task(app, &lead, &number, task).await?;
    }
    for officer in people.officers.iter().take(12) {
        if officer.0.label() != lead.label() {
            service::add_member(app, &lead, &number, (&officer.0.label(), "топ")).await?;
        }
    }
    Ok(number)
}

/// A case with a very long time line.
async fn long(app: &App, people: &People) -> anyhow::Result<String> {
    let lead = demo(app, "aliya").await?;
    let new =
        NewCase {
            title: "Ең ұзақ іс (ойдан шығарылған)".to_owned(), priority: 1, ..NewCase::default()
        };
    let number = service::open(app, &lead, new).await?.number;
    for no in 0..LARGE * 3 / 2 {
        let at = app.office.now().plus_secs(-i64::from(no) * 900);
        service::add_event(app, &lead, &number, (at, &format!("Оқиға {no} (ойдан шығарылған)"))).await?;
    }
    for no in 0..LARGE * 3 / 2 {
        let text = format!("Жазба {no} (ойдан шығарылған)");
        let note = NewNote { text, readers: Vec::new(), restricted: no.is_multiple_of(10) };
        service::add_note(app, &lead, &number, note).await?;
    }
    let (other, _) = people.officer(5);
    if other.label() != lead.label() {
        service::add_member(app, &lead, &number, (&other.label(), "")).await?;
    }
    Ok(number)
}

/// Lists that people keep, their own and for everybody.
async fn keep_views(app: &App, people: &People) -> anyhow::Result<()> {
    let me = demo(app, "aliya").await?;
    for (name, filter) in
        [("Мерзімі өткені", "is:mine is:late"), ("Сотта", "stage:court"), ("Шұғыл", "is:urgent")]
    {
        service::keep_view(app, &me, (name, filter, "due", false)).await?;
    }
    for (no, (officer, _)) in people.officers.iter().take(10).enumerate() {
        let name = format!("Ортақ {no}");
        service::keep_view(app, officer, (&name, "unit:investigation", "priority", true)).await?;
    }
    Ok(())
}
