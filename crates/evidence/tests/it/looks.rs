//! Bytes are looked into once, whoever has them; what is said of them is sealed and goes with them. The reader here is a shell that says
//! what a test wants to hear: what the real one says is tried where the whole program is there.

use db::{Stmt, params};
use evidence::jobs::look;
use evidence::model::{Fate, Look};
use evidence::service;
use kernel::Purpose;
use reader::{Answer, Ended, Reader, Warning};
use sha2::{Digest as _, Sha256};

use super::place::{Place, bytes, on_each, told};

const ACTS: Stmt = Stmt::both("test.acts", "SELECT count(*) FROM audit_record WHERE act = ?1");
const KEPT: Stmt = Stmt::both(
    "test.looks",
    "SELECT looker, tries, ended, signs_sealed, answer_sealed FROM exhibit_look ORDER BY blob_id",
);
const OLDER: Stmt = Stmt::both("test.older", "UPDATE exhibit_look SET looker = 0");

/// A reader that hears all of it and says this.
fn says(script: &str) -> Reader {
    Reader::new("/bin/sh".into(), vec!["-c".into(), script.into()])
}

const SECRET: &str = "GPS-of-the-invented-victim";

pub fn jpeg() -> Reader {
    let answer = format!(
        r#"{{"kind":"jpeg","facts":[{{"name":"note","value":"{SECRET}"}}],"signs":[{{"code":"polyglot","about":"zip"}}],"finished":true}}"#
    );
    says(&format!("cat >/dev/null; echo '{{\"answer\":{answer}}}'"))
}

fn dies() -> Reader {
    says("cat >/dev/null; echo '{\"answer\":{\"kind\":\"zip\"}}'; kill -6 $$")
}

async fn seen(p: &Place, number: &str) -> Look {
    service::open(&p.app, &p.officer, number).await.unwrap().look
}

fn done(look: Look) -> (Ended, Answer) {
    let Look::Done { ended, answer, .. } = look else { unreachable!("{look:?}") };
    (ended, answer.unwrap().into_inner(Purpose::Operate))
}

async fn acts(p: &Place) -> i64 {
    p.app.db.read(|tx| tx.query_one(&ACTS, params!["exhibit.looked"], |r| r.get(0))).await.unwrap()
}

type Row = (i64, i64, Option<String>, Vec<u8>, Vec<u8>);

async fn kept(p: &Place) -> Vec<Row> {
    let rows = p.app.db.read(|tx| {
        tx.query(&KEPT, &[], |r| {
            let (signs, answer): (Option<Vec<u8>>, Option<Vec<u8>>) = (r.get(3)?, r.get(4)?);
            Ok((r.get(0)?, r.get(1)?, r.get(2)?, signs.unwrap_or_default(), answer.unwrap_or_default()))
        })
    });
    rows.await.unwrap()
}

#[test]
fn the_same_bytes_are_looked_into_once_and_nobody_reads_it_without_their_key() {
    on_each(async |p| {
        let whole = bytes(5_000, 1);
        let one = p.take(told("Фото"), &whole, 5_000).await;
        let twin = p.take(told("То же фото"), &whole, 5_000).await;
        let thing = service::take_item(&p.app, &p.officer, told("Телефон")).await.unwrap();
        assert!(matches!(seen(&p, &one.number).await, Look::Waiting));
        assert!(matches!(seen(&p, &thing.number).await, Look::Nothing));
        assert_eq!(look(&p.app, &p.shelf, &jpeg()).await.unwrap(), 1);
        for number in [&one.number, &twin.number] {
            let (ended, answer) = done(seen(&p, number).await);
            assert_eq!((ended, answer.kind), (Ended::Whole, reader::Kind::Jpeg));
            assert_eq!(answer.value("note"), Some(SECRET));
            assert!(answer.warns(Warning::Polyglot));
        }
        assert_eq!(look(&p.app, &p.shelf, &dies()).await.unwrap(), 0, "once");
        assert_eq!(acts(&p).await, 1);
        assert_eq!(p.life(&one.number).await, ["taken"], "nobody was shown anything: it is no event");
        let rows = kept(&p).await;
        let [(looker, tries, ended, signs, answer)] = rows.as_slice() else { unreachable!("{rows:?}") };
        assert_eq!((*looker, *tries, ended.as_deref()), (reader::VERSION, 1, Some("whole")));
        for (sealed, what) in [(signs, "signs"), (answer, "answer")] {
            for word in [SECRET, "jpeg", "polyglot"] {
                assert!(!sealed.windows(word.len()).any(|w| w == word.as_bytes()), "{what}: {word} in clear");
            }
        }
        // The list tells that there is something to beware of.
        let list = service::list(&p.app, &p.officer, evidence::store::exhibit::Narrow::default());
        let rows = list.await.unwrap().rows;
        let mut marks: Vec<bool> = rows.iter().map(|row| row.mark.beware).collect();
        marks.sort_unstable();
        assert_eq!(marks, [false, true, true]);
        // It goes with the last that has the bytes.
        for exhibit in [&one, &twin] {
            assert_eq!(kept(&p).await.len(), 1);
            service::propose(&p.app, &p.officer, exhibit.id, (Fate::Destroy, "решение суда")).await.unwrap();
            service::carry_out(&p.app, &p.shelf, &p.approver, exhibit.id, "согласен").await.unwrap();
            assert!(matches!(seen(&p, &exhibit.number).await, Look::Nothing));
        }
        assert_eq!(kept(&p).await, []);
    });
}

#[test]
fn what_ended_its_reader_is_not_tried_again_by_the_same_one() {
    on_each(async |p| {
        let bomb = p.take(told("Архив"), &bytes(5_000, 2), 5_000).await;
        look(&p.app, &p.shelf, &dies()).await.unwrap();
        let (ended, answer) = done(seen(&p, &bomb.number).await);
        assert_eq!((ended, answer.kind), (Ended::Crashed, reader::Kind::Zip), "what it said before it died");
        p.world.advance_secs(30 * 24 * 3600);
        assert_eq!(look(&p.app, &p.shelf, &jpeg()).await.unwrap(), 0, "nor later");
        // One that has learnt more looks again; until then what was known is shown.
        p.app.db.write(|tx| tx.execute(&OLDER, &[])).await.unwrap();
        assert_eq!(done(seen(&p, &bomb.number).await).0, Ended::Crashed);
        assert_eq!(look(&p.app, &p.shelf, &jpeg()).await.unwrap(), 1);
        assert_eq!(done(seen(&p, &bomb.number).await).0, Ended::Whole);
        // A reader that could not be started says nothing of the bytes: it is tried again in an hour.
        p.app.db.write(|tx| tx.execute(&OLDER, &[])).await.unwrap();
        let absent = Reader::new("/no/such/program".into(), Vec::new());
        look(&p.app, &p.shelf, &absent).await.unwrap();
        assert!(matches!(seen(&p, &bomb.number).await, Look::Done { ended: Ended::NotRead, .. }));
        assert_eq!(look(&p.app, &p.shelf, &jpeg()).await.unwrap(), 0);
        p.world.advance_secs(3601);
        assert_eq!(look(&p.app, &p.shelf, &jpeg()).await.unwrap(), 1);
        assert_eq!(done(seen(&p, &bomb.number).await).0, Ended::Whole);
    });
}

#[test]
fn bytes_that_end_the_node_itself_are_let_be_after_three_times() {
    on_each(async |p| {
        let e = p.take(told("Образ"), &bytes(5_000, 3), 5_000).await;
        let blob = e.blob.unwrap();
        for _ in 0..3 {
            let never = says("exec sleep 600");
            // The node ends in the midst of it.
            let begun = service::look_into(&p.app, (&p.shelf, &never), blob);
            assert!(p.app.timer.limit(std::time::Duration::from_millis(300), begun).await.is_none());
            assert_eq!(look(&p.app, &p.shelf, &jpeg()).await.unwrap(), 0, "it is still being looked into");
            p.world.advance_secs(3601);
        }
        assert_eq!(look(&p.app, &p.shelf, &jpeg()).await.unwrap(), 1);
        assert!(matches!(seen(&p, &e.number).await, Look::Done { ended: Ended::Crashed, answer: None, .. }));
        p.world.advance_secs(30 * 24 * 3600);
        assert_eq!(look(&p.app, &p.shelf, &jpeg()).await.unwrap(), 0);
    });
}

#[test]
fn two_nodes_look_once_and_what_is_destroyed_meanwhile_leaves_nothing() {
    on_each(async |p| {
        for seed in 0..4 {
            let e = p.take(told("Диск"), &bytes(5_000, 10 + seed), 5_000).await;
            let blob = e.blob.unwrap();
            let before = acts(&p).await;
            let slow = says("cat >/dev/null; sleep 0.2; echo '{\"answer\":{\"finished\":true}}'");
            let one = service::look_into(&p.app, (&p.shelf, &slow), blob);
            let two = service::look_into(&p.app, (&p.shelf, &slow), blob);
            let (one, two) = tokio::join!(one, two);
            let ends = [one.unwrap(), two.unwrap()];
            assert_eq!(ends.iter().flatten().collect::<Vec<_>>(), [&Ended::Whole], "{ends:?}");
            assert_eq!(acts(&p).await, before + 1);
            p.app.db.write(|tx| tx.execute(&OLDER, &[])).await.unwrap();
            service::propose(&p.app, &p.officer, e.id, (Fate::Destroy, "решение суда")).await.unwrap();
            let looking = service::look_into(&p.app, (&p.shelf, &slow), blob);
            let ending = async {
                p.app.timer.sleep(std::time::Duration::from_millis(80)).await;
                service::carry_out(&p.app, &p.shelf, &p.approver, e.id, "согласен").await
            };
            let (looked, ended) = tokio::join!(looking, ending);
            ended.unwrap();
            assert_eq!(looked.unwrap(), None);
            assert_eq!(kept(&p).await, []);
        }
    });
}

#[test]
fn damaged_bytes_are_not_looked_into_until_they_are_restored() {
    on_each(async |p| {
        let e = p.take(told("Дамп"), &bytes(9_000, 4), 9_000).await;
        let file = p.lying().await.pop().unwrap();
        let whole = p.bytes_of(&file).await;
        let mut rotten = whole.clone();
        let at = rotten.len() - 5;
        rotten[at] ^= 4;
        p.put_bytes(&file, &rotten).await;
        // Nobody has noticed yet: a frame that does not open is no content.
        assert_eq!(look(&p.app, &p.shelf, &jpeg()).await.unwrap(), 1);
        assert!(matches!(seen(&p, &e.number).await, Look::Done { ended: Ended::NotRead, .. }));
        service::check(&p.app, &p.shelf, e.blob.unwrap()).await.unwrap();
        p.world.advance_secs(3601);
        assert_eq!(look(&p.app, &p.shelf, &jpeg()).await.unwrap(), 0);
        p.put_bytes(&file, &whole).await;
        service::check(&p.app, &p.shelf, e.blob.unwrap()).await.unwrap();
        assert_eq!(look(&p.app, &p.shelf, &jpeg()).await.unwrap(), 1);
        assert_eq!(done(seen(&p, &e.number).await).0, Ended::Whole);
    });
}

#[test]
fn of_a_large_file_its_beginning_and_its_end_are_handed_over_and_all_of_it_to_whoever_wants_all() {
    on_each(async |p| {
        let whole = bytes(46_000_001, 5);
        let e = p.take(told("Дамп"), &whole, 15_999_999).await;
        let hashes = says(
            r#"h=$(sha256sum | cut -c1-64); echo '{"answer":{"finished":true,"facts":[{"name":"note","value":"'$h'"}]}}'"#,
        );
        look(&p.app, &p.shelf, &hashes).await.unwrap();
        let (ended, answer) = done(seen(&p, &e.number).await);
        assert_eq!(ended, Ended::Whole);
        let ends = [&whole[..32 << 20], &whole[whole.len() - (8 << 20)..]].concat();
        assert_eq!(answer.value("note"), Some(hex::encode(Sha256::digest(&ends)).as_str()));
        let (_, _, frames) = service::content(&p.app, &p.shelf, &p.officer, &e.number).await.unwrap();
        let mut feed = service::feed(frames, e.size_bytes.unwrap());
        let mut all = Vec::new();
        while let Some((at, part)) = feed.chunks.recv().await {
            assert_eq!(at, u64::try_from(all.len()).unwrap());
            all.extend(part);
        }
        assert!(all == whole && feed.size_bytes == 46_000_001);
        // Whoever no longer listens is not spoken to.
        let (_, _, frames) = service::content(&p.app, &p.shelf, &p.officer, &e.number).await.unwrap();
        let mut feed = service::feed(frames, e.size_bytes.unwrap());
        assert!(feed.chunks.recv().await.is_some());
        feed.chunks.close();
        let mut rest = 0;
        while feed.chunks.recv().await.is_some() {
            rest += 1;
        }
        assert!(rest <= 3, "{rest} frames more");
    });
}
