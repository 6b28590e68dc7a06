//! Files aim at 400 lines and stay under 800; functions are clippy's business.

use crate::run;

const MOST: usize = 800;
const AIM: usize = 400;

/// Counts the lines of every tracked or new source file.
pub fn check() -> anyhow::Result<()> {
    let files = run::output(
        "git",
        &[
            "ls-files",
            "--cached",
            "--others",
            "--exclude-standard",
            "*.rs",
            "*.mjs",
            "*.js",
            "*.css",
            "*.html",
        ],
    )?;
    let (mut large, mut over) = (Vec::new(), Vec::new());
    for file in files.lines() {
        let Ok(text) = std::fs::read_to_string(file) else { continue };
        let lines = text.lines().count();
        if lines > MOST {
            over.push(format!("{lines} {file}"));
        } else if lines > AIM {
            large.push(format!("{lines} {file}"));
        }
    }
    large.sort();
    for line in large.iter().rev() {
        println!("over the aim of {AIM} lines: {line}");
    }
    anyhow::ensure!(over.is_empty(), "files over {MOST} lines:\n{}", over.join("\n"));
    println!("sizes: no file over {MOST} lines, {} over {AIM}", large.len());
    Ok(())
}
