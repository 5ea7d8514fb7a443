//! How many files this process may have open.

/// As many as any server of ours needs, with room to spare: some for each index and one for each connection.
#[cfg(unix)]
const ENOUGH: u64 = 65_536;

/// Lets this process have as many files open as it needs, as far as the system lets it ask for more; how many that are, where that
/// is known. The usual limit of a shell, 1,024, is less than a hundred indexes and all connections take.
#[must_use]
pub fn allow_open_files() -> Option<u64> {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
        let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
        // None stands for any number.
        let wanted = maximum.map_or(ENOUGH, |maximum| maximum.min(ENOUGH));
        let has = current?;
        if has < wanted && setrlimit(Resource::Nofile, Rlimit { current: Some(wanted), maximum }).is_ok() {
            return Some(wanted);
        }
        Some(has)
    }
    #[cfg(not(unix))]
    None
}

#[cfg(all(test, unix))]
mod tests {
    use super::allow_open_files;

    #[test]
    fn no_fewer_files_may_be_open_than_before() {
        let first = allow_open_files();
        assert!(first.is_none_or(|files| files > 0));
        assert_eq!(allow_open_files(), first);
    }
}
