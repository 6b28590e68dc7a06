//! How well records are gathered, on people that a seed invents.
#![cfg(test)]

mod invented;
mod usual;

use std::collections::HashMap;

use person::resolve::{Record, resolve};

/// Pairs of records of one cluster.
fn pairs<T: std::hash::Hash + Eq>(labels: impl Iterator<Item = T>) -> u64 {
    let mut sizes: HashMap<T, u64> = HashMap::new();
    labels.for_each(|label| *sizes.entry(label).or_default() += 1);
    sizes.values().map(|n| n * (n - 1) / 2).sum()
}

/// Precision, recall and F1 of pairs, per mille.
fn judged(found: &[u32], truth: &[usize]) -> (u64, u64, u64) {
    let both = pairs(found.iter().zip(truth));
    let (said, are) = (pairs(found.iter()), pairs(truth.iter()));
    (1_000 * both / said.max(1), 1_000 * both / are.max(1), 2_000 * both / (said + are).max(1))
}

#[test]
fn people_of_kazakhstan_in_mixed_writing() {
    for seed in [1, 2] {
        let (records, truth): (Vec<Record>, Vec<usize>) = invented::records(seed, 700).into_iter().unzip();
        let found = resolve(&records);
        let (precision, recall, f1) = judged(&found.clusters, &truth);
        let exact: Vec<String> = records
            .iter()
            .enumerate()
            .map(|(no, r)| if r.iin.is_empty() { format!("alone {no}") } else { r.iin.clone() })
            .collect();
        let floor = {
            let both = pairs(exact.iter().zip(&truth));
            2_000 * both / (pairs(exact.iter()) + pairs(truth.iter()))
        };
        println!(
            "{} records, {} compared: precision {precision} recall {recall} F1 {f1} per mille; exact IIN {floor}",
            records.len(),
            found.compared
        );
        assert!(f1 >= 900, "{f1}");
    }
}

#[test]
fn the_same_records_give_the_same_clusters() {
    let records: Vec<Record> = invented::records(3, 150).into_iter().map(|(record, _)| record).collect();
    assert!(resolve(&records) == resolve(&records), "from run to run");
}

/// Whatever stands in the fields, each record has one cluster, named by its first record.
#[test]
fn nothing_breaks_it() {
    let mut records: Vec<Record> = invented::records(4, 20).into_iter().map(|(record, _)| record).collect();
    let strange = ["", " ", "\u{202e}", "0", "9999-99-99", "ыыы", "12345678901234567890", "é́́", "—"];
    for text in strange {
        let all = text.to_owned();
        records.push(Record {
            iin: all.clone(),
            last: all.clone(),
            first: all.clone(),
            middle: all.clone(),
            birth: all.clone(),
            phone: all.clone(),
            address: all,
        });
    }
    let found = resolve(&records);
    assert_eq!(found.clusters.len(), records.len());
    for (no, cluster) in (0_u32..).zip(&found.clusters) {
        assert!(*cluster <= no && found.clusters[usize::try_from(*cluster).unwrap()] == *cluster);
    }
}
