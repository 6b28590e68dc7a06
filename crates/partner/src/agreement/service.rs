//! The verbs of the office about agreements: permission, load, decide, save, record.

use std::fmt;

use access::{AccessError, Action, Resource};
use app::{App, SealedWords};
use audit::Act;
use db::Tx;
use kernel::{Actor, Purpose, Role};
use serde_json::json;
use sha2::{Digest as _, Sha256};

use crate::agreement::model::{Agreement, AgreementId, AgreementStatus, Decision};
use crate::agreement::place;
use crate::agreement::rules::{self, DecideError, Fault};
use crate::agreement::store::{self as kept, Decided, Stored};
use crate::manage;
use crate::model::{Institution, Mode, PartnerId};
use crate::service::PartnerError;
use crate::store;

/// Names of the sealed fields.
const BODY: &str = "agreement";
const REASON: &str = "agreement_reason";

/// Everything that is wrong with one entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Faults(pub Vec<Fault>);

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all: Vec<String> =
            self.0.iter().map(|w| format!("`{}` {} `{}`", w.field, w.what, w.value)).collect();
        write!(f, "the agreement cannot be taken: {}", all.join(", "))
    }
}

/// Over what a version is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Over {
    /// Over nothing: the institution is to be new.
    Nothing,
    /// Over this version, 0 where none was kept yet; the institution is known.
    Version(i64),
    /// Over whatever there is, as files are. One that says nothing new is left out.
    WhateverIs,
}

/// A version that somebody proposes.
#[derive(Debug, Clone)]
pub struct Proposal {
    /// Minted by the form: the same form twice is one version.
    pub id: AgreementId,
    /// Over what.
    pub over: Over,
    /// What it says. Without a key, no key is added.
    pub entry: Institution,
}

/// Proposes versions, all or none. Nothing rests on them before a second administrator has confirmed them. `fully`: each
/// must say all that the desk's form asks. Gives what waits now, without those that say nothing new.
///
/// # Errors
/// Not permitted; [`PartnerError::Terms`]; a key that is known; [`DecideError::Moved`]; the database's.
pub async fn propose(
    app: &App,
    actor: &Actor,
    all: Vec<Proposal>,
    fully: bool,
) -> Result<Vec<Agreement>, PartnerError> {
    access::require(actor, Action::ManagePartners, &Resource::any("partner"))?;
    for proposal in &all {
        refuse_on(rules::check(&proposal.entry, &app.profile, fully))?;
    }
    let (me, actor) = (app.clone(), actor.clone());
    app.db
        .write(move |tx| {
            let mut waiting = Vec::new();
            for proposal in &all {
                waiting.extend(propose_in(tx, &me, &actor, proposal)?);
            }
            Ok(waiting)
        })
        .await
}

pub(crate) fn refuse_on(faults: Vec<Fault>) -> Result<(), PartnerError> {
    if faults.is_empty() { Ok(()) } else { Err(PartnerError::Terms(Faults(faults))) }
}

fn propose_in(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    proposal: &Proposal,
) -> Result<Option<Agreement>, PartnerError> {
    if let Some(known) = kept::get(tx, proposal.id)? {
        // The same form again is the version that waits already. Another form with this id cannot be.
        let same = known.header.author == actor.label() && known.code == proposal.entry.code;
        return if same { open(tx, app, known).map(Some) } else { Err(PartnerError::NotFound) };
    }
    let known = store::by_code(tx, &proposal.entry.code)?;
    let newest = kept::newest(tx, &proposal.entry.code)?;
    let newest_no = newest.as_ref().and_then(|v| v.version).unwrap_or(0);
    let base = match (proposal.over, &known) {
        (Over::Nothing, Some(_)) => {
            return Err(PartnerError::Terms(Faults(vec![Fault::new("code", "known", &proposal.entry.code)])));
        }
        (Over::Version(_), None) => return Err(PartnerError::NotFound),
        (Over::Version(no), Some(_)) if no != newest_no => return Err(DecideError::Moved.into()),
        _ => newest_no,
    };
    refuse_on(place::check(&proposal.entry, &store::all(tx)?))?;
    let entry = without_known_key(tx, &proposal.entry)?;
    if let Some(partner) = &known {
        let current = match newest {
            Some(newest) => open(tx, app, newest)?.entry,
            None => Some(partner.as_entry()),
        };
        if current.is_some_and(|current| keyless(&current) == entry) {
            if proposal.over == Over::WhateverIs {
                return Ok(None);
            }
            return Err(PartnerError::Terms(Faults(vec![Fault::new("form", "unchanged", "")])));
        }
    }
    let mut id = proposal.id;
    if proposal.over == Over::WhateverIs {
        // A file has no form behind it that minted an id: the same file again is the version that waits already. One that
        // was refused may be proposed anew.
        let same = id_of(&actor.label(), base, &entry)?;
        match kept::get(tx, same)? {
            Some(waits) if waits.status == AgreementStatus::Waits => return open(tx, app, waits).map(Some),
            Some(_) => {}
            None => id = same,
        }
    }
    let partner = known.map_or_else(|| PartnerId::from_uuid(app.uuid()), |p| p.id);
    let stored = seal(tx, app, actor, (id, partner, base), &entry, None)?;
    let act = act("partner.agreement_proposed", &stored, Some(&entry));
    app.record(tx, actor, &act)?;
    open(tx, app, stored).map(Some)
}

/// The id of what an author proposes by a file over a version: a hash of all of it.
fn id_of(author: &str, base: i64, entry: &Institution) -> Result<AgreementId, PartnerError> {
    let said = serde_json::to_string(entry).map_err(|e| db::DbError::Bug(e.to_string()))?;
    let hash: [u8; 32] =
        Sha256::digest(format!("partner_agreement|{author}|{}|{base}|{said}", entry.code)).into();
    let mut id = [0; 16];
    id.iter_mut().zip(hash).for_each(|(to, from)| *to = from);
    Ok(AgreementId::from_uuid(uuid::Builder::from_custom_bytes(id).into_uuid()))
}

/// The entry without its key, if that is the institution's already.
fn without_known_key(tx: &mut Tx<'_>, entry: &Institution) -> Result<Institution, PartnerError> {
    let Some(key) = rules::key_of(entry)? else { return Ok(entry.clone()) };
    match store::key(tx, &entry.keyid)? {
        Some(known) if known.public_key == key => Ok(keyless(entry)),
        Some(_) => Err(PartnerError::KeyChanged(entry.keyid.clone())),
        None if store::key_by_public(tx, key)? => Err(PartnerError::KeyKnown),
        None => Ok(entry.clone()),
    }
}

pub(super) fn keyless(entry: &Institution) -> Institution {
    Institution { public_key: String::new(), keyid: String::new(), ..entry.clone() }
}

/// Keeps a version: one that waits, or, with its number, one that is in force from now on.
fn seal(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    (id, partner, base): (AgreementId, PartnerId, i64),
    entry: &Institution,
    version: Option<i64>,
) -> Result<Stored, PartnerError> {
    let body = serde_json::to_string(entry).map_err(|e| db::DbError::Bug(e.to_string()))?;
    let mut header = app.header(actor, app.profile.default_lang(), "partner");
    header.marking.tlp = entry.agreement.marking;
    let stored = Stored {
        id,
        header,
        partner,
        code: entry.code.clone(),
        base,
        body_sealed: app.seal_words(tx, partner.uuid(), BODY, &body)?.bytes().to_vec(),
        author_name: name_of(actor),
        status: if version.is_some() { AgreementStatus::Kept } else { AgreementStatus::Waits },
        version,
        decided: None,
    };
    kept::insert(tx, &stored)?;
    Ok(stored)
}

/// Keeps what the command line took in as the next version, unless it says nothing new.
pub(crate) fn keep_import(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    partner: PartnerId,
    entry: &Institution,
) -> Result<(), PartnerError> {
    let newest = kept::newest(tx, &entry.code)?;
    let no = newest.as_ref().and_then(|v| v.version).unwrap_or(0);
    let said = match newest {
        Some(newest) => open(tx, app, newest)?.entry,
        None => None,
    };
    if said.is_some_and(|said| keyless(&said) == keyless(entry)) {
        return Ok(());
    }
    let id = AgreementId::from_uuid(app.uuid());
    seal(tx, app, actor, (id, partner, no), entry, Some(no.saturating_add(1))).map(drop)
}

pub(super) fn open(tx: &mut Tx<'_>, app: &App, stored: Stored) -> Result<Agreement, PartnerError> {
    let subject = stored.partner.uuid();
    let body = app.open_words(tx, subject, BODY, &SealedWords::from_bytes(stored.body_sealed))?;
    let entry = body.and_then(|body| serde_json::from_str(body.open(Purpose::Operate)).ok());
    let decision = match stored.decided {
        None => None,
        Some(d) => Some(Decision {
            at: d.at,
            by: d.by,
            name: d.name,
            reason: manage::opened(tx, app, stored.partner, REASON, d.reason_sealed)?,
        }),
    };
    Ok(Agreement {
        id: stored.id,
        header: stored.header,
        author_name: stored.author_name,
        partner: stored.partner,
        code: stored.code,
        base: stored.base,
        entry,
        status: stored.status,
        version: stored.version,
        decision,
    })
}

/// Confirms a version as a second administrator: it is in force from this commit on. The page asks for a fresh one-time code
/// before it calls this.
///
/// # Errors
/// There is none; not permitted; [`DecideError`]; a key that became known meanwhile; the database's.
pub async fn confirm(app: &App, actor: &Actor, id: AgreementId) -> Result<Agreement, PartnerError> {
    let (me, actor) = (app.clone(), actor.clone());
    app.db.write(move |tx| confirm_in(tx, &me, &actor, id)).await
}

fn confirm_in(tx: &mut Tx<'_>, app: &App, actor: &Actor, id: AgreementId) -> Result<Agreement, PartnerError> {
    access::require(actor, Action::ViewPartner, &Resource::any("partner"))?;
    tx.lock_row("partner_agreement", id.uuid())?;
    let stored = kept::get(tx, id)?.ok_or(PartnerError::NotFound)?;
    tx.lock_row("partner", stored.partner.uuid())?;
    let known = store::by_code(tx, &stored.code)?;
    let newest = kept::newest(tx, &stored.code)?.and_then(|v| v.version).unwrap_or(0);
    let version = open(tx, app, stored.clone())?;
    // Whoever may confirm at all is told why this one cannot be; the access rules alone would only say "forbidden".
    if access::allowed(actor, Action::ConfirmPartner, &resource(app, &version, "")) {
        let same = known.as_ref().is_none_or(|p| p.id == version.partner);
        rules::may_confirm(&version, &actor.label(), newest, same)?;
    }
    access::require(actor, Action::ConfirmPartner, &resource(app, &version, &version.header.author))?;
    both_stand(tx, app, actor, &version.header.author)?;
    let entry = version.entry.clone().ok_or(PartnerError::NotFound)?;
    let key = rules::key_of(&entry)?;
    // It may have become another's since it was proposed.
    if let Some(key) = key
        && store::key_by_public(tx, key)?
    {
        return Err(PartnerError::KeyKnown);
    }
    // A new institution begins on trial.
    crate::service::install(tx, app, actor, (version.partner, Mode::Test), &entry, key)?;
    let decided = Stored {
        status: AgreementStatus::Kept,
        version: Some(newest.saturating_add(1)),
        decided: Some(decided(app, actor, None)),
        ..stored
    };
    kept::decide(tx, &decided)?;
    app.record(tx, actor, &act("partner.agreement_confirmed", &decided, Some(&entry)))?;
    open(tx, app, decided)
}

/// Two persons stand behind what is confirmed, in the transaction that keeps it: an administrator, and either another one or
/// the institution's own manager. One who was handed what the other signs in with is no second person.
pub(crate) fn both_stand(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    author: &str,
) -> Result<(), PartnerError> {
    access::present(tx, actor, app.office.now())??;
    if !access::still_stands(tx, &actor.label(), &[Role::Administrator])? {
        return Err(AccessError::Forbidden(Action::ConfirmPartner).into());
    }
    let stands = if author.starts_with("staff:") {
        access::still_stands(tx, author, &[Role::Administrator])?
    } else {
        access::holders(tx, author)?.first().is_some_and(|manager| manager.active)
    };
    if !stands {
        return Err(DecideError::AuthorOut.into());
    }
    if !access::two_persons(tx, &actor.label(), author)? {
        return Err(DecideError::OnePerson.into());
    }
    Ok(())
}

/// Refuses a version with a reason, or takes it back as its author.
///
/// # Errors
/// There is none; not permitted; [`DecideError::Settled`]; [`PartnerError::Reason`]; the database's.
pub async fn refuse(
    app: &App,
    actor: &Actor,
    id: AgreementId,
    reason: &str,
) -> Result<Agreement, PartnerError> {
    access::require(actor, Action::ManagePartners, &Resource::any("partner"))?;
    let reason = app::reason(reason).ok_or(PartnerError::Reason)?;
    let (me, actor) = (app.clone(), actor.clone());
    app.db.write(move |tx| refuse_in(tx, &me, &actor, id, &reason)).await
}

fn refuse_in(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    id: AgreementId,
    reason: &str,
) -> Result<Agreement, PartnerError> {
    tx.lock_row("partner_agreement", id.uuid())?;
    let stored = kept::get(tx, id)?.ok_or(PartnerError::NotFound)?;
    if stored.status != AgreementStatus::Waits {
        return Err(DecideError::Settled.into());
    }
    let words = app.seal_words(tx, stored.partner.uuid(), REASON, reason)?;
    let refused = Stored {
        status: AgreementStatus::Refused,
        decided: Some(decided(app, actor, Some(words.bytes().to_vec()))),
        ..stored
    };
    kept::decide(tx, &refused)?;
    let mut act = act("partner.agreement_refused", &refused, None);
    if let Some(facts) = act.facts.as_object_mut() {
        facts.insert("reason_sealed".to_owned(), words.fact().into());
    }
    app.record(tx, actor, &act)?;
    open(tx, app, refused)
}

fn decided(app: &App, actor: &Actor, reason_sealed: Option<Vec<u8>>) -> Decided {
    Decided { at: app.office.now(), by: actor.label(), name: name_of(actor), reason_sealed }
}

fn act(name: &'static str, version: &Stored, entry: Option<&Institution>) -> Act {
    let sealed = hex::encode(Sha256::digest(&version.body_sealed));
    let facts = json!({
        "code": version.code,
        "agreement": version.id.to_string(),
        "over": version.base,
        "version": version.version,
        "proposed_by": version.header.author,
        "keyid": entry.map(|e| e.keyid.as_str()).filter(|k| !k.is_empty()),
        "gateway": entry.map(|e| crate::rules::host_of_gateway(&e.gateway)),
        // Over the text as it is sealed: shows that this and no other was proposed and confirmed.
        "sealed_sha256": sealed,
    });
    Act { facts, ..Act::about(name, "partner", version.partner.uuid()) }
}

pub(super) fn resource(app: &App, version: &Agreement, author: &str) -> Resource {
    let record = Resource::bare("partner", version.partner.uuid(), &app.node.code);
    Resource { author: author.to_owned(), ..record }
}

fn name_of(actor: &Actor) -> String {
    match actor {
        Actor::Staff { name, .. } => name.clone(),
        other => other.label(),
    }
}
