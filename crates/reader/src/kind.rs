//! What a file is, by its bytes and never by its name.

use serde::{Deserialize, Serialize};

use crate::seen::Seen;
use crate::text;

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $word:literal [$($ext:literal),*]),* $(,)?) => {
        /// What a file is.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
        pub enum Kind {
            $($(#[$doc])* #[serde(rename = $word)] $name,)*
            /// None that is known here.
            #[default]
            #[serde(other, rename = "unknown")]
            Unknown,
        }

        impl Kind {
            /// Its word.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word,)* Self::Unknown => "unknown" }
            }

            /// What names of such files end in.
            const fn endings(self) -> &'static [&'static str] {
                match self { $(Self::$name => &[$($ext),*],)* Self::Unknown => &[] }
            }

            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];
        }
    };
}

kinds! {
    /// Nothing is in it.
    Empty = "empty" [],
    /// A photograph.
    Jpeg = "jpeg" ["jpg", "jpeg", "jpe", "jfif"],
    /// A picture.
    Png = "png" ["png"],
    /// A picture.
    Gif = "gif" ["gif"],
    /// A picture.
    Webp = "webp" ["webp"],
    /// A picture.
    Bmp = "bmp" ["bmp", "dib"],
    /// A picture, or what a camera sees.
    Tiff = "tiff" ["tif", "tiff", "dng", "nef", "cr2", "arw"],
    /// A photograph of newer telephones.
    Heic = "heic" ["heic", "heif", "hif", "avif"],
    /// A document.
    Pdf = "pdf" ["pdf"],
    /// An archive.
    Zip = "zip" ["zip", "cbz", "epub", "xpi", "ipa", "aar"],
    /// A document of Word.
    Docx = "docx" ["docx", "docm", "dotx", "dotm"],
    /// A spreadsheet of Excel.
    Xlsx = "xlsx" ["xlsx", "xlsm", "xltx", "xlsb"],
    /// Slides of `PowerPoint`.
    Pptx = "pptx" ["pptx", "pptm", "ppsx"],
    /// A document of `LibreOffice`.
    Odt = "odt" ["odt", "ott"],
    /// A spreadsheet of `LibreOffice`.
    Ods = "ods" ["ods", "ots"],
    /// Slides of `LibreOffice`.
    Odp = "odp" ["odp"],
    /// A program for Android.
    Apk = "apk" ["apk"],
    /// A program for Java.
    Jar = "jar" ["jar", "war"],
    /// An older document of Office, or a message of Outlook.
    Ole = "ole" ["doc", "xls", "ppt", "msg", "msi", "dot"],
    /// A database.
    Sqlite = "sqlite" ["db", "sqlite", "sqlite3", "db3"],
    /// A message.
    Mail = "mail" ["eml", "mht", "mhtml"],
    /// Messages, one after the other.
    Mbox = "mbox" ["mbox", "mbx"],
    /// A page.
    Html = "html" ["html", "htm", "xhtml", "hta"],
    /// Text with marks.
    Xml = "xml" ["xml", "svg", "kml", "gpx", "plist"],
    /// Text with brackets.
    Json = "json" ["json", "jsonl", "geojson", "jsonld"],
    /// A table of text.
    Csv = "csv" ["csv", "tsv", "txt"],
    /// Formatted text.
    Rtf = "rtf" ["rtf", "doc"],
    /// A script.
    Script = "script" ["sh", "py", "pl", "rb", "php", "js", "vbs", "ps1", "bat", "cmd", "txt"],
    /// Text.
    Text = "text" ["txt", "log", "md", "ini", "cfg", "conf", "csv", "tsv", "vcf", "ics", "srt", "asc", "pem", "key", "sql", "yml", "yaml", "toml"],
    /// An archive.
    Gzip = "gzip" ["gz", "tgz"],
    /// An archive.
    Tar = "tar" ["tar"],
    /// An archive.
    SevenZip = "seven_zip" ["7z"],
    /// An archive.
    Rar = "rar" ["rar"],
    /// An archive.
    Xz = "xz" ["xz"],
    /// An archive.
    Bzip2 = "bzip2" ["bz2"],
    /// An archive.
    Zstd = "zstd" ["zst"],
    /// A film.
    Mp4 = "mp4" ["mp4", "m4v", "m4a", "mov", "3gp"],
    /// A film.
    Matroska = "matroska" ["mkv", "webm"],
    /// A film or sound.
    Riff = "riff" ["avi", "wav"],
    /// Sound.
    Mp3 = "mp3" ["mp3"],
    /// Sound.
    Ogg = "ogg" ["ogg", "oga", "opus"],
    /// Sound of a telephone.
    Amr = "amr" ["amr"],
    /// A program for Windows.
    WindowsProgram = "windows_program" ["exe", "dll", "sys", "scr", "com", "ocx", "cpl"],
    /// A program for Linux.
    LinuxProgram = "linux_program" ["elf", "so", "bin", "o", ""],
    /// A program for macOS.
    MacProgram = "mac_program" ["dylib", "macho", ""],
    /// A shortcut of Windows.
    Shortcut = "shortcut" ["lnk"],
    /// Traffic of a network.
    Capture = "capture" ["pcap", "pcapng", "cap"],
    /// The registry of Windows.
    Registry = "registry" ["dat", "hve", ""],
    /// The log of Windows.
    EventLog = "event_log" ["evtx"],
    /// A list of Apple's programs.
    Plist = "plist" ["plist"],
    /// A picture of a disk, as forensic tools make it.
    DiskImage = "disk_image" ["e01", "ex01", "vmdk", "vhdx", "qcow2", "iso", "img", "dd", "raw"],
}

/// What begins how.
const BEGINNINGS: &[(usize, &[u8], Kind)] = &[
    (0, b"\xff\xd8\xff", Kind::Jpeg),
    (0, b"\x89PNG\r\n\x1a\n", Kind::Png),
    (0, b"GIF87a", Kind::Gif),
    (0, b"GIF89a", Kind::Gif),
    (0, b"II*\0", Kind::Tiff),
    (0, b"MM\0*", Kind::Tiff),
    (0, b"SQLite format 3\0", Kind::Sqlite),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Kind::Ole),
    (0, b"{\\rtf", Kind::Rtf),
    (0, b"\x1f\x8b\x08", Kind::Gzip),
    (257, b"ustar", Kind::Tar),
    (0, b"7z\xbc\xaf\x27\x1c", Kind::SevenZip),
    (0, b"Rar!\x1a\x07", Kind::Rar),
    (0, b"\xfd7zXZ\0", Kind::Xz),
    (0, b"BZh", Kind::Bzip2),
    (0, b"\x28\xb5\x2f\xfd", Kind::Zstd),
    (0, b"\x1a\x45\xdf\xa3", Kind::Matroska),
    (0, b"ID3", Kind::Mp3),
    (0, b"OggS", Kind::Ogg),
    (0, b"#!AMR", Kind::Amr),
    (0, b"\x7fELF", Kind::LinuxProgram),
    (0, b"\xcf\xfa\xed\xfe", Kind::MacProgram),
    (0, b"\xca\xfe\xba\xbe", Kind::MacProgram),
    (0, b"L\0\0\0\x01\x14\x02\0", Kind::Shortcut),
    (0, b"\xd4\xc3\xb2\xa1", Kind::Capture),
    (0, b"\xa1\xb2\xc3\xd4", Kind::Capture),
    (0, b"\x0a\x0d\x0d\x0a", Kind::Capture),
    (0, b"regf", Kind::Registry),
    (0, b"ElfFile\0", Kind::EventLog),
    (0, b"bplist00", Kind::Plist),
    (0, b"EVF\x09\x0d\x0a\xff\0", Kind::DiskImage),
    (0, b"EVF2\x0d\x0a\x81\0", Kind::DiskImage),
    (0, b"KDMV", Kind::DiskImage),
    (0, b"vhdxfile", Kind::DiskImage),
    (0, b"QFI\xfb", Kind::DiskImage),
    (0x8001, b"CD001", Kind::DiskImage),
];

fn at(bytes: &[u8], place: usize, want: &[u8]) -> bool {
    bytes.get(place..).is_some_and(|rest| rest.starts_with(want))
}

/// Says what a file is; an archive may turn out to be a document when its list is read.
#[must_use]
pub fn sniff(seen: &Seen) -> Kind {
    let head = seen.head();
    if seen.size() == 0 {
        return Kind::Empty;
    }
    if let Some((_, _, kind)) = BEGINNINGS.iter().find(|(place, want, _)| at(head, *place, want)) {
        return *kind;
    }
    if at(head, 0, b"PK\x03\x04") || at(head, 0, b"PK\x05\x06") {
        return Kind::Zip;
    }
    if at(head, 0, b"RIFF") {
        return if at(head, 8, b"WEBP") { Kind::Webp } else { Kind::Riff };
    }
    if at(head, 4, b"ftyp") {
        let brand = head.get(8..12).unwrap_or_default();
        let photo = matches!(brand, b"heic" | b"heix" | b"mif1" | b"msf1" | b"heim" | b"heis" | b"avif");
        return if photo { Kind::Heic } else { Kind::Mp4 };
    }
    if at(head, 0, b"MZ") && head.len() > 64 {
        return Kind::WindowsProgram;
    }
    if at(head, 0, b"BM") && head.get(6..10) == Some(&[0, 0, 0, 0]) {
        return Kind::Bmp;
    }
    if matches!(head, [0xff, b, ..] if b & 0xe6 == 0xe2) {
        return Kind::Mp3;
    }
    if pdf_at(head).is_some_and(|place| place < 16) {
        return Kind::Pdf;
    }
    if text::is_text(head) {
        return textual(head);
    }
    if pdf_at(head).is_some() { Kind::Pdf } else { Kind::Unknown }
}

/// Where a PDF begins: programs that show them take it anywhere in the first kilobyte.
pub(crate) fn pdf_at(head: &[u8]) -> Option<usize> {
    let first = head.get(..1024).unwrap_or(head);
    first.windows(5).position(|w| w == b"%PDF-")
}

/// What a text is.
fn textual(head: &[u8]) -> Kind {
    let found = statement::encoding::find(head);
    let first = head.get(found.mark_bytes..).unwrap_or_default();
    let first = first.get(..16 << 10).unwrap_or(first);
    let whole = statement::encoding::decode(found.charset, first);
    let start = whole.trim_start();
    let low: String = start.chars().take(1024).collect::<String>().to_lowercase();
    if low.starts_with("from ") && low.contains('@') && low.contains("\nfrom:") {
        return Kind::Mbox;
    }
    if is_mail(start) {
        return Kind::Mail;
    }
    if low.starts_with("<!doctype html")
        || low.starts_with("<html")
        || (low.starts_with('<') && low.contains("<body"))
    {
        return Kind::Html;
    }
    if low.starts_with("<?xml") || (low.starts_with('<') && low.contains("xmlns")) {
        return Kind::Xml;
    }
    if pdf_at(head).is_some() {
        return Kind::Pdf;
    }
    if low.starts_with("#!")
        || low.starts_with("<?php")
        || low.starts_with("@echo off")
        || (low.starts_with('<') && low.contains("<script"))
    {
        return Kind::Script;
    }
    if start.starts_with(['{', '[']) && start.contains('"') && start.contains([':', ',']) {
        return Kind::Json;
    }
    // A chat and a log have commas, too: a table's lines have the same number of cells.
    let even = [';', '\t', ',', '|'].into_iter().any(|delimiter| {
        let counts: Vec<usize> = start.lines().take(20).map(|l| l.matches(delimiter).count()).collect();
        let full =
            counts.get(..counts.len().saturating_sub(1)).filter(|_| counts.len() > 2).unwrap_or(&counts);
        full.len() > 1 && full.first().is_some_and(|first| *first > 0 && full.iter().all(|c| c == first))
    });
    // A cell may say anything: a table of what somebody typed into a form is a table.
    match (even, low.contains("<script")) {
        (true, _) => Kind::Csv,
        (false, true) => Kind::Script,
        (false, false) => Kind::Text,
    }
}

/// Whether a text begins with the headers of a message: several lines of a name and a colon, with names that messages have.
fn is_mail(text: &str) -> bool {
    let mut known = 0;
    for line in text.lines().take(200) {
        if line.is_empty() {
            break;
        }
        if line.starts_with([' ', '\t']) {
            continue;
        }
        let Some((name, _)) = line.split_once(':') else { return false };
        if name.is_empty() || !name.bytes().all(|b| b.is_ascii_graphic()) {
            return false;
        }
        let name = name.to_ascii_lowercase();
        known += usize::from(matches!(
            name.as_str(),
            "from"
                | "to"
                | "subject"
                | "date"
                | "message-id"
                | "received"
                | "return-path"
                | "mime-version"
                | "content-type"
                | "delivered-to"
        ));
    }
    known >= 2
}

impl Kind {
    /// Whether a file of this kind may be called so. A name without an ending may be anything.
    #[must_use]
    pub fn fits(self, name: &str) -> bool {
        if matches!(self, Self::Unknown | Self::Empty) {
            return true;
        }
        let Some((_, ending)) = name.rsplit_once('.') else { return true };
        let ending = ending.to_lowercase();
        let own = self.endings().contains(&ending.as_str());
        // An ending that nobody claims says nothing.
        own || !Self::ALL.iter().any(|kind| kind.endings().contains(&ending.as_str()))
    }

    /// Whether it can be run, or makes something run.
    #[must_use]
    pub const fn is_program(self) -> bool {
        matches!(
            self,
            Self::WindowsProgram
                | Self::LinuxProgram
                | Self::MacProgram
                | Self::Apk
                | Self::Jar
                | Self::Script
                | Self::Shortcut
        )
    }
}

/// Names of files that Windows, Android or a browser run when they are opened.
#[must_use]
pub fn runs(name: &str) -> bool {
    let Some((_, ending)) = name.rsplit_once('.') else { return false };
    matches!(
        ending.to_lowercase().as_str(),
        "exe"
            | "scr"
            | "com"
            | "pif"
            | "bat"
            | "cmd"
            | "ps1"
            | "vbs"
            | "vbe"
            | "js"
            | "jse"
            | "wsf"
            | "wsh"
            | "hta"
            | "lnk"
            | "msi"
            | "msp"
            | "jar"
            | "apk"
            | "dll"
            | "cpl"
            | "reg"
            | "iso"
            | "img"
            | "sh"
            | "appx"
    )
}

/// Whether a name hides what it ends in: a document's ending before a program's, a turned direction, many blanks.
#[must_use]
pub fn disguised(name: &str) -> bool {
    let mut parts = name.rsplit('.');
    let last = parts.next().unwrap_or_default();
    let before = parts.next().unwrap_or_default().trim().to_lowercase();
    let document = matches!(
        before.as_str(),
        "pdf" | "doc" | "docx" | "xls" | "xlsx" | "jpg" | "jpeg" | "png" | "txt" | "mp4" | "zip" | "rtf"
    );
    (document && runs(&format!("x.{last}"))) || text::turns(name) || name.contains("     ")
}
