//! Signed notes and checkpoints.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::SigningKey;
use ledger::{
    Checkpoint, CheckpointError, EMPTY_ROOT, Hash, Note, NoteError, NoteSigner, NoteVerifier, VkeyError,
};
use proptest::prelude::*;

/// The example of C2SP `signed-note`.
const VKEY: &str = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
const NOTE: &str = "This is an example message.\n\n\u{2014} example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";

fn signer(name: &str, seed: u8) -> NoteSigner {
    NoteSigner::new(name, SigningKey::from_bytes(&[seed; 32])).unwrap()
}

#[test]
fn the_published_note() {
    let key = NoteVerifier::parse(VKEY).unwrap();
    assert_eq!((key.name(), key.id(), key.to_string().as_str()), ("example.com/foo", 0x530d_903a, VKEY));
    let note = Note::parse(NOTE).unwrap();
    assert_eq!(note.text(), "This is an example message.\n");
    assert_eq!(note.verify(std::slice::from_ref(&key)), Ok(vec![&key]));
    assert_eq!(note.to_string(), NOTE);
    let forged = Note::parse(&NOTE.replace("an example", "no example")).unwrap();
    assert_eq!(forged.verify(&[key]), Err(NoteError::Invalid));
}

#[test]
fn what_is_no_note() {
    for junk in [
        "",
        "\n",
        "text\n",
        "text\n\n",
        "text\n\n\n",
        "text\n\n- example.com/foo Uw2QOkk=\n",
        "text\n\n\u{2014} example.com/foo\n",
        "text\n\n\u{2014}  Uw2QOkk=\n",
        "text\n\n\u{2014} a+b Uw2QOkk=\n",
        "text\n\n\u{2014} a Uw2QOg==\n",
        "text\n\n\u{2014} a Uw2Q\n",
        "text\n\n\u{2014} a Uw2QOkk\n",
        "text\n\n\u{2014} a Uw2QOkk=",
        "text\n\n\u{2014} a Uw2QOkk= x\n",
        "te\tt\n\n\u{2014} a Uw2QOkk=\n",
        "te\rt\n\n\u{2014} a Uw2QOkk=\n",
        "text\n\n\u{2014} a Uw2QOkk=\n\n",
    ] {
        assert_eq!(Note::parse(junk), Err(NoteError::Form), "{junk:?}");
    }
    let many = format!("text\n\n{}", "\u{2014} a Uw2QOkk=\n".repeat(65));
    assert_eq!(Note::parse(&many), Err(NoteError::Form));
    assert!(Note::parse(&many.replacen("\u{2014} a Uw2QOkk=\n", "", 1)).is_ok());
    assert_eq!(Note::sign("no line end", &signer("a", 1)), Err(NoteError::Form));
    // The text may have blank lines; the last one counts.
    let poem = Note::sign("one\n\ntwo\n", &signer("a", 1)).unwrap();
    assert_eq!(Note::parse(&poem.to_string()), Ok(poem));
}

#[test]
fn strangers_are_ignored_and_impostors_are_not() {
    let (log, witness, stranger) = (signer("log", 1), signer("witness", 2), signer("stranger", 3));
    let mut note = Note::sign("text\n", &log).unwrap();
    note.add(&stranger);
    note.add(&witness);
    let known = [log.verifier().clone(), witness.verifier().clone()];
    assert_eq!(note.verify(&known), Ok(known.iter().collect()));
    assert_eq!(note.verify(&known[1..]), Ok(vec![&known[1]]));
    assert_eq!(note.verify(&[]), Err(NoteError::Unknown));
    // Another key under the same name has another id: a stranger.
    assert_eq!(note.verify(&[signer("log", 9).verifier().clone()]), Err(NoteError::Unknown));
    // The log's name and id over the stranger's signature is an attack.
    let theirs = &note.signatures()[1];
    let mut line = log.verifier().id().to_be_bytes().to_vec();
    line.extend_from_slice(&theirs.bytes);
    let forged = format!("text\n\n\u{2014} log {}\n", STANDARD.encode(line));
    assert_eq!(Note::parse(&forged).unwrap().verify(&known), Err(NoteError::Invalid));
}

#[test]
fn what_is_no_key() {
    for (text, why) in [
        ("", VkeyError::Form),
        ("example.com/foo", VkeyError::Form),
        ("example.com/foo+530d903a", VkeyError::Form),
        ("example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", VkeyError::Id),
        ("example.com/foo+530D903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", VkeyError::Id),
        ("example.com/fop+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", VkeyError::Id),
        ("+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", VkeyError::Name),
        ("a b+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", VkeyError::Name),
        // A witness's key under a log's id; a type that is none of both.
        ("example.com/foo+530d903a+BOkyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", VkeyError::Id),
        ("example.com/foo+530d903a+BukyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", VkeyError::Key),
        ("example.com/foo+530d903a+Aeky", VkeyError::Key),
        ("example.com/foo+530d903a+?", VkeyError::Form),
    ] {
        assert_eq!(NoteVerifier::parse(text), Err(why), "{text}");
    }
    assert!(NoteSigner::new("", SigningKey::from_bytes(&[1; 32])).is_err());
    assert!(!format!("{:?}", signer("log", 1)).contains("AQEB"), "no private key in debug text");
}

/// The example of C2SP `tlog-checkpoint`: form only, its key is not published.
#[test]
fn the_published_checkpoint() {
    let text = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
    let read = Checkpoint::parse(text).unwrap();
    assert_eq!((read.origin.as_str(), read.size), ("example.com/behind-the-sofa", 20_852_163));
    assert_eq!(read.to_string(), text);
}

#[test]
fn what_is_no_checkpoint() {
    let root = EMPTY_ROOT.to_string();
    for junk in [
        String::new(),
        format!("log\n0\n{root}"),
        format!("\n0\n{root}\n"),
        format!("log\n00\n{root}\n"),
        format!("log\n01\n{root}\n"),
        format!("log\n-1\n{root}\n"),
        format!("log\n+1\n{root}\n"),
        format!("log\n\n{root}\n"),
        format!("log\n18446744073709551616\n{root}\n"),
        format!("log\n0\n{}\n", root.replace('=', "")),
        format!("log\n0\n{root}\nextension\n"),
        "log\n0\n".to_owned(),
    ] {
        assert_eq!(Checkpoint::parse(&junk), Err(CheckpointError::Form), "{junk:?}");
    }
    let bad = Checkpoint { origin: "two\nlines".into(), size: 0, root: EMPTY_ROOT };
    assert_eq!(bad.sign(&signer("log", 1)).map(|_| ()), Err(CheckpointError::Form));
}

#[test]
fn only_the_logs_own_checkpoint_opens() {
    let log = signer("node/log", 1);
    let known = [log.verifier().clone()];
    let checkpoint = Checkpoint { origin: "node/log".into(), size: 0, root: EMPTY_ROOT };
    let note = checkpoint.sign(&log).unwrap().to_string();
    assert_eq!(Checkpoint::open(&note, "node/log", &known), Ok(checkpoint.clone()));
    assert_eq!(Checkpoint::open(&note, "other/log", &known), Err(CheckpointError::Origin));
    assert_eq!(Checkpoint::open(&note, "node/log", &[]), Err(CheckpointError::Note(NoteError::Unknown)));
    let grown = note.replacen("\n0\n", "\n1\n", 1);
    assert_eq!(Checkpoint::open(&grown, "node/log", &known), Err(CheckpointError::Note(NoteError::Invalid)));
    let resigned = checkpoint.sign(&signer("node/log", 2)).unwrap().to_string();
    assert_eq!(
        Checkpoint::open(&resigned, "node/log", &known),
        Err(CheckpointError::Note(NoteError::Unknown))
    );
    let poem = Note::sign("not a checkpoint\n", &log).unwrap().to_string();
    assert_eq!(Checkpoint::open(&poem, "node/log", &known), Err(CheckpointError::Form));
}

proptest! {
    #[test]
    fn junk_never_panics(junk in "[ \n\u{2014}a-c0-9+=]{0,80}") {
        let _ = Note::parse(&junk);
        let _ = Checkpoint::parse(&junk);
        let _ = NoteVerifier::parse(&junk);
    }
    #[test]
    fn checkpoints_survive(origin in "[a-z/.]{1,30}", size: u64, root: [u8; 32]) {
        let log = signer("log", 1);
        let checkpoint = Checkpoint { origin: origin.clone(), size, root: Hash::new(root) };
        let note = checkpoint.sign(&log).unwrap().to_string();
        prop_assert_eq!(Checkpoint::open(&note, &origin, &[log.verifier().clone()]), Ok(checkpoint));
    }
}

#[test]
fn a_point_in_its_second_writing_is_no_key() {
    // y = p + 3, the same point as y = 3.
    let mut twice = [0xff; 32];
    (twice[0], twice[31]) = (0xf0, 0x7f);
    let mut once = [0; 32];
    once[0] = 3;
    let key = |bytes: &[u8; 32]| ed25519_dalek::VerifyingKey::from_bytes(bytes).unwrap();
    assert!(ledger::NoteVerifier::new("a.example/log", key(&once)).is_ok());
    let refused = ledger::NoteVerifier::new("a.example/log", key(&twice));
    assert_eq!(refused.unwrap_err(), ledger::VkeyError::Key);
}
