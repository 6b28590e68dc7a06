//! The shelf by itself: parts, torn ends, damage.

use std::io::Write as _;

use vault::Vault;

use super::*;

fn shelf(name: &str) -> (Shelf, PathBuf) {
    let root = std::env::temp_dir().join(format!("qorgan-shelf-{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&root);
    (Shelf::open(&root).unwrap(), root)
}

#[test]
fn a_file_that_was_let_go_is_free_while_a_process_that_is_being_started_has_it_open() {
    let (shelf, _root) = shelf("held");
    let held = shelf.hold(Uuid::from_u128(9)).unwrap();
    let theirs = held.try_clone().unwrap();
    drop(held);
    shelf.hold(Uuid::from_u128(9)).unwrap();
    drop(theirs);
}

#[test]
fn what_is_sent_in_parts_lies_there_whole_and_damage_is_located() {
    let (shelf, root) = shelf("parts");
    let entropy = Entropy::seeded(1);
    let key = Vault::from_key_bytes([1; 32]).new_subject(&entropy, Uuid::from_u128(7));
    let bytes: Vec<u8> =
        (0..3_u32 * 1024 * 1024 + 17).map(|n| n.to_le_bytes()[usize::try_from(n % 3).unwrap()]).collect();
    let (mut frames, mut disk, mut received) = (0, 0, 0);
    for part in bytes.chunks(700_001) {
        let hashing = shelf.hash_on(&key, (received, frames), part).unwrap();
        let file = shelf.hold(key.subject()).unwrap();
        assert!(matches!(shelf.hold(key.subject()), Err(EvidenceError::Busy)), "one at a time");
        (frames, disk) = Shelf::append(&file, (&entropy, &key), (frames, disk), part).unwrap();
        received += i64::try_from(part.len()).unwrap();
        shelf.keep_hashes(key.subject(), received, hashing);
        // Somebody wrote on and did not get to the end: it is cut off.
        let mut torn = OpenOptions::new().append(true).open(shelf.incoming(key.subject())).unwrap();
        torn.write_all(b"torn").unwrap();
    }
    // After a restart the hashes are taken from the file.
    shelf.arriving().clear();
    let again = shelf.hash_on(&key, (received, frames), b"").unwrap().hashes();
    let mut plain = Hashing::default();
    plain.update(&bytes);
    assert_eq!(again, plain.hashes());
    assert_eq!(shelf.hash_whole(&key, (received, frames)).unwrap(), plain.hashes());
    assert!(shelf.hash_whole(&key, (received + 1, frames)).is_err());
    let file = shelf.hold(key.subject()).unwrap();
    assert!(Shelf::append(&file, (&entropy, &key), (frames, disk + 9_999_999), b"x").is_err(), "a hole");
    Shelf::append(&file, (&entropy, &key), (frames, disk), b"").unwrap();
    let hashes = plain.hashes();
    shelf.settle(&key, frames, &hashes).unwrap();
    shelf.settle(&key, frames, &hashes).unwrap();
    let mut read = Vec::new();
    shelf.read(&key, frames, |part| read.extend_from_slice(part)).unwrap();
    assert_eq!(read, bytes);
    // Every second frame is passed over: the others come from where they lie.
    let (mut all, mut at, mut over) = (shelf.frames(key.clone(), frames).unwrap(), 0, false);
    while let Some(size) = all.next_size().unwrap() {
        let end = at + usize::try_from(size).unwrap();
        over = !over;
        if over {
            all.pass_over().unwrap();
        } else {
            assert!(all.next_frame().unwrap().unwrap() == bytes[at..end]);
        }
        at = end;
    }
    assert_eq!(at, bytes.len());

    let place = shelf.place(key.subject());
    let whole = std::fs::read(&place).unwrap();
    assert!(!whole.windows(16).any(|w| w == &bytes[..16]), "nothing lies there in clear");
    let mut rotten = whole.clone();
    let at = rotten.len() - 9;
    rotten[at] ^= 1;
    std::fs::write(&place, &rotten).unwrap();
    let found = shelf.read(&key, frames, |_| {});
    assert!(matches!(found, Err(EvidenceError::Damaged { frame, .. }) if frame == frames - 1), "{found:?}");
    std::fs::write(&place, [whole.as_slice(), b"x"].concat()).unwrap();
    let mut all = shelf.frames(key.clone(), frames).unwrap();
    let more = std::iter::repeat_with(|| all.next_frame()).take(usize::try_from(frames).unwrap() + 1);
    assert!(more.last().unwrap().is_err(), "something behind the last frame");
    shelf.forget(key.subject()).unwrap();
    assert!(!place.exists());
    std::fs::remove_dir_all(root).unwrap();
}
