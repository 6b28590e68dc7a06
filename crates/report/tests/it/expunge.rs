//! What the law has erased is gone: no byte of it is left in any file of the data folder.

use std::fs;
use std::path::{Path, PathBuf};

use kernel::{Actor, Purpose};
use report::model::Fact;
use report::service;

use crate::service::{WITH_CODE, report};
use crate::support::{Browser, Place, on_each, place_in_a_folder};

/// What officers see of an account.
const MASK: &str = "KZ95…0001";
/// Everything personal that the tests' report tells, as it would lie in a file.
const PERSONAL: [&str; 16] = [
    "Серік Әбенов",
    "+77012223344",
    "77012223344",
    "910101300005",
    "alayaq_bot",
    "KZ959009A00000000001",
    MASK,
    "KZ599010000000000002",
    "REF-77-ҮЛГІ",
    "кеше кешке",
    "Қосымша хабар мәтіні",
    "KZ029010000000000777",
    "ЖАҢА-НӨМІР",
    "Үшінші рет",
    "скрин-чата.png",
    "ҮЛГІ: файлдың ішіндегі мәтін",
];

/// Which of the personal values are found in which file of the folder.
fn found(folder: &Path) -> Vec<(String, PathBuf)> {
    let mut out = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let bytes = fs::read(&path).unwrap();
        let hits = PERSONAL.iter().filter(|word| bytes.windows(word.len()).any(|w| w == word.as_bytes()));
        out.extend(hits.map(|word| ((*word).to_owned(), path.clone())));
    }
    out
}

async fn file_everything(place: &Place) -> report::ReportId {
    let filed = service::file(&place.app, &Actor::Public, report(place, "gone"), WITH_CODE).await.unwrap();
    let actor = Actor::Citizen { report: filed.id.uuid() };
    service::message(&place.app, &actor, filed.id, "Қосымша хабар мәтіні", "").await.unwrap();
    service::keep_details(&place.app, &actor, filed.id, r#"{"loans":{"lenders":["KZ599010000000000002"]}}"#)
        .await
        .unwrap();
    service::tell_story(&place.app, &actor, filed.id, "Тағы да @alayaq_bot, +77012223344").await.unwrap();
    service::tell_story(&place.app, &actor, filed.id, "Үшінші рет @alayaq_bot").await.unwrap();
    let payments = crate::later::full(place, filed.id).await.payments;
    let facts =
        vec![Fact::OwnAccount("KZ029010000000000777".to_owned()), Fact::Reference("ЖАҢА-НӨМІР".to_owned())];
    let done = service::complete_payment(&place.app, &actor, filed.id, payments[0].id, facts).await.unwrap();
    assert_eq!(done.noted, 2);
    let content = "ҮЛГІ: файлдың ішіндегі мәтін";
    service::add_file(&place.app, &actor, filed.id, "скрин-чата.png", content.as_bytes()).await.unwrap();
    filed.id
}

#[tokio::test]
async fn no_byte_of_it_is_left_in_the_folder() {
    let (place, folder) = place_in_a_folder().await;
    let id = file_everything(&place).await;
    // The search finds what lies in plain sight, or it would prove nothing: the mask that officers see.
    let before = found(&folder);
    assert!(
        !before.is_empty() && before.iter().all(|(word, _)| word == MASK),
        "only masks lie open: {before:?}"
    );
    service::expunge(&place.app, &Actor::system("retention"), id).await.unwrap();
    assert_eq!(found(&folder), [], "while the node runs");
    drop(place);
    assert_eq!(found(&folder), [], "and when it has ended");
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn an_erased_report_opens_for_nobody_and_its_row_stays() {
    on_each(async |place: Place| {
        let mut b = Browser::new(&place.app, "ru");
        let receipt = b.file().await;
        let number = receipt.number();
        let id = place.app.db.read(report::store::all_ids).await.unwrap()[0];
        assert!(service::expunge(&place.app, &Actor::Citizen { report: id.uuid() }, id).await.is_err());
        service::expunge(&place.app, &Actor::system("retention"), id).await.unwrap();
        let actor = Actor::Citizen { report: id.uuid() };
        assert!(service::open(&place.app, &actor, id, Purpose::OwnData).await.is_err());
        assert!(service::tell_story(&place.app, &actor, id, "x").await.is_err());
        let door = b.get("/my-report").await;
        door.has("name=\"code\"").lacks("701");
        let shut = b.post("/my-report", &[("number", &number), ("code", &receipt.code())]).await;
        shut.has("не подходят друг к другу");
        let left = service::receipt_facts(&place.app, id).await.unwrap();
        assert_eq!((left.number, left.loss.minor()), (number, 240_000_000), "figures and proofs stay");
        let seen = place.app.db.read(move |tx| identifier::sightings_of(tx, id.uuid())).await.unwrap();
        assert!(seen.is_empty());
        service::expunge(&place.app, &Actor::system("retention"), id).await.unwrap();
    });
}
