//! What is left to do when the process is told to stop: remove the output that is not complete.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, Once, PoisonError};
use std::{fs, thread};

/// The unfinished output; once it has taken its own name, there is no file of this name.
static UNFINISHED: Mutex<Option<PathBuf>> = Mutex::new(None);

/// From now on, removes `path`, and only this one, when interrupted or terminated.
pub(crate) fn will_remove(path: &Path) {
    static WATCH: Once = Once::new();
    *UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner) = Some(path.to_owned());
    WATCH.call_once(watch);
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
