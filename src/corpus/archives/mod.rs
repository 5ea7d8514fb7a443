//! What holds files: archives, and single files that are packed. They are read as they go by, and nothing is written.

pub(super) mod packed;
pub(super) mod tar;
pub(super) mod zip;
