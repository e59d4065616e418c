//! Single characters: which are dropped, which stand for others.

use unicode_normalization::char::is_combining_mark;

/// Stands after a vowel that is also written with an e behind it: ä, ö, ü, ø.
pub(crate) const WITH_E: char = '\u{1}';

/// Characters that nobody sees or types: soft hyphens, joiners, directions, variation selectors, fillers, tatweel.
pub(crate) const fn is_ignorable(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{640}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fff8}'
        | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// Apostrophes, primes, geresh, and accents that stand alone: people leave them out. They are dropped before anything
/// else, because taking them apart makes a blank and a mark of some.
pub(crate) const fn is_apostrophe(c: char) -> bool {
    matches!(c,
        '\'' | '`' | '\u{a8}' | '\u{af}' | '\u{b4}' | '\u{b8}' | '\u{2b9}'..='\u{2bf}' | '\u{2c8}' | '\u{2ca}'
        | '\u{2cb}' | '\u{2d8}'..='\u{2dd}' | '\u{2ee}' | '\u{374}' | '\u{37a}' | '\u{384}' | '\u{385}' | '\u{55a}'
        | '\u{5f3}' | '\u{5f4}' | '\u{7f4}' | '\u{7f5}' | '\u{1fbd}' | '\u{1fbf}'..='\u{1fc1}'
        | '\u{1fcd}'..='\u{1fcf}' | '\u{1fdd}'..='\u{1fdf}' | '\u{1fed}'..='\u{1fef}' | '\u{1ffd}' | '\u{1ffe}'
        | '\u{2018}'..='\u{201b}' | '\u{2032}' | '\u{2035}' | '\u{203e}' | '\u{a78b}' | '\u{a78c}' | '\u{ff07}'
        | '\u{ff40}' | '\u{ffe3}')
}

/// Marks that people leave out. Vowel signs and tone marks of Indic scripts and Thai, and the voicing of kana, stay:
/// without them it is another name.
pub(crate) const fn is_dropped_mark(c: char) -> bool {
    matches!(c,
        // Latin, Greek, Cyrillic.
        '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}'
        | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}'
        // Hebrew points.
        | '\u{591}'..='\u{5bd}' | '\u{5bf}' | '\u{5c1}' | '\u{5c2}' | '\u{5c4}' | '\u{5c5}' | '\u{5c7}' | '\u{fb1e}'
        // Arabic and Syriac vowels.
        | '\u{610}'..='\u{61a}' | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{6d6}'..='\u{6dc}' | '\u{6df}'..='\u{6e4}'
        | '\u{6e7}' | '\u{6e8}' | '\u{6ea}'..='\u{6ed}' | '\u{711}' | '\u{730}'..='\u{74a}'
        // The dot below of Indic scripts, and tone marks of Chinese.
        | '\u{93c}' | '\u{9bc}' | '\u{a3c}' | '\u{abc}' | '\u{b3c}' | '\u{cbc}' | '\u{302a}'..='\u{302f}')
}

/// Separates words wherever it stands, unlike a dash.
pub(crate) fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, ',' | ';' | '\u{60c}' | '、' | '・' | '·')
}

/// A character that is no part of a word, and is looked for when nothing else was typed: `%` finds `50%`.
pub(crate) fn is_sign(c: char) -> bool {
    !c.is_alphanumeric()
        && !c.is_whitespace()
        && !is_ignorable(c)
        && !is_apostrophe(c)
        && !is_combining_mark(c)
        && c != '-'
}

/// The first digit of each script that has ten of its own.
const ZEROS: [u32; 22] = [
    0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6, 0xe50, 0xed0,
    0xf20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0xa9d0,
];

fn ascii_digit(c: char) -> Option<char> {
    let code = u32::from(c);
    ZEROS.iter().find_map(|zero| {
        code.checked_sub(*zero)
            .and_then(|digit| char::from_digit(digit, 10))
    })
}

/// Hiragana as katakana, which stand 0x60 further on.
fn katakana(c: char) -> char {
    char::from_u32(u32::from(c).saturating_add(0x60)).unwrap_or(c)
}

/// Writes a lower-case letter as it is compared.
pub(crate) fn push_plain(c: char, out: &mut String) {
    match c {
        'ß' => out.push_str("ss"),
        'æ' => out.push_str("ae"),
        'œ' => out.push_str("oe"),
        'ø' => {
            out.push('o');
            out.push(WITH_E);
        }
        'þ' => out.push_str("th"),
        // Not pronounced, and left out as often as not: palochka, hamza.
        'ӏ' | 'ء' => {}
        other => out.push(one_for_one(other)),
    }
}

fn one_for_one(c: char) -> char {
    match c {
        'ł' | 'ƚ' | 'ɫ' | 'ŀ' => 'l',
        'đ' | 'ð' | 'ɖ' | 'ɗ' => 'd',
        'ħ' => 'h',
        'ŧ' => 't',
        'ŋ' => 'n',
        'ɓ' | 'ƀ' => 'b',
        'ƙ' => 'k',
        'ɨ' | 'ı' => 'i',
        'ʉ' => 'u',
        'ȷ' => 'j',
        'ə' | 'ǝ' => 'e',
        'ĸ' => 'q',
        'ς' => 'σ',
        'ґ' => 'г',
        // Arabic and Persian.
        'ٱ' | 'ٲ' | 'ٳ' => 'ا',
        'ى' | 'ی' | 'ې' | 'ے' => 'ي',
        'ک' | 'ڪ' => 'ك',
        'ة' | 'ہ' | 'ھ' | 'ە' | 'ۃ' => 'ه',
        // Hebrew letters at the end of a word.
        'ך' => 'כ',
        'ם' => 'מ',
        'ן' => 'נ',
        'ף' => 'פ',
        'ץ' => 'צ',
        'ぁ'..='ゖ' | 'ゝ' | 'ゞ' => katakana(c),
        other => kanji(other).or_else(|| ascii_digit(other)).unwrap_or(other),
    }
}

/// Characters that names are written with in two ways.
const fn kanji(c: char) -> Option<char> {
    Some(match c {
        '髙' => '高',
        '﨑' | '碕' | '嵜' => '崎',
        '濵' | '濱' => '浜',
        '邊' | '邉' => '辺',
        '齋' | '齊' | '斎' => '斉',
        '澤' => '沢',
        '廣' => '広',
        '嶋' | '嶌' => '島',
        '眞' => '真',
        '國' => '国',
        '櫻' => '桜',
        '惠' => '恵',
        '德' => '徳',
        '𠮷' => '吉',
        '桒' => '桑',
        '栁' => '柳',
        '舘' => '館',
        '冨' => '富',
        '𣘺' => '橋',
        '瀨' => '瀬',
        '黑' => '黒',
        _ => return None,
    })
}
