//! Junk never panics and never passes.

use http::{HeaderName, HeaderValue};
use proptest::prelude::*;

use crate::{NOW, Post};

const FIELDS: [&str; 4] = ["signature-input", "signature", "content-digest", "content-type"];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn a_junk_field_is_refused(which in 0..4_usize, junk in prop::collection::vec(any::<u8>(), 0..200)) {
        let mut post = Post::signed();
        let honest = post.headers.get(FIELDS[which]).unwrap().as_bytes().to_vec();
        prop_assume!(junk != honest);
        if let Ok(value) = HeaderValue::from_bytes(&junk) {
            post.headers.insert(HeaderName::from_static(FIELDS[which]), value);
            prop_assert!(post.verify(NOW).is_err());
        }
    }

    /// One byte of one signed field changed: refused, unless the change is white space that the format allows.
    #[test]
    fn a_mutated_field_is_refused(which in 0..4_usize, at: prop::sample::Index, byte in 0x21_u8..0x7f) {
        let mut post = Post::signed();
        let mut value = post.headers.get(FIELDS[which]).unwrap().as_bytes().to_vec();
        let at = at.index(value.len());
        prop_assume!(value[at] != byte);
        value[at] = byte;
        post.headers.insert(HeaderName::from_static(FIELDS[which]), HeaderValue::from_bytes(&value).unwrap());
        prop_assert!(post.verify(NOW).is_err());
    }

    #[test]
    fn a_mutated_body_is_refused(at: prop::sample::Index, flip in 1_u8..) {
        let mut post = Post::signed();
        let at = at.index(post.body.len());
        post.body[at] ^= flip;
        prop_assert!(post.verify(NOW).is_err());
    }

    #[test]
    fn a_junk_target_is_refused(uri in ".{0,80}") {
        let post = Post { uri, ..Post::signed() };
        prop_assert!(post.verify(NOW).is_err());
    }

    #[test]
    fn whatever_is_signed_verifies(body in prop::collection::vec(any::<u8>(), 0..300), nonce in "[ -~]{1,128}",
        keyid in "[ -~]{1,128}", path in "/[a-z0-9/._~%-]{0,60}", life in 1_i64..=300) {
        let mut post = Post::unsigned();
        post.body = body;
        post.uri = format!("https://node.example{path}");
        let params = httpsig::Params { keyid: &keyid, nonce: &nonce, created: NOW, expires: NOW + life };
        let post = post.sign(&params);
        let verified = httpsig::verify_request(&post.view(), |_| Some(crate::key(1).verifying_key()), NOW).unwrap();
        prop_assert_eq!((verified.keyid, verified.nonce), (keyid, nonce));
    }
}
