//! What somebody said of columns is known again for the next file like that one; rows are found by words; rows without a date are told, and
//! numbers that may be dates are offered.

use import::service::{Memory, Query, Wish};
use kernel::{Actor, Role};
use statement::table::heading::Field;

use crate::browser::browser;
use crate::country::{file, iban, report, staff};
use crate::imports::Place;
use crate::talk::each;

/// A table with headings of its own.
fn odd(day: &str, sum: &str) -> Vec<u8> {
    format!("Қашан;Кетті ақша;Кімге кетті;Не үшін\n{day};{sum};Үлгі Адам;қайтарым\n{day};5,00;Басқа Біреу;сыйлық\n").into_bytes()
}

async fn bring(p: &Place, exhibit: &evidence::Exhibit, (mapping, shape): (&str, &str)) -> import::Import {
    let app = &p.world.app;
    let wish = Wish {
        exhibit: exhibit.number.clone(),
        mapping: mapping.to_owned(),
        corrected: true,
        shape: shape.to_owned(),
        ..Wish::default()
    };
    let begun = import::service::begin(app, &p.officer, wish).await.unwrap();
    import::service::carry_out(app, &p.office, &p.officer, begun.id).await.unwrap()
}

async fn tried(
    p: &Place,
    who: &Actor,
    exhibit: &evidence::Exhibit,
    with: (&str, Memory),
) -> import::model::Tried {
    let of = (exhibit.number.as_str(), with.0, with.1);
    import::service::try_out(&p.world.app, &p.office, who, of).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_said_of_columns_is_known_for_the_same_headings_and_for_no_others() {
    each("kz", async |world| {
        let p = Place::new(world, "columns").await;
        let app = &p.world.app;
        let other = staff(app, 14, Role::DutyOfficer).await;
        let first = p.take("a.csv", &odd("28.11.2026", "100,00"), None).await;
        let found = tried(&p, &p.officer, &first, ("", Memory::Ask)).await;
        assert!(found.before.is_none() && found.told.failure.is_some(), "{:?}", found.told);
        let mut plan = found.plan().unwrap().clone();
        for (column, field) in
            plan.columns.iter_mut().zip([Field::BookedAt, Field::Debit, Field::CounterName, Field::Purpose])
        {
            column.field = Some(field);
        }
        let import = bring(&p, &first, (&plan.to_toml(), "")).await;
        assert_eq!((import.state, import.rows), (import::model::State::Read, 2));

        // The next file with the same headings, whoever tries it: it is read as it was said, and says by whom and when.
        let next = p.take("b.csv", &odd("29.11.2026", "7,00"), None).await;
        let as_before = tried(&p, &other, &next, ("", Memory::Ask)).await;
        let before = as_before.before.clone().unwrap();
        assert!(before.applied && before.at == app.office.now() && !before.by.is_empty(), "{before:?}");
        assert_eq!((as_before.rows, as_before.told.failure), (2, None));
        let left = tried(&p, &other, &next, ("", Memory::Leave)).await;
        assert!(left.before.is_none() && left.told.failure.is_some());
        // One heading differs: nothing is known of it.
        let differs = String::from_utf8(odd("29.11.2026", "7,00")).unwrap().replace("Не үшін", "Басқа");
        let differs = p.take("c.csv", differs.as_bytes(), None).await;
        let differs = tried(&p, &other, &differs, ("", Memory::Ask)).await;
        assert!(differs.before.is_none() && differs.told.failure.is_some(), "{:?}", differs.before);
        // What was taken by nobody's correction is not kept.
        let plain = p.take("d.csv", &odd("30.11.2026", "9,00"), None).await;
        let wish = Wish { exhibit: plain.number.clone(), mapping: plan.to_toml(), ..Wish::default() };
        let begun = import::service::begin(app, &other, wish).await.unwrap();
        import::service::carry_out(app, &p.office, &other, begun.id).await.unwrap();
        let again = tried(&p, &other, &next, ("", Memory::Ask)).await;
        assert_eq!(again.before.unwrap().id, before.id);
        // Somebody else corrects it anew: theirs stands.
        p.world.advance_secs(3_600);
        plan.columns[3].field = None;
        let wish = Wish {
            exhibit: plain.number.clone(),
            mapping: plan.to_toml(),
            corrected: true,
            ..Wish::default()
        };
        let begun = import::service::begin(app, &other, wish).await.unwrap();
        import::service::carry_out(app, &p.office, &other, begun.id).await.unwrap();
        let anew = tried(&p, &p.officer, &next, ("", Memory::Ask)).await;
        let newer = anew.before.clone().unwrap();
        assert!(newer.id != before.id && newer.at > before.at, "{newer:?}");
        assert_eq!(anew.plan().unwrap().columns[3].field, None);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_whose_headings_say_nothing_is_offered_what_was_said_and_keeps_its_first_row() {
    each("kz", async |mut world| {
        world.app.demo = true;
        access::demo_accounts(&world.app).await.unwrap();
        let p = Place::new(world, "shape").await;
        let bare = |day: &str| format!("{day};100,00;Үлгі Адам;қайтарым бірінші\n{day};;Басқа Біреу;сыйлық\n{day};7,00;Үлгі Адам;тағы\n");
        let (one, two) =
            (p.take("a.csv", bare("28.11.2026").as_bytes(), None).await, p.take("b.csv", bare("29.11.2026").as_bytes(), None).await);
        let field = |page: &str, name: &str| {
            let value = page.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap().split('"').next().unwrap();
            web::encode(&value.replace("&quot;", "\"").replace("&#34;", "\"").replace("&#38;", "&").replace("&amp;", "&"))
        };
        let (mut known, mut offered) = (0, 0);
        for (lang, button) in [("kk", "Сол кездегідей оқу"), ("ru", "Прочитать как тогда"), ("en", "Read as then")] {
            let desk = browser(&p.world, lang, Some("aliya")).await;
            let exhibit = if known == 0 { &one } else { &two };
            let rows = format!("/desk/evidence/{}/rows", exhibit.number);
            let (_, _, page) = p.ask(&desk, ("POST", &format!("{rows}/try")), "key=k1&reports=").await;
            assert!(page.contains("role=\"alert\"") && page.contains("name=\"column-0\""), "{page}");
            if known == 0 {
                assert!(!page.contains("name=\"memory\""), "{page}");
                let form = format!(
                    "key=k1&reports=&base={}&shape={}&heading-0={}&sort=statement&order=&account=&currency=&column-0=booked_at&column-1=debit&column-2=counter_name&column-3=purpose",
                    field(&page, "base"), field(&page, "shape"), field(&page, "heading-0"),
                );
                let (_, _, page) = p.ask(&desk, ("POST", &format!("{rows}/try")), &form).await;
                assert!(page.contains("formaction") && page.contains("name=\"corrected\""), "{page}");
                assert!(page.contains("қайтарым бірінші"), "the first row is a row: {page}");
                let form = format!("key=k1&reports=&base={}&shape={}&corrected=1", field(&page, "base"), field(&page, "shape"));
                let (status, to, page) = p.ask(&desk, ("POST", &rows), &form).await;
                assert_eq!(status, 303, "{page}");
                for _ in 0..100 {
                    if !p.ask(&desk, ("GET", &to), "").await.2.contains("data-live") {
                        break;
                    }
                    p.world.app.timer.sleep(std::time::Duration::from_millis(100)).await;
                }
                known += 1;
                continue;
            }
            // Offered, not applied; taken by a press.
            assert!(page.contains(button) && !page.contains("formaction"), "{page}");
            let form = format!(
                "key=k2&reports=&base={}&shape={}&memory={}",
                field(&page, "base"), field(&page, "shape"), page.split("name=\"memory\" value=\"").nth(1).unwrap().split('"').next().unwrap(),
            );
            let (_, _, page) = p.ask(&desk, ("POST", &format!("{rows}/try")), &form).await;
            assert!(page.contains("formaction") && page.contains("қайтарым бірінші"), "{page}");
            offered += 1;
        }
        assert_eq!((known, offered), (1, 2));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_are_found_by_names_and_purposes_and_those_without_a_date_are_told() {
    each("kz", async |mut world| {
        world.app.demo = true;
        access::demo_accounts(&world.app).await.unwrap();
        let p = Place::new(world, "words").await;
        let app = &p.world.app;
        let filed = file(&p.world, report(app, 621, &iban("ZBEK", 1), 10_000, app.office.now())).await;
        let mut text = format!("Выписка по счёту {} (вымышленная)\n", iban("ZBEK", 1));
        text.push_str(
            "Дата операции;Дебет;Кредит;Счёт корреспондента;Наименование корреспондента;Назначение платежа\n",
        );
        for n in 1..=250 {
            let (day, who, why) = match n {
                7 | 8 => ("жоқ", "Кәрім Үлгі", "қайтарым"),
                9 => ("28.11.2026", "Карима Үлгі", "подарок"),
                _ => ("28.11.2026", "Басқа Адам", "төлем"),
            };
            text.push_str(&format!("{day};{n},00;;{};{who};{why} {n}\n", iban("ZCAR", 7)));
        }
        let exhibit = p.take("a.csv", text.as_bytes(), None).await;
        let import = p.bring(&exhibit, &[&filed.number]).await;
        assert_eq!(import.rows, 250);
        let open =
            async |query: Query| import::service::open(app, &p.officer, import.id, query).await.unwrap();
        let found = async |with: &str| {
            let page = open(Query { with: with.into(), ..Query::default() }).await;
            page.rows
                .iter()
                .map(|r| if let statement::Row::Movement(m) = r { m.line } else { 0 })
                .collect::<Vec<_>>()
        };
        // In whatever writing and ending; all words must be there; an account is still an account.
        assert_eq!(found("карим").await, [9, 10]);
        assert_eq!(found("КӘРІМ қайтарым").await, [9, 10]);
        assert_eq!(found("карима подарки").await, Vec::<u64>::new(), "endings within six letters differ");
        assert_eq!(found("карима подарок").await, [11]);
        assert_eq!(found("үлгі").await, [9, 10, 11]);
        assert_eq!(found("ешкім").await, Vec::<u64>::new());
        assert_eq!(found(&iban("ZCAR", 7)).await.len(), 100);
        // Page by page, as often as it takes.
        let (mut after, mut seen) = (0, 0);
        loop {
            let page = open(Query { with: "басқа төлем".into(), after, ..Query::default() }).await;
            seen += page.rows.len();
            let Some(more) = page.more else { break };
            after = more;
        }
        assert_eq!(seen, 247);
        // No word stands anywhere in clear.
        let id = import.id;
        let words = app.db.read(move |tx| {
            let key = import::rules::words::of("кәрім").into_iter().next().unwrap();
            import::store::word::parts(tx, id, key.as_bytes(), (-1, 0, 10))
        });
        assert!(words.await.unwrap().is_empty());
        let page = open(Query { undated: true, ..Query::default() }).await;
        assert_eq!((page.rows.len(), page.undated, page.undated_first), (2, 2, vec![(7, 9), (8, 10)]));
        for (lang, words) in [
            ("kk", "Күні оқылмаған"),
            ("ru", "2 строки без читаемой даты"),
            ("en", "without a readable date: 2"),
        ] {
            let desk = browser(&p.world, lang, Some("aliya")).await;
            let here = format!("/desk/evidence/imports/{}", import.id);
            let (_, _, page) = p.ask(&desk, ("GET", &here), "").await;
            assert!(page.contains(words) && page.contains("?dated=no"), "{page}");
            let (_, _, page) = p.ask(&desk, ("GET", &format!("{here}?dated=no")), "").await;
            assert_eq!(page.matches("<tr data-row>").count(), 2, "{page}");
            let (_, _, page) = p.ask(&desk, ("GET", &format!("/desk/reports/{}", filed.number)), "").await;
            assert!(
                page.contains(words) && page.contains(&format!("{here}?dated=no")),
                "the path tells it: {page}"
            );
        }
        // What is taken away takes its words along.
        let dropped = app.db.write(move |tx| import::store::drop_rows(tx, id)).await;
        dropped.unwrap();
        assert_eq!(found("үлгі").await, Vec::<u64>::new());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn numbers_that_may_be_dates_are_offered_with_what_they_would_be() {
    each("kz", async |mut world| {
        world.app.demo = true;
        access::demo_accounts(&world.app).await.unwrap();
        let p = Place::new(world, "serial").await;
        let text = "Дата операции;Сумма;Назначение\n46354;-100,00;а\n46354.4270833333;-200,00;б\n46356;300,00;в\n";
        let exhibit = p.take("a.csv", text.as_bytes(), None).await;
        let rows = format!("/desk/evidence/{}/rows", exhibit.number);
        for (lang, day) in [("kk", "2026 ж. 28 қараша"), ("ru", "28 ноября 2026"), ("en", "28 November 2026")] {
            let desk = browser(&p.world, lang, Some("aliya")).await;
            let (_, _, page) = p.ask(&desk, ("POST", &format!("{rows}/try")), "key=k1&reports=").await;
            let page = page.replace('\u{a0}', " ");
            assert!(page.contains("name=\"serial\"") && page.contains("46354 ="), "{page}");
            assert!(page.contains(day) && !page.contains("f-serial-hint\" checked"), "offered and not taken: {page}");
            let base = page.split("name=\"base\" value=\"").nth(1).unwrap().split('"').next().unwrap();
            let base = base.replace("&quot;", "\"").replace("&#34;", "\"").replace("&#38;", "&").replace("&amp;", "&");
            let form = format!("key=k1&reports=&base={}&sort=statement&order=&account=&currency=&serial=1&column-0=booked_at&column-1=amount&column-2=purpose", web::encode(&base));
            let (_, _, page) = p.ask(&desk, ("POST", &format!("{rows}/try")), &form).await;
            assert!(page.contains("id=\"f-serial\" name=\"serial\" value=\"1\" aria-describedby=\"f-serial-hint\" checked"), "{page}");
            assert!(page.contains("name=\"corrected\""), "{page}");
        }
    })
    .await;
}
