//! Slips and cosignatures: what is written is read, and no byte of it can be changed unseen.

use ed25519_dalek::SigningKey;
use ledger::{
    Checkpoint, Cosigner, Note, NoteSigner, NoteVerifier, Signs, Slip, SlipError, leaf_hash, prove_inclusion,
    range_hash,
};
use proptest::prelude::*;

use super::{Memory, entry, leaves};

const ORIGIN: &str = "qorgan.example/log";

fn signer() -> NoteSigner {
    NoteSigner::new(ORIGIN, SigningKey::from_bytes(&[7; 32])).unwrap()
}

fn witness() -> Cosigner {
    Cosigner::new("court.example/witness", SigningKey::from_bytes(&[8; 32])).unwrap()
}

fn slip(size: u64, index: u64, extra: Option<&str>) -> Slip {
    let tree = Memory::of(leaves(size));
    let root = range_hash(&tree, 0, size).unwrap();
    let mut checkpoint = Checkpoint { origin: ORIGIN.into(), size, root }.sign(&signer()).unwrap();
    checkpoint.cosign(&witness(), 1_764_500_000);
    let extra = extra.map(|words| words.as_bytes().to_vec());
    Slip { extra, index, proof: prove_inclusion(&tree, index, size).unwrap(), checkpoint }
}

fn known() -> [NoteVerifier; 2] {
    [signer().verifier().clone(), witness().verifier().clone()]
}

proptest! {
    #[test]
    fn what_is_written_is_read(size in 1_u64..70, at: prop::sample::Index, extra in proptest::option::of("[a-z]{1,9}")) {
        let index = u64::try_from(at.index(usize::try_from(size).unwrap())).unwrap();
        let slip = slip(size, index, extra.as_deref());
        let read = Slip::parse(&slip.to_string()).unwrap();
        prop_assert_eq!(&read, &slip);
        let known = known();
        let (checkpoint, signed) = read.verify(&leaf_hash(&entry(index)), ORIGIN, &known).unwrap();
        prop_assert_eq!((checkpoint.size, signed.len()), (size, 2));
        prop_assert!(read.verify(&leaf_hash(&entry(index + 1)), ORIGIN, &known).is_err());
        prop_assert!(read.verify(&leaf_hash(&entry(index)), "another.example/log", &known).is_err());
        // A witness alone vouches for no log.
        prop_assert!(read.verify(&leaf_hash(&entry(index)), ORIGIN, &known[1..]).is_err());
    }

    /// Where all keys are known, no bit of a slip can be changed; only the words beside it, which nobody vouches for.
    #[test]
    fn no_bit_can_be_changed(at: prop::sample::Index, bit in 0..8_u32) {
        let mut bytes = slip(9, 4, None).to_string().into_bytes();
        let place = at.index(bytes.len());
        bytes[place] ^= 1 << bit;
        let held = String::from_utf8(bytes).ok().and_then(|text| Slip::parse(&text).ok()).is_some_and(|slip| {
            let known = known();
            slip.verify(&leaf_hash(&entry(4)), ORIGIN, &known).is_ok_and(|(_, signed)| signed.len() == 2)
        });
        prop_assert!(!held, "byte {} bit {}", place, bit);
    }
}

#[test]
fn a_witness_signs_with_its_time() {
    let slip = slip(3, 0, None);
    let seen = slip.checkpoint.signatures().last().unwrap();
    assert_eq!(seen.seen_at(), Some(1_764_500_000));
    assert_eq!(seen.bytes.len(), 72);
    let verifier = witness().verifier().clone();
    assert_eq!(verifier.signs(), Signs::Seen);
    assert_eq!(NoteVerifier::parse(&verifier.to_string()).unwrap(), verifier);
    // The same key as a log's is another key.
    let as_log = NoteVerifier::new("court.example/witness", SigningKey::from_bytes(&[8; 32]).verifying_key());
    assert_ne!(as_log.unwrap().id(), verifier.id());
    // Another time is another signature.
    let mut later = seen.bytes.clone();
    later[7] ^= 1;
    let text = slip.checkpoint.text().as_bytes();
    assert!(verifier.verifies(text, &seen.bytes) && !verifier.verifies(text, &later));
}

#[test]
fn what_is_no_slip() {
    let right = slip(5, 2, Some("words")).to_string();
    for wrong in [
        String::new(),
        right.replace("index 2", "index 02"),
        right.replace("index 2", "index -2"),
        right.replace("index 2\n", ""),
        right.replace("tlog-proof@v1", "tlog-proof@v2"),
        right.replace("extra ", "extra  "),
        right.replacen('\n', "\r\n", 1),
        format!("{right}\n"),
        right.trim_end().to_owned(),
    ] {
        assert!(Slip::parse(&wrong).is_err(), "{wrong}");
    }
    let strange = Note::parse(&right[right.find(ORIGIN).unwrap()..]).unwrap();
    assert_eq!(strange.signatures().len(), 2);
    assert_eq!(
        Slip::parse(&right).unwrap().verify(&leaf_hash(&entry(2)), ORIGIN, &[]),
        Err(SlipError::Note(ledger::NoteError::Unknown))
    );
}
