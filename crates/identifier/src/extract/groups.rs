//! Runs of digits, and how they are joined into numbers.

use super::Scan;
use crate::text::Folded;

/// One run of digits.
#[derive(Debug, Clone, Copy)]
pub(super) struct Group {
    pub(super) from: usize,
    pub(super) to: usize,
}

impl Group {
    pub(super) const fn len(self) -> usize {
        self.to.saturating_sub(self.from)
    }
}

/// What stands between two groups of one number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Joint {
    /// Blanks.
    Blank,
    /// A hyphen, with blanks or without.
    Hyphen { tight: bool },
    /// A full stop without blanks.
    Stop,
    /// A bracket, with hyphens and blanks.
    Bracket,
    /// A slash without blanks.
    Slash,
}

/// All runs of digits that nothing has claimed, in order.
pub(super) fn groups(scan: &Scan) -> Vec<Group> {
    let mut all = Vec::new();
    let mut i = 0;
    while i < scan.text.len() {
        if !scan.text.at(i).is_ascii_digit() || scan.is_taken(i) {
            i = i.saturating_add(1);
            continue;
        }
        let mut to = i;
        while scan.text.at(to).is_ascii_digit() && !scan.is_taken(to) {
            to = to.saturating_add(1);
        }
        all.push(Group { from: i, to });
        i = to;
    }
    all
}

/// How two neighbouring groups are joined; `None` if they belong to different numbers for certain.
pub(super) fn joint(text: &Folded, left: Group, right: Group) -> Option<Joint> {
    let between = text.slice(left.to, right.from);
    if between.len() > 4 {
        return None;
    }
    match between {
        ['-' | '—'] => return Some(Joint::Hyphen { tight: true }),
        ['.'] => return Some(Joint::Stop),
        ['/'] => return Some(Joint::Slash),
        _ => {}
    }
    if between.iter().all(|c| *c == ' ') {
        return Some(Joint::Blank);
    }
    let brackets = between.iter().any(|c| matches!(c, '(' | ')'));
    let plain = between.iter().all(|c| matches!(c, ' ' | '-' | '—' | '(' | ')'));
    match (plain, brackets) {
        (true, true) => Some(Joint::Bracket),
        (true, false) => Some(Joint::Hyphen { tight: false }),
        // `8.(701).555`
        _ => None,
    }
}

/// The most digits of any number here.
const MOST_DIGITS: usize = 19;

/// Groups that are joined, as many as one number can have.
pub(super) struct Window {
    pub(super) groups: Vec<Group>,
    joints: Vec<Joint>,
    digits: String,
}

impl Window {
    /// The window that begins with the group `first` of `all`.
    pub(super) fn at(text: &Folded, all: &[Group], first: usize) -> Self {
        let mut window = Self { groups: Vec::new(), joints: Vec::new(), digits: String::new() };
        for group in all.get(first..).unwrap_or(&[]) {
            if let Some(last) = window.groups.last() {
                match joint(text, *last, *group) {
                    Some(joint) => window.joints.push(joint),
                    None => break,
                }
            }
            window.groups.push(*group);
            // One group further than the longest number: what follows it matters too.
            if window.digits.len() > MOST_DIGITS {
                break;
            }
            window
                .digits
                .extend(text.slice(group.from, group.to.min(group.from.saturating_add(MOST_DIGITS + 1))));
        }
        window
    }

    /// How many groups make up exactly `total` digits; `None` if none do.
    pub(super) fn count_for(&self, total: usize) -> Option<usize> {
        if self.digits.len() < total {
            return None;
        }
        let mut sum = 0_usize;
        for (at, group) in self.groups.iter().enumerate() {
            sum = sum.saturating_add(group.len());
            if sum >= total {
                return (sum == total).then(|| at.saturating_add(1));
            }
        }
        None
    }

    /// The first `total` digits.
    pub(super) fn digits(&self, total: usize) -> &str {
        self.digits.get(..total).unwrap_or("")
    }

    /// The sizes of the first `count` groups.
    pub(super) fn sizes(&self, count: usize) -> Vec<usize> {
        self.groups.iter().take(count).map(|g| g.len()).collect()
    }

    /// What joins the first `count` groups.
    pub(super) fn joints(&self, count: usize) -> &[Joint] {
        self.joints.get(..count.saturating_sub(1)).unwrap_or(&[])
    }

    /// Behind the last of the first `count` groups.
    pub(super) fn end(&self, count: usize) -> usize {
        count.checked_sub(1).and_then(|at| self.groups.get(at)).map_or(0, |g| g.to)
    }

    /// The group behind the first `count`, and how it is joined to them.
    pub(super) fn next(&self, count: usize) -> Option<(Group, Joint)> {
        let group = self.groups.get(count)?;
        let joint = self.joints.get(count.checked_sub(1)?)?;
        Some((*group, *joint))
    }
}
