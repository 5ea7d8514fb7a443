//! A text and its title → the text that is not the title again.

/// Where the text begins behind the title that it starts with, in bytes; 0 where it starts with something else.
///
/// ```
/// use oba::text::body_start;
/// let text = "Визит\n\nПрезидент прибыл.";
/// assert_eq!(&text[body_start(text, "Визит")..], "Президент прибыл.");
/// assert_eq!(body_start("Visitors came.", "Visit"), 0);
/// ```
#[must_use]
pub fn body_start(text: &str, title: &str) -> usize {
    match text.trim_start().strip_prefix(title) {
        Some(rest) if !title.is_empty() && rest.starts_with(['\n', '\r']) => text.len() - rest.trim_start().len(),
        _ => 0,
    }
}
