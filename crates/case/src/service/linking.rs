//! What a case is about: reports, schemes, persons, other cases. One links what one sees.

use access::{Action, Kind, Resource};
use app::App;
use db::Tx;
use kernel::{Actor, Header, Timestamp};
use uuid::Uuid;

use super::{Did, Held, done, hold, written};
use crate::error::CaseError;
use crate::model::{Case, Link, LinkKind, MomentKind};
use crate::rules::filter;
use crate::store;

/// Most reports of a scheme that a case takes over.
const MOST: i64 = 500;

/// A thing that was found, and may be seen by whoever asked.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    pub(crate) kind: LinkKind,
    pub(crate) id: Uuid,
    pub(crate) number: String,
    pub(crate) header: Header,
}

/// Finds what a number names, as far as the actor may see it: a scheme brings its reports.
pub(crate) async fn found(
    app: &App,
    actor: &Actor,
    kind: &str,
    number: &str,
) -> Result<Vec<Target>, CaseError> {
    let kind = LinkKind::parse(kind).ok_or(CaseError::Field("kind"))?;
    let number = number.trim().to_owned();
    let (me, who) = (app.clone(), actor.clone());
    match kind {
        LinkKind::Scheme => scheme(app, actor, &number).await,
        LinkKind::Report => app
            .db
            .read(move |tx| report(tx, &who, &number.to_uppercase())?.ok_or(CaseError::Unknown("number")))
            .await
            .map(|t| vec![t]),
        LinkKind::Case => app
            .db
            .read(move |tx| case(tx, &who, &number)?.ok_or(CaseError::Unknown("number")))
            .await
            .map(|t| vec![t]),
        LinkKind::Person => {
            let id = person::service::by_number(&me, &who, &number)
                .await
                .map_err(|_| CaseError::Unknown("number"))?;
            let header = app.header(actor, app.profile.default_lang(), "report");
            Ok(vec![Target { kind, id: id.uuid(), number: number.to_uppercase(), header }])
        }
    }
}

/// A report that one may see.
pub(crate) fn report(tx: &mut Tx<'_>, actor: &Actor, number: &str) -> Result<Option<Target>, CaseError> {
    let Some(found) = report::store::by_number(tx, number)? else { return Ok(None) };
    let resource = Resource::new(Kind::Report, found.id.uuid(), &found.header);
    if !access::allowed(actor, Action::ViewReport, &resource) {
        return Ok(None);
    }
    Ok(Some(Target {
        kind: LinkKind::Report,
        id: found.id.uuid(),
        number: found.number,
        header: found.header,
    }))
}

fn case(tx: &mut Tx<'_>, actor: &Actor, number: &str) -> Result<Option<Target>, CaseError> {
    let Some(number) = filter::number(number) else { return Ok(None) };
    let Some(found) = store::file::by_number(tx, &number)? else { return Ok(None) };
    let team = store::member::of_case(tx, found.id)?;
    let seen = access::allowed(actor, Action::ViewCase, &super::resource(&found, &team, &[]));
    Ok(seen.then(|| Target {
        kind: LinkKind::Case,
        id: found.id.uuid(),
        number: found.number,
        header: found.header,
    }))
}

/// A scheme and its reports.
async fn scheme(app: &App, actor: &Actor, number: &str) -> Result<Vec<Target>, CaseError> {
    let no = scheme::model::read_number(number).ok_or(CaseError::Unknown("number"))?;
    let told = scheme::service::for_case(app, actor, no, MOST).await;
    let (id, number, reports) = told.map_err(|_| CaseError::Unknown("number"))?;
    let header = app.header(actor, app.profile.default_lang(), "report");
    let mut all = vec![Target { kind: LinkKind::Scheme, id, number, header }];
    let who = actor.clone();
    let found = app.db.read(move |tx| {
        let mut found = Vec::new();
        for number in &reports {
            found.extend(report(tx, &who, number)?);
        }
        Ok::<_, CaseError>(found)
    });
    all.extend(found.await?);
    Ok(all)
}

/// Adds a link, and what has happened to the thing so far. `false` if it is there.
pub(crate) fn add(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    held: &Held,
    target: &Target,
) -> Result<bool, CaseError> {
    let link = Link {
        id: app.uuid(),
        case: held.case.id,
        kind: target.kind,
        target: target.id,
        number: target.number.clone(),
        written: written(app, actor),
        removed_at: None,
        synced_at: Timestamp::from_micros(0),
    };
    let added = store::link::insert(tx, &link)?;
    if added && link.kind == LinkKind::Report {
        super::hearing::sync(tx, &link)?;
    }
    Ok(added)
}

/// Puts a thing to a case.
///
/// # Errors
/// Hidden or forbidden; the thing is not there, or hidden; it is there already.
pub async fn link(
    app: &App,
    actor: &Actor,
    number: &str,
    (kind, of): (&str, &str),
) -> Result<Case, CaseError> {
    let targets = found(app, actor, kind, of).await?;
    let (me, actor, number) = (app.clone(), actor.clone(), number.to_owned());
    app.db
        .write(move |tx| {
            let mut held = hold(tx, &me, &actor, &number, Action::WorkCase)?.open()?;
            let mut first: Option<&Target> = None;
            for target in targets.iter().filter(|t| t.id != held.case.id.uuid()) {
                if add(tx, &me, &actor, &held, target)? {
                    first = first.or(Some(target));
                }
            }
            let first = first.ok_or(CaseError::Already)?;
            let did = Did::new("case.linked", MomentKind::Case, &first.number)
                .facts(serde_json::json!({"kind": first.kind.as_str(), "id": first.id}));
            done(tx, &me, &actor, &mut held, did)?;
            Ok(held.case)
        })
        .await
}

/// Takes a thing out of a case; what happened to it meanwhile stays in the time line.
///
/// # Errors
/// Hidden or forbidden; it is not there.
pub async fn unlink(app: &App, actor: &Actor, number: &str, id: Uuid) -> Result<Case, CaseError> {
    let (me, actor, number) = (app.clone(), actor.clone(), number.to_owned());
    app.db
        .write(move |tx| {
            let mut held = hold(tx, &me, &actor, &number, Action::WorkCase)?.open()?;
            let all = store::link::of_case(tx, held.case.id)?;
            let link = all.into_iter().find(|l| l.id == id).ok_or(CaseError::Settled)?;
            store::link::remove(tx, (id, held.case.id), (me.office.now(), &actor.label()))?;
            super::registers::give_back(tx, &held.case, link.target, (me.office.now(), &actor.label()))?;
            let did = Did::new("case.unlinked", MomentKind::Case, &link.number)
                .facts(serde_json::json!({"kind": link.kind.as_str(), "id": link.target}));
            done(tx, &me, &actor, &mut held, did)?;
            Ok(held.case)
        })
        .await
}
