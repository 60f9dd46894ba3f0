//! `muster requests`: what staff asked to have back, from asking to done.

use super::Common;
use super::ask::SignedIn;
use crate::device::Device;
use anyhow::Context as _;
use clap::Subcommand;
use muster_core::id::SeatId;
use muster_core::time::Moment;
use muster_school::continuity::Request;
use muster_school::facts::continuity::Stage;

/// What staff asked to have back: list it, ask, take it up, say what was done
pub(super) type Requests = SignedIn<What>;

#[derive(Debug, Subcommand)]
pub(super) enum What {
    /// Ask to have something back. Everybody on the staff of the site can read it: tell no pupil's story
    Ask {
        /// What
        what: String,
        /// As it was when, as in "on Friday at noon"
        #[arg(long, value_name = "WORDS", default_value = "")]
        when: String,
    },
    /// Take a request up
    Take {
        /// Its number in the list
        number: usize,
    },
    /// Say that it was done, and how
    Done {
        /// Its number in the list
        number: usize,
        /// What was done
        words: String,
    },
    /// Say that it is not done, and why
    Refuse {
        /// Its number in the list
        number: usize,
        /// Why not
        words: String,
    },
}

impl Requests {
    pub(super) fn run(self, common: &Common) -> anyhow::Result<()> {
        let mut device = self.who.open(common)?;
        let answer = |device: &mut Device, number: usize, stage, words: &str| {
            let all = device.restore_requests()?;
            let at = number.checked_sub(1).context("requests are counted from 1")?;
            let id = all.get(at).context("there is no request of that number: see muster requests")?.id;
            device.answer_restore_request(id, stage, words)
        };
        match self.what {
            None => {}
            Some(What::Ask { what, when }) => {
                device.ask_to_restore(&what, &when)?;
                say!("Asked. Whoever runs the school sees it, and you see here what comes of it.");
                return Ok(());
            }
            Some(What::Take { number }) => answer(&mut device, number, Stage::InHand, "")?,
            Some(What::Done { number, words }) => answer(&mut device, number, Stage::Done, &words)?,
            Some(What::Refuse { number, words }) => answer(&mut device, number, Stage::NotDone, &words)?,
        }
        let all = device.restore_requests()?;
        if all.is_empty() {
            say!("Nobody has asked to have anything back.");
        }
        for (number, request) in all.iter().enumerate() {
            say_request(&device, number + 1, request);
        }
        Ok(())
    }
}

fn say_request(device: &Device, number: usize, request: &Request) {
    let by = |seat: &SeatId, at: Moment| format!("{}, {}", device.writer_words(seat), device.moment_words(at));
    let when = if request.asked.when.is_empty() { String::new() } else { format!(" ({})", request.asked.when) };
    say!("{number}. {}: {}{when}", request.state(), request.asked.what);
    say!("   asked by {}", by(&request.by, request.at));
    if let Some(waited) = request.waited(device.clock.now()) {
        say!("   {}", if request.is_over() { format!("it took {waited}") } else { format!("it has waited {waited}") });
    }
    for (answered, seat, at) in &request.answers {
        let what = match answered.stage {
            Stage::InHand => "taken up",
            Stage::Done => "done",
            Stage::NotDone => "not done",
        };
        let words = if answered.words.is_empty() { String::new() } else { format!(": {}", answered.words) };
        say!("   {what} by {}{words}", by(seat, *at));
    }
}
