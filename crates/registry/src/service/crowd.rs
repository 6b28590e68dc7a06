//! Puzzles for those who ask too much at the portal: handed out, worked on by the browser, taken once. Nothing is kept of whoever
//! asks but, in memory and by a hash, how often a network did within the hour. Each process remembers for itself.

use std::sync::PoisonError;

use app::App;
use kernel::Timestamp;
use sha2::{Digest as _, Sha256};

use super::asking::Seen;
use super::checking::{Shown, answered, asked, turn};
use super::leads::is_guess;
use crate::error::RegistryError;
use crate::live::Live;
use crate::rules::PublicAnswer;
use crate::rules::crowd::{WORKED_SECS, is_solved};

/// Longest text of a puzzle, bytes.
const LONGEST_TEXT: usize = 128;
/// So much may the clocks of two processes differ.
const CLOCKS_SECS: i64 = 60;

/// A puzzle: a number is to be found with which its text has a hash that begins with so many zero bits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Puzzle {
    /// Its text, signed.
    pub text: String,
    /// How many bits.
    pub bits: u32,
}

/// A solved puzzle, as the browser sends it back.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Solved {
    /// The text.
    pub text: String,
    /// The number that was found.
    pub answer: String,
}

fn signed(app: &App, body: &str) -> String {
    let mac = app.vault.blind("registry.puzzle", body);
    format!("{body}.{}", hex::encode(mac.get(..16).unwrap_or(&mac)))
}

fn puzzle(app: &App, bits: u32) -> Puzzle {
    let nonce: [u8; 8] = app.entropy.bytes();
    let body = format!("{}.{bits}.{}", app.wall.now().as_secs(), hex::encode(nonce));
    Puzzle { text: signed(app, &body), bits }
}

/// Whether a puzzle of this office was solved in time, and the nonce by which it is used up. It must be as hard as one that
/// would be given now, or nearly: whoever hoards easy ones gains little.
fn read(app: &App, solved: &Solved, bits: u32, now: Timestamp) -> Option<[u8; 8]> {
    // What is longer is none of ours, and costs nobody a hash.
    if solved.text.len() > LONGEST_TEXT || solved.answer.len() > 20 {
        return None;
    }
    let (body, _) = solved.text.rsplit_once('.')?;
    if signed(app, body) != solved.text {
        return None;
    }
    let mut parts = body.split('.');
    let (at, had) = (parts.next()?.parse::<i64>().ok()?, parts.next()?.parse::<u32>().ok()?);
    let nonce: [u8; 8] = hex::decode(parts.next()?).ok()?.try_into().ok()?;
    let age = now.as_secs().saturating_sub(at);
    let hash = Sha256::digest(format!("{}:{}", solved.text, solved.answer));
    ((-CLOCKS_SECS..=WORKED_SECS).contains(&age) && had.saturating_add(1) >= bits && is_solved(&hash, had))
        .then_some(nonce)
}

/// What somebody wants: to ask about so many numbers, or to do something that counts as so many questions.
#[derive(Debug, Clone, Copy)]
pub(super) enum Wants {
    Ask(u32),
    Act(u32),
}

/// Lets somebody of a network go on, or not before a puzzle is solved. Gives whether it was worked for.
pub(super) fn admit(
    app: &App,
    live: &Live,
    (network, wants): (Option<u64>, Wants),
    solved: &Solved,
) -> Result<bool, RegistryError> {
    let now = app.wall.now();
    let crowd = || live.crowd.lock().unwrap_or_else(PoisonError::into_inner);
    let bits = match wants {
        Wants::Ask(numbers) => crowd().ask(network, numbers, now),
        Wants::Act(counts) => crowd().act(network, counts, now),
    };
    let Some(bits) = bits else { return Ok(false) };
    // Reckoned outside the lock.
    match read(app, solved, bits, now) {
        Some(nonce) if crowd().used(nonce, now) => Ok(true),
        _ => Err(RegistryError::Puzzle(puzzle(app, bits))),
    }
}

/// The same as [`super::check_public`], for somebody of a network: who asks too much about numbers works for it.
///
/// # Errors
/// As there; [`RegistryError::Puzzle`].
pub async fn check_from(
    app: &App,
    live: &Live,
    network: Option<u64>,
    text: &str,
    solved: &Solved,
) -> Result<Vec<Shown>, RegistryError> {
    let work = async {
        let asked = asked(app, text)?;
        let numbers = asked.iter().filter(|seen| is_guess(seen)).count();
        let numbers = u32::try_from(numbers).unwrap_or(u32::MAX);
        let worked = admit(app, live, (network, Wants::Ask(numbers)), solved)?;
        let found = answered(app, asked).await?;
        let guess =
            |s: &Shown| s.kind.is_some_and(|kind| is_guess(&Seen { kind, canonical: s.value.clone() }));
        let nothing = |s: &&Shown| guess(s) && s.answer == PublicAnswer::Nothing;
        if !worked {
            let missed = u32::try_from(found.iter().filter(nothing).count()).unwrap_or(u32::MAX);
            live.crowd.lock().unwrap_or_else(PoisonError::into_inner).missed(missed, app.wall.now());
        }
        Ok(found)
    };
    turn(app, work).await
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As the browser does it.
    fn solve(puzzle: &Puzzle) -> Solved {
        let text = puzzle.text.clone();
        let fits = |n: &u64| is_solved(&Sha256::digest(format!("{text}:{n}")), puzzle.bits);
        let answer = (0..u64::MAX).find(fits).unwrap().to_string();
        Solved { text, answer }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_puzzle_of_this_office_in_time_and_hard_enough() {
        let (one, two) = (testkit::World::new(1), testkit::World::new(2));
        let (app, other) = (&one.app, &two.app);
        let now = app.wall.now();
        let given = puzzle(app, 8);
        let solved = solve(&given);
        assert!(read(app, &solved, 8, now).is_some() && read(app, &solved, 9, now).is_some());
        assert!(read(app, &solved, 10, now).is_none(), "it has become harder since");
        assert!(read(other, &solved, 8, now).is_none(), "another office's");
        assert!(read(app, &solved, 8, now.plus_secs(WORKED_SECS + 1)).is_none());
        assert!(read(app, &solved, 8, now.plus_secs(-CLOCKS_SECS - 1)).is_none());
        for (text, answer) in [
            (solved.text.replace(".8.", ".1."), solved.answer.clone()),
            (solved.text.clone(), format!("{}x", "1".repeat(20))),
            ("..".to_owned(), String::new()),
            (String::new(), String::new()),
        ] {
            assert!(read(app, &Solved { text, answer }, 8, now).is_none());
        }
    }
}
