//! The count of commits of this process, for those who wait for news.

use std::sync::Arc;

use tokio::sync::watch;

#[derive(Clone)]
pub(crate) struct Commits(Arc<watch::Sender<u64>>);

impl Commits {
    pub(crate) fn new() -> Self {
        Self(Arc::new(watch::Sender::new(0)))
    }
    /// Something new was committed.
    pub(crate) fn add(&self) {
        self.0.send_modify(|n| *n = n.saturating_add(1));
    }
    /// Waits until the count is above `seen`; gives the count.
    pub(crate) async fn above(&self, seen: u64) -> u64 {
        let mut receiver = self.0.subscribe();
        // The sender lives in `self`, so the wait cannot end in an error.
        receiver.wait_for(|n| *n > seen).await.map_or(seen, |n| *n)
    }
    pub(crate) fn count(&self) -> u64 {
        *self.0.borrow()
    }
}
