//! Somebody says at the portal that a number is theirs: taken alike whatever is known, changed by nothing before an officer has
//! made sure, decided by somebody without a hand in it, told by the code.

use kernel::{Class as ErrorClass, Coded as _, Purpose, Role};
use registry::model::{Advice, Class, ObjectionStatus, ObjectionTold};
use registry::service::{self, objecting};
use registry::{RegistryError, Status};
use report::rules::read_code;
use testkit::World;

use crate::browser::browser;
use crate::country::{file, iban, staff};
use crate::registry::{asked, listed, mule, told};
use crate::talk::each;

fn words() -> ObjectionTold {
    ObjectionTold {
        name: "Үлгі Азамат".to_owned(),
        contact: "+7 700 000 09 99".to_owned(),
        text: "I sold a bicycle; here is the receipt".to_owned(),
    }
}

async fn where_it_stands(world: &World, code: &str) -> (ObjectionStatus, Option<String>) {
    let (objection, answer) = objecting::by_code(&world.app, code).await.unwrap();
    (objection.status, answer)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_objection_is_made_sure_of_and_then_decided() {
    each("kz", async |world| {
        let app = &world.app;
        file(&world, told(app, 521, "desk:phone")).await;
        let id = mule(app);
        listed(&world, id).await;
        assert_eq!(asked(&world, None, &iban("ZBEK", 7)).await.advice, Advice::Decline);

        let made = objecting::file(app, &iban("ZBEK", 7), &words()).await.unwrap();
        let code = made.code.clone().into_inner(Purpose::OwnData);
        assert_eq!(read_code(&code), Some(code.clone()));
        let due = app.profile.term_end(made.objection.filed_at, app.profile.identifiers().objection);
        assert_eq!((made.objection.status, made.objection.due_at), (ObjectionStatus::Filed, due));
        // Whoever stole an account could say that it is theirs.
        assert_eq!(asked(&world, None, &iban("ZBEK", 7)).await.advice, Advice::Decline);

        let officer = staff(app, 1, Role::DutyOfficer).await;
        let waiting = objecting::list(app, &officer, None, None).await.unwrap().rows;
        assert_eq!(
            waiting.iter().map(|o| o.number.as_str()).collect::<Vec<_>>(),
            [made.objection.number.as_str()]
        );
        let opened = objecting::open(app, &officer, made.objection.id).await.unwrap();
        assert!(opened.told.unwrap().into_inner(Purpose::HandleReport) == words());
        assert!(opened.may_accept && !opened.may_close, "an officer hands it on, and does not close it");
        let accepted = objecting::accept(app, &officer, made.objection.id, "called from the bank's number")
            .await
            .unwrap();
        assert_eq!(accepted.status, ObjectionStatus::Accepted);
        assert_eq!(asked(&world, None, &iban("ZBEK", 7)).await.advice, Advice::AskPayer);
        assert_eq!(where_it_stands(&world, &code).await, (ObjectionStatus::Accepted, None));
        let again = objecting::accept(app, &officer, made.objection.id, "once more").await.unwrap_err();
        assert_eq!((again.class(), again.code()), (ErrorClass::Conflict, "registry.objection_stands"));

        // Who signed the listing does not decide on it; somebody else does, and the objector reads why.
        let signer = staff(app, 11, Role::Approver).await;
        assert!(!service::entry(app, &signer, id).await.unwrap().may_clear, "nor is it offered");
        assert!(service::clear(app, &signer, id, "no").await.is_err());
        let other = staff(app, 31, Role::Approver).await;
        let entry = service::entry(app, &other, id).await.unwrap();
        assert_eq!(entry.status, Status::Disputed);
        // What was told stays under the objector's own key; the entry has the number and how it was made sure of.
        let said = entry.objection.unwrap();
        assert_eq!(said, made.objection.number);
        let opened = objecting::open(app, &other, made.objection.id).await.unwrap();
        assert_eq!(opened.answer.as_deref(), Some("called from the bank's number"));
        let unchecked = objecting::file(app, &iban("ZBEK", 7), &words()).await.unwrap();
        service::clear(app, &other, id, "the receipt shows a sale").await.unwrap();
        let told = (ObjectionStatus::Upheld, Some("the receipt shows a sale".to_owned()));
        assert_eq!(where_it_stands(&world, &code).await, told);
        assert_eq!(asked(&world, None, &iban("ZBEK", 7)).await.class, Class::Nothing);
        // Whoever has shown nothing hears later that it is over, and neither the reason nor whether anything was known.
        let code = unchecked.code.into_inner(Purpose::OwnData);
        assert_eq!(where_it_stands(&world, &code).await, (ObjectionStatus::Filed, None));
        service::lapse(app).await.unwrap();
        assert_eq!(where_it_stands(&world, &code).await, (ObjectionStatus::Closed, None));
        let signer = service::entry(app, &signer, id).await.unwrap();
        assert_eq!(signer.objections.len(), 2, "the entry leads to what was said of it");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_without_ground_is_rejected_and_one_about_nothing_is_closed() {
    each("kz", async |world| {
        let app = &world.app;
        file(&world, told(app, 522, "desk:phone")).await;
        let officer = staff(app, 1, Role::DutyOfficer).await;
        let approver = staff(app, 31, Role::Approver).await;
        let made = objecting::file(app, &iban("ZBEK", 7), &words()).await.unwrap();
        objecting::accept(app, &officer, made.objection.id, "showed a contract").await.unwrap();
        service::stand(app, &approver, mule(app), "three victims paid here").await.unwrap();
        let code = made.code.into_inner(Purpose::OwnData);
        assert_eq!(where_it_stands(&world, &code).await.0, ObjectionStatus::Rejected);

        // Whoever was rejected today does not open the way again tonight with one officer.
        let again = objecting::file(app, &iban("ZBEK", 7), &words()).await.unwrap();
        assert!(objecting::accept(app, &officer, again.objection.id, "the same contract").await.is_err());
        let opened = objecting::open(app, &approver, again.objection.id).await.unwrap();
        assert_eq!(opened.earlier.iter().map(|o| o.status).collect::<Vec<_>>(), [ObjectionStatus::Rejected]);

        // Of a number nobody has named: it looks the same to whoever objects.
        let made = objecting::file(app, "+77000000577", &words()).await.unwrap();
        let nothing = objecting::accept(app, &officer, made.objection.id, "called back").await.unwrap_err();
        assert_eq!(nothing.code(), "registry.nothing_told");
        assert!(objecting::close(app, &officer, made.objection.id, "nothing is told of it").await.is_err());
        objecting::close(app, &approver, made.objection.id, "nothing is told of it").await.unwrap();
        let code = made.code.into_inner(Purpose::OwnData);
        assert_eq!(
            where_it_stands(&world, &code).await,
            (ObjectionStatus::Closed, Some("nothing is told of it".to_owned()))
        );
        let wrong = objecting::by_code(app, "0000 0000 0000 0000").await.unwrap_err();
        assert!(matches!(wrong, RegistryError::Code));
    })
    .await;
}

/// However many come in, each is reached: page by page, by its number, from the entry.
#[tokio::test(flavor = "multi_thread")]
async fn a_flood_of_objections_hides_none() {
    each("kz", async |mut world| {
        world.app.demo = true;
        access::demo_accounts(&world.app).await.unwrap();
        let (app, officer) = (&world.app, staff(&world.app, 1, Role::DutyOfficer).await);
        let mut numbers = Vec::new();
        for no in 0..120 {
            let made = objecting::file(app, &format!("+7700000{no:04}"), &words()).await.unwrap();
            numbers.push(made.objection.number);
        }
        let (mut seen, mut after) = (Vec::new(), None);
        for status in [None, Some(ObjectionStatus::Filed)] {
            seen.clear();
            loop {
                let page = objecting::list(app, &officer, status, after).await.unwrap();
                assert!(page.count == 120 && page.rows.len() <= 50);
                seen.extend(page.rows.iter().map(|o| o.number.clone()));
                after = page.next;
                if after.is_none() {
                    break;
                }
            }
            seen.sort();
            numbers.sort();
            assert_eq!(seen, numbers, "{status:?}");
        }
        let desk = browser(&world, "en", Some("aliya")).await;
        let (status, _, body) = desk.send("GET", "/desk/registry/objections", "").await;
        assert!(status == 200 && body.contains("Objections: 120") && body.contains("?after=obj_"), "{body}");
        let typed = format!("/desk/registry/objections?number={}", numbers[77].to_lowercase());
        let (status, headers, _) = desk.send("GET", &typed, "").await;
        let to = headers.get("location").and_then(|to| to.to_str().ok()).unwrap_or_default();
        assert!(status == 303 && to.starts_with("/desk/registry/objections/obj_"), "{to}");
        let (status, _, body) = desk.send("GET", "/desk/registry/objections?number=O-1", "").await;
        assert!(status == 200 && body.contains("No objection has this number"), "{body}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_objects_can_be_reached_elsewhere() {
    each("kz", async |world| {
        let same = [
            "+7 700 000 05 77",
            "8 (700) 000-05-77",
            "+7 700 000 05 77 WhatsApp",
            "https://wa.me/77000000577",
        ];
        for contact in ["not a contact", "@", ""].into_iter().chain(same) {
            let told = ObjectionTold { contact: contact.to_owned(), ..words() };
            let refused = objecting::file(&world.app, "+77000000577", &told).await.unwrap_err();
            assert_eq!(refused.code(), "registry.field_contact", "{contact}");
        }
        let told = ObjectionTold { contact: "@invented".to_owned(), ..words() };
        objecting::file(&world.app, "+77000000577", &told).await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn at_the_portal_in_three_languages() {
    each("kz", async |world| {
        for (lang, taken) in [
            ("kk", "Қарсылығыңыз қабылданды"),
            ("ru", "Возражение принято"),
            ("en", "Your objection was taken"),
        ] {
            let anybody = browser(&world, lang, None).await;
            let (status, _, body) =
                anybody.send("POST", "/check/mine", "value=12&text=&name=&contact=").await;
            assert_eq!(status, 422);
            // Everything that is missing is said at once.
            assert_eq!(body.matches("href=\"#f-").count(), 4, "{body}");
            let form = "value=8+700+000+05+77&text=It+is+mine&name=Invented&contact=invented%40example.test";
            let (status, _, body) = anybody.send("POST", "/check/mine", form).await;
            assert!(status == 200 && body.contains(taken), "{body}");
            let code = body.split("class=\"value\">").nth(1).unwrap().split('<').next().unwrap();
            let code: String = code.chars().filter(char::is_ascii_digit).collect();
            let (status, _, body) =
                anybody.send("POST", "/check/mine/outcome", &format!("code={code}")).await;
            assert!(status == 200 && body.contains("O-20"), "{body}");
            assert_eq!(anybody.send("POST", "/check/mine/outcome", "code=1234").await.0, 422);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_honest_firm_of_nearly_the_same_name() {
    each("kz", async |world| {
        let app = &world.app;
        let link = "https://egov-kz.example/shop";
        assert_eq!(asked(&world, None, link).await.reasons, [registry::model::Reason::LooksLike]);
        let made = objecting::file(app, link, &words()).await.unwrap();
        assert_eq!(
            (made.objection.kind, made.objection.masked.as_str()),
            (identifier::Kind::Domain, "egov-kz.example")
        );
        let (officer, approver) =
            (staff(app, 1, Role::DutyOfficer).await, staff(app, 31, Role::Approver).await);
        objecting::accept(app, &officer, made.objection.id, "the register of firms").await.unwrap();
        let id = service::entry_id(app, identifier::Kind::Domain, "egov-kz.example");
        service::clear(app, &approver, id, "a firm of that name since 2009").await.unwrap();
        for thing in [link, "egov-kz.example", "office@egov-kz.example"] {
            assert_eq!(asked(&world, None, thing).await.advice, Advice::Nothing, "{thing}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_told_is_forgotten_in_time() {
    each("kz", async |world| {
        let app = &world.app;
        let approver = staff(app, 31, Role::Approver).await;
        let made = objecting::file(app, "+77000000577", &words()).await.unwrap();
        objecting::close(app, &approver, made.objection.id, "nothing is told of it").await.unwrap();
        let forget = async || {
            let me = app.clone();
            app.db.write(move |tx| objecting::forget(tx, &me)).await.unwrap()
        };
        assert_eq!(forget().await, 0, "not yet");
        world.advance_secs(366 * 86_400);
        assert_eq!((forget().await, forget().await), (1, 0));
        let approver = staff(app, 31, Role::Approver).await;
        let opened = objecting::open(app, &approver, made.objection.id).await.unwrap();
        assert!(opened.told.is_none() && opened.answer.is_none());
        assert_eq!(opened.objection.status, ObjectionStatus::Closed);
    })
    .await;
}

/// A link and its site are two entries; the owner of the site types the link.
#[tokio::test(flavor = "multi_thread")]
async fn an_objection_about_a_link_is_about_what_is_told_of_it() {
    each("kz", async |world| {
        let app = &world.app;
        let link = "https://shop-invented.example/a";
        let mut new = told(app, 523, "desk:phone");
        new.story = format!("The link was {link}");
        file(&world, new).await;
        let officer = staff(app, 1, Role::DutyOfficer).await;
        let site = service::entry_id(app, identifier::Kind::Domain, "shop-invented.example");
        service::confirm(app, &officer, site, "a victim called").await.unwrap();
        let made = objecting::file(app, link, &words()).await.unwrap();
        assert_eq!(made.objection.entry, site);
        objecting::accept(app, &officer, made.objection.id, "the register of firms").await.unwrap();
        let approver = staff(app, 31, Role::Approver).await;
        service::clear(app, &approver, site, "an honest shop").await.unwrap();
        assert_eq!(asked(&world, None, link).await.advice, Advice::Nothing);
    })
    .await;
}
