//! Gives committed records their places in the log and signs it.
//!
//! Records are not numbered inside the act's transaction: on PostgreSQL numbers drawn there become visible out of order,
//! and one hot row would stand in the way of every writer. Here the numbers come after the commit, from one row that the
//! numbering transaction holds; several processes may try, one wins.

use db::{Db, DbError, Tx};
use kernel::WallClock;
use ledger::{Checkpoint, Frontier, Hash, NoteSigner, NoteVerifier, TileId};
use uuid::Uuid;

use crate::error::AuditError;
use crate::store::{self, StoredCheckpoint};

/// Records that get their place in one transaction, at most. No two checkpoints are further apart, so a change that
/// nothing else locates is known to this many records at worst.
pub const BATCH: u32 = 512;

/// The key with which a node signs its log, and the log's name.
#[derive(Debug, Clone)]
pub struct LogSigner {
    signer: NoteSigner,
    /// Its own public half first, then those of former keys.
    known: Vec<NoteVerifier>,
}

impl LogSigner {
    /// A signer for the log `origin` (as a key name: `qorgan.example/log`, no spaces, no `+`) from the seed of an
    /// Ed25519 key.
    ///
    /// # Errors
    /// [`AuditError::Name`] if the name is no key name.
    pub fn new(origin: &str, seed: &[u8; 32]) -> Result<Self, AuditError> {
        let key = ed25519_dalek::SigningKey::from_bytes(seed);
        let signer = NoteSigner::new(origin, key).map_err(|_| AuditError::Name(origin.to_owned()))?;
        let known = vec![signer.verifier().clone()];
        Ok(Self { signer, known })
    }
    /// A signer that continues a log which `former` signed before. Without it the first step after a change of keys is
    /// refused: a log signed by an unknown key is never signed further.
    #[must_use]
    pub fn succeeding(mut self, former: NoteVerifier) -> Self {
        self.known.push(former);
        self
    }
    /// The log's name, first line of every checkpoint.
    #[must_use]
    pub fn origin(&self) -> &str {
        self.signer.verifier().name()
    }
    /// The public half. As text it is the verifier key (`NAME+ID+KEY`) that witnesses are given.
    #[must_use]
    pub const fn verifier(&self) -> &NoteVerifier {
        self.signer.verifier()
    }
}

/// What one step of sequencing did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// No record waits.
    Idle,
    /// Another process was faster; its checkpoint stands.
    Lost,
    /// Records got their places, and this checkpoint was signed.
    Signed {
        /// How many records.
        records: u32,
        /// The new checkpoint.
        checkpoint: Checkpoint,
    },
}

/// Continues the log of one database. The server calls [`Sequencer::drain`] once a second, or at each commit but not more
/// often than that.
#[derive(Debug, Clone)]
pub struct Sequencer {
    db: Db,
    signer: LogSigner,
    wall: WallClock,
}

impl Sequencer {
    /// A sequencer for `db`.
    #[must_use]
    pub const fn new(db: Db, signer: LogSigner, wall: WallClock) -> Self {
        Self { db, signer, wall }
    }

    /// Places all records that wait, batch by batch; says how many.
    ///
    /// # Errors
    /// As [`sequence_once`].
    pub async fn drain(&self) -> Result<u64, AuditError> {
        let mut placed = 0;
        while let Step::Signed { records, .. } = sequence_once(&self.db, &self.signer, &self.wall).await? {
            placed += u64::from(records);
        }
        Ok(placed)
    }

    /// Drains, pauses, drains, until `pause` gives `false`. A failure is logged and tried again: records wait meanwhile,
    /// none is lost.
    pub async fn run<P: Future<Output = bool>>(&self, pause: impl Fn() -> P) {
        loop {
            match self.drain().await {
                Ok(0) => {}
                Ok(records) => tracing::debug!(records, "placed in the log"),
                Err(error @ AuditError::Tampered(_)) => tracing::error!(%error, "the log is not continued"),
                Err(error) => tracing::warn!(%error, "the log is continued later"),
            }
            if !pause().await {
                return;
            }
        }
    }
}

/// What the next batch is computed from.
struct Ready {
    head: u64,
    last: Option<StoredCheckpoint>,
    edge: Vec<(TileId, Option<Vec<u8>>)>,
    waiting: Vec<(Uuid, Option<Hash>)>,
}

/// What the next batch writes.
#[derive(Clone)]
struct Batch {
    head: u64,
    leaves: Vec<(Uuid, Hash)>,
    tiles: Vec<(TileId, Vec<Hash>)>,
    checkpoint: Checkpoint,
    note: String,
}

/// Gives the next records that wait (at most [`BATCH`]) their places, extends the tree and signs a checkpoint, all in one
/// transaction. Hashing and signing happen before it.
///
/// # Errors
/// The database's; [`AuditError::Tampered`] if what is stored is not what was signed last.
pub async fn sequence_once(db: &Db, signer: &LogSigner, wall: &WallClock) -> Result<Step, AuditError> {
    let Some(ready) = db.read(load).await? else { return Ok(Step::Idle) };
    let batch = prepare(ready, signer)?;
    let (records, checkpoint) =
        (u32::try_from(batch.leaves.len()).unwrap_or(BATCH), batch.checkpoint.clone());
    let at = wall.now();
    let won = db.write(move |tx| save(tx, &batch, at)).await?;
    Ok(if won { Step::Signed { records, checkpoint } } else { Step::Lost })
}

fn load(tx: &mut Tx<'_>) -> Result<Option<Ready>, AuditError> {
    let waiting = store::waiting(tx, BATCH)?;
    if waiting.is_empty() {
        return Ok(None);
    }
    let head = store::head(tx)?.ok_or_else(|| AuditError::Tampered("the head row is missing".to_owned()))?;
    let last = store::last_checkpoint(tx)?;
    let mut edge = Vec::new();
    for id in Frontier::needs(head) {
        edge.push((id, store::tile(tx, id.level, id.index)?));
    }
    Ok(Some(Ready { head, last, edge, waiting }))
}

/// Checks the stored tree against the last checkpoint, then grows it.
fn prepare(ready: Ready, signer: &LogSigner) -> Result<Batch, AuditError> {
    let tampered = |why: &str| AuditError::Tampered(why.to_owned());
    let mut frontier = Frontier::load(ready.head, |id| {
        let (_, bytes) = ready.edge.iter().find(|(stored, _)| *stored == id)?;
        hashes(bytes.as_deref()?)
    })
    .ok_or_else(|| tampered("a tile is missing or of the wrong length"))?;
    check_last(&ready, &frontier, signer)?;

    let mut leaves = Vec::with_capacity(ready.waiting.len());
    for (id, hash) in ready.waiting {
        leaves.push((id, hash.ok_or_else(|| AuditError::Tampered(format!("record `{id}` has no hash")))?));
    }
    let mut tiles = Vec::new();
    for (_, leaf) in &leaves {
        frontier.push(*leaf, |id, hashes| tiles.push((id, hashes.to_vec())));
    }
    tiles.extend(frontier.partial().map(|(id, hashes)| (id, hashes.to_vec())));
    let root = frontier.compact().root();
    let checkpoint = Checkpoint { origin: signer.origin().to_owned(), size: frontier.size(), root };
    let note = checkpoint.sign(&signer.signer).map_err(|_| AuditError::Name(signer.origin().to_owned()))?;
    Ok(Batch { head: ready.head, leaves, tiles, checkpoint, note: note.to_string() })
}

fn check_last(ready: &Ready, frontier: &Frontier, signer: &LogSigner) -> Result<(), AuditError> {
    let tampered = |why: String| Err(AuditError::Tampered(why));
    let Some(last) = &ready.last else {
        return if ready.head == 0 { Ok(()) } else { tampered("there is no checkpoint".to_owned()) };
    };
    let signed = Checkpoint::open(&last.note, signer.origin(), &signer.known)
        .map_err(|e| AuditError::Tampered(format!("the last checkpoint: {e}")))?;
    if (signed.size, signed.root) != (ready.head, frontier.compact().root()) {
        return tampered(format!(
            "{} records were signed, {} are stored, or another tree",
            signed.size, ready.head
        ));
    }
    Ok(())
}

fn save(tx: &mut Tx<'_>, batch: &Batch, at: kernel::Timestamp) -> Result<bool, AuditError> {
    // The update holds the row until the commit: two sequencers cannot both continue from the same size.
    if !store::advance(tx, batch.head, batch.checkpoint.size)? {
        return Ok(false);
    }
    if store::place(tx, batch.head, &batch.leaves)? != batch.leaves.len() {
        return Err(DbError::Bug("records that waited for their place are gone".to_owned()).into());
    }
    for (id, hashes) in &batch.tiles {
        store::put_tile(tx, id.level, id.index, hashes)?;
    }
    store::put_checkpoint(tx, &batch.checkpoint, &batch.note, at)?;
    Ok(true)
}

/// The hashes of a tile's bytes; `None` if they are not whole hashes.
pub(crate) fn hashes(bytes: &[u8]) -> Option<Vec<Hash>> {
    if !bytes.len().is_multiple_of(32) {
        return None;
    }
    bytes.chunks(32).map(Hash::from_slice).collect()
}
