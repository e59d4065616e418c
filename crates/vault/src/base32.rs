//! Crockford's base 32: digits and letters without I, L, O and U, read in either case, with the
//! usual misreadings (O for 0, I and L for 1) understood.

const ALPHABET: [char; 32] = [
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'J', 'K', 'M',
    'N', 'P', 'Q', 'R', 'S', 'T', 'V', 'W', 'X', 'Y', 'Z',
];

/// The low `5 × digits` bits of a value, most significant digit first.
pub(crate) fn push(out: &mut String, value: u128, digits: u32) {
    for place in (0..digits).rev() {
        let index = usize::try_from((value >> (5 * place)) & 31).unwrap_or(0);
        out.extend(ALPHABET.get(index));
    }
}

/// One digit's value.
pub(crate) fn digit(letter: char) -> Option<u128> {
    let letter = match letter.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    (0..)
        .zip(ALPHABET)
        .find_map(|(value, known)| (known == letter).then_some(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_round_trip_and_misreadings_are_understood() {
        for value in 0..32 {
            let mut text = String::new();
            push(&mut text, value, 1);
            let letter = text.chars().next().unwrap();
            assert_eq!(digit(letter), Some(value));
            assert_eq!(digit(letter.to_ascii_lowercase()), Some(value));
        }
        assert_eq!([digit('o'), digit('I'), digit('l')], [Some(0), Some(1), Some(1)]);
        assert_eq!([digit('U'), digit('-'), digit('é')], [None, None, None]);
    }
}
