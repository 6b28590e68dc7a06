//! Which files are taken, and what they may be shown as. Pure.

use kernel::text::is_unseen;

/// Largest file, bytes. Photographs, screenshots, voice messages and statements fit; a film does not.
pub const MAX_FILE_BYTES: u64 = 20 * 1024 * 1024;
/// Most files of one report.
pub const MAX_FILES: usize = 30;
/// All files of one report together, bytes.
pub const MAX_FILES_BYTES: u64 = 100 * 1024 * 1024;
/// Longest name kept, in characters.
const MAX_NAME_CHARS: usize = 120;
/// So much of the beginning of a file tells its kind.
pub const HEAD_BYTES: usize = 512;
/// How long a file that was cut off half-way is kept, wall clock.
pub const CUT_OFF_SECS: i64 = 3_600;
/// A file of which nothing came for so long counts no more among those of the report, wall clock.
pub const STALLED_SECS: i64 = 120;
/// How long a removed file can be put back, wall clock.
pub const PUT_BACK_SECS: i64 = 86_400;

/// Why a file is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// Nothing in it.
    #[error("the file is empty")]
    Empty,
    /// One file is too large.
    #[error("a file is larger than {MAX_FILE_BYTES} bytes")]
    TooLarge,
    /// The report holds as many as it can.
    #[error("a report holds {MAX_FILES} files of {MAX_FILES_BYTES} bytes together")]
    TooMany,
}

/// Pictures that every browser shows and that cannot carry a script.
const SHOWN: [&str; 4] = ["image/jpeg", "image/png", "image/gif", "image/webp"];
/// What a file may be called when it is saved. Anything else is saved as `bin`, so that nothing runs or opens
/// by a double click that only pretends to be a picture.
const SAVED_AS: [&str; 26] = [
    "jpg", "png", "gif", "webp", "heic", "heif", "avif", "bmp", "tif", "pdf", "mp3", "ogg", "opus", "wav",
    "m4a", "amr", "flac", "aac", "mp4", "m4v", "3gp", "mov", "webm", "mkv", "avi", "zip",
];

/// What a file is by its first bytes, never by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kind {
    /// Ending under which it is saved.
    pub extension: &'static str,
    /// Media type under which it may be shown in the page; `None`: only saved.
    pub shown_as: Option<&'static str>,
}

/// The media type under which a file of this kept kind may be shown.
#[must_use]
pub fn shown_as(media: &str) -> Option<&'static str> {
    SHOWN.into_iter().find(|m| *m == media)
}

/// Reads the kind off the first bytes.
#[must_use]
pub fn kind(head: &[u8]) -> Kind {
    let found = infer::get(head).map(|t| (t.extension(), t.mime_type()));
    let (extension, media) = found.unwrap_or(("bin", ""));
    Kind {
        extension: SAVED_AS.into_iter().find(|e| *e == extension).unwrap_or("bin"),
        shown_as: shown_as(media),
    }
}

/// A name as it may be shown: the last part of a path, without invisible signs, cut to a length.
#[must_use]
pub fn name(given: &str) -> String {
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let visible = last.chars().filter(|c| !c.is_control() && !is_unseen(*c));
    visible.collect::<String>().trim().chars().take(MAX_NAME_CHARS).collect()
}

/// Whether another file may begin: `known` files of `bytes` together are there.
///
/// # Errors
/// As many as a report holds.
pub const fn may_begin(known: usize, bytes: u64) -> Result<(), FileError> {
    if known >= MAX_FILES || bytes >= MAX_FILES_BYTES { Err(FileError::TooMany) } else { Ok(()) }
}

/// Whether a file of `size` bytes fits beside `bytes` that are there.
///
/// # Errors
/// What does not fit.
pub const fn fits(size: u64, bytes: u64) -> Result<(), FileError> {
    if size == 0 {
        Err(FileError::Empty)
    } else if size > MAX_FILE_BYTES {
        Err(FileError::TooLarge)
    } else if bytes.saturating_add(size) > MAX_FILES_BYTES {
        Err(FileError::TooMany)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_content_decides_and_not_the_name() {
        let table: [(&[u8], &str, Option<&str>); 8] = [
            (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "png", Some("image/png")),
            (b"\xff\xd8\xff\xe0\0\x10JFIF", "jpg", Some("image/jpeg")),
            (b"%PDF-1.7\n", "pdf", None),
            (b"MZ\x90\0\x03\0\0\0", "bin", None),
            (b"<!DOCTYPE html><script>alert(1)</script>", "bin", None),
            (b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", "bin", None),
            (b"OggS\0\x02\0\0\0\0\0\0\0\0", "ogg", None),
            (b"", "bin", None),
        ];
        for (head, extension, shown_as) in table {
            assert_eq!(kind(head), Kind { extension, shown_as }, "{head:?}");
        }
    }

    #[test]
    fn a_name_is_its_last_part_in_plain_sight() {
        for (given, shown) in [
            ("/sdcard/DCIM/Скрин 1.png", "Скрин 1.png"),
            ("C:\\Users\\x\\чек.pdf", "чек.pdf"),
            ("../../etc/passwd", "passwd"),
            ("photo\u{202e}gnp.exe", "photognp.exe"),
            ("a\0b\r\nc.txt", "abc.txt"),
            ("dir/", ""),
        ] {
            assert_eq!(name(given), shown);
        }
        assert_eq!(name(&"ә".repeat(500)).chars().count(), MAX_NAME_CHARS);
    }

    #[test]
    fn limits_hold_to_the_byte() {
        assert_eq!(fits(0, 0), Err(FileError::Empty));
        assert_eq!(fits(MAX_FILE_BYTES, 0), Ok(()));
        assert_eq!(fits(MAX_FILE_BYTES + 1, 0), Err(FileError::TooLarge));
        assert_eq!(fits(1, MAX_FILES_BYTES - 1), Ok(()));
        assert_eq!(fits(2, MAX_FILES_BYTES - 1), Err(FileError::TooMany));
        assert_eq!(may_begin(MAX_FILES, 0), Err(FileError::TooMany));
        assert_eq!(may_begin(MAX_FILES - 1, MAX_FILES_BYTES), Err(FileError::TooMany));
        assert_eq!(may_begin(0, 0), Ok(()));
    }

    proptest! {
        #[test]
        fn no_name_hides_or_leads_anywhere(given in ".{0,200}") {
            let shown = name(&given);
            prop_assert!(!shown.contains(['/', '\\']) && !shown.chars().any(|c| c.is_control() || is_unseen(c)));
            prop_assert_eq!(name(&shown), shown.clone());
        }
        #[test]
        fn only_pictures_are_ever_shown(head in proptest::collection::vec(any::<u8>(), 0..64)) {
            let kind = kind(&head);
            prop_assert!(kind.shown_as.is_none_or(|m| SHOWN.contains(&m)));
            prop_assert!(kind.extension == "bin" || SAVED_AS.contains(&kind.extension));
        }
    }
}
