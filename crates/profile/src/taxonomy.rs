//! `taxonomy.toml`: kinds of fraud, of loss, of contact, as forms offer and statistics count them.

use kernel::Localised;

use crate::read::Node;
use crate::words::words;

words!(
    /// What a choice on the form leads to.
    Handling {
        /// A fraud: the report goes its way.
        Fraud = "fraud",
        /// No fraud (a slip in the account number, a quarrel with a real shop): the person is sent on.
        SentOn = "sent_on",
    }
);

/// One entry of a list of choices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// Code in columns and messages.
    pub code: String,
    /// In words.
    pub name: Localised,
    /// One sentence that helps to choose, if one is needed.
    pub hint: Option<Localised>,
    /// What it leads to.
    pub handling: Handling,
}

/// Everything that `taxonomy.toml` says.
#[derive(Debug, Clone)]
pub(crate) struct Taxonomy {
    pub fraud_kinds: Vec<Choice>,
    pub loss_kinds: Vec<Choice>,
    pub channels: Vec<Choice>,
}

/// Reads the whole file.
pub(crate) fn taxonomy(node: &Node<'_>) -> Option<Taxonomy> {
    let fraud_kinds = choices(node, "fraud_kind");
    let loss_kinds = choices(node, "loss_kind");
    let channels = choices(node, "channel");
    Some(Taxonomy { fraud_kinds, loss_kinds, channels })
}

fn choices(node: &Node<'_>, key: &str) -> Vec<Choice> {
    let read = node.each(key, |n| {
        let (code, name) = (n.req::<String>("code"), n.req("name"));
        let (hint, handling) = (n.opt("hint"), n.or("handling", Handling::Fraud));
        let code = code?;
        if !code.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_') {
            n.wrong_at("code", "expected small letters, digits and `_`");
        }
        Some(Choice { code, name: name?, hint: hint?, handling: handling? })
    });
    let clean = node.is_clean();
    for (i, choice) in read.iter().enumerate().filter(|_| clean) {
        if read.iter().take(i).any(|c| c.code == choice.code) {
            node.wrong_item(key, i, format!("expected each code once, `{}` comes twice", choice.code));
        }
    }
    if read.is_empty() && clean {
        node.wrong_at(key, format!("expected at least one `{key}`"));
    }
    read
}
