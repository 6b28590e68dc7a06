//! A world with accounts in it.

use access::{Attempt, Client, Created, NewAccount, SignInError, SignedIn, create_account};
use app::App;
use db::Slice;
use kernel::time::ManualClock;
use kernel::{Actor, Role, Secret};
use testkit::world::World;
use totp_rs::{Builder, Totp};

pub const SLICES: [&Slice; 3] = [&vault::SLICE, &audit::SLICE, &access::SLICE];
pub const PASSWORD: &str = "көк тау, ақ бұлт, 7 жол";
pub const BROWSER: &str = "Mozilla/5.0 (test)";

/// A place to test in: the services' application, the clock that drives it, and the world that keeps both.
pub struct Place {
    pub app: App,
    pub clock: ManualClock,
    pub _world: World,
}

/// Runs `test` on each engine.
pub fn on_each<F: Future<Output = ()>>(test: impl Fn(Place) -> F) {
    testkit::on_each_engine_async(&SLICES, |db| {
        let world = World::new(11);
        let app = App { db, ..world.app.clone() };
        test(Place { app, clock: world.clock.clone(), _world: world })
    });
}

pub fn setup() -> Actor {
    Actor::system("setup")
}

pub fn new(login: &str, roles: &[Role]) -> NewAccount {
    NewAccount {
        login: login.to_owned(),
        name: format!("Әсел {login}"),
        password: Secret::new(PASSWORD.to_owned()),
        roles: roles.to_vec(),
        seat: None,
        unit: "duty".to_owned(),
    }
}

/// A person with an account and the authenticator that belongs to it.
pub struct Person {
    pub login: String,
    pub created: Created,
    totp: Totp,
}

impl Person {
    pub async fn new(app: &App, login: &str, roles: &[Role]) -> Self {
        let created = create_account(app, &setup(), new(login, roles)).await.unwrap();
        Self::with(login, created)
    }

    pub fn with(login: &str, created: Created) -> Self {
        let secret = totp_rs::Secret::try_from_base32(created.totp_secret.as_str()).unwrap();
        let totp = Builder::new().with_secret(secret).build().unwrap();
        Self { login: login.to_owned(), created, totp }
    }

    /// The code that the authenticator shows now.
    pub fn code(&self, clock: &ManualClock) -> String {
        self.totp.generate(u64::try_from(clock.now().as_secs()).unwrap()).to_string()
    }

    pub fn attempt(&self, clock: &ManualClock) -> Attempt {
        Attempt {
            login: self.login.clone(),
            password: Secret::new(PASSWORD.to_owned()),
            code: Secret::new(self.code(clock)),
            client: client("192.0.2.1"),
        }
    }

    /// Signs in with a fresh code.
    pub async fn sign_in(&self, place: &Place) -> Result<SignedIn, SignInError> {
        place.clock.advance_secs(30);
        access::sign_in(&place.app, self.attempt(&place.clock)).await
    }
}

pub fn client(address: &str) -> Client {
    Client { address: address.to_owned(), user_agent: BROWSER.to_owned() }
}

/// All records, oldest first: act, actor, facts.
pub async fn records(app: &App, subject: uuid::Uuid) -> Vec<(String, String)> {
    let found = app.db.read(move |tx| audit::records_for(tx, subject)).await;
    let mut all: Vec<_> = found
        .unwrap_or_else(|e: db::DbError| panic!("{e}"))
        .into_iter()
        .map(|r| (r.record.act, r.record.actor))
        .collect();
    all.reverse();
    all
}
