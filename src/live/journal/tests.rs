//! What was appended comes back, wherever the file was torn; what was damaged is told with its place.

use std::{fs, path::PathBuf};

use super::*;
use crate::live::{Operation, tasks::now};

fn head() -> Head {
    Head { kind: TaskKind::Deletion, documents: 1, accepted: now(), is_filtered: false }
}

fn operation(n: usize) -> String {
    let id = format!("визит-{n}");
    serde_json::to_string(&Operation::Delete { id }).expect("JSON")
}

fn open(dir: &Path, applied: u64) -> Result<(Journal, Arc<Queue>), JournalError> {
    let queue = Arc::<Queue>::default();
    Ok((Journal::open(dir, applied, 0, Arc::clone(&queue))?, queue))
}

fn tasks(queue: &Queue) -> Vec<u64> {
    queue.heads().into_iter().map(|(task, _)| task).collect()
}

fn log_of(dir: &Path) -> PathBuf {
    let mut files = fs::read_dir(dir.join(FOLDER)).expect("a journal").map(|entry| entry.expect("readable").path());
    files.find(|path| path.extension().is_some_and(|ending| ending == files::LOG)).expect("a log")
}

#[test]
fn a_log_that_is_torn_anywhere_gives_what_was_whole_before() {
    let dir = tempfile::tempdir().expect("a folder");
    let (journal, _) = open(dir.path(), 0).expect("a journal");
    let mut ends = Vec::new();
    for n in 1..=4 {
        assert_eq!(journal.append(head(), operation(n)).expect("written"), n as u64);
        ends.push(fs::metadata(log_of(dir.path())).expect("there").len());
    }
    drop(journal);
    let path = log_of(dir.path());
    let whole = fs::read(&path).expect("readable");
    for cut in (0..whole.len()).step_by(3) {
        for rest in [&b""[..], &[0; 40], "мусор".as_bytes()] {
            fs::write(&path, [&whole[..cut], rest].concat()).expect("written");
            let (journal, queue) = open(dir.path(), 0).expect("mended");
            let expected = ends.iter().filter(|end| **end <= cut as u64).count();
            assert_eq!(tasks(&queue), (1..=expected as u64).collect::<Vec<_>>(), "cut at {cut}");
            assert_eq!(journal.append(head(), operation(9)).expect("written"), expected as u64 + 1);
            drop(journal);
            let (_, queue) = open(dir.path(), 0).expect("whole");
            assert_eq!(tasks(&queue).len(), expected + 1, "cut at {cut}");
            fs::remove_dir_all(dir.path().join(FOLDER)).expect("removed");
            fs::create_dir(dir.path().join(FOLDER)).expect("made");
        }
    }
}

#[test]
fn damage_in_the_middle_is_told_with_its_place() {
    let dir = tempfile::tempdir().expect("a folder");
    let (journal, _) = open(dir.path(), 0).expect("a journal");
    journal.append(head(), operation(1)).expect("written");
    let path = log_of(dir.path());
    let first = fs::metadata(&path).expect("there").len();
    journal.append(head(), operation(2)).expect("written");
    journal.append(head(), operation(3)).expect("written");
    drop(journal);
    let whole = fs::read(&path).expect("readable");
    let begin = usize::try_from(first).expect("small");
    for place in [begin, begin + 5, begin + 12, begin + 40] {
        let mut bytes = whole.clone();
        bytes[place] ^= 0x10;
        fs::write(&path, &bytes).expect("written");
        let Err(JournalError::Damaged { path: told, at }) = open(dir.path(), 0).map(drop) else {
            panic!("damage at {place} is told")
        };
        assert_eq!((told, at), (path.clone(), first), "{place}");
    }
}

#[test]
fn requests_keep_their_order_and_what_is_applied_is_removed() {
    let dir = tempfile::tempdir().expect("a folder");
    let (journal, _) = open(dir.path(), 0).expect("a journal");
    journal.append(head(), operation(1)).expect("written");
    let mut long = journal.begin_long().expect("begun");
    let torn = journal.begin_long().expect("begun");
    journal.append(head(), operation(2)).expect("written");
    for n in 0..40_000 {
        long.push(&operation(n)).expect("written");
    }
    assert_eq!(journal.accept_long(long, head()).expect("written"), 3);
    journal.append(head(), operation(4)).expect("written");
    std::mem::forget(torn);
    drop(journal);

    let (journal, queue) = open(dir.path(), 1).expect("whole");
    assert_eq!(tasks(&queue), [2, 3, 4]);
    let entry = std::iter::from_fn(|| queue.take_if(|_| true)).nth(1).expect("the long one");
    let Body::File(path) = entry.body else { panic!("in a file") };
    let read = |parts| {
        let mut reader = LongReader::open(&path, parts).expect("there");
        let mut operations = 0;
        while let Part::Operations(part) = reader.next().expect("whole") {
            operations += part.len();
        }
        operations
    };
    assert_eq!(read(0), 40_000);
    assert!((1..40_000).contains(&read(1)));
    journal.remove_applied(3, false);
    assert!(!path.exists());
    journal.remove_applied(4, true);
    drop(journal);
    let (journal, queue) = open(dir.path(), 4).expect("whole");
    assert!(queue.is_empty());
    assert_eq!(journal.append(head(), operation(5)).expect("written"), 5);
    assert_eq!(fs::read_dir(dir.path().join(FOLDER)).expect("there").count(), 1, "what was not complete is gone");
}

#[test]
fn requests_that_come_together_each_get_a_number() {
    let dir = tempfile::tempdir().expect("a folder");
    let (journal, queue) = open(dir.path(), 0).expect("a journal");
    std::thread::scope(|scope| {
        for thread in 0..8 {
            let journal = &journal;
            scope.spawn(move || {
                (0..10).for_each(|n| {
                    journal.append(head(), operation(thread * 10 + n)).expect("written");
                });
            });
        }
    });
    assert_eq!(tasks(&queue), (1..=80).collect::<Vec<_>>());
    drop(journal);
    let (_, queue) = open(dir.path(), 0).expect("whole");
    assert_eq!(tasks(&queue), (1..=80).collect::<Vec<_>>());
}
