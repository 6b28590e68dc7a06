//! What officers and reporters see of a matter in its registers.

use access::{Action, Resource};
use app::App;
use audit::Act;
use db::Tx;
use kernel::{Actor, Personal, Purpose};
use profile::Register;
use report::ReportId;
use serde_json::json;

use super::entering::keeper;
use super::{REASONS, REGISTRAR, SECOND, WRONG, act, of_subject, proposal, register_of, resource};
use crate::error::RegistrationError;
use crate::kinds::{self, Of, Wants};
use crate::model::{
    Decision, HandOver, HandOverId, Opened, Posting, Reasons, Reference, ReferenceId, Registration, Standing,
    State, Subject,
};
use crate::store::Count;
use crate::{rules, store};

/// Most rows of the board.
const LIMIT: i64 = 200;
/// "Due soon" of the figures on top of the board.
const SOON_SECS: i64 = 15 * 60;

/// What the reader may do now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct May {
    /// Make the file, or hand it over by message.
    pub hand_over: bool,
    /// Take the file.
    pub take: bool,
    /// Write down that the file was carried to the register.
    pub carry: bool,
    /// Write down that the register did not take the file.
    pub turn_away: bool,
    /// Write down what the register answered.
    pub receive: bool,
    /// Put the number right.
    pub correct: bool,
    /// Write down that it was entered by mistake.
    pub mistaken: bool,
    /// Decide.
    pub decide: bool,
    /// Agree, or send back.
    pub confirm: bool,
    /// Take the own proposal back.
    pub take_back: bool,
}

/// A matter in one register, without anything personal.
#[derive(Debug, Clone)]
pub struct Matter {
    /// The register.
    pub register: Register,
    /// Where it stands.
    pub registration: Registration,
    /// Its numbers there, wrong ones too, the oldest first.
    pub references: Vec<Reference>,
    /// The file with which it was handed over.
    pub hand_over: Option<HandOver>,
    /// Decisions and proposals, the oldest first.
    pub decisions: Vec<Decision>,
    /// Whether an institution takes messages for the register.
    pub by_message: bool,
    /// What the reader may do.
    pub may: May,
}

impl Matter {
    /// The number that stands.
    #[must_use]
    pub fn reference(&self) -> Option<&Reference> {
        self.references.iter().rev().find(|r| r.wrong_at.is_none())
    }
    /// The decision that stands or waits.
    #[must_use]
    pub fn decision(&self) -> Option<&Decision> {
        self.decisions.iter().rev().find(|d| matches!(d.standing, Standing::Proposed | Standing::Stands))
    }
}

/// A matter in its registers.
#[derive(Debug, Clone)]
pub struct View {
    /// The matter.
    pub subject: Subject,
    /// The matter in each register that has been opened, in the profile's order.
    pub matters: Vec<Matter>,
    /// Registers that it should be entered in and is not: it is older than they are here, or its news is on its way.
    pub missing: Vec<Register>,
    /// Whether the reader may enter it there.
    pub may_enter: bool,
}

/// A matter in its registers. Empty where the country has none. Looking opens nothing.
///
/// # Errors
/// Absent or hidden.
pub async fn of_report(app: &App, actor: &Actor, of: impl Into<Of>) -> Result<View, RegistrationError> {
    let (me, who, of) = (app.clone(), actor.clone(), of.into());
    app.db.read(move |tx| load(tx, &me, &who, &of)).await
}

fn load(tx: &mut Tx<'_>, app: &App, actor: &Actor, of: &Of) -> Result<View, RegistrationError> {
    let subject = of.find(tx, app, actor, Wants::See)?;
    let matters = matters(tx, app, actor, &subject)?;
    let erased = app.vault.subject(tx, subject.id)?.is_none();
    let expected = app.profile.registers(&subject.kind, app.office.now());
    let missing: Vec<Register> = expected
        .filter(|r| !erased && r.hand_over().is_some() && matters.iter().all(|m| m.register.code != r.code))
        .cloned()
        .collect();
    let may_enter = !missing.is_empty()
        && subject.works
        && access::allowed(actor, Action::HandOver, &of_subject(&subject));
    Ok(View { subject, matters, missing, may_enter })
}

fn matters(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    subject: &Subject,
) -> Result<Vec<Matter>, RegistrationError> {
    let all = store::reference::of_subject(tx, &subject.kind, subject.id)?;
    let mut found = Vec::new();
    for registration in store::of_subject(tx, &subject.kind, subject.id)? {
        let Some(register) = register_of(app, &registration) else { continue };
        let proposed = proposal(tx, &registration)?;
        let hand_over = store::hand_over::of_registration(tx, registration.id)?;
        let by_message = keeper(tx, &register.code)?.is_some();
        let file = (hand_over.as_ref().map(|h| h.posting), by_message);
        let of =
            |code: &str| -> Vec<Reference> { all.iter().filter(|r| r.system == code).cloned().collect() };
        let stands = |code: &str| of(code).into_iter().rev().find(|r| r.wrong_at.is_none());
        let numbers = Numbers {
            own: stands(&register.code).is_some_and(|r| r.came_by != "register"),
            before: register.decision().is_none_or(|d| stands(&d.after).is_some()),
        };
        found.push(Matter {
            may: may((actor, subject.works), &register, &registration, proposed.as_ref(), (file, numbers)),
            references: of(&register.code),
            hand_over,
            by_message,
            decisions: store::decision::of_registration(tx, registration.id)?,
            registration,
            register,
        });
    }
    let order: Vec<&str> =
        app.profile.registers(&subject.kind, app.office.now()).map(|r| r.code.as_str()).collect();
    found.sort_by_key(|m| order.iter().position(|code| *code == m.register.code));
    Ok(found)
}

/// What is known of the numbers of a matter.
#[derive(Clone, Copy)]
struct Numbers {
    /// The one that stands was written down by this office.
    own: bool,
    /// The register before holds the matter, if there must be one.
    before: bool,
}

fn may(
    (actor, works): (&Actor, bool),
    register: &Register,
    matter: &Registration,
    proposed: Option<&Decision>,
    ((file, by_message), numbers): ((Option<Posting>, bool), Numbers),
) -> May {
    let may = |action| {
        let works = works || action == Action::ConfirmRegistration;
        works && access::allowed(actor, action, &resource(matter, proposed))
    };
    let (handed, state) = (register.hand_over().is_some(), matter.state);
    let before = matches!(state, State::Waiting | State::HandedOver);
    let ready = file.is_some_and(|posting| rules::still_stands(posting, state, by_message));
    May {
        hand_over: handed && state == State::Waiting && !ready && may(Action::HandOver),
        take: file.is_some() && state != State::Erased && may(Action::HandOver),
        carry: handed && state == State::Waiting && ready && may(Action::HandOver),
        turn_away: state == State::HandedOver && file.is_some() && may(Action::RecordReceipt),
        receive: handed && before && may(Action::RecordReceipt),
        correct: state == State::Registered && numbers.own && may(Action::CorrectReference),
        mistaken: handed && state == State::Registered && numbers.own && may(Action::CorrectReference),
        decide: !handed && state == State::Waiting && numbers.before && may(Action::DecideRegistration),
        confirm: state == State::Proposed && may(Action::ConfirmRegistration),
        take_back: proposed.is_some_and(|d| d.header.author == actor.label())
            && may(Action::DecideRegistration),
    }
}

/// What was sealed about a number, opened.
#[derive(Debug, Clone)]
pub struct Noted {
    /// Which number.
    pub id: ReferenceId,
    /// Who entered it in the register.
    pub registrar: Option<Personal<String>>,
    /// Why it was wrong.
    pub wrong: Option<Personal<String>>,
}

/// A report in its registers with what is sealed, opened for an officer; that is a record.
#[derive(Debug, Clone)]
pub struct Open {
    /// The report in its registers.
    pub view: View,
    /// What was sealed about its numbers.
    pub noted: Vec<Noted>,
    /// Its decisions, opened.
    pub decisions: Vec<Opened>,
    /// Why registers did not take the files that were made last.
    pub refusals: Vec<(HandOverId, Personal<String>)>,
}

/// A report in its registers, opened.
///
/// # Errors
/// Absent or hidden; the country has no registers.
pub async fn open(app: &App, actor: &Actor, of: impl Into<Of>) -> Result<Open, RegistrationError> {
    let view = of_report(app, actor, of.into()).await?;
    if view.matters.is_empty() && view.missing.is_empty() {
        return Err(RegistrationError::NotFound);
    }
    let (me, actor) = (app.clone(), actor.clone());
    app.db
        .write(move |tx| {
            let subject = view.subject.clone();
            access::require(&actor, Action::ViewRegistration, &of_subject(&subject))?;
            for m in &view.matters {
                access::require(&actor, Action::ViewRegistration, &resource(&m.registration, None))?;
            }
            let (mut noted, mut decisions, mut refusals) = (Vec::new(), Vec::new(), Vec::new());
            for m in &view.matters {
                for r in &m.references {
                    noted.push(note(tx, &me, &subject, r.id)?);
                }
                if let Some(file) = m.hand_over.as_ref().filter(|h| h.posting == Posting::Refused)
                    && let Some(sealed) = store::hand_over::why_refused(tx, file.id)?
                {
                    let why = me.open_words(tx, subject.id, WRONG, &sealed)?;
                    refusals.extend(why.map(|why| (file.id, why)));
                }
                for d in &m.decisions {
                    decisions.push(opened(tx, &me, &subject, d)?);
                }
            }
            let facts = json!({"registers": view.matters.len()});
            let purpose = Some(kinds::purpose(&subject.kind));
            let act = Act { purpose, facts, ..act("registration.read", &subject) };
            me.record(tx, &actor, &act)?;
            Ok(Open { view: view.clone(), noted, decisions, refusals })
        })
        .await
}

fn note(tx: &mut Tx<'_>, app: &App, subject: &Subject, id: ReferenceId) -> Result<Noted, RegistrationError> {
    let (registrar, wrong) = store::reference::sealed(tx, id)?;
    let wrong = match wrong {
        Some(sealed) => app.open_words(tx, subject.id, WRONG, &sealed)?,
        None => None,
    };
    Ok(Noted { id, registrar: app.open_words(tx, subject.id, REGISTRAR, &registrar)?, wrong })
}

fn opened(tx: &mut Tx<'_>, app: &App, subject: &Subject, d: &Decision) -> Result<Opened, RegistrationError> {
    let (reasons, second) = store::decision::sealed(tx, d.id)?;
    let words = app.open_words(tx, subject.id, REASONS, &reasons)?;
    let reasons: Option<Personal<Reasons>> = words
        .and_then(|w| serde_json::from_str(&w.into_inner(Purpose::HandleReport)).ok())
        .map(Personal::new);
    let sent_back = match second {
        Some(sealed) if d.standing == Standing::SentBack => {
            app.open_words(tx, subject.id, SECOND, &sealed)?
        }
        _ => None,
    };
    Ok(Opened { decision: d.clone(), reasons, sent_back })
}

/// What the reporter sees of the own report in one register.
#[derive(Debug, Clone)]
pub struct Own {
    /// The register.
    pub register: Register,
    /// Where it stands.
    pub registration: Registration,
    /// The number that stands.
    pub reference: Option<Reference>,
    /// The decision that stands, opened; a proposal is nobody's business outside.
    pub decision: Option<Opened>,
}

/// The own report in its registers.
///
/// # Errors
/// Absent, or not one's own.
pub async fn own(app: &App, actor: &Actor, id: ReportId) -> Result<Vec<Own>, RegistrationError> {
    let (me, actor) = (app.clone(), actor.clone());
    app.db
        .read(move |tx| {
            let report = report::store::find(tx, id)?.ok_or(RegistrationError::NotFound)?;
            let resource = Resource::new("report", id.uuid(), &report.header);
            access::require(&actor, Action::ViewOwnReport, &resource)?;
            let subject = Subject::of_report(&report);
            let mut all = Vec::new();
            for m in matters(tx, &me, &actor, &subject)? {
                let stands = m.decision().filter(|d| d.standing == Standing::Stands).cloned();
                let decision = match stands {
                    Some(d) => Some(opened(tx, &me, &subject, &d)?),
                    None => None,
                };
                let reference = m.reference().cloned();
                all.push(Own { register: m.register, registration: m.registration, reference, decision });
            }
            Ok(all)
        })
        .await
}

/// What is open, the first due first, and how much there is.
#[derive(Debug, Clone, Default)]
pub struct Board {
    /// Open matters with their registers.
    pub rows: Vec<(Registration, Register)>,
    /// How many.
    pub count: Count,
}

/// The registers' part of the clock board.
///
/// # Errors
/// Forbidden.
pub async fn board(app: &App, actor: &Actor) -> Result<Board, RegistrationError> {
    access::require(actor, Action::ViewQueue, &Resource::any("desk"))?;
    let office = access::scope(actor, access::Kind::Registration)?.office()?;
    let (me, now) = (app.clone(), app.office.now());
    app.db
        .read(move |tx| {
            let count = store::count(tx, &office, now, now.plus_secs(SOON_SECS))?;
            let all = store::open(tx, &office, LIMIT)?;
            let rows = all.into_iter().filter_map(|m| Some((register_of(&me, &m)?, m)));
            Ok(Board { rows: rows.map(|(r, m)| (m, r)).collect(), count })
        })
        .await
}
