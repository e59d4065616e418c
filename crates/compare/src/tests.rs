//! What holds for any landmarks, and the vectors shared with the browser.

mod properties;
mod vectors;
