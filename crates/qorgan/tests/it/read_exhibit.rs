//! The reading process as the platform starts it, and statements at the command line.

use std::io::Write as _;
use std::process::{Command, Output, Stdio};

use reader::{Ended, Feed, Kind, Reader};

fn qorgan(args: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_qorgan"))
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    child.wait_with_output().unwrap()
}

fn last(output: &Output) -> serde_json::Value {
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    serde_json::from_str(text.lines().last().unwrap_or("null")).unwrap()
}

#[test]
fn the_whole_program_can_do_nothing_either_while_it_reads() {
    let tried = qorgan(&["read-exhibit", "--prove"], b"");
    let nothing = serde_json::json!({"opens": false, "connects": false, "starts": false, "threads": false, "memory": false});
    assert_eq!(
        last(&tried),
        serde_json::json!({ "left": nothing }),
        "{}",
        String::from_utf8_lossy(&tried.stderr)
    );
}

#[tokio::test]
async fn it_is_started_fed_and_heard() {
    let reader = Reader::new(env!("CARGO_BIN_EXE_qorgan").into(), vec!["read-exhibit".into()]);
    let bytes = b"From: invented@example.org\r\nTo: b@example.org\r\nSubject: x\r\n\r\nhello\r\n".to_vec();
    let (send, chunks) = tokio::sync::mpsc::channel(1);
    let size_bytes = u64::try_from(bytes.len()).unwrap();
    send.send((0, bytes)).await.unwrap();
    drop(send);
    let reading = reader.read(Feed { size_bytes, chunks }, std::future::pending()).await;
    assert_eq!(reading.ended, Ended::Whole);
    assert!(reading.held.all(), "{:?}", reading.held);
    assert_eq!(reading.answer.unwrap().kind, Kind::Mail);
}

#[test]
fn a_statement_at_the_command_line() {
    let folder = std::env::temp_dir().join(format!("qorgan-read-statement-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("statement.csv");
    let text = "Входящий остаток;5,00\nДата;Дебет;Кредит;Назначение платежа\n02.11.2026;1,00;;выдумано\n03.11.2026;;2,00;выдумано\nИсходящий остаток;7,00\n";
    std::fs::write(&file, text).unwrap();
    let path = file.to_str().unwrap();
    let rows = qorgan(&["read-statement", path], b"");
    assert!(rows.status.success(), "{}", String::from_utf8_lossy(&rows.stderr));
    let text = String::from_utf8(rows.stdout.clone()).unwrap();
    assert_eq!(text.lines().filter(|l| l.contains("\"kind\":\"movement\"")).count(), 2);
    assert_eq!(last(&rows)["summary"]["sums"][0]["sound"], false);
    assert!(text.contains("\"sum_wrong\""));
    let dry = qorgan(&["read-statement", path, "--dry-run"], b"");
    assert!(!String::from_utf8_lossy(&dry.stdout).contains("\"kind\":\"movement\""));
    let mapping = qorgan(&["read-statement", path, "--show-mapping"], b"");
    let shown = folder.join("mapping.toml");
    std::fs::write(&shown, String::from_utf8(mapping.stdout).unwrap()).unwrap();
    let again = qorgan(&["read-statement", path, "--mapping", shown.to_str().unwrap()], b"");
    assert_eq!(last(&again), last(&rows));
    std::fs::write(&file, [0, 1, 2, 3]).unwrap();
    let none = qorgan(&["read-statement", path], b"");
    assert!(!none.status.success());
    assert_eq!(last(&none)["code"], "unknown_format");
    std::fs::remove_dir_all(&folder).unwrap();
}
