//! What people change about their own account: the password, which whoever made the account has seen.

use app::App;
use audit::Act;
use kernel::Secret;
use serde_json::json;

use super::error::{AccountError, SignInError};
use super::model::Session;
use super::sign_in::{Client, password_is_right, reserve, try_key};
use super::{password, service, store, store_session};

/// Gives one's own account another password and ends one's other sessions. The present one is asked for, and tries are
/// counted as those of signing in: a session left open must not be a way to guess it.
///
/// # Errors
/// [`AccountError::CurrentPassword`]; what is wrong with the new one; [`AccountError::SignIn`] after too many tries.
pub async fn change_password(
    app: &App,
    session: &Session,
    current: &Secret<String>,
    new: Secret<String>,
    client: &Client,
) -> Result<(), AccountError> {
    let who = try_key(app, "own_password", &session.login, client);
    let this_try = reserve(app, who).await?;
    let (vault, id) = (app.vault.clone(), session.account);
    let found = app.db.read(move |tx| store::by_id(tx, &vault, id)).await?;
    let (account, credentials) = found.filter(|(a, _)| a.active).ok_or(AccountError::NotFound)?;
    if !password_is_right(app, current, Some(&credentials)).await? {
        return Err(AccountError::CurrentPassword);
    }
    password::check(new.expose(), &account.login)?;
    let hash = service::hash(app, &new).await?;
    let (me, session) = (app.clone(), session.clone());
    app.db
        .write(move |tx| {
            // Whoever renewed the account meanwhile was faster, and the password just asked for is none any more.
            if !store::change_password(tx, id, &credentials.password_hash, &hash)? {
                return Err(AccountError::CurrentPassword);
            }
            store_session::try_passed(tx, this_try, &who)?;
            let ended = store_session::end_sessions(tx, id, Some(session.id))?;
            let facts = json!({ "kept": session.id, "ended": ended });
            let act = Act { facts, ..Act::about("account.password_changed", "account", id.uuid()) };
            me.record(tx, &session.actor, &act)?;
            Ok(())
        })
        .await
}

impl From<SignInError> for AccountError {
    fn from(error: SignInError) -> Self {
        Self::SignIn(Box::new(error))
    }
}
