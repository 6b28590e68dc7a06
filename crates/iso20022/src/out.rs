//! Writing: the document as it grows, with the path to where we are.

use quick_xml::escape::escape;

use crate::limits::{MAX_BYTES, MAX_DEPTH, MAX_ELEMENTS};
use crate::message::{Body, NAMESPACE};
use crate::place::Part;
use crate::rule::Rule;
use crate::{Amount, Fault, Flaw};

/// The document so far.
pub(crate) struct Out {
    xml: String,
    path: Vec<(&'static str, usize)>,
    currency: Option<String>,
    elements: usize,
    /// How long identifiers of parties may be; the messages differ in it.
    pub(crate) party_id: Rule,
}

type Done = Result<(), Fault>;

/// Writes a message as a document.
pub(crate) fn document<B: Body>(body: &B) -> Result<String, Fault> {
    let xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>".to_owned();
    let party_id = Rule::Text(B::PARTY_ID);
    let mut out = Out { xml, path: Vec::new(), currency: None, elements: 0, party_id };
    let attribute = format!(" xmlns=\"{NAMESPACE}{}\"", B::NAME);
    out.filled("Document", 0, &attribute, |out| out.part(B::ROOT, body))?;
    out.xml.push('\n');
    out.small_enough()?;
    if out.elements > MAX_ELEMENTS {
        return Err(Fault::new("/Document".to_owned(), Flaw::TooMany { max: MAX_ELEMENTS }));
    }
    Ok(out.xml)
}

impl Out {
    pub(crate) fn path(&self) -> String {
        let step = |(name, nth): &(&str, usize)| {
            if *nth > 0 { format!("/{name}[{}]", nth + 1) } else { format!("/{name}") }
        };
        self.path.iter().map(step).collect()
    }

    /// What is wrong with an element that would stand here.
    pub(crate) fn fault_in(&self, name: &str, flaw: Flaw) -> Fault {
        Fault::new(format!("{}/{name}", self.path()), flaw)
    }

    /// What is wrong with the element we are in.
    pub(crate) fn fault(&self, flaw: Flaw) -> Fault {
        Fault::new(self.path(), flaw)
    }

    /// That the document so far can be read. Asked at every element, so that what is much too large is not made.
    fn small_enough(&self) -> Done {
        let len = self.xml.len();
        let flaw = Flaw::TooLong { max: MAX_BYTES, len };
        if len > MAX_BYTES { Err(Fault::new("/Document".to_owned(), flaw)) } else { Ok(()) }
    }

    /// Writes an element and what `body` puts into it. Nothing in it: it is not written, and the answer is `false`.
    fn element(
        &mut self,
        name: &'static str,
        nth: usize,
        attribute: &str,
        body: impl FnOnce(&mut Self) -> Done,
    ) -> Result<bool, Fault> {
        // INVARIANT: the messages nest less deeply than readers admit.
        debug_assert!(self.path.len() < MAX_DEPTH, "nested too deeply");
        self.small_enough()?;
        let (len, before) = (self.xml.len(), self.elements);
        self.new_line();
        self.xml.extend(["<", name, attribute, ">"]);
        self.path.push((name, nth));
        body(self)?;
        self.path.pop();
        if self.elements == before {
            self.xml.truncate(len);
            return Ok(false);
        }
        self.elements += 1;
        self.new_line();
        self.xml.extend(["</", name, ">"]);
        Ok(true)
    }

    fn filled(
        &mut self,
        name: &'static str,
        nth: usize,
        attribute: &str,
        body: impl FnOnce(&mut Self) -> Done,
    ) -> Done {
        if self.element(name, nth, attribute, body)? { Ok(()) } else { Err(self.fault_in(name, Flaw::Empty)) }
    }

    fn new_line(&mut self) {
        self.xml.push('\n');
        for _ in 0..self.path.len() {
            self.xml.push_str("  ");
        }
    }

    /// An element with elements in it; one at least.
    pub(crate) fn node(&mut self, name: &'static str, body: impl FnOnce(&mut Self) -> Done) -> Done {
        self.filled(name, 0, "", body)
    }

    /// An element with elements in it, left out if there are none.
    pub(crate) fn node_opt(&mut self, name: &'static str, body: impl FnOnce(&mut Self) -> Done) -> Done {
        self.element(name, 0, "", body).map(drop)
    }

    /// A text that is known to be right.
    pub(crate) fn raw(&mut self, name: &'static str, text: &str) {
        self.leaf(name, "", text);
    }

    fn leaf(&mut self, name: &str, attribute: &str, text: &str) {
        self.new_line();
        self.elements += 1;
        self.xml.extend(["<", name, attribute, ">", &escape(text), "</", name, ">"]);
    }

    pub(crate) fn text(&mut self, name: &'static str, text: &str, rule: Rule) -> Done {
        rule.check(text).map_err(|flaw| self.fault_in(name, flaw))?;
        self.leaf(name, "", text);
        Ok(())
    }

    pub(crate) fn text_opt(&mut self, name: &'static str, text: Option<&String>, rule: Rule) -> Done {
        text.map_or(Ok(()), |text| self.text(name, text, rule))
    }

    pub(crate) fn number_opt(&mut self, name: &'static str, number: Option<u64>, max: u64) -> Done {
        match number {
            Some(number) if number > max => Err(self.fault_in(name, Flaw::Number)),
            Some(number) => {
                self.raw(name, &number.to_string());
                Ok(())
            }
            None => Ok(()),
        }
    }

    pub(crate) fn flag_opt(&mut self, name: &'static str, flag: Option<bool>) {
        if let Some(flag) = flag {
            self.raw(name, if flag { "true" } else { "false" });
        }
    }

    pub(crate) fn part<T: Part>(&mut self, name: &'static str, part: &T) -> Done {
        self.filled(name, 0, "", |out| out.inside(part))
    }

    /// What stands inside an element, when the element is open.
    pub(crate) fn inside<T: Part>(&mut self, part: &T) -> Done {
        part.put(self)?;
        match part.misfit() {
            Some(("", flaw)) => Err(self.fault(flaw)),
            Some((name, flaw)) => Err(self.fault_in(name, flaw)),
            None => Ok(()),
        }
    }

    pub(crate) fn part_opt<T: Part>(&mut self, name: &'static str, part: Option<&T>) -> Done {
        part.map_or(Ok(()), |part| self.part(name, part))
    }

    /// All of them, at most `max`.
    pub(crate) fn parts<T: Part>(&mut self, name: &'static str, parts: &[T], max: usize) -> Done {
        self.each(name, parts, max, Self::inside)
    }

    /// All of them, at most `max`, each as `body` writes it.
    pub(crate) fn each<T>(
        &mut self,
        name: &'static str,
        parts: &[T],
        max: usize,
        body: impl Fn(&mut Self, &T) -> Done,
    ) -> Done {
        if parts.len() > max {
            return Err(self.fault_in(name, Flaw::TooMany { max }));
        }
        parts.iter().enumerate().try_for_each(|(nth, part)| self.filled(name, nth, "", |out| body(out, part)))
    }

    pub(crate) fn amount(&mut self, name: &'static str, amount: &Amount) -> Done {
        amount.units().map_err(|flaw| self.fault_in(name, flaw))?;
        let known = self.currency.get_or_insert_with(|| amount.currency.clone());
        if *known != amount.currency {
            return Err(self.fault_in(name, Flaw::OtherCurrency));
        }
        self.leaf(name, &format!(" Ccy=\"{}\"", amount.currency), &amount.value);
        Ok(())
    }

    pub(crate) fn amount_opt(&mut self, name: &'static str, amount: Option<&Amount>) -> Done {
        amount.map_or(Ok(()), |amount| self.amount(name, amount))
    }
}
