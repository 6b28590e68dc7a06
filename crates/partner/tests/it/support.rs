//! Worlds with institutions in them.

use app::App;
use base64::Engine as _;
use httpsig::SigningKey;
use kernel::{Actor, Lang, Localised, Role};
use partner::{Contact, Country, Institution, PartnerError, PartnerRole};
use testkit::World;
use uuid::Uuid;

pub const SLICES: [&db::Slice; 4] = [&vault::SLICE, &audit::SLICE, &access::SLICE, &partner::SLICE];

/// Runs `test` in a world on each engine.
pub async fn each(test: impl AsyncFn(World)) {
    for world in World::on_each_engine(5, "kz") {
        test(world.with(&SLICES)).await;
    }
}

pub fn institution(code: &str, key: u8) -> Institution {
    let key = SigningKey::from_bytes(&[key; 32]).verifying_key();
    Institution {
        code: code.to_owned(),
        kind: "bank".to_owned(),
        role: PartnerRole::Executor,
        names: Localised::from_pairs([(Lang::EN, format!("{code} (invented)"))]),
        iban_code: None,
        card_bins: vec![],
        keeps: partner::model::Keeps::default(),
        delivery: "push".to_owned(),
        gateway: format!("https://{}.example:8443/secret-path", code.to_lowercase()),
        public_key: base64::engine::general_purpose::STANDARD.encode(key.as_bytes()),
        keyid: format!("{code}/1"),
        duty_phone: "+77000000101".to_owned(),
        contact: Contact::default(),
        agreement: partner::agreement::Terms::default(),
    }
}

pub async fn import(app: &App, institutions: Vec<Institution>) -> Result<usize, PartnerError> {
    partner::service::import(app, &Actor::system("setup"), Country { institutions }).await
}

pub fn staff(app: &App, role: Role) -> Actor {
    access::member(app, Uuid::from_u128(9), "Сынақ (ойдан шығарылған)", &[role])
}

/// Acts recorded about the institution, oldest first, with their facts.
pub async fn records(app: &App, code: &str) -> Vec<(String, String)> {
    let all = partner::service::all(app).await.unwrap();
    let id = all.iter().find(|p| p.code == code).unwrap().id.uuid();
    let found = app.db.read(move |tx| audit::records_for(tx, id)).await;
    let mut all: Vec<_> = found
        .unwrap_or_else(|e: db::DbError| panic!("{e}"))
        .into_iter()
        .map(|r| (r.record.act, r.record.facts))
        .collect();
    all.reverse();
    all
}
