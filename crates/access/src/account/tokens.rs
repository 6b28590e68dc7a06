//! Tokens by which a program acts for a member of staff. A token is never more than its owner at that moment: account, roles and absence are
//! looked up anew at each request, and every act goes through the same rules.

use app::App;
use audit::Act;
use kernel::{Actor, Personal, Secret};
use serde_json::json;

use super::error::AccountError;
use super::model::{AccountId, Session};
use super::service::find;
use super::session::require_step_up;
use super::store_token::Fresh;
use super::token::{
    MOST_TOKENS, NewToken, Program, TokenError, TokenId, TokenLine, admit, alive, check, fresh, mark,
};
use super::{store, store_token};
use crate::error::AccessError;
use crate::model::{Action, Kind, Resource};
use crate::rules::require;

/// Seconds of a day.
const DAY_SECS: i64 = 24 * 60 * 60;

/// Tokens are for work on cases: whoever sees no case has none.
fn works_on_cases(actor: &Actor) -> Result<(), TokenError> {
    require(actor, Action::ViewCase, &Resource::any(Kind::Case)).map_err(|_| AccessError::Hidden.into())
}

/// One's own tokens that are still good, the newest first.
///
/// # Errors
/// [`AccessError::Hidden`] for whoever has nothing to do with cases.
pub async fn tokens(app: &App, session: &Session) -> Result<Vec<TokenLine>, TokenError> {
    works_on_cases(&session.actor)?;
    let (vault, account, now) = (app.vault.clone(), session.account, app.wall.now());
    app.db
        .read(move |tx| {
            let key = vault.subject(tx, account.uuid())?.ok_or(TokenError::NotFound)?;
            Ok(store_token::of_account(tx, Some(&key), (account, now))?)
        })
        .await
}

/// Makes a token for cases, after a fresh one-time code. It is given back once and never again.
///
/// # Errors
/// No fresh code; [`TokenError::Name`], [`TokenError::Days`], [`TokenError::Most`]; [`TokenError::Made`] where the same form made one before.
pub async fn make_token(app: &App, session: &Session, new: NewToken) -> Result<Secret<String>, TokenError> {
    works_on_cases(&session.actor)?;
    require_step_up(app, session)?;
    let name = check(&new)?;
    let (me, session, token, now) = (app.clone(), session.clone(), fresh(&app.entropy), app.wall.now());
    let hash = mark(&app.vault, token.expose()).ok_or(TokenError::Wrong)?;
    app.db
        .write(move |tx| {
            if let Some(whose) = store_token::known(tx, new.id)? {
                return Err(if whose == session.account { TokenError::Made } else { TokenError::NotFound });
            }
            tx.lock_row("staff_account", session.account.uuid())?;
            if store_token::of_account(tx, None, (session.account, now))?.len() >= MOST_TOKENS {
                return Err(TokenError::Most);
            }
            let key = me.vault.subject(tx, session.account.uuid())?.ok_or(TokenError::NotFound)?;
            let row = Fresh {
                id: new.id,
                account: session.account,
                hash,
                name_sealed: key.seal(&me.entropy, store_token::NAME_FIELD, &name),
                writes: new.writes,
                made: now,
                ends: now.plus_secs(new.days.saturating_mul(DAY_SECS)),
            };
            store_token::insert(tx, &row)?;
            let facts = json!({"token": row.id.uuid(), "writes": row.writes, "ends": row.ends.rfc3339()});
            let act = Act { facts, ..Act::about("account.token_made", "account", session.account.uuid()) };
            Ok(me.record(tx, &session.actor, &act)?)
        })
        .await?;
    Ok(token)
}

/// Ends one of one's own tokens at once.
///
/// # Errors
/// [`TokenError::NotFound`].
pub async fn end_token(app: &App, session: &Session, id: TokenId) -> Result<(), TokenError> {
    let (me, account, actor) = (app.clone(), session.account, session.actor.clone());
    app.db.write(move |tx| ended(tx, &me, &actor, (account, id))).await
}

fn ended(
    tx: &mut db::Tx<'_>,
    app: &App,
    actor: &Actor,
    (account, id): (AccountId, TokenId),
) -> Result<(), TokenError> {
    if !store_token::end(tx, id, account, app.wall.now())? {
        return Err(TokenError::NotFound);
    }
    let facts = json!({"token": id.uuid()});
    let act = Act { facts, ..Act::about("account.token_ended", "account", account.uuid()) };
    Ok(app.record(tx, actor, &act)?)
}

/// That there are tokens of an account, for whoever keeps it: not what they are for, nor what they may.
///
/// # Errors
/// As [`super::account`].
pub async fn tokens_of(app: &App, actor: &Actor, id: AccountId) -> Result<Vec<TokenLine>, AccountError> {
    let (account, _) = super::service::account(app, actor, id).await?;
    let now = app.wall.now();
    Ok(app.db.read(move |tx| store_token::of_account(tx, None, (account.id, now))).await?)
}

/// Ends a token of somebody else at once.
///
/// # Errors
/// [`AccountError::Access`], also for one's own account; [`AccountError::NotFound`].
pub async fn end_token_of(app: &App, actor: &Actor, login: &str, id: TokenId) -> Result<(), AccountError> {
    let account = find(app, actor, login).await?;
    let (me, actor) = (app.clone(), actor.clone());
    app.db
        .write(move |tx| match ended(tx, &me, &actor, (account.id, id)) {
            Ok(()) => Ok(()),
            Err(TokenError::Db(e)) => Err(e.into()),
            Err(_) => Err(AccountError::NotFound),
        })
        .await
}

/// Whose a token is, if it is good at this moment; and counts the request. Roles and unit are those of now; a closed account has no token.
///
/// # Errors
/// [`TokenError::Wrong`], [`TokenError::TooMany`].
pub async fn bear(app: &App, text: &str) -> Result<Program, TokenError> {
    let hash = mark(&app.vault, text).ok_or(TokenError::Wrong)?;
    let (me, now) = (app.clone(), app.wall.now());
    app.db
        .write(move |tx| {
            let stored = store_token::by_hash(tx, hash)?.ok_or(TokenError::Wrong)?;
            let account = store::by_id(tx, &me.vault, stored.account)?.map(|(account, _)| account);
            let account = account.filter(|a| a.active && (!a.demo || me.demo)).ok_or(TokenError::Wrong)?;
            if !alive(stored.made, stored.ends, stored.ended, now) {
                return Err(TokenError::Wrong);
            }
            let used = admit(stored.used, now).map_err(|wait_secs| TokenError::TooMany { wait_secs })?;
            store_token::used(tx, &stored, used, now)?;
            Ok(Program { actor: account.actor(), token: stored.id, writes: stored.writes })
        })
        .await
}

/// The name that its owner gave a token.
#[must_use]
pub fn token_name(line: &TokenLine) -> String {
    line.name
        .as_ref()
        .map(|n: &Personal<String>| n.open(kernel::Purpose::Operate).clone())
        .unwrap_or_default()
}
