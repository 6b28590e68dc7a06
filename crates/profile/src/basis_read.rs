//! Reading `legal_basis.toml`, and the checks that one entry alone cannot show.

use kernel::Role;

use crate::basis::{
    Appeal, Approvers, BasisRecord, Extension, LawClocks, Notify, ScopeRule, Source, StandingRule,
};
use crate::basis_check::{BasisFault, VERIFIABLE, check_basis, count_fits};
use crate::dated::Validity;
use crate::read::{Node, Read, Value, one_of};
use crate::words::SourceMark;

impl Read for Role {
    fn read(value: &Value<'_>) -> Option<Self> {
        let text = value.text()?;
        let role = Self::parse(text);
        if role.is_none() {
            value.expected(&one_of(&Self::ALL.map(Self::as_str)), &format!("`{text}`"));
        }
        role
    }
}

/// Reads the whole file: entries by key in the order of the file, then by version.
pub(crate) fn bases(node: &Node<'_>) -> Option<Vec<BasisRecord>> {
    let read = node.each("basis", |n| {
        let read = basis(n)?;
        check(n, &read);
        Some(read)
    });
    let mut all: Vec<(usize, BasisRecord)> = read.into_iter().enumerate().collect();
    // The order between keys matters: where several bases fit, the first is preferred.
    let order: Vec<String> = all.iter().map(|(_, b)| b.key.clone()).collect();
    all.sort_by_key(|(_, b)| (order.iter().position(|k| *k == b.key), b.version));
    if node.is_clean() {
        check_versions(node, &all);
    }
    Some(all.into_iter().map(|(_, basis)| basis).collect())
}

/// Versions of a key count from 1 without gaps, and each ends before the next begins.
fn check_versions(node: &Node<'_>, all: &[(usize, BasisRecord)]) {
    let mut before: Option<&BasisRecord> = None;
    for (no, basis) in all {
        let previous = before.filter(|b| b.key == basis.key);
        let expected = previous.map_or(1, |b| b.version.saturating_add(1));
        if basis.version != expected {
            let what = format!("expected version {expected} of `{}`, found {}", basis.key, basis.version);
            node.wrong_item("basis", *no, what);
        }
        if let Some(open) = previous.filter(|b| b.to.is_none_or(|to| basis.from <= to)) {
            let what = format!(
                "expected version {} of `{}` to end before version {} begins",
                open.version, basis.key, basis.version
            );
            node.wrong_item("basis", *no, what);
        }
        before = Some(basis);
    }
}

fn basis(node: &Node<'_>) -> Option<BasisRecord> {
    let (key, version, validity) = (node.req("key"), node.req("version"), Validity::read(node));
    let (act, act_name, article) = (node.req("act"), node.req("act_name"), node.req("article"));
    let (title, text) = (node.req("title"), node.req("text"));
    let (measures, addressees) = (list(node, "measures"), list(node, "addressees"));
    let approvers = sub(node, "approvers", approvers);
    let prosecutor_sanction = node.req("prosecutor_sanction");
    let standing = maybe(node, "standing", standing);
    let clocks = maybe(node, "clocks", |n| Some(LawClocks { ack: n.opt("ack")?, action: n.opt("action")? }));
    let (max_term, extension) = (node.opt("max_term"), maybe(node, "extension", extension));
    let scope = sub(node, "scope", |n| {
        Some(ScopeRule { widest: n.req("widest")?, reason_above: n.req("reason_above")? })
    });
    let exempt_receipts = node.or("exempt_receipts", Vec::new());
    let notify = node.each("notify", |n| Some(Notify { whom: n.req("whom")?, within: n.req("within")? }));
    let (appeal, source) = (sub(node, "appeal", appeal), sub(node, "source", source));
    let validity = validity?;
    Some(BasisRecord {
        key: key?,
        version: version?,
        from: validity.from,
        to: validity.to,
        act: act?,
        act_name: act_name?,
        article: article?,
        title: title?,
        text: text?,
        measures: measures?,
        addressees: addressees?,
        approvers: approvers?,
        prosecutor_sanction: prosecutor_sanction?,
        standing: standing?,
        clocks: clocks?.unwrap_or_default(),
        max_term: max_term?,
        extension: extension?,
        scope: scope?,
        exempt_receipts: exempt_receipts?,
        notify,
        appeal: appeal?,
        source: source?,
    })
}

/// A table that must be there.
fn sub<'d, T>(node: &Node<'d>, key: &str, with: impl FnOnce(&Node<'d>) -> Option<T>) -> Option<T> {
    let value = node.value(key);
    if value.is_none() {
        node.wrong(format!("expected the table `{key}`"));
    }
    value?.table(with)
}

/// A table that may be left out.
fn maybe<'d, T>(node: &Node<'d>, key: &str, with: impl FnOnce(&Node<'d>) -> Option<T>) -> Option<Option<T>> {
    match node.value(key) {
        None => Some(None),
        Some(value) => value.table(with).map(Some),
    }
}

/// A list that must not be empty.
fn list<T: Read>(node: &Node<'_>, key: &str) -> Option<Vec<T>> {
    let read = node.req::<Vec<T>>(key)?;
    if read.is_empty() {
        node.wrong_at(key, format!("expected at least one of `{key}`"));
        return None;
    }
    Some(read)
}

fn approvers(node: &Node<'_>) -> Option<Approvers> {
    let (count, roles) = (node.req::<u8>("count"), list::<Role>(node, "roles"));
    if count.is_some_and(|c| !count_fits(c)) {
        node.wrong_at("count", BasisFault::ApproverCount { standing: false }.to_string());
        return None;
    }
    Some(Approvers { count: count?, roles: roles? })
}

fn standing(node: &Node<'_>) -> Option<StandingRule> {
    let approvers = approvers(node);
    let (max_days, widest) = (node.req("max_days"), node.req("widest"));
    Some(StandingRule { approvers: approvers?, max_days: max_days?, widest: widest? })
}

fn extension(node: &Node<'_>) -> Option<Extension> {
    let (term, times) = (node.req("term"), node.req("times"));
    Some(Extension { term: term?, times: times? })
}

fn appeal(node: &Node<'_>) -> Option<Appeal> {
    let (body, file_within, decide_within) =
        (node.req("body"), node.opt("file_within"), node.req("decide_within"));
    Some(Appeal { body: body?, file_within: file_within?, decide_within: decide_within? })
}

fn source(node: &Node<'_>) -> Option<Source> {
    let (mark, note) = (node.req::<SourceMark>("mark"), node.req("note"));
    let unverified = node.or::<Vec<String>>("unverified", Vec::new())?;
    for field in unverified.iter().filter(|f| !VERIFIABLE.contains(&f.as_str())) {
        node.wrong_at("unverified", format!("expected {}, found `{field}`", one_of(&VERIFIABLE)));
    }
    Some(Source { mark: mark?, note: note?, unverified })
}

/// What contradicts itself within one entry. Each value by itself has been judged where it was read.
fn check(node: &Node<'_>, basis: &BasisRecord) {
    for fault in check_basis(basis, &[]) {
        if !matches!(fault, BasisFault::Unverified(_)) {
            node.wrong_at(fault.field(), fault.to_string());
        }
    }
}
