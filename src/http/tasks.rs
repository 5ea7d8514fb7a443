//! The routes that tell what has become of what was accepted.

use axum::{Json, extract::Query};
use schemars::JsonSchema;
use serde::Serialize;

use super::{
    Code, Refusal,
    asked::Asked,
    given::{invalid, number, values},
    searching::{Named, Pairs},
};
use crate::live::Task;

/// How many tasks are listed, and how many at most.
const LIMIT: usize = 20;
pub(super) const MAX_TASKS: usize = 1_000;

/// The newest tasks.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct TaskList {
    tasks: Vec<Task>,
}

/// `GET /tasks/{id}`
pub(super) async fn task(asked: Asked, Named { id }: Named) -> Result<Json<Task>, Refusal> {
    let number: u64 = id
        .parse()
        .map_err(|_| invalid(format!("The number of a task is {id:?}; it is a whole number, as in /tasks/7.")))?;
    let none = || Refusal::new(Code::TaskNotFound, format!("There is no task {number}."));
    asked.live.task(number).map(Json).ok_or_else(none)
}

/// `GET /tasks`
pub(super) async fn newest(asked: Asked, Query(pairs): Pairs) -> Result<Json<TaskList>, Refusal> {
    let [limit] = values(pairs, &["limit"])?;
    let limit = limit.map_or(Ok(LIMIT), |limit| number("limit", &limit))?;
    if limit > MAX_TASKS {
        return Err(invalid(format!("limit is {limit}; it is {MAX_TASKS} at most.")));
    }
    Ok(Json(TaskList { tasks: asked.live.tasks(limit) }))
}
