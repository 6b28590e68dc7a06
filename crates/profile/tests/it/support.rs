//! The profiles that the tests read.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use kernel::Timestamp;
use profile::Profile;

/// The directory of a profile in this repository.
pub(crate) fn dir(id: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../profiles").join(id)
}

/// The invented land, read once.
pub(crate) fn test_land() -> &'static Profile {
    static LAND: LazyLock<Profile> =
        LazyLock::new(|| Profile::load(&dir("test-land")).unwrap_or_else(|e| panic!("{e}")));
    &LAND
}

/// Kazakhstan, read once.
pub(crate) fn kz() -> &'static Profile {
    static KZ: LazyLock<Profile> =
        LazyLock::new(|| Profile::embedded("kz").unwrap_or_else(|e| panic!("{e}")));
    &KZ
}

/// A moment.
pub(crate) fn at(text: &str) -> Timestamp {
    Timestamp::parse_rfc3339(text).unwrap()
}
