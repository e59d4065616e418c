//! The installation key as a file: three lines of text, so that a person who finds it knows what it
//! is, with a checksum, so that a worn copy is not taken for a key.

use data_encoding::HEXLOWER;
use zeroize::Zeroizing;

use crate::cipher::{KEY_LEN, KeyBytes, checksum};

const TITLE: &[u8] = b"cutis installation key 1\n";
const CHECKED: usize = 8;
/// Bytes of a whole file: title, key and checksum in hexadecimal, each with its line end.
pub(crate) const LENGTH: usize = TITLE.len() + 2 * KEY_LEN + 1 + 2 * CHECKED + 1;

/// The file's content.
pub(crate) fn write(key: &[u8; KEY_LEN]) -> Zeroizing<String> {
    // Room for all of it from the start: a string that grows leaves its old copy in memory.
    let mut text = Zeroizing::new(String::with_capacity(LENGTH));
    text.extend(TITLE.iter().map(|byte| char::from(*byte)));
    HEXLOWER.encode_append(key, &mut text);
    text.push('\n');
    HEXLOWER.encode_append(
        checksum(&[TITLE, key])
            .as_ref()
            .get(..CHECKED)
            .unwrap_or_default(),
        &mut text,
    );
    text.push('\n');
    text
}

/// The key in a file's content, or what is wrong with it.
pub(crate) fn read(text: &[u8]) -> Result<KeyBytes, &'static str> {
    let body = text
        .strip_prefix(TITLE)
        .ok_or("it does not begin like an installation key")?;
    if text.len() != LENGTH {
        return Err("its length is wrong");
    }
    let (digits, rest) = body.split_at_checked(2 * KEY_LEN).ok_or("its length is wrong")?;
    let mut key = Zeroizing::new([0; KEY_LEN]);
    HEXLOWER
        .decode_mut(digits, key.as_mut_slice())
        .map_err(|_| "it holds something other than hexadecimal digits")?;
    // Comparing with what would be written also refuses any other spelling of the same key.
    if write(&key).as_bytes().ends_with(rest) {
        Ok(key)
    } else {
        Err("its checksum does not match")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_flipped_bit_and_every_cut_is_found() {
        let key = std::array::from_fn(|i| u8::try_from(i * 8).unwrap());
        let text = write(&key);
        let sound = text.as_bytes();
        assert_eq!(sound.len(), LENGTH);
        assert_eq!(*read(sound).unwrap(), key);
        for at in 0..sound.len() {
            for bit in 0..8 {
                let mut bytes = sound.to_vec();
                bytes[at] ^= 1 << bit;
                assert!(read(&bytes).is_err(), "bit {bit} of byte {at}");
            }
            assert!(read(&sound[..at]).is_err());
        }
    }

    /// A key's file must be readable forever.
    #[test]
    fn the_file_is_what_it_always_was() {
        let expected = concat!(
            "cutis installation key 1\n",
            "0707070707070707070707070707070707070707070707070707070707070707\n",
            "7d2801812a2872f0\n"
        );
        assert_eq!(write(&[7; KEY_LEN]).as_str(), expected);
    }
}
