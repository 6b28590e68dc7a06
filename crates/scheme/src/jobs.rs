//! What goes on by itself: schemes are sorted anew and watched, and what officers say of kinds is learnt.

use app::App;

use crate::{Ear, service};

/// Of so many rounds one looks for what is out of the ordinary: it reads the reports of two weeks.
const LOOK_EACH: u64 = 5;
/// Of so many rounds one learns.
const LEARN_EACH: u64 = 30;

/// The round of this number. What fails is tried again in the next.
pub async fn round(app: &App, ear: &Ear, number: u64) {
    if number.checked_rem(LEARN_EACH) == Some(0)
        && let Err(error) = service::learn(app, ear).await
    {
        tracing::warn!(%error, "nothing is learnt of kinds of schemes; a later round tries again");
    }
    if let Err(error) = service::sort(app).await {
        tracing::warn!(%error, "schemes are not sorted; the next round tries again");
    }
    if number.checked_rem(LOOK_EACH) == Some(0)
        && let Err(error) = service::look(app).await
    {
        tracing::warn!(%error, "schemes are not watched; the next round tries again");
    }
}
