//! Who takes part, in memory: for what is asked so often that the database cannot be asked each time. It is read anew several
//! times a second; a revoked key is refused within that time, and where nothing was heard for a second, nobody is believed.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use app::App;
use kernel::{Actor, Timestamp, WallClock};

use super::token::{self, KeyMark};
use crate::model::{Partner, PartnerId};
use crate::quota::rules::Full;
use crate::service::PartnerError;
use crate::store;

/// How often it is read anew.
const EVERY: Duration = Duration::from_millis(250);
/// For so long it is believed, microseconds.
const BELIEVED_MICROS: i64 = 1_000_000;

#[derive(Debug)]
struct Known {
    partners: Arc<[Partner]>,
    keys: HashSet<(PartnerId, KeyMark)>,
}

impl Default for Known {
    fn default() -> Self {
        Self { partners: Arc::from([]), keys: HashSet::new() }
    }
}

/// Who takes part.
#[derive(Debug)]
pub struct Roster {
    known: RwLock<Arc<Known>>,
    /// When it was read, wall time in microseconds.
    heard: AtomicI64,
    /// Things that an institution asked about in a minute: the minute, and how many.
    asked: Mutex<HashMap<PartnerId, (i64, u32)>>,
    reading: tokio::sync::Mutex<()>,
}

impl Default for Roster {
    fn default() -> Self {
        Self {
            known: RwLock::default(),
            heard: AtomicI64::new(i64::MIN),
            asked: Mutex::default(),
            reading: tokio::sync::Mutex::default(),
        }
    }
}

impl Roster {
    fn known(&self) -> Arc<Known> {
        Arc::clone(&self.known.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Who takes part, as it was a moment ago.
    #[must_use]
    pub fn partners(&self) -> Arc<[Partner]> {
        Arc::clone(&self.known().partners)
    }

    /// Whether it was read a moment ago.
    #[must_use]
    pub fn is_current(&self, clock: &WallClock) -> bool {
        let heard = self.heard.load(Ordering::Acquire);
        // A clock that was set back says nothing of how old it is.
        (0..=BELIEVED_MICROS).contains(&clock.now().as_micros().saturating_sub(heard))
    }

    /// Reads it anew.
    ///
    /// # Errors
    /// The database's.
    pub async fn refresh(&self, app: &App) -> Result<(), PartnerError> {
        // One after another, so that no older view takes the place of a newer one.
        let _alone = self.reading.lock().await;
        let wall = app.wall.now();
        let (partners, keys) =
            app.db.read(|tx| Ok::<_, PartnerError>((store::all(tx)?, store::believed_keys(tx)?))).await?;
        let keys = keys.into_iter().map(|(partner, key)| (partner, token::mark(&key))).collect();
        let known = Arc::new(Known { partners: partners.into(), keys });
        *self.known.write().unwrap_or_else(PoisonError::into_inner) = known;
        self.heard.store(wall.as_micros(), Ordering::Release);
        Ok(())
    }

    /// Keeps it for as long as the process lives.
    pub async fn keep(self: Arc<Self>, app: App) {
        loop {
            if let Err(error) = self.refresh(&app).await {
                tracing::warn!(%error, "who takes part is not known at present");
            }
            app.timer.sleep(EVERY).await;
        }
    }

    /// Whose a token is.
    ///
    /// # Errors
    /// [`PartnerError::Token`]: it is no token, not good any more, or its key or institution is not believed;
    /// [`PartnerError::Unsure`] where nothing was heard for a second.
    pub fn bearer(&self, app: &App, token: &str) -> Result<Partner, PartnerError> {
        if !self.is_current(&app.wall) {
            return Err(PartnerError::Unsure);
        }
        let known = self.known();
        let claims = token::read(&app.vault, token, app.wall.now()).ok_or(PartnerError::Token)?;
        let partner = known.partners.iter().find(|p| p.id == claims.partner && p.active);
        let believed = known.keys.contains(&(claims.partner, claims.key));
        partner.filter(|_| believed).cloned().ok_or(PartnerError::Token)
    }

    /// Takes so many things into account that an institution asks about, however it says who it is. Each process counts for
    /// itself.
    ///
    /// # Errors
    /// [`PartnerError::Quota`].
    pub fn admit(&self, app: &App, actor: &Actor, things: usize) -> Result<(), PartnerError> {
        let Actor::Partner { partner, .. } = actor else { return Ok(()) };
        let (most, now) = (app.profile.partner_terms().things_per_minute, app.wall.now());
        let things = u32::try_from(things).unwrap_or(u32::MAX);
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        let used = asked.entry(PartnerId::from_uuid(*partner)).or_default();
        count(used, most, things, now).map_err(PartnerError::Quota)
    }
}

/// Counts `things` within the minute, if they still fit in.
fn count(used: &mut (i64, u32), most: u32, things: u32, now: Timestamp) -> Result<(), Full> {
    let minute = now.as_secs().div_euclid(60);
    let before = if used.0 == minute { used.1 } else { 0 };
    let after = before.saturating_add(things);
    if after > most {
        let left = 60 - now.as_secs().rem_euclid(60);
        return Err(Full { retry_after_secs: u32::try_from(left).unwrap_or(60) });
    }
    *used = (minute, after);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn things_are_counted_by_the_minute() {
        let mut used = (0, 0);
        let at = Timestamp::from_secs;
        assert_eq!(count(&mut used, 10, 8, at(6_000)), Ok(()));
        assert_eq!(count(&mut used, 10, 3, at(6_030)), Err(Full { retry_after_secs: 30 }));
        assert_eq!(count(&mut used, 10, 2, at(6_059)), Ok(()), "what does not fit in counts for nothing");
        assert_eq!(count(&mut used, 10, 1, at(6_059)), Err(Full { retry_after_secs: 1 }));
        assert_eq!(count(&mut used, 10, 10, at(6_060)), Ok(()));
        assert_eq!(count(&mut used, 10, 11, at(6_120)), Err(Full { retry_after_secs: 60 }));
    }
}
