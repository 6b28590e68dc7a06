//! The pages of objections over the whole router, in each language: the holder's at the portal, the office's at the
//! desk.

use kernel::Role;

use crate::browser::browser;
use crate::country::{file, iban, report, staff};
use crate::objections::notice_code;
use crate::talk::{answer, each, line, orders};

#[tokio::test(flavor = "multi_thread")]
async fn a_holder_objects_at_the_portal_and_the_office_answers() {
    each("kz", async |mut world| {
        world.app.demo = true;
        access::demo_accounts(&world.app).await.unwrap();
        let app = world.app.clone();
        let filed = file(&world, report(&app, 70, &iban("ZBEK", 1), 10_000, app.office.now())).await;
        let view = orders(&world, filed.id).await.remove(0);
        answer(&world, &view, "h", vec![line("H10", 10_000)]).await.unwrap();
        let code = notice_code(&world, view.order.id).await;
        for lang in ["kk", "ru", "en"] {
            let holder = browser(&world, lang, None).await;
            assert_eq!(holder.send("GET", "/object", "").await.0, 200);
            let (status, _, body) = holder.send("POST", "/object", "code=1234").await;
            assert_eq!(status, 422, "{body}");
            // The code opens it as it is printed, with blanks; the page shows a mask, never the account.
            let (status, _, body) = holder.send("POST", "/object", &format!("code={code}")).await;
            assert_eq!(status, 200);
            assert!(body.contains(&view.objects[0].masked) && !body.contains(&iban("ZBEK", 1)), "{body}");
            let (status, _, body) = holder
                .send("POST", "/object", &format!("code={code}&file=1&ground=seller&text=&name=&contact="))
                .await;
            assert_eq!(status, 422);
            for field in ["text", "name", "contact"] {
                assert!(body.contains(&format!("href=\"#f-{field}\"")), "all at once, {field}: {body}");
            }
        }
        let holder = browser(&world, "kk", None).await;
        let whole = format!("code={code}&file=1&ground=seller&text=Сатушымын+<b>&name=Үлгі&contact=77");
        let (status, _, body) = holder.send("POST", "/object", &whole).await;
        assert_eq!(status, 200, "{body}");
        assert!(!body.contains("<b>"), "{body}");

        let officer = staff(&app, 1, Role::DutyOfficer).await;
        let number = appeal::service::list(&app, &officer, "").await.unwrap()[0].0.number.clone();
        for lang in ["kk", "ru", "en"] {
            let desk = browser(&world, lang, Some("daur")).await;
            let (status, _, body) = desk.send("GET", "/desk/appeals", "").await;
            assert!(status == 200 && body.contains(&number), "{body}");
            let (status, _, body) = desk.send("GET", &format!("/desk/appeals/{number}"), "").await;
            assert_eq!(status, 200);
            assert!(body.contains("Сатушымын &#60;b&#62;") || body.contains("Сатушымын &lt;b&gt;"), "{body}");
            assert!(body.contains("name=\"decision\""), "an approver decides: {body}");
            let paper = format!("/desk/appeals/new/{}", view.objects[0].id);
            assert_eq!(desk.send("GET", &paper, "").await.0, 404, "an approver writes nothing down");
            // A bad decision keeps what was typed.
            let form = "decision=lower&keep=999999&reason=себебі";
            let (status, _, body) = desk.send("POST", &format!("/desk/appeals/{number}"), form).await;
            assert!(status == 422 && body.contains("себебі"), "{status} {body}");
        }
        // An officer reads it and finds no form; to people outside the desk it does not exist.
        let desk = browser(&world, "ru", Some("aliya")).await;
        let (status, _, body) = desk.send("GET", &format!("/desk/appeals/{number}"), "").await;
        assert!(status == 200 && !body.contains("name=\"decision\""), "{body}");
        let paper = format!("/desk/appeals/new/{}", view.objects[0].id);
        assert_eq!(desk.send("GET", &paper, "").await.0, 200);
        let (status, headers, _) = desk.send("POST", &paper, "ground=own&text=x&name=y&contact=z").await;
        assert!(
            status == 303 && headers["location"].to_str().unwrap().ends_with(&number),
            "it waits already"
        );
        let stranger = browser(&world, "en", None).await;
        assert_ne!(stranger.send("GET", &format!("/desk/appeals/{number}"), "").await.0, 200);

        let approver = browser(&world, "kk", Some("daur")).await;
        let form = "decision=uphold&keep=&reason=Сатылғаны+расталды";
        let (status, _, body) = approver.send("POST", &format!("/desk/appeals/{number}"), form).await;
        assert_eq!(status, 303, "{body}");
        let (_, _, body) = holder.send("POST", "/object", &format!("code={code}")).await;
        assert!(body.contains("Сатылғаны расталды") && body.contains(&number), "{body}");
    })
    .await;
}
