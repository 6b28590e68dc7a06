//! What the limited reader says of the bytes of exhibits. They are opened here, frame by frame, and read there.

use tokio::sync::mpsc;

use crate::shelf::Frames;

/// So many frames wait for the reader at most.
const AHEAD: usize = 2;

/// Hands the frames of a file to a reader, in order; `size_bytes` is how many bytes it has. It ends where nobody listens any longer. At a
/// frame that does not open it breaks off: the reader hears of less than was announced and says that it was not read.
#[must_use]
pub fn feed(mut frames: Frames, size_bytes: i64) -> reader::Feed {
    let (send, chunks) = mpsc::channel(AHEAD);
    tokio::task::spawn_blocking(move || {
        let mut at = 0_u64;
        while let Ok(Some(part)) = frames.next_frame() {
            let next = at.saturating_add(u64::try_from(part.len()).unwrap_or(u64::MAX));
            if send.blocking_send((at, part)).is_err() {
                return;
            }
            at = next;
        }
    });
    reader::Feed { size_bytes: u64::try_from(size_bytes).unwrap_or(0), chunks }
}
