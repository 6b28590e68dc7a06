//! Whose key it is, and whether it is still believed.

use httpsig::VerifyingKey;
use kernel::Actor;
use partner::manage::{revoke_key, set_active};
use partner::{PartnerKey, service};

use super::{BANK, Message, Stand};
use crate::country::key_of;

const OTHERS: [&str; 8] = ["ZALT", "ZCAR", "ZAFC", "ZTEL", "ZMOB", "ZALA", "ZREG", "ZMED"];

/// Puts a key into the tables, past whatever looks at agreement files.
async fn put_key(stand: &Stand, owner: &str, keyid: &str, public_key: [u8; 32]) {
    let app = &stand.world.app;
    let all = service::all(app).await.unwrap();
    let partner = all.iter().find(|p| p.code == owner).unwrap().id;
    let key = PartnerKey { partner, keyid: keyid.to_owned(), public_key, revoked_at: None, awaits: None };
    let (id, now) = (app.uuid(), app.office.now());
    let put = move |tx: &mut db::Tx<'_>| partner::store::insert_key(tx, id, &key, now);
    app.db.write::<_, db::DbError, _>(put).await.unwrap();
}

pub async fn all(stand: &Stand) {
    borrowed(stand).await;
    ended(stand).await;
    weak(stand).await;
}

/// Keys and key ids of others.
async fn borrowed(stand: &Stand) {
    let honest = stand.answer();
    let mut attacks: Vec<(String, Message)> = Vec::new();
    for other in OTHERS {
        let signed = honest.clone().signed_again(&key_of(other), &honest.input(), stand.base_url());
        attacks.push((format!("signed by {other}"), signed));
        let told = honest.field("signature-input").replacen("ZBEK/1", &format!("{other}/1"), 1);
        attacks.push((format!("key id of {other}"), honest.clone().with("signature-input", &told)));
        let name = format!("{BANK}/{other}");
        put_key(stand, other, &name, key_of(other).verifying_key().to_bytes()).await;
        attacks.push((
            format!("a key of {other} under the name of {BANK}"),
            stand.signed_as(stand.unsigned_answer(), other, &name),
        ));
        let name = format!("{other}/{BANK}");
        put_key(stand, other, &name, key_of(BANK).verifying_key().to_bytes()).await;
        let input = honest.input().replacen("ZBEK/1", &name, 1);
        let own = honest.clone().signed_again(&key_of(other), &input, stand.base_url());
        attacks.push((format!("a key that {other} took from {BANK}"), own));
    }
    for keyid in [
        "ZBEK",
        "ZBEK/",
        "ZBEK/2",
        "zbek/1",
        "Zbek/1",
        "ZBEK/1 ",
        " ZBEK/1",
        "ZBEK//1",
        "ZBEK/1/",
        "ZBEK/01",
        "ZBEK/1/1",
        "../ZBEK/1",
        "ZBEK/../ZBEK/1",
        "ZBEK\\1",
        "ZBEK%2F1",
        "ZBEK/%31",
        "ZBEK/*",
        "*",
        "%",
        "_BEK/1",
        "ZBE_/1",
        "ZBEK/_",
        "' OR '1'='1",
        "ZBEK/1' --",
        "ZBEK/1;x=1",
        "ZBEK/1,ZALT/1",
        "1/ZBEK",
        "/1",
        "DCC/1",
        "KZ-TEST/1",
        "null",
        "0",
        "ZBEK/1\t",
    ] {
        let input = honest.input().replacen("ZBEK/1", keyid, 1);
        let signed = honest.clone().signed_again(&key_of(BANK), &input, stand.base_url());
        attacks.push((format!("key id `{keyid}`"), signed));
    }
    let node = httpsig::SigningKey::from_bytes(stand.world.app.node.message_key.expose());
    attacks.push((
        "signed by the node".into(),
        honest.clone().signed_again(&node, &honest.input(), stand.base_url()),
    ));
    let unknown = httpsig::SigningKey::from_bytes(&[99; 32]);
    attacks.push((
        "signed by nobody".into(),
        honest.clone().signed_again(&unknown, &honest.input(), stand.base_url()),
    ));
    stand.refuse("keys of others", Some(honest), attacks).await;

    // Signed as they may: another bank's order does not exist for them.
    let before = stand.effects().await;
    for other in OTHERS {
        let theirs = stand.signed_as(stand.unsigned_answer(), other, &format!("{other}/1"));
        assert_eq!(stand.send(theirs).await.0, 404, "{other}");
    }
    let after = stand.effects().await;
    assert_eq!((before.0, before.1), (after.0, after.1));
    stand.count("orders of others", OTHERS.len());
}

/// Revoked keys and institutions that were taken out; each was believed before.
async fn ended(stand: &Stand) {
    let (app, setup) = (&stand.world.app, Actor::system("setup"));
    for n in 0..10 {
        let keyid = format!("{BANK}/old-{n}");
        put_key(stand, BANK, &keyid, key_of(BANK).verifying_key().to_bytes()).await;
        let answer = stand.signed_as(stand.unsigned_answer(), BANK, &keyid);
        assert_eq!(stand.send(answer).await.0, 200, "control");
        let mine: Vec<(String, Message)> = vec![
            ("signed before, sent after".into(), stand.signed_as(stand.unsigned_answer(), BANK, &keyid)),
            ("a look".into(), {
                let bare = Message { headers: Default::default(), ..stand.look() };
                stand.signed_as(bare, BANK, &keyid)
            }),
        ];
        revoke_key(app, &setup, &keyid, "test").await.unwrap();
        let after = ("signed after".to_owned(), stand.signed_as(stand.unsigned_answer(), BANK, &keyid));
        stand.refuse("revoked keys", None, mine.into_iter().chain([after]).collect()).await;
    }
    for code in OTHERS {
        let look = |stand: &Stand| {
            let bare = Message { headers: Default::default(), ..stand.look() };
            stand.signed_as(bare, code, &format!("{code}/1"))
        };
        assert_eq!(stand.send(look(stand)).await.0, 200, "control");
        set_active(app, &setup, code, false, "test").await.unwrap();
        let attacks = (0..2).map(|n| (format!("look {n} of {code}"), look(stand))).collect();
        stand.refuse("institutions taken out", None, attacks).await;
        set_active(app, &setup, code, true, "test").await.unwrap();
        assert_eq!(stand.send(look(stand)).await.0, 200, "and back in");
    }
}

/// The points of small order, and their other writings: with such a key anybody can sign.
const SMALL: [&str; 14] = [
    "0100000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000080",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
];

fn bytes(text: &str) -> [u8; 32] {
    hex::decode(text).unwrap().try_into().unwrap()
}

async fn weak(stand: &Stand) {
    let mut attacks: Vec<(String, Message)> = Vec::new();
    let mut forged = 0;
    for (n, key) in SMALL.iter().enumerate() {
        let keyid = format!("{BANK}/weak-{n}");
        put_key(stand, BANK, &keyid, bytes(key)).await;
        for (r, point) in SMALL.iter().enumerate().step_by(2) {
            let answer = stand.signed_as(stand.unsigned_answer(), BANK, &keyid);
            // S = 0: the equation holds for R = -hA, which is one of few points.
            let signature: Vec<u8> = bytes(point).into_iter().chain([0; 32]).collect();
            if let Ok(weak) = VerifyingKey::from_bytes(&bytes(key)) {
                use ed25519_dalek::Verifier as _;
                let loose = ed25519_dalek::Signature::from_slice(&signature).unwrap();
                forged += usize::from(weak.verify(b"anything", &loose).is_ok());
            }
            attacks.push((format!("weak key {n}, R {r}"), answer.signed_with(&signature)));
        }
    }
    assert!(forged > 0, "control: a loose verifier believes some of these");
    stand.refuse("weak keys", None, attacks).await;
}
