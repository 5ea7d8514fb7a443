//! A played index against a plain map: random additions, deletions, waits, ends and kills leave both with the same documents.

use std::{collections::BTreeMap, path::Path, time::Duration};

use serde_json::json;

use super::{Live, Operation, TaskKind};

/// What the index should hold: by their ids, the text, source and file of each document.
type Model = BTreeMap<String, (String, &'static str, Option<&'static str>)>;

const SOURCES: [&str; 3] = ["Газета", "Vestnik", "Reuters"];
const FILES: [&str; 2] = ["письма.jsonl", "letters.jsonl"];

/// Numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }

    fn of<T: Copy>(&mut self, some: &[T]) -> T {
        let n = self.below(some.len() as u64);
        some[usize::try_from(n).unwrap_or_default()]
    }

    fn id(&mut self) -> String {
        let name = self.of(&["визит", "visit"]);
        format!("{name}-{}", self.below(12))
    }
}

fn add(dice: &mut Dice, model: &mut Model, step: usize, file: Option<&'static str>) -> Operation {
    let (id, source) = (dice.id(), dice.of(&SOURCES));
    let text = format!("Шаг {step}: министры встретились. Step {step}: the ministers met {}.", dice.below(1_000));
    let value = json!({ "id": id, "text": text, "source": source, "n": step });
    model.insert(id, (text, source, file));
    match Operation::add(value).expect("a document") {
        Operation::Add { document, .. } => Operation::Add { document, file: file.map(str::to_owned) },
        other => other,
    }
}

/// The operations of one request, which are done to the model, too.
fn request(dice: &mut Dice, model: &mut Model, step: usize) -> (TaskKind, Vec<Operation>) {
    match dice.below(10) {
        0..=4 => {
            let count = if dice.below(8) == 0 { 40 } else { 1 + dice.below(3) };
            (TaskKind::Addition, (0..count).map(|_| add(dice, model, step, None)).collect())
        }
        5 | 6 => {
            let id = dice.id();
            model.remove(&id);
            (TaskKind::Deletion, vec![Operation::Delete { id }])
        }
        7 => {
            let file = dice.of(&FILES);
            model.retain(|_, (_, _, of)| *of != Some(file));
            let mut operations = vec![Operation::ReplaceFile { file: file.to_owned() }];
            operations.extend((0..dice.below(4)).map(|_| add(dice, model, step, Some(file))));
            (TaskKind::Indexing, operations)
        }
        8 => {
            let file = dice.of(&FILES);
            model.retain(|_, (_, _, of)| *of != Some(file));
            (TaskKind::Deletion, vec![Operation::DeleteFile { file: file.to_owned() }])
        }
        _ => {
            let (source, kept) = (dice.of(&SOURCES), dice.id());
            model.retain(|id, (_, of, _)| *of != source || *id == kept);
            let filter = format!("source = \"{source}\" AND NOT id = \"{kept}\"");
            (TaskKind::Deletion, vec![Operation::DeleteMeeting { filter }])
        }
    }
}

fn wait(live: &Live, task: u64) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    assert!(runtime.block_on(live.is_done(task, Duration::from_mins(1))), "task {task} is done");
}

fn compare(live: &Live, model: &Model, step: usize) {
    let index = live.index();
    for (id, (text, source, _)) in model {
        let (record, found) = index.document(id).expect("readable").unwrap_or_else(|| panic!("step {step}: no {id}"));
        assert_eq!((&found, record.source.as_deref()), (text, Some(*source)), "step {step}: {id}");
    }
    assert_eq!(index.documents(), model.len() as u64, "step {step}");
    assert!(index.segments() < 40, "step {step}: {} segments", index.segments());
}

fn open(dir: &Path) -> Live {
    Live::open(dir).expect("an index")
}

#[test]
fn whatever_happens_the_index_holds_what_was_accepted() {
    for seed in [1, 2] {
        let folder = tempfile::tempdir().expect("a folder");
        let (mut dice, mut model, mut last) = (Dice(seed), Model::new(), 0);
        let mut live = open(folder.path());
        for step in 0..80 {
            let (kind, operations) = request(&mut dice, &mut model, step);
            let task = live.accept(kind, &operations).expect("accepted");
            assert_eq!(task, last + 1, "step {step}");
            last = task;
            match dice.below(16) {
                0 => {
                    live.kill();
                    live = open(folder.path());
                }
                1 => {
                    live.close();
                    drop(live);
                    live = open(folder.path());
                    assert_eq!(live.health().waiting, 0, "all was committed");
                }
                2 | 3 => {
                    wait(&live, last);
                    compare(&live, &model, step);
                }
                _ => {}
            }
        }
        wait(&live, last);
        compare(&live, &model, 80);
        assert!(live.tasks(200).iter().all(|task| task.error.is_none()));
    }
}
