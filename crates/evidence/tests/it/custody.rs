//! The life of an exhibit.

use evidence::model::{EventKind, Fate, State};
use evidence::{EvidenceError, service};
use kernel::Purpose;
use sha2::{Digest as _, Sha256};

use super::place::{account, bytes, on_each, told};

async fn content(p: &super::place::Place, number: &str) -> Result<Vec<u8>, EvidenceError> {
    let (_, _, mut frames) = service::content(&p.app, &p.shelf, &p.officer, number).await?;
    let mut all = Vec::new();
    while let Some(part) = frames.next_frame()? {
        all.extend(part);
    }
    Ok(all)
}

#[test]
fn a_file_comes_in_parts_and_goes_on_after_a_break() {
    on_each(async |p| {
        let whole = bytes(2_500_000, 0);
        let size = i64::try_from(whole.len()).unwrap();
        let upload = service::begin(&p.app, &p.officer, size).await.unwrap();
        let send = async |at: i64, part: &[u8]| {
            service::append(&p.app, &p.shelf, &p.officer, (upload.id, at), part.to_vec()).await
        };
        send(0, &whole[..1_000_000]).await.unwrap();
        // The line broke, nobody knows how far: the node says where to go on.
        assert!(matches!(send(0, &whole[..10]).await, Err(EvidenceError::Offset(1_000_000))));
        let at = service::upload(&p.app, &p.officer, upload.id).await.unwrap().received_bytes;
        assert!(service::upload(&p.app, &p.second, upload.id).await.is_err(), "somebody else's");
        let early = service::finish(&p.app, &p.shelf, &p.officer, upload.id, told("x")).await;
        assert!(matches!(early, Err(EvidenceError::Length { received: 1_000_000, .. })), "{early:?}");
        // Another process goes on: it has no hashes in memory.
        let again = p.another_shelf().await;
        let rest = whole[1_000_000..].to_vec();
        service::append(&p.app, &again, &p.officer, (upload.id, at), rest).await.unwrap();
        assert!(matches!(send(size, b"x").await, Err(EvidenceError::TooLarge)));
        let wrong = service::Begun { sha256: "00".repeat(32), ..told("x") };
        let refused = service::finish(&p.app, &again, &p.officer, upload.id, wrong).await;
        assert!(matches!(refused, Err(EvidenceError::OtherHash)));
        let exhibit = service::finish(&p.app, &again, &p.officer, upload.id, told("Дамп")).await.unwrap();
        assert_eq!(exhibit.size_bytes, Some(size));
        assert_eq!(content(&p, &exhibit.number).await.unwrap(), whole);
        let opened = service::open(&p.app, &p.officer, &exhibit.number).await.unwrap();
        let about = opened.about.unwrap();
        assert_eq!(about.title.into_inner(Purpose::Operate), "Дамп");
        assert_eq!(about.content.into_inner(Purpose::Operate).sha256.len(), 64);
        assert_eq!(p.life(&exhibit.number).await, ["taken", "opened"]);
        // The same bytes lie there once.
        let twin = p.take(told("Тот же дамп"), &whole, 900_000).await;
        assert_eq!(twin.blob, exhibit.blob);
        assert_ne!(twin.seal, exhibit.seal);
        let files = p.lying().await;
        assert_eq!(files.len(), 1, "{files:?}");
    });
}

pub fn walk(at: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut all = Vec::new();
    for found in std::fs::read_dir(at).unwrap() {
        let path = found.unwrap().path();
        if path.is_dir() { all.extend(walk(&path)) } else { all.push(path) }
    }
    all
}

#[test]
fn a_hand_over_has_two_sides_and_nobody_moves_what_another_keeps() {
    on_each(async |p| {
        let e = p.take(told("Телефон"), &bytes(1_000, 1), 1_000).await;
        let place = service::add_place(&p.app, &p.officer, "Сейф 2").await.unwrap();
        service::move_to(&p.app, &p.officer, e.id, place.id).await.unwrap();
        let other = service::move_to(&p.app, &p.second, e.id, place.id).await;
        assert!(matches!(other, Err(EvidenceError::OtherHands)), "{other:?}");
        service::seal(&p.app, &p.officer, e.id, "№ 0012").await.unwrap();
        assert!(matches!(service::seal(&p.app, &p.officer, e.id, "№ 2").await, Err(EvidenceError::Seal)));
        let itself = service::offer(&p.app, &p.officer, e.id, account(&p.officer)).await;
        assert!(matches!(itself, Err(EvidenceError::Field("to"))));
        let outside = service::offer(&p.app, &p.officer, e.id, account(&p.approver)).await;
        assert!(matches!(outside, Err(EvidenceError::Field("to"))), "an approver keeps nothing");
        service::offer(&p.app, &p.officer, e.id, account(&p.second)).await.unwrap();
        assert!(matches!(service::receive(&p.app, &p.officer, e.id).await, Err(EvidenceError::OtherHands)));
        service::decline(&p.app, &p.second, e.id, "упаковка нарушена").await.unwrap();
        service::offer(&p.app, &p.officer, e.id, account(&p.second)).await.unwrap();
        service::call_back(&p.app, &p.officer, e.id).await.unwrap();
        service::offer(&p.app, &p.officer, e.id, account(&p.second)).await.unwrap();
        service::receive(&p.app, &p.second, e.id).await.unwrap();
        let mine = service::unseal(&p.app, &p.officer, e.id, "осмотр").await;
        assert!(matches!(mine, Err(EvidenceError::OtherHands)));
        service::unseal(&p.app, &p.second, e.id, "осмотр").await.unwrap();
        assert_eq!(
            p.life(&e.number).await,
            [
                "taken",
                "moved",
                "sealed",
                "offered",
                "declined",
                "offered",
                "called_back",
                "offered",
                "received",
                "unsealed"
            ]
        );
        let opened = service::open(&p.app, &p.second, &e.number).await.unwrap();
        assert_eq!((opened.exhibit.events, opened.under_seal), (10, false));
        let said: Vec<String> = opened
            .custody
            .iter()
            .filter_map(|c| Some(c.words.clone()?.into_inner(Purpose::Operate).text))
            .collect();
        assert_eq!(said, ["№ 0012", "упаковка нарушена", "осмотр"]);
    });
}

#[test]
fn it_is_destroyed_by_two_and_its_proofs_stay() {
    on_each(async |p| {
        let content = bytes(4_000, 2);
        let (e, twin) =
            (p.take(told("Диск"), &content, 4_000).await, p.take(told("Копия"), &content, 4_000).await);
        service::propose(&p.app, &p.officer, e.id, (Fate::Destroy, "решение суда")).await.unwrap();
        let twice = service::propose(&p.app, &p.second, e.id, (Fate::Return, "владельцу")).await;
        assert!(matches!(twice, Err(EvidenceError::Proposal)));
        assert!(service::carry_out(&p.app, &p.shelf, &p.officer, e.id, "да").await.is_err(), "not alone");
        service::send_back(&p.app, &p.approver, e.id, "нет акта").await.unwrap();
        service::propose(&p.app, &p.officer, e.id, (Fate::Destroy, "решение суда, акт")).await.unwrap();
        let done = service::carry_out(&p.app, &p.shelf, &p.approver, e.id, "согласен").await.unwrap();
        assert_eq!(done, Fate::Destroy);
        let opened = service::open(&p.app, &p.officer, &e.number).await.unwrap();
        assert_eq!(opened.exhibit.state, State::Destroyed);
        assert!(opened.about.is_none());
        // The decision outlives what it is about, with the hash by which others know what was destroyed; nothing else that was said does.
        let said =
            |c: &service::Custody| Some((c.event.kind, c.words.clone()?.into_inner(Purpose::Operate).text));
        let kept: Vec<(EventKind, String)> = opened.custody.iter().filter_map(said).collect();
        let agreed = format!("согласен\nSHA-256: {}", hex::encode(Sha256::digest(&content)));
        assert_eq!(
            kept,
            [(EventKind::Proposed, "решение суда, акт".to_owned()), (EventKind::Destroyed, agreed)]
        );
        assert_eq!(opened.custody.last().unwrap().event.kind, EventKind::Destroyed);
        assert!(service::describe(&p.app, &p.officer, e.id, ("x", "y")).await.is_err());
        // The twin's bytes lie there still; with the last of them they go.
        assert_eq!(super::custody::content(&p, &twin.number).await.unwrap(), content);
        service::propose(&p.app, &p.officer, twin.id, (Fate::Destroy, "решение суда")).await.unwrap();
        service::carry_out(&p.app, &p.shelf, &p.approver, twin.id, "согласен").await.unwrap();
        assert!(p.lying().await.is_empty());
        p.placed().await;
        let slip = service::slip(&p.app, &p.officer, &e.number, 1).await.unwrap();
        assert!(slip.slip.to_string().starts_with("c2sp.org/tlog-proof@v1\nindex "));
    });
}

#[test]
fn rot_is_found_and_told() {
    on_each(async |p| {
        let e = p.take(told("Дамп"), &bytes(3_000_000, 3), 1 << 20).await;
        let file = p.lying().await.pop().unwrap();
        let blob = e.blob.unwrap();
        assert_eq!(service::check(&p.app, &p.shelf, blob).await.unwrap(), None);
        let mut rotten = p.bytes_of(&file).await;
        let whole = rotten.clone();
        let at = rotten.len() - 5;
        rotten[at] ^= 4;
        p.put_bytes(&file, &rotten).await;
        assert_eq!(service::check(&p.app, &p.shelf, blob).await.unwrap(), Some(2), "the third frame");
        assert_eq!(service::check(&p.app, &p.shelf, blob).await.unwrap(), Some(2));
        let opened = service::open(&p.app, &p.officer, &e.number).await.unwrap();
        assert!(opened.exhibit.damaged);
        assert!(matches!(content(&p, &e.number).await, Err(EvidenceError::Damaged { frame: 2, .. })));
        assert_eq!(service::counts(&p.app, &p.officer).await.unwrap().damaged, 1);
        // From a backup.
        p.put_bytes(&file, &whole).await;
        service::check(&p.app, &p.shelf, blob).await.unwrap();
        assert_eq!(p.life(&e.number).await, ["taken", "damaged", "opened", "checked"]);
    });
}

#[test]
fn copies_name_what_they_were_made_from_and_closed_ones_are_hidden() {
    on_each(async |p| {
        let phone = service::take_item(&p.app, &p.officer, told("Телефон")).await.unwrap();
        let begun = service::Begun { parent: Some(phone.id), ..told("Образ памяти") };
        let image = p.take(begun, &bytes(500, 4), 500).await;
        assert_eq!(image.parent, Some(phone.id));
        assert_eq!(p.life(&phone.number).await, ["taken", "derived"]);
        let (ids, team) = ([phone.id, image.id], [p.officer.label()]);
        p.app.db.write(move |tx| service::let_in(tx, &ids, true, &team)).await.unwrap();
        for number in [&phone.number, &image.number] {
            let hidden = service::open(&p.app, &p.second, number).await;
            assert!(matches!(hidden, Err(EvidenceError::Access(access::AccessError::Hidden))), "{hidden:?}");
            assert!(service::open(&p.app, &p.officer, number).await.is_ok());
        }
        let seen =
            service::list(&p.app, &p.second, evidence::store::exhibit::Narrow::default()).await.unwrap();
        assert_eq!((seen.rows.len(), seen.counts.all), (0, 0));
        let mine =
            service::list(&p.app, &p.officer, evidence::store::exhibit::Narrow::default()).await.unwrap();
        assert_eq!((mine.rows.len(), mine.counts.all), (2, 2));
    });
}
