//! Rewrites the placeholders `?1` into PostgreSQL's `$1`, and leaves alone what only looks like one:
//! strings, quoted identifiers, comments and dollar-quoted texts.

/// `sql` with `?N` rewritten to `$N`.
#[must_use]
pub fn to_postgres(sql: &str) -> String {
    let mut out = String::with_capacity(sql.len());
    let mut rest = sql;
    let mut before = ' ';
    while let Some(first) = rest.chars().next() {
        let length = token(rest, first, before);
        let (piece, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
        match piece.strip_prefix('?') {
            Some(number) if !number.is_empty() => {
                out.push('$');
                out.push_str(number);
            }
            _ => out.push_str(piece),
        }
        before = piece.chars().next_back().unwrap_or(' ');
        rest = after;
    }
    out
}

/// The length in bytes of the token at the start of `rest`, whose first character is `first`, after the
/// character `before`. A token that never ends reaches to the end of the text.
fn token(rest: &str, first: char, before: char) -> usize {
    let in_word = before.is_alphanumeric() || before == '_';
    match first {
        '\'' => quoted(rest, '\'', matches!(before, 'e' | 'E')),
        '"' => quoted(rest, '"', false),
        '-' if rest.starts_with("--") => rest.find('\n').map_or(rest.len(), |at| at.saturating_add(1)),
        '/' if rest.starts_with("/*") => comment(rest),
        '$' if !in_word => dollar(rest),
        '?' => 1_usize.saturating_add(digits(rest.get(1..).unwrap_or(""))),
        // `E'…'` has backslash escapes only where the E stands alone; one step past the letter otherwise.
        'e' | 'E' if !in_word && rest.get(1..).is_some_and(|r| r.starts_with('\'')) => 1,
        c if c.is_alphanumeric() || c == '_' => word(rest),
        c => c.len_utf8(),
    }
}

fn digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

/// A word, up to the character before its last when that last is an `e` that a string follows directly:
/// no such thing as an escape string begins inside a word, so the word is taken whole with its quote.
fn word(rest: &str) -> usize {
    let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$')).unwrap_or(rest.len());
    let tail = rest.get(end..).unwrap_or("");
    if tail.starts_with('\'') { end.saturating_add(quoted(tail, '\'', false)) } else { end }
}

/// A text in quotes; a doubled quote stands for itself, a backslash escapes if `escapes`.
fn quoted(rest: &str, quote: char, escapes: bool) -> usize {
    let mut chars = rest.char_indices().skip(1).peekable();
    while let Some((at, c)) = chars.next() {
        if c == '\\' && escapes {
            chars.next();
        } else if c == quote && chars.next_if(|(_, next)| *next == quote).is_none() {
            return at.saturating_add(c.len_utf8());
        }
    }
    rest.len()
}

/// A comment between slash-star and star-slash; PostgreSQL's nest.
fn comment(rest: &str) -> usize {
    let mut depth = 0_u32;
    let mut at = 0_usize;
    while let Some(tail) = rest.get(at..) {
        if tail.starts_with("/*") {
            depth = depth.saturating_add(1);
            at = at.saturating_add(2);
        } else if tail.starts_with("*/") {
            depth = depth.saturating_sub(1);
            at = at.saturating_add(2);
            if depth == 0 {
                return at;
            }
        } else if let Some(c) = tail.chars().next() {
            at = at.saturating_add(c.len_utf8());
        } else {
            break;
        }
    }
    rest.len()
}

/// `$tag$ … $tag$`, or a lone dollar.
fn dollar(rest: &str) -> usize {
    let inside = rest.get(1..).unwrap_or("");
    let Some(tag_end) = inside.find('$') else { return 1 };
    let tag = inside.get(..tag_end).unwrap_or("");
    let is_tag = tag.chars().all(|c| c.is_alphanumeric() || c == '_')
        && !tag.chars().next().is_some_and(|c| c.is_ascii_digit());
    if !is_tag {
        return 1;
    }
    let opening = tag_end.saturating_add(2);
    let mark = rest.get(..opening).unwrap_or("");
    rest.get(opening..)
        .and_then(|body| body.find(mark))
        .map_or(rest.len(), |at| opening.saturating_add(at).saturating_add(mark.len()))
}

/// The highest `N` of the placeholders `?N`, so that a statement's parameters can be counted.
#[must_use]
pub fn highest(sql: &str) -> u32 {
    let (mut highest, mut rest, mut before) = (0_u32, sql, ' ');
    while let Some(first) = rest.chars().next() {
        let (piece, after) = rest.split_at_checked(token(rest, first, before)).unwrap_or((rest, ""));
        if let Some(number) = piece.strip_prefix('?').and_then(|n| n.parse().ok()) {
            highest = highest.max(number);
        }
        before = piece.chars().next_back().unwrap_or(' ');
        rest = after;
    }
    highest
}
