use proptest::prelude::*;

use super::*;

fn office() -> Office {
    Office::new(&[5; 32]).unwrap()
}

fn blinds(things: &[&[u8]]) -> Vec<Blind> {
    let chance = |no: usize| [u8::try_from(no).unwrap(); 32];
    things.iter().enumerate().map(|(no, thing)| Blind::of(thing, chance(no)).unwrap()).collect()
}

fn asked(office: &Office, all: &[Blind]) -> Answered {
    let points: Vec<_> = all.iter().map(|blind| blind.point).collect();
    office.evaluate(&points, [8; 32]).unwrap()
}

#[test]
fn both_sides_come_to_the_same_mark() {
    let (office, things) = (office(), [b"one".as_slice(), b"two", b"three"]);
    let all = blinds(&things);
    let marks = Blind::finish(&all, &asked(&office, &all), &office.public_key()).unwrap();
    for (thing, mark) in things.iter().zip(&marks) {
        assert_eq!(office.mark(thing).unwrap(), *mark);
    }
    assert_ne!(marks[0], marks[1]);
    assert_ne!(Office::new(&[6; 32]).unwrap().mark(b"one").unwrap(), marks[0], "another key, another mark");
}

#[test]
fn what_is_sent_tells_nothing_of_the_thing() {
    let once = Blind::of(b"one", [1; 32]).unwrap().point;
    let again = Blind::of(b"one", [2; 32]).unwrap().point;
    assert_ne!(once, again, "the same thing twice looks like two things");
}

#[test]
fn a_key_made_for_one_institution_is_found_out() {
    let (mine, everybodys) = (Office::new(&[6; 32]).unwrap(), office());
    let all = blinds(&[b"one"]);
    let answered = asked(&mine, &all);
    assert_eq!(Blind::finish(&all, &answered, &everybodys.public_key()), Err(Fault::Proof));
    let mut answered = asked(&everybodys, &all);
    assert!(Blind::finish(&all, &answered, &everybodys.public_key()).is_ok());
    answered.proof[3] ^= 1;
    assert_eq!(Blind::finish(&all, &answered, &everybodys.public_key()), Err(Fault::Proof));
    answered.points.clear();
    assert_eq!(Blind::finish(&all, &answered, &everybodys.public_key()), Err(Fault::Count));
}

#[test]
fn what_is_no_question_is_refused() {
    let office = office();
    let point = Blind::of(b"one", [1; 32]).unwrap().point;
    assert_eq!(office.evaluate(&[], [0; 32]), Err(Fault::Count));
    assert_eq!(office.evaluate(&vec![point; MOST + 1], [0; 32]), Err(Fault::Count));
    // The neutral point gives the key's owner nothing and the asker nothing; RFC 9497 refuses it.
    for wrong in [[0; 32], [0xff; 32]] {
        assert_eq!(office.evaluate(&[point, wrong], [0; 32]), Err(Fault::Point));
    }
}

#[test]
fn only_its_own_is_opened() {
    let office = office();
    let (mine, other) = (office.mark(b"mine").unwrap(), office.mark(b"other").unwrap());
    let sealed = mine.seal(b"listed", [7; 12]).unwrap();
    assert_eq!(mine.open(&sealed), Some(b"listed".to_vec()));
    assert_eq!(other.open(&sealed), None);
    for at in 0..sealed.len() {
        let mut changed = sealed.clone();
        changed[at] ^= 1;
        assert_eq!(mine.open(&changed), None);
    }
    assert_eq!(mine.open(&[]), None);
    assert_ne!(mine.tag(), other.tag());
}

fn hex(text: &str) -> Vec<u8> {
    let nibble = |c: u8| u8::try_from(char::from(c).to_digit(16).unwrap()).unwrap();
    text.as_bytes().chunks(2).map(|pair| nibble(pair[0]) << 4 | nibble(pair[1])).collect()
}

/// RFC 9497, A.1.2: the key that belongs to a seed, and the output over an input.
#[test]
fn the_vectors_of_the_standard() {
    let seed = [0xa3; 32];
    let server = voprf::VoprfServer::<Suite>::new_from_seed(&seed, b"test key").unwrap();
    let key: [u8; 32] =
        <<Suite as voprf::CipherSuite>::Group as voprf::Group>::serialize_elem(server.get_public_key())
            .into();
    assert_eq!(key.to_vec(), hex("c803e2cc6b05fc15064549b5920659ca4a77b2cca6f04f6b357009335476ad4e"));
    let output = server.evaluate(&[0x00]).unwrap();
    assert_eq!(
        output.to_vec(),
        hex(
            "b58cfbe118e0cb94d79b5fd6a6dafb98764dff49c14e1770b566e42402da1a7da4d8527693914139caee5bd03903af43a491351d23b430948dd50cde10d32b3c"
        )
    );
}

proptest! {
    /// No bytes that are sent make the office fall.
    #[test]
    fn nobody_makes_it_fall(points in prop::collection::vec(any::<[u8; 32]>(), 0..4), sealed in prop::collection::vec(any::<u8>(), 0..60)) {
        let _answer = office().evaluate(&points, [1; 32]);
        prop_assert_eq!(office().mark(b"x").unwrap().open(&sealed), None);
    }
}
