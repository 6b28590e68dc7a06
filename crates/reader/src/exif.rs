//! Metadata of cameras (EXIF, which is TIFF). Offsets are followed a limited number of times, so that a directory that points to itself
//! ends.

use crate::answer::{Answer, Warning};

/// Most directories and entries that are followed.
const DIRECTORIES: usize = 24;
const ENTRIES: usize = 1_000;

struct Tiff<'b> {
    bytes: &'b [u8],
    little: bool,
}

/// A value: its type, how many, and where its bytes lie.
struct Value<'b> {
    kind: u16,
    bytes: &'b [u8],
}

impl<'b> Tiff<'b> {
    fn open(bytes: &'b [u8]) -> Option<Self> {
        let little = match bytes.get(..4)? {
            b"II*\0" => true,
            b"MM\0*" => false,
            _ => return None,
        };
        Some(Self { bytes, little })
    }

    fn u16(&self, at: usize) -> Option<u16> {
        let bytes: [u8; 2] = self.bytes.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if self.little { u16::from_le_bytes(bytes) } else { u16::from_be_bytes(bytes) })
    }

    fn u32_of(&self, bytes: &[u8]) -> Option<u32> {
        let bytes: [u8; 4] = bytes.get(..4)?.try_into().ok()?;
        Some(if self.little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) })
    }

    fn u32(&self, at: usize) -> Option<u32> {
        self.u32_of(self.bytes.get(at..)?)
    }

    /// The value of the entry at a place.
    fn value(&self, at: usize) -> Option<Value<'b>> {
        let kind = self.u16(at.checked_add(2)?)?;
        let many = usize::try_from(self.u32(at.checked_add(4)?)?).ok()?;
        let each = match kind {
            1 | 2 | 6 | 7 => 1,
            3 | 8 => 2,
            4 | 9 | 11 => 4,
            5 | 10 | 12 => 8,
            _ => return None,
        };
        let size = many.checked_mul(each)?;
        let place = at.checked_add(8)?;
        let from = if size <= 4 { place } else { usize::try_from(self.u32(place)?).ok()? };
        let bytes = self.bytes.get(from..from.checked_add(size)?)?;
        Some(Value { kind, bytes })
    }

    fn text(value: &Value<'_>) -> String {
        let text = value.bytes.split(|b| *b == 0).next().unwrap_or_default();
        String::from_utf8_lossy(text.get(..512).unwrap_or(text)).trim().to_owned()
    }

    fn number(&self, value: &Value<'_>) -> Option<u64> {
        match value.kind {
            1 | 7 => value.bytes.first().map(|b| u64::from(*b)),
            3 => {
                let bytes: [u8; 2] = value.bytes.get(..2)?.try_into().ok()?;
                Some(u64::from(if self.little {
                    u16::from_le_bytes(bytes)
                } else {
                    u16::from_be_bytes(bytes)
                }))
            }
            4 => self.u32_of(value.bytes).map(u64::from),
            _ => None,
        }
    }

    /// A fraction of a list, in ten-millionths.
    fn fraction(&self, value: &Value<'_>, no: usize) -> Option<i128> {
        if value.kind != 5 {
            return None;
        }
        let at = no.checked_mul(8)?;
        let above = i128::from(self.u32_of(value.bytes.get(at..)?)?);
        let below = i128::from(self.u32_of(value.bytes.get(at.checked_add(4)?..)?)?);
        above.checked_mul(10_000_000)?.checked_div(below)
    }

    /// Degrees, minutes and seconds as degrees with a point.
    fn degrees(&self, value: &Value<'_>) -> Option<String> {
        let minutes = self.fraction(value, 1).unwrap_or(0).checked_mul(60)?;
        let seconds = self.fraction(value, 2).unwrap_or(0);
        let all = self.fraction(value, 0)?.checked_mul(3600)?.checked_add(minutes)?.checked_add(seconds)?;
        // To the nearest: cut off, forty-three and a quarter would come out a little south of itself.
        let all = all.checked_add(1800)? / 3600;
        if all > 1_800_000_000 {
            return None;
        }
        let (whole, rest) = (all / 10_000_000, all % 10_000_000);
        Some(format!("{whole}.{rest:07}"))
    }
}

/// What is gathered of a place.
#[derive(Default)]
struct Place {
    latitude: Option<String>,
    longitude: Option<String>,
    south: bool,
    west: bool,
    date: String,
    time: String,
}

/// Reads what a camera wrote. `bytes` begin with the header of TIFF.
pub(crate) fn read(bytes: &[u8], answer: &mut Answer) {
    let Some(tiff) = Tiff::open(bytes) else { return };
    let mut todo: Vec<(usize, bool)> =
        tiff.u32(4).and_then(|at| usize::try_from(at).ok()).map(|at| (at, false)).into_iter().collect();
    let mut done: Vec<usize> = Vec::new();
    let mut entries = 0_usize;
    let mut place = Place::default();
    while let Some((at, is_place)) = todo.pop() {
        if done.contains(&at) || done.len() >= DIRECTORIES {
            answer.warn(Warning::Damaged, "exif");
            continue;
        }
        done.push(at);
        let Some(many) = tiff.u16(at) else {
            answer.warn(Warning::Damaged, "exif");
            continue;
        };
        for no in 0..usize::from(many) {
            entries = entries.saturating_add(1);
            if entries > ENTRIES {
                answer.warn(Warning::Damaged, "exif");
                return;
            }
            let Some(entry) = no.checked_mul(12).and_then(|n| n.checked_add(at)?.checked_add(2)) else {
                break;
            };
            let Some(tag) = tiff.u16(entry) else { break };
            let Some(value) = tiff.value(entry) else { continue };
            if is_place {
                place_tag(&tiff, tag, &value, &mut place, answer);
            } else if matches!(tag, 0x8769 | 0x8825 | 0xa005) {
                let next = tiff.u32_of(value.bytes).and_then(|at| usize::try_from(at).ok());
                todo.extend(next.map(|next| (next, tag == 0x8825)));
            } else {
                picture_tag(&tiff, tag, &value, answer);
            }
        }
        // The next picture: the small one, as a rule. What it tells is told already.
        let next = usize::from(many)
            .checked_mul(12)
            .and_then(|n| n.checked_add(at)?.checked_add(2))
            .and_then(|n| tiff.u32(n));
        if next.is_some_and(|next| usize::try_from(next).is_ok_and(|next| next > 0 && done.contains(&next))) {
            answer.warn(Warning::Damaged, "exif");
        }
    }
    where_and_when(&place, answer);
}

fn where_and_when(place: &Place, answer: &mut Answer) {
    let signed = |told: &Option<String>, minus: bool| {
        told.as_ref().map(|degrees| if minus { format!("-{degrees}") } else { degrees.clone() })
    };
    if let (Some(latitude), Some(longitude)) =
        (signed(&place.latitude, place.south), signed(&place.longitude, place.west))
    {
        answer.fact("latitude", &latitude);
        answer.fact("longitude", &longitude);
    }
    if !place.date.is_empty() {
        answer.fact("gps_at", format!("{} {}", place.date.replace(':', "-"), place.time).trim());
    }
}

fn place_tag(tiff: &Tiff<'_>, tag: u16, value: &Value<'_>, place: &mut Place, answer: &mut Answer) {
    match tag {
        1 => place.south = Tiff::text(value).starts_with(['S', 's']),
        3 => place.west = Tiff::text(value).starts_with(['W', 'w']),
        2 => place.latitude = tiff.degrees(value),
        4 => place.longitude = tiff.degrees(value),
        6 => {
            if let Some(metres) = tiff.fraction(value, 0) {
                answer.fact("altitude_m", &(metres / 10_000_000).to_string());
            }
        }
        7 => {
            let part = |no| tiff.fraction(value, no).map_or(0, |n| n / 10_000_000);
            place.time = format!("{:02}:{:02}:{:02}Z", part(0), part(1), part(2));
        }
        29 => place.date = Tiff::text(value),
        _ => {}
    }
}

fn picture_tag(tiff: &Tiff<'_>, tag: u16, value: &Value<'_>, answer: &mut Answer) {
    let name = match tag {
        0x010e => "description",
        0x010f => "camera_make",
        0x0110 => "camera_model",
        0x0131 => "software",
        0x0132 => "changed_at",
        0x013b => "author",
        0x8298 => "copyright",
        0x9003 => "taken_at",
        0x9004 => "digitised_at",
        0x9011 => "taken_at_offset",
        0xa420 => "picture_id",
        0xa430 => "camera_owner",
        0xa431 => "camera_serial",
        0xa434 => "lens",
        0x0112 => {
            if let Some(turned) = tiff.number(value) {
                answer.fact("orientation", &turned.to_string());
            }
            return;
        }
        _ => return,
    };
    let text = Tiff::text(value);
    // `2026:11:02 10:15:33`, as cameras write it.
    let text = match text.as_bytes() {
        [_, _, _, _, b':', _, _, b':', ..] if name.ends_with("_at") => text.replacen(':', "-", 2),
        _ => text,
    };
    answer.fact(name, &text);
}
