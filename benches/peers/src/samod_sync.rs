//! `samod`, the Rust form of automerge-repo, over the backlog: two repositories in one process, joined by channels.

use crate::backlog::{DOCUMENTS, ENTRIES, document};
use crate::{Failure, rounded};
use futures::channel::mpsc::unbounded;
use futures::{SinkExt as _, StreamExt as _};
use samod::storage::{InMemoryStorage, TokioFilesystemStorage};
use samod::{BackoffConfig, DialError, Dialer, DocumentId, Repo, Transport};
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use url::Url;

#[derive(Default)]
struct Counts {
    bytes: AtomicUsize,
    messages: AtomicUsize,
}

/// Hands out the one transport it has.
struct Once(Mutex<Option<Transport>>);

impl Dialer for Once {
    type Error = std::io::Error;

    fn url(&self) -> Url {
        Url::parse("muster-peers://once").unwrap_or_else(|_| unreachable!())
    }

    fn connect(&self) -> Pin<Box<dyn Future<Output = Result<Transport, DialError<Self::Error>>> + Send>> {
        let transport = self.0.lock().ok().and_then(|mut held| held.take());
        Box::pin(async move {
            transport.ok_or_else(|| DialError::transient(std::io::Error::other("there is but one transport")))
        })
    }
}

pub fn in_memory() -> Result<serde_json::Value, Failure> {
    run(None)
}

pub fn on_files() -> Result<serde_json::Value, Failure> {
    run(Some(tempfile::tempdir()?))
}

fn run(folder: Option<tempfile::TempDir>) -> Result<serde_json::Value, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        let ours = InMemoryStorage::new();
        let author = Repo::build_tokio().with_storage(ours.clone()).load().await;
        let mut ids = Vec::new();
        for number in 0..DOCUMENTS {
            let handle = author.create(document(number)?).await.map_err(|_| "stopped")?;
            ids.push((handle.document_id().clone(), handle.with_document(|document| document.get_heads())));
        }
        let (seconds, counts, idle_ms, idle) = match &folder {
            None => {
                let storage = InMemoryStorage::new();
                let open = || Repo::build_tokio().with_storage(storage.clone());
                let first = catch_up(&author, &open().load().await, &ids).await?;
                author.stop().await;
                let author = Repo::build_tokio().with_storage(ours.clone()).load().await;
                let again = idle(&author, &open().load().await, &ids).await?;
                (first.0, first.1, again.0, again.1)
            }
            Some(folder) => {
                let open = || Repo::build_tokio().with_storage(TokioFilesystemStorage::new(folder.path()));
                let first = catch_up(&author, &open().load().await, &ids).await?;
                author.stop().await;
                let author = Repo::build_tokio().with_storage(ours.clone()).load().await;
                let again = idle(&author, &open().load().await, &ids).await?;
                (first.0, first.1, again.0, again.1)
            }
        };
        Ok(serde_json::json!({
            "bench": if folder.is_some() { "peer_samod_files" } else { "peer_samod_memory" },
            "entries": ENTRIES, "documents": DOCUMENTS,
            "catch_up_s": rounded(seconds), "entries_a_second": (ENTRIES as f64 / seconds).round(),
            "wire_bytes": counts.bytes.load(Ordering::Relaxed), "messages": counts.messages.load(Ordering::Relaxed),
            "idle": {
                "bytes": idle.bytes.load(Ordering::Relaxed), "messages": idle.messages.load(Ordering::Relaxed),
                "ms": rounded(idle_ms),
            },
            "lacks": "nothing signed, encrypted or audited; files are not synced to disk; both sides in one process, on two cores",
        }))
    })
}

type Known = [(DocumentId, Vec<automerge::ChangeHash>)];

fn join(left: &Repo, right: &Repo) -> Result<(Arc<Counts>, samod::DialerHandle<std::io::Error>), Failure> {
    let counts = Arc::new(Counts::default());
    let (to_right, at_right) = unbounded::<Vec<u8>>();
    let (to_left, at_left) = unbounded::<Vec<u8>>();
    let counted = |counts: &Arc<Counts>| {
        let counts = Arc::clone(counts);
        move |bytes: Vec<u8>| {
            counts.bytes.fetch_add(bytes.len(), Ordering::Relaxed);
            counts.messages.fetch_add(1, Ordering::Relaxed);
            futures::future::ready(Ok::<_, futures::channel::mpsc::SendError>(bytes))
        }
    };
    let lefts = Transport::new(at_left.map(Ok::<_, std::io::Error>), to_right.with(counted(&counts)));
    let rights = Transport::new(at_right.map(Ok::<_, std::io::Error>), to_left.with(counted(&counts)));
    let acceptor = right.make_acceptor(Url::parse("muster-peers://right")?).map_err(|_| "stopped")?;
    acceptor.accept(rights).map_err(|_| "stopped")?;
    let dialer = left.dial(BackoffConfig::default(), Arc::new(Once(Mutex::new(Some(lefts))))).map_err(|_| "stopped")?;
    Ok((counts, dialer))
}

/// Seconds until the right has all that the left has, and what went over the wire.
async fn catch_up(left: &Repo, right: &Repo, known: &Known) -> Result<(f64, Arc<Counts>), Failure> {
    let began = Instant::now();
    let (counts, dialer) = join(left, right)?;
    dialer.established().await.map_err(|_| "not connected")?;
    for (id, heads) in known {
        let handle = loop {
            if let Some(handle) = right.find(id.clone()).await.map_err(|_| "stopped")? {
                break handle;
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        };
        let mut changes = Box::pin(handle.changes());
        while handle.with_document(|document| document.get_heads()) != *heads {
            changes.next().await.ok_or("the document stopped")?;
        }
    }
    let took = began.elapsed().as_secs_f64();
    right.stop().await;
    Ok((took, counts))
}

/// Milliseconds until each side knows of each document that the other has the same.
async fn idle(left: &Repo, right: &Repo, known: &Known) -> Result<(f64, Arc<Counts>), Failure> {
    let mut handles = Vec::new();
    for (id, _) in known {
        left.find(id.clone()).await.map_err(|_| "stopped")?.ok_or("a document is gone")?;
        handles.push(right.find(id.clone()).await.map_err(|_| "stopped")?.ok_or("a document was not kept")?);
    }
    let began = Instant::now();
    let (counts, dialer) = join(left, right)?;
    dialer.established().await.map_err(|_| "not connected")?;
    let connection = right.when_connected(left.peer_id()).await.map_err(|_| "stopped")?;
    for handle in &handles {
        handle.they_have_our_changes(connection.id()).await;
    }
    let took = began.elapsed();
    left.stop().await;
    right.stop().await;
    Ok((crate::millis(took), counts))
}
