//! A closure on its way through a queue: run any number of times, answered once.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::DbError;
use crate::tx::{Tx, went_on};

/// How often a closure is run in all before its error is answered.
pub(crate) const RUNS: u32 = 8;

/// How one run of a closure ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ran {
    /// The result is ready and wants to be committed.
    Done,
    /// The result is an error: roll back.
    Failed,
    /// The result is an error that another run may turn into success.
    Again,
}

/// A closure with its result and the place of its answer, whatever its types.
pub(crate) trait Job: Send {
    /// Whether it changes anything.
    fn writes(&self) -> bool;
    /// Runs the closure and keeps its result.
    fn run(&mut self, tx: &mut Tx<'_>) -> Ran;
    /// Answers with the result of the last run, or with `failure` in its stead.
    fn answer(self: Box<Self>, failure: Option<DbError>);
}

/// The one implementation of [`Job`].
pub(crate) struct Closure<T, E, F> {
    pub f: F,
    pub writes: bool,
    pub result: Option<Result<T, E>>,
    pub reply: Box<dyn FnOnce(Result<T, E>) + Send>,
}

impl<T, E, F> Job for Closure<T, E, F>
where
    F: Fn(&mut Tx<'_>) -> Result<T, E> + Send,
    T: Send,
    E: From<DbError> + Send,
{
    fn writes(&self) -> bool {
        self.writes
    }

    fn run(&mut self, tx: &mut Tx<'_>) -> Ran {
        let mut panicked = false;
        // The transaction is rolled back after a panic, and the closure's captures are dropped with the
        // job: nothing half-done is looked at again.
        let mut result = catch_unwind(AssertUnwindSafe(|| (self.f)(tx))).unwrap_or_else(|payload| {
            panicked = true;
            let text = panic_text(payload.as_ref());
            tracing::error!(panic = text, "a database closure panicked");
            Err(E::from(DbError::Bug(format!("a closure panicked: {text}"))))
        });
        if result.is_ok() && tx.marks.broken {
            result = Err(E::from(went_on()));
        }
        let failed = result.is_err();
        self.result = Some(result);
        match failed {
            false => Ran::Done,
            true if tx.marks.rerun && !panicked => Ran::Again,
            true => Ran::Failed,
        }
    }

    fn answer(self: Box<Self>, failure: Option<DbError>) {
        let result = match (failure, self.result) {
            (Some(e), _) => Err(E::from(e)),
            (None, Some(result)) => result,
            (None, None) => Err(E::from(DbError::Bug("a closure was answered before it ran".to_owned()))),
        };
        (self.reply)(result);
    }
}

/// What a panic said.
pub(crate) fn panic_text(payload: &(dyn std::any::Any + Send)) -> &str {
    payload
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no text")
}
