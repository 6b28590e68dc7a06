//! Tables as spreadsheets write and open them. Pure.

/// A value that a spreadsheet would take for a formula begins with an apostrophe, and loses it when read back.
#[must_use]
pub fn guarded(text: &str) -> String {
    // Where another separator is the custom, a cell may begin behind any of them.
    let mut safe = String::with_capacity(text.len());
    let mut last = ' ';
    for c in text.chars() {
        if matches!(last, ',' | ';' | '\t' | '\n') && matches!(c, '=' | '+' | '-' | '@') {
            safe.push(' ');
        }
        safe.push(c);
        last = c;
    }
    if safe.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{safe}") } else { safe }
}

/// Text of a file as spreadsheets write it: UTF-8, UTF-16 with its mark, or windows-1251.
#[must_use]
pub fn decoded(bytes: &[u8]) -> String {
    match encoding_rs::Encoding::for_bom(bytes) {
        Some((encoding, _)) => encoding.decode(bytes).0.into_owned(),
        None => match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            Err(_) => encoding_rs::WINDOWS_1251.decode(bytes).0.into_owned(),
        },
    }
}

/// What stands between the cells of a table: whichever its first line has most of.
#[must_use]
pub fn delimiter(text: &str) -> u8 {
    let heading = text.lines().next().unwrap_or_default();
    let count = |c: char| heading.matches(c).count();
    let most = [(';', b';'), (',', b','), ('\t', b'\t')].into_iter().max_by_key(|(c, _)| count(*c));
    most.map_or(b';', |(_, b)| b)
}
