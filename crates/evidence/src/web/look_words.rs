//! Words for what the limited reader says: it says words that do not change, and values that people cannot read.

use kernel::Timestamp;
use reader::answer::Warning;
use reader::{Ended, Kind};
use web::Ctx;

use super::words;

/// The warning that the name says something else than the bytes.
pub(super) const WRONG_ENDING: &str = "evidence-warn-wrong-ending";

fn key(group: &str, word: &str) -> String {
    format!("evidence-{group}-{word}").replace(['_', ' '], "-")
}

pub(super) fn kind_key(kind: Kind) -> String {
    key("kind", kind.as_str())
}

pub(super) fn warning_key(code: Warning) -> String {
    key("warn", code.as_str())
}

pub(super) fn ended_key(ended: Ended) -> String {
    key("ended", ended.as_str())
}

pub(super) fn fact_key(name: &str) -> String {
    key("fact", name)
}

pub(super) fn kind(ctx: &Ctx, kind: Kind) -> String {
    ctx.t(&kind_key(kind))
}

pub(super) fn number(ctx: &Ctx, n: u64) -> String {
    i64::try_from(n).map_or_else(|_| n.to_string(), |n| ctx.number(n))
}

pub(super) fn size(ctx: &Ctx, bytes: u64) -> String {
    words::size(ctx, Some(i64::try_from(bytes).unwrap_or(i64::MAX)))
}

/// What a part is: a word of the reader, or what the whole calls it.
pub(super) fn part(ctx: &Ctx, word: &str) -> String {
    match word {
        "folder" | "table" | "virtual table" | "view" | "trigger" | "index" => ctx.t(&key("part", word)),
        other => other.to_owned(),
    }
}

/// What a warning is about.
pub(super) fn about(ctx: &Ctx, code: Warning, told: &str) -> String {
    let sized = |key: &str, bytes: u64| ctx.ta(key, [("size", size(ctx, bytes))]);
    match code {
        Warning::TrailingBytes => {
            told.parse().map_or_else(|_| told.to_owned(), |n| sized("evidence-look-behind", n))
        }
        Warning::Polyglot => match told.parse() {
            Ok(bytes) => sized("evidence-look-before", bytes),
            Err(_) => kind_of(told).map_or_else(|| told.to_owned(), |k| kind(ctx, k)),
        },
        Warning::Bomb if told.strip_prefix("page ").is_some_and(|n| n.parse::<u32>().is_ok()) => {
            ctx.ta("evidence-look-page", [("n", told.trim_start_matches("page ").to_owned())])
        }
        Warning::Bomb => {
            let pair = told.split_once(" -> ").and_then(|(a, b)| Some((a.parse().ok()?, b.parse().ok()?)));
            pair.map_or_else(
                || told.to_owned(),
                |(packed, unpacked)| {
                    let args = [("packed", size(ctx, packed)), ("size", size(ctx, unpacked))];
                    ctx.ta("evidence-look-grows", args)
                },
            )
        }
        Warning::HugePicture => ctx.ta("evidence-look-pixels", [("size", told.replace('x', " × "))]),
        Warning::Damaged if matches!(told, "list" | "count" | "exif" | "end" | "size") => {
            ctx.t(&key("look-broken", told))
        }
        _ => told.to_owned(),
    }
}

fn kind_of(word: &str) -> Option<Kind> {
    Kind::ALL.iter().copied().find(|kind| kind.as_str() == word)
}

/// A value as people read it. What is not as it should be stands as it was told.
pub(super) fn value(ctx: &Ctx, name: &str, told: &str) -> String {
    readable(ctx, name, told).unwrap_or_else(|| told.to_owned())
}

fn readable(ctx: &Ctx, name: &str, told: &str) -> Option<String> {
    let unit = |word: &str, n: String| ctx.ta(&key(&format!("value-{name}"), word), [("n", n)]);
    match name {
        "unpacked_bytes" | "longest_line_bytes" | "page_size" => Some(size(ctx, told.parse().ok()?)),
        "width" | "height" | "pages" | "revisions" | "hops" | "entries" | "tables" | "lines"
        | "free_pages" | "revision" => Some(number(ctx, told.parse().ok()?)),
        "altitude_m" => Some(unit("metres", number(ctx, told.parse().ok()?))),
        "editing_time" => Some(unit("minutes", number(ctx, told.parse().ok()?))),
        "latitude" | "longitude" => {
            let (south, north) = if name == "latitude" { ("south", "north") } else { ("west", "east") };
            let (degrees, word) = told.strip_prefix('-').map_or((told, north), |n| (n, south));
            Some(unit(word, degrees.to_owned()))
        }
        "taken_at" | "digitised_at" | "changed_at" | "created_at" | "printed_at" | "gps_at" => {
            moment(ctx, told)
        }
        "written_by" => {
            let n: u32 = told.parse().ok().filter(|n| *n > 0)?;
            Some(format!("{}.{}.{}", n / 1_000_000, n / 1_000 % 1_000, n % 1_000))
        }
        "orientation" | "journal" | "document" | "encoding_sure" | "unsent" => {
            let key = key(&format!("value-{name}"), told);
            ctx.has_text(&key).then(|| ctx.t(&key))
        }
        _ => None,
    }
}

/// A moment that names its zone becomes the office's; one that does not stays as the clock showed it, written as days are written here.
fn moment(ctx: &Ctx, told: &str) -> Option<String> {
    let joined = told.replacen(' ', "T", 1);
    if let Some(at) = Timestamp::parse_rfc3339(&joined) {
        return Some(ctx.date_time(at));
    }
    let (day, time) = joined.split_once('T')?;
    let mut parts = day.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let digits = |text: &str, n: usize| text.len() == n && text.bytes().all(|b| b.is_ascii_digit());
    let whole = digits(year, 4) && digits(month, 2) && digits(day, 2) && parts.next().is_none();
    whole.then(|| format!("{day}.{month}.{year} {time}"))
}

#[cfg(test)]
mod tests {
    use kernel::Lang;
    use reader::FACT_NAMES;
    use web::Texts;

    use super::*;

    /// Whatever the reader can say has its words in every language. What is added there fails here.
    #[test]
    fn every_word_of_the_reader_has_a_text() {
        let all = [&web::LOCALES[..], &crate::LOCALES[..]].concat();
        let texts = Texts::load(&all).unwrap();
        let mut keys: Vec<String> = Kind::ALL.iter().chain([&Kind::Unknown]).map(|k| kind_key(*k)).collect();
        let pairs = Warning::ALL.iter().map(|w| warning_key(*w));
        let pairs = pairs.chain(Ended::ALL.iter().map(|e| ended_key(*e))).chain([WRONG_ENDING.to_owned()]);
        keys.extend(pairs.flat_map(|key| [format!("{key}.title"), format!("{key}.text")]));
        keys.extend(FACT_NAMES.iter().map(|name| fact_key(name)));
        for (name, values) in [
            ("orientation", &["1", "2", "3", "4", "5", "6", "7", "8"][..]),
            ("journal", &["wal", "rollback"]),
            ("document", &["word", "excel", "powerpoint", "outlook", "encrypted_office"]),
            ("encoding_sure", &["guess", "likely", "certain"]),
            ("unsent", &["no_way", "no_id"]),
            ("latitude", &["north", "south"]),
            ("longitude", &["east", "west"]),
            ("altitude_m", &["metres"]),
            ("editing_time", &["minutes"]),
        ] {
            keys.extend(values.iter().map(|v| key(&format!("value-{name}"), v)));
        }
        keys.extend(["folder", "table", "virtual table", "view", "trigger", "index"].map(|w| key("part", w)));
        keys.extend(["list", "count", "exif", "end", "size"].map(|w| key("look-broken", w)));
        assert!(keys.len() > 200);
        for lang in [Lang::KK, Lang::RU, Lang::EN] {
            let missing: Vec<&String> = keys.iter().filter(|key| !texts.has(&lang, key)).collect();
            assert_eq!(missing, Vec::<&String>::new(), "{lang}");
        }
        assert!(!texts.has(&Lang::EN, "evidence-kind-nothing-like-it"), "the question can be answered no");
    }

    #[test]
    fn the_catalogues_are_whole() {
        for part in crate::LOCALES.chunks(3) {
            let faults: Vec<String> = web::check_catalogues(part).iter().map(ToString::to_string).collect();
            assert_eq!(faults, Vec::<String>::new());
        }
    }
}
