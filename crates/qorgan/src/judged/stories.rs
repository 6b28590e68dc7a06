//! Stories: what they name, which belong together, how the fraud in each is done.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, Write};
use std::path::Path;

use anyhow::Context as _;
use serde_json::json;

use super::{open, written};

/// Finds identifiers in stories, which stories belong together, and how the fraud in each is done.
///
/// # Errors
/// A sentence for the person at the terminal; lines that cannot be read are named, the others worked on.
pub fn extract_schemes(file: &Path, out: Option<&Path>, aim: scheme::Aim) -> anyhow::Result<()> {
    let mut bad = Vec::new();
    written(out, |out| {
        bad = schemes(open(file)?, out, aim)?;
        Ok(())
    })?;
    for line in &bad {
        tracing::error!(line, "line left out");
    }
    anyhow::ensure!(bad.is_empty(), "{} lines could not be read; the others were worked on", bad.len());
    Ok(())
}

/// A line in.
#[derive(Debug, serde::Deserialize)]
struct Told {
    id: serde_json::Value,
    #[serde(alias = "text")]
    story: String,
}

/// Sites that many honest people use, as the profile knows them.
fn public(profile: &profile::Profile) -> BTreeSet<String> {
    let lists = profile.identifiers();
    lists.known.iter().chain(&lists.shared).flat_map(|own| own.domains.iter().cloned()).collect()
}

/// From so much on a story speaks for itself.
const SURE: u32 = 3;

/// Stories that say little take the kind of those that they belong to.
fn voted(mut known: Vec<Option<scheme::Known>>, clusters: &[String]) -> Vec<Option<scheme::Known>> {
    let mut votes: BTreeMap<&str, BTreeMap<String, u32>> = BTreeMap::new();
    for (known, cluster) in known.iter().zip(clusters) {
        if let Some(known) = known {
            let all = votes.entry(cluster.as_str()).or_default();
            let sum = all.entry(known.code.clone()).or_default();
            *sum = sum.saturating_add(known.says);
        }
    }
    for (known, cluster) in known.iter_mut().zip(clusters) {
        let best = votes.get(cluster.as_str()).and_then(|all| {
            all.iter().max_by_key(|(code, says)| (**says, std::cmp::Reverse((*code).clone())))
        });
        if let Some((code, says)) = best
            && *says >= SURE
            && known.as_ref().is_none_or(|k| k.says < SURE && k.code != *code)
        {
            let why = vec![format!("stories of the same scheme: {cluster}")];
            *known = Some(scheme::Known { code: code.clone(), says: *says, why, signs: Vec::new() });
        }
    }
    known
}

/// Gives the numbers of the lines that could not be read.
fn schemes(input: impl BufRead, out: &mut dyn Write, aim: scheme::Aim) -> anyhow::Result<Vec<u64>> {
    let profile = profile::Profile::embedded("kz")?;
    let reader = scheme::Reader::new(profile.schemes());
    let options = identifier::Options::default();
    let (mut told, mut stories, mut bad) = (Vec::new(), Vec::new(), Vec::new());
    for (no, line) in (1_u64..).zip(input.split(b'\n')) {
        let line = line.with_context(|| format!("line {no} cannot be read"))?;
        let line = line.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&line).trim_ascii();
        if line.is_empty() {
            continue;
        }
        let Ok(Told { id, story }) = serde_json::from_slice(line) else {
            bad.push(no);
            continue;
        };
        let mut named: Vec<(identifier::Kind, String)> = Vec::new();
        for found in identifier::extract(&story, &options) {
            let thing = (found.kind, found.canonical);
            if !named.contains(&thing) {
                named.push(thing);
            }
        }
        let called = id.as_str().map_or_else(|| id.to_string(), str::to_owned);
        stories.push(scheme::Story { id: called, text: story, named });
        told.push(id);
    }
    let gathered = scheme::gather(&stories, &public(&profile), aim);
    let known = voted(stories.iter().map(|s| reader.read(&s.text)).collect(), &gathered.clusters);
    for (((id, story), cluster), known) in told.iter().zip(&stories).zip(&gathered.clusters).zip(known) {
        let named =
            |(kind, canonical): &(identifier::Kind, String)| json!({"kind": kind, "canonical": canonical});
        let identifiers: Vec<_> = story.named.iter().map(named).collect();
        let (kind, why) = (known.as_ref().map(|k| &k.code), known.as_ref().map(|k| &k.why));
        let line = json!({"id": id, "identifiers": identifiers, "scheme": cluster, "kind": kind, "why": why});
        writeln!(out, "{line}")?;
    }
    Ok(bad)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stories_with_their_cluster_and_kind() {
        let lines = concat!(
            r#"{"id":"b","story":"Звонил сотрудник банка с +7 700 000 00 01, просил перевести на безопасный счёт"}"#,
            "\n\nno json\n",
            r#"{"id":7,"story":"Сегодня хорошая погода"}"#,
            "\n",
            r#"{"id":"a","story":"Опять этот номер 8 700 000 00 01"}"#,
        );
        let mut bytes = b"{\"id\":1,\"story\":\"\xff\"}\n".to_vec();
        bytes.extend(lines.as_bytes());
        let mut out = Vec::new();
        // What is not UTF-8 is left out like what is no JSON.
        assert_eq!(schemes(&bytes[..], &mut out, scheme::Aim::DESK).unwrap(), [1, 4]);
        let found: Vec<serde_json::Value> =
            String::from_utf8(out).unwrap().lines().map(|l| serde_json::from_str(l).unwrap()).collect();
        assert_eq!(found.len(), 3);
        assert_eq!((&found[0]["scheme"], &found[0]["kind"]), (&json!("a"), &json!("fake_bank_security")));
        assert_eq!(found[0]["identifiers"][0]["canonical"], "+77000000001");
        assert_eq!(
            (&found[1]["id"], &found[1]["scheme"], &found[1]["kind"]),
            (&json!(7), &json!("7"), &json!(null))
        );
        // The same number: what says little by itself is of the same kind.
        assert_eq!((&found[2]["scheme"], &found[2]["kind"]), (&json!("a"), &json!("fake_bank_security")));
    }
}
