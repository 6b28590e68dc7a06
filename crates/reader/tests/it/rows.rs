//! Rows through the limited process.

use reader::Ended;
use statement::Row;

use crate::{block, feed, reader};

fn rows(bytes: Vec<u8>, plan: Option<String>) -> (Vec<Row>, reader::Rows) {
    let mut all = Vec::new();
    let ended = block(async {
        reader()
            .rows(feed(bytes), plan, std::future::pending(), |row| {
                all.push(row);
                true
            })
            .await
    });
    (all, ended)
}

#[test]
fn a_statement() {
    let text = "Дата;Дебет;Кредит;Назначение платежа\n02.11.2026;1,00;;выдумано\n03.11.2026;;2,00;выдумано\n";
    let (all, ended) = rows(text.as_bytes().to_vec(), None);
    assert_eq!(ended.ended, Ended::Whole, "{ended:?}");
    assert!(ended.held.all());
    assert_eq!(all.len(), 2);
    let summary = ended.summary.unwrap();
    assert_eq!(summary.rows, 2);
    let plan = summary.plan.unwrap().to_toml().replace("debit", "credit2");
    let (_, refused) = rows(text.as_bytes().to_vec(), Some(plan));
    assert_eq!(refused.failure.unwrap().code, "mapping");
}

#[test]
fn a_report_of_a_device() {
    let text = include_str!("../../../../third_party/case-examples/call_log.json");
    let (all, ended) = rows(text.as_bytes().to_vec(), None);
    assert_eq!(ended.ended, Ended::Whole, "{ended:?}");
    assert_eq!(all.iter().filter(|row| matches!(row, Row::Call(_))).count(), 4);
}

#[test]
fn a_large_statement_takes_no_more_memory_than_a_small_one() {
    let mut text = String::from("Date,Amount,Type,Details\n");
    while text.len() < 24 << 20 {
        text.push_str("2026-11-02,1.50,Debit,an invented payment for nothing in particular\n");
    }
    let many = text.lines().count() - 1;
    let mut seen = 0_usize;
    let ended = block(async {
        reader()
            .rows(feed(text.into_bytes()), None, std::future::pending(), |_| {
                seen += 1;
                true
            })
            .await
    });
    assert_eq!((ended.ended, seen), (Ended::Whole, many));
}

#[test]
fn what_is_none() {
    let (all, ended) = rows(b"\x00\x01\x02".to_vec(), None);
    assert!(all.is_empty());
    assert_eq!(ended.failure.unwrap().code, "unknown_format");
}
