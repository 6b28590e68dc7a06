//! Structured fields (RFC 8941), as much of them as `Signature-Input`, `Signature` and `Content-Digest` need:
//! dictionaries of items and inner lists with parameters.
//!
//! Stricter than the RFC in four places, so that two readers cannot understand one field in two ways: a
//! repeated key or parameter is refused (the RFC lets the last one win), base64 must be canonical, trailing
//! junk and empty members are refused, and there are limits on everything.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// Longest field taken, in bytes.
const MAX_FIELD: usize = 8 * 1024;
/// Most members of a dictionary, items of a list, parameters of an item.
const MAX_MEMBERS: usize = 32;

/// Why a field was refused.
pub(crate) type Reason = &'static str;

/// A bare item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Bare {
    Integer(i64),
    /// Kept as written: no field of ours holds decimals, but a stranger's signature beside ours may.
    Decimal(String),
    Text(String),
    Token(String),
    Bytes(Vec<u8>),
    Bool(bool),
}

pub(crate) type Parameters = Vec<(String, Bare)>;

/// A bare item with its parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Item {
    pub value: Bare,
    pub params: Parameters,
}

/// What a dictionary's key stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Member {
    Item(Item),
    List(Vec<Item>, Parameters),
}

/// `bytes` as a byte sequence, `:…:`.
pub(crate) fn encode_bytes(bytes: &[u8]) -> String {
    format!(":{}:", STANDARD.encode(bytes))
}

/// `text` as a string, `"…"`. `None` if it holds anything but printable ASCII.
pub(crate) fn encode_text(text: &str) -> Option<String> {
    if !text.bytes().all(|b| (0x20..=0x7e).contains(&b)) {
        return None;
    }
    Some(format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")))
}

/// An inner list of strings without parameters, with integer and string parameters: what our own signatures
/// consist of. `None` if anything else is in it.
pub(crate) fn encode_list(items: &[Item], params: &Parameters) -> Option<String> {
    let mut names = Vec::with_capacity(items.len());
    for item in items {
        match &item.value {
            Bare::Text(text) if item.params.is_empty() => names.push(encode_text(text)?),
            _ => return None,
        }
    }
    let mut out = format!("({})", names.join(" "));
    for (key, value) in params {
        let value = match value {
            Bare::Integer(n) => n.to_string(),
            Bare::Text(text) => encode_text(text)?,
            _ => return None,
        };
        out.push_str(&format!(";{key}={value}"));
    }
    Some(out)
}

/// Reads a dictionary. An empty or blank text is an empty dictionary, as in the RFC.
pub(crate) fn parse_dictionary(text: &str) -> Result<Vec<(String, Member)>, Reason> {
    if text.len() > MAX_FIELD {
        return Err("longer than 8 KiB");
    }
    let mut p = Parser { rest: text.trim_matches(' ').as_bytes() };
    let mut out: Vec<(String, Member)> = Vec::new();
    if p.rest.is_empty() {
        return Ok(out);
    }
    loop {
        let key = p.key()?;
        if out.iter().any(|(k, _)| *k == key) {
            return Err("a key occurs twice");
        }
        if out.len() == MAX_MEMBERS {
            return Err("more than 32 members");
        }
        let member = p.member()?;
        out.push((key, member));
        p.skip_white();
        if p.rest.is_empty() {
            return Ok(out);
        }
        p.expect(b',', "a comma was expected between members")?;
        p.skip_white();
        if p.rest.is_empty() {
            return Err("it ends with a comma");
        }
    }
}

struct Parser<'a> {
    rest: &'a [u8],
}

impl Parser<'_> {
    fn peek(&self) -> Option<u8> {
        self.rest.first().copied()
    }
    fn next(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }
    fn eat(&mut self, wanted: u8) -> bool {
        let found = self.peek() == Some(wanted);
        if found {
            self.next();
        }
        found
    }
    fn expect(&mut self, wanted: u8, reason: Reason) -> Result<(), Reason> {
        if self.eat(wanted) { Ok(()) } else { Err(reason) }
    }
    fn skip_spaces(&mut self) {
        while self.eat(b' ') {}
    }
    /// Optional white space around a comma may be tabs too.
    fn skip_white(&mut self) {
        while self.eat(b' ') || self.eat(b'\t') {}
    }
    fn take_while(&mut self, belongs: impl Fn(u8) -> bool) -> String {
        let mut out = String::new();
        while let Some(b) = self.peek().filter(|b| belongs(*b)) {
            out.push(char::from(b));
            self.next();
        }
        out
    }

    fn key(&mut self) -> Result<String, Reason> {
        if !self.peek().is_some_and(|b| b.is_ascii_lowercase() || b == b'*') {
            return Err("a key does not begin with a small letter or `*`");
        }
        Ok(self.take_while(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"_-.*".contains(&b)))
    }

    fn member(&mut self) -> Result<Member, Reason> {
        if !self.eat(b'=') {
            return Ok(Member::Item(Item { value: Bare::Bool(true), params: self.params()? }));
        }
        if self.eat(b'(') {
            let items = self.inner_list()?;
            return Ok(Member::List(items, self.params()?));
        }
        self.item().map(Member::Item)
    }

    fn inner_list(&mut self) -> Result<Vec<Item>, Reason> {
        let mut items = Vec::new();
        loop {
            self.skip_spaces();
            if self.eat(b')') {
                return Ok(items);
            }
            if items.len() == MAX_MEMBERS {
                return Err("more than 32 items in a list");
            }
            items.push(self.item()?);
            if !matches!(self.peek(), Some(b' ' | b')')) {
                return Err("a space or `)` was expected after an item of a list");
            }
        }
    }

    fn item(&mut self) -> Result<Item, Reason> {
        Ok(Item { value: self.bare()?, params: self.params()? })
    }

    fn params(&mut self) -> Result<Parameters, Reason> {
        let mut out: Parameters = Vec::new();
        while self.eat(b';') {
            self.skip_spaces();
            let key = self.key()?;
            if out.iter().any(|(k, _)| *k == key) {
                return Err("a parameter occurs twice");
            }
            if out.len() == MAX_MEMBERS {
                return Err("more than 32 parameters");
            }
            let value = if self.eat(b'=') { self.bare()? } else { Bare::Bool(true) };
            out.push((key, value));
        }
        Ok(out)
    }

    fn bare(&mut self) -> Result<Bare, Reason> {
        match self.peek() {
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b'"') => self.text(),
            Some(b':') => self.bytes(),
            Some(b'?') => self.boolean(),
            Some(b) if b.is_ascii_alphabetic() || b == b'*' => Ok(Bare::Token(
                self.take_while(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~:/".contains(&b)),
            )),
            _ => Err("a value was expected"),
        }
    }

    fn number(&mut self) -> Result<Bare, Reason> {
        let sign = if self.eat(b'-') { "-" } else { "" };
        let whole = self.take_while(|b| b.is_ascii_digit());
        if whole.is_empty() {
            return Err("a digit was expected");
        }
        if self.eat(b'.') {
            let fraction = self.take_while(|b| b.is_ascii_digit());
            if whole.len() > 12 || fraction.is_empty() || fraction.len() > 3 {
                return Err("a decimal has at most 12 digits before and 1 to 3 behind the point");
            }
            return Ok(Bare::Decimal(format!("{sign}{whole}.{fraction}")));
        }
        if whole.len() > 15 {
            return Err("an integer has at most 15 digits");
        }
        format!("{sign}{whole}").parse().map(Bare::Integer).map_err(|_| "an integer was expected")
    }

    fn text(&mut self) -> Result<Bare, Reason> {
        self.expect(b'"', "a quote was expected")?;
        let mut out = String::new();
        loop {
            match self.next().ok_or("a string does not end")? {
                b'"' => return Ok(Bare::Text(out)),
                b'\\' => match self.next() {
                    Some(b @ (b'"' | b'\\')) => out.push(char::from(b)),
                    _ => return Err("only a quote or a backslash may be escaped"),
                },
                b @ 0x20..=0x7e => out.push(char::from(b)),
                _ => return Err("a string holds printable ASCII only"),
            }
        }
    }

    fn bytes(&mut self) -> Result<Bare, Reason> {
        self.expect(b':', "a colon was expected")?;
        let text = self.take_while(|b| b != b':' && b.is_ascii());
        self.expect(b':', "a byte sequence does not end")?;
        // The standard engine refuses missing padding and stray bits in the last character.
        STANDARD.decode(&text).map(Bare::Bytes).map_err(|_| "a byte sequence is not canonical base64")
    }

    fn boolean(&mut self) -> Result<Bare, Reason> {
        self.expect(b'?', "a question mark was expected")?;
        match self.next() {
            Some(b'1') => Ok(Bare::Bool(true)),
            Some(b'0') => Ok(Bare::Bool(false)),
            _ => Err("a boolean is `?0` or `?1`"),
        }
    }
}

#[cfg(test)]
#[path = "sf_tests.rs"]
mod tests;
