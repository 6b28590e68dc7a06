//! The office's side: a key, and the proof that it is everybody's.

use rand_chacha_03::ChaCha20Rng;
use rand_chacha_03::rand_core::SeedableRng as _;
use voprf::{BlindedElement, Group as _, VoprfServer};

use crate::{Fault, MOST, Mark, POINT, PROOF, Suite};

/// Whoever holds the key.
pub struct Office(VoprfServer<Suite>);

impl std::fmt::Debug for Office {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Office")
    }
}

/// What is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// The points with the key in them, in the order of the question.
    pub points: Vec<[u8; POINT]>,
    /// That one key is in all of them, the public one.
    pub proof: [u8; PROOF],
}

impl Office {
    /// The key that belongs to a secret (RFC 9497, 3.2.1).
    ///
    /// # Errors
    /// [`Fault::Point`]: the secret leads to no key, which no secret in the world is known to do.
    pub fn new(secret: &[u8; 32]) -> Result<Self, Fault> {
        VoprfServer::new_from_seed(secret, b"qorgan.mark.v1").map(Self).map_err(|_| Fault::Point)
    }

    /// The public key, by which an institution sees that everybody is answered with one.
    #[must_use]
    pub fn public_key(&self) -> [u8; POINT] {
        <voprf::Ristretto255 as voprf::CipherSuite>::Group::serialize_elem(self.0.get_public_key()).into()
    }

    /// The mark of a thing that the office knows itself.
    ///
    /// # Errors
    /// [`Fault::Point`]: a thing of more than 65,535 bytes.
    pub fn mark(&self, thing: &[u8]) -> Result<Mark, Fault> {
        self.0.evaluate(thing).map(|output| Mark::of(&output)).map_err(|_| Fault::Point)
    }

    /// Works the key into blinded points. `chance` is drawn anew for each answer.
    ///
    /// # Errors
    /// [`Fault::Count`], [`Fault::Point`].
    pub fn evaluate(&self, blinded: &[[u8; POINT]], chance: [u8; 32]) -> Result<Answered, Fault> {
        if blinded.is_empty() || blinded.len() > MOST {
            return Err(Fault::Count);
        }
        let points: Vec<BlindedElement<Suite>> = blinded
            .iter()
            .map(|point| BlindedElement::deserialize(point).map_err(|_| Fault::Point))
            .collect::<Result<_, _>>()?;
        let answered = self
            .0
            .batch_blind_evaluate(&mut ChaCha20Rng::from_seed(chance), &points)
            .map_err(|_| Fault::Count)?;
        Ok(Answered {
            points: answered.messages.iter().map(|point| point.serialize().into()).collect(),
            proof: answered.proof.serialize().into(),
        })
    }
}
