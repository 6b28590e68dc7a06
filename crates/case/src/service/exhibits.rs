//! Exhibits of a case. They are kept, handed over and proved by the slice `evidence`; here they are put to a case, and whoever is let in to
//! the case is let in to them.

use access::Action;
use app::App;
use db::Tx;
use evidence::ExhibitId;
use evidence::model::{Exhibit, FoundMatter, Matter};
use evidence::service::LetIn;
use kernel::{Actor, Tlp};
use serde_json::json;
use uuid::Uuid;

use super::{Did, Held, done, hold};
use crate::error::CaseError;
use crate::model::{Case, CaseId, MomentKind, Move};
use crate::rules::filter;
use crate::store;

/// The word under which exhibits know a case.
pub(crate) const MATTER: &str = "case";

/// An exhibit of a case.
pub type Exhibited = evidence::service::Listed;

/// The case of that number as a matter to which the actor may put exhibits; nothing where there is none, or it is over or hidden.
pub async fn as_matter(app: &App, actor: &Actor, number: &str) -> Option<FoundMatter> {
    let (me, who, number) = (app.clone(), actor.clone(), number.to_owned());
    // Whether a number is a case's is asked before anything is: reports are put to nothing here.
    filter::number(&number)?;
    let found = app.db.write(move |tx| {
        let held = hold(tx, &me, &who, &number, Action::WorkCase)?.open()?;
        Ok::<_, CaseError>(matter(&held))
    });
    found.await.ok()
}

fn matter(held: &Held) -> FoundMatter {
    let case = &held.case;
    FoundMatter {
        matter: Matter { kind: MATTER.to_owned(), id: case.id.uuid(), number: case.number.clone() },
        under: case.header.clone(),
        closed: shut(case),
        readers: store::member::now(&held.team),
    }
}

/// Whether nobody but its team is let in.
fn shut(case: &Case) -> bool {
    case.closed || case.header.marking.tlp == Tlp::Red
}

/// Puts an exhibit to a case, with all that was made from it.
///
/// # Errors
/// Hidden or forbidden, the case or the exhibit; it is there already, or another case keeps it; its keeper would not see it any more.
pub async fn put_exhibit(app: &App, actor: &Actor, number: &str, exhibit: &str) -> Result<Case, CaseError> {
    let (me, who, number) = (app.clone(), actor.clone(), number.to_owned());
    let exhibit = exhibit.trim().to_uppercase();
    app.db
        .write(move |tx| {
            let mut held = hold(tx, &me, &who, &number, Action::WorkCase)?.open()?;
            let found = evidence::service::of_number(tx, &who, Action::HandleExhibit, &exhibit)
                .map_err(|_| CaseError::Unknown("exhibit"))?;
            if found.matter.as_ref().is_some_and(|m| m.id == held.case.id.uuid()) {
                return Err(CaseError::Already);
            }
            // What another case keeps is taken out there first, where its time line tells it.
            if found.matter.as_ref().is_some_and(|m| m.kind == MATTER) {
                return Err(CaseError::Unknown("exhibit"));
            }
            let to = matter(&held);
            evidence::service::link(tx, &me, &who, found.id, (Some(to.matter), to.closed, &to.readers))?;
            let_in(tx, &held.case, &to.readers)?;
            keepers_see(tx, &me, (&who, &held.case), |keeper| held.has(keeper))?;
            let did = Did::new("case.exhibit_put", MomentKind::Case, &found.number)
                .facts(json!({"exhibit": found.id.to_string()}));
            done(tx, &me, &who, &mut held, did)?;
            Ok(held.case)
        })
        .await
}

/// Takes an exhibit out of a case: whoever was let in to it by the case stays let in, and nobody else.
///
/// # Errors
/// Hidden or forbidden, the case or the exhibit; it is not there.
pub async fn take_out_exhibit(
    app: &App,
    actor: &Actor,
    number: &str,
    exhibit: &str,
) -> Result<Case, CaseError> {
    let (me, who, number) = (app.clone(), actor.clone(), number.to_owned());
    let exhibit = exhibit.trim().to_uppercase();
    app.db
        .write(move |tx| {
            let mut held = hold(tx, &me, &who, &number, Action::WorkCase)?.open()?;
            let found = evidence::service::of_number(tx, &who, Action::HandleExhibit, &exhibit)
                .map_err(|_| CaseError::Unknown("exhibit"))?;
            let homes = super::moving::homes(tx, held.case.id)?;
            let here = found
                .matter
                .as_ref()
                .is_some_and(|m| m.kind == MATTER && homes.iter().any(|home| home.uuid() == m.id));
            if !here {
                return Err(CaseError::Settled);
            }
            let readers = store::member::now(&held.team);
            evidence::service::link(tx, &me, &who, found.id, (None, found.closed, &readers))?;
            let did = Did::new("case.exhibit_out", MomentKind::Case, &found.number)
                .facts(json!({"exhibit": found.id.to_string()}));
            done(tx, &me, &who, &mut held, did)?;
            Ok(held.case)
        })
        .await
}

/// Exhibits of a case and of those that were merged into it, as far as the actor sees them. That they were listed is recorded.
pub(crate) fn of_case(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    case: CaseId,
) -> Result<Vec<Exhibited>, CaseError> {
    let mut all = Vec::new();
    for home in super::moving::homes(tx, case)? {
        all.extend(evidence::service::of_matter(tx, app, actor, (MATTER, home.uuid()))?);
    }
    Ok(all)
}

/// Nobody who keeps an exhibit of a case that only its team sees is shut out of it: what lies in their hands they must be able to hand on.
pub(super) fn keepers_see(
    tx: &mut Tx<'_>,
    app: &App,
    (actor, case): (&Actor, &Case),
    sees: impl Fn(&str) -> bool,
) -> Result<(), CaseError> {
    if !shut(case) {
        return Ok(());
    }
    let all = of_case(tx, app, actor, case.id)?;
    let kept = |e: &&Exhibited| !e.exhibit.state.is_over() && !sees(&e.exhibit.custodian);
    match all.iter().find(kept) {
        Some(e) => Err(CaseError::Keeper { exhibit: e.exhibit.number.clone(), who: e.custodian.clone() }),
        None => Ok(()),
    }
}

/// Of these the exhibits that a case keeps, each with the case of which it is: that one, or one that was merged into it.
pub(super) fn chosen(
    tx: &mut Tx<'_>,
    case: CaseId,
    ids: &[Uuid],
) -> Result<Vec<(ExhibitId, CaseId)>, CaseError> {
    let mut all = Vec::new();
    for id in ids {
        let found = evidence::store::exhibit::find(tx, ExhibitId::from_uuid(*id))?;
        let Some(exhibit) = found.map(|(e, _)| e).filter(|e| !e.state.is_over()) else { continue };
        if let Some(home) = home_of(tx, case, &exhibit)? {
            all.push((exhibit.id, home));
        }
    }
    Ok(all)
}

/// To which case an exhibit belongs, of this one and those that were merged into it.
fn home_of(tx: &mut Tx<'_>, case: CaseId, exhibit: &Exhibit) -> Result<Option<CaseId>, CaseError> {
    let Some(matter) = exhibit.matter.as_ref().filter(|m| m.kind == MATTER) else { return Ok(None) };
    Ok(super::moving::homes(tx, case)?.into_iter().find(|home| home.uuid() == matter.id))
}

/// Exhibits go along when rows are parted off; what was made from one goes with it.
pub(super) fn part(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    (step, kept): (&Move, &[(ExhibitId, CaseId)]),
    to: &Held,
) -> Result<(), CaseError> {
    let found = matter(to);
    for (id, home) in kept {
        store::moving::moved_exhibit(tx, app.uuid(), step.id, (id.uuid(), home.uuid()))?;
        put(tx, app, actor, *id, &found)?;
    }
    let_in(tx, &to.case, &found.readers)
}

/// Puts an exhibit to a case, unless it went there with what it was made from.
fn put(tx: &mut Tx<'_>, app: &App, actor: &Actor, id: ExhibitId, to: &FoundMatter) -> Result<(), CaseError> {
    let at = evidence::store::exhibit::find(tx, id)?.and_then(|(e, _)| e.matter);
    if at.as_ref() == Some(&to.matter) {
        return Ok(());
    }
    let into = (Some(to.matter.clone()), to.closed, to.readers.as_slice());
    evidence::service::link(tx, app, actor, id, into).map_err(|error| match error {
        // Who may not handle one takes it nowhere.
        evidence::EvidenceError::Access(_) | evidence::EvidenceError::NotFound => CaseError::Field("rows"),
        other => other.into(),
    })
}

/// Whether an exhibit of a move was put elsewhere since.
pub(super) fn went_on(tx: &mut Tx<'_>, step: &Move) -> Result<bool, CaseError> {
    for (id, _) in store::moving::exhibits_of(tx, step.id)? {
        let found = evidence::store::exhibit::find(tx, ExhibitId::from_uuid(id))?;
        let Some((exhibit, _)) = found else { continue };
        if home_of(tx, step.into, &exhibit)?.is_none() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Puts the exhibits of a move back to where each belonged. One that is over stays: the case from which rows were parted shows it.
pub(super) fn back(
    tx: &mut Tx<'_>,
    app: &App,
    actor: &Actor,
    (step, from): (&Move, &Case),
) -> Result<(), CaseError> {
    let readers = store::member::now(&store::member::of_case(tx, from.id)?);
    for (id, home) in store::moving::exhibits_of(tx, step.id)? {
        let id = ExhibitId::from_uuid(id);
        let over = evidence::store::exhibit::find(tx, id)?.is_none_or(|(e, _)| e.state.is_over());
        let Some(home) = store::file::find(tx, CaseId::from_uuid(home))?.filter(|_| !over) else { continue };
        let matter = Matter { kind: MATTER.to_owned(), id: home.id.uuid(), number: home.number };
        let to =
            FoundMatter { matter, under: from.header.clone(), closed: shut(from), readers: readers.clone() };
        put(tx, app, actor, id, &to)?;
    }
    Ok(())
}

/// Whoever is let in to a case is let in to its exhibits, in the transaction in which that changes.
fn let_in(tx: &mut Tx<'_>, case: &Case, readers: &[String]) -> Result<(), CaseError> {
    for home in super::moving::homes(tx, case.id)? {
        let to = LetIn { closed: shut(case), readers, under: &case.header };
        evidence::service::let_in_of(tx, (MATTER, home.uuid()), &to)?;
    }
    Ok(())
}

/// Says that who is let in to a case has changed, and lets them in to its exhibits.
pub(crate) fn tell_let_in(tx: &mut Tx<'_>, app: &App, case: &Case) -> Result<(), CaseError> {
    let team = store::member::of_case(tx, case.id)?;
    let_in(tx, case, &store::member::now(&team))?;
    Ok(app.tell(tx, crate::LET_IN, case.id.uuid(), json!({}))?)
}
