//! What may be done to an exhibit, decided from facts alone.

mod life;
pub mod looks;
pub mod seal;

pub use life::{Facts, Refused, may};

use crate::model::Acquisition;

/// Sorts of things, in the order of the form.
pub const SORTS: &[&str] =
    &["phone", "sim", "card", "computer", "drive", "document", "statement", "file", "other"];

/// Longest line of what is told, in characters.
pub const MOST_LINE: usize = 300;
/// Largest file that is taken, bytes: one terabyte.
pub const MOST_BYTES: i64 = 1 << 40;
/// Largest part of a file that is sent at once, bytes.
pub const MOST_PART: usize = 16 * 1024 * 1024;
/// Most exhibits of one package.
pub const MOST_OF_A_PACKAGE: usize = 500;
/// Most files of one person that are coming in at once.
pub const MOST_COMING: i64 = 100;

/// What was told when an exhibit was taken in, without blanks around it.
///
/// # Errors
/// The field that is missing or cannot be right.
pub fn told(told: &Acquisition) -> Result<Acquisition, &'static str> {
    if let Some(wrong) = wrong(told).into_iter().next() {
        return Err(wrong);
    }
    let line = |text: &str| text.trim().to_owned();
    Ok(Acquisition {
        title: line(&told.title),
        sort: line(&told.sort),
        taken_by: line(&told.taken_by),
        taken_from: line(&told.taken_from),
        place: line(&told.place),
        how: line(&told.how),
        tool: line(&told.tool),
        basis: line(&told.basis),
        taken_at: told.taken_at.clone(),
        file_name: file_name(&told.file_name),
    })
}

/// Every field that is missing or cannot be right, as they stand in the form: nobody is told of one slip after the other.
#[must_use]
pub fn wrong(told: &Acquisition) -> Vec<&'static str> {
    let line = |text: &str, needed: bool| {
        let text = text.trim();
        if text.is_empty() { !needed } else { app::is_line(text, MOST_LINE) }
    };
    let fields = [
        ("title", line(&told.title, true)),
        ("sort", SORTS.contains(&told.sort.trim())),
        ("taken_by", line(&told.taken_by, true) && line(&told.taken_from, false)),
        ("place", line(&told.place, false)),
        ("how", line(&told.how, true) && line(&told.tool, false)),
        ("basis", line(&told.basis, true)),
    ];
    fields.into_iter().filter(|(_, right)| !right).map(|(field, _)| field).collect()
}

/// The last part of a name as somebody's machine gave it, without signs that mean something to a machine.
#[must_use]
pub fn file_name(told: &str) -> String {
    let last = told.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept: String = last.chars().filter(|c| !c.is_control()).take(200).collect();
    kept.trim().trim_start_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files() {
        for (told, kept) in [
            ("C:\\Users\\a\\dump.bin", "dump.bin"),
            ("../../etc/passwd", "passwd"),
            ("выписка \u{0}счёта.csv", "выписка счёта.csv"),
            ("..", ""),
            (".profile", "profile"),
        ] {
            assert_eq!(file_name(told), kept, "{told}");
        }
    }

    #[test]
    fn what_must_be_told() {
        let whole = Acquisition {
            title: " Телефон ".into(),
            sort: "phone".into(),
            taken_by: "капитан".into(),
            how: "изъят".into(),
            basis: "ст. 220".into(),
            ..Acquisition::default()
        };
        assert_eq!(told(&whole).map(|t| t.title), Ok("Телефон".to_owned()));
        assert_eq!(told(&Acquisition { title: "—".into(), ..whole.clone() }).err(), Some("title"));
        assert_eq!(told(&Acquisition { sort: "spaceship".into(), ..whole.clone() }).err(), Some("sort"));
        assert_eq!(told(&Acquisition { basis: String::new(), ..whole.clone() }).err(), Some("basis"));
        assert_eq!(told(&Acquisition { how: "x\ny".into(), ..whole }).err(), Some("how"));
    }
}
