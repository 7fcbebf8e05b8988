//! A text that is clean already comes back borrowed; the normalizer allocates nothing to find that
//! out.

#[path = "../benches/rivals/src/heap.rs"]
mod heap;
#[path = "../benches/speed/texts.rs"]
#[allow(dead_code)] // those with furniture
mod texts;

use std::borrow::Cow;

use unfurnish::{Cleaner, Profile};

#[global_allocator]
static ALLOCATOR: heap::Counting = heap::Counting;

#[test]
fn clean_text_is_borrowed() {
    for profile in [Profile::Normalize, Profile::Article] {
        let cleaner = Cleaner::builder().profile(profile).build().unwrap();
        for language in &texts::LANGUAGES {
            for bytes in [200, 3 << 10, 100 << 10] {
                let text = texts::article(language, bytes);
                let (borrowed, usage) =
                    heap::used(|| matches!(cleaner.clean(&text).into_text(), Cow::Borrowed(_)));
                let case = format!("{}, {bytes} bytes, {profile:?}", language.name);
                assert!(borrowed, "{case}");
                // A nukta could belong to the letter before it. Only composing the two tells, in
                // buffers that serve the whole text.
                let most = if language.name == "hindi" { 4 } else { 0 };
                if profile == Profile::Normalize {
                    assert!(usage.allocations <= most, "{case}: {}", usage.allocations);
                }
            }
        }
    }
}
