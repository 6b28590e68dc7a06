//! A crate depends on lower tiers, or on a tier-mate that ARCHITECTURE.md names. The table there is the
//! law; this compares it with what cargo knows.

use std::collections::BTreeMap;

use anyhow::Context as _;
use serde_json::Value;

use crate::run;

struct Row {
    tier: u8,
    mates: Vec<String>,
}

/// Reads lines `| crate | tier | tier-mates | what |` of the table under "## Tiers".
fn table() -> anyhow::Result<BTreeMap<String, Row>> {
    let text = std::fs::read_to_string("ARCHITECTURE.md").context("ARCHITECTURE.md is missing")?;
    let section = text.split("## Tiers").nth(1).context("ARCHITECTURE.md has no section `## Tiers`")?;
    let mut rows = BTreeMap::new();
    for line in section.lines().filter(|l| l.starts_with("| `")) {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [name, tier, mates, ..] = cells.as_slice() else {
            anyhow::bail!("a row of the tier table is short: {line}")
        };
        let mates = mates
            .split(',')
            .map(|m| m.trim().trim_matches('`').to_owned())
            .filter(|m| !m.is_empty() && m != "-");
        let tier = tier.parse().with_context(|| format!("`{tier}` is no tier in: {line}"))?;
        rows.insert(name.trim_matches('`').to_owned(), Row { tier, mates: mates.collect() });
    }
    Ok(rows)
}

/// Fails with every dependency that the table does not allow, and every crate that it does not name.
pub fn check() -> anyhow::Result<()> {
    let table = table()?;
    let metadata: Value =
        serde_json::from_str(&run::output("cargo", &["metadata", "--no-deps", "--format-version", "1"])?)?;
    let packages =
        metadata.get("packages").and_then(Value::as_array).context("cargo metadata has no packages")?;
    let mut faults = Vec::new();
    let mut seen = 0;
    for package in packages {
        let name = package.get("name").and_then(Value::as_str).unwrap_or_default();
        let Some(row) = table.get(name) else {
            faults.push(format!("`{name}` is not in the tier table"));
            continue;
        };
        for dependency in package.get("dependencies").and_then(Value::as_array).into_iter().flatten() {
            let to = dependency.get("name").and_then(Value::as_str).unwrap_or_default();
            let dev = dependency.get("kind").and_then(Value::as_str) == Some("dev");
            let Some(target) = table.get(to) else { continue };
            seen += 1;
            // Tests may use the test kit and what it is made of.
            if !dev && target.tier >= row.tier && !row.mates.iter().any(|m| m == to) {
                faults.push(format!(
                    "`{name}` (tier {}) may not depend on `{to}` (tier {})",
                    row.tier, target.tier
                ));
            }
        }
    }
    anyhow::ensure!(faults.is_empty(), "tiers:\n{}", faults.join("\n"));
    println!("tiers: {} crates, {seen} dependencies, all allowed", table.len());
    Ok(())
}
