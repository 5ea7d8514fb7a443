//! The server on a small disk of its own that is filled to the last byte; what it acknowledged is there, and writes are taken again
//! as soon as there is room.

use std::{
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{Child, Command, Stdio},
    thread::{scope, sleep},
    time::{Duration, Instant},
};

use serde_json::json;

use crate::{
    Chance,
    program::{Place, Server, encoded, text},
    setting,
    writers::{Outcome, Writer, check, settle, told, until},
};

/// What the server keeps free, in MiB.
const KEPT: u64 = 64;

/// So many write at once.
const WRITERS: u64 = 2;

/// A disk in memory that only the programs that run on it see; it is gone when the one that holds it is.
struct Disk<'p> {
    place: &'p Place,
    holder: Child,
}

impl<'p> Disk<'p> {
    /// A disk of so many MiB in the folder `disk` of a place; why not, where the machine does not let us.
    fn new(place: &'p Place, megabytes: u64) -> Result<Self, String> {
        std::fs::create_dir(place.path("disk")).expect("writable");
        let mount = "mount -t tmpfs -o size=$0m tmpfs \"$1\" && echo mounted && exec cat";
        let mut command = Command::new("unshare");
        command.args(["--user", "--map-root-user", "--mount", "sh", "-c", mount, &megabytes.to_string()]);
        let command = command.arg(place.path("disk")).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut holder = command.spawn().map_err(|error| format!("unshare: {error}"))?;
        let mut line = String::new();
        // Where it ends without a word, what it said stands on standard error.
        let _ = BufReader::new(holder.stdout.take().expect("piped")).read_line(&mut line);
        let disk = Self { place, holder };
        if line == "mounted\n" { Ok(disk) } else { Err("no disk of one's own may be mounted".into()) }
    }

    /// A command that sees the disk; what it says on standard error lies on it, too.
    fn command(&self, program: &str, arguments: &[&str]) -> Command {
        let mut command = self.place.command(&[]);
        let environment: Vec<_> =
            command.get_envs().map(|(name, value)| (name.to_owned(), value.map(ToOwned::to_owned))).collect();
        let folder: PathBuf = self.place.path("");
        command = Command::new("nsenter");
        command.args(["--target", &self.holder.id().to_string(), "--user", "--mount", "--preserve-credentials"]);
        command.args(["sh", "-c", "cd \"$0\" && exec \"$@\" 2>>disk/log"]).arg(folder).arg(program).args(arguments);
        for (name, value) in environment {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        command
    }

    fn serve(&self) -> Server {
        let arguments = ["serve", "--index", "disk/index", "--listen", "127.0.0.1:0"];
        let server = Server::begin(self.command(env!("CARGO_BIN_EXE_oba"), &arguments));
        server.unwrap_or_else(|line| panic!("{line}: {}", self.log()))
    }

    fn log(&self) -> String {
        text(&self.command("cat", &["disk/log"]).output().expect("it runs").stdout)
    }

    /// Lets somebody else's file fill it but for so many MiB.
    fn fill(&self, server: &Server, left: u64) {
        let free = server.json("/health/ready").1["freeBytes"].as_u64().expect("a number");
        let file = format!("head -c {} /dev/zero >>disk/foreign", free.saturating_sub(left << 20));
        // It may become full before.
        let _ = self.command("sh", &["-c", &file]).status().expect("it runs");
    }

    fn make_room(&self) {
        assert!(self.command("rm", &["disk/foreign"]).status().expect("it runs").success());
    }
}

impl Drop for Disk<'_> {
    fn drop(&mut self) {
        let _ = self.holder.kill();
        let _ = self.holder.wait();
    }
}

/// Sees that the server says that its disk is full, takes no write, and answers who searches.
fn assert_full(server: &Server) {
    until("the server says that the disk is full", || {
        let (status, ready) = server.json("/health/ready");
        let is_full = ready["status"] == "degraded" && ready["writer"] == "disk_full" && status == 200;
        if is_full { Ok(()) } else { Err(ready.to_string()) }
    });
    let document = json!({"id": "refused", "text": "Отказано, refused"}).to_string();
    let (status, answer) = server.send("PUT", "/documents", "application/json", &document);
    assert_eq!((status, answer["code"].as_str()), (507, Some("storage_full")), "{answer}");
    assert_answers(server);
}

fn assert_answers(server: &Server) {
    for query in ["визит", "railways", "\"железная дорога\" -погода"] {
        let (status, answer) = server.json(&format!("/search?q={}", encoded(query)));
        assert_eq!(status, 200, "{answer}");
    }
    assert_eq!(server.json(&format!("/suggest?q={}", encoded("мин"))).0, 200);
}

/// Fills a disk with so much room beyond what is kept, in MiB, again and again.
fn outlives_full_disks(rounds: u64, room: u64) {
    let place = Place::new();
    let disk = match Disk::new(&place, KEPT + room) {
        Ok(disk) => disk,
        Err(reason) => return println!("passed over: {reason}"),
    };
    let started = Instant::now();
    let mut writers = Writer::some(WRITERS);
    let mut chance = Chance::new(7);
    let mut documents = 0;
    let mut server = disk.serve();
    for round in 0..rounds {
        while writers[0].write(&server) == Outcome::Accepted && chance.below(10) > 0 {}
        // Most of the room is somebody else's; the rest is written full, or becomes full under the writers. What is written takes more
        // room than that before it is merged.
        disk.fill(&server, KEPT + room / 8);
        let pause = Duration::from_millis(chance.below(1_000));
        let is_sudden = round % 2 == 1;
        scope(|scope| {
            for writer in &mut writers {
                let server = &server;
                scope.spawn(move || {
                    loop {
                        let outcome = if is_sudden { writer.write(server) } else { writer.write_much(server) };
                        match outcome {
                            Outcome::Accepted => {}
                            Outcome::Refused(507, code) if code == "storage_full" => return,
                            // More comes than is made ready.
                            Outcome::Refused(503, code) if code == "queue_full" => sleep(Duration::from_millis(100)),
                            other => panic!("{other:?}"),
                        }
                    }
                });
            }
            if is_sudden {
                sleep(pause);
                disk.fill(&server, 0);
            }
        });
        disk.fill(&server, 0);
        assert_full(&server);
        if chance.below(2) == 0 {
            drop(server);
            server = disk.serve();
            assert_full(&server);
        }
        disk.make_room();
        settle(&server);
        documents = check(&mut writers, &server);
        assert_answers(&server);
        assert_eq!(writers[0].write(&server), Outcome::Accepted, "without a new start");
        if is_sudden {
            for writer in &mut writers {
                assert_eq!(writer.delete_all(&server), Outcome::Accepted);
            }
        }
        drop(server);
        server = disk.serve();
        check(&mut writers, &server);
        let verified = disk.command(env!("CARGO_BIN_EXE_oba"), &["verify", "--index", "disk/index"]).output();
        let verified = verified.expect("it runs");
        assert_eq!(verified.status.code(), Some(0), "round {round}: {}", text(&verified.stdout));
    }
    let log = disk.log();
    assert!(!log.contains("panicked at"), "{log}");
    println!(
        "a disk of {} MiB filled {rounds} times, in {:.0} s: {}; {documents} documents in the end; all that was accepted was there \
         each time, and verify clean",
        KEPT + room,
        started.elapsed().as_secs_f64(),
        told(&writers)
    );
}

#[test]
fn what_was_acknowledged_outlives_a_full_disk() {
    outlives_full_disks(2, 48);
}

#[test]
#[ignore = "takes long; make soak runs it"]
fn what_was_acknowledged_outlives_many_full_disks() {
    outlives_full_disks(setting("OBA_SOAK_ROUNDS", 200).div_ceil(5), 96);
}
