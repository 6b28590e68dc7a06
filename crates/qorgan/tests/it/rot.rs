//! A node's database in which a bit has turned: named by table and row, without a key and without a node.

use clap::Parser;
use qorgan::rotting::{self, CheckArgs};

use crate::nodes::{Node, nodes};

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
        let file = node.data.join("qorgan.db");
        let mut bytes = std::fs::read(&file).unwrap();
        // The name of an applied migration, in the table that keeps them.
        let at = bytes.windows(12).position(|w| w == b"registration").unwrap();
        bytes[at] ^= 1;
        std::fs::write(&file, bytes).unwrap();
        let (places, said) = check(&node);
        assert!(places > 0 && !said.contains("sound"), "{said}");
    }
}
