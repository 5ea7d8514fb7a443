//! The integration tests: one program, one file per subject.

mod judged;
