//! Whoever tries out numbers at the portal works for each answer; whoever asks about a link, or after somebody else's question, does
//! not.

use std::sync::Arc;

use kernel::Coded as _;
use registry::RegistryError;
use registry::live::Live;
use registry::rules::crowd::{FREE, is_solved};
use registry::service::crowd::{Puzzle, Solved, check_from};
use sha2::{Digest as _, Sha256};

use crate::talk::each;

/// As the browser does it.
fn solved(puzzle: &Puzzle) -> Solved {
    let fits = |n: &u64| is_solved(&Sha256::digest(format!("{}:{n}", puzzle.text)), puzzle.bits);
    Solved { text: puzzle.text.clone(), answer: (0..u64::MAX).find(fits).unwrap().to_string() }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_too_much_works_for_it() {
    each("kz", async |world| {
        let app = &world.app;
        let live = Live::new(app.uuid(), Arc::default());
        let ask = async |network: u64, text: &str, solved: &Solved| {
            check_from(app, &live, Some(network), text, solved).await
        };
        let none = Solved::default();
        let whole: Vec<String> = (0..10).map(|no| format!("+7700000{no:04}")).collect();
        let whole = format!("call {}", whole.join(", "));
        for _ in 0..FREE / 10 {
            assert_eq!(ask(7, &whole, &none).await.unwrap().len(), 10);
        }
        let refused = ask(7, "+77000000577", &none).await.unwrap_err();
        assert_eq!(refused.code(), "registry.puzzle");
        let RegistryError::Puzzle(puzzle) = refused else { panic!("{refused}") };
        assert_eq!(ask(7, "https://bank-bonus.example/a", &none).await.unwrap().len(), 1, "a link is free");
        assert_eq!(ask(8, "+77000000577", &none).await.unwrap().len(), 1, "so is somebody else's question");
        let work = solved(&puzzle);
        assert_eq!(ask(7, "+77000000577", &work).await.unwrap().len(), 1);
        assert_eq!(ask(7, "+77000000578", &work).await.unwrap_err().code(), "registry.puzzle", "used once");
        let made_up = Solved { text: "1.1.0011223344556677.00".to_owned(), answer: "1".to_owned() };
        assert_eq!(ask(7, "+77000000578", &made_up).await.unwrap_err().code(), "registry.puzzle");
    })
    .await;
}
