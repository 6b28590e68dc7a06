//! Answers that a person must look at: they go against what was said or ordered before, or nobody here knows the word.
//! Pure.

use kernel::Timestamp;

use super::Code;

/// How much earlier than the end by our clock an end by term may be told (seconds): calendars and clocks differ by hours.
const EARLY_SECS: i64 = 86_400;

/// What one answer said of an object, and when it was so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// Its codes.
    pub codes: Vec<Code>,
    /// Its time.
    pub at: Timestamp,
}

/// How an object stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Stands {
    /// The office let it go, or a part of it.
    pub let_go: bool,
    /// It is in force.
    pub in_force: bool,
    /// It is asked to be given back out of what another order holds.
    pub gives_back: bool,
}

/// Whether somebody must look at what was said of an object whose restriction ends at `ends` by itself:
/// - a word of the institution's own, of which nobody here knows what it means;
/// - a refusal beside something that is in force;
/// - an end before the term, by an order that was never given, or after a proof that nobody here has seen;
/// - nothing is known of the thing, and yet something became of it; or all of it is held, and yet some has left;
/// - money was given back to somebody though no order to give it back asked for it.
#[must_use]
pub fn wants_a_person(said: &[Said], stands: Stands, ends: Timestamp) -> bool {
    let Stands { let_go, in_force, gives_back } = stands;
    let any = |codes: &[Code]| said.iter().any(|s| s.codes.iter().any(|c| codes.contains(c)));
    let refused = any(&[Code::R40, Code::R41, Code::R42, Code::R43]);
    let ended = !let_go
        && said.iter().any(|s| {
            let early = s.at.plus_secs(EARLY_SECS) < ends;
            s.codes.iter().any(|c| matches!(c, Code::L61 | Code::L62) || (*c == Code::L60 && early))
        });
    let unknown = any(&[Code::N30, Code::N31, Code::N32]);
    let left = said.iter().any(|s| s.codes.iter().any(|c| c.is_outflow()));
    let became = left || any(&[Code::H10, Code::H11, Code::N33]);
    let whole = any(&[Code::H10]) && left && in_force;
    let unasked = !gives_back && any(&[Code::P70, Code::P71]);
    any(&[Code::Native]) || (refused && in_force) || ended || (unknown && became) || whole || unasked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_against_what_was_said_is_looked_at() {
        use Code::{A00, H10, H11, L60, L61, L62, M21, N30, N33, Native, P70, R40};
        let ends = Timestamp::from_secs(1_800_000_000);
        let at = ends.plus_secs(-7 * 86_400);
        let of = |all: &[&[Code]], at, stands| {
            let said: Vec<Said> = all.iter().map(|c| Said { codes: c.to_vec(), at }).collect();
            wants_a_person(&said, stands, ends)
        };
        let free = Stands::default();
        let (held, let_go) = (Stands { in_force: true, ..free }, Stands { let_go: true, ..free });
        let gives_back = Stands { gives_back: true, ..free };
        for (said, at, stands, looked_at) in [
            (&[&[A00][..], &[H10]][..], at, held, false),
            (&[&[H11, M21]], at, held, false),
            // An institution lets go a week early, at the end, or because it was told to.
            (&[&[H10], &[L60]], at, free, true),
            (&[&[H10], &[L60]], ends.plus_secs(-3_600), free, false),
            (&[&[H10], &[L60]], ends.plus_secs(60), free, false),
            (&[&[H10], &[L61]], at, free, true),
            (&[&[H10], &[L61]], at, let_go, false),
            (&[&[H10], &[L62]], at, free, true),
            (&[&[H11], &[R40]], at, held, true),
            (&[&[R40]], at, free, false),
            (&[&[Native]], at, free, true),
            (&[&[N30]], at, free, false),
            (&[&[N30], &[H11]], at, held, true),
            (&[&[M21], &[N30]], at, free, true),
            (&[&[N33], &[N30]], at, free, true),
            (&[&[M21], &[H10]], at, held, true),
            (&[&[M21], &[H11]], at, held, false),
            // Given back by an order to give back, out of a hold without one, or out of nothing.
            (&[&[H10], &[P70]], at, free, true),
            (&[&[P70]], at, gives_back, false),
            (&[&[P70]], at, free, true),
            (&[], at, free, false),
        ] {
            assert_eq!(of(said, at, stands), looked_at, "{said:?} {stands:?}");
        }
    }
}
