//! The command as it is typed: arguments, report, exit code.

use clap::Parser;
use conformance::{Args, execute};
use httpsig::public_key_text;
use serde_json::Value;

use crate::common::free;
use crate::endpoint::{Bad, key, open};

#[derive(Debug, Parser)]
struct Cli {
    #[command(flatten)]
    args: Args,
}

/// Exit code and what was printed.
async fn typed(url: &str, listen: &str, more: &[&str]) -> anyhow::Result<(u8, String)> {
    let key = public_key_text(&key().verifying_key());
    let listen = format!("--listen={listen}");
    let fixed = ["kit", url, "--code=ZALT", "--keyid=ZALT/2026-1", "--known=KZ938010000000000017"];
    let times =
        ["--unknown=KZ458010000000009999", "--patience=5", "--quiet=1", "--term=4", "--silence=1", "--key"];
    let all =
        fixed.into_iter().chain(times).chain([key.as_str(), listen.as_str()]).chain(more.iter().copied());
    let mut out = Vec::new();
    let code = execute(Cli::try_parse_from(all)?.args, &mut out).await?;
    Ok((code, String::from_utf8(out)?))
}

#[tokio::test(flavor = "multi_thread")]
async fn report_and_exit_code() {
    let name = conformance::clock::token().unwrap();
    let file = std::env::temp_dir().join(format!("conformance-{name}.json"));
    let json = file.display().to_string();
    // The port is free for a moment, and somebody else's test may take it.
    let mut left = 5;
    let (url, code, text) = loop {
        let ((gateway, _), (kit, address)) = (free().await, free().await);
        let url = open(Bad::Nothing, gateway, &format!("http://{address}")).await;
        drop(kit);
        match typed(&url, &address, &["--json", &json]).await {
            Ok((code, text)) => break (url, code, text),
            Err(error) if left > 0 && error.to_string().starts_with("cannot listen") => left -= 1,
            Err(error) => panic!("{error:#}"),
        }
    };
    assert_eq!(code, 0, "{text}");
    assert!(text.contains("The kit signs as TEST/kit-") && text.contains(" 0 failed, 0 warned"), "{text}");
    let report: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    std::fs::remove_file(&file).unwrap();
    assert_eq!((&report["type"], &report["failed"]), (&"conformance.v1".into(), &0.into()));
    assert!(report["run"].as_str().unwrap().starts_with("TEST-"));
    assert_eq!(report["url"], url);
    let first = &report["checks"][0];
    assert_eq!((first["id"].as_str(), first["result"].as_str()), (Some("reach.message"), Some("passed")));
}

#[tokio::test(flavor = "multi_thread")]
async fn one_for_a_fault_and_two_for_nobody() {
    let (gateway, _) = free().await;
    let url = open(Bad::RefusesTheKit, gateway, "http://127.0.0.1:1").await;
    let (code, text) = typed(&url, "127.0.0.1:0", &[]).await.unwrap();
    assert_eq!(code, 1, "{text}");
    assert!(text.contains("FAIL  reach.message") && text.contains("came:     401"), "{text}");
    let (gone, nobody) = free().await;
    drop(gone);
    let (code, text) = typed(&format!("http://{nobody}"), "127.0.0.1:0", &[]).await.unwrap();
    assert_eq!(code, 2, "{text}");
    assert!(text.contains("It could not be judged: no connection"), "{text}");
    assert!(typed("https://bank.example", "127.0.0.1:0", &[]).await.is_err(), "the kit has no TLS");
}
