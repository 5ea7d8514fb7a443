//! Names and values as they were given → the values of the parameters that a route knows, each at most once.

use super::{Code, Refusal};
use crate::language::Label;

/// A name that is this similar to a valid one, from 0 to 1, was probably meant for it.
const SIMILAR: f64 = 0.5;

/// The values of parameters, in the order of their names.
///
/// # Errors
/// Where a name is none of these, or is given twice.
pub(super) fn values<const N: usize>(
    pairs: Vec<(String, String)>,
    names: &[&str; N],
) -> Result<[Option<String>; N], Refusal> {
    let mut values = [const { None }; N];
    for (name, value) in pairs {
        set(&mut values, names, &name, value)?;
    }
    Ok(values)
}

/// Sets the value of a parameter.
///
/// # Errors
/// Where there is no such name, or it is given twice.
pub(super) fn set(values: &mut [Option<String>], names: &[&str], name: &str, value: String) -> Result<(), Refusal> {
    let place = &mut values[slot(name, names)?];
    if place.is_some() {
        return Err(invalid(format!("{name} is given twice.")));
    }
    *place = Some(value);
    Ok(())
}

/// The number of a name among the valid ones.
///
/// # Errors
/// Where it is none of them; the nearest is named.
pub(super) fn slot(name: &str, names: &[&str]) -> Result<usize, Refusal> {
    names.iter().position(|known| *known == name).ok_or_else(|| {
        let near = names.iter().map(|known| (strsim::normalized_damerau_levenshtein(name, known), known));
        let nearest = near.max_by(|a, b| a.0.total_cmp(&b.0)).filter(|(similarity, _)| *similarity >= SIMILAR);
        let advice = match nearest {
            Some((_, known)) => format!("did you mean {known}?"),
            None if names.len() == 1 => format!("there is {}.", names[0]),
            None => format!("there are {}.", names.join(", ")),
        };
        Refusal::new(Code::UnknownParameter, format!("There is no parameter {name:?}; {advice}"))
    })
}

pub(super) fn missing_query() -> Refusal {
    Refusal::new(Code::MissingParameter, "q is missing; give the query, as in ?q=визит.")
}

pub(super) fn number(name: &str, value: &str) -> Result<usize, Refusal> {
    value.parse().map_err(|_| invalid(format!("{name} is {value:?}; it takes a whole number, 0 or more.")))
}

pub(super) fn label(value: &str) -> Result<Label, Refusal> {
    value.parse().map_err(|error| invalid(format!("language: {error}.")))
}

pub(super) fn invalid(message: String) -> Refusal {
    Refusal::new(Code::InvalidParameter, message)
}
