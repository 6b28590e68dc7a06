//! Bodies outside: a referral goes to whoever answers for the body, by the road of files to institutions, and its answer is taken in.

use access::{Action, Resource};
use app::App;
use audit::Act;
use db::Tx;
use kernel::{Actor, Timestamp};
use registration::RegistrationError;
use registration::model::HandOver;
use registration::roads::{self, Build, NewFile, Road};
use serde_json::{Value, json};

use super::{Did, Held, done, field, resource};
use crate::error::CaseError;
use crate::exchange::{
    REFERRAL, ReferralAnswer, ReferralFile, ReferralOutcome, ReferralWithdrawn, ReferredArticle, WITHDRAWN,
};
use crate::model::{CaseRef, LinkKind, MomentKind, NEVER, Place, Referral, ReferralId, Referred, Written};
use crate::{rules, store};

/// Longest number of a body, characters.
const MAX_NUMBER: usize = 60;
/// A body that has taken a referral and not answered is asked again after this time of the wall clock: people look at it, for days.
const ASK_AGAIN_SECS: i64 = 6 * 3_600;

/// What went out, for the record.
pub(super) struct Out {
    /// Who it goes to.
    pub(super) institution: String,
    /// Of what it consists.
    pub(super) facts: Value,
}

/// Sends a referral to whoever answers for its body by messages; nothing where nobody does.
pub(super) fn send(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    (held, row): (&Held, &Referral),
    ground: &str,
) -> Result<Option<Out>, CaseError> {
    if !row.unit.is_empty() {
        return Ok(None);
    }
    let Some(to) = partner::store::addressee_of_body(tx, &row.body)? else { return Ok(None) };
    let reports = reports(tx, actor, held)?;
    let articles = articles(tx, app, held)?;
    let (n, named) = (reports.len(), articles.len());
    let file = ReferralFile {
        kind_of_message: REFERRAL.to_owned(),
        referral_id: ReferralId::from_uuid(row.place.id).to_string(),
        salt: hex::encode(app.entropy.bytes::<16>()),
        sent_at: app.profile.rfc3339(row.written.at),
        organisation: app.node.code.clone(),
        body: row.body.clone(),
        case_number: held.case.number.clone(),
        ground: ground.to_owned(),
        due_at: app.profile.rfc3339(row.due_at),
        articles,
        reports,
    };
    let made = put(tx, app, (held, row), (REFERRAL, &to.code), &file)?;
    // What went out, by its parts: their words are in the sealed file whose hash this is.
    let facts = json!({
        "institution": to.code, "schema": REFERRAL, "sha256": made.sha256, "size_bytes": made.size_bytes,
        "reports": n, "articles": named, "parts": ["case_number", "ground", "due_at", "articles", "reports"],
    });
    Ok(Some(Out { institution: to.code, facts }))
}

fn put(
    tx: &mut Tx<'_>,
    app: &App,
    (held, row): (&Held, &Referral),
    (schema, institution): (&'static str, &str),
    file: &impl serde::Serialize,
) -> Result<HandOver, CaseError> {
    let text = serde_json::to_string_pretty(file).map(|t| t + "\n");
    let text = text.map_err(|e| db::DbError::Bug(format!("a message cannot be written: {e}")))?;
    let new = NewFile { of: row.place.id, header: held.case.header.clone(), schema, institution, text };
    Ok(roads::put(tx, app, &held.key, new)?)
}

/// Numbers of the case's reports, as far as whoever refers it sees them.
fn reports(tx: &mut Tx<'_>, actor: &Actor, held: &Held) -> Result<Vec<String>, CaseError> {
    let mut all = Vec::new();
    for link in store::link::of_case(tx, held.case.id)? {
        if link.kind != LinkKind::Report {
            continue;
        }
        let Some(report) = report::store::find(tx, report::ReportId::from_uuid(link.target))? else {
            continue;
        };
        let thing = Resource::new(access::Kind::Report, report.id.uuid(), &report.header);
        if access::allowed(actor, Action::ViewReport, &thing) {
            all.push(report.number);
        }
    }
    Ok(all)
}

fn articles(tx: &mut Tx<'_>, app: &App, held: &Held) -> Result<Vec<ReferredArticle>, CaseError> {
    let all = store::reference::articles(tx, held.case.id)?.into_iter().map(|a| {
        let known = app.profile.cases().article(&a.code, &a.wording);
        let in_lang = |l: &kernel::Lang| Some((l.tag().to_owned(), known?.name.get(l).to_owned()));
        let text = app.profile.languages().iter().filter_map(in_lang).collect();
        ReferredArticle { code: a.code, text }
    });
    Ok(all.collect())
}

/// A referral is answered or taken back: nothing of it is posted any more, and a body that was sent one is told that it was taken back.
pub(super) fn end(tx: &mut Tx<'_>, app: &App, (held, row): (&Held, &Referral)) -> Result<(), CaseError> {
    if row.institution.is_empty() {
        return Ok(());
    }
    roads::end(tx, row.place.id)?;
    if row.state == Referred::TakenBack {
        let file = ReferralWithdrawn {
            kind_of_message: WITHDRAWN.to_owned(),
            referral_id: ReferralId::from_uuid(row.place.id).to_string(),
            case_number: held.case.number.clone(),
            at: app.profile.rfc3339(app.office.now()),
        };
        put(tx, app, (held, row), (WITHDRAWN, &row.institution), &file)?;
    }
    Ok(())
}

/// A body that lets a referral lie is asked once more.
pub(super) fn ask_again(tx: &mut Tx<'_>, app: &App, row: &Referral) -> Result<(), CaseError> {
    if row.institution.is_empty() { Ok(()) } else { Ok(roads::ask_again(tx, row.place.id, app.wall.now())?) }
}

/// How referrals, and word that one was taken back, go to bodies.
#[must_use]
pub fn roads() -> Vec<Road> {
    let road = |schema, asks| Road {
        schema,
        path: "referrals",
        asks,
        again_secs: ASK_AGAIN_SECS,
        build,
        heard: answered_at_once,
    };
    vec![road(REFERRAL, true), road(WITHDRAWN, false)]
}

fn build(tx: &mut Tx<'_>, app: &App, of: &HandOver) -> Result<Option<Build>, RegistrationError> {
    let row = store::referral::find(tx, of.registration.uuid())?.ok_or(RegistrationError::NotFound)?;
    let waits = if of.schema == REFERRAL { Referred::Sent } else { Referred::TakenBack };
    if row.state != waits {
        roads::end(tx, row.place.id)?;
        return Ok(None);
    }
    // Whoever has left, or answers for the body no more, is sent nothing.
    let to = partner::store::addressee_of_body(tx, &row.body)?.filter(|p| p.code == of.institution);
    let Some(to) = to else { return Ok(None) };
    let key = app.vault.subject(tx, row.place.sealed_for)?.ok_or(RegistrationError::NotFound)?;
    let body = roads::content(tx, &key, of)?;
    let act = Act {
        purpose: Some(kernel::Purpose::Investigate),
        ..Act::about("case.referral_posted", "case", row.place.case.uuid())
    };
    roads::record_posting(tx, app, ("cases", act), of)?;
    Ok(Some(Build { gateway: to.gateway_url, body }))
}

fn answered_at_once(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    of: &HandOver,
    body: &[u8],
) -> Result<bool, RegistrationError> {
    let Ok(said) = partner::strict::from_slice::<ReferralAnswer>(body) else { return Ok(false) };
    let id = ReferralId::from_uuid(of.registration.uuid());
    if said.referral_id != id.to_string() {
        return Ok(false);
    }
    hear_in(tx, app, actor, id, &said).map(|_| true).map_err(super::registers::outside)
}

/// What a body says to a referral. The same answer again changes nothing.
///
/// # Errors
/// No such referral to this institution; it was answered otherwise or taken back; a return without a reason.
pub async fn hear_body(
    app: &App,
    actor: &Actor,
    id: ReferralId,
    said: ReferralAnswer,
) -> Result<Referred, CaseError> {
    let (me, actor) = (app.clone(), actor.clone());
    app.db.write(move |tx| hear_in(tx, &me, &actor, id, &said)).await
}

fn hear_in(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    id: ReferralId,
    said: &ReferralAnswer,
) -> Result<Referred, CaseError> {
    let found = store::referral::find(tx, id.uuid())?.filter(|r| !r.institution.is_empty());
    let case = found.ok_or(CaseError::NotFound)?.place.case;
    tx.lock_row("case_file", case.uuid())?;
    let mut row = store::referral::find(tx, id.uuid())?.ok_or(CaseError::NotFound)?;
    let case = store::file::find(tx, case)?.ok_or(CaseError::NotFound)?;
    let team = store::member::of_case(tx, case.id)?;
    let to = partner::store::by_code(tx, &row.institution)?.ok_or(CaseError::NotFound)?;
    let thing = resource(&case, &team, &[]).owned_by(to.id.uuid());
    access::require(actor, Action::ReceiveCase, &thing).map_err(|_| CaseError::NotFound)?;
    let number = rules::line_or_none("number", &said.number)?;
    if said.kind_of_message != "referral_answer.v1" || number.chars().count() > MAX_NUMBER {
        return Err(CaseError::Field("number"));
    }
    let (act, state) = match said.outcome {
        ReferralOutcome::Accepted => ("case.accepted", Referred::Accepted),
        ReferralOutcome::Returned => ("case.returned", Referred::Returned),
    };
    let why = match (app::reason(&said.reason), state) {
        (Some(why), _) => why,
        (None, Referred::Accepted) if said.reason.trim().is_empty() => String::new(),
        _ => return Err(CaseError::Field("reason")),
    };
    if row.state != Referred::Sent {
        let same = row.state == state && row.body_number == number;
        return if same { Ok(state) } else { Err(CaseError::Settled) };
    }
    let key = app.vault.subject(tx, case.id.uuid())?.ok_or(CaseError::NotFound)?;
    let mut held = Held { case, team, key };
    let now = app.office.now();
    row.state = state;
    (row.answered_at, row.answered_by) = (Some(now), Some(actor.label()));
    row.answer_sealed = (!why.is_empty()).then(|| held.seal(app, field::ANSWER, &why));
    store::referral::settle(tx, &row)?;
    store::referral::numbered(tx, row.place.id, &number)?;
    roads::end(tx, row.place.id)?;
    held.case.referred_to = String::new();
    if !number.is_empty() {
        let written = Written { by: actor.label(), at: now };
        keep_number(tx, app, (&held, &row), (&number, written))?;
    }
    let sealed = row.answer_sealed.clone();
    let mut did = Did::new(act, MomentKind::Decision, &row.body)
        .facts(json!({"institution": row.institution, "its_number": number}));
    if let Some(sealed) = &sealed {
        did = did.words(sealed);
    }
    done(tx, app, actor, &mut held, did)?;
    Ok(state)
}

/// The body's own number stands among those of the case.
fn keep_number(
    tx: &mut Tx<'_>,
    app: &App,
    (held, row): (&Held, &Referral),
    (number, written): (&str, Written),
) -> Result<(), CaseError> {
    let at: Timestamp = written.at;
    let new = CaseRef {
        place: Place { id: app.uuid(), case: held.case.id, sealed_for: held.case.id.uuid() },
        written,
        system: row.body.clone(),
        number: number.to_owned(),
        registered_at: at,
        due_at: NEVER,
        registrar_sealed: held.seal(app, field::REGISTRAR, ""),
        wrong_at: None,
    };
    Ok(store::reference::insert(tx, &new)?)
}
