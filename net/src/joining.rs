//! The turnstile before the join protocol: open only while an invitation is, and slow.
//!
//! Not here: whether the words are right. The engine proves them with the session's channel binding.

use tokio::time::Instant;

use crate::{defaults::JOIN_REFILL, limits::JOIN_BURST};

/// Lets joining connections through while open, [`JOIN_BURST`] at once and then one each [`JOIN_REFILL`].
#[derive(Debug, Default)]
pub(crate) struct Turnstile {
    open: bool,
    left: u32,
    counted: Option<Instant>,
}

impl Turnstile {
    pub(crate) fn is_open(&self) -> bool {
        self.open
    }

    /// Opening again does not give new turns: else each new invitation would.
    pub(crate) fn set_open(&mut self, open: bool, now: Instant) {
        self.open = open;
        self.refill(now);
    }

    /// Takes a turn, if there is one.
    pub(crate) fn pass(&mut self, now: Instant) -> bool {
        self.refill(now);
        if !self.open || self.left == 0 {
            return false;
        }
        self.left -= 1;
        true
    }

    fn refill(&mut self, now: Instant) {
        let Some(counted) = self.counted else {
            self.left = JOIN_BURST;
            self.counted = Some(now);
            return;
        };
        let turns = u32::try_from(now.duration_since(counted).as_millis() / JOIN_REFILL.as_millis());
        let turns = turns.unwrap_or(JOIN_BURST);
        if turns > 0 {
            self.left = self.left.saturating_add(turns).min(JOIN_BURST);
            self.counted = Some(counted + JOIN_REFILL * turns);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_passes_while_no_invitation_is_open() {
        let now = Instant::now();
        let mut turnstile = Turnstile::default();
        assert!(!turnstile.pass(now));
        turnstile.set_open(true, now);
        assert!(turnstile.pass(now));
        turnstile.set_open(false, now);
        assert!(!turnstile.pass(now));
    }

    #[test]
    fn after_the_first_attempts_only_one_more_passes_each_interval() {
        let start = Instant::now();
        let mut turnstile = Turnstile::default();
        turnstile.set_open(true, start);
        assert_eq!((0..20).filter(|_| turnstile.pass(start)).count(), JOIN_BURST as usize);
        let later = start + JOIN_REFILL;
        assert_eq!((0..20).filter(|_| turnstile.pass(later)).count(), 1);
        turnstile.set_open(false, later);
        turnstile.set_open(true, later);
        assert!(!turnstile.pass(later), "a new invitation gives no new turns");
        let much_later = later + JOIN_REFILL * 1_000;
        assert_eq!((0..20).filter(|_| turnstile.pass(much_later)).count(), JOIN_BURST as usize);
    }
}
