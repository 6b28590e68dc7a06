//! Every mistake is placed: file, line, column, what was expected. All mistakes of all files come at once.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use profile::Profile;
use proptest::prelude::*;

use crate::support::dir;

/// A copy of the test land that a test may spoil.
struct Spoiled(PathBuf);

static NO: AtomicU32 = AtomicU32::new(0);

impl Spoiled {
    fn new() -> Self {
        let no = NO.fetch_add(1, Ordering::Relaxed);
        let root = std::env::temp_dir().join(format!("qorgan-profile-{}-{no}", std::process::id()));
        let to = root.join("test-land");
        fs::create_dir_all(to.join("locales")).unwrap();
        for part in ["", "locales"] {
            for item in fs::read_dir(dir("test-land").join(part)).unwrap().map(Result::unwrap) {
                if item.path().is_file() {
                    fs::copy(item.path(), to.join(part).join(item.file_name())).unwrap();
                }
            }
        }
        Self(root)
    }
    fn path(&self) -> PathBuf {
        self.0.join("test-land")
    }
    /// Replaces the one place where `from` stands.
    fn replace(self, file: &str, from: &str, to: &str) -> Self {
        let path = self.path().join(file);
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{file} has no `{from}`");
        fs::write(&path, text.replacen(from, to, 1)).unwrap();
        self
    }
    fn write(self, file: &str, text: &str) -> Self {
        fs::write(self.path().join(file), text).unwrap();
        self
    }
    fn errors(&self) -> Vec<String> {
        match Profile::load(&self.path()) {
            Ok(_) => Vec::new(),
            Err(errors) => errors.0.iter().map(ToString::to_string).collect(),
        }
    }
}

impl Drop for Spoiled {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// One mistake, what the whole message must be.
fn one(file: &str, from: &str, to: &str, message: &str) {
    assert_eq!(Spoiled::new().replace(file, from, to).errors(), [message], "{from} -> {to}");
}

#[test]
fn the_copy_itself_is_sound() {
    assert_eq!(Spoiled::new().errors(), Vec::<String>::new());
}

#[test]
fn one_mistake_one_message() {
    one(
        "profile.toml",
        "scale = 3",
        "scale = \"three\"",
        "test-land/profile.toml:17:9: expected a whole number from 0 to 255, found a text",
    );
    one(
        "profile.toml",
        "zone = \"America/St_Johns\"",
        "zone = \"America/Atlantis\"",
        "test-land/profile.toml:7:8: expected an IANA zone such as `Asia/Almaty`, found `America/Atlantis`",
    );
    one(
        "profile.toml",
        "id = \"test-land\"",
        "id = \"other\"",
        "test-land/profile.toml:3:6: expected `test-land`, the name of the directory",
    );
    one(
        "profile.toml",
        "receipt_prefix = \"T\"",
        "receipt_prefix = \"\"",
        "test-land/profile.toml:9:18: expected a text, found an empty one",
    );
    one("regions.toml", "column = 0\n", "", "test-land/regions.toml:1:1: expected the key `column`");
    one(
        "regions.toml",
        "row = 1",
        "row = 0",
        "test-land/regions.toml:8:1: expected each code and tile once, `ZZ-S` repeats one",
    );
    one(
        "calendar.toml",
        "close = 14:00",
        "close = 08:00",
        "test-land/calendar.toml:14:9: expected a time after `open`",
    );
    one(
        "calendar.toml",
        "date = 2026-09-06",
        "date = \"2026-09-06\"",
        "test-land/calendar.toml:47:8: expected a date such as 2026-11-23, without quotes, found a text",
    );
    one(
        "calendar.toml",
        "ends = \"same_time\"",
        "ends = \"noon\"",
        "test-land/calendar.toml:17:8: expected one of `office_close`, `same_time`, `end_of_day`, found `noon`",
    );
}

#[test]
fn one_mistake_one_message_in_law_and_measures() {
    one(
        "measures.toml",
        "retry = \"slow\"",
        "retry = \"fast\"",
        "test-land/measures.toml:1:1: expected a retry table `fast` for `hold`",
    );
    one(
        "measures.toml",
        "expires = { working_days = 10 }",
        "expires = { working_days = 10, minutes = 1 }",
        "test-land/measures.toml:6:11: expected one of `minutes`, `calendar_days`, `working_days`, found 2 of them",
    );
    one(
        "measures.toml",
        "who = \"state_body\"",
        "who = \"neighbour\"",
        "test-land/measures.toml:40:31: expected `own`, `keeper` or a kind of institution, found `neighbour`",
    );
    one(
        "legal_basis.toml",
        "count = 2",
        "count = 0",
        "test-land/legal_basis.toml:12:23: expected 1 to 9 approvers: no act without one",
    );
    // Bug: an act that an administrator or a prosecutor would have had to sign waited for ever.
    for roles in ["[\"administrator\"]", "[\"approver\", \"prosecutor\"]"] {
        one(
            "legal_basis.toml",
            "roles = [\"approver\"]",
            &format!("roles = {roles}"),
            "test-land/legal_basis.toml:12:13: expected `roles` to be one or both of `duty_officer` and `approver`",
        );
    }
    one(
        "legal_basis.toml",
        "version = 1",
        "version = 2",
        "test-land/legal_basis.toml:1:1: expected version 1 of `test-act-1`, found 2",
    );
    one(
        "institutions.toml",
        "\"99990\"",
        "\"abc\"",
        "test-land/institutions.toml:10:13: expected 4 to 8 digits",
    );
    one(
        "taxonomy.toml",
        "code = \"call\"",
        "code = \"Call\"",
        "test-land/taxonomy.toml:2:8: expected small letters, digits and `_`",
    );
}

#[test]
fn a_language_may_not_be_missing() {
    one(
        "taxonomy.toml",
        "{ en = \"Call\", fr = \"Appel\" }",
        "{ en = \"Call\" }",
        "test-land/taxonomy.toml:3:8: expected the key `fr`",
    );
    one(
        "taxonomy.toml",
        "fr = \"Appel\"",
        "fr = \"Appel\", kk = \"Қоңырау\"",
        "test-land/taxonomy.toml:3:37: unknown key `kk`, expected one of `en`, `fr`",
    );
}

#[test]
fn unknown_keys_are_refused_and_the_known_ones_named() {
    let errors = Spoiled::new()
        .replace("measures.toml", "probe_seconds = 60", "probe_seconds = 60\nprobe = 1")
        .errors();
    assert_eq!(
        errors,
        ["test-land/measures.toml:21:1: unknown key `probe`, expected one of `failures`, `probe_seconds`"]
    );
}

#[test]
fn all_mistakes_of_all_files_come_at_once() {
    let spoiled = Spoiled::new()
        .replace("profile.toml", "next_message_minutes = 45", "next_message_minutes = -1")
        .replace("profile.toml", "symbol = \"Đ\"", "symbol = 5")
        .replace("regions.toml", "row = 0", "row = \"top\"")
        .replace("legal_basis.toml", "measures = [\"hold\"]", "measures = [\"hold\", \"seize\"]");
    let places: Vec<String> =
        spoiled.errors().iter().map(|e| e.split(": ").next().unwrap_or_default().to_owned()).collect();
    assert_eq!(
        places,
        [
            "test-land/profile.toml:10:24",
            "test-land/profile.toml:18:10",
            "test-land/regions.toml:3:7",
            "test-land/legal_basis.toml:10:21",
        ]
    );
}

#[test]
fn columns_count_letters_not_bytes() {
    let errors = Spoiled::new()
        .replace("profile.toml", "fr = \"Pays d'essai\" }", "fr = \"Қорған\", x = 1 }")
        .errors();
    assert_eq!(errors, ["test-land/profile.toml:5:43: unknown key `x`, expected one of `en`, `fr`"]);
}

#[test]
fn broken_toml_is_placed_too() {
    let errors = Spoiled::new().replace("taxonomy.toml", "code = \"call\"", "code = \"call").errors();
    assert!(errors[0].starts_with("test-land/taxonomy.toml:2:"), "{errors:?}");
}

#[test]
fn a_standing_approval_cannot_be_wider_than_what_needs_no_reason() {
    let standing = "prosecutor_sanction = false\nstanding = { count = 1, roles = [\"approver\"], max_days = 30, widest = \"full\" }";
    let errors = Spoiled::new().replace("legal_basis.toml", "prosecutor_sanction = true", standing).errors();
    assert!(errors.iter().any(|e| e.contains("cannot be approved in advance")), "{errors:?}");
    let standing = "prosecutor_sanction = true\nstanding = { count = 1, roles = [\"approver\"], max_days = 30, widest = \"amount_only\" }";
    let errors = Spoiled::new().replace("legal_basis.toml", "prosecutor_sanction = true", standing).errors();
    assert_eq!(
        errors,
        [
            "test-land/legal_basis.toml:14:12: expected no standing approval where a prosecutor sanctions each case"
        ]
    );
}

#[test]
fn versions_of_a_basis_may_not_overlap_or_skip() {
    let text = fs::read_to_string(dir("test-land").join("legal_basis.toml")).unwrap();
    let second = |version: u8, from: &str| {
        format!(
            "{text}\n{}",
            text.replace("version = 1", &format!("version = {version}")).replace("2026-01-01", from)
        )
    };
    let errors = Spoiled::new().write("legal_basis.toml", &second(2, "2027-01-01")).errors();
    assert_eq!(
        errors,
        [
            "test-land/legal_basis.toml:22:1: expected version 1 of `test-act-1` to end before version 2 begins"
        ]
    );
    let closed =
        second(2, "2027-01-01").replacen("from = 2026-01-01", "from = 2026-01-01\nto = 2026-12-31", 1);
    assert_eq!(Spoiled::new().write("legal_basis.toml", &closed).errors(), Vec::<String>::new());
    let skipped = closed.replace("version = 2", "version = 3");
    assert!(Spoiled::new().write("legal_basis.toml", &skipped).errors()[0].contains("expected version 2"));
}

#[test]
fn texts_are_checked() {
    let both = "report-amount =\n    .label = { $sum }s left\n    .missing = Sum";
    let glued = Spoiled::new().write("locales/en.ftl", both).errors();
    assert_eq!(
        glued,
        ["test-land/locales/en.ftl:1:1: expected no ending on a variable in `report-amount.label`"]
    );
    let missing = Spoiled::new().write("locales/fr.ftl", "report-other = Autre").errors();
    assert_eq!(
        missing,
        [
            "test-land/locales/en.ftl:1:1: expected the message `report-other`, which other languages have",
            "test-land/locales/fr.ftl:1:1: expected the message `report-amount.label`, which other languages have",
            "test-land/locales/fr.ftl:1:1: expected the message `report-amount.missing`, which other languages have",
        ]
    );
    let foreign = Spoiled::new().write("locales/ru.ftl", "report-other = Сумма").errors();
    assert_eq!(foreign, ["test-land/locales/ru.ftl:1:1: expected a language of the profile, found `ru`"]);
}

#[test]
fn files_that_nobody_knows_are_refused() {
    let error = Spoiled::new().write("offences.toml", "").errors().join("");
    assert!(
        error.starts_with("test-land/offences.toml:1:1: unknown file, expected `profile.toml`"),
        "{error}"
    );
    assert!(
        Profile::load(Path::new("/nowhere/at-all")).unwrap_err().to_string().contains("expected a directory")
    );
    let spoiled = Spoiled::new();
    fs::remove_file(spoiled.path().join("regions.toml")).unwrap();
    assert_eq!(spoiled.errors(), ["test-land:1:1: expected the file `regions.toml`"]);
}

#[test]
fn mistakes_of_registers() {
    let file = "registers.toml";
    one(
        file,
        "code = \"book\"",
        "code = \"The Book\"",
        "test-land/registers.toml:2:8: expected at most 20 small Latin letters and digits, found `The Book`",
    );
    one(
        file,
        "subjects = [\"report\"]",
        "subjects = []",
        "test-land/registers.toml:6:12: expected at least one kind of matter",
    );
    one(
        file,
        "number = \"A-9999/99\"",
        "number = \"free\"",
        "test-land/registers.toml:7:10: expected a form with `9` for a digit and `A` for a letter, at most 60 long",
    );
    one(
        file,
        "[register.hand_over]\nwithin = { minutes = 60 }\n",
        "",
        "test-land/registers.toml:1:1: expected either the table `hand_over` or the table `decision`",
    );
    one(file, "within = { minutes = 60 }\n", "", "test-land/registers.toml:9:1: expected the key `within`");
    one(
        file,
        "after = \"book\"",
        "after = \"docket\"",
        "test-land/registers.toml:16:1: expected `after` to name a register above it, found `docket`",
    );
    one(
        file,
        "code = \"docket\"",
        "code = \"book\"",
        "test-land/registers.toml:16:1: expected one `book` a day",
    );
    one(
        file,
        "kind = \"registered\"",
        "kind = \"lost\"",
        "test-land/registers.toml:29:8: expected one of `registered`, `refused`, `referred`, found `lost`",
    );
    one(
        file,
        "kind = \"registered\"",
        "kind = \"refused\"",
        "test-land/registers.toml:28:1: expected the outcome `registered` among the decisions",
    );
    one(
        file,
        "unverified = [\"within\"]",
        "unverified = [\"moon\"]",
        "test-land/registers.toml:36:14: expected one of `name`, `number`, `within`, `outcome`, `appeal`, `subjects`, found `moon`",
    );
}

#[test]
fn mistakes_of_cases() {
    let file = "cases.toml";
    one(
        file,
        "to = 2026-06-30",
        "to = 2026-07-30",
        "test-land/cases.toml:11:1: expected one wording of `fraud` a day",
    );
    one(
        file,
        "code = \"open\"",
        "code = \"Open now\"",
        "test-land/cases.toml:18:8: expected at most 30 small Latin letters, digits and `-`, found `Open now`",
    );
    one(
        file,
        "next = [\"done\"]",
        "next = [\"moon\"]",
        "test-land/cases.toml:17:1: expected `next` to name other stages, found `moon`",
    );
    one(
        file,
        "end = true",
        "end = false",
        "test-land/cases.toml:17:1: expected a stage to begin with that is no end, and one that is",
    );
    one(
        file,
        "kind = \"choice\"",
        "kind = \"colour\"",
        "test-land/cases.toml:39:8: expected one of `text`, `number`, `day`, `choice`, found `colour`",
    );
    one(
        file,
        "kind = \"choice\"",
        "kind = \"text\"",
        "test-land/cases.toml:36:1: expected choices where one of a list is chosen, and there alone",
    );
    one(
        file,
        "stage = \"done\"",
        "stage = \"moon\"",
        "test-land/cases.toml:50:1: expected `stage` and `at` to name stages, found `moon`",
    );
    one(
        file,
        "stage = \"open\"",
        "stage = \"done\"",
        "test-land/cases.toml:22:1: expected a decision of two persons that leads to `open`",
    );
}

#[test]
fn extending_goes_one_step_and_changes_the_version() {
    let spoiled = Spoiled::new();
    let child = spoiled.0.join("child");
    fs::create_dir_all(&child).unwrap();
    let own = fs::read_to_string(spoiled.path().join("profile.toml")).unwrap();
    let own = own.replace("id = \"test-land\"", "id = \"child\"\nextends = \"test-land\"");
    fs::write(child.join("profile.toml"), &own).unwrap();
    let parent = Profile::load(&spoiled.path()).unwrap();
    let read = Profile::load(&child).unwrap_or_else(|e| panic!("{e}"));
    assert_eq!((read.id(), read.regions()), ("child", parent.regions()));
    assert_ne!(read.version(), parent.version());
    // A change of what is inherited is a change of the child as well.
    let before = read.version().to_owned();
    let spoiled = spoiled.replace("regions.toml", "ZZ-S", "ZZ-SS");
    assert_ne!(Profile::load(&child).unwrap().version(), before);
    let grandchild = spoiled.0.join("grandchild");
    fs::create_dir_all(&grandchild).unwrap();
    fs::write(
        grandchild.join("profile.toml"),
        own.replace("child", "grandchild").replace("\"test-land\"", "\"child\""),
    )
    .unwrap();
    assert!(Profile::load(&grandchild).unwrap_err().to_string().contains("not to extend another profile"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever is done to a file, reading ends with a profile or with placed mistakes, never with a panic.
    #[test]
    fn no_spoiled_file_panics(file in 0..10_usize, cut in 0..3_000_usize, junk in "[ -~Ққ\n\"\\[\\]{}=]{0,12}") {
        let name = Profile::file_names()[file];
        let text = fs::read_to_string(dir("test-land").join(name)).unwrap();
        let cut = text.char_indices().map(|(i, _)| i).chain([text.len()]).nth(cut % (text.chars().count() + 1)).unwrap();
        let spoiled = Spoiled::new().write(name, &format!("{}{junk}{}", &text[..cut], &text[cut..]));
        if let Err(errors) = Profile::load(&spoiled.path()) {
            prop_assert!(!errors.0.is_empty());
            for e in &errors.0 {
                prop_assert!(e.line >= 1 && e.column >= 1 && !e.what.is_empty());
            }
        }
    }
}
