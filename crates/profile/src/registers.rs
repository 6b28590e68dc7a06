//! `registers.toml`: the country's registers into which a matter goes, in their order, with the clocks of the law.
//!
//! A register either takes a matter that is handed over to it, or asks for a decision once an earlier one holds the
//! matter. A country without such registers has an empty file.

use kernel::Localised;

use crate::calendar::Term;
use crate::dated::Validity;
use crate::read::{Node, one_of};
use crate::words::{Outcome, SourceMark};

/// One register of the country, as it is from one day to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Register {
    /// Stable short word, `kui`: in columns, addresses and messages.
    pub code: String,
    /// When this holds.
    pub validity: Validity,
    /// What officers call it.
    pub name: Localised,
    /// What it is called in full.
    pub full_name: Localised,
    /// Kinds of matter that it holds, `report`. An open list: a slice that is still to come names its own.
    pub subjects: Vec<String>,
    /// What its numbers look like; `None` where nobody has said. A number is never a key.
    pub number: Option<NumberForm>,
    /// How a matter enters it.
    pub entry: Entry,
    /// How well this has been checked.
    pub source: RegisterSource,
}

impl Register {
    /// Whether matters of this kind enter it.
    #[must_use]
    pub fn holds(&self, subject_kind: &str) -> bool {
        self.subjects.iter().any(|s| s == subject_kind)
    }
    /// What it decides by, if it is a register of decisions.
    #[must_use]
    pub const fn decision(&self) -> Option<&DecisionRule> {
        match &self.entry {
            Entry::Decision(rule) => Some(rule),
            Entry::HandOver(_) => None,
        }
    }
    /// How it is handed a matter, if it is.
    #[must_use]
    pub const fn hand_over(&self) -> Option<&HandOverRule> {
        match &self.entry {
            Entry::HandOver(rule) => Some(rule),
            Entry::Decision(_) => None,
        }
    }
}

/// How a matter enters a register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// Every matter is handed over, and the register answers with a number.
    HandOver(HandOverRule),
    /// A decision is taken about each matter of an earlier register.
    Decision(DecisionRule),
}

/// How a register is handed a matter. Whether by messages or by files that officers carry is the installation's: an
/// institution that keeps the register and has an address takes messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandOverRule {
    /// Within what time of its filing.
    pub within: Term,
}

/// What is decided about a matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecisionRule {
    /// Code of the register that must hold the matter first.
    pub after: String,
    /// Within what time of the entry there.
    pub within: Term,
    /// Which decisions there are, in the order of the form.
    pub outcomes: Vec<OutcomeRule>,
    /// Where a decision is appealed against.
    pub appeal: Localised,
}

impl DecisionRule {
    /// The rule of one decision; `None` if it cannot be taken here.
    #[must_use]
    pub fn outcome(&self, outcome: Outcome) -> Option<&OutcomeRule> {
        self.outcomes.iter().find(|o| o.kind == outcome)
    }
}

/// One decision that can be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutcomeRule {
    /// Which.
    pub kind: Outcome,
    /// What the officer chooses.
    pub name: Localised,
    /// What it means, for the reporter: a sentence.
    pub means: Localised,
    /// Whether somebody else must agree before it stands.
    pub second_person: bool,
}

/// How far a register has been checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisterSource {
    /// Confirmed by a published source, or still to be.
    pub mark: SourceMark,
    /// What is known and what is not, for the officer who relies on it.
    pub note: Localised,
    /// Parts that no source confirms.
    pub unverified: Vec<String>,
}

/// Parts of a register that can be named as unverified.
const PARTS: [&str; 6] = ["name", "number", "within", "outcome", "appeal", "subjects"];

/// What a number looks like: `9` stands for any digit, `A` for any capital letter, everything else for itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberForm(String);

/// Longest form, and longest number, in characters.
const MAX_NUMBER: usize = 60;

impl NumberForm {
    /// Whether `number` looks so.
    #[must_use]
    pub fn fits(&self, number: &str) -> bool {
        let mut typed = number.chars();
        let each = self.0.chars().all(|form| {
            typed.next().is_some_and(|c| match form {
                '9' => c.is_ascii_digit(),
                'A' => c.is_uppercase(),
                other => c == other,
            })
        });
        each && typed.next().is_none()
    }
    /// The form, for messages.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Reads the whole file.
pub(crate) fn registers(node: &Node<'_>) -> Option<Vec<Register>> {
    let all = node.each("register", register);
    if node.is_clean() {
        check(node, &all);
    }
    Some(all)
}

fn register(node: &Node<'_>) -> Option<Register> {
    let (code, validity) = (code(node, "code"), Validity::read(node));
    let (name, full_name) = (node.req("name"), node.req("full_name"));
    let subjects = node.req::<Vec<String>>("subjects");
    if subjects.as_ref().is_some_and(Vec::is_empty) {
        node.wrong_at("subjects", "expected at least one kind of matter");
    }
    let number = number(node);
    let hand_over = node.value("hand_over").map(|v| v.table(hand_over));
    let decision = node.value("decision").map(|v| v.table(decision));
    let source = node.value("source").map(|v| v.table(source));
    if source.is_none() {
        node.wrong("expected the table `source`");
    }
    let entry = match (hand_over, decision) {
        (Some(rule), None) => Entry::HandOver(rule?),
        (None, Some(rule)) => Entry::Decision(rule?),
        _ => {
            node.wrong("expected either the table `hand_over` or the table `decision`");
            return None;
        }
    };
    Some(Register {
        code: code?,
        validity: validity?,
        name: name?,
        full_name: full_name?,
        subjects: subjects?,
        number: number?,
        entry,
        source: source??,
    })
}

/// A short word that can stand in an address.
fn code(node: &Node<'_>, key: &str) -> Option<String> {
    let code = node.req::<String>(key)?;
    let fits = code.len() <= 20 && code.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    if !fits {
        node.wrong_at(key, format!("expected at most 20 small Latin letters and digits, found `{code}`"));
    }
    fits.then_some(code)
}

fn number(node: &Node<'_>) -> Option<Option<NumberForm>> {
    let Some(form) = node.opt::<String>("number")? else { return Some(None) };
    if form.chars().count() > MAX_NUMBER || !form.contains(['9', 'A']) {
        node.wrong_at(
            "number",
            format!("expected a form with `9` for a digit and `A` for a letter, at most {MAX_NUMBER} long"),
        );
        return None;
    }
    Some(Some(NumberForm(form)))
}

fn hand_over(node: &Node<'_>) -> Option<HandOverRule> {
    Some(HandOverRule { within: node.req("within")? })
}

fn decision(node: &Node<'_>) -> Option<DecisionRule> {
    let (after, within, appeal) = (code(node, "after"), node.req("within"), node.req("appeal"));
    let outcomes = node.each("outcome", |n| {
        let (kind, name, means) = (n.req("kind"), n.req("name"), n.req("means"));
        let second_person = n.or("second_person", false);
        Some(OutcomeRule { kind: kind?, name: name?, means: means?, second_person: second_person? })
    });
    if node.is_clean() && !outcomes.iter().any(|o| o.kind == Outcome::Registered) {
        node.wrong_at("outcome", "expected the outcome `registered` among the decisions");
        return None;
    }
    for (i, o) in outcomes.iter().enumerate() {
        if outcomes.iter().take(i).any(|other| other.kind == o.kind) {
            node.wrong_item("outcome", i, format!("expected each outcome once, `{}` is there twice", o.kind));
        }
    }
    Some(DecisionRule { after: after?, within: within?, outcomes, appeal: appeal? })
}

fn source(node: &Node<'_>) -> Option<RegisterSource> {
    let (mark, note) = (node.req("mark"), node.req("note"));
    let unverified = node.or::<Vec<String>>("unverified", Vec::new())?;
    for part in unverified.iter().filter(|p| !PARTS.contains(&p.as_str())) {
        node.wrong_at("unverified", format!("expected {}, found `{part}`", one_of(&PARTS)));
    }
    Some(RegisterSource { mark: mark?, note: note?, unverified })
}

/// What no single register can show.
fn check(node: &Node<'_>, all: &[Register]) {
    for (i, r) in all.iter().enumerate() {
        let earlier = || all.iter().take(i);
        if earlier().any(|o| o.code == r.code && o.validity.overlaps(&r.validity)) {
            node.wrong_item("register", i, format!("expected one `{}` a day", r.code));
        }
        let Some(rule) = r.decision() else { continue };
        if !earlier().any(|o| o.code == rule.after && o.validity.overlaps(&r.validity)) {
            let what = format!("expected `after` to name a register above it, found `{}`", rule.after);
            node.wrong_item("register", i, what);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_fit_their_form_to_the_end() {
        let form = NumberForm("A-99/9".to_owned());
        for (number, fits) in [
            ("К-12/3", true),
            ("K-12/3", true),
            ("k-12/3", false),
            ("K-12/", false),
            ("K-12/34", false),
            ("K-1٢/3", false),
            ("", false),
        ] {
            assert_eq!(form.fits(number), fits, "{number}");
        }
    }
}
