//! LZW as GIF and TIFF have it, as far as the data goes.

use weezl::{BitOrder, LzwStatus, decode::Configuration};

/// Fills `out` from `input` and tells how many bytes of it are known: fewer when the data ends early or breaks.
pub(super) fn unpack(configuration: Configuration, mut input: &[u8], out: &mut [u8]) -> usize {
    let mut decoder = configuration.with_yield_on_full_buffer(true).build();
    let mut known = 0;
    while known < out.len() {
        let done = decoder.decode_bytes(input, out.get_mut(known..).unwrap_or_default());
        known += done.consumed_out;
        input = input.get(done.consumed_in..).unwrap_or_default();
        let stuck = done.consumed_in == 0 && done.consumed_out == 0;
        if stuck || !matches!(done.status, Ok(LzwStatus::Ok)) {
            break;
        }
    }
    known
}

/// GIF: the lowest bit first, any size of the first codes.
pub(super) fn gif(code_size: u8) -> Configuration {
    Configuration::new(BitOrder::Lsb, code_size)
}
