//! Rebuild and restart at every save, with the country going on beside.

use std::time::{Duration, SystemTime};

use crate::demo::{Demo, DemoArgs};
use crate::run;

/// Runs until it is interrupted.
pub fn run(args: &DemoArgs) -> anyhow::Result<()> {
    let mut demo = Demo::prepare(args)?;
    demo.start_node()?;
    let _country = demo.start_country(None)?;
    demo.print_addresses();
    let mut built = SystemTime::now();
    loop {
        std::thread::sleep(Duration::from_millis(500));
        let changed = newest()?;
        if changed <= built {
            continue;
        }
        built = SystemTime::now();
        println!("changed: building");
        if run::cargo(&["build", "--quiet", "--package", "qorgan"]).is_ok() {
            demo.restart_node()?;
            println!("restarted");
        }
    }
}

/// When a source, template, text, style or profile was last saved.
fn newest() -> anyhow::Result<SystemTime> {
    let files = run::output(
        "git",
        &[
            "ls-files",
            "--cached",
            "--others",
            "--exclude-standard",
            "crates",
            "profiles",
            "policies",
            "web/src",
        ],
    )?;
    let times = files.lines().filter_map(|f| std::fs::metadata(f).ok()?.modified().ok());
    Ok(times.max().unwrap_or(SystemTime::UNIX_EPOCH))
}
