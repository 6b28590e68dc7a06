//! The next three things of a case: what is late before what falls due, and what the case lacks after both.

use kernel::Timestamp;
use uuid::Uuid;

use crate::model::NEVER;

/// Something that is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// Accept or return it.
    Receive,
    /// Agree to a decision, or send it back.
    Confirm(Uuid),
    /// A task.
    Task(Uuid),
    /// The next register's decision is due.
    Register(String),
    /// The answer to a referral is due.
    Referral,
    /// Its stage has a term.
    Stage,
    /// Nobody leads it.
    Lead,
    /// No offence is named.
    Article,
    /// Nobody was told of their rights: so many.
    Rights(usize),
}

/// What a case lacks and waits for, as far as the reader may do it.
#[derive(Debug, Clone, Default)]
pub struct Standing {
    /// It waits to be received by the reader's unit, till then.
    pub receive: Option<Timestamp>,
    /// A decision that the reader may confirm.
    pub confirm: Option<(Uuid, Timestamp)>,
    /// Open tasks: row, term, whether urgent.
    pub tasks: Vec<(Uuid, Timestamp, bool)>,
    /// Registers whose decision is due.
    pub registers: Vec<(String, Timestamp)>,
    /// An answer to a referral is due.
    pub referral: Option<Timestamp>,
    /// Its stage is left by then.
    pub stage: Option<Timestamp>,
    /// It has a lead.
    pub led: bool,
    /// It names an offence.
    pub article: bool,
    /// So many persons were not told their rights.
    pub untold: usize,
    /// The case goes on.
    pub open: bool,
}

/// How many are shown.
pub const SHOWN: usize = 3;

/// The next things with their terms, the most pressing first.
#[must_use]
pub fn next(is: &Standing, now: Timestamp) -> Vec<(Next, Option<Timestamp>)> {
    if !is.open {
        return Vec::new();
    }
    // Late, then urgent, then by term: who waits for one's own word stands first among what falls due together.
    let mut due: Vec<(Timestamp, bool, Next)> = Vec::new();
    due.extend(is.receive.map(|at| (at, true, Next::Receive)));
    due.extend(is.confirm.map(|(id, at)| (at, true, Next::Confirm(id))));
    due.extend(is.tasks.iter().map(|(id, at, urgent)| (*at, *urgent, Next::Task(*id))));
    due.extend(is.registers.iter().map(|(code, at)| (*at, true, Next::Register(code.clone()))));
    due.extend(is.referral.map(|at| (at, false, Next::Referral)));
    due.extend(is.stage.filter(|at| *at != NEVER).map(|at| (at, false, Next::Stage)));
    due.sort_by_key(|(at, urgent, _)| (*at > now, !*urgent && *at > now, *at));
    let mut all: Vec<(Next, Option<Timestamp>)> =
        due.into_iter().map(|(at, _, what)| (what, Some(at).filter(|at| *at != NEVER))).collect();
    let lacks = [
        (!is.led).then_some(Next::Lead),
        (!is.article).then_some(Next::Article),
        (is.untold > 0).then_some(Next::Rights(is.untold)),
    ];
    all.extend(lacks.into_iter().flatten().map(|what| (what, None)));
    all.truncate(SHOWN);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(secs: i64) -> Timestamp {
        Timestamp::from_secs(secs)
    }

    #[test]
    fn late_comes_first_then_urgent_then_soon() {
        let id = Uuid::from_u128;
        let is = Standing {
            tasks: vec![
                (id(1), at(300), false),
                (id(2), at(900), true),
                (id(3), at(50), false),
                (id(4), NEVER, false),
            ],
            registers: vec![("erdr".into(), at(40))],
            stage: Some(at(200)),
            led: true,
            article: true,
            open: true,
            ..Standing::default()
        };
        let said = next(&is, at(100));
        assert_eq!(
            said,
            [
                (Next::Register("erdr".into()), Some(at(40))),
                (Next::Task(id(3)), Some(at(50))),
                (Next::Task(id(2)), Some(at(900))),
            ]
        );
        assert_eq!(next(&Standing { open: false, ..is }, at(100)), []);
    }

    #[test]
    fn what_a_case_lacks_is_said_when_nothing_presses() {
        let is = Standing { untold: 2, open: true, ..Standing::default() };
        assert_eq!(next(&is, at(0)), [(Next::Lead, None), (Next::Article, None), (Next::Rights(2), None)]);
        let is = Standing { led: true, article: true, stage: Some(NEVER), open: true, ..Standing::default() };
        assert_eq!(next(&is, at(0)), []);
    }
}
