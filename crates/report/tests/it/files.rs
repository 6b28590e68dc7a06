//! Files that are added to a report: taken whole or not at all, shown only where it is safe, gone when taken back.

use http::{StatusCode, header};
use kernel::{Actor, Purpose};
use report::rules::files::{CUT_OFF_SECS, FileError, MAX_FILE_BYTES, MAX_FILES, PUT_BACK_SECS};
use report::{ReportError, ReportId, service};

use crate::support::{Browser, Place, on_each, place};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR-an-invented-picture";

async fn filed(place: &Place, lang: &str) -> (Browser, ReportId) {
    let mut b = Browser::new(&place.app, lang);
    let number = b.file().await.number();
    let found = place.app.db.read(move |tx| report::store::by_number(tx, &number)).await;
    (b, found.unwrap().unwrap().id)
}

/// Larger than one part and no multiple of it.
fn recording() -> Vec<u8> {
    let noise = (0..1_300_007_u32).map(|n| n.wrapping_mul(2_654_435_761).to_be_bytes()[0]);
    b"OggS\0\x02".iter().copied().chain(noise).collect()
}

fn header_of(seen: &crate::support::Seen, name: header::HeaderName) -> &str {
    seen.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default()
}

#[test]
fn files_come_back_byte_for_byte() {
    on_each(async |place: Place| {
        let (mut b, id) = filed(&place, "ru").await;
        b.get("/my-report").await.has("href=\"/my-report/files\"");
        let sound = recording();
        let seen =
            b.post_files("/my-report/files", &[("Скрин 1.png", PNG), ("a/b/звонок.ogg", &sound)]).await;
        assert_eq!(seen.path, "/my-report/files");
        seen.has("Скрин 1.png").has("звонок.ogg").lacks("a/b/").has("1\u{a0}270\u{a0}КБ");
        let picture = b.get("/my-report/files/1").await;
        assert_eq!(picture.bytes, PNG);
        assert_eq!(header_of(&picture, header::CONTENT_TYPE), "image/png");
        assert!(header_of(&picture, header::CONTENT_DISPOSITION).starts_with("inline; filename=\"R-"));
        let back = b.get("/my-report/files/2").await;
        assert!(back.bytes == sound, "{} bytes came back, {} were sent", back.bytes.len(), sound.len());
        assert_eq!(header_of(&back, header::CONTENT_TYPE), "application/octet-stream");
        assert!(header_of(&back, header::CONTENT_DISPOSITION).ends_with("-2.ogg\""));
        // The same once more, pressed twice or found again: nothing is added.
        b.post_files("/my-report/files", &[("other name.png", PNG)]).await.lacks("other name");
        // The desk hears of it and sees it.
        let last = place.app.db.read(move |tx| report::store::last_said(tx, id)).await.unwrap();
        assert!(last.reporter.is_some());
        let officer = Actor::system("retention");
        let content = service::file_content(&place.app, &officer, id, 1, Purpose::HandleReport).await;
        assert!(content.is_err(), "a part of the platform that has no right to it");
        let mut stranger = Browser::new(&place.app, "ru");
        stranger.get("/my-report/files/1").await.lacks("PNG").has("name=\"code\"");
        stranger.post_files("/my-report/files", &[("x.png", PNG)]).await.has("name=\"code\"");
    });
}

#[tokio::test]
async fn what_only_pretends_to_be_a_picture_is_saved_and_never_shown() {
    let place = place().await;
    let (mut b, _) = filed(&place, "en").await;
    let page = b"<!DOCTYPE html><script>alert(1)</script>";
    let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>";
    let seen = b
        .post_files(
            "/my-report/files",
            &[("<img src=x onerror=alert(1)>.png", page), ("photo\u{202e}gpj.svg", svg)],
        )
        .await;
    seen.lacks("<img src=x").lacks("\u{202e}");
    for no in 1..=2 {
        let got = b.get(&format!("/my-report/files/{no}")).await;
        assert_eq!(header_of(&got, header::CONTENT_TYPE), "application/octet-stream");
        assert!(header_of(&got, header::CONTENT_DISPOSITION).starts_with("attachment; "));
        assert!(header_of(&got, header::CONTENT_DISPOSITION).ends_with(".bin\""));
        assert_eq!(header_of(&got, header::X_CONTENT_TYPE_OPTIONS), "nosniff");
        assert_eq!(header_of(&got, header::CACHE_CONTROL), "no-store");
    }
}

#[tokio::test]
async fn a_file_that_cannot_be_taken_is_named_and_the_others_stay() {
    let place = place().await;
    let (mut b, _) = filed(&place, "en").await;
    let large = vec![7; usize::try_from(MAX_FILE_BYTES).unwrap() + 1];
    let seen =
        b.post_files("/my-report/files", &[("a.png", PNG), ("film.mp4", &large), ("void.txt", b"")]).await;
    assert_eq!(seen.status, StatusCode::UNPROCESSABLE_ENTITY);
    seen.has("film.mp4” is larger than 20 MB").has("void.txt” is empty").has("a.png");
    let none = b.post_files("/my-report/files", &[("", b"")]).await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    none.has("Choose a file");
    // Nothing of what was refused is left behind.
    while parts(&place).await > 1 {
        place.app.timer.sleep(std::time::Duration::from_millis(5)).await;
    }
    assert_eq!(parts(&place).await, 1);
}

const ALL_PARTS: db::Stmt = db::Stmt::both("test.parts", "SELECT COUNT(*) FROM report_file_part");

#[test]
fn no_more_than_a_report_holds() {
    on_each(async |place: Place| {
        let (_, id) = filed(&place, "kk").await;
        let actor = Actor::Citizen { report: id.uuid() };
        for n in 0..MAX_FILES {
            service::add_file(&place.app, &actor, id, "x", format!("{n}").as_bytes()).await.unwrap();
        }
        let more = service::add_file(&place.app, &actor, id, "x", b"one more").await;
        assert!(matches!(more, Err(ReportError::File(_))), "{more:?}");
    });
}

#[test]
fn what_is_taken_back_is_seen_by_nobody_and_is_gone_after_a_day() {
    on_each(async |place: Place| {
        let (mut b, id) = filed(&place, "en").await;
        b.post_files("/my-report/files", &[("mine.png", PNG)]).await.has("mine.png");
        let removed = b.post("/my-report/files/1/remove", &[]).await;
        removed.lacks("mine.png").has("/my-report/files/1/put-back");
        assert_eq!(b.get("/my-report/files/1").await.status, StatusCode::NOT_FOUND);
        b.post("/my-report/files/1/put-back", &[]).await.has("mine.png");
        b.post("/my-report/files/1/remove", &[]).await.lacks("mine.png");
        b.post_files("/my-report/files", &[("again.png", PNG)]).await.has("mine.png");
        b.post("/my-report/files/1/remove", &[]).await;
        place.clock.advance_secs(PUT_BACK_SECS + 1);
        tidy(&place).await;
        let actor = Actor::Citizen { report: id.uuid() };
        service::put_file_back(&place.app, &actor, id, 1).await.unwrap();
        assert!(service::file_content(&place.app, &actor, id, 1, Purpose::OwnData).await.is_err());
        assert_eq!(parts(&place).await, 0);
        assert!(service::remove_file(&place.app, &actor, id, 7).await.is_err(), "there is no seventh");
    });
}

#[test]
fn what_was_cut_off_is_seen_by_nobody_and_forgotten() {
    on_each(async |place: Place| {
        let (_, id) = filed(&place, "en").await;
        let actor = Actor::Citizen { report: id.uuid() };
        let mut arriving = service::begin_file(&place.app, &actor, id, "half.ogg").await.unwrap();
        arriving.push(&recording()).await.unwrap();
        // The process ended: nobody is left to forget it.
        std::mem::forget(arriving);
        let full = service::open(&place.app, &actor, id, Purpose::OwnData).await.unwrap();
        assert!(full.files.is_empty());
        tidy(&place).await;
        assert_eq!(parts(&place).await, 2, "it may still be coming");
        place.clock.advance_secs(CUT_OFF_SECS + 1);
        tidy(&place).await;
        assert_eq!(parts(&place).await, 0);
    });
}

#[test]
fn a_file_that_is_dropped_half_way_takes_no_room() {
    on_each(async |place: Place| {
        let (_, id) = filed(&place, "en").await;
        let actor = Actor::Citizen { report: id.uuid() };
        for _ in 0..=MAX_FILES {
            let mut arriving = service::begin_file(&place.app, &actor, id, "half.ogg").await.unwrap();
            arriving.push(&recording()).await.unwrap();
            drop(arriving);
            // It is forgotten by a task of its own.
            while parts(&place).await > 0 {
                place.app.timer.sleep(std::time::Duration::from_millis(5)).await;
            }
        }
    });
}

#[test]
fn nothing_is_added_to_a_file_whose_report_was_erased_or_that_was_swept_away() {
    on_each(async |place: Place| {
        let actor = |id: ReportId| Actor::Citizen { report: id.uuid() };
        let (_, erased) = filed(&place, "en").await;
        let mut arriving = service::begin_file(&place.app, &actor(erased), erased, "a").await.unwrap();
        arriving.push(&recording()).await.unwrap();
        service::expunge(&place.app, &Actor::system("retention"), erased).await.unwrap();
        assert!(arriving.push(&recording()).await.is_err());
        assert_eq!(parts(&place).await, 0);
        let (_, swept) = filed(&place, "en").await;
        let mut arriving = service::begin_file(&place.app, &actor(swept), swept, "b").await.unwrap();
        arriving.push(&recording()).await.unwrap();
        place.clock.advance_secs(CUT_OFF_SECS + 1);
        tidy(&place).await;
        assert!(arriving.push(&recording()).await.is_err());
        assert_eq!(parts(&place).await, 0);
    });
}

#[test]
fn files_that_come_at_once_share_the_room() {
    on_each(async |place: Place| {
        let (_, id) = filed(&place, "en").await;
        let actor = Actor::Citizen { report: id.uuid() };
        let many = vec![1; usize::try_from(MAX_FILE_BYTES).unwrap()];
        let mut coming = Vec::new();
        for _ in 0..5 {
            let mut arriving = service::begin_file(&place.app, &actor, id, "x").await.unwrap();
            arriving.push(&many).await.unwrap();
            coming.push(arriving);
        }
        let more = service::begin_file(&place.app, &actor, id, "x").await.map(drop);
        assert!(matches!(more, Err(ReportError::File(FileError::TooMany))), "{more:?}");
    });
}

#[test]
fn what_an_officer_adds_is_no_word_of_the_citizen() {
    on_each(async |place: Place| {
        let (mut b, id) = filed(&place, "en").await;
        b.post_files("/my-report/files", &[("mine.png", PNG)]).await.has("mine.png");
        b.post("/my-report/files/1/remove", &[]).await.lacks("mine.png");
        let officer = crate::later::officer(&place);
        service::add_file(&place.app, &officer, id, "saved.png", PNG).await.unwrap();
        let full = service::open(&place.app, &officer, id, Purpose::HandleReport).await.unwrap();
        let seen: Vec<(i64, bool, bool)> =
            full.files.iter().map(|f| (f.no, f.from_citizen, f.removed)).collect();
        assert_eq!(seen, [(1, true, true), (2, false, false)], "what was taken back stays taken back");
        let citizen = Actor::Citizen { report: id.uuid() };
        assert!(service::remove_file(&place.app, &citizen, id, 2).await.is_err());
        let still = service::file_content(&place.app, &officer, id, 2, Purpose::HandleReport).await;
        assert!(still.is_ok(), "the desk's file is not the citizen's to take back");
    });
}

#[test]
fn a_file_that_was_cut_in_the_database_is_not_handed_out() {
    on_each(async |place: Place| {
        let (mut b, _) = filed(&place, "en").await;
        b.post_files("/my-report/files", &[("call.ogg", &recording())]).await.has("call.ogg");
        place.app.db.write(|tx| tx.execute(&CUT, &[])).await.unwrap();
        let got = b.get("/my-report/files/1").await;
        assert_eq!(got.status, StatusCode::INTERNAL_SERVER_ERROR);
        assert!(!got.bytes.starts_with(b"OggS"));
    });
}

const CUT: db::Stmt = db::Stmt::both("test.cut", "DELETE FROM report_file_part WHERE no > 0");

async fn parts(place: &Place) -> i64 {
    let count: Result<Vec<i64>, db::DbError> =
        place.app.db.read(|tx| tx.query(&ALL_PARTS, &[], |r| r.get::<i64>(0))).await;
    count.unwrap()[0]
}

async fn tidy(place: &Place) {
    let (vault, now) = (place.app.vault.clone(), place.app.wall.now());
    place.app.db.write(move |tx| report::draft::purge(tx, &vault, now)).await.unwrap();
}
