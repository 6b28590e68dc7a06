//! Reading: a place in the tree that knows its path, and asks for what must or may stand there.

use std::cell::OnceCell;

use crate::rule::Rule;
use crate::tree::Node;
use crate::{Amount, Fault, Flaw};

/// Something that is an element with elements in it.
pub(crate) trait Part: Sized {
    /// Writes what stands inside the element.
    fn put(&self, out: &mut crate::out::Out) -> Result<(), Fault>;
    /// Reads what stands inside the element. The mirror image of `put`.
    fn take(at: &Place<'_>) -> Result<Self, Fault>;
    /// Whether nothing of it was known, so that an element that may be left out counts as left out.
    fn is_blank(&self) -> bool {
        false
    }
    /// What the schema admits in it and cannot be: a place inside the element, empty for itself, and the flaw.
    fn misfit(&self) -> Option<(&'static str, Flaw)> {
        None
    }
}

impl<T: Part> Part for Box<T> {
    fn put(&self, out: &mut crate::out::Out) -> Result<(), Fault> {
        T::put(self, out)
    }
    fn take(at: &Place<'_>) -> Result<Self, Fault> {
        T::take(at).map(Self::new)
    }
    fn is_blank(&self) -> bool {
        T::is_blank(self)
    }
    fn misfit(&self) -> Option<(&'static str, Flaw)> {
        T::misfit(self)
    }
}

/// An element, with the way to it.
pub(crate) struct Place<'a> {
    node: &'a Node,
    up: Option<&'a Place<'a>>,
    nth: usize,
    /// The currency of the message, once an amount was seen.
    currency: &'a OnceCell<String>,
}

impl<'a> Place<'a> {
    pub(crate) const fn root(node: &'a Node, currency: &'a OnceCell<String>) -> Self {
        Self { node, up: None, nth: 0, currency }
    }

    /// What is wrong with this element.
    pub(crate) fn fault(&self, flaw: Flaw) -> Fault {
        Fault::new(self.path(), flaw)
    }

    /// What is wrong with an element inside this one that may not be there.
    pub(crate) fn fault_in(&self, name: &str, flaw: Flaw) -> Fault {
        Fault::new(format!("{}/{name}", self.path()), flaw)
    }

    pub(crate) fn path(&self) -> String {
        let mut steps = Vec::new();
        let mut place = Some(self);
        while let Some(here) = place {
            let name = &here.node.name;
            steps.push(if here.nth > 0 { format!("/{name}[{}]", here.nth + 1) } else { format!("/{name}") });
            place = here.up;
        }
        steps.into_iter().rev().collect()
    }

    /// Whether there is an element of this name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.node.children.iter().any(|child| child.name == name)
    }

    /// Names of the elements in this one.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.node.children.iter().map(|child| child.name.as_str())
    }

    /// The element of this name, if it is there. It may stand here once.
    pub(crate) fn one(&self, name: &str) -> Result<Option<Place<'_>>, Fault> {
        let mut found = self.all(name);
        let first = found.next();
        match found.next() {
            Some(second) => Err(second.fault(Flaw::Repeated)),
            None => Ok(first),
        }
    }

    /// The element of this name. It must stand here once.
    pub(crate) fn need(&self, name: &str) -> Result<Place<'_>, Fault> {
        self.one(name)?.ok_or_else(|| self.fault_in(name, Flaw::Missing))
    }

    fn all<'s>(&'s self, name: &str) -> impl Iterator<Item = Place<'s>> {
        let children = self.node.children.iter().filter(move |child| child.name == name);
        children.enumerate().map(move |(nth, node)| Place {
            node,
            up: Some(self),
            nth,
            currency: self.currency,
        })
    }

    /// All elements of this name, at most `max`.
    pub(crate) fn many(&self, name: &str, max: usize) -> Result<Vec<Place<'_>>, Fault> {
        let found: Vec<Place<'_>> = self.all(name).take(max + 1).collect();
        match found.get(max) {
            Some(over) => Err(over.fault(Flaw::TooMany { max })),
            None => Ok(found),
        }
    }

    /// The text of this element, without the white space around it, as it stands.
    pub(crate) fn raw(&self) -> Result<&str, Fault> {
        if !self.node.children.is_empty() {
            return Err(self.fault(Flaw::Mixed));
        }
        let text = self.node.text.trim();
        if text.is_empty() { Err(self.fault(Flaw::Empty)) } else { Ok(text) }
    }

    /// The text of this element as a rule wants it. Line ends inside it count as spaces.
    pub(crate) fn line(&self, rule: Rule) -> Result<String, Fault> {
        let text = self.raw()?.replace(['\t', '\n', '\r'], " ");
        rule.check(&text).map_err(|flaw| self.fault(flaw))?;
        Ok(text)
    }

    pub(crate) fn text(&self, name: &str, rule: Rule) -> Result<String, Fault> {
        self.need(name)?.line(rule)
    }

    pub(crate) fn text_opt(&self, name: &str, rule: Rule) -> Result<Option<String>, Fault> {
        self.one(name)?.map(|place| place.line(rule)).transpose()
    }

    /// A whole number from 0 to `max`.
    pub(crate) fn number_opt(&self, name: &str, max: u64) -> Result<Option<u64>, Fault> {
        let Some(place) = self.one(name)? else { return Ok(None) };
        let text = place.raw()?;
        let number = text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok()).flatten();
        number.filter(|n| *n <= max).map(Some).ok_or_else(|| place.fault(Flaw::Number))
    }

    pub(crate) fn flag_opt(&self, name: &str) -> Result<Option<bool>, Fault> {
        let Some(place) = self.one(name)? else { return Ok(None) };
        match place.raw()? {
            "true" | "1" => Ok(Some(true)),
            "false" | "0" => Ok(Some(false)),
            _ => Err(place.fault(Flaw::Flag)),
        }
    }

    pub(crate) fn part<T: Part>(&self, name: &str) -> Result<T, Fault> {
        let place = self.need(name)?;
        let part = place.inside()?;
        if T::is_blank(&part) { Err(place.fault(Flaw::Empty)) } else { Ok(part) }
    }

    pub(crate) fn part_opt<T: Part>(&self, name: &str) -> Result<Option<T>, Fault> {
        let part = self.one(name)?.map(|place| place.inside()).transpose()?;
        Ok(part.filter(|p: &T| !p.is_blank()))
    }

    pub(crate) fn parts<T: Part>(&self, name: &str, max: usize) -> Result<Vec<T>, Fault> {
        let places = self.many(name, max)?;
        let parts: Result<Vec<T>, Fault> = places.iter().map(|place| place.inside()).collect();
        Ok(parts?.into_iter().filter(|p| !p.is_blank()).collect())
    }

    /// What is inside this element, which holds elements and no text.
    pub(crate) fn inside<T: Part>(&self) -> Result<T, Fault> {
        self.elements_only()?;
        let part = T::take(self)?;
        match part.misfit() {
            Some(("", flaw)) => Err(self.fault(flaw)),
            Some((name, flaw)) => Err(self.fault_in(name, flaw)),
            None => Ok(part),
        }
    }

    /// That a stated number of things is right.
    pub(crate) fn counts(&self, name: &str, len: usize) -> Result<(), Fault> {
        let stated = self.number_opt(name, u64::MAX)?;
        let right = stated.is_none_or(|stated| usize::try_from(stated) == Ok(len));
        if right { Ok(()) } else { Err(self.fault_in(name, Flaw::Count)) }
    }

    /// That this element holds elements and no text.
    pub(crate) fn elements_only(&self) -> Result<(), Fault> {
        if self.node.text.trim().is_empty() { Ok(()) } else { Err(self.fault(Flaw::Mixed)) }
    }

    pub(crate) fn amount(&self, name: &str) -> Result<Amount, Fault> {
        self.need(name)?.money()
    }

    pub(crate) fn amount_opt(&self, name: &str) -> Result<Option<Amount>, Fault> {
        self.one(name)?.map(|place| place.money()).transpose()
    }

    fn money(&self) -> Result<Amount, Fault> {
        let currency = self.node.currency.as_deref().unwrap_or_default();
        let amount = Amount::read(self.raw()?, currency).map_err(|flaw| self.fault(flaw))?;
        if self.currency.get_or_init(|| currency.to_owned()).as_str() != currency {
            return Err(self.fault(Flaw::OtherCurrency));
        }
        Ok(amount)
    }
}
