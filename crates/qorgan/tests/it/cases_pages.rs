//! The pages of cases over the whole router, in each language.

use testkit::World;

use crate::browser::{Browser, browser};
use crate::country::{file, iban, report};
use crate::talk::each;

async fn get(desk: &Browser, path: &str) -> String {
    let (status, _, body) = desk.send("GET", path, "").await;
    assert_eq!(status, 200, "{path}: {body}");
    assert!(!body.contains("[case-") && !body.contains("{$") && !body.contains("{ $"), "{path}: {body}");
    body
}

async fn post(desk: &Browser, path: &str, form: &str) -> String {
    let (status, headers, body) = desk.send("POST", path, form).await;
    assert_eq!(status, 303, "{path}: {body}");
    headers.get("location").unwrap().to_str().unwrap().to_owned()
}

async fn opened(world: &World, desk: &Browser) -> (String, String) {
    let app = &world.app;
    let filed = file(world, report(app, 990, &iban("ZBEK", 1), 10_000, app.office.now())).await;
    let form = format!(
        "title=Үлгі+іс&template=payment-fraud&priority=2&from=report:{}&idempotency_key=k1",
        filed.number
    );
    (post(desk, "/desk/cases/new", &form).await, filed.number)
}

/// Every act that has a form.
const FORMS: &[&str] = &[
    "describe",
    "priority",
    "link",
    "person",
    "task",
    "note",
    "event",
    "ref",
    "article",
    "decide",
    "stage",
    "hand-over",
    "member",
    "door",
    "merge",
    "split",
    "refer",
];

#[tokio::test(flavor = "multi_thread")]
async fn a_case_from_its_list_to_its_paper_in_each_language() {
    each("kz", async |mut world| {
        world.app.demo = true;
        access::demo_accounts(&world.app).await.unwrap();
        let first = browser(&world, "ru", Some("aliya")).await;
        assert!(get(&first, "/desk/cases").await.contains("Дел здесь пока нет"));
        let (page, number) = opened(&world, &first).await;
        for lang in ["kk", "ru", "en"] {
            let desk = browser(&world, lang, Some("aliya")).await;
            let list = get(&desk, "/desk/cases").await;
            assert!(list.contains(&page) && list.contains("Үлгі іс"), "{list}");
            for path in [
                "/desk/cases/new",
                "/desk/cases/bring",
                "/desk/cases?q=is:mine&sort=due",
                "/desk/cases?q=is:late",
            ] {
                get(&desk, path).await;
            }
            let show = get(&desk, &page).await;
            assert!(show.contains(&number) && show.contains("id=\"next\""), "{show}");
            get(&desk, &format!("{page}/time")).await;
            get(&desk, &format!("{page}/time?kind=report")).await;
            assert!(get(&desk, &format!("{page}/paper")).await.contains("Үлгі іс"));
            for act in FORMS {
                get(&desk, &format!("{page}/do/{act}")).await;
            }
            assert!(
                get(&desk, &format!("/desk/reports/{number}")).await.contains(&page),
                "the report leads to it"
            );
        }
        // What was typed stays, and the fault is told beside its field.
        let (status, _, body) =
            first.send("POST", &format!("{page}/do/task"), "task=Жауап+алу&due=завтра").await;
        assert!(status == 422 && body.contains("завтра") && body.contains("href=\"#f-due\""), "{body}");
        let (status, _, body) =
            first.send("POST", &format!("{page}/do/stage"), "stage=refused&reason=жай").await;
        assert!(status == 409 && body.contains("решение двух лиц"), "{body}");
        post(&first, &format!("{page}/do/task"), "task=Жауап+алу&due=02.09.2026+18:00").await;
        post(&first, &format!("{page}/do/note"), "note=Қысқа+жазба").await;
        post(&first, &format!("{page}/do/person"), "name=Ойдан+шығарылған&duty=victim").await;
        let decide = "decision=refuse&reasons=Азаматтық+дау&paper=17&day=01.09.2026";
        post(&first, &format!("{page}/do/decide"), decide).await;
        let show = get(&first, &page).await;
        assert!(show.contains("Азаматтық дау") && !show.contains("/confirm\""), "{show}");
        let head = browser(&world, "kk", Some("saule")).await;
        let show = get(&head, &page).await;
        let id = show.split("/confirm\"").nth(1).and_then(|s| s.split("value=\"").nth(1)).unwrap();
        let id = id.split('"').next().unwrap();
        post(&head, &format!("{page}/confirm"), &format!("id={id}")).await;
        let over = get(&first, &page).await;
        assert!(over.contains("завершено"), "{over}");
        assert!(get(&first, "/desk/cases?q=is:over").await.contains(&page));
        // By words, which stand in no address.
        let (status, _, found) = first.send("POST", "/desk/cases", "words=улги").await;
        assert!(status == 200 && found.contains(&page), "{found}");
        post(&first, "/desk/cases/views", "name=Мой+список&q=is:over&sort=-changed").await;
        assert!(get(&first, "/desk/cases").await.contains("Мой список"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_hidden_is_not_there() {
    each("kz", async |mut world| {
        world.app.demo = true;
        access::demo_accounts(&world.app).await.unwrap();
        let lead = browser(&world, "ru", Some("aliya")).await;
        let (page, report) = opened(&world, &lead).await;
        post(&lead, &format!("{page}/do/door"), "door=red&reason=Оперативная+информация").await;
        let nobody = browser(&world, "ru", None).await;
        assert_ne!(nobody.send("GET", &page, "").await.0, 200);
        let absent = "/desk/cases/C-2026-00000000";
        for login in ["marat", "saule", "erzhan", "aigul"] {
            let desk = browser(&world, "ru", Some(login)).await;
            for path in ["", "/time", "/paper", "/do/task", "/do/merge"] {
                let (status, _, body) = desk.send("GET", &format!("{page}{path}"), "").await;
                let (other, _, none) = desk.send("GET", &format!("{absent}{path}"), "").await;
                assert_eq!((status, other), (404, 404), "{login} {path}");
                assert_eq!(body.len(), none.len(), "the same page, {login} {path}");
            }
            assert_eq!(desk.send("POST", &format!("{page}/do/note"), "note=x").await.0, 404, "{login}");
        }
        let other = browser(&world, "ru", Some("marat")).await;
        assert!(!get(&other, "/desk/cases").await.contains(&page));
        assert!(!get(&other, &format!("/desk/reports/{report}")).await.contains(&page));
        // Only its team is asked for its number at the merge of another.
        let (own, _, _) = other.send("POST", "/desk/cases/new", "title=Басқа&priority=1").await;
        assert_eq!(own, 303);
    })
    .await;
}
