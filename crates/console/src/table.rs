//! Answers in a table: what waits is taken home as CSV, filled in, and brought back. Pure.

use std::collections::BTreeMap;

use app::sheet;

use crate::said::Typed;

/// Most bytes of a table that is brought.
pub(crate) const MAX_BYTES: usize = 1 << 20;
/// Most lines of one, filled in or not.
pub(crate) const MAX_LINES: usize = 5_000;
/// Most columns: what is wider is no table of ours.
const MAX_COLUMNS: usize = 64;

/// The columns, in the order in which they are written. `order_id`, `object_id` and `code` must be there when it comes
/// back; the four after them only tell what is asked, and are not read.
pub(crate) const COLUMNS: [&str; 24] = [
    "order_id",
    "object_id",
    "code",
    "measure",
    "kind",
    "value",
    "cap",
    "amount",
    "balance_before",
    "stood_before",
    "at",
    "institution",
    "account",
    "reference",
    "terminal",
    "place",
    "merchant",
    "until",
    "text",
    "holder_name",
    "holder_iin",
    "holder_birth",
    "holder_phone",
    "codes",
];

/// A line of a table that was brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Brought {
    /// Its number in the file, the heading being 1.
    pub no: u64,
    pub order: String,
    pub object: String,
    pub typed: Typed,
}

/// Why a table is not one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum TableFault {
    /// Nothing in it, or no line was filled in.
    Empty,
    /// It is too large.
    TooLarge,
    /// A column that must be there is not.
    Column(&'static str),
    /// A line that is no line of a table.
    Line(u64),
}

/// A value as it is read back, sign for sign: no spreadsheet opens it in between.
fn kept(text: &str) -> String {
    if text.starts_with('\'') { format!("'{text}") } else { text.to_owned() }
}

fn plain(text: &str) -> &str {
    let text = text.trim();
    text.strip_prefix('\'').unwrap_or(text)
}

/// The table as it is taken home: UTF-8 with its mark and semicolons, as spreadsheets here open it.
pub(crate) fn write(rows: &[BTreeMap<&'static str, String>]) -> Vec<u8> {
    written(rows, sheet::guarded)
}

/// The table as a page carries it from one step to the next.
pub(crate) fn carry(rows: &[BTreeMap<&'static str, String>]) -> Vec<u8> {
    written(rows, kept)
}

fn written(rows: &[BTreeMap<&'static str, String>], cell: fn(&str) -> String) -> Vec<u8> {
    let mut out = csv::WriterBuilder::new().delimiter(b';').from_writer(b"\xef\xbb\xbf".to_vec());
    let empty = String::new();
    // Writing into memory does not fail.
    let _ = out.write_record(COLUMNS);
    for row in rows {
        let _ = out.write_record(COLUMNS.map(|c| cell(row.get(c).unwrap_or(&empty))));
    }
    out.into_inner().unwrap_or_default()
}

/// Reads a table that was brought back. Lines without a code are lines nobody has filled in, and are left out.
pub(crate) fn read(bytes: &[u8]) -> Result<Vec<Brought>, TableFault> {
    if bytes.len() > MAX_BYTES {
        return Err(TableFault::TooLarge);
    }
    let text = sheet::decoded(bytes);
    let delimiter = sheet::delimiter(&text);
    let mut reader =
        csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(text.as_bytes());
    let names: Vec<String> = match reader.headers() {
        Ok(names) => names.iter().map(|n| n.trim().to_lowercase()).collect(),
        Err(_) => return Err(TableFault::Line(1)),
    };
    if names.len() > MAX_COLUMNS {
        return Err(TableFault::TooLarge);
    }
    let places: BTreeMap<&str, usize> = names.iter().enumerate().map(|(i, n)| (n.as_str(), i)).collect();
    let place = |name: &str| places.get(name).copied();
    for must in ["order_id", "object_id", "code"] {
        if place(must).is_none() {
            return Err(TableFault::Column(must));
        }
    }
    let mut all = Vec::new();
    for (no, record) in (2_u64..).zip(reader.records()) {
        let record = record.map_err(|_| TableFault::Line(no))?;
        if usize::try_from(no).is_ok_and(|no| no > MAX_LINES.saturating_add(1)) {
            return Err(TableFault::TooLarge);
        }
        let of = |name: &str| {
            place(name).and_then(|i| record.get(i)).map(|t| plain(t).to_owned()).unwrap_or_default()
        };
        if of("code").is_empty() {
            continue;
        }
        all.push(Brought {
            no,
            order: of("order_id"),
            object: of("object_id"),
            typed: Typed {
                code: of("code").to_uppercase(),
                amount: of("amount"),
                balance_before: of("balance_before"),
                stood_before: of("stood_before"),
                at: of("at"),
                institution: of("institution"),
                account: of("account"),
                reference: of("reference"),
                terminal: of("terminal"),
                place: of("place"),
                merchant: of("merchant"),
                until: of("until"),
                text: of("text"),
                holder_name: of("holder_name"),
                holder_iin: of("holder_iin"),
                holder_birth: of("holder_birth"),
                holder_phone: of("holder_phone"),
            },
        });
    }
    if all.is_empty() { Err(TableFault::Empty) } else { Ok(all) }
}

/// Lines about the same thing stand together, in the order in which they came: they are one answer.
pub(crate) fn grouped(lines: Vec<Brought>) -> Vec<Vec<Brought>> {
    let mut groups: Vec<Vec<Brought>> = Vec::new();
    let mut at: BTreeMap<(String, String), usize> = BTreeMap::new();
    for line in lines {
        let key = (line.order.clone(), line.object.clone());
        match at.get(&key).and_then(|i| groups.get_mut(*i)) {
            Some(group) => group.push(line),
            None => {
                at.insert(key, groups.len());
                groups.push(vec![line]);
            }
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn brought(text: &str) -> Result<Vec<Brought>, TableFault> {
        read(text.as_bytes())
    }

    #[test]
    fn what_is_taken_home_comes_back() {
        let row = BTreeMap::from([
            ("order_id", "ord_1".to_owned()),
            ("object_id", "obj_1".to_owned()),
            ("value", "+77010000001".to_owned()),
            ("code", "H10".to_owned()),
            ("amount", "620000,00".to_owned()),
            ("text", "ұзақ; \"сөз\"\nекі жол".to_owned()),
        ]);
        let bytes = write(&[row]);
        assert!(
            String::from_utf8_lossy(&bytes).contains("'+77010000001"),
            "no spreadsheet takes it for a sum"
        );
        let back = read(&bytes).unwrap();
        assert_eq!(back.len(), 1);
        assert_eq!((back[0].no, back[0].order.as_str(), back[0].object.as_str()), (2, "ord_1", "obj_1"));
        assert_eq!(back[0].typed.code, "H10");
        assert_eq!(back[0].typed.text, "ұзақ; \"сөз\"\nекі жол");
    }

    #[test]
    fn no_cell_is_a_formula_whatever_separates_them() {
        for (text, safe) in [
            ("=1+1", "'=1+1"),
            ("https://x.example/,=1+1", "https://x.example/, =1+1"),
            ("a;@b", "a; @b"),
            ("ұзақ - сөз", "ұзақ - сөз"),
        ] {
            assert_eq!(sheet::guarded(text), safe);
        }
    }

    /// Bug: what was typed was changed between the look at it and its sending, as if a spreadsheet were to open it.
    #[test]
    fn what_a_page_carries_is_read_as_it_was_typed() {
        for text in ["a,-b, and x;=1", "=1+1", "'quoted", "-5", "plain"] {
            let row = BTreeMap::from([
                ("order_id", "ord_1".to_owned()),
                ("object_id", "obj_1".to_owned()),
                ("code", "R40".to_owned()),
                ("text", text.to_owned()),
            ]);
            let back = read(&carry(&[row])).unwrap();
            assert_eq!(back[0].typed.text, text);
        }
    }

    #[test]
    fn files_of_spreadsheets() {
        let text = "order_id,object_id,code,text\nord_1,obj_1,n32,нет клиента\nord_2,obj_2,,\n";
        let plain = brought(text).unwrap();
        assert_eq!(plain.len(), 1, "a line without a code is not filled in");
        assert_eq!((plain[0].typed.code.as_str(), plain[0].typed.text.as_str()), ("N32", "нет клиента"));
        let old = encoding_rs::WINDOWS_1251.encode(text).0.into_owned();
        assert_eq!(read(&old).unwrap(), plain);
        let wide: Vec<u8> =
            [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
        assert_eq!(read(&wide).unwrap(), plain);
        let tabs = text.replace(',', "\t");
        assert_eq!(brought(&tabs).unwrap(), plain);
    }

    #[test]
    fn what_is_no_table() {
        assert_eq!(brought(""), Err(TableFault::Column("order_id")));
        assert_eq!(brought("order_id;object_id\n1;2"), Err(TableFault::Column("code")));
        assert_eq!(brought("order_id;object_id;code\n"), Err(TableFault::Empty));
        assert_eq!(read(&vec![b'a'; MAX_BYTES + 1]), Err(TableFault::TooLarge));
        let many = format!("order_id;object_id;code\n{}", "o;b;N32\n".repeat(MAX_LINES + 1));
        assert_eq!(brought(&many), Err(TableFault::TooLarge));
        let empty = format!("order_id;object_id;code\n{}", "o;b;\n".repeat(MAX_LINES + 1));
        assert_eq!(brought(&empty), Err(TableFault::TooLarge), "lines nobody filled in are read, too");
        let wide = format!("{}order_id;object_id;code\na\n", "x;".repeat(MAX_COLUMNS));
        assert_eq!(brought(&wide), Err(TableFault::TooLarge));
    }

    #[test]
    fn lines_about_one_thing_are_one_answer() {
        let text = "order_id;object_id;code\no;a;H11\no;b;N32\no;a;M21\np;a;N30\n";
        let groups = grouped(brought(text).unwrap());
        let codes: Vec<Vec<&str>> =
            groups.iter().map(|g| g.iter().map(|l| l.typed.code.as_str()).collect()).collect();
        assert_eq!(codes, [vec!["H11", "M21"], vec!["N32"], vec!["N30"]]);
    }

    proptest! {
        #[test]
        fn no_file_is_too_strange(bytes in proptest::collection::vec(any::<u8>(), 0..2_000)) {
            let _ = read(&bytes);
        }
        #[test]
        fn no_line_is_lost(codes in proptest::collection::vec("[A-Z][0-9]{2}", 1..40)) {
            let text = codes.iter().fold("order_id;object_id;code\n".to_owned(), |t, c| format!("{t}o;{};{c}\n", c.len()));
            prop_assert_eq!(brought(&text).unwrap().len(), codes.len());
        }
    }
}
