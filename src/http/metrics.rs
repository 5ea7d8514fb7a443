//! Figures of the service for Prometheus.
//!
//! A label has few values, all known beforehand: routes as they stand in the table, never what was asked for.

use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicI64, AtomicU64},
    },
    time::Duration,
};

use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::{Registry, Unit},
};

use crate::{
    live::{Health, WriterState},
    search::{Correction, Stats},
};

/// The bounds of the histogram, in seconds: a search takes milliseconds, and more than seconds is too long whatever it is.
const SECONDS: [f64; 14] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0];

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfRoute {
    route: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfRequest {
    method: &'static str,
    route: String,
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfRepair {
    kind: &'static str,
    applied: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfIndex {
    index: String,
}

/// A figure of each index, by its name, of which there are a hundred at most.
type PerIndex = Family<OfIndex, Gauge<i64, AtomicI64>>;

/// An index with what is known of it where it is open.
pub(super) struct IndexFigures {
    pub name: String,
    pub figures: Option<(Stats, Health)>,
}

/// The figures of a service.
pub(super) struct Metrics {
    registry: Registry,
    durations: Family<OfRoute, Histogram, fn() -> Histogram>,
    requests: Family<OfRequest, Counter>,
    in_flight: Gauge,
    waiting: Gauge,
    searches: Counter,
    kept: Counter,
    without_hits: Counter,
    repairs: Family<OfRepair, Counter>,
    index: IndexGauges,
    memory: Gauge,
    /// One scrape at a time sets the figures of the index and reads them.
    scraping: Mutex<()>,
}

#[derive(Default)]
struct IndexGauges {
    documents: PerIndex,
    bytes: PerIndex,
    segments: PerIndex,
    deleted: PerIndex,
    tasks: PerIndex,
    is_written: PerIndex,
}

/// What is counted up until it is dropped, so that a request whose client has gone is not counted for ever.
pub(super) struct Counted(Gauge);

impl Counted {
    fn new(gauge: &Gauge) -> Self {
        gauge.inc();
        Self(gauge.clone())
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.dec();
    }
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::default();
        let durations: Family<OfRoute, Histogram, fn() -> Histogram> =
            Family::new_with_constructor(|| Histogram::new(SECONDS));
        let requests = Family::<OfRequest, Counter>::default();
        let (in_flight, waiting, memory) = (Gauge::default(), Gauge::default(), Gauge::default());
        let [searches, kept, without_hits] = [(); 3].map(|()| Counter::<u64, AtomicU64>::default());
        let repairs = Family::<OfRepair, Counter>::default();
        let index = IndexGauges::default();
        registry.register_with_unit(
            "http_request_duration",
            "How long requests took until their answer began, by route",
            Unit::Seconds,
            durations.clone(),
        );
        registry.register("http_requests", "Requests that were answered", requests.clone());
        registry.register("http_requests_in_flight", "Requests that are being answered", in_flight.clone());
        registry.register("oba_searches_waiting", "Searches that wait for their turn", waiting.clone());
        registry.register("oba_searches", "Searches that were answered", searches.clone());
        registry.register("oba_searches_kept", "Searches whose answer was kept from before", kept.clone());
        registry.register("oba_searches_without_hits", "Searches that found nothing", without_hits.clone());
        registry.register("oba_repairs", "Repairs of queries, by what was wrong", repairs.clone());
        registry.register("oba_index_documents", "Documents in the index", index.documents.clone());
        registry.register("oba_index_size_bytes", "The size of the data of the index", index.bytes.clone());
        registry.register("oba_index_segments", "Segments that the data lies in", index.segments.clone());
        registry.register(
            "oba_index_deleted_documents",
            "Documents that were deleted and are not cleared away yet",
            index.deleted.clone(),
        );
        registry.register("oba_tasks_waiting", "Requests that are accepted and not found yet", index.tasks.clone());
        registry.register("oba_writer_healthy", "1 where documents are accepted, else 0", index.is_written.clone());
        registry.register("process_resident_memory_bytes", "Memory that the process takes", memory.clone());
        let scraping = Mutex::new(());
        Self {
            registry,
            durations,
            requests,
            in_flight,
            waiting,
            searches,
            kept,
            without_hits,
            repairs,
            index,
            memory,
            scraping,
        }
    }
}

impl Metrics {
    /// Counts a request as under way, until what it gives is dropped.
    pub(super) fn begin(&self) -> Counted {
        Counted::new(&self.in_flight)
    }

    /// Counts a search as waiting, until what it gives is dropped.
    pub(super) fn wait(&self) -> Counted {
        Counted::new(&self.waiting)
    }

    /// Counts a request that was answered.
    pub(super) fn answered(&self, method: &'static str, route: &str, status: u16, took: Duration) {
        let route = route.to_owned();
        self.durations.get_or_create(&OfRoute { route: route.clone() }).observe(took.as_secs_f64());
        self.requests.get_or_create(&OfRequest { method, route, status }).inc();
    }

    /// Counts a search whose answer was kept from before.
    pub(super) fn kept(&self) {
        self.kept.inc();
    }

    /// Counts a search that was answered, by how many documents match and what was repaired of its query.
    pub(super) fn searched(&self, hits: u64, corrections: &[Correction]) {
        self.searches.inc();
        if hits == 0 {
            self.without_hits.inc();
        }
        for correction in corrections {
            self.repairs.get_or_create(&OfRepair { kind: correction.kind, applied: correction.applied }).inc();
        }
    }

    /// All figures, as text; those of these indexes as they are now.
    pub(super) fn text(&self, indexes: &[IndexFigures]) -> Result<String, std::fmt::Error> {
        let _one_at_a_time = self.scraping.lock().unwrap_or_else(PoisonError::into_inner);
        self.index.set(indexes);
        if let Some(taken) = memory_stats::memory_stats() {
            self.memory.set(gauged(taken.physical_mem as u64));
        }
        let mut text = String::new();
        encode(&mut text, &self.registry)?;
        Ok(text)
    }
}

impl IndexGauges {
    /// Sets the figures of all indexes; those that are gone have none.
    fn set(&self, indexes: &[IndexFigures]) {
        for family in [&self.documents, &self.bytes, &self.segments, &self.deleted, &self.tasks, &self.is_written] {
            family.clear();
        }
        for IndexFigures { name, figures } in indexes {
            let set = |family: &PerIndex, value: i64| {
                family.get_or_create(&OfIndex { index: name.clone() }).set(value);
            };
            let is_written = figures.as_ref().is_some_and(|(_, health)| health.writer == WriterState::Healthy);
            set(&self.is_written, i64::from(is_written));
            let Some((stats, health)) = figures else { continue };
            set(&self.documents, gauged(stats.documents));
            set(&self.bytes, gauged(stats.disk_bytes));
            set(&self.segments, gauged(stats.segments as u64));
            set(&self.deleted, gauged(stats.deleted_documents));
            set(&self.tasks, gauged(health.waiting as u64));
        }
    }
}

fn gauged(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
