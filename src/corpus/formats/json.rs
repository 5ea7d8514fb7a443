//! A JSON file → the documents in it: one object, or a list of them.

use serde_json::Value;

use crate::corpus::{
    Format,
    json_lines::document_of,
    read::{Place, Reader, Told},
};

/// Reads the object, or each object of a list, numbered from 1.
pub(in crate::corpus) fn read(reader: &mut Reader<'_>, place: &Place, bytes: &[u8]) {
    let decoded = match reader.decode(bytes) {
        Ok(decoded) => decoded,
        Err(error) => return reader.refuse(place, Format::Json, error),
    };
    let told = Told::of(&decoded);
    match serde_json::from_str(&decoded.text) {
        Ok(Value::Array(values)) => {
            for (number, value) in values.into_iter().enumerate() {
                let place = place.piece(&(number + 1));
                match reader.count_entry() {
                    Ok(()) => reader.give(&place, Format::Json, told.clone(), document_of(value)),
                    Err(error) => return reader.refuse(&place, Format::Json, error),
                }
            }
        }
        Ok(value) => reader.give(place, Format::Json, told, document_of(value)),
        Err(error) => reader.refuse(place, Format::Json, error.into()),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::corpus::{ReadOptions, read::read_bytes};

    /// The name of each part with its id and its title, or with why there is none.
    fn read(bytes: &[u8]) -> Vec<(String, String)> {
        let mut found = Vec::new();
        read_bytes("a.json", bytes, &ReadOptions::default(), &mut |part| {
            let told = part.result.map(|document| format!("{} {}", document.id, document.title));
            found.push((part.name, told.unwrap_or_else(|error| error.to_string())));
        });
        found
    }

    #[test]
    fn one_object_is_a_document() {
        let found = read("{\"title\": \"Визит\", \"text\": \"The visit\"}".as_bytes());
        assert_eq!(found, [(String::new(), " Визит".to_owned())]);
    }

    #[test]
    fn each_object_of_a_list_is_a_document_or_told_why_not() {
        let list = r#"[{"id": 7, "title": "a", "text": "visit"}, {"title": "б", "text": "визит"}, {"title": "c"}, 5]"#;
        let found = read(list.as_bytes());
        assert_eq!(found[0], ("1".into(), "7 a".into()));
        assert_eq!(found[1], ("2".into(), " б".into()));
        assert_eq!(found[2], ("3".into(), "no \"text\"".into()));
        assert!(found[3].1.starts_with("not a JSON object"));
    }

    #[test]
    fn old_encodings_are_read_and_what_is_no_json_is_refused() {
        let (bytes, ..) =
            encoding_rs::WINDOWS_1251.encode("{\"text\": \"Министры обсудили договор\", \"title\": \"Визит\"}");
        assert_eq!(read(&bytes)[0].1, " Визит");
        assert!(read(b"{\"text\": ")[0].1.starts_with("not valid JSON"));
        assert!(read("[".repeat(100_000).as_bytes())[0].1.starts_with("not valid JSON"));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
            let _ = read(&bytes);
            let _ = read(&[&b"[{\"text\": \""[..], &bytes, b"\"}]"].concat());
        }
    }
}
