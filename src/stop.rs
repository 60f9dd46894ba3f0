//! Being asked to stop: by Ctrl+C, or by the system that ends a service. Whoever runs on looks now and then, and ends
//! as after a day's work, so that the records need no check at the next start.
//!
//! Not here: a power cut, or being killed. The records stand that anyway.

use anyhow::Context as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether somebody asked. Clones tell of the same.
#[derive(Clone, Debug, Default)]
pub(crate) struct Stop(Arc<AtomicBool>);

impl Stop {
    /// Begins to listen. From then on a first Ctrl+C does not end the process by itself; a second one does.
    ///
    /// # Errors
    /// When the system lets nobody listen.
    pub(crate) fn listen() -> anyhow::Result<Self> {
        let stop = Self::default();
        stop.when_asked().context("cannot listen for being asked to stop")?;
        Ok(stop)
    }

    /// Whether it was asked for.
    pub(crate) fn is_asked(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    #[cfg(unix)]
    fn when_asked(&self) -> std::io::Result<()> {
        use async_signal::{Signal, Signals};
        use futures_lite::StreamExt as _;
        let mut signals = Signals::new([Signal::Term, Signal::Int])?;
        let asked = Arc::clone(&self.0);
        let listen = move || {
            futures_lite::future::block_on(async move {
                while signals.next().await.is_some() {
                    if asked.swap(true, Ordering::Relaxed) {
                        std::process::exit(130);
                    }
                }
            });
        };
        std::thread::Builder::new().name("stop".into()).spawn(listen).map(drop)
    }

    /// Elsewhere a process that is asked to stop is ended, and stands that as it stands a power cut.
    #[cfg(not(unix))]
    fn when_asked(&self) -> std::io::Result<()> {
        Ok(())
    }
}
