//! The tree as tiles of 256 hashes and bundles of 256 entries (C2SP `tlog-tiles`), the layout in which a log is
//! exported and served.

use crate::compact::CompactRange;
use crate::hash::{Hash, node_hash};
use crate::proof::Nodes;

/// Hashes in a full tile.
pub const TILE_WIDTH: u64 = 256;
const HEIGHT: u32 = 8;
/// The longest entry that a bundle can hold, bytes.
pub const MAX_ENTRY: usize = 65_535;

/// One tile of hashes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TileId {
    /// 0 holds leaf hashes, each hash of level `l + 1` is the root of a full tile of level `l`.
    pub level: u8,
    /// Position in its level.
    pub index: u64,
    /// How many hashes it holds, 1 to 256.
    pub width: u16,
}

impl TileId {
    /// Where it stands: `tile/0/x001/234`, partial ones with `.p/WIDTH`.
    #[must_use]
    pub fn path(&self) -> String {
        format!("tile/{}/{}", self.level, index_path(self.index, self.width))
    }
}

/// Where a bundle of entries stands: `tile/entries/x001/234`, partial ones with `.p/WIDTH`.
#[must_use]
pub fn entries_path(index: u64, width: u16) -> String {
    format!("tile/entries/{}", index_path(index, width))
}

fn index_path(index: u64, width: u16) -> String {
    let mut path = format!("{:03}", index % 1000);
    let mut rest = index / 1000;
    while rest > 0 {
        path = format!("x{:03}/{path}", rest % 1000);
        rest /= 1000;
    }
    if u64::from(width) < TILE_WIDTH {
        path.push_str(&format!(".p/{width}"));
    }
    path
}

/// All tiles of a tree of `size` leaves, level by level.
pub fn tiles_of(size: u64) -> impl Iterator<Item = TileId> {
    (0_u8..8).flat_map(move |level| {
        let hashes = size >> (HEIGHT * u32::from(level));
        let full = hashes / TILE_WIDTH;
        let rest = u16::try_from(hashes % TILE_WIDTH).unwrap_or(0);
        let whole = (0..full).map(move |index| TileId { level, index, width: 256 });
        whole.chain((rest > 0).then_some(TileId { level, index: full, width: rest }))
    })
}

/// Where tiles are read from.
pub trait TileSource {
    /// Why a tile could not be had.
    type Error;
    /// The hashes of a tile, as many as are there.
    ///
    /// # Errors
    /// If the tile cannot be read.
    fn tile(&self, level: u8, index: u64) -> Result<Vec<Hash>, Self::Error>;
    /// The error for a tile that lacks a hash that it should hold.
    fn missing(&self, level: u8, index: u64) -> Self::Error;
}

/// Nodes computed from tiles.
#[derive(Debug, Clone, Copy)]
pub struct TiledNodes<T>(pub T);

impl<T: TileSource> Nodes for TiledNodes<T> {
    type Error = T::Error;
    fn node(&self, level: u32, index: u64) -> Result<Hash, T::Error> {
        // INVARIANT: level < 64, so the tile's level is below 8.
        let (tile_level, inner) = (u8::try_from(level / HEIGHT).unwrap_or(u8::MAX), level % HEIGHT);
        let first = index << inner;
        let (tile_index, offset) =
            (first / TILE_WIDTH, usize::try_from(first % TILE_WIDTH).unwrap_or(usize::MAX));
        let hashes = self.0.tile(tile_level, tile_index)?;
        let part = hashes.get(offset..).and_then(|rest| rest.get(..1 << inner));
        part.and_then(complete_root).ok_or_else(|| self.0.missing(tile_level, tile_index))
    }
}

/// The root over a power of two of hashes.
fn complete_root(hashes: &[Hash]) -> Option<Hash> {
    match hashes {
        [] => None,
        [one] => Some(*one),
        [left, right] => Some(node_hash(left, right)),
        _ => {
            let (left, right) = hashes.split_at(hashes.len() / 2);
            Some(node_hash(&complete_root(left)?, &complete_root(right)?))
        }
    }
}

/// The right edge of a tiled tree: the partial tile of each level. Leaves are appended to it; full tiles fall out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Frontier {
    size: u64,
    /// By level, each with fewer than 256 hashes. INVARIANT: as many as `size` says.
    partial: [Vec<Hash>; 8],
}

impl Frontier {
    /// Which partial tiles make up the edge of a tree of `size` leaves.
    pub fn needs(size: u64) -> impl Iterator<Item = TileId> {
        (0_u8..8).filter_map(move |level| {
            let hashes = size >> (HEIGHT * u32::from(level));
            let width = u16::try_from(hashes % TILE_WIDTH).unwrap_or(0);
            (width > 0).then_some(TileId { level, index: hashes / TILE_WIDTH, width })
        })
    }

    /// Takes up a stored tree; `tiles` gives the hashes of each tile of [`Frontier::needs`]. `None` if one of them does
    /// not have exactly the hashes that the size asks for.
    #[must_use]
    pub fn load(size: u64, mut tiles: impl FnMut(TileId) -> Option<Vec<Hash>>) -> Option<Self> {
        let mut out = Self { size, ..Self::default() };
        for id in Self::needs(size) {
            let hashes = tiles(id).filter(|hashes| hashes.len() == usize::from(id.width))?;
            *out.partial.get_mut(usize::from(id.level))? = hashes;
        }
        Some(out)
    }

    /// How many leaves there are.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Appends the hash of one leaf. `full` is given each tile that the leaf completes.
    pub fn push(&mut self, leaf: Hash, mut full: impl FnMut(TileId, &[Hash])) {
        let mut carried = Some(leaf);
        for (level, tile) in (0_u8..).zip(&mut self.partial) {
            let Some(hash) = carried.take() else { break };
            tile.push(hash);
            if tile.len() == 256 {
                let index = (self.size >> (HEIGHT * u32::from(level))) / TILE_WIDTH;
                full(TileId { level, index, width: 256 }, tile);
                carried = complete_root(tile);
                tile.clear();
            }
        }
        self.size = self.size.saturating_add(1);
    }

    /// The partial tiles as they stand.
    pub fn partial(&self) -> impl Iterator<Item = (TileId, &[Hash])> {
        Self::needs(self.size)
            .filter_map(|id| Some((id, self.partial.get(usize::from(id.level))?.as_slice())))
    }

    /// The peaks of the same tree, for its root.
    #[must_use]
    pub fn compact(&self) -> CompactRange {
        let mut peaks = Vec::new();
        for hashes in self.partial.iter().rev() {
            let mut rest = hashes.as_slice();
            while !rest.is_empty() {
                let (head, tail) = rest.split_at(1 << rest.len().ilog2());
                peaks.extend(complete_root(head));
                rest = tail;
            }
        }
        CompactRange::from_parts(self.size, peaks).unwrap_or_default()
    }
}

/// Why a bundle is no bundle of entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BundleError {
    /// An entry is longer than 65,535 bytes.
    #[error("an entry is longer than 65535 bytes")]
    TooLong,
    /// The bundle ends inside an entry.
    #[error("the bundle ends inside an entry")]
    Cut,
}

/// A bundle of entries: each with its length in two bytes, big end first.
///
/// # Errors
/// If an entry is too long.
pub fn encode_bundle<'a>(entries: impl IntoIterator<Item = &'a [u8]>) -> Result<Vec<u8>, BundleError> {
    let mut out = Vec::new();
    for entry in entries {
        let length = u16::try_from(entry.len()).map_err(|_| BundleError::TooLong)?;
        out.extend_from_slice(&length.to_be_bytes());
        out.extend_from_slice(entry);
    }
    Ok(out)
}

/// The entries of a bundle.
///
/// # Errors
/// If it ends inside an entry.
pub fn decode_bundle(mut bundle: &[u8]) -> Result<Vec<&[u8]>, BundleError> {
    let mut out = Vec::new();
    while !bundle.is_empty() {
        let (length, rest) = bundle.split_first_chunk::<2>().ok_or(BundleError::Cut)?;
        let (entry, rest) =
            rest.split_at_checked(usize::from(u16::from_be_bytes(*length))).ok_or(BundleError::Cut)?;
        out.push(entry);
        bundle = rest;
    }
    Ok(out)
}
