//! The server is killed at random moments under writes, and while it starts; what it acknowledged is there when it is back.

use std::{
    process::Stdio,
    thread::{scope, sleep},
    time::{Duration, Instant},
};

use crate::{
    Chance,
    program::{Place, text},
    setting,
    writers::{Outcome, Writer, check, told},
};

/// So many write at once.
const WRITERS: u64 = 3;

/// A server is killed within so many milliseconds of writing: before the first commit, between two, or after some.
const MAX_LIFE: u64 = 1_500;

/// One that is killed while it starts is so within so many milliseconds.
const MAX_START: u64 = 150;

fn outlives_kills(rounds: u64) {
    let place = Place::new();
    let started = Instant::now();
    let mut writers = Writer::some(WRITERS);
    let mut chance = Chance::new(19);
    let (mut documents, mut at_start) = (0, 0);
    for round in 0..=rounds {
        if round % 4 == 1 {
            let mut command = place.command(&["serve", "--listen", "127.0.0.1:0"]);
            let mut starting = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts");
            sleep(Duration::from_millis(chance.below(MAX_START)));
            starting.kill().expect("running");
            starting.wait().expect("ended");
            at_start += 1;
        }
        let server = place.serve();
        documents = check(&mut writers, &server);
        if round == rounds {
            break;
        }
        scope(|scope| {
            for writer in &mut writers {
                let server = &server;
                scope.spawn(move || {
                    // Nothing is refused, but where a server that begins or ends says so.
                    loop {
                        match writer.write(server) {
                            Outcome::Accepted => {}
                            Outcome::Open(_) => return,
                            refused @ Outcome::Refused(..) => panic!("{refused:?}"),
                        }
                    }
                });
            }
            sleep(Duration::from_millis(chance.below(MAX_LIFE)));
            server.kill();
        });
        drop(server);
        let verified = place.run(&["verify"]);
        assert_eq!(verified.status.code(), Some(0), "round {round}: {}", text(&verified.stdout));
    }
    assert!(writers.iter().all(|writer| writer.accepted > 0));
    println!(
        "{rounds} kills under writes and {at_start} of servers that started, in {:.0} s: {}; {documents} documents in the end; all \
         that was accepted was there each time, and verify clean",
        started.elapsed().as_secs_f64(),
        told(&writers)
    );
}

#[test]
fn what_was_acknowledged_outlives_some_kills() {
    outlives_kills(3);
}

#[test]
#[ignore = "takes long; make soak runs it"]
fn what_was_acknowledged_outlives_two_hundred_kills() {
    outlives_kills(setting("OBA_SOAK_ROUNDS", 200));
}
