//! Documents that say the same: copies, and nearly copies.
//!
//! * **Copies** have the same title and text but for white space. Each document has a number of both, its *content*.
//! * **Near duplicates** share most pairs of neighbouring words. Each document has a *sketch* of its runs, from which the share that
//!   two documents have in common is estimated, and some *bands* of it, by which documents that may share much are found
//!   among millions: locality-sensitive hashing of least values (Broder, "On the resemblance and containment of documents",
//!   1997; Indyk and Motwani, STOC 1998).
//!
//! A document that comes joins the *group* of one that is there, or founds one. It is compared with the founder of a group,
//! whose sketch each member carries: so a group does not drift from one text to another, however many join it, and stays
//! what it is when its founder is deleted. A group is never looked through, merged or renamed, so that documents can come
//! one at a time for years.

mod columns;
mod contents;
mod fold;
mod groups;
mod signature;
mod told;

pub(super) use columns::Columns;
pub(super) use contents::Counting;
pub use fold::Folding;
pub(super) use fold::{Folded, Keys, fold};
pub(super) use groups::Groups;
pub(super) use signature::Signature;
pub use told::Duplicates;
