//! What the README shows of the command line is what comes out.

use std::path::Path;
use std::process::{Command, Stdio};

#[test]
#[cfg(unix)]
fn the_console_blocks_of_the_readme() {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    let binary = Path::new(env!("CARGO_BIN_EXE_unfurnish"));
    let mut path = binary.parent().unwrap().as_os_str().to_owned();
    path.push(":");
    path.push(std::env::var_os("PATH").unwrap());
    let readme = std::fs::read_to_string(root.join("README.md")).unwrap();
    let blocks = readme.split("```console\n").skip(1);
    let blocks = blocks.map(|block| block.split("```").next().unwrap());
    let mut ran = 0;
    for example in blocks.flat_map(|block| block.split("$ ").skip(1)) {
        let (command, expected) = example.split_once('\n').unwrap();
        // The shell's echo may or may not take `\n` for a line feed; printf's %s never does.
        let command = command.replacen("echo", "printf '%s\\n'", 1);
        let output = Command::new("sh")
            .args(["-c", &command])
            .current_dir(root)
            .env("PATH", &path)
            .stdin(Stdio::null())
            .output()
            .unwrap();
        assert_eq!(String::from_utf8(output.stdout).unwrap(), expected, "{command}");
        assert!(output.status.success(), "{command}");
        ran += 1;
    }
    assert_eq!(ran, 4);
}
