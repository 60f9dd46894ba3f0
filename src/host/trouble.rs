//! What went wrong behind the scenes: said once, and tried again at leisure.
//!
//! A disk that is full stays full for a while. Saying so at each try would bury whatever else there is to say, and
//! trying at once again would do nothing else.

use crate::limits;
use muster_core::replica::Problem;
use std::collections::BTreeSet;
use std::time::Instant;

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Trouble {
    /// To be said.
    words: Option<String>,
    /// Said already, and not over.
    said: BTreeSet<String>,
    /// When something last went wrong.
    last: Option<Instant>,
    /// Until when the documents are left as they are.
    waits: Option<Instant>,
}

impl Trouble {
    /// Something went wrong. Says whether that is news.
    pub(super) fn met(&mut self, error: &anyhow::Error, now: Instant) -> bool {
        let over = self.last.is_none_or(|last| now.saturating_duration_since(last) >= limits::TROUBLE_OVER);
        self.last = Some(now);
        if over {
            self.said.clear();
        }
        let words = error.to_string();
        if self.said.len() >= limits::TROUBLES || !self.said.insert(words.clone()) {
            return false;
        }
        self.words = Some(words);
        true
    }

    /// What is to be said, once.
    pub(super) fn take(&mut self) -> Option<String> {
        self.words.take()
    }

    /// The documents could not be caught up: that is tried again after a while.
    pub(super) fn wait(&mut self, now: Instant) {
        self.waits = Some(now + limits::TRY_DOCUMENTS_AGAIN);
    }

    /// Whether that while is not over.
    pub(super) fn must_wait(&self, now: Instant) -> bool {
        self.waits.is_some_and(|until| now < until)
    }
}

/// What a person is to be told of what was not taken from another device; nothing of what is asked for again by itself.
pub(super) fn refusal(problems: &[(Problem, usize)], device: &str) -> Option<anyhow::Error> {
    let told = problems.iter().find_map(|(problem, _)| match problem {
        Problem::TooManyKeys => {
            Some("more keys of one kind of record than a school has, and some records may not open")
        }
        Problem::TooManyLogs => Some("work of more devices and people than a school has, and some may be missing"),
        Problem::TooManyBranches => Some("one log in more versions than are kept, as only a stolen key makes them"),
        _ => None,
    })?;
    Some(anyhow::anyhow!(
        "{device} handed over {told}: hold that device back under Devices if it is not where it should be, and ask \
         whoever looks after your devices"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn too_many_keys_are_told_with_the_device_they_came_from_and_a_gap_is_not() {
        let told = refusal(&[(Problem::Gap(3), 1), (Problem::TooManyKeys, 4)], "Hall tablet").unwrap().to_string();
        assert!(told.starts_with("Hall tablet handed over more keys"), "{told}");
        assert!(
            refusal(&[(Problem::Gap(3), 1), (Problem::TooMuchToday, 1), (Problem::NotHeld, 2)], "Hall tablet")
                .is_none()
        );
    }

    #[test]
    fn a_disk_that_stays_full_is_said_once_and_again_when_it_happens_again() {
        let (mut trouble, start) = (Trouble::default(), Instant::now());
        let full = || anyhow::anyhow!("the disk is full");
        let mut news = 0;
        for seconds in 0..600 {
            let now = start + limits::TRY_DOCUMENTS_AGAIN * seconds;
            trouble.wait(now);
            assert!(trouble.must_wait(now) && !trouble.must_wait(now + limits::TRY_DOCUMENTS_AGAIN));
            news += usize::from(trouble.met(&full(), now));
        }
        assert_eq!(news, 1);
        assert_eq!(trouble.take().as_deref(), Some("the disk is full"));
        assert_eq!(trouble.take(), None);
        let later = start + limits::TRY_DOCUMENTS_AGAIN * 600;
        assert!(trouble.met(&anyhow::anyhow!("the disk is gone"), later), "something else is news");
        assert!(trouble.met(&full(), later + limits::TROUBLE_OVER), "and so is the same on another day");
    }
}
