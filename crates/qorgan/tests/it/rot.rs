//! A node's database in which a bit has turned: named by table and row, without a key and without a node.

use clap::Parser;
use qorgan::rotting::{self, CheckArgs};

use crate::nodes::{Node, nodes, sqlite_node};

#[derive(Debug, Parser)]
struct Check {
    #[command(flatten)]
    args: CheckArgs,
}

/// How many places are found, and what is said.
fn check(node: &Node) -> (usize, String) {
    let data = node.data.display().to_string();
    let mut words = vec!["check-database", "--data", &data];
    if let Some(url) = &node.database {
        words.extend(["--database", url]);
    }
    let mut said = Vec::new();
    let places = rotting::check(&Check::parse_from(words).args, &mut said).unwrap();
    (places, String::from_utf8(said).unwrap())
}

#[test]
fn a_bit_that_turned_is_named_and_a_sound_database_is_sound() {
    for node in nodes() {
        drop(node.open());
        let (places, said) = check(&node);
        if node.database.is_some() {
            // What the server keeps of its pages is the server's: this one keeps sums of them, or it is said that it does not.
            assert!(said.starts_with("sound") || said.contains("data-checksums"), "{said}");
            continue;
        }
        assert_eq!((places, said.as_str()), (0, "sound: every row is as it was written\n"));
        // The name of an applied migration, in the table that keeps them.
        turn(&node, b"registration");
        let (places, said) = check(&node);
        assert!(places > 0 && !said.contains("sound"), "{said}");
    }
}

/// Turns a bit in the first place that reads so.
fn turn(node: &Node, what: &[u8]) {
    let file = node.data.join("qorgan.db");
    let mut bytes = std::fs::read(&file).unwrap();
    let at = bytes.windows(what.len()).position(|w| w == what).unwrap();
    bytes[at] ^= 1;
    std::fs::write(&file, bytes).unwrap();
}

#[test]
fn a_node_does_not_believe_a_damaged_database_and_says_who_names_the_place() {
    // An applied migration, a fact about the database itself, and the file's own head.
    for what in [&b"registration"[..], b"vault_mark", b"SQLite format 3"] {
        let node = sqlite_node();
        drop(node.open());
        turn(&node, what);
        let refused = qorgan::node::open(&node.args()).unwrap_err().to_string();
        assert!(
            refused.starts_with("the database is damaged") && refused.contains("check-database"),
            "{what:?}: {refused}"
        );
    }
}
