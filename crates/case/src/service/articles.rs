//! Offences, numbers in registers, and fields of their own.

use access::Action;
use app::App;
use kernel::{Actor, Timestamp};
use serde_json::json;
use uuid::Uuid;

use super::{Did, done, field, hold, written};
use crate::error::CaseError;
use crate::model::{Case, CaseArticle, CaseRef, FieldValue, MomentKind, NEVER};
use crate::{rules, store};

/// Longest number of a register, characters.
const MAX_NUMBER: usize = 60;

/// Names an offence, by its wording of today.
///
/// # Errors
/// Hidden or forbidden; no such offence today; it is named already.
pub async fn add_article(app: &App, actor: &Actor, number: &str, code: &str) -> Result<Case, CaseError> {
    let found = app.profile.articles(app.office.now()).find(|a| a.code == code);
    let wording = found.ok_or(CaseError::Field("article"))?.version();
    let (me, actor, number, code) = (app.clone(), actor.clone(), number.to_owned(), code.to_owned());
    app.db
        .write(move |tx| {
            let mut held = hold(tx, &me, &actor, &number, Action::WorkCase)?.open()?;
            let row = CaseArticle {
                place: held.place(&me),
                written: written(&me, &actor),
                code: code.clone(),
                wording: wording.clone(),
            };
            if !store::reference::add_article(tx, &row)? {
                return Err(CaseError::Already);
            }
            let did =
                Did::new("case.article_added", MomentKind::Case, &code).facts(json!({"wording": wording}));
            done(tx, &me, &actor, &mut held, did)?;
            Ok(held.case)
        })
        .await
}

/// Takes an offence out.
///
/// # Errors
/// Hidden or forbidden; it is not there.
pub async fn remove_article(app: &App, actor: &Actor, number: &str, id: Uuid) -> Result<Case, CaseError> {
    let (me, actor, number) = (app.clone(), actor.clone(), number.to_owned());
    app.db
        .write(move |tx| {
            let mut held = hold(tx, &me, &actor, &number, Action::WorkCase)?.open()?;
            let all = store::reference::articles(tx, held.case.id)?;
            let row = all.into_iter().find(|a| a.place.id == id).ok_or(CaseError::Settled)?;
            store::reference::remove_article(tx, (id, held.case.id), (me.office.now(), &actor.label()))?;
            done(tx, &me, &actor, &mut held, Did::new("case.article_removed", MomentKind::Case, &row.code))?;
            Ok(held.case)
        })
        .await
}

/// Writes down under which number a register holds the case. The clock of the law runs from the register's own time.
///
/// # Errors
/// Hidden or forbidden; no such register; a number that it has not; a time that is still to come; it is there already.
pub async fn add_ref(
    app: &App,
    actor: &Actor,
    number: &str,
    (system, of, at, registrar): (&str, &str, Timestamp, &str),
) -> Result<Case, CaseError> {
    let now = app.office.now();
    let register = app.profile.register(system, now).ok_or(CaseError::Field("system"))?;
    let of = rules::line("number", of, MAX_NUMBER)?;
    if register.number.as_ref().is_some_and(|form| !form.fits(&of)) {
        return Err(CaseError::Field("number"));
    }
    if at > now {
        return Err(CaseError::Field("at"));
    }
    let registrar = rules::line_or_none("registrar", registrar)?;
    let next = app.profile.registers("report", now).find_map(|r| r.decision().filter(|d| d.after == system));
    let due_at = next.map_or(NEVER, |rule| app.profile.term_end(at, rule.within));
    let (me, actor, number, system) = (app.clone(), actor.clone(), number.to_owned(), system.to_owned());
    app.db
        .write(move |tx| {
            let mut held = hold(tx, &me, &actor, &number, Action::WorkCase)?.open()?;
            let known = store::reference::of_case(tx, held.case.id)?;
            if known.iter().any(|r| r.wrong_at.is_none() && (&r.system, &r.number) == (&system, &of)) {
                return Err(CaseError::Already);
            }
            let row = CaseRef {
                place: held.place(&me),
                written: written(&me, &actor),
                system: system.clone(),
                number: of.clone(),
                registered_at: at,
                due_at,
                registrar_sealed: held.seal(&me, field::REGISTRAR, &registrar),
                wrong_at: None,
            };
            store::reference::insert(tx, &row)?;
            let did = Did::new("case.ref_added", MomentKind::Register, &system)
                .facts(json!({"reference": of, "registered_at": at.rfc3339()}));
            done(tx, &me, &actor, &mut held, did)?;
            Ok(held.case)
        })
        .await
}

/// Marks a number as written down wrongly; it stays.
///
/// # Errors
/// Hidden or forbidden; it is not there.
pub async fn wrong_ref(app: &App, actor: &Actor, number: &str, id: Uuid) -> Result<Case, CaseError> {
    let (me, actor, number) = (app.clone(), actor.clone(), number.to_owned());
    app.db
        .write(move |tx| {
            let mut held = hold(tx, &me, &actor, &number, Action::WorkCase)?.open()?;
            let all = store::reference::of_case(tx, held.case.id)?;
            let row = all.into_iter().find(|r| r.place.id == id).ok_or(CaseError::Settled)?;
            if !store::reference::wrong(tx, (id, held.case.id), (me.office.now(), &actor.label()))? {
                return Err(CaseError::Settled);
            }
            let did = Did::new("case.ref_wrong", MomentKind::Register, &row.system)
                .facts(json!({"reference": row.number}));
            done(tx, &me, &actor, &mut held, did)?;
            Ok(held.case)
        })
        .await
}

/// Writes a field of the case's shape; an empty value clears it.
///
/// # Errors
/// Hidden or forbidden; no such field; it takes nothing of that kind.
pub async fn set_field(
    app: &App,
    actor: &Actor,
    number: &str,
    (code, value): (&str, &str),
) -> Result<Case, CaseError> {
    let (me, actor, number) = (app.clone(), actor.clone(), number.to_owned());
    let (code, value) = (code.to_owned(), value.to_owned());
    app.db
        .write(move |tx| {
            let mut held = hold(tx, &me, &actor, &number, Action::WorkCase)?.open()?;
            let template =
                me.profile.cases().template(&held.case.template).ok_or(CaseError::Field("field"))?;
            let own = template.fields.iter().find(|f| f.code == code).ok_or(CaseError::Field("field"))?;
            let value = rules::value(own, &value)?;
            let now = me.office.now();
            let known = store::reference::fields(tx, held.case.id)?.into_iter().find(|f| f.code == code);
            let before = known.as_ref().map(|f| f.value_sealed.clone());
            match known {
                Some(mut known) => {
                    let key = me.vault.subject(tx, known.place.sealed_for)?.ok_or(CaseError::NotFound)?;
                    known.value_sealed = key.seal(&me.entropy, field::VALUE, &value);
                    (known.changed_at, known.changed_by) = (now, actor.label());
                    store::reference::save_field(tx, &known)?;
                }
                None => {
                    let row = FieldValue {
                        place: held.place(&me),
                        written: written(&me, &actor),
                        code: code.clone(),
                        value_sealed: held.seal(&me, field::VALUE, &value),
                        changed_at: now,
                        changed_by: actor.label(),
                    };
                    store::reference::add_field(tx, &row)?;
                }
            }
            let mut did = Did::new("case.field_set", MomentKind::Case, &code);
            if let Some(before) = &before {
                did = did.words(before);
            }
            done(tx, &me, &actor, &mut held, did)?;
            Ok(held.case)
        })
        .await
}
