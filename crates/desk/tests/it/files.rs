//! Files of a report at the desk.

use http::{StatusCode, header};

use crate::place::on_each;

#[test]
fn officers_open_and_add_files_and_each_opening_is_a_record() {
    on_each("aliya", async |place| {
        let (app, path) = (place.app.clone(), format!("/desk/reports/{}", place.number));
        let picture = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
        report::service::add_file(&app, &place.citizen(), place.report, "чек.png", picture).await.unwrap();
        assert!(place.page(&path).await.contains("чек.png"));
        let opened = place.get(&format!("{path}/files/1")).await;
        assert_eq!(opened.status, StatusCode::OK);
        assert_eq!(opened.headers[header::CONTENT_TYPE], "image/png");
        assert_eq!(place.get(&format!("{path}/files/2")).await.status, StatusCode::NOT_FOUND);
        let subject = place.report.uuid();
        let records = app.db.read(move |tx| audit::records_for(tx, subject)).await.unwrap();
        let reads: Vec<_> = records.iter().filter(|r| r.record.act == "report.file_read").collect();
        assert_eq!(reads.len(), 1, "one opening, one record");
        assert!(reads[0].record.purpose.is_some());
        // What somebody brought to the counter stands beside it, as the desk's.
        let added = place.post_file(&format!("{path}/files"), "Үлгіқызы төлқұжат.txt", "scan").await;
        assert_eq!((added.status, added.location()), (StatusCode::SEE_OTHER, path.as_str()));
        let page = place.page(&path).await;
        assert!(page.contains("Үлгіқызы төлқұжат.txt"));
        let refused = place.post_file(&format!("{path}/files"), "Үлгіқызы бос.txt", "").await;
        let cookies = refused.headers.get_all(header::SET_COOKIE).iter();
        let told: String = cookies.map(|v| v.to_str().unwrap()).collect();
        assert!(told.contains("toast=") && !told.contains("Үлгі"), "{told}");
        assert!(!place.page(&path).await.contains("бос.txt"));
    });
}

#[test]
fn whoever_sees_no_report_sees_no_file() {
    on_each("erzhan", async |place| {
        let path = format!("/desk/reports/{}/files", place.number);
        report::service::add_file(&place.app, &place.citizen(), place.report, "x", b"x").await.unwrap();
        assert_eq!(place.get(&format!("{path}/1")).await.status, StatusCode::NOT_FOUND);
        assert_eq!(place.post_file(&path, "y", "y").await.status, StatusCode::NOT_FOUND);
    });
}
