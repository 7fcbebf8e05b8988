//! Where and when: the processor, the date, the commit.

use std::fs;
use std::process::Command;

/// Such as `Intel(R) Xeon(R) Processor (family 6, model 167)`.
pub(crate) fn processor() -> String {
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let field = |name: &str| {
        let mut pairs = info.lines().filter_map(|line| line.split_once(':'));
        pairs.find(|(key, _)| key.trim() == name).map(|(_, value)| value.trim().to_owned())
    };
    match (field("model name"), field("cpu family"), field("model")) {
        (Some(name), Some(family), Some(model)) => {
            format!("{name} (family {family}, model {model})")
        }
        (Some(name), ..) => name,
        _ => std::env::consts::ARCH.to_owned(),
    }
}

/// The processor as part of a file's name.
pub(crate) fn slug() -> String {
    let name = processor().to_lowercase();
    let words = name.split(|c: char| !c.is_ascii_alphanumeric());
    let words: Vec<&str> = words
        .filter(|word| !word.is_empty() && !["r", "tm", "processor", "cpu"].contains(word))
        .collect();
    words.join("-")
}

/// Today in UTC, `YYYY-MM-DD`.
pub(crate) fn date() -> String {
    said_by("date", &["-u", "+%Y-%m-%d"])
}

/// The commit, and whether something has been changed since.
pub(crate) fn commit() -> String {
    said_by("git", &["describe", "--always", "--dirty"])
}

/// The first line that a program prints.
pub(crate) fn said_by(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
    text.unwrap_or_default().lines().next().unwrap_or("unknown").to_owned()
}
