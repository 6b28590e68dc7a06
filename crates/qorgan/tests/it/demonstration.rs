//! The simulated country in every profile that is built in.

use crate::nodes::{block_on, nodes};

/// The country is the same for all; what a profile does not have, its institutions do not keep.
#[test]
fn the_simulated_country_fits_every_profile() {
    for (profile, registers) in [("kz", 1), ("direct", 0)] {
        for node in nodes() {
            let folder = node.data.join("country");
            let made = sandbox::Init {
                seed: 7,
                node: "http://127.0.0.1:8080".to_owned(),
                listen: "127.0.0.1:8090".to_owned(),
                admin: "127.0.0.1:8091".to_owned(),
            };
            let country = sandbox::init(&folder, &made).unwrap();
            let file = folder.join("country.json").display().to_string();
            node.run(&["demo-init", "--profile", profile, "--country", &file]).unwrap();
            let app =
                qorgan::node::open(&qorgan::node::NodeArgs { profile: profile.to_owned(), ..node.args() })
                    .unwrap();
            let all = block_on(partner::service::all(&app)).unwrap();
            assert_eq!(all.len(), country.institutions.len(), "{profile}");
            let kept: usize = all.iter().map(|p| p.keeps.registers.len()).sum();
            assert_eq!(kept, registers, "{profile}");
        }
    }
}
