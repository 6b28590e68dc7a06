//! The partners' console over the whole router: what an institution's people see and do, and what they do not.

use kernel::Role;
use order::Status;
use order::service;
use partner::notify::{Mode, NotificationState, Topic};
use testkit::World;

use crate::browser::{Browser, browser};
use crate::country::{file, iban, partner_actor, report, staff};
use crate::talk::{each, orders};

/// People of two banks and of an operator; `madina` keeps the keys of hers.
async fn seated(world: &mut World) {
    world.app.demo = true;
    let app = world.app.clone();
    access::demo_accounts(&app).await.unwrap();
    for (login, code, manages) in
        [("madina", "ZBEK", true), ("timur", "ZBEK", false), ("zhanar", "ZALT", true)]
    {
        let partner = match partner_actor(&app, code).await {
            kernel::Actor::Partner { partner, .. } => Some(partner),
            _ => None,
        };
        let seat = access::Seat { partner: partner.unwrap(), code: code.to_owned(), manages };
        access::demo_clerk(&app, login, "Үлгі Қызметкер", seat).await.unwrap();
    }
}

/// A hold that lies with ZBEK, and the report it serves.
async fn held(world: &World, n: u128) -> service::OrderView {
    let app = &world.app;
    let filed = file(world, report(app, n, &iban("ZBEK", 1), 10_000, app.office.now())).await;
    orders(world, filed.id).await.remove(0)
}

/// The value of a hidden field of a page.
fn hidden(page: &str, name: &str) -> String {
    let at = page.find(&format!("name=\"{name}\" value=\"")).unwrap();
    page[at..].split('"').nth(3).unwrap().to_owned()
}

async fn record(world: &World, id: order::OrderId) -> Vec<(String, String)> {
    let read = move |tx: &mut db::Tx<'_>| audit::records_for(tx, id.uuid());
    let all: Result<_, db::DbError> = world.app.db.read(read).await;
    all.unwrap().into_iter().map(|r| (r.record.act, r.record.actor)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_confirmed_and_answered_in_two_clicks() {
    each("kz", async |mut world| {
        seated(&mut world).await;
        let view = held(&world, 81).await;
        let at = format!("/console/orders/{}", view.order.id);
        for lang in ["kk", "ru", "en"] {
            let clerk = browser(&world, lang, Some("timur")).await;
            let (status, _, page) = clerk.send("GET", "/console", "").await;
            assert_eq!(status, 200, "{page}");
            // The list shows a mask, the request itself the account in full.
            assert!(page.contains(&view.objects[0].masked) && !page.contains(&iban("ZBEK", 1)), "{page}");
            let (status, _, page) = clerk.send("GET", &at, "").await;
            assert!(status == 200 && page.contains(&iban("ZBEK", 1)), "{page}");
        }
        let clerk = browser(&world, "ru", Some("timur")).await;
        let body = format!("id={}", view.order.id);
        // Pressed twice: one receipt.
        for _ in 0..2 {
            assert_eq!(clerk.send("POST", "/console/received", &body).await.0, 303);
        }
        let officer = staff(&world.app, 1, Role::DutyOfficer).await;
        let now = service::open(&world.app, &officer, view.order.id).await.unwrap();
        assert_eq!(now.order.status, Status::Acknowledged);

        // First click: what is so. Second click: send; all that was asked is filled in.
        let form = format!("{at}/objects/{}/answer", view.objects[0].id);
        let (_, _, page) = clerk.send("GET", &format!("{form}?code=H10"), "").await;
        let inputs: Vec<&str> = page.split("<input").filter(|i| i.contains("value=\"")).collect();
        assert!(page.contains("value=\"100\""), "{:?}", inputs.last());
        let (key, made) = (hidden(&page, "idempotency_key"), hidden(&page, "made_at"));
        let whole = format!("idempotency_key={key}&made_at={made}&code=H10&amount=100,00&at=");
        for _ in 0..2 {
            let (status, headers, page) = clerk.send("POST", &form, &whole).await;
            assert_eq!(status, 303, "{page}");
            assert_eq!(headers["location"].to_str().unwrap().split('?').next(), Some(at.as_str()));
        }
        let now = service::open(&world.app, &officer, view.order.id).await.unwrap();
        assert_eq!((now.order.status, now.objects[0].held.minor()), (Status::Answered, 10_000));
        // The record names the person; the list is empty again, but for the notice that is to be handed over.
        let acts = record(&world, view.order.id).await;
        let answered: Vec<&str> =
            acts.iter().filter(|(act, _)| act == "order.answered").map(|(_, who)| who.as_str()).collect();
        assert_eq!(answered.len(), 2, "{acts:?}");
        assert!(answered.iter().all(|who| who.starts_with("partner:ZBEK:")), "{acts:?}");
        assert!(
            acts.iter().filter(|(act, who)| act == "order.read" && who.starts_with("partner:ZBEK:")).count()
                > 3
        );
        let (_, _, page) = clerk.send("GET", &at, "").await;
        assert!(
            page.contains("code=S10") && page.contains("lang=\"kk\""),
            "the holder is to be told: {page}"
        );
        let (_, _, page) = clerk.send("GET", &format!("{form}?code=S10"), "").await;
        let (key, made) = (hidden(&page, "idempotency_key"), hidden(&page, "made_at"));
        let told = format!("idempotency_key={key}&made_at={made}&code=S10&at=");
        assert_eq!(clerk.send("POST", &form, &told).await.0, 303);
        let (_, _, page) = clerk.send("GET", "/console", "").await;
        assert!(!page.contains(&view.order.id.to_string()), "{page}");
        let (_, _, page) = clerk.send("GET", "/console/past", "").await;
        assert!(page.contains(&view.order.id.to_string()), "{page}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_is_said_beside_its_field_and_keeps_what_was_typed() {
    each("kz", async |mut world| {
        seated(&mut world).await;
        let view = held(&world, 82).await;
        let form = format!("/console/orders/{}/objects/{}/answer", view.order.id, view.objects[0].id);
        for lang in ["kk", "ru", "en"] {
            let clerk = browser(&world, lang, Some("timur")).await;
            for (body, field) in [
                ("code=", "f-code"),
                ("code=B10", "f-code"),
                ("code=H11&amount=", "f-amount"),
                ("code=H11&amount=100,01", "f-amount"),
                ("code=H11&amount=много", "f-amount"),
                ("code=H11&amount=5&at=позавчера", "f-at"),
                (&format!("code=M21&amount=5&institution=&account={}", iban("ZCAR", 5)), "f-institution"),
                ("code=M21&amount=5&institution=ZCAR&account=KZ00803A000000000005", "f-account"),
                ("code=R40&text=", "f-text"),
            ] {
                let (status, _, page) = clerk.send("POST", &form, &format!("idempotency_key=k&{body}")).await;
                assert_eq!(status, 422, "{body}: {page}");
                assert!(page.contains(&format!("href=\"#{field}\"")), "{lang} {body}: {page}");
            }
            let (_, _, page) =
                clerk.send("POST", &form, "idempotency_key=k&code=R40&text=&at=31.02.2026").await;
            assert!(page.contains("31.02.2026"), "{page}");
        }
        let now = orders(&world, view.order.report).await;
        assert_eq!(now[0].order.status, Status::Sent, "nothing was taken");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_sees_what_was_handed_to_another() {
    each("kz", async |mut world| {
        seated(&mut world).await;
        let view = held(&world, 83).await;
        let (at, object) = (format!("/console/orders/{}", view.order.id), view.objects[0].id);
        let own: [(&str, &str); 6] = [
            ("GET", &at),
            ("GET", &format!("{at}/objects/{object}/answer")),
            ("POST", &format!("{at}/objects/{object}/answer")),
            ("POST", "/console/received"),
            ("GET", "/console/table.csv"),
            ("GET", "/console"),
        ];
        let body = format!("id={}&code=H10&amount=100", view.order.id);
        let other = browser(&world, "ru", Some("zhanar")).await;
        for (method, path) in own {
            let (status, _, page) = other.send(method, path, &body).await;
            let lists = path == "/console" || path.ends_with(".csv");
            assert_eq!(status, if lists { 200 } else { 404 }, "{method} {path}: {page}");
            assert!(
                !page.contains(&view.objects[0].masked) && !page.contains(&iban("ZBEK", 1)),
                "{path}: {page}"
            );
        }
        // To staff and strangers the console does not exist; to its people the desk does not.
        for login in ["aliya", "daur", "erzhan", "aigul"] {
            let staff = browser(&world, "ru", Some(login)).await;
            for (method, path) in own {
                assert_eq!(staff.send(method, path, &body).await.0, 404, "{login} {path}");
            }
        }
        let stranger = browser(&world, "ru", None).await;
        for (method, path) in own {
            assert!([303, 401].contains(&stranger.send(method, path, &body).await.0), "{path}");
        }
        let clerk = browser(&world, "ru", Some("madina")).await;
        for path in [
            "/desk",
            "/desk/orders",
            "/desk/board",
            "/desk/approvals",
            "/desk/appeals",
            "/admin/parked",
            "/admin/database",
            "/admin/institutions",
            "/admin/institutions/ZALT",
            "/console/institution/ZALT",
            "/desk/sanctions",
            &format!("/desk/orders/{}", view.order.id),
        ] {
            let status = clerk.send("GET", path, "").await.0;
            assert!([403, 404].contains(&status), "{path}: {status}");
        }
        // Bug: behind the sign-in a clerk of the very institution read the office's page of its order, and filed a report as an
        // officer.
        for path in [
            format!("/desk/orders/{}", view.order.id),
            format!("/desk/reports/{}", view.order.report_number),
            "/desk/reports/new".to_owned(),
            "/admin/accounts".to_owned(),
            "/admin/institutions/ZBEK".to_owned(),
            "/admin/institutions/ZBEK/keys/new".to_owned(),
            "/law".to_owned(),
        ] {
            assert_eq!(clerk.send("GET", &path, "").await.0, 404, "{path}");
        }
        let new = "channel=phone&kind=nothing&story=x";
        assert_eq!(clerk.send("POST", "/desk/reports/new", new).await.0, 404);
        assert_eq!(orders(&world, view.order.report).await[0].order.status, Status::Sent);
        // Whoever is taken out is out at once, signed in or not.
        let boss = staff(&world.app, 9, Role::Administrator).await;
        partner::manage::set_active(&world.app, &boss, "ZBEK", false, "себеп").await.unwrap();
        for (method, path) in own {
            assert_eq!(clerk.send(method, path, &body).await.0, 403, "{path}");
        }
        for path in ["/console/institution/ZBEK", "/console/people", "/console/people/new", "/me/password"] {
            assert_eq!(clerk.send("GET", path, "").await.0, 403, "{path}");
        }
        assert_eq!(clerk.send("POST", "/sign-out", "").await.0, 303, "the way out is open");
    })
    .await;
}

fn multipart(content: &[u8]) -> Vec<u8> {
    let head = "--x\r\nContent-Disposition: form-data; name=\"table\"; filename=\"a.csv\"\r\nContent-Type: text/csv\r\n\r\n";
    [head.as_bytes(), content, b"\r\n--x--\r\n"].concat()
}

async fn bring(clerk: &Browser, content: &str) -> (u16, String) {
    let kind = "multipart/form-data; boundary=x";
    let (status, _, page) =
        clerk.send_as("POST", "/console/table", kind, multipart(content.as_bytes())).await;
    (status, page)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_is_taken_home_filled_in_looked_over_and_sent() {
    each("kz", async |mut world| {
        seated(&mut world).await;
        let view = held(&world, 84).await;
        let clerk = browser(&world, "ru", Some("timur")).await;
        let (_, headers, table) = clerk.send("GET", "/console/table.csv", "").await;
        assert!(headers["content-disposition"].to_str().unwrap().starts_with("attachment"));
        assert!(table.contains(&iban("ZBEK", 1)) && table.contains(&view.objects[0].id.to_string()), "{table}");
        let (id, object) = (view.order.id, view.objects[0].id);
        let moved = format!("{id};{object};M21;40;ZCAR;{}", iban("ZCAR", 5));
        let whole = format!("order_id;object_id;code;amount;institution;account\n{id};{object};H11;60;;\n{moved}\n            {id};{object_other};H10;5;;\nord_x;obj_x;H10;1;;\n", object_other = "obj_01a2208995e97c3c9238b1c37242b09e");
        let (status, page) = bring(&clerk, &whole).await;
        assert_eq!(status, 200, "{page}");
        assert_eq!(page.matches("нет такого требования").count(), 2, "{page}");
        // Nothing is sent before it was looked over.
        assert_eq!(orders(&world, view.order.report).await[0].order.status, Status::Sent);
        let content = page.split("<textarea name=\"content\" hidden>").nth(1).unwrap();
        let content = content.split("</textarea>").next().unwrap().replace("&#34;", "\"").replace("&quot;", "\"");
        let made = hidden(&page, "made_at");
        let send = |made: &str| format!("content={}&made_at={made}", web::encode(&content));
        let earlier = world.app.office.now().plus_secs(-60).rfc3339();
        for (made, expected) in [(made.as_str(), 303), (earlier.as_str(), 422), (made.as_str(), 303)] {
            let (status, _, page) = clerk.send("POST", "/console/table/send", &send(made)).await;
            assert_eq!(status, expected, "{page}");
            // Brought again without a time it says nothing again, and says so.
            assert_eq!(page.contains("Это уже сообщалось"), expected == 422, "{page}");
        }
        let now = orders(&world, view.order.report).await;
        assert_eq!((now[0].order.status, now[0].objects[0].held.minor()), (Status::Answered, 6_000));
        let facts = world.app.db.read({
            let (app, object) = (world.app.clone(), now[0].objects[0].clone());
            move |tx| service::facts_in(tx, &app, &object)
        });
        assert_eq!(facts.await.unwrap().len(), 2);
        for (content, words) in [
            ("", "Выберите таблицу"),
            ("order_id;object_id\n1;2", "Нет столбца"),
            ("order_id;object_id;code\na;b;\n", "Выберите таблицу"),
        ] {
            let (status, page) = bring(&clerk, content).await;
            assert_eq!(status, 422);
            assert!(page.contains(words) || content.is_empty(), "{page}");
        }
    })
    .await;
}

const KEY: &str = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END PUBLIC KEY-----";

#[tokio::test(flavor = "multi_thread")]
async fn managers_keep_keys_and_people_and_others_do_not() {
    each("kz", async |mut world| {
        seated(&mut world).await;
        let boss = browser(&world, "kk", Some("madina")).await;
        let clerk = browser(&world, "kk", Some("timur")).await;
        let (status, _, page) = clerk.send("GET", "/console/institution/ZBEK", "").await;
        assert!(status == 200 && !page.contains("/keys/new") && !page.contains("/endpoints/new"), "{page}");
        let at = "/console/institution/ZBEK";
        let key = format!("name=2026&public_key={}", web::encode(KEY));
        assert_eq!(clerk.send("POST", &format!("{at}/keys/new"), &key).await.0, 403);
        assert_eq!(clerk.send("GET", "/console/people", "").await.0, 404);
        assert_eq!(boss.send("GET", &format!("{at}/keys/new"), "").await.0, 200);
        let (status, _, page) =
            boss.send("POST", &format!("{at}/keys/new"), "name=a/b&public_key=AAAA").await;
        assert_eq!(status, 422, "{page}");
        assert_eq!(boss.send("POST", &format!("{at}/keys/new"), &key).await.0, 303);
        let (status, _, page) =
            boss.send("POST", &format!("{at}/keys/new"), &key.replace("2026", "2027")).await;
        assert!(status == 422 && page.contains("бұрыннан белгілі"), "one key, one name: {page}");
        // Another institution's page and keys are not there.
        for path in ["/console/institution/ZALT/keys/new", "/admin/institutions/ZALT/keys/new"] {
            assert_eq!(boss.send("POST", path, &key).await.0, 404, "{path}");
        }
        let (status, _, _) = boss.send("POST", &format!("{at}/revoke"), "key=ZALT/1&reason=x").await;
        assert_eq!(status, 404);
        let (status, _, _) = boss.send("POST", &format!("{at}/revoke"), "key=ZBEK/2026&reason=ауысты").await;
        assert_eq!(status, 303);
        assert_eq!(boss.send("POST", &format!("{at}/deactivate"), "reason=x").await.0, 404);
        assert_ne!(boss.send("POST", "/admin/institutions/ZBEK/deactivate", "reason=x").await.0, 303);

        // People: listed, added, closed; of one's own institution only, and not oneself.
        let (status, _, page) = boss.send("GET", "/console/people", "").await;
        assert_eq!(status, 200);
        assert!(page.contains("timur") && !page.contains("zhanar") && !page.contains("aliya"), "{page}");
        let (_, _, form) = boss.send("GET", "/console/people/new", "").await;
        let new = format!("account={}&name=Жаңа+Адам&login=zhanat&roles=approver", hidden(&form, "account"));
        let (status, _, page) = boss.send("POST", "/console/people/new", &new).await;
        assert!(status == 200 && page.contains("zhanat"), "{page}");
        let setup = kernel::Actor::system("setup");
        let all = access::accounts(&world.app, &setup).await.unwrap();
        let of = |login: &str| all.iter().find(|a| a.login == login).unwrap();
        assert!(of("zhanat").roles.is_empty(), "no office comes with a seat");
        assert_eq!(of("zhanat").seat.as_ref().map(|s| (s.code.as_str(), s.manages)), Some(("ZBEK", false)));
        for (login, expected) in [("zhanat", 303), ("madina", 403), ("zhanar", 404), ("aliya", 404)] {
            let path = format!("/console/people/{}/close", of(login).id);
            assert_eq!(boss.send("POST", &path, "reason=кетті").await.0, expected, "{login}");
        }
        assert_eq!(
            clerk.send("POST", &format!("/console/people/{}/close", of("madina").id), "reason=x").await.0,
            404
        );
        // The administrator sees and adds them on the institution's page, and staff stay a list of their own.
        let admin = browser(&world, "ru", Some("erzhan")).await;
        let (_, _, page) = admin.send("GET", "/admin/institutions/ZBEK", "").await;
        assert!(page.contains("timur") && page.contains("/people/new"), "{page}");
        let (_, _, page) = admin.send("GET", "/admin/accounts", "").await;
        assert!(!page.contains("timur") && page.contains("aliya"), "{page}");
    })
    .await;
}

/// A message on its way notifies the endpoints of whoever it is handed to, and of nobody else.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_an_order_is_handed_to_is_notified() {
    each("kz", async |world| {
        let app = world.app.clone();
        let boss = staff(&app, 9, Role::Administrator).await;
        let mut endpoints = Vec::new();
        for code in ["ZAFC", "ZALT"] {
            let new = partner::notify::service::NewEndpoint {
                url: format!("https://hooks.{}.example/q", code.to_lowercase()),
                topics: vec![Topic::Order, Topic::Notice],
                mode: Mode::Live,
            };
            let handed = partner::notify::service::add_endpoint(&app, &boss, code, new).await.unwrap();
            endpoints.push((code, handed.endpoint));
        }
        held(&world, 85).await;
        for (code, _) in endpoints {
            let all = partner::notify::service::list(&app, &boss, code).await.unwrap();
            let topics: Vec<(Topic, NotificationState)> =
                all[0].history.iter().map(|n| (n.topic, n.state)).collect();
            let expected =
                if code == "ZAFC" { vec![(Topic::Order, NotificationState::Pending)] } else { vec![] };
            assert_eq!(topics, expected, "{code}");
        }
    })
    .await;
}

/// Bug: the page did not say that a part was to be let go, and its answer let go of all.
#[tokio::test(flavor = "multi_thread")]
async fn a_part_that_is_to_be_let_go_is_named_and_filled_in() {
    each("kz", async |mut world| {
        seated(&mut world).await;
        let view = held(&world, 87).await;
        let app = &world.app;
        crate::talk::answer(&world, &view, "h", vec![crate::talk::line("H10", 10_000)]).await.unwrap();
        let officer = staff(app, 1, Role::DutyOfficer).await;
        let keep = kernel::Money::from_minor(7_500, app.profile.currency());
        service::correct(app, &officer, view.objects[0].id, keep, "кең").await.unwrap();
        let clerk = browser(&world, "ru", Some("timur")).await;
        let at = format!("/console/orders/{}", view.order.id);
        let (_, _, page) = clerk.send("GET", &at, "").await;
        assert!(page.contains("разблокировать 25"), "{page}");
        let form = format!("{at}/objects/{}/answer", view.objects[0].id);
        let (_, _, page) = clerk.send("GET", &format!("{form}?code=L62"), "").await;
        assert!(page.contains("value=\"25\""), "{page}");
        let (key, made) = (hidden(&page, "idempotency_key"), hidden(&page, "made_at"));
        let body = format!("idempotency_key={key}&made_at={made}&code=L62&amount=25&at=");
        assert_eq!(clerk.send("POST", &form, &body).await.0, 303);
        let now = service::open(app, &officer, view.order.id).await.unwrap();
        assert_eq!(now.objects[0].held.minor(), 7_500, "the rest stays held");
    })
    .await;
}

/// How institutions answer is open to everybody, and names no matter and no person.
#[tokio::test(flavor = "multi_thread")]
async fn how_institutions_answer_is_open_to_everybody() {
    each("direct", async |mut world| {
        seated(&mut world).await;
        let app = world.app.clone();
        let mut views = Vec::new();
        for n in 0..10 {
            views.push(held(&world, 600 + n).await);
        }
        let stranger = browser(&world, "ru", None).await;
        let (status, _, page) = stranger.send("GET", "/institutions", "").await;
        assert!(
            status == 200 && page.contains("Пока сравнивать нечего"),
            "nobody's time is over yet: {page}"
        );
        // Nine are answered after ten minutes, one never.
        world.advance_secs(600);
        for view in &views[1..] {
            crate::talk::answer(
                &world,
                view,
                &format!("s-{}", view.order.id),
                vec![crate::talk::line("H10", 10_000)],
            )
            .await
            .unwrap();
        }
        let over = views[0].order.action_due.micros_since(app.office.now()) / 1_000_000 + 1;
        world.advance_secs(over);
        for lang in ["kk", "ru", "en"] {
            let stranger = browser(&world, lang, None).await;
            let (status, _, page) = stranger.send("GET", "/institutions?sort=-late", "").await;
            assert_eq!(status, 200);
            assert!(page.contains("ZBEK") && page.contains("10\u{a0}") && page.contains("10"), "{page}");
            for view in &views {
                assert!(!page.contains(&view.order.report_number) && !page.contains(&view.objects[0].masked));
            }
        }
        let all = service::scores(&app).await.unwrap();
        assert_eq!(all.len(), 1);
        assert_eq!((all[0].code.as_str(), all[0].orders, all[0].answer), ("ZBEK", 10, Some(600_000_000)));
        assert_eq!((all[0].late, all[0].refused, all[0].silent), (1_000, 0, 1_000));
        let clerk = browser(&world, "ru", Some("timur")).await;
        let (_, _, page) = clerk.send("GET", "/console", "").await;
        assert!(page.contains("вы отвечаете за: 10"), "{page}");
    })
    .await;
}
