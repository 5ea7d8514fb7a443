//! 1. Words, phrases, signs and operators are read, in both languages and their quotes.
//! 2. Signs, colons, stars and brackets in ordinary text are punctuation.
//! 3. Fields are known by their names in both languages, in any case.
//! 4. What could not be used is said.
//! 5. Limits count characters, and words, in both languages alike.
//! 6. What is asked of an index is without function words and repetitions, and flat where it can be.

use super::{Expression, Matching, Parsed, Query, Wanted, lexer, parse_unfinished, tree::Occurrence};
use crate::analysis::Analyzer;

fn parse(text: &str) -> Parsed {
    super::parse(text, &mut Analyzer::default())
}

/// The query as it is printed.
fn printed(text: &str) -> String {
    parse(text).query.to_string()
}

/// The only warning of a query.
fn warning(text: &str) -> String {
    let warnings = parse(text).warnings;
    assert_eq!(warnings.len(), 1, "{text}: {warnings:?}");
    warnings.into_iter().next().unwrap_or_default()
}

fn warnings(text: &str) -> usize {
    parse(text).warnings.len()
}

/// The clauses of what is asked of an index: the sign, then the first terms, joined by `_` in phrases.
fn terms(query: &Query) -> Vec<String> {
    let clauses = query.clauses.iter().map(|clause| {
        let sign = match clause.occurrence {
            Occurrence::Should => "",
            Occurrence::Must => "+",
            Occurrence::MustNot => "-",
        };
        let term = |word: &super::QueryWord| {
            if word.is_exact { format!("!{}", word.reading.form) } else { word.reading.terms[0].to_string() }
        };
        let expression = match &clause.expression {
            Expression::Word(word) => term(word),
            Expression::Compound(compound) => compound.words.iter().map(term).collect::<Vec<_>>().join("/"),
            Expression::Phrase(phrase) => phrase.words.iter().map(term).collect::<Vec<_>>().join("_"),
            Expression::Prefix(prefix) => format!("{}*", prefix.form),
            Expression::Filter(_) => return clause.to_string(),
            Expression::Group(group) => format!("({})", terms(group).join(" ")),
        };
        format!("{sign}{expression}")
    });
    clauses.collect()
}

/// What is asked of an index.
fn shape(text: &str) -> Vec<String> {
    terms(&parse(text).query.condensed())
}

#[test]
fn words_phrases_and_signs_are_read_in_both_languages() {
    assert_eq!(shape("поезда ministers"), ["поезд", "minist"]);
    assert_eq!(shape("\"железные дороги\" +поезда -погода"), ["железн_дорог", "+поезд", "-погод"]);
    assert_eq!(shape("«железные дороги» “state visits” „ein Wort“"), ["железн_дорог", "state_visit", "ein_wort"]);
    assert_eq!(shape("-\"железные дороги\" рельсы"), ["-железн_дорог", "рельс"]);
    assert_eq!(printed("\"state visit\"~3 «железная дорога»~2^2"), "\"state visit\"~3 \"железная дорога\"~2^2");
}

#[test]
fn signs_and_quotes_elsewhere_are_punctuation() {
    assert_eq!(shape("научно-технический - прогресс"), ["научнотехническ", "научн", "техническ", "прогресс"]);
    assert_eq!(shape("state-of-the-art C++ a+b!"), ["stateoftheart", "state", "art", "c", "b"]);
    assert_eq!(shape("\"unfinished phrase"), ["unfinish_phrase"]);
    assert_eq!(shape("\"один\" » ”"), ["один"]);
    for text in ["визит -- ташкент", "C++ и C#", "visit! (2021)", "2^10 степень", "a | b", "**bold**", "5 * 5", "what?"]
    {
        assert_eq!(warnings(text), 0, "{text}");
    }
}

#[test]
fn a_hyphen_behind_a_bracket_or_a_quote_excludes_nothing() {
    assert_eq!(printed("histone (H2A)-histone \"dimer\"-exchange"), "histone H2A histone dimer exchange");
    assert_eq!(printed("гистон (Н2А)-гистон «димер»-обмен"), "гистон Н2А гистон димер обмен");
    assert_eq!(printed("(-погода визит) -weather"), "(-погода визит) -weather");
}

#[test]
fn an_exclamation_mark_asks_for_the_form_as_typed() {
    assert_eq!(shape("!министром !Ministers +!visits"), ["!министром", "!ministers", "+!visits"]);
    assert_eq!(shape("visit! ! поезд"), ["visit", "поезд"]);
    assert!(warning("!\"state visit\"").starts_with('!'));
}

#[test]
fn a_compound_is_demanded_and_excluded_whole() {
    assert_eq!(shape("+e-mail -научно-технический"), ["+email/e/mail", "-научнотехническ/научн/техническ"]);
    assert_eq!(shape("NOT (e-mail OR факс)"), ["-(email/e/mail факс)"]);
    assert_eq!(shape("\"e-mail address\""), ["e_mail_address"]);
    assert_eq!(printed("+e-mail, А. С. Пушкин"), "+e-mail А. С. Пушкин");
}

#[test]
fn operators_bind_as_is_usual_in_both_languages() {
    for (typed, printed_so) in [
        ("a AND b", "+a +b"),
        ("визит И NOT погода", "+визит -погода"),
        ("визит ИЛИ поездка", "визит | поездка"),
        ("cats OR dogs AND birds", "cats | (+dogs +birds)"),
        ("кошки И собаки ИЛИ птицы", "(+кошки +собаки) | птицы"),
        ("NOT a AND b", "-a +b"),
        ("НЕ НЕ кошки", "кошки"),
        ("NOT -cats", "cats"),
        ("cats OR NOT dogs", "cats | (-dogs)"),
        ("cats dogs OR birds", "cats (dogs | birds)"),
        ("(кошки OR собаки) AND (белый ИЛИ чёрный)", "+(кошки | собаки) +(белый | чёрный)"),
        ("visit AND language:ru", "+visit language:ru"),
        ("NOT (погода OR weather) visit", "-(погода | weather) visit"),
        ("(cats OR (dogs OR birds))^2", "(cats | dogs | birds)^2"),
        ("cats | dogs", "cats | dogs"),
    ] {
        assert_eq!(printed(typed), printed_so, "{typed}");
        assert_eq!(warnings(typed), 0, "{typed}");
    }
}

#[test]
fn operators_without_operands_are_words() {
    for word in ["ИЛИ", "NOT", "AND", "И", "НЕ", "OR"] {
        assert_eq!(printed(word), format!("\"{word}\""));
        assert_eq!(warnings(word), 0, "{word}");
    }
    assert_eq!(printed("visit AND"), "visit \"AND\"");
    assert!(warning("визит ИЛИ").starts_with("ИЛИ joins"));
    assert_eq!(printed("and or not cats и или не кошки"), "and or not cats и или не кошки");
    assert_eq!(printed("visit \"AND\" travel"), "visit \"AND\" travel");
}

#[test]
fn in_a_query_of_capitals_operators_are_words() {
    assert_eq!(shape("WAR AND PEACE"), ["war", "peac"]);
    assert_eq!(shape("ВИЗИТ В ТАШКЕНТ И САМАРКАНД"), ["визит=", "ташкент", "самарканд"]);
    assert_eq!(printed("США И Россия"), "+США +Россия");
    assert_eq!(printed("2020 AND 2021"), "+2020 +2021");
    assert_eq!(printed("NATO AND language:en"), "+NATO language:en");
}

#[test]
fn brackets_group_and_ordinary_ones_change_nothing() {
    assert_eq!(printed("Война (роман Толстого)"), "Война роман Толстого");
    assert_eq!(shape("f(x) visit(s)"), ["f", "x", "visit", "s"]);
    assert_eq!(printed("((визит)) +(a b)"), "визит +(a b)");
    assert_eq!(shape("(визит OR поездка) ташкент"), ["визит=", "поездк", "ташкент"]);
    assert_eq!(printed("(визит ташкент"), "визит ташкент");
    assert!(warning("(визит ташкент").contains("not closed"));
    assert!(warning("visit) tashkent").contains("not opened"));
    assert!(warning("visit ()").contains("holds nothing"));
    assert!(warning("\"state visit").contains("quote"));
}

#[test]
fn fields_are_known_in_both_languages_and_any_case() {
    for (typed, printed_so) in [
        ("title:визит Заголовок:visit", "title:визит title:visit"),
        ("title:виз* Заголовок:(vis* trip)", "title:виз* title:vis* title:trip"),
        ("title:(state visit) -title:\"state visit\"", "title:state title:visit -title:\"state visit\""),
        ("язык:RU ЯЗЫК:русский", "language:ru language:ru"),
        ("language:(ru en)", "language:ru | language:en"),
        ("visit date:2021", "visit date:2021"),
        (
            "дата:2021-01..2021-12 date:..2021-06 date:2021.. date:19.11.2021",
            "date:2021-01..2021-12 date:..2021-06 date:2021.. date:2021-11-19",
        ),
        ("source:\"Газета.Ru\" -источник:Вестник", "source:\"Газета.Ru\" -source:\"Вестник\""),
        ("+language:ru визит", "language:ru визит"),
        ("visit OR language:ru", "visit | language:ru"),
    ] {
        assert_eq!(printed(typed), printed_so, "{typed}");
        assert_eq!(warnings(typed), 0, "{typed}");
    }
    let query = parse("визит language:ru").query;
    assert_eq!(query.clauses[1].occurrence, Occurrence::Must);
}

#[test]
fn colons_in_ordinary_text_are_no_fields() {
    for text in
        ["12:30", "http://example.org/a?b=1", "Re: визит", "Москва: вокзал", "title: visit", "Дата: вторник", ":)х"]
    {
        let parsed = parse(text);
        assert!(parsed.query.words().count() > 0 && !parsed.query.words().any(|word| word.is_in_title), "{text}");
        assert!(!parsed.warnings.iter().any(|warning| warning.contains("field")), "{text}: {:?}", parsed.warnings);
    }
    assert!(warning("author:Tolstoy").contains("no field \"author\""));
    assert!(warning("автор:Толстой").contains("there are title, language, date, source"));
}

#[test]
fn values_that_cannot_be_are_left_out_and_named() {
    for (text, part) in [
        ("визит language:de", "\"de\""),
        ("visit date:yesterday", "\"yesterday\" is no date"),
        ("визит дата:2022..2021", "end before they begin"),
        ("visit^99", "from 0.1 to 10"),
        ("визит^0", "from 0.1 to 10"),
        ("\"state visit\"~99", "up to 50"),
        ("м*", "at least 2 letters"),
        ("m*", "at least 2 letters"),
        ("e-mail*s", "*"),
        ("title:!visit", "title:"),
    ] {
        assert!(warning(text).contains(part), "{text}: {}", warning(text));
    }
    assert_eq!(printed("визит language:de"), "визит");
    assert_eq!(printed("visit^99 визит^0"), "visit^10 визит^0.1");
    assert_eq!(printed("visit^1,5 x^2 2^10"), "visit^1.5 x^2 2^10");
}

#[test]
fn a_prefix_is_normalised_and_not_stemmed() {
    assert_eq!(shape("МИНИ* minist* -ё\u{301}лк*"), ["мини*", "minist*", "-елк*"]);
    assert_eq!(printed("e-mai* docker*^2"), "e-mai* docker*^2");
    assert_eq!(shape("e-mai*"), ["emai*"]);
}

#[test]
fn an_unfinished_last_word_is_a_prefix_too() {
    let typing = |text: &str| terms(&parse_unfinished(text, &mut Analyzer::default()).query.condensed());
    assert_eq!(typing("визит в таш"), ["визит=", "таш", "таш*"]);
    assert_eq!(typing("state vis"), ["state", "vis", "vis*"]);
    assert_eq!(typing("state +таш"), ["state", "+(таш таш*)"]);
    assert_eq!(typing("(визит таш"), ["визит=", "таш", "таш*"]);
    for finished in ["таш ", "таш, ", "«таш»", "-таш", "!таш", "т", "title:таш", "на", "язык:ru"]
    {
        assert!(!typing(finished).iter().any(|term| term.contains('*')), "{finished}");
    }
}

#[test]
fn what_is_excluded_or_a_filter_is_not_wanted() {
    let wanted = |text: &str| -> Vec<String> {
        let query = parse(text).query;
        let wanted = query.wanted().map(|wanted| match wanted {
            Wanted::Word(word) => word.typed.clone(),
            Wanted::Phrase(phrase) => phrase.typed.clone(),
            Wanted::Prefix(prefix) => prefix.typed.clone(),
        });
        wanted.collect()
    };
    assert_eq!(
        wanted("(кошки OR \"белые собаки\") -птицы NOT (рыбы -раки) мыш* language:ru"),
        ["кошки", "белые собаки", "мыш"]
    );
    assert_eq!(wanted("title:cats source:Times -dogs"), ["cats"]);
}

#[test]
fn limits_count_characters_and_words_in_both_languages() {
    for word in ["word ", "слог "] {
        let at_limit = word.repeat(super::MAX_QUERY_CHARS / 5);
        assert!(!parse(&at_limit).warnings.iter().any(|w| w.contains("cut")), "{word}");
        assert!(parse(&format!("{at_limit}x")).warnings.iter().any(|w| w.contains("1000 characters")), "{word}");
    }
    for word in ["слово", "word"] {
        let many: Vec<String> = (0..40).map(|n| format!("{word}{n}")).collect();
        for text in [many.join(" "), format!("\"{}\"", many.join(" ")), many.join("-")] {
            let parsed = parse(&text);
            assert!((30..=super::MAX_QUERY_WORDS).contains(&parsed.query.words().count()), "{text}");
            assert!(parsed.warnings[0].contains("were left out"), "{:?}", parsed.warnings);
        }
    }
    for letter in ["a", "ж"] {
        let deep = |depth: usize| format!("{}{letter}{} x", format!("+{letter} +(x ").repeat(depth), ")".repeat(depth));
        assert_eq!((parse(&deep(8)).query.depth(), warnings(&deep(8))), (8, 0));
        assert_eq!(parse(&deep(9)).query.depth(), 8);
        assert!(warning(&deep(9)).contains("more than 8 deep"));
    }
}

#[test]
fn a_query_that_asks_for_nothing_says_so() {
    for text in ["", "   ", "!!!", "\"\"", "-погода -weather", "NOT погода", "NOT (a OR b)", "НЕ язык:ru"]
    {
        let parsed = parse(text);
        assert!(parsed.query.is_empty(), "{text}");
        assert_eq!(parsed.warnings.len(), 1, "{text}");
    }
    for text in ["language:ru", "cats OR NOT dogs", "-погода язык:ru"] {
        assert!(!parse(text).query.is_empty(), "{text}");
    }
}

#[test]
fn function_words_give_way_to_other_words() {
    let kept = |text| shape(text).len();
    assert_eq!(kept("visit to the capital"), 2);
    assert_eq!(kept("визит в столицу"), 2);
    assert_eq!(kept("to be or not to be"), 4);
    assert_eq!(kept("и не только"), 3);
    assert_eq!(kept("+the visit"), 2);
    assert_eq!(shape("и language:ru"), ["и", "language:ru"]);
    assert_eq!(shape("(и OR в)^2 визит"), ["визит="]);
}

#[test]
fn a_word_typed_twice_is_asked_for_once() {
    assert_eq!(shape("docker Docker контейнер контейнеры"), ["docker", "контейнер"]);
    assert_eq!(shape("e-mail mail (mail OR e-mail)"), ["email", "e", "mail"]);
}

#[test]
fn weights_come_down_to_the_words() {
    let query = parse("визит^2 (cats^2 OR dogs)^3 \"state visit\"^0,5").query.condensed();
    let weights: Vec<f32> = query.words().map(|word| word.weight).collect();
    assert_eq!(weights, [2.0, 6.0, 3.0, 0.5, 0.5]);
    assert_eq!(lexer::BOOSTS, (0.1, 10.0));
}

#[test]
fn how_many_words_match_is_said_where_the_query_does_not() {
    let query = parse("кошки собаки (птицы OR рыбы) +(белка медведь)").query.with_matching(Matching::All).condensed();
    assert_eq!(query.matching, Some(Matching::All));
    assert_eq!(terms(&query), ["кошк", "собак", "(птиц рыб)", "+(белк медвед)"]);
    let groups: Vec<_> = query
        .clauses
        .iter()
        .filter_map(|clause| match &clause.expression {
            Expression::Group(group) => group.matching,
            _ => None,
        })
        .collect();
    assert_eq!(groups, [Matching::Any, Matching::All]);
    assert_eq!("most".parse(), Ok(Matching::Most));
    assert!("some".parse::<Matching>().is_err());
}
