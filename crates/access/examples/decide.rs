//! How long one decision takes: `cargo run -p access --example decide --profile release`. Prints, judges nothing.

use access::{Action, Resource, Stage, require, staff};
use kernel::{Actor, Role, WallClock};
use uuid::Uuid;

const ROUNDS: u32 = 20_000;

#[expect(clippy::print_stdout, reason = "an example that prints is what this is")]
fn main() {
    let (user, partner) = (Uuid::from_u128(1), Uuid::from_u128(2));
    let order = Resource::bare("order", Uuid::from_u128(3), "dep").addressed_to(&[partner]).at(Stage::Sent);
    let officer = staff(user, "A", &[Role::DutyOfficer], "dep", "duty");
    let cases: [(&str, Actor, Action, &Resource); 4] = [
        ("officer sends an order, permitted", officer.clone(), Action::SendOrder, &order),
        ("officer approves an order, refused", officer, Action::ApproveOrder, &order),
        (
            "partner answers an order, permitted",
            Actor::institution(partner, "B"),
            Action::AnswerOrder,
            &order,
        ),
        ("stranger sees an order, hidden", Actor::Public, Action::ViewOrder, &order),
    ];
    let clock = WallClock::system();
    for (name, actor, action, thing) in cases {
        let permitted = require(&actor, action, thing).is_ok();
        let mut times: Vec<i64> = Vec::new();
        for _ in 0..5 {
            let started = clock.now();
            let same = (0..ROUNDS).filter(|_| require(&actor, action, thing).is_ok() == permitted).count();
            assert_eq!(u32::try_from(same), Ok(ROUNDS));
            times.push(
                clock
                    .now()
                    .micros_since(started)
                    .saturating_mul(1_000)
                    .checked_div(ROUNDS.into())
                    .unwrap_or(0),
            );
        }
        times.sort_unstable();
        let middle = times.get(times.len() / 2).copied().unwrap_or(0);
        println!("{name}: {middle} ns, median of 5 rounds of {ROUNDS}");
    }
}
