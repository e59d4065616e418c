//! Which characters belong in text of one line: everything that is seen, and what is not seen where a script needs it.

use unicode_normalization::char::is_combining_mark;

/// The characters of a text that belong in one line.
pub(crate) fn seen(text: &str) -> impl Iterator<Item = char> {
    let mut before = None;
    text.chars().filter(move |c| {
        let is_seen = belongs(before, *c);
        before = Some(*c);
        is_seen
    })
}

/// Whether a text is one line in which everything is seen.
pub(crate) fn is_line(text: &str) -> bool {
    seen(text).count() == text.chars().count()
}

fn belongs(before: Option<char>, c: char) -> bool {
    match c {
        '\u{200C}' | '\u{200D}' => before.is_some_and(|before| is_joined(before) || is_sign(before)),
        '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}' => {
            before.is_some_and(|before| is_ideograph(before) || is_sign(before))
        }
        '\u{180B}'..='\u{180D}' | '\u{180F}' => {
            before.is_some_and(|before| matches!(before, '\u{1820}'..='\u{18AA}'))
        }
        _ => !is_hidden(c),
    }
}

/// Control characters, line breaks, and characters without a form of their own: Unicode's default ignorable ones, its
/// non-characters at the end of the first plane, and the Braille pattern that is a blank.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
            | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
            | '\u{2800}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}'
            | '\u{FFFE}' | '\u{FFFF}' | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}'
            | '\u{E0000}'..='\u{E0FFF}')
}

/// A letter or mark of a script whose letters join, from Arabic on, behind which a joiner changes what is seen: inside
/// a Persian name, and at the end of a Malayalam or Kurdish one too. Behind a Latin letter it changes nothing.
fn is_joined(c: char) -> bool {
    (c.is_alphabetic() || is_combining_mark(c))
        && matches!(c,
            '\u{600}'..='\u{10FF}' | '\u{1700}'..='\u{1CFF}' | '\u{A800}'..='\u{ABFF}' | '\u{FB50}'..='\u{FDFF}'
            | '\u{FE70}'..='\u{FEFE}' | '\u{10A00}'..='\u{11FFF}' | '\u{1E900}'..='\u{1E95F}')
}

/// A Chinese character, of which a variation selector chooses a form.
const fn is_ideograph(c: char) -> bool {
    matches!(c, '々' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{323AF}')
}

/// A sign such as a pictogram, which a selector gives its colours and a joiner joins to the next; the selector itself,
/// because a joiner stands behind it.
fn is_sign(c: char) -> bool {
    c == '\u{FE0F}'
        || matches!(c, '\u{2190}'..='\u{27FF}' | '\u{2900}'..='\u{2BFF}' | '\u{1F000}'..='\u{1FAFF}')
            && c != '\u{2800}'
}

#[cfg(test)]
mod tests {
    use super::is_line;

    /// P2: names and titles as people write them.
    #[test]
    fn what_is_seen_belongs_in_a_line() {
        for text in [
            "",
            "Zoë Müller-Weiß",
            "O’Neill, Jr.",
            "山田　太郎",
            "a\u{A0}b",
            "נִיקוּד",
            "علی\u{200C}رضا",
            "می‌خواهم",
            "ශ්\u{200D}රී",
            "क्\u{200D}ष",
            "കൃഷ്ണന്\u{200D}",
            "葛\u{E0100}城",
            "辻\u{E0101}",
            "᠊ᠠ\u{180B}",
            "❤\u{FE0F}",
            "👩\u{200D}⚕\u{FE0F}",
            "👩🏽\u{200D}🔬",
        ] {
            assert!(is_line(text), "{text:?}");
        }
    }

    /// P2: what breaks the line, or lets one name look like another.
    #[test]
    fn what_is_not_seen_does_not() {
        for c in [
            '\0',
            '\t',
            '\n',
            '\r',
            '\u{B}',
            '\u{C}',
            '\u{1B}',
            '\u{7F}',
            '\u{85}',
            '\u{AD}',
            '\u{34F}',
            '\u{61C}',
            '\u{115F}',
            '\u{1160}',
            '\u{17B4}',
            '\u{180E}',
            '\u{200B}',
            '\u{200C}',
            '\u{200D}',
            '\u{200E}',
            '\u{200F}',
            '\u{2028}',
            '\u{2029}',
            '\u{202A}',
            '\u{202E}',
            '\u{2060}',
            '\u{2063}',
            '\u{2066}',
            '\u{2069}',
            '\u{206F}',
            '\u{2800}',
            '\u{3164}',
            '\u{FE0F}',
            '\u{FEFF}',
            '\u{FFA0}',
            '\u{FFF9}',
            '\u{FFFE}',
            '\u{E0001}',
            '\u{E0041}',
            '\u{E0100}',
        ] {
            for text in [format!("An{c}na"), format!("{c}Anna"), format!("Anna{c}")] {
                assert!(!is_line(&text), "{text:?}");
            }
        }
        // Nothing to join, or to choose a form of; one after the other.
        for text in [
            "علی \u{200C}رضا",
            "علی\u{200C}\u{200C}رضا",
            "\u{200D}क",
            "1\u{200D}2",
            "葛\u{E0100}\u{E0101}",
            "かな\u{E0100}",
            "한\u{3164}글",
            "a\u{180B}",
        ] {
            assert!(!is_line(text), "{text:?}");
        }
    }
}
