//! Files that come in while something goes wrong: sent twice at once, finished twice, refused late, swept, destroyed meanwhile. Whatever
//! happens, an exhibit that was taken in can be read whole.

use evidence::model::{Fate, Matter, State};
use evidence::{EvidenceError, Exhibit, service};
use kernel::{Marking, Tlp};

use super::place::{Place, bytes, on_each, told};

async fn content(p: &Place, e: &Exhibit) -> Result<Vec<u8>, EvidenceError> {
    let (_, _, mut frames) = service::content(&p.app, &p.shelf, &p.officer, &e.number).await?;
    let mut all = Vec::new();
    while let Some(part) = frames.next_frame()? {
        all.extend(part);
    }
    Ok(all)
}

async fn begun(p: &Place, whole: &[u8]) -> uuid::Uuid {
    let size = i64::try_from(whole.len()).unwrap();
    service::begin(&p.app, &p.officer, size).await.unwrap().id
}

async fn send(p: &Place, id: uuid::Uuid, at: usize, part: &[u8]) -> Result<i64, EvidenceError> {
    let at = i64::try_from(at).unwrap();
    let after = service::append(&p.app, &p.shelf, &p.officer, (id, at), part.to_vec()).await?;
    Ok(after.received_bytes)
}

#[test]
fn two_parts_at_once_leave_one() {
    on_each(async |p| {
        for seed in 0..8 {
            let whole = bytes(3_000_000, seed);
            let id = begun(&p, &whole).await;
            let (large, small) =
                tokio::join!(send(&p, id, 0, &whole[..2_500_000]), send(&p, id, 0, &whole[..9]));
            assert!(large.is_ok() || small.is_ok(), "{large:?} {small:?}");
            let at = service::upload(&p.app, &p.officer, id).await.unwrap().received_bytes;
            let at = usize::try_from(at).unwrap();
            send(&p, id, at, &whole[at..]).await.unwrap();
            let e = service::finish(&p.app, &p.shelf, &p.officer, id, told("Дамп")).await.unwrap();
            assert!(content(&p, &e).await.unwrap() == whole, "what lies there is what was sent");
        }
    });
}

#[test]
fn it_is_finished_once_whoever_asks_how_often() {
    on_each(async |p| {
        for seed in 0..8 {
            let whole = bytes(300_000, 100 + seed);
            let id = begun(&p, &whole).await;
            send(&p, id, 0, &whole).await.unwrap();
            let finish = || service::finish(&p.app, &p.shelf, &p.officer, id, told("Дамп"));
            let (one, two) = tokio::join!(finish(), finish());
            let e = one.or(two).unwrap();
            // The answer was lost: whoever asks again gets the same one.
            let again = finish().await.unwrap();
            assert_eq!((again.id, &again.number), (e.id, &e.number));
            assert!(content(&p, &e).await.unwrap() == whole);
            assert!(
                service::finish(&p.app, &p.shelf, &p.second, id, told("x")).await.is_err(),
                "somebody else's"
            );
        }
        let list =
            service::list(&p.app, &p.officer, evidence::store::exhibit::Narrow::default()).await.unwrap();
        assert_eq!(list.counts.all, 8);
    });
}

#[test]
fn what_is_refused_late_can_be_finished_after_all() {
    on_each(async |p| {
        let gone = service::take_item(&p.app, &p.officer, told("Телефон")).await.unwrap();
        service::propose(&p.app, &p.officer, gone.id, (Fate::Return, "владельцу")).await.unwrap();
        service::carry_out(&p.app, &p.shelf, &p.approver, gone.id, "согласен").await.unwrap();
        let whole = bytes(70_000, 9);
        let id = begun(&p, &whole).await;
        send(&p, id, 0, &whole).await.unwrap();
        let of_gone = service::Begun { parent: Some(gone.id), ..told("Образ") };
        let refused = service::finish(&p.app, &p.shelf, &p.officer, id, of_gone).await;
        assert!(matches!(refused, Err(EvidenceError::Over)), "{refused:?}");
        let nowhere = service::Begun { place: Some(uuid::Uuid::from_u128(1)), ..told("Образ") };
        let refused = service::finish(&p.app, &p.shelf, &p.officer, id, nowhere).await;
        assert!(matches!(refused, Err(EvidenceError::Field("lies"))), "{refused:?}");
        // It was put into its place, and the commit was lost.
        p.settle(id, &whole).await;
        let e = service::finish(&p.app, &p.shelf, &p.officer, id, told("Образ")).await.unwrap();
        assert!(content(&p, &e).await.unwrap() == whole);
        // The sweep takes what nothing came to, and nothing that has become an exhibit.
        begun(&p, &whole).await;
        assert_eq!(service::forget_stale(&p.app, &p.shelf, 10).await.unwrap(), 0, "only after two days");
        assert!(content(&p, &e).await.unwrap() == whole);
    });
}

#[test]
fn bytes_that_two_have_are_there_for_both_or_for_neither() {
    on_each(async |p| {
        for seed in 0..8 {
            let whole = bytes(40_000, 200 + seed);
            let first = p.take(told("Диск"), &whole, 40_000).await;
            service::propose(&p.app, &p.officer, first.id, (Fate::Destroy, "решение суда")).await.unwrap();
            let id = begun(&p, &whole).await;
            send(&p, id, 0, &whole).await.unwrap();
            // The last exhibit with these bytes is destroyed while they come in again.
            let (done, again) = tokio::join!(
                service::carry_out(&p.app, &p.shelf, &p.approver, first.id, "согласен"),
                service::finish(&p.app, &p.shelf, &p.officer, id, told("Копия")),
            );
            done.unwrap();
            assert!(content(&p, &again.unwrap()).await.unwrap() == whole);
            assert!(content(&p, &first).await.is_err(), "what is destroyed does not open");
        }
    });
}

#[test]
fn twins_destroyed_at_once_leave_nothing() {
    on_each(async |p| {
        for seed in 0..8 {
            let whole = bytes(40_000, 50 + seed);
            let twins = [p.take(told("А"), &whole, 40_000).await, p.take(told("Б"), &whole, 40_000).await];
            for twin in &twins {
                service::propose(&p.app, &p.officer, twin.id, (Fate::Destroy, "решение суда")).await.unwrap();
            }
            let end = |n: usize| service::carry_out(&p.app, &p.shelf, &p.approver, twins[n].id, "согласен");
            let (one, two) = tokio::join!(end(0), end(1));
            one.unwrap();
            two.unwrap();
            let (vault, blob) = (p.app.vault.clone(), twins[0].blob.unwrap());
            let key = p.app.db.read(move |tx| vault.subject(tx, blob)).await.unwrap();
            assert!(key.is_none(), "the key of what was destroyed is gone");
        }
    });
}

#[test]
fn a_copy_of_what_was_returned_is_destroyed_and_no_proposal_is_put_off() {
    on_each(async |p| {
        let e = p.take(told("Дамп"), &bytes(4_000, 3), 4_000).await;
        service::propose(&p.app, &p.officer, e.id, (Fate::Return, "владельцу")).await.unwrap();
        let put_off = service::offer(&p.app, &p.officer, e.id, super::place::account(&p.second)).await;
        assert!(matches!(put_off, Err(EvidenceError::Proposal)), "{put_off:?}");
        service::carry_out(&p.app, &p.shelf, &p.approver, e.id, "согласен").await.unwrap();
        let again = service::propose(&p.app, &p.officer, e.id, (Fate::Return, "ещё раз")).await;
        assert!(matches!(again, Err(EvidenceError::Over)), "{again:?}");
        service::propose(&p.app, &p.officer, e.id, (Fate::Destroy, "по просьбе владельца")).await.unwrap();
        service::carry_out(&p.app, &p.shelf, &p.approver, e.id, "согласен").await.unwrap();
        let opened = service::open(&p.app, &p.officer, &e.number).await.unwrap();
        assert_eq!(opened.exhibit.state, State::Destroyed);
        assert!(opened.about.is_none());
    });
}

#[test]
fn what_comes_from_a_matter_is_marked_as_it_is_and_copies_go_with_the_thing() {
    on_each(async |p| {
        let mut header = p.app.header(&p.officer, kernel::Lang::RU, "report");
        header.marking = Marking { tlp: Tlp::Red, ..Marking::default() };
        let matter =
            Matter { kind: "report".into(), id: uuid::Uuid::from_u128(6), number: "R-2026-1".into() };
        let (closed, readers) = (true, vec![p.officer.label()]);
        let matter = evidence::model::FoundMatter { matter, under: header, closed, readers };
        let begun = service::Begun { matter: Some(matter), ..told("Скриншот") };
        let red = service::take_item(&p.app, &p.officer, begun).await.unwrap();
        assert_eq!(red.header.marking.tlp, Tlp::Red);

        let phone = service::take_item(&p.app, &p.officer, told("Телефон")).await.unwrap();
        let of_it = service::Begun { parent: Some(phone.id), ..told("Образ") };
        let image = p.take(of_it, &bytes(500, 4), 500).await;
        let of_image = service::Begun { parent: Some(image.id), ..told("Переписка") };
        let chat = p.take(of_image, &bytes(500, 5), 500).await;
        let matter = Matter { kind: "case".into(), id: uuid::Uuid::from_u128(7), number: "C-2026-1".into() };
        let (me, who, team, id) = (p.app.clone(), p.officer.clone(), [p.officer.label()], phone.id);
        let link =
            p.app.db.write(move |tx| service::link(tx, &me, &who, id, (Some(matter.clone()), true, &team)));
        link.await.unwrap();
        for one in [&phone, &image, &chat] {
            assert!(service::open(&p.app, &p.second, &one.number).await.is_err(), "closed to those outside");
            let opened = service::open(&p.app, &p.officer, &one.number).await.unwrap();
            assert_eq!(opened.exhibit.matter.unwrap().number, "C-2026-1");
        }
    });
}
