//! An agreement file as the desk reads it: every entry by itself, and each fault with its line. Pure.

use std::collections::BTreeMap;

use profile::Profile;
use serde::Deserialize;

use crate::agreement::rules::{self, Fault};
use crate::model::Institution;

/// Longest file that is taken, in bytes.
pub const MAX_BYTES: usize = 1 << 20;
/// Most institutions of one file.
const MAX_ENTRIES: usize = 1_000;

/// What is wrong at one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum At {
    /// It cannot be read; the reader's own words, in English.
    Unreadable(String),
    /// A field of an entry.
    Field {
        /// The institution, as far as it says who it is.
        code: String,
        /// What is wrong.
        fault: Fault,
    },
}

/// A fault and the line where it is, from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileFault {
    /// Line, from 1.
    pub line: usize,
    /// What is wrong there.
    pub at: At,
}

/// The entries of a file, each with the line where it begins.
#[derive(Deserialize)]
struct File {
    institutions: Vec<serde_json::Value>,
}

/// Reads a file.
///
/// # Errors
/// Every fault of every entry, by line. One that stands in the way of reading at all comes alone.
pub fn read(text: &str, profile: &Profile) -> Result<Vec<Institution>, Vec<FileFault>> {
    let unreadable =
        |line, e: &serde_json::Error| vec![FileFault { line, at: At::Unreadable(without_place(e)) }];
    let file: File = serde_json::from_str(text).map_err(|e| unreadable(e.line(), &e))?;
    if file.institutions.is_empty() || file.institutions.len() > MAX_ENTRIES {
        let what = if file.institutions.is_empty() { "missing" } else { "many" };
        return Err(vec![field(1, "", Fault::new("institutions", what, ""))]);
    }
    let lines = Lines::of(text);
    let (mut entries, mut faults): (Vec<Institution>, Vec<FileFault>) = (Vec::new(), Vec::new());
    for (no, value) in file.institutions.into_iter().enumerate() {
        let said = value.get("code").and_then(serde_json::Value::as_str).unwrap_or_default().to_owned();
        let entry: Institution = match serde_json::from_value(value) {
            Ok(entry) => entry,
            Err(error) => {
                faults.extend(unreadable(lines.entry(no), &error));
                continue;
            }
        };
        // The file of the command line asks for a key: this is the same file.
        let mut wrong = rules::check(&entry, profile, false);
        if entry.public_key.is_empty() && entry.keyid.is_empty() {
            wrong.push(Fault::new("public_key", "wrong", ""));
        }
        if entries.iter().any(|e| e.code == entry.code) {
            wrong.push(Fault::new("code", "twice", &entry.code));
        }
        faults.extend(wrong.into_iter().map(|fault| field(lines.field(no, &fault.field), &said, fault)));
        entries.push(entry);
    }
    if faults.is_empty() { Ok(entries) } else { Err(faults) }
}

fn field(line: usize, code: &str, fault: Fault) -> FileFault {
    FileFault { line, at: At::Field { code: code.chars().take(40).collect(), fault } }
}

/// The words of the parser without its own place: ours stands before them.
fn without_place(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.rfind(" at line ").and_then(|end| text.get(..end)).map_or_else(|| text.clone(), str::to_owned)
}

/// Where in a text of JSON that can be read each entry of the list begins, and each of its keys stands.
struct Lines {
    entries: Vec<(usize, BTreeMap<String, usize>)>,
}

/// The list of a file, and how deep an entry of `{"institutions": [{…}]}` lies. Beside it a file may hold what is not ours.
const LIST: &str = "institutions";
const ENTRY: usize = 3;

impl Lines {
    fn of(text: &str) -> Self {
        let (mut entries, mut depth, mut line): (Vec<(usize, BTreeMap<String, usize>)>, _, _) =
            (Vec::new(), 0_usize, 1_usize);
        // The text that is open, where it began, and the last one that was closed: a key, if a colon comes next.
        let (mut open, mut escaped): (Option<(String, usize)>, bool) = (None, false);
        let mut last: Option<(String, usize)> = None;
        let mut list = String::new();
        for c in text.chars() {
            line = line.saturating_add(usize::from(c == '\n'));
            if let Some((string, _)) = &mut open {
                match c {
                    '"' if !escaped => last = open.take(),
                    c => string.push(c),
                }
                escaped = c == '\\' && !escaped;
                continue;
            }
            match c {
                '"' => open = Some((String::new(), line)),
                '{' | '[' => {
                    depth = depth.saturating_add(1);
                    if depth == ENTRY && c == '{' && list == LIST {
                        entries.push((line, BTreeMap::new()));
                    }
                }
                '}' | ']' => depth = depth.saturating_sub(1),
                ':' => match (last.take(), entries.last_mut()) {
                    (Some((key, _)), _) if depth == 1 => list = key,
                    (Some((key, at)), Some((_, keys))) if depth >= ENTRY && list == LIST => {
                        keys.entry(key).or_insert(at);
                    }
                    _ => {}
                },
                _ => {}
            }
        }
        Self { entries }
    }
    fn entry(&self, no: usize) -> usize {
        self.entries.get(no).map_or(1, |(line, _)| *line)
    }
    /// The line of a key of an entry; of the entry where the key is not written.
    fn field(&self, no: usize, key: &str) -> usize {
        // A name is asked for by language in the form, and stands under `names` in the file.
        let (key, lang) = key.strip_prefix("name_").map_or((key, None), |lang| ("names", Some(lang)));
        let keys = self.entries.get(no).map(|(_, keys)| keys);
        let line = |key| keys.and_then(|keys| keys.get(key)).copied();
        lang.and_then(line).or_else(|| line(key)).unwrap_or_else(|| self.entry(no))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kz() -> Profile {
        Profile::embedded("kz").unwrap()
    }

    const GOOD: &str = r#"{ "others": [{"code": "ZOTH"}],
  "institutions": [
    {
      "code": "ZALT", "kind": "bank",
      "names": {"kk": "\"{[Үлгі", "ru": "Образец"},
      "gateway": "https://zalt.example",
      "public_key": "KEY",
      "keyid": "ZALT/1",
      "agreement": {
        "number": "17",
        "until": "2027-08-31"
      }
    },
    { "code": "ZBEK",
      "kind": "bank", "names": {"ru": "Б"}, "public_key": "KEY", "keyid": "ZBEK/1" }
  ]
}"#;

    fn good() -> String {
        let key = ed25519_dalek::SigningKey::from_bytes(&[7; 32]).verifying_key();
        GOOD.replace("KEY", &base64::Engine::encode(&base64::prelude::BASE64_STANDARD, key.as_bytes()))
    }

    #[test]
    fn a_good_file_is_read() {
        let entries = read(&good(), &kz()).unwrap();
        let codes: Vec<&str> = entries.iter().map(|e| e.code.as_str()).collect();
        assert_eq!(codes, ["ZALT", "ZBEK"]);
        assert_eq!(entries[0].agreement.number, "17");
    }

    #[test]
    fn each_fault_stands_at_its_line() {
        for (was, is, line, told) in [
            ("https://zalt.example", "ftp://x", 6, "gateway.wrong"),
            ("\"ZALT/1\"", "\"ZBEK/1\"", 8, "keyid.wrong"),
            ("2027-08-31", "2027-02-31", 11, "until.wrong"),
            ("\"ZBEK\"", "\"zb\"", 14, "code.wrong"),
            ("\"ZBEK\"", "\"ZALT\"", 14, "code.twice"),
            (
                "\"kind\": \"bank\", \"names\": {\"ru\": \"Б\"}",
                "\"kind\": \"shop\", \"names\": {}",
                15,
                "kind.wrong",
            ),
            (
                "\"kind\": \"bank\", \"names\": {\"ru\": \"Б\"},",
                "\"kind\": \"bank\",",
                14,
                "missing field `names`",
            ),
            ("\"number\": \"17\",", "\"number\": \"17\"", 11, "expected `,` or `}`"),
            ("\"institutions\": [", "\"institution\": [", 17, "missing field `institutions`"),
        ] {
            let text = good();
            assert!(text.contains(was), "{was}");
            let faults = read(&text.replacen(was, is, 1), &kz()).unwrap_err();
            let shown: Vec<(usize, String)> = faults
                .iter()
                .map(|f| match &f.at {
                    At::Unreadable(why) => (f.line, why.clone()),
                    At::Field { fault, .. } => (f.line, format!("{}.{}", fault.field, fault.what)),
                })
                .collect();
            assert!(shown.contains(&(line, told.to_owned())), "{told} at {line} in {shown:?}");
        }
        assert_eq!(read("{\"institutions\": []}", &kz()).unwrap_err().len(), 1);
        assert!(read("", &kz()).is_err() && read("\u{feff}{", &kz()).is_err());
    }

    #[test]
    fn all_faults_come_at_once() {
        let text = good().replace("https://zalt.example", "x").replace("\"ZBEK\"", "\"zb\"");
        let lines: Vec<usize> = read(&text, &kz()).unwrap_err().iter().map(|f| f.line).collect();
        assert!(lines.contains(&6) && lines.contains(&14), "{lines:?}");
    }
}
