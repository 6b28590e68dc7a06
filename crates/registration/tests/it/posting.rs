//! Files on their way to an institution that keeps a register: repeated, never doubled, refused and sent anew.

use std::sync::{Arc, Mutex};

use app::App;
use http::{HeaderMap, HeaderValue, header};
use httpsig::{Params, SigningKey, public_key_text};
use kernel::{Actor, Class, Coded as _, Lang, Localised};
use partner::gateway::{Incoming, Outgoing, Post, PostError, Posted};
use partner::model::Keeps;
use partner::{Contact, Country, Institution, PartnerRole};
use registration::export::{RefusalCode, RegistrationAnswer, RegistrationFile};
use registration::jobs::post_due;
use registration::model::Posting;
use registration::{State, service};
use serde_json::json;
use testkit::World;

use crate::support::{ERDR, KUI, acts, each, filed, hear, matter, officer, receipt, staff, told};

const KEEPER: &str = "ZKUI";

fn key_of(code: &str) -> SigningKey {
    let mut seed = [3_u8; 32];
    for (to, from) in seed.iter_mut().zip(code.bytes()) {
        *to = from;
    }
    SigningKey::from_bytes(&seed)
}

fn institution(code: &str, registers: &[&str]) -> Institution {
    Institution {
        code: code.to_owned(),
        kind: "state_body".to_owned(),
        role: PartnerRole::Executor,
        names: Localised::from_pairs([(Lang::EN, format!("{code} (invented)"))]),
        iban_code: None,
        card_bins: vec![],
        keeps: Keeps { registers: registers.iter().map(|r| (*r).to_owned()).collect(), ..Keeps::default() },
        delivery: "push".to_owned(),
        gateway: format!("http://127.0.0.1:9/{code}"),
        public_key: public_key_text(&key_of(code).verifying_key()),
        keyid: format!("{code}/1"),
        duty_phone: "+77000000101".to_owned(),
        contact: Contact::default(),
        agreement: partner::agreement::Terms::default(),
    }
}

/// A country in which somebody takes messages for the first register.
async fn with_keeper(world: &World) {
    let institutions = vec![institution(KEEPER, &[KUI]), institution("ZOTH", &[])];
    let setup = Actor::system("setup");
    partner::service::import(&world.app, &setup, Country { institutions }).await.unwrap();
}

async fn institution_of(app: &App, code: &'static str) -> Actor {
    let found = app.db.read(move |tx| partner::store::by_code(tx, code)).await;
    let partner = found.unwrap_or_else(|e: db::DbError| panic!("{e}")).unwrap();
    Actor::institution(partner.id.uuid(), code)
}

/// How the register answers a post.
#[derive(Clone, Copy, PartialEq)]
enum Manner {
    Silent,
    Fails,
    Takes,
    Numbers,
    Refuses,
    /// Numbers without a signature, or with somebody else's.
    Unsigned,
    OtherKey,
}

#[derive(Clone)]
struct Register {
    app: App,
    manner: Arc<Mutex<Manner>>,
    posted: Arc<Mutex<Vec<Outgoing>>>,
}

impl Register {
    fn new(app: &App, manner: Manner) -> (Self, Arc<dyn Post>) {
        let me = Self { app: app.clone(), manner: Arc::new(Mutex::new(manner)), posted: Arc::default() };
        (me.clone(), Arc::new(me))
    }
    fn now(&self, manner: Manner) {
        *self.manner.lock().unwrap() = manner;
    }
    fn files(&self) -> Vec<RegistrationFile> {
        let posted = self.posted.lock().unwrap();
        posted.iter().map(|o| serde_json::from_slice(&o.body).unwrap()).collect()
    }
    fn signed(&self, code: &str, body: Vec<u8>) -> Incoming {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        let created = self.app.wall.now().as_secs();
        let nonce = hex::encode(self.app.entropy.bytes::<16>());
        let keyid = format!("{code}/1");
        let params = Params { keyid: &keyid, nonce: &nonce, created, expires: created + 200 };
        let unsigned = httpsig::Response { status: 200, headers: &headers, body: &body };
        let added = httpsig::sign_response(&key_of(code), &unsigned, &params).unwrap();
        headers.extend(added);
        let text = |v: &HeaderValue| v.to_str().unwrap().to_owned();
        let headers = headers.iter().map(|(n, v)| (n.as_str().to_owned(), text(v))).collect();
        Incoming { status: 200, headers, body }
    }
}

impl Post for Register {
    fn post(&self, out: Outgoing) -> Posted<'_> {
        let file: RegistrationFile = serde_json::from_slice(&out.body).unwrap();
        self.posted.lock().unwrap().push(out);
        let number = format!("K-{}", file.subject_number);
        let body = json!({
            "type": "registration_receipt.v1", "hand_over_id": file.hand_over_id, "number": number,
            "registered_at": self.app.office.now().rfc3339(), "registrar": "Үлгі Тіркеуші",
        });
        let refusal = json!({
            "type": "registration_refusal.v1", "hand_over_id": file.hand_over_id, "code": "incomplete",
            "text": "мекенжайы жоқ",
        });
        let bare = |status, body: Vec<u8>| Incoming { status, headers: vec![], body };
        let answer = match *self.manner.lock().unwrap() {
            Manner::Silent => Err(PostError("no answer".into())),
            Manner::Fails => Ok(bare(503, vec![])),
            Manner::Takes => Ok(bare(202, vec![])),
            Manner::Unsigned => Ok(bare(200, body.to_string().into_bytes())),
            Manner::Numbers => Ok(self.signed(KEEPER, body.to_string().into_bytes())),
            Manner::OtherKey => Ok(self.signed("ZOTH", body.to_string().into_bytes())),
            Manner::Refuses => Ok(self.signed(KEEPER, refusal.to_string().into_bytes())),
        };
        Box::pin(async move { answer })
    }
}

#[tokio::test]
async fn a_report_reaches_the_register_by_itself() {
    each(async |world| {
        let app = &world.app;
        with_keeper(&world).await;
        let filed = filed(&world, 51).await;
        let officer = officer(app).await;
        assert_eq!(matter(app, &officer, &filed.number, KUI).await.registration.state, State::HandedOver);
        let (register, post) = Register::new(app, Manner::Numbers);
        assert_eq!(post_due(app, &post).await.unwrap(), 1);
        assert_eq!(post_due(app, &post).await.unwrap(), 0, "answered is answered");
        let m = matter(app, &officer, &filed.number, KUI).await;
        assert_eq!(m.registration.state, State::Registered);
        let known = m.reference().unwrap();
        assert_eq!(
            (known.number.clone(), known.came_by.as_str()),
            (format!("K-{}", filed.number), "register")
        );
        assert_eq!(m.hand_over.unwrap().posting, Posting::Done);
        assert_eq!(matter(app, &officer, &filed.number, ERDR).await.registration.state, State::Waiting);
        let posted = register.posted.lock().unwrap().clone();
        assert_eq!(posted[0].url, "http://127.0.0.1:9/ZKUI/registrations");
        assert!(posted[0].headers.iter().any(|(n, _)| n == "signature"));
        let acts = acts(app, filed.id).await;
        assert_eq!(acts.iter().filter(|a| *a == "registration.posted").count(), 1, "{acts:?}");
    })
    .await;
}

/// Bug: an institution on trial was handed every report that was filed.
#[tokio::test]
async fn an_institution_on_trial_is_handed_nobodys_report() {
    each(async |world| {
        let app = &world.app;
        let setup = Actor::system("setup");
        let country = Country { institutions: vec![institution(KEEPER, &[KUI])] };
        partner::service::import_as(app, &setup, country, partner::Mode::Test).await.unwrap();
        let first = filed(&world, 57).await;
        let officer = officer(app).await;
        assert_eq!(matter(app, &officer, &first.number, KUI).await.registration.state, State::Waiting);
        let file = service::hand_over(app, &officer, &first.number, KUI).await.unwrap();
        assert_eq!((file.channel.as_str(), file.institution.as_str()), ("officer", ""));
        let (register, post) = Register::new(app, Manner::Numbers);
        assert_eq!(post_due(app, &post).await.unwrap(), 0);

        // One that goes back to trial is handed nothing any more, also of what waits for it, and answers nothing.
        for administrator in [3, 4] {
            let actor = staff(app, administrator, kernel::Role::Administrator).await;
            match administrator {
                3 => partner::mode::ask_live(app, &actor, KEEPER).await.unwrap(),
                _ => partner::mode::confirm_live(app, &actor, KEEPER).await.unwrap(),
            }
        }
        let second = filed(&world, 58).await;
        let waits = matter(app, &officer, &second.number, KUI).await.hand_over.unwrap();
        assert_eq!((waits.channel.as_str(), waits.posting), ("message", Posting::Waiting));
        let admin = staff(app, 3, kernel::Role::Administrator).await;
        partner::mode::back_to_test(app, &admin, KEEPER, "Қайта сынақ").await.unwrap();
        post_due(app, &post).await.unwrap();
        assert!(register.files().is_empty(), "nothing leaves the house");
        let m = matter(app, &officer, &second.number, KUI).await;
        assert_eq!((m.registration.state, m.hand_over.unwrap().posting), (State::Waiting, Posting::Moved));
        let said = RegistrationAnswer::Receipt {
            hand_over_id: waits.id.to_string(),
            number: "K-9".into(),
            registered_at: app.office.now().rfc3339(),
            registrar: String::new(),
        };
        let hidden = service::answer(app, &institution_of(app, KEEPER).await, waits.id, said).await;
        assert_eq!(hidden.unwrap_err().class(), Class::NotFound);
    })
    .await;
}

/// Bug: whoever had kept a register went on being handed what had been on its way.
#[tokio::test]
async fn what_is_on_its_way_goes_to_whoever_keeps_the_register_now() {
    each(async |world| {
        let app = &world.app;
        with_keeper(&world).await;
        let filed = filed(&world, 59).await;
        let officer = officer(app).await;
        let (register, post) = Register::new(app, Manner::Silent);
        assert_eq!(post_due(app, &post).await.unwrap(), 1);
        assert_eq!(register.files().len(), 1);
        let setup = Actor::system("setup");
        let admin = staff(app, 3, kernel::Role::Administrator).await;
        partner::manage::set_active(app, &admin, KEEPER, false, "Келісім аяқталды").await.unwrap();
        let next = Country { institutions: vec![institution("ZNEW", &[KUI])] };
        partner::service::import(app, &setup, next).await.unwrap();
        world.advance_secs(400);
        assert_eq!(post_due(app, &post).await.unwrap(), 1);
        assert_eq!(register.files().len(), 1, "the former keeper is posted nothing");
        let m = matter(app, &officer, &filed.number, KUI).await;
        let file = m.hand_over.unwrap();
        assert_eq!((file.institution.as_str(), file.posting), ("ZNEW", Posting::Waiting));
        assert_eq!(m.registration.state, State::HandedOver);
        assert_eq!(post_due(app, &post).await.unwrap(), 1);
        let urls: Vec<String> = register.posted.lock().unwrap().iter().map(|o| o.url.clone()).collect();
        assert_eq!(urls[1], "http://127.0.0.1:9/ZNEW/registrations");
        assert!(acts(app, filed.id).await.contains(&"registration.moved".to_owned()));
    })
    .await;
}

#[tokio::test]
async fn a_silent_register_is_asked_again_and_holds_it_once() {
    each(async |world| {
        let app = &world.app;
        with_keeper(&world).await;
        let filed = filed(&world, 52).await;
        let officer = officer(app).await;
        let (register, post) = Register::new(app, Manner::Silent);
        for manner in [Manner::Silent, Manner::Fails, Manner::Unsigned, Manner::OtherKey, Manner::Takes] {
            register.now(manner);
            assert_eq!(post_due(app, &post).await.unwrap(), 1);
            assert_eq!(post_due(app, &post).await.unwrap(), 0, "not at once");
            let m = matter(app, &officer, &filed.number, KUI).await;
            assert_eq!(m.registration.state, State::HandedOver, "nothing unsigned counts");
            world.advance_secs(400);
        }
        register.now(Manner::Numbers);
        assert_eq!(post_due(app, &post).await.unwrap(), 1);
        let files = register.files();
        assert_eq!(files.len(), 6);
        assert!(files.windows(2).all(|w| w[0] == w[1]), "byte for byte the same file");
        let m = matter(app, &officer, &filed.number, KUI).await;
        assert_eq!((m.registration.state, m.references.len()), (State::Registered, 1));
        world.advance_secs(4_000);
        assert_eq!(post_due(app, &post).await.unwrap(), 0);
    })
    .await;
}

#[tokio::test]
async fn an_answer_by_message_is_taken_once_and_from_the_keeper_alone() {
    each(async |world| {
        let app = &world.app;
        with_keeper(&world).await;
        let filed = filed(&world, 53).await;
        let officer = officer(app).await;
        let id = matter(app, &officer, &filed.number, KUI).await.hand_over.unwrap().id;
        let said = |number: &str| RegistrationAnswer::Receipt {
            hand_over_id: id.to_string(),
            number: number.into(),
            registered_at: app.office.now().rfc3339(),
            registrar: String::new(),
        };
        let (keeper, other) = (institution_of(app, KEEPER).await, institution_of(app, "ZOTH").await);
        for stranger in [other, Actor::Public, Actor::Citizen { report: filed.id.uuid() }] {
            let hidden = service::answer(app, &stranger, id, said("K-1")).await.unwrap_err();
            assert_eq!(hidden.class(), Class::NotFound, "{hidden}");
        }
        for _ in 0..2 {
            let now = service::answer(app, &keeper, id, said("K-1")).await.unwrap();
            assert_eq!(now.state, State::Registered);
        }
        let other = service::answer(app, &keeper, id, said("K-2")).await.unwrap_err();
        assert_eq!(other.code(), "registration.settled");
        let unreadable = RegistrationAnswer::Receipt {
            hand_over_id: id.to_string(),
            number: "K-1".into(),
            registered_at: "yesterday".into(),
            registrar: String::new(),
        };
        assert_eq!(
            service::answer(app, &keeper, id, unreadable).await.unwrap_err().code(),
            "registration.at"
        );
        let (_, post) = Register::new(app, Manner::Numbers);
        assert_eq!(post_due(app, &post).await.unwrap(), 0, "nothing is posted any more");
        // An officer who wrote the same number down in the meantime has said the same.
        let typed = receipt("K-1", app.office.now().plus_secs(-40));
        service::record_receipt(app, &officer, &filed.number, KUI, typed).await.unwrap();
        assert_eq!(matter(app, &officer, &filed.number, KUI).await.references.len(), 1);
    })
    .await;
}

/// Bug: one officer overwrote the number that the register had signed, and moved the clock of the law.
#[tokio::test]
async fn the_registers_own_number_is_not_the_offices_to_change() {
    each(async |world| {
        let app = &world.app;
        with_keeper(&world).await;
        let filed = filed(&world, 60).await;
        let officer = officer(app).await;
        let (_, post) = Register::new(app, Manner::Numbers);
        assert_eq!(post_due(app, &post).await.unwrap(), 1);
        let before = matter(app, &officer, &filed.number, KUI).await;
        assert!(!before.may.correct && !before.may.mistaken);
        let later = receipt("K-0", app.office.now());
        let refused = service::correct(app, &officer, &filed.number, KUI, later, "қате").await.unwrap_err();
        assert_eq!(refused.code(), "registration.registers_own");
        let refused = service::mistaken(app, &officer, &filed.number, KUI, "қате").await.unwrap_err();
        assert_eq!(refused.code(), "registration.registers_own");
        let after = matter(app, &officer, &filed.number, KUI).await;
        assert_eq!(after.references, before.references);
    })
    .await;
}

#[tokio::test]
async fn what_is_refused_waits_for_an_officer_and_goes_anew() {
    each(async |world| {
        let app = &world.app;
        with_keeper(&world).await;
        let filed = filed(&world, 54).await;
        let officer = officer(app).await;
        let (register, post) = Register::new(app, Manner::Refuses);
        assert_eq!(post_due(app, &post).await.unwrap(), 1);
        let m = matter(app, &officer, &filed.number, KUI).await;
        let first = m.hand_over.clone().unwrap();
        assert_eq!((m.registration.state, first.posting), (State::Waiting, Posting::Refused));
        assert_eq!(first.last_error, RefusalCode::Incomplete.as_str());
        assert_eq!(
            service::board(app, &officer).await.unwrap().count.open,
            1,
            "it is to be handed over again"
        );
        world.advance_secs(7_200);
        assert_eq!(post_due(app, &post).await.unwrap(), 0, "not by itself");
        report::service::tell_story(app, &Actor::Citizen { report: filed.id.uuid() }, filed.id, "Жаңа оқиға")
            .await
            .unwrap();
        let second = service::hand_over(app, &officer, &filed.number, KUI).await.unwrap();
        assert_ne!(first.id, second.id);
        register.now(Manner::Numbers);
        assert_eq!(post_due(app, &post).await.unwrap(), 1);
        let files = register.files();
        assert_eq!(files[1].story, "Жаңа оқиға", "of what is known now");
        assert_ne!(files[0].salt, files[1].salt);
        let m = matter(app, &officer, &filed.number, KUI).await;
        assert_eq!(m.registration.state, State::Registered);
        assert!(acts(app, filed.id).await.contains(&"registration.turned_away".to_owned()));
    })
    .await;
}

#[tokio::test]
async fn what_was_erased_goes_nowhere() {
    each(async |world| {
        let app = &world.app;
        with_keeper(&world).await;
        let filed = filed(&world, 55).await;
        report::service::expunge(app, &Actor::system("retention"), filed.id).await.unwrap();
        hear(&world).await;
        let (register, post) = Register::new(app, Manner::Numbers);
        assert_eq!(post_due(app, &post).await.unwrap(), 0);
        assert!(register.files().is_empty());
        // Heard of the erasure and of the report in one go: nothing is made at all.
        let late = told(&world, 56).await;
        report::service::expunge(app, &Actor::system("retention"), late.id).await.unwrap();
        hear(&world).await;
        assert_eq!(post_due(app, &post).await.unwrap(), 0);
    })
    .await;
}
