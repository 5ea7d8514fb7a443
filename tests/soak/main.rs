//! What takes too long for the suite: the server under kills, on full disks, under failing system calls, and in half an hour of
//! mixed load.
//!
//! `make soak` runs all of it; `OBA_SOAK_ROUNDS` and `OBA_SOAK_MINUTES` say how much. Each prints its figures. A short form of each
//! is in the suite; where the machine does not let it run, it says so and is passed over.

#[path = "../it/program.rs"]
#[allow(dead_code)]
mod program;

mod calls;
mod disk;
mod kills;
mod load;
mod texts;
mod writers;

/// A number from the environment, or another.
fn setting(name: &str, default: u64) -> u64 {
    let given = std::env::var(name).ok();
    given.map_or(default, |value| value.parse().unwrap_or_else(|_| panic!("{name} is {value:?}; it takes a number")))
}

/// Numbers that look like chance, the same in each run.
struct Chance(u64);

impl Chance {
    fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// A number below another: xorshift by Marsaglia (2003).
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % bound
    }

    fn one_of<'t, T: ?Sized>(&mut self, some: &[&'t T]) -> &'t T {
        let n = self.below(some.len() as u64);
        some[usize::try_from(n).expect("a small number")]
    }
}
