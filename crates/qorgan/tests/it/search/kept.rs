//! The index is kept like what is, whatever goes wrong meanwhile, and forgets.

use std::collections::BTreeMap;

use db::outbox::Event;
use kernel::{Actor, Role};
use qorgan::slices::subscribers;
use search::model::How;
use search::service::{follow, go_through, search, sweep};
use search::{Answer, Shelf, Wanted};

use super::{everything, found, id, kinds, tells, wanted};
use crate::country::{file, iban, staff};
use crate::gone::{node_in, place_in_log};
use crate::nodes::{files, fresh_folder};
use crate::talk::each;

#[tokio::test(flavor = "multi_thread")]
async fn news_are_followed_and_everything_is_gone_through() {
    each("kz", async |world| {
        let app = &world.app;
        let shelf = everything(&world).await;
        let officer = staff(app, 1, Role::DutyOfficer).await;
        file(&world, tells(app, 921, "бірінші сөз")).await;
        assert_eq!(found(app, &shelf, &officer, "бірінші").await.total, 0);
        assert!(follow(app, &shelf).await.unwrap() > 0);
        assert_eq!(kinds(app, &shelf, &officer, "бірінші").await, BTreeMap::from([("report", 1)]));
        // Told anew: found by the new words alone.
        let citizen = Actor::Citizen { report: id(921).uuid() };
        report::service::tell_story(app, &citizen, id(921), "екінші әңгіме").await.unwrap();
        world.deliver(&subscribers(app)).await;
        follow(app, &shelf).await.unwrap();
        assert_eq!(found(app, &shelf, &officer, "бірінші").await.how, How::Typed);
        assert_eq!(found(app, &shelf, &officer, "бірінші").await.total, 0);
        assert_eq!(found(app, &shelf, &officer, "әңгіме").await.total, 1);
        // The registry and persons tell nobody; they are found by going through everything.
        let number = iban("ZBEK", 921);
        go_through(app, &shelf, |_, _| ()).await.unwrap();
        assert!(kinds(app, &shelf, &officer, &number).await.contains_key("thing"));
        assert!(kinds(app, &shelf, &officer, "Жәнібек").await.contains_key("person"));
        assert_eq!(go_through(app, &shelf, |_, _| ()).await.unwrap().written, 0, "nothing has changed");
        // Withdrawn: another state, still found.
        report::service::withdraw(app, &citizen, id(921)).await.unwrap();
        world.deliver(&subscribers(app)).await;
        follow(app, &shelf).await.unwrap();
        let narrowed = Wanted { state: Some("report.withdrawn".to_owned()), ..wanted("әңгіме") };
        assert_eq!(search(app, &shelf, &officer, &narrowed).await.unwrap().total, 1);
        go_through(app, &shelf, |_, _| ()).await.unwrap();
        // Made anew, the same is found.
        let anew = everything(&world).await;
        for typed in ["әңгіме", number.as_str(), "Жәнібек", "ZALT", "ZBEK"] {
            let (a, b) =
                (found(app, &shelf, &officer, typed).await, found(app, &anew, &officer, typed).await);
            let ids =
                |a: &Answer| a.rows.iter().map(|r| (r.kind, r.id)).collect::<std::collections::BTreeSet<_>>();
            assert_eq!((a.total, ids(&a), a.facets.clone()), (b.total, ids(&b), b.facets.clone()), "{typed}");
        }
    })
    .await;
}

/// Rows S16 and S17 for the index.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_personal_is_in_the_files_and_what_is_erased_is_in_none() {
    let folder = fresh_folder();
    let world = node_in(&folder).await;
    let app = &world.app;
    let mut new = tells(app, 931, "Оқиға: өзгеше-сөз туралы, +7 771 314 15 92 хабарласты, @qupiya_adam_931");
    new.reporter.iin = "910101397223".to_owned();
    file(&world, new).await;
    file(&world, tells(app, 932, "Басқа оқиға, тағы бірсөз")).await;
    let shelf = qorgan::searching::shelf(app, Some(&folder)).unwrap();
    go_through(app, &shelf, |_, _| ()).await.unwrap();
    let officer = staff(app, 1, Role::DutyOfficer).await;
    assert!(found(app, &shelf, &officer, "өзгеше").await.total > 0);
    assert!(found(app, &shelf, &officer, "910101397223").await.total > 0);
    place_in_log(&world, &folder).await;
    let index = qorgan::searching::folder(&folder);
    assert!(!files(&index).is_empty());
    let personal: Vec<String> = [
        "өзгеше",
        "ozgeSe",
        "Жәнібек",
        "janibek",
        "77713141592",
        "3141592",
        "910101397223",
        "qupiya_adam_931",
    ]
    .iter()
    .map(|s| (*s).to_owned())
    .chain([iban("ZBEK", 931), iban("ZALT", 4_000_001)])
    .collect();
    for file in files(&index) {
        let bytes = std::fs::read(&file).unwrap();
        for text in &personal {
            let there = bytes.windows(text.len()).any(|w| w == text.as_bytes());
            assert!(!there, "{text} in {}", file.display());
        }
    }
    let token = |word: &str| {
        let sound = search::rules::words::words(word).remove(0).sound;
        shelf.key.token(search::token::Form::Word(&sound))
    };
    assert!(shelf.index.remembers(token("өзгеше")).unwrap());
    assert!(shelf.index.remembers(token("бірсөз")).unwrap());

    report::service::expunge(app, &Actor::system("retention"), id(931)).await.unwrap();
    world.deliver(&subscribers(app)).await;
    follow(app, &shelf).await.unwrap();
    go_through(app, &shelf, |_, _| ()).await.unwrap();
    assert_eq!(found(app, &shelf, &officer, "өзгеше").await.total, 0);
    assert!(shelf.index.remembers(token("өзгеше")).unwrap(), "not before the files are swept");
    assert!(sweep(&shelf).await.unwrap() && !sweep(&shelf).await.unwrap());
    assert!(!shelf.index.remembers(token("өзгеше")).unwrap(), "no file has its hash any more");
    assert!(!shelf.index.remembers(token("931")).unwrap());
    assert!(shelf.index.remembers(token("бірсөз")).unwrap(), "others stay");
    drop(shelf);
    // Another start of the program reads the same.
    let shelf = qorgan::searching::shelf(app, Some(&folder)).unwrap();
    assert!(!shelf.is_ready());
    let held = shelf.index.len();
    go_through(app, &shelf, |_, _| ()).await.unwrap();
    assert!(shelf.index.len() == held && held > 0, "it was all there");
    assert!(!shelf.index.remembers(token_of(&shelf, "өзгеше")).unwrap());
    assert!(found(app, &shelf, &officer, "бірсөз").await.total > 0);
    drop(shelf);
    std::fs::remove_dir_all(folder).unwrap();
}

fn token_of(shelf: &Shelf, word: &str) -> u64 {
    let sound = search::rules::words::words(word).remove(0).sound;
    shelf.key.token(search::token::Form::Word(&sound))
}

const SPOIL: db::Stmt =
    db::Stmt::both("test.spoil", "UPDATE report SET story_sealed = reporter_sealed WHERE id = ?1");

/// Bug: one thing that could not be read kept everything else from being found, and from being forgotten.
#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_read_keeps_nothing_else_back() {
    each("kz", async |world| {
        let app = &world.app;
        file(&world, tells(app, 971, "бүлінген баян")).await;
        file(&world, tells(app, 972, "өшірілетін баян")).await;
        let shelf = everything(&world).await;
        let officer = staff(app, 1, Role::DutyOfficer).await;
        assert_eq!(found(app, &shelf, &officer, "баян").await.total, 2);
        report::service::expunge(app, &Actor::system("retention"), id(972)).await.unwrap();
        let citizen = Actor::Citizen { report: id(971).uuid() };
        report::service::withdraw(app, &citizen, id(971)).await.unwrap();
        file(&world, tells(app, 973, "жаңа баян")).await;
        let spoilt = id(971);
        app.db.write(move |tx| tx.execute(&SPOIL, db::params![spoilt]).map(drop)).await.unwrap();
        follow(app, &shelf).await.unwrap();
        go_through(app, &shelf, |_, _| ()).await.unwrap();
        let rows = found(app, &shelf, &officer, "баян").await.rows;
        let ids: Vec<_> = rows.iter().map(|r| r.id).collect();
        assert_eq!(ids, [id(973).uuid()]);
        assert!(shelf.is_ready());
        // It is tried again, and costs nothing else.
        assert_eq!(go_through(app, &shelf, |_, _| ()).await.unwrap().written, 0);
        let anew = everything(&world).await;
        assert!(anew.is_ready() && found(app, &anew, &officer, "баян").await.total == 1);
    })
    .await;
}

/// Bug: after one failure the index went on as if what was lost were there.
#[tokio::test(flavor = "multi_thread")]
async fn what_fails_once_is_made_up_for() {
    let folder = fresh_folder();
    let world = node_in(&folder).await;
    let app = &world.app;
    let officer = staff(app, 1, Role::DutyOfficer).await;
    file(&world, tells(app, 974, "бұрынғы баян")).await;
    let shelf = qorgan::searching::shelf(app, Some(&folder)).unwrap();
    go_through(app, &shelf, |_, _| ()).await.unwrap();
    file(&world, tells(app, 975, "кейінгі баян")).await;
    let (index, aside) = (qorgan::searching::folder(&folder), folder.join("aside"));
    std::fs::rename(&index, &aside).unwrap();
    for _ in 0..2 {
        assert!(follow(app, &shelf).await.is_err() && go_through(app, &shelf, |_, _| ()).await.is_err());
    }
    std::fs::rename(&aside, &index).unwrap();
    follow(app, &shelf).await.unwrap();
    go_through(app, &shelf, |_, _| ()).await.unwrap();
    assert_eq!(found(app, &shelf, &officer, "баян").await.total, 2);
    assert!(kinds(app, &shelf, &officer, "Жәнібек").await.contains_key("person"));
    drop(shelf);
    // So says the next start, too.
    let shelf = qorgan::searching::shelf(app, Some(&folder)).unwrap();
    assert_eq!(found(app, &shelf, &officer, "баян").await.total, 2);
    drop(shelf);
    std::fs::remove_dir_all(folder).unwrap();
}

const LOSE: db::Stmt = db::Stmt::both("test.lose", "DELETE FROM outbox WHERE feed_no <= ?1");

/// Bug: an index of another past of the database was taken for its own.
#[tokio::test(flavor = "multi_thread")]
async fn an_index_of_another_past_is_made_anew() {
    each("kz", async |world| {
        let app = &world.app;
        file(&world, tells(app, 976, "бірегей баян")).await;
        let shelf = everything(&world).await;
        let officer = staff(app, 1, Role::DutyOfficer).await;
        let last = app.db.read(|tx| db::feed::last(tx, "outbox")).await.unwrap();
        assert!(last > 1);
        app.db.write(move |tx| tx.execute(&LOSE, db::params![last - 1]).map(drop)).await.unwrap();
        let kept = app.db.read(move |tx| db::outbox::after(tx, 0, 10)).await.unwrap();
        assert_eq!(kept.into_iter().map(|(no, _): (i64, Event)| no).collect::<Vec<_>>(), [last]);
        // Where it stands or one behind, all is there that it needs.
        for fits in [last, last - 1] {
            shelf.index.commit(&format!("{{\"news\":{fits}}}")).unwrap();
            follow(app, &shelf).await.unwrap();
            assert!(shelf.is_ready(), "{fits}");
        }
        for other in [last + 5, 0] {
            shelf.index.commit(&format!("{{\"news\":{other}}}")).unwrap();
            follow(app, &shelf).await.unwrap();
            assert!(!shelf.is_ready() && shelf.index.is_empty(), "{other}");
            go_through(app, &shelf, |_, _| ()).await.unwrap();
            assert!(shelf.is_ready());
            assert_eq!(found(app, &shelf, &officer, "бірегей").await.total, 1);
        }
    })
    .await;
}

/// Bug: what changed without news, and what time alone changes, was never looked at again.
#[tokio::test(flavor = "multi_thread")]
async fn what_no_news_tells_of_is_found_by_going_through() {
    each("kz", async |world| {
        let app = &world.app;
        file(&world, tells(app, 977, "алғашқы баян")).await;
        let shelf = everything(&world).await;
        let officer = staff(app, 1, Role::DutyOfficer).await;
        // The news of these are delivered to nobody: the cursor is set behind them.
        let citizen = Actor::Citizen { report: id(977).uuid() };
        report::service::tell_story(app, &citizen, id(977), "өзгерген әңгіме").await.unwrap();
        world.deliver(&subscribers(app)).await;
        let last = app.db.read(|tx| db::feed::last(tx, "outbox")).await.unwrap();
        shelf.index.commit(&format!("{{\"news\":{last}}}")).unwrap();
        go_through(app, &shelf, |_, _| ()).await.unwrap();
        assert_eq!(found(app, &shelf, &officer, "өзгерген").await.total, 1);
        let number = iban("ZBEK", 977);
        let state = |answer: Answer| answer.facets.states.iter().map(|c| c.value.clone()).collect::<Vec<_>>();
        let before = state(found(app, &shelf, &officer, &number).await);
        world.advance_secs(20 * 366 * 86_400);
        go_through(app, &shelf, |_, _| ()).await.unwrap();
        let after = state(found(app, &shelf, &officer, &number).await);
        assert!(after.contains(&"thing.expired".to_owned()), "{before:?} {after:?}");
        // Told anew, and a state that is over: no file has the old words.
        assert!(sweep(&shelf).await.unwrap());
        assert!(!shelf.index.remembers(token_of(&shelf, "алғашқы")).unwrap());
        report::service::expunge(app, &Actor::system("retention"), id(977)).await.unwrap();
        world.deliver(&subscribers(app)).await;
        let last = app.db.read(|tx| db::feed::last(tx, "outbox")).await.unwrap();
        shelf.index.commit(&format!("{{\"news\":{last}}}")).unwrap();
        go_through(app, &shelf, |_, _| ()).await.unwrap();
        assert_eq!(found(app, &shelf, &officer, "өзгерген").await.total, 0);
    })
    .await;
}
