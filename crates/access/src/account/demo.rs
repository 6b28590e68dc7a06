//! The people of a demonstration. They exist in a database that was created as one, and nowhere else: making them
//! is refused elsewhere, and so is signing in with them.

use app::App;
use kernel::{Actor, Purpose, Role, Secret};

use super::error::{AccountError, SignInError};
use super::model::{Account, AccountId, Credentials, NewAccount, Seat};
use super::sign_in::{Client, SignedIn, begin};
use super::{service, store, totp};
use crate::actor;

/// The password of all demonstration accounts. It opens nothing outside a demonstration.
pub const DEMO_PASSWORD: &str = "korgan-tau-samal-7";

/// Invented people: login, name, roles.
const PEOPLE: [(&str, &str, &[Role]); 9] = [
    ("aliya", "Әлия Сейітова", &[Role::DutyOfficer]),
    ("marat", "Марат Оспанов", &[Role::DutyOfficer]),
    ("daur", "Дәурен Жүнісов", &[Role::Approver]),
    ("saule", "Сәуле Ахметова", &[Role::Approver]),
    ("asem", "Әсем Бекова", &[Role::Approver]),
    ("erzhan", "Ержан Тілеуов", &[Role::Administrator]),
    ("botagoz", "Ботагөз Ерланова", &[Role::Administrator]),
    ("aigul", "Айгүл Нұрланова", &[Role::Prosecutor]),
    ("sanzhar", "Санжар Қасенов", &[Role::Auditor]),
];

/// A demonstration account. Its secrets are shown on purpose: they open nothing outside a demonstration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoAccount {
    /// The account.
    pub id: AccountId,
    /// The login.
    pub login: String,
    /// The invented person's name.
    pub name: String,
    /// Offices held.
    pub roles: Vec<Role>,
    /// The institution whose person it is; `None` for staff.
    pub seat: Option<Seat>,
    /// The unit.
    pub unit: String,
    /// The one-time code that would be taken now.
    pub code: String,
    /// The shared secret of the codes in base 32, for an authenticator.
    pub totp_secret: String,
}

impl DemoAccount {
    /// The person as an actor.
    #[must_use]
    pub fn actor(&self, app: &App) -> Actor {
        let place = (app.node.code.as_str(), self.unit.as_str());
        actor::of_account(self.id.uuid(), &self.name, self.seat.as_ref(), &self.roles, place)
    }

    /// One line for a terminal or a file: login, password, secret of the codes, roles, name.
    #[must_use]
    pub fn line(&self) -> String {
        let roles: Vec<&str> = self.roles.iter().map(|r| r.as_str()).collect();
        let does =
            self.seat.as_ref().map_or_else(|| roles.join(","), |seat| format!("console:{}", seat.code));
        let Self { login, totp_secret, name, .. } = self;
        format!("{login}  {DEMO_PASSWORD}  {totp_secret}  {does}  {name}")
    }
}

/// Makes the people of a demonstration, those that are not there yet, and lists all.
///
/// # Errors
/// [`AccountError::NotDemo`] unless the database was created as a demonstration.
pub async fn demo_accounts(app: &App) -> Result<Vec<DemoAccount>, AccountError> {
    if !app.demo {
        return Err(AccountError::NotDemo);
    }
    for (login, name, roles) in PEOPLE {
        let new = NewAccount {
            login: login.to_owned(),
            name: name.to_owned(),
            password: Secret::new(DEMO_PASSWORD.to_owned()),
            roles: roles.to_vec(),
            seat: None,
            unit: app.node.unit.clone(),
        };
        match service::create(app, &Actor::system("setup"), new, true).await {
            Ok(_) | Err(AccountError::LoginTaken(_)) => {}
            Err(e) => return Err(e),
        }
    }
    demo_panel(app).await
}

/// Makes somebody who answers for an institution in the demonstration, unless they are there.
///
/// # Errors
/// As [`demo_accounts`].
pub async fn demo_clerk(app: &App, login: &str, name: &str, seat: Seat) -> Result<(), AccountError> {
    if !app.demo {
        return Err(AccountError::NotDemo);
    }
    let new = NewAccount {
        login: login.to_owned(),
        name: name.to_owned(),
        password: Secret::new(DEMO_PASSWORD.to_owned()),
        roles: Vec::new(),
        unit: seat.code.clone(),
        seat: Some(seat),
    };
    match service::create(app, &Actor::system("setup"), new, true).await {
        Ok(_) | Err(AccountError::LoginTaken(_)) => Ok(()),
        Err(e) => Err(e),
    }
}

/// The people of the demonstration with their present codes; nobody outside a demonstration.
///
/// # Errors
/// The database's, the vault's.
pub async fn demo_panel(app: &App) -> Result<Vec<DemoAccount>, AccountError> {
    if !app.demo {
        return Ok(Vec::new());
    }
    let now = app.wall.now();
    let shown = |(account, c): (Account, Credentials)| DemoAccount {
        code: totp::next_code(&c.totp_secret, now, c.last_step).unwrap_or_default(),
        totp_secret: totp::for_person(&c.totp_secret, &account.login)
            .map(|(base32, _)| base32)
            .unwrap_or_default(),
        id: account.id,
        login: account.login,
        name: account.name.into_inner(Purpose::Operate),
        roles: account.roles,
        seat: account.seat,
        unit: account.unit,
    };
    Ok(people(app).await?.into_iter().map(shown).collect())
}

/// Signs in as somebody of the demonstration without password and code.
///
/// # Errors
/// [`SignInError::Wrong`] outside a demonstration and for everybody else.
pub async fn demo_sign_in(app: &App, login: &str, client: &Client) -> Result<SignedIn, SignInError> {
    if !app.demo {
        return Err(SignInError::Wrong);
    }
    let found = people(app).await?.into_iter().find(|(a, _)| a.login == login && a.active);
    let (account, _) = found.ok_or(SignInError::Wrong)?;
    begin(app, &account, None, client, None).await?.ok_or(SignInError::Wrong)
}

async fn people(app: &App) -> Result<Vec<(Account, Credentials)>, vault::VaultError> {
    let vault = app.vault.clone();
    app.db.read(move |tx| store::demo(tx, &vault)).await
}
