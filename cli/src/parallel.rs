//! Many threads, results in order, a bounded number of items in flight.

use std::sync::Arc;
use std::thread;

use crossbeam_channel::{Receiver, Sender, bounded};

use crate::failure::Failure;

/// Items waiting or being worked on, per thread: enough that no thread waits for the reader, few
/// enough that memory stays flat.
const IN_FLIGHT: usize = 4;

/// What `work` makes of each of the `items`, in their order.
///
/// With one thread all of it happens here. With more, `items` is read in a thread of its own, and
/// `work` is done in up to `threads` others, started as they are needed. Who drops the results
/// early leaves the threads behind: one of them may be waiting for input that never comes, and the
/// process is about to end.
pub(crate) fn ordered<T, U>(
    threads: usize,
    items: impl Iterator<Item = T> + Send + 'static,
    work: impl Fn(T) -> U + Send + Sync + 'static,
) -> Box<dyn Iterator<Item = Result<U, Failure>>>
where
    T: Send + 'static,
    U: Send + 'static,
{
    if threads <= 1 {
        return Box::new(items.map(move |item| Ok(work(item))));
    }

    // Every item brings its own little channel for its result. The receiving ends stand in a
    // queue in the order of the items; its length is what bounds the items in flight.
    let (order, results) = bounded::<Receiver<U>>(threads * IN_FLIGHT);
    let (jobs, waiting) = bounded::<(T, Sender<U>)>(threads * IN_FLIGHT);
    let work = Arc::new(work);
    thread::spawn(move || {
        for (index, item) in items.enumerate() {
            if index < threads {
                let (waiting, work) = (waiting.clone(), Arc::clone(&work));
                thread::spawn(move || {
                    for (item, result) in waiting {
                        // It fails when nobody wants results any more: the process is about to end.
                        let _ = result.send(work(item));
                    }
                });
            }
            let (sender, receiver) = bounded(1);
            if order.send(receiver).is_err() || jobs.send((item, sender)).is_err() {
                return;
            }
        }
    });
    // An error: the sender is gone without a result.
    let unexpected = |_| Failure::new("a thread came to an unexpected end");
    Box::new(results.into_iter().map(move |result| result.recv().map_err(unexpected)))
}

/// Gives what `work` makes of each of the `items` to `sink`, in their order, until it fails.
pub(crate) fn in_order<T, U>(
    threads: usize,
    items: impl Iterator<Item = T> + Send + 'static,
    work: impl Fn(T) -> U + Send + Sync + 'static,
    mut sink: impl FnMut(U) -> Result<(), Failure>,
) -> Result<(), Failure>
where
    T: Send + 'static,
    U: Send + 'static,
{
    ordered(threads, items, work).try_for_each(|result| sink(result?))
}
