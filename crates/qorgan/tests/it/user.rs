//! Accounts from the command line.

use clap::Parser;
use kernel::{Actor, Secret};
use qorgan::user::{self, UserCommand};

use crate::nodes::{Node, block_on, nodes};

#[derive(Debug, Parser)]
struct Line {
    #[command(subcommand)]
    command: UserCommand,
}

/// Runs `qorgan user …` with something typed; gives what it prints.
fn say(node: &Node, words: &[&str], typed: &str) -> anyhow::Result<String> {
    let data = node.data.display().to_string();
    let mut all = vec!["user"];
    all.extend(words);
    all.extend(["--data", &data]);
    if let Some(url) = &node.database {
        all.extend(["--database", url]);
    }
    let mut output = Vec::new();
    block_on(user::run(Line::parse_from(all).command, &mut typed.as_bytes(), &mut output))?;
    Ok(String::from_utf8(output).unwrap())
}

const PASSWORD: &str = "көк тау, ақ бұлт, 7 жол";

#[test]
fn list_add_close_open_reset() {
    for node in nodes() {
        assert_eq!(say(&node, &["list"], "").unwrap(), "");
        let add = ["add", "dina", "--name", "Дина Қ.", "--role", "administrator"];
        let printed = say(&node, &add, &format!("{PASSWORD}\r\n")).unwrap();
        assert!(
            printed.starts_with("otpauth://totp/Qorgan:dina?") && printed.lines().count() == 1,
            "{printed}"
        );
        assert!(say(&node, &add, PASSWORD).unwrap_err().to_string().contains("is taken"));
        let bad = say(&node, &["add", "x1", "--name", "X", "--role", "boss"], PASSWORD).unwrap_err();
        assert!(bad.to_string().contains("`boss` is no role"), "{bad}");

        // With nothing typed a password is made, and printed before the address.
        let officer = ["add", "aliya", "--name", "Әлия", "--role", "duty_officer", "--role", "approver"];
        let printed = say(&node, &officer, "").unwrap();
        let made = printed.lines().next().unwrap().to_owned();
        assert!(made.len() == 23 && printed.lines().nth(1).unwrap().starts_with("otpauth://"), "{printed}");
        assert_eq!(
            say(&node, &["list"], "").unwrap(),
            "aliya\topen\tduty_officer,approver\tnever\tӘлия\ndina\topen\tadministrator\tnever\tДина Қ.\n"
        );

        say(&node, &["close", "aliya", "--reason", "on leave"], "").unwrap();
        assert!(say(&node, &["list"], "").unwrap().starts_with("aliya\tclosed\t"));
        say(&node, &["open", "aliya", "--reason", "is back"], "").unwrap();
        assert!(say(&node, &["list"], "").unwrap().starts_with("aliya\topen\t"));
        let last = say(&node, &["close", "dina", "--reason", "leaves"], "").unwrap_err();
        assert!(last.to_string().contains("last open administrator"), "{last}");
        assert!(say(&node, &["close", "nobody", "--reason", "x"], "").is_err());
        assert!(say(&node, &["close", "aliya", "--reason", " "], "").is_err());

        let renewed = say(&node, &["reset", "aliya"], "\n").unwrap();
        assert_ne!(renewed.lines().next().unwrap(), made);
        assert!(say(&node, &["reset", "aliya"], "password1234").is_err(), "a weak one is refused");
        assert_eq!(say(&node, &["reset", "aliya"], PASSWORD).unwrap().lines().count(), 1);
        let app = node.open();
        let attempt = access::Attempt {
            login: "aliya".into(),
            password: Secret::new(PASSWORD.to_owned()),
            code: Secret::new("000000".to_owned()),
            client: access::Client::default(),
        };
        assert!(block_on(access::sign_in(&app, attempt)).is_err(), "never without a code");
        assert_eq!(block_on(access::accounts(&app, &Actor::system("setup"))).unwrap().len(), 2);
    }
}
