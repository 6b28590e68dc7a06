//! The institution's side: blinding, and taking the blinding out again.

use rand_chacha_03::ChaCha20Rng;
use rand_chacha_03::rand_core::SeedableRng as _;
use voprf::{EvaluationElement, Group as _, Proof, VoprfClient};

use crate::{Answered, Fault, Mark, POINT, Suite};

/// A thing that is being asked about: what its blinding was. It is good for one answer.
pub struct Blind {
    thing: Vec<u8>,
    state: VoprfClient<Suite>,
    /// What is sent.
    pub point: [u8; POINT],
}

impl std::fmt::Debug for Blind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Blind")
    }
}

impl Blind {
    /// Blinds a thing. `chance` is drawn anew for each and kept from everybody: whoever has it can tell the thing.
    ///
    /// # Errors
    /// [`Fault::Point`]: a thing that leads to no point, which none is known to do.
    pub fn of(thing: &[u8], chance: [u8; 32]) -> Result<Self, Fault> {
        let blinded =
            VoprfClient::blind(thing, &mut ChaCha20Rng::from_seed(chance)).map_err(|_| Fault::Point)?;
        let point = blinded.message.serialize().into();
        Ok(Self { thing: thing.to_vec(), state: blinded.state, point })
    }

    /// The marks of things, if the answer was given with the office's public key.
    ///
    /// # Errors
    /// [`Fault::Proof`]; [`Fault::Count`]: not as many answers as questions.
    pub fn finish(all: &[Self], answered: &Answered, public_key: &[u8; POINT]) -> Result<Vec<Mark>, Fault> {
        if all.len() != answered.points.len() {
            return Err(Fault::Count);
        }
        let key = <voprf::Ristretto255 as voprf::CipherSuite>::Group::deserialize_elem(public_key)
            .map_err(|_| Fault::Point)?;
        let points: Vec<EvaluationElement<Suite>> = answered
            .points
            .iter()
            .map(|point| EvaluationElement::deserialize(point).map_err(|_| Fault::Point))
            .collect::<Result<_, _>>()?;
        let proof = Proof::deserialize(&answered.proof).map_err(|_| Fault::Proof)?;
        let states: Vec<VoprfClient<Suite>> = all.iter().map(|blind| blind.state.clone()).collect();
        let things: Vec<&[u8]> = all.iter().map(|blind| blind.thing.as_slice()).collect();
        let outputs =
            VoprfClient::batch_finalize(&things, &states, &points, &proof, key).map_err(|_| Fault::Proof)?;
        outputs.map(|output| output.map(|o| Mark::of(&o)).map_err(|_| Fault::Proof)).collect()
    }
}
