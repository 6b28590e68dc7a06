//! What a bucket does wrong, and what is told of it: what cannot be reached is no damage; what is missing or other than it was, is.

use axum::http::Method;
use evidence::model::Fate;
use evidence::shelf::away::Greeting;
use evidence::{EvidenceError, Exhibit, Shelf, jobs, service};

use super::{Fault, Ground, Server};
use crate::place::{Place, bytes, on_each_engine, told};

/// Runs `test` with a bucket on each engine.
fn in_bucket<F: Future<Output = ()>>(test: impl Fn(Place) -> F) {
    on_each_engine(test, true);
}

/// The same in a bucket of the tests' own store, which can be told what to do wrong.
fn in_own<F: Future<Output = ()>>(test: impl Fn(Place, Server) -> F) {
    in_bucket(|mut place| {
        let server = Server::start();
        place.bucket = Some(Ground::Own(server.clone()));
        let test = &test;
        async move {
            // Another bucket than the one that the place came with: as if it had never had any.
            service::leave(&place.app).await.unwrap();
            place.shelf = place.another_shelf().await;
            test(place, server).await;
        }
    });
}

async fn content(p: &Place, shelf: &Shelf, e: &Exhibit) -> Result<Vec<u8>, EvidenceError> {
    let (_, _, mut frames) = service::content(&p.app, shelf, &p.officer, &e.number).await?;
    let read = tokio::task::spawn_blocking(move || {
        let mut all = Vec::new();
        while let Some(part) = frames.next_frame()? {
            all.extend(part);
        }
        Ok(all)
    });
    read.await.unwrap()
}

/// Sends a file without finishing it.
async fn sent(p: &Place, whole: &[u8]) -> uuid::Uuid {
    let id = service::begin(&p.app, &p.officer, i64::try_from(whole.len()).unwrap()).await.unwrap().id;
    let mut at = 0;
    for part in whole.chunks(8 << 20) {
        let came = service::append(&p.app, &p.shelf, &p.officer, (id, at), part.to_vec()).await;
        at = came.unwrap().received_bytes;
    }
    id
}

async fn finish(p: &Place, shelf: &Shelf, id: uuid::Uuid) -> Result<Exhibit, EvidenceError> {
    service::finish(&p.app, shelf, &p.officer, id, told("Дамп")).await
}

fn folder<T>(result: &Result<T, EvidenceError>) -> bool {
    matches!(result, Err(EvidenceError::Folder(_)))
}

#[test]
fn a_large_file_goes_in_parts_and_comes_back_by_ranges() {
    in_own(async |p, server| {
        let whole = bytes(18_000_001, 5);
        let e = p.take(told("Дамп"), &whole, 8 << 20).await;
        assert_eq!(p.lying().await.len(), 1, "the copy before the bucket went");
        let name = p.lying().await.pop().unwrap();
        let sealed = server.kept().objects[&name].clone();
        assert!(sealed.len() > whole.len());
        assert!(
            !sealed[..200_000].windows(32).any(|w| w == &whole[..32]),
            "whoever runs the store reads nothing"
        );
        assert!(content(&p, &p.shelf, &e).await.unwrap() == whole);
        assert_eq!(service::check(&p.app, &p.shelf, e.blob.unwrap()).await.unwrap(), None);
        let asked = std::mem::take(&mut server.kept().asked);
        let most =
            |method: Method| asked.iter().filter(|(m, ..)| *m == method).map(|(.., n)| *n).max().unwrap();
        assert_eq!((most(Method::PUT), most(Method::GET)), (8 << 20, 8 << 20), "never the whole in memory");
        assert!(server.kept().uploads.is_empty());
        // Brought once more, it is not sent there again.
        let twin = p.take(told("Ещё раз"), &whole, 8 << 20).await;
        assert_eq!(twin.blob, e.blob);
        assert!(server.kept().asked.iter().all(|(method, ..)| *method != Method::PUT));
        assert_eq!(p.lying().await.len(), 1);
    });
}

#[test]
fn of_a_large_file_the_middle_is_passed_over_at_once() {
    in_own(async |p, server| {
        // More than is looked at of the beginning and of the end.
        let whole = bytes(60 << 20, 6);
        let e = p.take(told("Дамп"), &whole, 8 << 20).await;
        server.kept().asked.clear();
        let jpeg = super::super::looks::jpeg();
        assert_eq!(jobs::look(&p.app, &p.shelf, &jpeg).await.unwrap(), 1);
        let sealed = server.kept().objects.values().map(|o| o.len()).max().unwrap();
        let read: usize =
            server.kept().asked.iter().filter(|(m, ..)| *m == Method::GET).map(|(.., n)| *n).sum();
        assert!(read < sealed, "{read} of {sealed} bytes were read");
        assert!(server.kept().asked.len() < 30, "{}", server.kept().asked.len());
        assert!(content(&p, &p.shelf, &e).await.unwrap() == whole);
    });
}

#[test]
fn a_store_that_cannot_be_reached_is_no_damage() {
    in_own(async |p, server| {
        let whole = bytes(3_000_000, 7);
        let e = p.take(told("Дамп"), &whole, 1 << 20).await;
        let hasty = Ground::Own(server.clone()).hasty(&p.root);
        assert_eq!(service::greet(&p.app, &hasty).await.unwrap(), Greeting::Known);
        for fault in [Fault::Fails, Fault::Silent, Fault::CutsOff, Fault::Denies, Fault::Lost] {
            server.wrong(Some(fault));
            let checked = service::check(&p.app, &hasty, e.blob.unwrap()).await;
            assert!(folder(&checked), "{fault:?}: {checked:?}");
            let read = content(&p, &hasty, &e).await;
            assert!(folder(&read), "{fault:?}: {:?}", read.map(|b| b.len()));
            server.wrong(None);
            assert!(content(&p, &hasty, &e).await.unwrap() == whole, "after {fault:?}");
        }
        // Nobody listens there any more.
        let nowhere = Server { endpoint: "http://127.0.0.1:9".to_owned(), ..server.clone() };
        let dead = Ground::Own(nowhere).hasty(&p.root);
        assert!(folder(&service::greet(&p.app, &dead).await));
        assert!(folder(&service::check(&p.app, &dead, e.blob.unwrap()).await));
        assert_eq!(service::counts(&p.app, &p.officer).await.unwrap().damaged, 0);
        assert_eq!(service::check(&p.app, &hasty, e.blob.unwrap()).await.unwrap(), None);
        assert!(!p.life(&e.number).await.contains(&"damaged"));
    });
}

#[test]
fn what_is_missing_or_other_than_it_was_is_damage_with_the_frame() {
    in_bucket(async |p| {
        let whole = bytes(3_000_000, 8);
        let e = p.take(told("Дамп"), &whole, 1 << 20).await;
        let (blob, name) = (e.blob.unwrap(), p.lying().await.pop().unwrap());
        let sealed = p.bytes_of(&name).await;
        let frame = (1 << 20) + 45;
        let mut other = sealed.clone();
        other[frame + 100] ^= 1;
        let longer = [sealed.as_slice(), b"x"].concat();
        for (bytes, found) in
            [(&other[..], 1), (&sealed[..2 * frame + 9], 2), (&sealed[..frame], 1), (&longer[..], 3)]
        {
            p.put_bytes(&name, bytes).await;
            assert_eq!(service::check(&p.app, &p.shelf, blob).await.unwrap(), Some(found));
            let read = content(&p, &p.shelf, &e).await;
            assert!(matches!(read, Err(EvidenceError::Damaged { frame, .. }) if frame == found));
        }
        p.bucket.as_ref().unwrap().remove(&name).await;
        assert_eq!(service::check(&p.app, &p.shelf, blob).await.unwrap(), Some(0));
        assert_eq!(service::counts(&p.app, &p.officer).await.unwrap().damaged, 1);
        // From a backup.
        p.put_bytes(&name, &sealed).await;
        assert_eq!(service::check(&p.app, &p.shelf, blob).await.unwrap(), None);
        assert!(content(&p, &p.shelf, &e).await.unwrap() == whole);
    });
}

#[test]
fn an_object_that_goes_while_it_is_read_is_damage() {
    in_own(async |p, server| {
        let e = p.take(told("Дамп"), &bytes(9_000_000, 9), 1 << 20).await;
        let (_, _, mut frames) = service::content(&p.app, &p.shelf, &p.officer, &e.number).await.unwrap();
        let read = tokio::task::spawn_blocking(move || {
            frames.next_frame().unwrap();
            server.wrong(Some(Fault::LosesObjects));
            std::iter::from_fn(move || frames.next_frame().transpose()).find_map(Result::err)
        });
        let lost = read.await.unwrap();
        assert!(matches!(lost, Some(EvidenceError::Damaged { frame: 1.., .. })), "{lost:?}");
    });
}

#[test]
fn what_breaks_off_on_the_way_is_sent_again_and_nothing_is_lost() {
    in_own(async |p, server| {
        for (seed, size, fault) in [
            (1, 18_000_000, Fault::Parts(1)),
            (2, 9_000_000, Fault::Garbles),
            (3, 300_000, Fault::Garbles),
            (4, 9_000_000, Fault::Forgets),
            (5, 300_000, Fault::Fails),
            (6, 300_000, Fault::Silent),
            (7, 300_000, Fault::Denies),
            (8, 300_000, Fault::Lost),
        ] {
            let whole = bytes(size, seed);
            let id = sent(&p, &whole).await;
            let hasty = Ground::Own(server.clone()).hasty(&p.root);
            assert_eq!(service::greet(&p.app, &hasty).await.unwrap(), Greeting::Known);
            server.wrong(Some(fault));
            let failed = finish(&p, &hasty, id).await;
            assert!(folder(&failed), "{fault:?}: {failed:?}");
            server.wrong(None);
            assert!(p.root.join("incoming").join(id.simple().to_string()).exists(), "{fault:?}");
            assert_eq!(
                service::upload(&p.app, &p.officer, id).await.unwrap().size_bytes,
                i64::try_from(whole.len()).unwrap()
            );
            let e = finish(&p, &hasty, id).await.unwrap();
            assert!(content(&p, &p.shelf, &e).await.unwrap() == whole, "{fault:?}");
            assert!(server.kept().uploads.is_empty(), "{fault:?}: parts were left");
        }
        // The last answer was lost, and everything lies there.
        let whole = bytes(9_000_000, 9);
        let id = sent(&p, &whole).await;
        server.wrong(Some(Fault::LosesAnswer));
        let e = finish(&p, &p.shelf, id).await.unwrap();
        server.wrong(None);
        assert!(content(&p, &p.shelf, &e).await.unwrap() == whole);
        assert!(p.lying().await.iter().all(|name| !name.starts_with("incoming")));
    });
}

#[test]
fn a_node_that_ends_in_between_is_caught_up_with() {
    in_bucket(async |p| {
        // It was put there, and the commit was lost.
        let whole = bytes(10_000_000, 10);
        let id = sent(&p, &whole).await;
        p.settle(id, &whole).await;
        if let Some(Ground::Own(server)) = &p.bucket {
            server.kept().asked.clear();
        }
        let e = finish(&p, &p.shelf, id).await.unwrap();
        assert!(content(&p, &p.shelf, &e).await.unwrap() == whole);
        if let Some(Ground::Own(server)) = &p.bucket {
            assert!(server.kept().asked.iter().all(|(m, ..)| *m != Method::PUT), "it lay there already");
        }
        // It was committed, and the copy did not go.
        let name = p.lying().await.pop().unwrap();
        let sealed = p.bytes_of(&name).await;
        let copy = p.root.join("incoming").join(e.blob.unwrap().simple().to_string());
        std::fs::write(&copy, &sealed).unwrap();
        // What is coming in stays, and so does what nobody knows.
        let coming = sent(&p, b"half").await;
        let unknown = p.root.join("incoming").join(uuid::Uuid::from_u128(9).simple().to_string());
        std::fs::write(&unknown, b"?").unwrap();
        p.put_bytes(&name, &sealed[..sealed.len() - 1]).await;
        jobs::round(&p.app, &p.shelf).await.unwrap();
        assert!(copy.exists(), "the bucket does not have it whole");
        p.put_bytes(&name, &sealed).await;
        jobs::round(&p.app, &p.shelf).await.unwrap();
        assert!(!copy.exists());
        assert!(unknown.exists());
        finish(&p, &p.shelf, coming).await.unwrap();
    });
}

#[test]
fn what_is_destroyed_while_the_bucket_is_away_goes_when_it_is_back() {
    in_own(async |p, server| {
        let e = p.take(told("Дамп"), &bytes(40_000, 11), 40_000).await;
        let hasty = Ground::Own(server.clone()).hasty(&p.root);
        service::greet(&p.app, &hasty).await.unwrap();
        service::propose(&p.app, &p.officer, e.id, (Fate::Destroy, "решение суда")).await.unwrap();
        server.wrong(Some(Fault::Fails));
        let done = service::carry_out(&p.app, &hasty, &p.approver, e.id, "согласен").await;
        assert_eq!(done.unwrap(), Fate::Destroy, "nobody waits for a bucket");
        assert!(content(&p, &hasty, &e).await.is_err(), "its key is gone");
        server.wrong(None);
        assert_eq!(p.lying().await.len(), 1);
        assert_eq!(service::clear(&p.app, &hasty, 10).await.unwrap(), 0, "not at once");
        p.world.advance_secs(301);
        server.wrong(Some(Fault::Denies));
        assert_eq!(service::clear(&p.app, &hasty, 10).await.unwrap(), 0);
        server.wrong(None);
        p.world.advance_secs(301);
        jobs::round(&p.app, &hasty).await.unwrap();
        assert!(p.lying().await.is_empty());
        assert_eq!(service::clear(&p.app, &hasty, 10).await.unwrap(), 0, "nothing is left to do");
    });
}

#[test]
fn a_file_that_nobody_finishes_leaves_nothing() {
    in_bucket(async |p| {
        let whole = bytes(50_000, 12);
        let id = sent(&p, &whole).await;
        p.settle(id, &whole).await;
        p.world.advance_secs(3 * 86_400);
        jobs::round(&p.app, &p.shelf).await.unwrap();
        assert!(p.lying().await.is_empty(), "{:?}", p.lying().await);
    });
}

#[test]
fn only_the_bucket_of_this_database_is_used() {
    in_bucket(async |p| {
        let e = p.take(told("Дамп"), &bytes(9_000, 13), 9_000).await;
        assert!(service::lies_away(&p.app).await.unwrap());
        let ground = p.bucket.as_ref().unwrap();
        let mark = ground.get("qorgan").await;
        // Another's, or an empty one: nothing is written there, and nothing is believed of it.
        for (text, found) in [(Some(&b"another"[..]), Greeting::Other), (None, Greeting::Bare)] {
            match text {
                Some(text) => ground.put("qorgan", text).await,
                None => ground.remove("qorgan").await,
            }
            let shelf = ground.shelf(&p.root);
            assert_eq!(service::greet(&p.app, &shelf).await.unwrap(), found);
            assert!(folder(&service::check(&p.app, &shelf, e.blob.unwrap()).await));
            let id = sent(&p, b"new bytes").await;
            assert!(folder(&finish(&p, &shelf, id).await));
            // A bucket that was known and lost its mark is not believed either.
            let name = p.lying().await.into_iter().find(|name| name.starts_with("blobs/")).unwrap();
            let sealed = p.bytes_of(&name).await;
            ground.remove(&name).await;
            assert!(folder(&service::check(&p.app, &p.shelf, e.blob.unwrap()).await));
            ground.put(&name, &sealed).await;
        }
        ground.put("qorgan", &mark).await;
        assert_eq!(service::check(&p.app, &p.shelf, e.blob.unwrap()).await.unwrap(), None);
        service::leave(&p.app).await.unwrap();
        assert!(!service::lies_away(&p.app).await.unwrap());
    });
}

#[test]
fn what_lay_in_the_folder_is_read_from_there() {
    in_bucket(async |p| {
        let here = Shelf::open(&p.root).unwrap();
        let whole = bytes(70_000, 14);
        let id = sent(&p, &whole).await;
        let old = finish(&p, &here, id).await.unwrap();
        let new = p.take(told("Новое"), &bytes(70_000, 15), 70_000).await;
        assert!(content(&p, &p.shelf, &old).await.unwrap() == whole);
        assert_eq!(service::check(&p.app, &p.shelf, old.blob.unwrap()).await.unwrap(), None);
        assert_eq!(service::check(&p.app, &p.shelf, new.blob.unwrap()).await.unwrap(), None);
        // Moved by hand, under the same name.
        let name = evidence::shelf::away::name_of(old.blob.unwrap());
        let sealed = std::fs::read(p.root.join(&name)).unwrap();
        p.put_bytes(&name, &sealed).await;
        std::fs::remove_file(p.root.join(&name)).unwrap();
        assert!(content(&p, &p.shelf, &old).await.unwrap() == whole);
    });
}

#[test]
fn what_was_begun_is_finished_though_nobody_waits() {
    in_bucket(async |p| {
        let whole = bytes(4_000_000, 16);
        let id = sent(&p, &whole).await;
        let waiting = tokio::time::timeout(std::time::Duration::from_millis(5), finish(&p, &p.shelf, id));
        assert!(waiting.await.is_err(), "the line broke");
        let e = loop {
            match finish(&p, &p.shelf, id).await {
                Err(EvidenceError::Busy) => tokio::task::yield_now().await,
                other => break other.unwrap(),
            }
        };
        assert!(content(&p, &p.shelf, &e).await.unwrap() == whole);
        assert_eq!(p.life(&e.number).await, ["taken", "opened"]);
    });
}
