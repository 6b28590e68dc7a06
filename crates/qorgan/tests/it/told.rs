//! What pages tell of acts of the office and of its visitors, before and after: what a release undoes, by how much a
//! hold was lowered, why a report was closed, who came with a code.

use kernel::Role;
use order::service;
use qorgan::slices::subscribers;
use testkit::World;

use crate::browser::{Browser, browser};
use crate::country::{file, iban, report, staff};
use crate::objections::notice_code;
use crate::talk::{answer, each, line, orders};

const LANGS: [&str; 3] = ["kk", "ru", "en"];

/// A demonstration with a report whose 100.00 are held, and the order that holds them.
async fn held(world: &mut World, key: u128) -> order::service::OrderView {
    world.app.demo = true;
    access::demo_accounts(&world.app).await.unwrap();
    let filed = file(world, report(&world.app, key, &iban("ZBEK", 1), 10_000, world.app.office.now())).await;
    let view = orders(world, filed.id).await.remove(0);
    answer(world, &view, "h", vec![line("H10", 10_000)]).await.unwrap();
    world.deliver(&subscribers(&world.app)).await;
    orders(world, filed.id).await.remove(0)
}

/// The page as a reader sees it: without marks, blanks as blanks.
async fn read(browser: &Browser, path: &str) -> String {
    let (status, _, body) = browser.send("GET", path, "").await;
    assert_eq!(status, 200, "{path}: {body}");
    plain(&body)
}

fn plain(page: &str) -> String {
    let mut text = String::new();
    let mut tag = false;
    for c in page.chars() {
        match c {
            '<' => tag = true,
            '>' => tag = false,
            // Marks that keep sums together and names apart are no letters of the sentence.
            c if tag || ('\u{2066}'..='\u{2069}').contains(&c) => {}
            c if c.is_whitespace() => text.push(' '),
            c => text.push(c),
        }
    }
    text
}

#[tokio::test(flavor = "multi_thread")]
async fn a_release_says_what_it_undoes_and_a_lowered_hold_by_how_much() {
    each("kz", async |mut world| {
        let view = held(&mut world, 401).await;
        let officer = staff(&world.app, 1, Role::DutyOfficer).await;
        let release = format!("/desk/orders/{}/release", view.order.id);
        let undone = ["қайтарылып жатыр", "потерпевшему возвращают", "on its way back to the victim"];
        for (lang, words) in LANGS.into_iter().zip(undone) {
            let page = read(&browser(&world, lang, Some("aliya")).await, &release).await;
            assert!(!page.contains(words), "nothing is on its way yet: {page}");
        }
        let (drafted, _) = service::draft_returns(&world.app, &officer, view.objects[0].id).await.unwrap();
        assert_eq!(drafted.len(), 1);
        for (lang, words) in LANGS.into_iter().zip(undone) {
            let page = read(&browser(&world, lang, Some("aliya")).await, &release).await;
            assert!(page.contains(words) && page.contains("100"), "{lang}: {page}");
        }

        let desk = browser(&world, "ru", Some("aliya")).await;
        let correct = format!("/desk/orders/{}/objects/{}/correct", view.order.id, view.objects[0].id);
        let (status, _, body) = desk.send("POST", &correct, "keep=70&reason=часть+чужая").await;
        assert_eq!(status, 303, "{body}");
        for (lang, words) in LANGS.into_iter().zip(["азайтылды", "уменьшена на 30", "lowered by"])
        {
            let desk = browser(&world, lang, Some("aliya")).await;
            let page = read(&desk, &format!("/desk/reports/{}", view.order.report_number)).await;
            assert!(
                page.contains(words) && page.contains("30") && page.contains("часть чужая"),
                "{lang}: {page}"
            );
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_behind_which_something_goes_on_is_closed_with_a_reason_that_the_log_tells() {
    each("kz", async |mut world| {
        let view = held(&mut world, 402).await;
        let here = format!("/desk/reports/{}", view.order.report_number);
        for (lang, leave) in
            LANGS.into_iter().zip(["Арызды жаппау", "Не закрывать заявление", "Leave it open"])
        {
            let desk = browser(&world, lang, Some("aliya")).await;
            let (status, _, body) = desk.send("POST", &format!("{here}/close"), "").await;
            assert_eq!(status, 200, "asked first: {body}");
            assert!(
                plain(&body).contains(leave) && body.contains(&format!("href=\"{here}\"")),
                "{lang}: {body}"
            );
        }
        let desk = browser(&world, "en", Some("aliya")).await;
        let (status, _, body) = desk.send("POST", &format!("{here}/close"), "asked=1&reason=").await;
        assert!(status == 422 && body.contains("href=\"#f-reason\""), "{body}");
        let (status, _, body) =
            desk.send("POST", &format!("{here}/close"), "asked=1&reason=told+twice").await;
        assert_eq!(status, 303, "{body}");
        for lang in LANGS {
            let page = read(&browser(&world, lang, Some("aliya")).await, &here).await;
            assert!(page.contains("told twice"), "{lang}: {page}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_holder_who_comes_twice_or_late_is_told_so_and_the_log_names_a_visitor() {
    each("kz", async |mut world| {
        let view = held(&mut world, 403).await;
        let code = notice_code(&world, view.order.id).await;
        let page = async |lang, form: &str| {
            let holder = browser(&world, lang, None).await;
            holder.send("POST", "/object", &format!("code={code}{form}")).await
        };
        let (_, _, body) = page("en", "").await;
        assert!(body.contains("<dt>Held</dt>"), "so much is held: {body}");
        let whole = "&file=1&ground=seller&text=Mine&name=Invented&contact=77";
        let (status, _, body) = page("en", whole).await;
        assert_eq!(status, 200, "{body}");
        for (lang, words) in
            LANGS.into_iter().zip(["әлі қаралып жатыр", "ещё рассматривается", "is waiting for a decision"])
        {
            let (status, _, body) = page(lang, &whole.replace("Mine", "Another+word")).await;
            assert_eq!(status, 422, "{lang}: not thrown away without a word: {body}");
            assert!(plain(&body).contains(words) && body.contains("Another word"), "{lang}: {body}");
        }
        for (lang, who) in
            LANGS.into_iter().zip(["Портал келушісі", "Посетитель портала", "Visitor of the portal"])
        {
            let desk = browser(&world, lang, Some("aliya")).await;
            let page = read(&desk, &format!("/desk/reports/{}", view.order.report_number)).await;
            assert!(page.contains(who), "{lang}: {page}");
        }

        let officer = staff(&world.app, 1, Role::DutyOfficer).await;
        service::release(&world.app, &officer, view.order.id, order::answer::Code::L61, "freed")
            .await
            .unwrap();
        let (status, _, body) = page("en", "").await;
        assert_eq!(status, 200);
        assert!(!body.contains("<dt>Held</dt>"), "nothing is held, no sum is told: {body}");
    })
    .await;
}
