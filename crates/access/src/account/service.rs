//! Making and changing accounts.

use app::App;
use audit::Act;
use db::{DbError, Tx};
use kernel::{Actor, Lang, Marking, Pap, Role, Secret, Tlp};
use serde_json::json;
use uuid::Uuid;
use vault::VaultError;

use super::error::AccountError;
use super::handed::handed_to;
use super::model::{Account, AccountId, Created, Handed, NewAccount, Seat, SessionId, SessionLine};
use super::store::{self, Fresh, Whose};
use super::{password, session, store_session, store_token, totp};
use crate::delegation::end_delegations_of;
use crate::error::AccessError;
use crate::model::{Action, Kind, Resource};
use crate::rules::require;
use crate::scope::{Scope, scope};

const MAX_NAME_CHARS: usize = 200;
const MAX_UNIT_CHARS: usize = 80;
/// An account is kept as long as the record that names it.
const RETENTION: &str = "record";

/// Makes an account. Its one-time-code secret is given back once and never again.
///
/// # Errors
/// What is wrong with the account; [`AccountError::Access`] if `actor` may not manage accounts.
pub async fn create_account(app: &App, actor: &Actor, new: NewAccount) -> Result<Created, AccountError> {
    create(app, actor, new, false).await
}

pub(crate) async fn create(
    app: &App,
    actor: &Actor,
    new: NewAccount,
    demo: bool,
) -> Result<Created, AccountError> {
    create_as(app, actor, AccountId::from_uuid(app.uuid()), new, demo).await
}

async fn create_as(
    app: &App,
    actor: &Actor,
    id: AccountId,
    new: NewAccount,
    demo: bool,
) -> Result<Created, AccountError> {
    require(actor, Action::ManageUsers, &thing(id, &app.node.code, new.seat.as_ref()))?;
    check(&new)?;
    let secret = Secret::new(app.entropy.bytes::<{ totp::SECRET_BYTES }>().to_vec());
    let handed = handed_over(id, &secret, &new.login)?;
    let password_hash = hash(app, &new.password).await?;
    let key = app.vault.new_subject(&app.entropy, id.uuid());
    let fresh = Fresh {
        id,
        header: header(app, actor, new.unit),
        login: new.login.clone(),
        demo,
        handed_by: handed_to(actor),
        roles: new.roles.clone(),
        seat: new.seat.clone(),
        password_hash,
        name_sealed: key.seal(&app.entropy, store::NAME_FIELD, new.name.trim()),
        totp_sealed: key.seal(&app.entropy, store::TOTP_FIELD, &hex::encode(secret.expose())),
        key,
    };
    let (me, actor) = (app.clone(), actor.clone());
    let mut facts = json!({ "roles": new.roles, "unit": fresh.header.unit_id, "demo": demo });
    if let (Some(facts), Some(seat)) = (facts.as_object_mut(), &new.seat) {
        facts.insert("partner".to_owned(), json!(seat.code));
        facts.insert("manages".to_owned(), json!(seat.manages));
    }
    let written = app.db.write(move |tx| {
        store::insert(tx, &me.vault, &fresh)?;
        let act = Act { facts: facts.clone(), ..Act::about("account.created", "account", fresh.id.uuid()) };
        me.record(tx, &actor, &act).map_err(VaultError::from)
    });
    match written.await {
        Ok(()) => Ok(handed),
        Err(VaultError::Db(DbError::Unique { constraint })) if constraint == "staff_account_login" => {
            Err(AccountError::LoginTaken(new.login))
        }
        Err(e) => Err(e.into()),
    }
}

/// Gives an account a new password and a new one-time-code secret, and ends its sessions: for somebody who has
/// lost them.
///
/// # Errors
/// As [`create_account`]; [`AccountError::NotFound`].
pub async fn reset_account(
    app: &App,
    actor: &Actor,
    login: &str,
    password: Secret<String>,
) -> Result<Created, AccountError> {
    let account = find(app, actor, login).await?;
    password::check(password.expose(), &account.login)?;
    let secret = Secret::new(app.entropy.bytes::<{ totp::SECRET_BYTES }>().to_vec());
    let handed = handed_over(account.id, &secret, &account.login)?;
    let password_hash = hash(app, &password).await?;
    let (me, actor) = (app.clone(), actor.clone());
    app.db
        .write(move |tx| {
            let key = me.vault.subject(tx, account.id.uuid())?.ok_or(AccountError::NotFound)?;
            let sealed = key.seal(&me.entropy, store::TOTP_FIELD, &hex::encode(secret.expose()));
            if !store::set_credentials(tx, account.id, &password_hash, &sealed, handed_to(&actor))? {
                return Err(AccountError::NotFound);
            }
            store_session::end_sessions(tx, account.id, None)?;
            // Whoever has lost what they sign in with may have lost a token, too.
            let tokens = store_token::end_all(tx, account.id, me.wall.now())?;
            let facts = json!({ "tokens_ended": tokens });
            me.record(
                tx,
                &actor,
                &Act { facts, ..Act::about("account.reset", "account", account.id.uuid()) },
            )?;
            Ok(())
        })
        .await?;
    Ok(handed)
}

/// Opens or closes an account, for a reason. A closed one is signed out everywhere at once. One that stands so
/// already is left as it is, without a record.
///
/// # Errors
/// [`AccountError::Access`]; [`AccountError::NotFound`]; [`AccountError::Reason`];
/// [`AccountError::LastAdministrator`].
pub async fn set_active(
    app: &App,
    actor: &Actor,
    login: &str,
    active: bool,
    reason: &str,
) -> Result<(), AccountError> {
    let account = find(app, actor, login).await?;
    let reason = app::reason(reason).ok_or(AccountError::Reason)?;
    let (me, actor) = (app.clone(), actor.clone());
    app.db
        .write(move |tx| {
            if !active {
                let left = store::open_administrators(tx, me.demo)?;
                if left.contains(&account.id) && left.len() == 1 {
                    return Err(AccountError::LastAdministrator);
                }
            }
            let words = me.seal_words(tx, account.id.uuid(), store::REASON_FIELD, &reason)?;
            if !store::set_active(tx, account.id, active, me.office.now(), words.bytes())? {
                return Ok(());
            }
            let ended = if active { 0 } else { store_session::end_sessions(tx, account.id, None)? };
            let tokens = if active { 0 } else { store_token::end_all(tx, account.id, me.wall.now())? };
            // What was lent by or to somebody who is out is lent no more, also if the account is opened again.
            let lent = if active { 0 } else { end_delegations_of(tx, &me, &actor, account.id.uuid())? };
            let name = if active { "account.opened" } else { "account.closed" };
            let facts = json!({
                "reason_sealed": words.fact(), "sessions_ended": ended, "tokens_ended": tokens, "delegations_ended": lent,
            });
            me.record(tx, &actor, &Act { facts, ..Act::about(name, "account", account.id.uuid()) })?;
            Ok(())
        })
        .await
}

/// Makes an account with a random password, to be handed to its person. `id` comes from the form: the same form sent
/// twice makes one account, and shows secrets that work as long as nobody has signed in with it.
///
/// # Errors
/// As [`create_account`]. The password in `new` is not used.
pub async fn enrol_account(
    app: &App,
    actor: &Actor,
    id: AccountId,
    new: NewAccount,
) -> Result<Handed, AccountError> {
    let (login, password) = (new.login.clone(), password::random(&app.entropy));
    let new = NewAccount { password: password.clone(), ..new };
    let taken = match create_as(app, actor, id, new, false).await {
        Ok(created) => return Ok(Handed { login, password, created }),
        Err(AccountError::LoginTaken(login)) => AccountError::LoginTaken(login),
        // The id is taken: by the first press of this very form, or it is no id of ours.
        Err(AccountError::Vault(VaultError::Db(DbError::Unique { .. }))) => {
            AccountError::LoginTaken(login.clone())
        }
        Err(e) => return Err(e),
    };
    let (vault, wanted) = (app.vault.clone(), login.clone());
    let found = app.db.read(move |tx| store::by_login(tx, &vault, &wanted)).await?;
    match found {
        Some((account, _)) if account.id == id && account.last_sign_in.is_none() => {
            renew_account(app, actor, &login).await
        }
        _ => Err(taken),
    }
}

/// As [`reset_account`], with a random password.
///
/// # Errors
/// As [`reset_account`].
pub async fn renew_account(app: &App, actor: &Actor, login: &str) -> Result<Handed, AccountError> {
    let password = password::random(&app.entropy);
    let created = reset_account(app, actor, login, password.clone()).await?;
    Ok(Handed { login: login.to_owned(), password, created })
}

/// One account, if `actor` may see it, and the sessions of it that are still good, the last used first.
///
/// # Errors
/// [`AccountError::Access`]; [`AccountError::NotFound`].
pub async fn account(
    app: &App,
    actor: &Actor,
    id: AccountId,
) -> Result<(Account, Vec<SessionLine>), AccountError> {
    let vault = app.vault.clone();
    let found = app
        .db
        .read(move |tx| {
            let account = store::by_id(tx, &vault, id)?;
            Ok::<_, VaultError>((account, store_session::sessions(tx, id)?))
        })
        .await?;
    let (Some((account, _)), sessions) = found else { return Err(AccountError::NotFound) };
    require(actor, Action::ViewUsers, &of_account(&account))?;
    let now = app.wall.now();
    let lines = sessions
        .into_iter()
        .filter(|(_, begun, seen, ends)| session::alive(*begun, *seen, *ends, now))
        .map(|(id, begun, seen, ends)| SessionLine { id, begun, seen, ends })
        .collect();
    Ok((account, lines))
}

/// Ends a session of somebody else at once.
///
/// # Errors
/// [`AccountError::Access`], also for one's own account: one's own sessions have a page of their own;
/// [`AccountError::NotFound`].
pub async fn end_session_of(
    app: &App,
    actor: &Actor,
    login: &str,
    session: SessionId,
) -> Result<(), AccountError> {
    let account = find(app, actor, login).await?;
    let (me, actor) = (app.clone(), actor.clone());
    app.db
        .write(move |tx| {
            if !store_session::end_session(tx, session, account.id)? {
                return Err(AccountError::NotFound);
            }
            let facts = json!({ "session": session });
            me.record(
                tx,
                &actor,
                &Act { facts, ..Act::about("account.session_ended", "account", account.id.uuid()) },
            )?;
            Ok(())
        })
        .await
}

/// How many accounts there are: whether a database is still empty.
///
/// # Errors
/// The database's.
pub fn count_accounts(tx: &mut Tx<'_>) -> Result<u64, DbError> {
    store::count(tx)
}

/// The accounts that `actor` may see, by login.
///
/// # Errors
/// [`AccountError::Access`] for whoever may see none.
pub async fn accounts(app: &App, actor: &Actor) -> Result<Vec<Account>, AccountError> {
    let whose = match scope(actor, Kind::Account)? {
        Scope::Office(office) => Whose::Staff(office.organisation),
        Scope::Partner(partner) => Whose::Partner(partner),
        Scope::Everything => Whose::All,
        Scope::Own(_) => return Err(crate::AccessError::Hidden.into()),
    };
    let vault = app.vault.clone();
    Ok(app.db.read(move |tx| store::list(tx, &vault, &whose)).await?)
}

/// The people of a partner institution who sign in at the console, by login, as far as `actor` may see them.
///
/// # Errors
/// [`AccountError::Access`].
pub async fn accounts_of(app: &App, actor: &Actor, partner: Uuid) -> Result<Vec<Account>, AccountError> {
    require(actor, Action::ViewUsers, &list_of(app, partner))?;
    let vault = app.vault.clone();
    Ok(app.db.read(move |tx| store::list(tx, &vault, &Whose::Partner(partner))).await?)
}

/// The accounts of an institution's people as a thing of the rules: the list, or one not made yet.
#[must_use]
pub fn list_of(app: &App, partner: Uuid) -> Resource {
    Resource { organisation: app.node.code.clone(), ..Resource::any(Kind::Account) }.owned_by(partner)
}

/// An account as a thing of the rules.
fn thing(id: AccountId, organisation: &str, seat: Option<&Seat>) -> Resource {
    let thing = Resource::bare(Kind::Account, id.uuid(), organisation);
    match seat {
        Some(seat) => thing.owned_by(seat.partner),
        None => thing,
    }
}

pub(crate) fn of_account(account: &Account) -> Resource {
    thing(account.id, &account.organisation, account.seat.as_ref())
}

/// The account of `login`, if `actor` may manage it.
pub(super) async fn find(app: &App, actor: &Actor, login: &str) -> Result<Account, AccountError> {
    let (vault, wanted) = (app.vault.clone(), login.to_owned());
    let found = app.db.read(move |tx| store::by_login(tx, &vault, &wanted)).await?;
    let (account, _) = found.ok_or(AccountError::NotFound)?;
    require_manager(actor, &account)?;
    Ok(account)
}

/// Only who may change this account: nobody changes the own one.
pub(crate) fn require_manager(actor: &Actor, account: &Account) -> Result<(), AccessError> {
    require(actor, Action::ManageUsers, &of_account(account))
}

fn check(new: &NewAccount) -> Result<(), AccountError> {
    match faults(new).into_iter().next() {
        Some(fault) => Err(fault),
        None => Ok(password::check(new.password.expose(), &new.login)?),
    }
}

/// Everything that is wrong with an account but its password, in the order of the form's fields.
pub(crate) fn faults(new: &NewAccount) -> Vec<AccountError> {
    let mut all = Vec::new();
    let name = new.name.trim();
    if name.is_empty() || name.chars().count() > MAX_NAME_CHARS || name.chars().any(char::is_control) {
        all.push(AccountError::Name);
    }
    let letters = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-' | '_');
    let login = &new.login;
    if !(2..=40).contains(&login.len())
        || !login.chars().all(letters)
        || !login.starts_with(|c: char| c.is_ascii_lowercase())
    {
        all.push(AccountError::Login(login.chars().take(60).collect()));
    }
    // Whoever administers, sanctions or controls holds no other office.
    let alone = |role| new.roles.contains(&role) && new.roles.iter().any(|r| *r != role);
    // A person of a partner institution holds none at all.
    let none = new.roles.is_empty();
    let mixed = [Role::Administrator, Role::Prosecutor, Role::Auditor].into_iter().any(alone);
    if none != new.seat.is_some() || mixed {
        all.push(AccountError::Roles);
    }
    if new.unit.is_empty() || new.unit.chars().count() > MAX_UNIT_CHARS || new.unit.contains('/') {
        all.push(AccountError::Unit);
    }
    all
}

fn header(app: &App, actor: &Actor, unit: String) -> kernel::Header {
    kernel::Header {
        unit_id: unit,
        marking: Marking { tlp: Tlp::AmberStrict, pap: Pap::Red, national: None },
        ..app.header(actor, Lang::KK, RETENTION)
    }
}

fn handed_over(id: AccountId, secret: &Secret<Vec<u8>>, login: &str) -> Result<Created, AccountError> {
    let handed = totp::for_person(secret, login);
    let (totp_secret, otpauth) =
        handed.ok_or_else(|| AccountError::Hash("no one-time-code secret".to_owned()))?;
    Ok(Created { id, totp_secret, otpauth })
}

/// Hashes on a thread for slow work.
pub(super) async fn hash(app: &App, password: &Secret<String>) -> Result<String, AccountError> {
    let (password, salt) = (password.clone(), app.entropy.bytes());
    tokio::task::spawn_blocking(move || password::hash(password.expose(), salt))
        .await
        .map_err(|e| AccountError::Hash(e.to_string()))?
        .map_err(AccountError::Hash)
}
