//! A bounded queue of jobs in front of a few worker threads. An idle worker waits on its own condition;
//! the one that went idle last is woken first, so that its caches are warm and the others may sleep.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::DbError;
use crate::job::Job;

pub(crate) struct Queue {
    state: Mutex<State>,
    bells: Vec<Condvar>,
    /// Rung once, at the end, for workers that pause.
    closing: Condvar,
    limit: usize,
}

#[derive(Default)]
struct State {
    jobs: VecDeque<Box<dyn Job>>,
    /// A stack of idle workers.
    idle: Vec<usize>,
    closed: bool,
}

impl Queue {
    /// A queue for `workers` threads that holds at most `limit` waiting jobs.
    pub(crate) fn new(workers: usize, limit: usize) -> Self {
        Self {
            state: Mutex::default(),
            bells: (0..workers).map(|_| Condvar::new()).collect(),
            closing: Condvar::new(),
            limit,
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts a job at the end, or answers it at once if the queue is full or closed.
    pub(crate) fn push(&self, job: Box<dyn Job>) {
        let mut state = self.lock();
        let refusal = if state.closed {
            Some(closed())
        } else if state.jobs.len() >= self.limit {
            Some(DbError::Busy(format!("{} jobs are waiting", self.limit)))
        } else {
            None
        };
        if let Some(e) = refusal {
            drop(state);
            job.answer(Some(e));
            return;
        }
        state.jobs.push_back(job);
        let next = state.idle.pop();
        drop(state);
        if let Some(bell) = next.and_then(|worker| self.bells.get(worker)) {
            bell.notify_one();
        }
    }

    /// Waits for work and takes what is there, at most `max` jobs. `None`: closed and empty.
    pub(crate) fn take(&self, worker: usize, max: usize) -> Option<Vec<Box<dyn Job>>> {
        let mut state = self.lock();
        loop {
            if !state.jobs.is_empty() {
                state.idle.retain(|w| *w != worker);
                let count = state.jobs.len().min(max);
                return Some(state.jobs.drain(..count).collect());
            }
            if state.closed {
                return None;
            }
            if !state.idle.contains(&worker) {
                state.idle.push(worker);
            }
            let bell = self.bells.get(worker)?;
            state = bell.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Waits for `pause`, or until the queue is closed. Says whether it is still open.
    pub(crate) fn pause(&self, pause: Duration) -> bool {
        let state = self.lock();
        let (state, _) = self
            .closing
            .wait_timeout_while(state, pause, |s| !s.closed)
            .unwrap_or_else(PoisonError::into_inner);
        !state.closed
    }

    /// Takes no more jobs; the workers finish what is queued and end.
    pub(crate) fn close(&self) {
        self.lock().closed = true;
        self.closing.notify_all();
        for bell in &self.bells {
            bell.notify_all();
        }
    }

    /// How many jobs wait.
    pub(crate) fn waiting(&self) -> usize {
        self.lock().jobs.len()
    }
}

/// The error of a database that is being closed.
pub(crate) fn closed() -> DbError {
    DbError::Unavailable("the database is closed".to_owned())
}
