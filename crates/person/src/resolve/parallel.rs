//! Work that is parted among the processors; what comes of it does not depend on how many there are.

use std::sync::LazyLock;

/// Most threads.
const MOST: usize = 16;

static THREADS: LazyLock<usize> =
    LazyLock::new(|| std::thread::available_parallelism().map_or(1, usize::from).clamp(1, MOST));

/// How many parts work is made into.
pub(crate) fn threads() -> usize {
    *THREADS
}

/// Does something with each of a few things at once; what comes of it is in their order.
pub(crate) fn each<T: Sync, R: Send>(all: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    std::thread::scope(|scope| {
        let begun: Vec<_> = all.iter().map(|one| scope.spawn(|| work(one))).collect();
        let ended = begun.into_iter().map(|b| b.join().unwrap_or_else(|e| std::panic::resume_unwind(e)));
        ended.collect()
    })
}

/// Does something with parts of many things, told where each part begins.
pub(crate) fn parts<T: Sync, R: Send>(all: &[T], work: impl Fn(u32, &[T]) -> R + Sync) -> Vec<R> {
    let size = all.len().div_ceil(threads()).max(1);
    let parts: Vec<(usize, &[T])> = all.chunks(size).enumerate().collect();
    each(&parts, |(no, part)| work(u32::try_from(no.saturating_mul(size)).unwrap_or(u32::MAX), part))
}
