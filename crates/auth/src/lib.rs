//! Establishes who is calling: links, password, second factor, session, token.

#![forbid(unsafe_code)]
