//! A person's names as one.

/// Given and family name as one: the family name first where both are written in Chinese, Japanese or Korean script, as
/// people do who write them: 王小明, 김민수. Where kana are in it, a blank stands between the two. Any other name, one in
/// two scripts too, has the given name first.
pub fn full_name(given: &str, family: &str) -> String {
    let (given, family) = (given.trim(), family.trim());
    if given.is_empty() || family.is_empty() {
        return format!("{given}{family}");
    }
    let both = || given.chars().chain(family.chars());
    if !both().all(|c| is_east_asian(c) || is_kana(c)) {
        return format!("{given} {family}");
    }
    let between = if both().any(is_kana) { " " } else { "" };
    format!("{family}{between}{given}")
}

/// A Chinese character or the sign that repeats one; Hangul.
const fn is_east_asian(c: char) -> bool {
    matches!(c,
        '々' | '〇' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{323af}'
        | '\u{1100}'..='\u{11ff}' | '\u{3130}'..='\u{318f}' | '\u{a960}'..='\u{a97f}'
        | '\u{ac00}'..='\u{d7ff}')
}

/// Hiragana and katakana, the latter in half width too.
const fn is_kana(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' | '\u{ff66}'..='\u{ff9f}')
}

#[cfg(test)]
mod tests {
    use super::full_name;

    #[test]
    fn the_family_name_is_first_where_it_is_written_so() {
        for (given, family, shown) in [
            ("Anna", "Weber", "Anna Weber"),
            ("小明", "王", "王小明"),
            ("민수", "김", "김민수"),
            ("太郎", "佐々木", "佐々木太郎"),
            ("さくら", "佐藤", "佐藤 さくら"),
            ("タロウ", "ヤマダ", "ヤマダ タロウ"),
            ("𠮷", "王", "王𠮷"),
            // In two scripts, the order of the west.
            ("小明", "Wang", "小明 Wang"),
            ("David", "王", "David 王"),
            ("小明 David", "王", "小明 David 王"),
            ("Эмма", "Иванова", "Эмма Иванова"),
            ("", "王", "王"),
            (" Anna ", "", "Anna"),
            ("", "", ""),
        ] {
            assert_eq!(full_name(given, family), shown);
        }
    }
}
