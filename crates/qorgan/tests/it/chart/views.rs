//! Views that officers keep and share, and where they put things: what they lose with what is gone, and what they do not.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn views_are_kept_shared_thrown_away_and_taken_back() {
    each("kz", async |world| {
        let app = &world.app;
        filed(&world).await;
        let (mine, other) = (officer(&world).await, staff(app, 2, Role::DutyOfficer).await);
        let pairs = [("about", key(901).to_string()), ("show", "30".to_owned())];
        let opened = open(&world, &mine, &pairs).await;
        let kept = |name: &str, shared: bool| Kept {
            name: name.to_owned(),
            shared,
            asked: serde_json::to_string(&asked(&pairs).pairs(&opened.starts)).unwrap(),
            places: opened
                .chosen
                .graph
                .nodes()
                .iter()
                .map(|n| n.key.clone())
                .zip(opened.places.clone())
                .collect(),
            shown: 9,
            starts: opened.starts.clone(),
        };
        assert!(matches!(
            service::keep(app, &mine, kept(" \u{200b} ", false)).await,
            Err(ChartError::NoName)
        ));
        let own = service::keep(app, &mine, kept("Серик, +7 700 200 00 01", false)).await.unwrap();
        let ours = service::keep(app, &mine, kept("ours", true)).await.unwrap();
        let names = async |actor: &Actor| -> Vec<String> {
            service::views(app, actor).await.unwrap().into_iter().map(|v| v.name).collect()
        };
        assert_eq!(names(&mine).await.len(), 2);
        assert_eq!(names(&other).await, ["ours"]);
        assert!(matches!(service::saved(app, &other, own).await, Err(ChartError::NotFound)));
        assert!(service::remove(app, &other, ours).await.is_err(), "somebody else's");
        let stranger =
            access::staff(uuid::Uuid::from_u128(77), "N", &[Role::DutyOfficer], "OTHER", &app.node.unit);
        assert!(matches!(service::saved(app, &stranger, ours).await, Err(ChartError::NotFound)));
        service::remove(app, &mine, own).await.unwrap();
        assert!(matches!(service::saved(app, &mine, own).await, Err(ChartError::NotFound)));
        service::restore(app, &mine, own).await.unwrap();
        let back = service::saved(app, &mine, own).await.unwrap();
        assert_eq!((back.name.as_str(), back.places.len()), ("Серик, +7 700 200 00 01", opened.places.len()));
        // Neither a name nor a number lies in the table.
        const RAW: db::Stmt = db::Stmt::both("test.raw_views", "SELECT about, asked, places FROM chart_view");
        let raw: Vec<String> = app
            .db
            .read(|tx| {
                tx.query(&RAW, &[], |r| {
                    Ok(format!("{}{}{}", r.get::<String>(0)?, r.get::<String>(1)?, r.get::<String>(2)?))
                })
            })
            .await
            .unwrap();
        assert!(
            raw.iter().all(|text| !text.contains("Серик") && !text.contains("R-20") && !text.contains("+7")),
            "{raw:?}"
        );
        // Later one of the reports is erased: the view opens, and says that something is gone.
        let approver = staff(app, 12, Role::Approver).await;
        report::service::expunge(app, &approver, id(903)).await.unwrap();
        world.deliver(&qorgan::slices::subscribers(app)).await;
        while scheme::service::sort(app).await.unwrap() > 0 {}
        while service::sweep(app, &Sources::default()).await.unwrap() > 0 {}
        let raw: Vec<String> = app
            .db
            .read(|tx| {
                tx.query(&RAW, &[], |r| {
                    Ok(format!("{}{}{}", r.get::<String>(0)?, r.get::<String>(1)?, r.get::<String>(2)?))
                })
            })
            .await
            .unwrap();
        let erased = id(903).uuid().simple().to_string();
        assert!(raw.len() == 2 && raw.iter().all(|text| !text.contains(&erased)), "{raw:?}");
        let nameless = service::saved(app, &mine, own).await.unwrap();
        assert_eq!(nameless.name, "", "it may have named the report");
        const SEALED: db::Stmt = db::Stmt::both("test.raw_names", "SELECT name_sealed FROM chart_view");
        let sealed: Vec<Vec<u8>> = app.db.read(|tx| tx.query(&SEALED, &[], |r| r.get(0))).await.unwrap();
        assert!(sealed.iter().all(Vec::is_empty));
        let stood = Asked { places: back.places.iter().cloned().collect(), ..asked(&pairs) };
        let later = service::open(app, &mine, &Sources::default(), stood).await.unwrap();
        assert!(later.gone >= 1, "{}", later.gone);
        // Of somebody else's view no more is told than that something is gone, and by no id.
        let theirs = Asked {
            others: true,
            ..Asked { places: back.places.iter().cloned().collect(), ..asked(&pairs) }
        };
        let mut hiding = theirs.clone();
        hiding.wish.hidden.extend([key(903), key(902)]);
        let seen = service::open(app, &other, &Sources::default(), hiding).await.unwrap();
        assert_eq!((seen.gone, seen.asked.wish.hidden), (1, BTreeSet::from([key(902)])));
        // What still stands, stands where it stood.
        let place =
            |o: &service::Opened, k: &Key| o.chosen.graph.at(k).and_then(|i| o.places.get(i).copied());
        assert_eq!(place(&later, &key(901)), place(&opened, &key(901)));
        // Where the chart itself began is erased: nothing is left of the view, nor of where somebody put things.
        let spot = vec![
            (key(901), chart::model::Place { x: 1, y: 2 }),
            (key(902), chart::model::Place { x: 3, y: 4 }),
        ];
        service::place(app, &mine, &Sources::default(), &[key(901)], spot.clone()).await.unwrap();
        service::place(app, &mine, &Sources::default(), &[key(902)], spot.clone()).await.unwrap();
        let hidden = service::place(app, &mine, &Sources::default(), &[key(999)], spot).await;
        assert!(matches!(hidden, Err(ChartError::NotFound)), "{hidden:?}");
        mentions_are_right(app).await;
        report::service::expunge(app, &approver, id(901)).await.unwrap();
        world.deliver(&qorgan::slices::subscribers(app)).await;
        mentions_are_right(app).await;
        const STOOD: db::Stmt = db::Stmt::both("test.raw_places", "SELECT starts, places FROM chart_place");
        let row = |r: &db::Row| Ok(format!("{}|{}", r.get::<String>(0)?, r.get::<String>(1)?));
        let raw: Vec<String> = app.db.read(move |tx| tx.query(&STOOD, &[], row)).await.unwrap();
        assert_eq!(raw, [format!("{}|{} 3 4\n", key(902), key(902))]);
        let views = app.db.read(|tx| tx.query(&RAW, &[], |r| r.get::<String>(0))).await.unwrap();
        assert!(views.is_empty(), "{views:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_view_that_was_thrown_away_is_gone_after_some_days() {
    each("kz", async |world| {
        let app = &world.app;
        file(&world, tells(app, 941, "Звонили")).await;
        let officer = officer(&world).await;
        let keep = async |name: &str| {
            let kept = Kept {
                name: name.to_owned(),
                shared: false,
                starts: vec![key(941)],
                asked: format!("[[\"about\",\"{}\"]]", key(941)),
                places: Vec::new(),
                shown: 1,
            };
            service::keep(app, &officer, kept).await.unwrap()
        };
        let (away, stays) = (keep("away").await, keep("stays").await);
        service::remove(app, &officer, away).await.unwrap();
        assert_eq!(service::forget(app).await.unwrap(), 0, "it can be taken back");
        world.advance_secs(8 * 86_400);
        assert_eq!(service::forget(app).await.unwrap(), 1);
        mentions_are_right(app).await;
        let key = async |id: chart::ViewId| {
            let vault = app.vault.clone();
            app.db
                .read(move |tx| vault.subject(tx, id.uuid()).map_err(|e| db::DbError::Bug(e.to_string())))
                .await
                .unwrap()
        };
        assert!(key(away).await.is_none() && key(stays).await.is_some());
        assert!(app.db.read(move |tx| chart::store::find(tx, away)).await.unwrap().is_none());
    })
    .await;
}

/// A view of a few things, without a page.
fn view(name: &str, starts: &[Key], shows: &[Key]) -> Kept {
    let asked: Vec<(&str, String)> = starts.iter().map(|k| ("about", k.to_string())).collect();
    Kept {
        name: name.to_owned(),
        shared: false,
        starts: starts.to_vec(),
        asked: serde_json::to_string(&asked).unwrap(),
        places: shows.iter().map(|k| (k.clone(), chart::model::Place { x: 7, y: 8 })).collect(),
        shown: 1,
    }
}

async fn swept(app: &App) {
    for _ in 0..5 {
        service::sweep(app, &Sources::default()).await.unwrap();
    }
}

/// Places of all charts, as they lie in the table.
async fn raw_places(app: &App) -> Vec<String> {
    const STOOD: db::Stmt =
        db::Stmt::both("test.raw_all_places", "SELECT starts, places FROM chart_place ORDER BY starts");
    let row = |r: &db::Row| Ok(format!("{}|{}", r.get::<String>(0)?, r.get::<String>(1)?));
    app.db.read(move |tx| tx.query(&STOOD, &[], row)).await.unwrap()
}

/// What the table says of which row names which report is what the rows say.
async fn mentions_are_right(app: &App) {
    const SAID: db::Stmt = db::Stmt::both(
        "test.mentions",
        "SELECT kind, row_id, key FROM chart_mention ORDER BY kind, row_id, key",
    );
    const VIEWS: db::Stmt =
        db::Stmt::both("test.view_texts", "SELECT id, about, asked, places FROM chart_view");
    const PLACES: db::Stmt =
        db::Stmt::both("test.place_texts", "SELECT id, starts, places, '' FROM chart_place");
    let (said, kept) = app
        .db
        .read(|tx| {
            let row = |r: &db::Row| Ok((r.get::<String>(0)?, r.get::<uuid::Uuid>(1)?, r.get::<String>(2)?));
            let said: Vec<_> = tx.query(&SAID, &[], row)?;
            let mut kept = BTreeSet::new();
            for (kind, statement) in [("view", &VIEWS), ("place", &PLACES)] {
                let text = |r: &db::Row| {
                    let text = [r.get::<String>(1)?, r.get::<String>(2)?, r.get::<String>(3)?].join(" ");
                    Ok((r.get::<uuid::Uuid>(0)?, text))
                };
                for (row, text) in tx.query(statement, &[], text)? {
                    let found = text.split("report:").skip(1).filter_map(|rest| rest.get(..32));
                    kept.extend(found.map(|id| (kind.to_owned(), row, format!("report:{id}"))));
                }
            }
            Ok::<_, db::DbError>((said, kept))
        })
        .await
        .unwrap();
    assert_eq!(said.into_iter().collect::<BTreeSet<_>>(), kept);
}

#[test]
fn what_was_kept_before_is_looked_up_too() {
    static BEFORE: db::Slice = db::Slice {
        name: "chart",
        migrations: &[db::Migration {
            no: 1,
            name: "chart",
            sqlite: include_str!("../../../../chart/migrations/0001_chart.sqlite.sql"),
            postgres: include_str!("../../../../chart/migrations/0001_chart.postgres.sql"),
        }],
        statements: &[],
    };
    const VIEW: db::Stmt = db::Stmt::both(
        "test.old_view",
        "INSERT INTO chart_view (id, origin_node, organisation_id, unit_id, region, marking, lang, created_at, source_time, source_zone, \
         author, profile_version, retention_class, row_hash, shared, shown, about, asked, places, name_sealed) \
         VALUES (?1, '', '', '', '', '', '', 0, 0, '', '', '', '', ?2, ?3, 1, ?4, ?5, ?6, ?2)",
    );
    const PLACE: db::Stmt = db::Stmt::both(
        "test.old_place",
        "INSERT INTO chart_place (id, author, starts, places, changed_at) VALUES (?1, '', ?2, ?3, 0)",
    );
    const ALL: db::Stmt = db::Stmt::both("test.mentioned", "SELECT kind, row_id, key FROM chart_mention");
    testkit::on_each_engine(&[&BEFORE], |db| {
        let row = uuid::Uuid::from_u128;
        let on = |k: &Key| Key::named("group", &format!("on~x~{k}"));
        let asked =
            format!("[[\"about\",\"{}\"],[\"open\",\"{}\"],[\"no\",\"report\"]]", key(1), on(&key(2)));
        let places =
            format!("{} 1 2\n{} 3 4\nreport:0a 5 6\n{} 7 8\n", key(1), key(3), Key::of("thing", row(7)));
        let (about, start) = (key(1).to_string(), format!("{} {}", Key::of("thing", row(8)), key(4)));
        db.write_blocking(move |tx| {
            let none: &[u8] = &[];
            tx.execute(
                &VIEW,
                db::params![row(91), none, false, about.as_str(), asked.as_str(), places.as_str()],
            )?;
            tx.execute(&VIEW, db::params![row(92), none, true, "thing:1", "[]", ""])?;
            tx.execute(&PLACE, db::params![row(93), start.as_str(), "thing:1 1 2\n"])?;
            tx.execute(&PLACE, db::params![row(94), "thing:2", "thing:1 1 2\n"]).map(drop)
        })
        .unwrap();
        db.migrate(&[&chart::SLICE]).unwrap();
        let all = |r: &db::Row| Ok((r.get::<String>(0)?, r.get::<uuid::Uuid>(1)?, r.get::<String>(2)?));
        let all: BTreeSet<_> =
            db.read_blocking(move |tx| tx.query(&ALL, &[], all)).unwrap().into_iter().collect();
        let of = |kind: &str, n: u128, k: Key| (kind.to_owned(), row(n), k.to_string());
        let expected =
            [of("view", 91, key(1)), of("view", 91, key(2)), of("view", 91, key(3)), of("place", 93, key(4))];
        assert_eq!(all, BTreeSet::from(expected));
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn of_each_reader_the_latest_places_are_kept_and_none_for_ever() {
    each("kz", async |world| {
        let app = &world.app;
        file(&world, tells(app, 981, "Звонили")).await;
        let officer = officer(&world).await;
        for n in 0..202_u128 {
            world.advance_secs(1);
            let spot = vec![(key(n), chart::model::Place { x: 1, y: 2 })];
            let (who, starts) = (officer.label(), [key(981)]);
            let now = app.office.now();
            let row = uuid::Uuid::from_u128(n);
            app.db
                .write(move |tx| chart::store::put_places(tx, (row, &who, &starts), &spot, (now, 200)))
                .await
                .unwrap();
        }
        assert_eq!(raw_places(app).await.len(), 200);
        mentions_are_right(app).await;
        world.advance_secs(181 * 86_400);
        service::forget(app).await.unwrap();
        assert!(raw_places(app).await.is_empty());
        mentions_are_right(app).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_was_joined_stays_in_kept_views_under_todays_number() {
    each("kz", async |world| {
        let app = &world.app;
        let officer = officer(&world).await;
        let filed = crate::persons_rights::filed(&world, 961, "Ашық Адам Үлгіұлы", "+77000006951").await;
        let kept_person = crate::persons_rights::of(&world, &filed).await;
        let same = person::model::Told {
            phone: "+77000006951".into(),
            middle: "Үлгіұлы".into(),
            ..crate::persons_rights::told("Ашық", "Адам", &crate::persons_rights::iin("85041230095"))
        };
        let role = person::model::Role::Suspect;
        let second = crate::persons_rights::filed(&world, 962, "Бөтен Біреу", "+77000006952").await;
        world.advance_secs(60);
        let by_hand = person::service::by_hand(app, &officer, &second.number, role, same).await.unwrap();
        assert_eq!(by_hand, kept_person, "the machine joins them");
        let mine = crate::persons_rights::opened(&world, &officer, kept_person, &filed).await;
        let pair = mine.joints[0].pair.id;
        // Two while they are apart; each begins a view, and stands in one.
        let apart = person::service::part_again(app, &officer, pair, "a namesake").await.unwrap();
        let record = mine.records.iter().map(|r| r.record.id).collect::<Vec<_>>();
        let mut both = BTreeSet::new();
        for one in record {
            let found = app.db.read(move |tx| person::store::record(tx, one)).await.unwrap().unwrap();
            both.insert(Key::of("person", found.person.uuid()));
        }
        assert_eq!(both.len(), 2);
        let mut views = Vec::new();
        for one in &both {
            let other: Vec<Key> = both.iter().filter(|k| *k != one).cloned().collect();
            let shows = [one.clone(), other[0].clone(), key(961)];
            views.push(
                service::keep(app, &officer, view("mine", std::slice::from_ref(one), &shows)).await.unwrap(),
            );
            let opens = Kept {
                asked: format!("[[\"about\",\"{}\"],[\"open\",\"{one}\"]]", key(961)),
                ..view("opened", &[key(961)], &shows)
            };
            views.push(service::keep(app, &officer, opens).await.unwrap());
            let spot = vec![(other[0].clone(), chart::model::Place { x: 1, y: 2 })];
            service::place(app, &officer, &Sources::default(), std::slice::from_ref(one), spot)
                .await
                .unwrap();
        }
        let before = (
            app.db.read(|tx| chart::store::behind(tx, uuid::Uuid::nil(), 50)).await.unwrap(),
            raw_places(app).await,
        );
        person::service::undo(app, &officer, apart.id).await.unwrap();
        let today = Key::of("person", kept_person.uuid());
        swept(app).await;
        let after = (
            app.db.read(|tx| chart::store::behind(tx, uuid::Uuid::nil(), 50)).await.unwrap(),
            raw_places(app).await,
        );
        assert_eq!(before, after, "nothing of it is gone");
        for id in &views {
            let kept = Asked::of_view(&service::saved(app, &officer, *id).await.unwrap(), &officer);
            let opened = service::open(app, &officer, &Sources::default(), kept).await.unwrap();
            assert!(opened.starts == [today.clone()] || opened.starts == [key(961)], "{:?}", opened.starts);
            assert_eq!((opened.gone, opened.opened.contains(&today)), (0, true));
            let at = opened.chosen.graph.at(&today).unwrap();
            assert_eq!(opened.places[at], chart::model::Place { x: 7, y: 8 }, "where it stood");
        }
        // An end of a path, and why, by the number that was.
        let old = both.iter().find(|k| **k != today).unwrap().to_string();
        let way = [("about", old.clone()), ("between", old.clone()), ("between", key(961).to_string())];
        let way = open(&world, &officer, &way).await.way.unwrap();
        assert_eq!(way.ends, (today.clone(), key(961)));
        assert_eq!(way.nodes.len(), 2);
        let ends = (Key::parse(&old).unwrap(), key(961));
        let why =
            service::why(app, &officer, &Sources::default(), asked(&[("about", old)]), ends).await.unwrap();
        assert_eq!(why.from.key, today);
        // Parted once more, everybody has their own again.
        person::service::part_again(app, &officer, pair, "a namesake").await.unwrap();
        for (id, one) in views.iter().step_by(2).zip(&both) {
            let kept = Asked::of_view(&service::saved(app, &officer, *id).await.unwrap(), &officer);
            let opened = service::open(app, &officer, &Sources::default(), kept).await.unwrap();
            assert_eq!(opened.starts, std::slice::from_ref(one));
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scheme_that_became_part_of_another_is_opened_as_that() {
    each("kz", async |world| {
        let app = &world.app;
        filed(&world).await;
        let officer = officer(&world).await;
        let home = async |n: u128| {
            let m = app.db.read(move |tx| scheme::store::member::find(tx, id(n))).await.unwrap();
            Key::of("scheme", m.unwrap().scheme.unwrap().uuid())
        };
        for (n, p) in [(906, 3), (907, 3)] {
            file(&world, tells(app, n, &format!("Звонили с {}", phone(p)))).await;
        }
        let (larger, smaller) = (home(901).await, home(906).await);
        let kept =
            service::keep(app, &officer, view("mine", std::slice::from_ref(&smaller), &[])).await.unwrap();
        let name = async |n: u128| {
            scheme::service::why(app, &officer, id(n)).await.unwrap().unwrap().tag.unwrap().number
        };
        let no = scheme::service::no(&name(901).await).unwrap();
        scheme::service::join_in(app, &officer, no, &name(906).await, "one gang").await.unwrap();
        swept(app).await;
        let kept = Asked::of_view(&service::saved(app, &officer, kept).await.unwrap(), &officer);
        let opened = service::open(app, &officer, &Sources::default(), kept).await.unwrap();
        assert_eq!(opened.starts, [larger]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_goes_with_whoever_it_may_name() {
    each("kz", async |world| {
        let app = &world.app;
        filed(&world).await;
        let officer = officer(&world).await;
        let records = app.db.read(|tx| person::store::of_report(tx, id(905))).await.unwrap();
        let reporter = Key::of("person", records[0].person.uuid());
        // The view does not mention the report by which alone its person is known.
        let kept = view("Бесінші, S-118", &[key(901)], &[key(901), reporter.clone()]);
        let kept = service::keep(app, &officer, kept).await.unwrap();
        let other = service::keep(app, &officer, view("stays", &[key(902)], &[key(902)])).await.unwrap();
        let approver = staff(app, 12, Role::Approver).await;
        report::service::expunge(app, &approver, id(905)).await.unwrap();
        world.deliver(&qorgan::slices::subscribers(app)).await;
        swept(app).await;
        let left = service::saved(app, &officer, kept).await.unwrap();
        assert!(!left.places.iter().any(|(k, _)| *k == reporter), "{:?}", left.places);
        assert_eq!(left.name, "");
        assert_eq!(service::saved(app, &officer, other).await.unwrap().name, "stays");
        let (_, sealed) = app.db.read(move |tx| chart::store::find(tx, kept)).await.unwrap().unwrap();
        let vault = app.vault.clone();
        let key = app
            .db
            .read(move |tx| vault.subject(tx, kept.uuid()).map_err(|e| db::DbError::Bug(e.to_string())))
            .await
            .unwrap();
        assert!(sealed.is_empty() && key.is_none());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn places_are_swept_whatever_views_there_are() {
    each("kz", async |world| {
        let app = &world.app;
        file(&world, tells(app, 971, "Звонили")).await;
        let officer = officer(&world).await;
        for round in 0..2_u128 {
            let many = (0..1_100_u128).map(|n| Key::of("account", uuid::Uuid::from_u128(round * 10_000 + n)));
            let many: Vec<Key> = many.collect();
            service::keep(app, &officer, view("many", &[key(971)], &many)).await.unwrap();
        }
        let nobody = Key::of("thing", uuid::Uuid::from_u128(0xdead));
        let spot = |k: &Key| (k.clone(), chart::model::Place { x: 1, y: 2 });
        service::place(app, &officer, &Sources::default(), &[key(971)], vec![spot(&key(971)), spot(&nobody)])
            .await
            .unwrap();
        swept(app).await;
        assert_eq!(raw_places(app).await, [format!("{}|{} 1 2\n", key(971), key(971))]);
    })
    .await;
}
