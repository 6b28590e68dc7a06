//! What comes twice is done once: a button pressed twice, a form sent again, a message whose answer was lost. The second leads where the
//! first did. It is looked up under the lock of the case and written down in the transaction of the act.

use app::{App, Came, Once};
use db::Tx;
use kernel::Actor;

use crate::error::CaseError;
use crate::model::Case;
use crate::store;

/// Longest key of a message, characters.
pub const MAX_KEY: usize = 128;
/// For so long a second press is known, seconds.
const KEPT_SECS: i64 = 30 * 24 * 60 * 60;

/// The application for an act by a form: the same form with the same words is one act, with others it is another.
#[must_use]
pub fn by_form(
    app: &App,
    actor: &Actor,
    (number, act): (&str, &str),
    (key, typed): (&str, &[(String, String)]),
) -> App {
    if key.is_empty() {
        return app.clone();
    }
    let words = serde_json::to_string(typed).unwrap_or_default();
    let said = app.vault.blind("case.once", &words);
    with(app, actor, (number, act), (&format!("{key}|{}", hex::encode(said)), said))
}

/// The application for an act by a message: its key once, with the same body; another body under it is refused.
#[must_use]
pub fn by_message(app: &App, actor: &Actor, (number, act): (&str, &str), (key, body): (&str, &str)) -> App {
    with(app, actor, (number, act), (key, app.vault.blind("case.once", body)))
}

fn with(app: &App, actor: &Actor, (number, act): (&str, &str), (key, said): (&str, [u8; 32])) -> App {
    let of = format!("{number}|{act}|{key}");
    let key = report::rules::derived_id("case.once", &actor.label(), &of).uuid();
    app.came(Came { once: Some(Once { key, said }), ..app.came })
}

/// Stops what was done before by the same form or message.
pub(super) fn first(tx: &mut Tx<'_>, app: &App) -> Result<(), CaseError> {
    let Some(once) = &app.came.once else { return Ok(()) };
    let Some((case, said)) = store::once::find(tx, once)? else { return Ok(()) };
    if said != once.said {
        return Err(CaseError::OtherBody);
    }
    let case = store::file::find(tx, case)?.ok_or(CaseError::NotFound)?;
    Err(CaseError::Repeated(case.number))
}

/// Writes down that it is done. Of a merge and a parting it leads to the case that came last, of what is undone to the one that is back.
pub(super) fn keep(tx: &mut Tx<'_>, app: &App, case: &Case, act: &str) -> Result<(), CaseError> {
    let Some(once) = &app.came.once else { return Ok(()) };
    Ok(store::once::keep(tx, once, (case.id, act == "case.move_undone"), app.office.now())?)
}

/// Forgets what nobody sends again.
pub(super) fn sweep(tx: &mut Tx<'_>, app: &App) -> Result<(), CaseError> {
    Ok(store::once::sweep(tx, app.office.now().plus_secs(-KEPT_SECS))?)
}
