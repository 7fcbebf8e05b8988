//! Lines of a text.
