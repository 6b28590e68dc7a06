//! A log that cannot be changed behind anybody's back: Merkle tree hashes and proofs (RFC 9162), tiles, signed notes
//! and checkpoints (C2SP `tlog-tiles`, `signed-note`, `tlog-checkpoint`). Pure: no clock, no database, no files.
//!
//! - [`leaf_hash`], [`node_hash`]: SHA-256 with the prefixes 0x00 and 0x01, so that no node passes as a leaf;
//! - [`CompactRange`]: the few hashes from which the root follows and to which leaves are appended;
//! - [`prove_inclusion`], [`verify_inclusion`], [`prove_consistency`], [`verify_consistency`];
//! - [`Frontier`], [`TileId`], [`TiledNodes`], [`encode_bundle`]: the tree in files of 256 hashes;
//! - [`Note`], [`NoteSigner`], [`NoteVerifier`], [`Checkpoint`]: what the log signs; [`Cosigner`]: what a witness signs who saw it
//!   (C2SP `tlog-cosignature`);
//! - [`Slip`]: the proof of one entry on one piece of paper (C2SP `tlog-proof`).
//!
//! Deliberately absent: a whole tree in memory. What is stored is tiles; proofs are made from any [`Nodes`].

mod checkpoint;
mod compact;
mod hash;
mod note;
mod proof;
mod slip;
mod tile;
mod vkey;

pub use checkpoint::{Checkpoint, CheckpointError};
pub use compact::CompactRange;
pub use hash::{EMPTY_ROOT, Hash, leaf_hash, node_hash};
pub use note::{Note, NoteError, NoteSignature};
pub use proof::{
    Nodes, ProofError, prove_consistency, prove_inclusion, range_hash, verify_consistency, verify_inclusion,
};
pub use slip::{Slip, SlipError};
pub use tile::{
    BundleError, Frontier, MAX_ENTRY, TILE_WIDTH, TileId, TileSource, TiledNodes, decode_bundle,
    encode_bundle, entries_path, tiles_of,
};
pub use vkey::{Cosigner, NoteSigner, NoteVerifier, Signs, VkeyError};
