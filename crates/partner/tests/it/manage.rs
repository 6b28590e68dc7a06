//! Agreement files and what an administrator does with institutions.

use http::HeaderMap;
use httpsig::{Params, Request, SigningKey};
use kernel::{Actor, Class, Coded as _, Role};
use partner::manage::{one, overview, revoke_key, set_active};
use partner::{Institution, PartnerError, service};
use testkit::World;

use crate::support::{SLICES, each, import, institution, records, staff};

#[test]
fn statements_prepare_and_catalogs_agree() {
    let mut catalogs = Vec::new();
    for place in testkit::engines() {
        place.migrate(&SLICES).unwrap();
        db::check::prepare_all(&place, &SLICES).unwrap();
        catalogs.push(db::check::catalog(&place).unwrap());
    }
    assert!(catalogs.windows(2).all(|pair| pair[0] == pair[1]), "{catalogs:#?}");
}

/// Whether a message signed by this key under this id is believed now.
pub async fn believed(world: &World, keyid: &str, key: u8, nonce: &str) -> bool {
    let key = SigningKey::from_bytes(&[key; 32]);
    let now = world.app.wall.now().as_secs();
    let params = Params { keyid, nonce, created: now, expires: now + 60 };
    let mut headers = HeaderMap::new();
    headers.insert(http::header::CONTENT_TYPE, http::HeaderValue::from_static("application/json"));
    let url = "http://127.0.0.1:8080/api/v1/answers";
    let request = Request { method: "POST", target_uri: url, headers: &headers, body: b"{}" };
    let added = httpsig::sign_request(&key, &request, &params).unwrap();
    headers.extend(added);
    let request = Request { method: "POST", target_uri: url, headers: &headers, body: b"{}" };
    service::verify_request(&world.app, &request, partner::quota::Purpose::Answer).await.is_ok()
}

/// Bug: another key under a known id was taken in silently and never used; the partner's answers then failed.
#[tokio::test]
async fn another_key_under_a_known_id_is_refused_and_says_what_to_do() {
    each(async |world| {
        let app = &world.app;
        assert_eq!(import(app, vec![institution("ZALT", 1), institution("ZBEK", 2)]).await.unwrap(), 2);
        let mut changed = institution("ZALT", 3);
        changed.duty_phone = "+77000000999".to_owned();
        let error = import(app, vec![institution("ZCAR", 4), changed.clone()]).await.unwrap_err();
        assert!(matches!(&error, PartnerError::KeyChanged(id) if id == "ZALT/1"), "{error}");
        assert_eq!((error.class(), error.code()), (Class::Conflict, "partner.key_changed"));
        let said = error.to_string();
        assert!(
            said.contains("`ZALT/1`") && said.contains("id of its own") && said.contains("revoke"),
            "{said}"
        );
        let left = overview(app, &Actor::system("setup")).await.unwrap();
        assert_eq!(left.len(), 2, "nothing of the file is taken");
        assert_eq!(left[0].partner.duty_phone, "+77000000101");

        // The way that it names: a new id beside the old, then the old one is revoked.
        assert_eq!(import(app, vec![Institution { keyid: "ZALT/2".into(), ..changed }]).await.unwrap(), 0);
        assert!(believed(&world, "ZALT/1", 1, "a").await && believed(&world, "ZALT/2", 3, "b").await);
        revoke_key(app, &Actor::system("setup"), "ZALT/1", "key changed").await.unwrap();
        assert!(!believed(&world, "ZALT/1", 1, "c").await && believed(&world, "ZALT/2", 3, "d").await);
        // The same file again changes nothing, and does not bring the revoked key back.
        assert_eq!(import(app, vec![institution("ZALT", 1)]).await.unwrap(), 0);
        assert!(!believed(&world, "ZALT/1", 1, "e").await);
    })
    .await;
}

/// Bug: every import made institutions active again that somebody had taken out.
#[tokio::test]
async fn who_is_taken_out_stays_out_until_taken_in() {
    each(async |world| {
        let app = &world.app;
        import(app, vec![institution("ZALT", 1)]).await.unwrap();
        let boss = staff(app, Role::Administrator);
        assert!(believed(&world, "ZALT/1", 1, "a").await);
        set_active(app, &boss, "ZALT", false, " Әлия айтты: шарт бұзылды ").await.unwrap();
        set_active(app, &boss, "ZALT", false, "again").await.unwrap();
        assert!(!believed(&world, "ZALT/1", 1, "b").await);
        import(app, vec![institution("ZALT", 1)]).await.unwrap();
        assert!(!believed(&world, "ZALT/1", 1, "c").await, "a file does not bring it back");
        let shown = one(app, &boss, "ZALT").await.unwrap();
        assert_eq!((shown.partner.active, shown.state_reason.as_str()), (false, "Әлия айтты: шарт бұзылды"));
        assert_eq!(shown.state_at, Some(app.office.now()));
        set_active(app, &boss, "ZALT", true, "шарт қалпына келді").await.unwrap();
        assert!(believed(&world, "ZALT/1", 1, "d").await);
        let all = records(app, "ZALT").await;
        let mut acts: Vec<&str> = all.iter().map(|(act, _)| act.as_str()).collect();
        acts.sort_unstable();
        assert_eq!(
            acts,
            ["partner.activated", "partner.deactivated", "partner.imported", "partner.imported"]
        );
        assert!(
            !all.iter().any(|(_, facts)| facts.contains("Әлия")),
            "reasons lie sealed in the record: {all:?}"
        );
    })
    .await;
}

#[tokio::test]
async fn revoking_takes_a_reason_a_right_and_a_known_key() {
    each(async |world| {
        let app = &world.app;
        import(app, vec![institution("ZALT", 1)]).await.unwrap();
        let (boss, officer) = (staff(app, Role::Administrator), staff(app, Role::DutyOfficer));
        for reason in ["", " ", &"ә".repeat(501)] {
            let error = revoke_key(app, &boss, "ZALT/1", reason).await.unwrap_err();
            assert!(matches!(error, PartnerError::Reason));
            assert!(matches!(set_active(app, &boss, "ZALT", false, reason).await, Err(PartnerError::Reason)));
        }
        assert!(matches!(revoke_key(app, &boss, "ZALT/9", "x").await, Err(PartnerError::NotFound)));
        assert!(matches!(set_active(app, &boss, "ZZZZ", false, "x").await, Err(PartnerError::NotFound)));
        for actor in [&officer, &Actor::Public, &Actor::system("orders")] {
            assert!(matches!(revoke_key(app, actor, "ZALT/1", "x").await, Err(PartnerError::Access(_))));
            assert!(matches!(set_active(app, actor, "ZALT", false, "x").await, Err(PartnerError::Access(_))));
        }
        assert!(overview(app, &Actor::Public).await.is_err());
        assert_eq!(overview(app, &officer).await.unwrap().len(), 1, "officers look institutions up");

        world.advance_secs(60);
        revoke_key(app, &boss, "ZALT/1", "stolen").await.unwrap();
        revoke_key(app, &boss, "ZALT/1", "stolen again").await.unwrap();
        let shown = one(app, &boss, "ZALT").await.unwrap();
        assert_eq!((shown.valid_keys(), shown.keys[0].reason.as_str()), (0, "stolen"));
        assert_eq!(shown.keys[0].revoked_at, Some(app.office.now()));
        let revoked =
            records(app, "ZALT").await.into_iter().filter(|(act, _)| act == "partner.key_revoked").count();
        assert_eq!(revoked, 1);
    })
    .await;
}
