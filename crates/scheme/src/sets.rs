//! Sets that grow together: union by the smaller place, with paths made shorter (Tarjan 1975). Of each set the smallest place is its
//! root, so that the same unions in any order give the same roots.

/// Places in sets.
#[derive(Debug, Clone)]
pub struct Sets {
    parent: Vec<u32>,
}

impl Sets {
    /// Every place a set of its own.
    #[must_use]
    pub fn new(count: usize) -> Self {
        Self { parent: (0..u32::try_from(count).unwrap_or(u32::MAX)).collect() }
    }

    /// One place more, a set of its own; gives it.
    pub fn push(&mut self) -> u32 {
        let place = u32::try_from(self.parent.len()).unwrap_or(u32::MAX);
        self.parent.push(place);
        place
    }

    /// The smallest place of the set.
    pub fn root(&mut self, place: u32) -> u32 {
        let mut at = place;
        loop {
            let next = self.above(at);
            if next == at {
                return at;
            }
            let further = self.above(next);
            self.hang(at, further);
            at = further;
        }
    }

    /// Makes one set of two; gives its root.
    pub fn join(&mut self, a: u32, b: u32) -> u32 {
        let (a, b) = (self.root(a), self.root(b));
        self.hang(a.max(b), a.min(b));
        a.min(b)
    }

    fn above(&self, place: u32) -> u32 {
        usize::try_from(place).ok().and_then(|p| self.parent.get(p)).copied().unwrap_or(place)
    }

    fn hang(&mut self, place: u32, below: u32) {
        if let Some(parent) = usize::try_from(place).ok().and_then(|p| self.parent.get_mut(p)) {
            *parent = below;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Against the plain way: labels painted over.
        #[test]
        fn as_labels_painted_over(pairs in prop::collection::vec((0_u32..30, 0_u32..30), 0..60)) {
            let (mut sets, mut labels) = (Sets::new(30), (0..30).collect::<Vec<u32>>());
            for (a, b) in pairs {
                sets.join(a, b);
                let of = |place: u32| labels[usize::try_from(place).unwrap()];
                let (x, y) = (of(a), of(b));
                for label in &mut labels {
                    if *label == x.max(y) {
                        *label = x.min(y);
                    }
                }
            }
            for place in 0..30 {
                prop_assert_eq!(sets.root(place), labels[usize::try_from(place).unwrap()]);
            }
        }
    }
}
