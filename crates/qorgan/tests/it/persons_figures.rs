//! What is refused about persons is said in words of its own: a count that there cannot be, a list that is too large, what was undone before.

use kernel::Coded as _;
use person::model::DropperTold;
use person::service::{self, Ground};

use crate::browser::browser;
use crate::persons_rights::{filed, hand_record, iin, lent, officer, told};
use crate::talk::each;

#[tokio::test(flavor = "multi_thread")]
async fn a_count_of_victims_or_a_hop_that_there_cannot_be_is_refused_at_its_field() {
    each("kz", async |mut world| {
        world.app.demo = true;
        access::demo_accounts(&world.app).await.unwrap();
        let app = &world.app;
        let one = officer(&world).await;
        let report = filed(&world, 5301, "Сынақ Адам", "+77000006531").await;
        let record = hand_record(&world, &report, told("Үлгі", "Біреу", &iin("85041230055"))).await;
        let person = app.db.read(move |tx| person::store::record(tx, record)).await.unwrap().unwrap().person;
        let ground = Ground(report.number.clone());
        for (victims, hop, code) in [
            ("-5", "", "person.figure_victims"),
            ("1000001", "", "person.figure_victims"),
            ("many", "", "person.figure_victims"),
            ("3", "99999999999999999999", "person.figure_hop"),
            ("3", "101", "person.figure_hop"),
            ("3", "1.5", "person.figure_hop"),
        ] {
            let wrong = DropperTold { victims: victims.into(), hop: hop.into(), ..lent() };
            let refused = service::signal(app, &one, person, &ground, &wrong).await.unwrap_err();
            assert_eq!(refused.code(), code, "{victims} {hop}");
        }
        for (lang, words) in [
            ("kk", "Буынның нөмірін жазыңыз"),
            ("ru", "Напишите номер звена"),
            ("en", "Write the number of the hop"),
        ] {
            let b = browser(&world, lang, Some("aliya")).await;
            let form = format!("report={}&evidence=x&victims=3&hop=-1", report.number);
            let (status, _, body) = b.send("POST", &format!("/desk/persons/{person}/dropper"), &form).await;
            assert!(status == 422 && body.contains(words), "{lang} {status}: {body}");
            assert!(body.contains(r##"href="#f-hop""##), "the field is named: {body}");
        }
        let right = DropperTold { victims: " 1 000 000 ".into(), hop: "0".into(), ..lent() };
        service::signal(app, &one, person, &ground, &right).await.unwrap();
        let again = service::signal(app, &one, person, &ground, &right).await.unwrap_err();
        assert_eq!(again.code(), "person.open", "one matter at a time");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_is_too_large_is_told_to_be_so() {
    each("kz", async |mut world| {
        world.app.demo = true;
        access::demo_accounts(&world.app).await.unwrap();
        let b = browser(&world, "ru", Some("aliya")).await;
        let part = |name: &str, text: &str| {
            format!("--x\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{text}\r\n")
        };
        for size in [2_200_000, 5_000_000] {
            let table = format!("name\r\n{}", "Үлгі Біреу\n".repeat(size / 20));
            let body = [part("name", "l"), part("table", &table), "--x--\r\n".to_owned()].concat();
            assert!(body.len() > size);
            let kind = "multipart/form-data; boundary=x";
            let (status, _, page) = b.send_as("POST", "/desk/persons/lists", kind, body.into_bytes()).await;
            assert_eq!(status, 422);
            assert!(page.contains("Таблица слишком велика") && !page.contains("не читается"), "{page}");
        }
    })
    .await;
}
