//! Things that are made once and never removed, named by typed numbers.

use std::fmt;
use std::marker::PhantomData;
use std::ops::{Index, IndexMut};

/// The number of a `T` in its [`Arena`].
pub struct Id<T>(u32, PhantomData<fn() -> T>);

impl<T> Id<T> {
    /// The bare number.
    #[must_use]
    pub fn number(self) -> u64 {
        u64::from(self.0)
    }
}
impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Id<T> {}
impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl<T> Eq for Id<T> {}
impl<T> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<T> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.cmp(&other.0)
    }
}
impl<T> std::hash::Hash for Id<T> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}
impl<T> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.0)
    }
}

/// A growing list whose numbers stay valid for ever.
#[derive(Debug, Clone)]
pub struct Arena<T>(Vec<T>);

impl<T> Default for Arena<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Arena<T> {
    /// Keeps `item` and gives its number.
    ///
    /// # Panics
    /// Beyond four thousand million things, which no run reaches.
    pub fn push(&mut self, item: T) -> Id<T> {
        let number = u32::try_from(self.0.len());
        assert!(number.is_ok(), "an arena holds at most 2^32 things");
        self.0.push(item);
        Id(number.unwrap_or(u32::MAX), PhantomData)
    }
    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }
    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
    /// All with their numbers, oldest first.
    pub fn iter(&self) -> impl Iterator<Item = (Id<T>, &T)> {
        (0_u32..).map(|n| Id(n, PhantomData)).zip(&self.0)
    }
    /// The thing with a bare number, as it comes back from outside; `None` if there is none.
    #[must_use]
    pub fn find(&self, number: u64) -> Option<Id<T>> {
        let number = u32::try_from(number).ok()?;
        (usize::try_from(number).ok()? < self.0.len()).then_some(Id(number, PhantomData))
    }
}

// INVARIANT: an `Id` is minted by `push` or checked by `find`, and nothing is ever removed.
#[expect(clippy::indexing_slicing, reason = "ids are minted by this arena and nothing is ever removed")]
mod access {
    use super::{Arena, Id, Index, IndexMut};

    impl<T> Index<Id<T>> for Arena<T> {
        type Output = T;
        fn index(&self, id: Id<T>) -> &T {
            &self.0[usize::try_from(id.0).unwrap_or(usize::MAX)]
        }
    }
    impl<T> IndexMut<Id<T>> for Arena<T> {
        fn index_mut(&mut self, id: Id<T>) -> &mut T {
            &mut self.0[usize::try_from(id.0).unwrap_or(usize::MAX)]
        }
    }
}
