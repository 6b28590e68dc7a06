//! Cases that are brought as a table or as JSON: every row is judged before anything is written.

use serde::Deserialize;

use crate::rules::{MAX_TITLE, line, text_or_none};

/// Most rows of one list.
pub const MOST: usize = 5_000;

/// A case to be opened.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Line {
    /// Title.
    pub title: String,
    /// What it is about.
    pub summary: String,
    /// Code of a shape.
    pub template: String,
    /// Number of a report.
    pub report: String,
    /// Code of a register, and the number there.
    pub system: String,
    /// The number there.
    pub number: String,
    /// When the register took it, `2026-11-30T14:05:00+05:00`.
    pub registered_at: String,
}

/// What is wrong with a row: its number from 1, the field, and a key of words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Which row, from 1; 0 for the list as a whole.
    pub row: usize,
    /// Which field.
    pub field: &'static str,
}

/// Reads a list: JSON where it begins so, else a table with a head.
///
/// # Errors
/// Rows that cannot be read, each with its number.
pub fn read(bytes: &[u8]) -> Result<Vec<Line>, Vec<Fault>> {
    let whole = || vec![Fault { row: 0, field: "list" }];
    let text = std::str::from_utf8(bytes).map_err(|_| vec![Fault { row: 0, field: "encoding" }])?;
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.starts_with('[') {
        let all: Vec<Line> = serde_json::from_str(text).map_err(|_| whole())?;
        return if all.is_empty() { Err(whole()) } else { Ok(all) };
    }
    // Tables of offices here are written with a semicolon as often as with a comma.
    let head = text.lines().next().unwrap_or_default();
    let by = if head.matches(';').count() > head.matches(',').count() { b';' } else { b',' };
    let mut table = csv::ReaderBuilder::new().delimiter(by).trim(csv::Trim::All).from_reader(text.as_bytes());
    let (mut all, mut faults) = (Vec::new(), Vec::new());
    for (i, row) in table.deserialize::<Line>().enumerate() {
        match row {
            Ok(line) => all.push(line),
            Err(_) => faults.push(Fault { row: i.saturating_add(1), field: "row" }),
        }
    }
    match faults.is_empty() {
        true if all.is_empty() => Err(whole()),
        true => Ok(all),
        false => Err(faults),
    }
}

/// What is wrong with each row, as far as the row alone tells.
#[must_use]
pub fn judge(cases: &profile::Cases, registers: &[&str], all: &[Line]) -> Vec<Fault> {
    let mut faults = Vec::new();
    if all.len() > MOST {
        faults.push(Fault { row: 0, field: "many" });
    }
    for (i, row) in all.iter().enumerate().take(MOST) {
        let mut wrong = |field| faults.push(Fault { row: i.saturating_add(1), field });
        if line("title", &row.title, MAX_TITLE).is_err() {
            wrong("title");
        }
        if text_or_none("summary", &row.summary).is_err() {
            wrong("summary");
        }
        if !row.template.is_empty() && cases.template(&row.template).is_none() {
            wrong("template");
        }
        let named = [&row.system, &row.number, &row.registered_at].iter().filter(|v| !v.is_empty()).count();
        if named == 0 {
            continue;
        }
        if !registers.contains(&row.system.as_str()) {
            wrong("system");
        }
        if line("number", &row.number, 60).is_err() {
            wrong("number");
        }
        if kernel::Timestamp::parse_rfc3339(&row.registered_at).is_none() {
            wrong("registered_at");
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_and_json_are_read_the_same() {
        let json = br#"[{"title": "One", "template": "dropper"}, {"title": "Two; three"}]"#;
        let comma = "title,template\nOne,dropper\nTwo; three,\n";
        let semicolon = "\u{feff}title;template\nOne;dropper\n\"Two; three\";\n";
        let all = read(json).unwrap();
        assert_eq!(read(comma.as_bytes()).unwrap(), all);
        assert_eq!(read(semicolon.as_bytes()).unwrap(), all);
        for odd in ["", "title\n", "[]", "[{\"titel\": \"x\"}]", "{\"title\": \"x\"}"] {
            assert!(read(odd.as_bytes()).is_err(), "{odd}");
        }
        // A table of Windows-1251 is said to be none of ours rather than read as signs.
        assert_eq!(read(&[0xcf, 0xf0]).unwrap_err(), [Fault { row: 0, field: "encoding" }]);
        let ragged = read(b"title,template\nOne,dropper\nTwo\n").unwrap_err();
        assert_eq!(ragged, [Fault { row: 2, field: "row" }]);
    }

    #[test]
    fn each_row_is_judged() {
        let kz = profile::Profile::embedded("kz").unwrap();
        let rows = [
            Line { title: "Жақсы".into(), ..Line::default() },
            Line { title: " ".into(), template: "moon".into(), ..Line::default() },
            Line { title: "x1".into(), system: "moon".into(), ..Line::default() },
            Line {
                title: "x2".into(),
                system: "kui".into(),
                number: "1".into(),
                registered_at: "2026-11-30T14:05:00+05:00".into(),
                ..Line::default()
            },
        ];
        let said: Vec<(usize, &str)> =
            judge(kz.cases(), &["kui"], &rows).iter().map(|f| (f.row, f.field)).collect();
        assert_eq!(said, [(2, "title"), (2, "template"), (3, "system"), (3, "number"), (3, "registered_at")]);
        let many = vec![Line { title: "x".into(), ..Line::default() }; MOST + 1];
        assert_eq!(judge(kz.cases(), &[], &many)[0], Fault { row: 0, field: "many" });
    }
}
