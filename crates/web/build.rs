//! The bundled scripts may be there or not; when they come, the crate is built anew. The folder is made so that
//! there is something to watch: a missing one would make every build a full one.

fn main() {
    let dist = concat!(env!("CARGO_MANIFEST_DIR"), "/../../web/dist");
    // A source tree that cannot be written to is built without scripts.
    let _ = std::fs::create_dir_all(dist);
    println!("cargo::rerun-if-changed=../../web/dist");
}
