//! What is left to do when the process is told to stop: remove the output that is not complete.

use std::path::PathBuf;
use std::sync::{Mutex, Once, PoisonError};
use std::{fs, io, thread};

use tempfile::NamedTempFile;

/// The unfinished output; once it has taken its own name, there is no file of this name.
static UNFINISHED: Mutex<Option<PathBuf>> = Mutex::new(None);

/// Creates an output that is not complete. From now on it, and only it, is removed when the
/// process is interrupted or terminated; no signal comes between its creation and that.
pub(crate) fn create_unfinished(
    create: impl FnOnce() -> io::Result<NamedTempFile>,
) -> io::Result<NamedTempFile> {
    static WATCH: Once = Once::new();
    WATCH.call_once(watch);
    let mut unfinished = UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner);
    let file = create()?;
    *unfinished = Some(file.path().to_owned());
    Ok(file)
}

#[cfg(unix)]
fn watch() {
    use signal_hook::consts::{SIGINT, SIGTERM};
    use signal_hook::iterator::Signals;
    use signal_hook::low_level::emulate_default_handler;

    // Without it an interrupted run leaves a file behind, which is no reason not to run.
    let Ok(mut signals) = Signals::new([SIGINT, SIGTERM]) else { return };
    thread::spawn(move || {
        for signal in signals.forever() {
            let unfinished = UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(path) = unfinished.as_deref() {
                let _ = fs::remove_file(path);
            }
            let _ = emulate_default_handler(signal);
        }
    });
}

#[cfg(not(unix))]
fn watch() {}
