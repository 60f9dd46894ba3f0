//! A code on the screen: the question, what waits for its answer, and setting up a second factor.

use super::clerk::Clerk;
use crate::device::{NO_SECOND_FACTOR, StepUpNeeded};
use crate::host::Host;
use muster_core::crypto::totp::Factor;
use muster_gui::{Intent, Update};
use muster_school::calendar;
use muster_school::step_up::{Answer, Guarded};
use muster_school::view::step_up::{Shown, StepUpView};

/// What is asked of whoever is signed in.
#[derive(Default)]
pub(super) struct StepUp {
    /// What goes on once it was given.
    waiting: Option<Intent>,
    /// Shown, and not kept yet.
    offered: Option<Factor>,
}

/// What an intent is about, for the question's first line.
fn why(intent: &Intent) -> &'static str {
    match intent {
        Intent::Invite { .. } | Intent::ConfirmInvite => "To let a device in, show that it is you.",
        Intent::IssueActivation(_) => "To make one-time words, show that it is you.",
        Intent::Reset(_) => "To reset somebody’s sign-in, show that it is you.",
        Intent::OfConcern(_) => "To read about a concern, show that it is you.",
        Intent::Hours(_) => "To set hours or give leave, show that it is you.",
        Intent::ExportAudit { .. } => "To take the audit out, show that it is you.",
        Intent::StepUp => "",
        _ => "This needs a code: show that it is you.",
    }
}

impl Clerk {
    /// Asks for what an act needs first, and keeps the act until then.
    pub(super) fn ask_step_up(&mut self, host: &mut Host, intent: Intent, needed: StepUpNeeded) -> anyhow::Result<()> {
        let why = why(&intent).to_owned();
        self.step_up.waiting = (intent != Intent::StepUp).then_some(intent);
        match needed {
            StepUpNeeded::Code => {
                self.shared.push(Update::StepUp(StepUpView::Ask { why, problem: None }));
                Ok(())
            }
            StepUpNeeded::SetUp => {
                self.step_up.offered = Some(host.device.offer_factor()?);
                self.show_offer(host, why, None)
            }
        }
    }

    fn show_offer(&self, host: &Host, why: String, problem: Option<String>) -> anyhow::Result<()> {
        let Some(factor) = &self.step_up.offered else { return Ok(()) };
        let uri = Shown::new(host.device.factor_uri(factor)?);
        let groups = Shown::new(factor.groups());
        self.shared.push(Update::StepUp(StepUpView::SetUp { why, uri, groups, problem }));
        Ok(())
    }

    fn why_waiting(&self) -> String {
        self.step_up.waiting.as_ref().map(why).unwrap_or_default().to_owned()
    }

    /// Somebody asked to raise their access, or has none to raise yet.
    pub(super) fn begin_step_up(&mut self, host: &mut Host) -> anyhow::Result<()> {
        if host.device.raised_until().is_some() {
            self.notice(host, "Your code holds already".to_owned(), None);
            return Ok(());
        }
        let needed = if host.device.has_factor()? { StepUpNeeded::Code } else { StepUpNeeded::SetUp };
        self.ask_step_up(host, Intent::StepUp, needed)
    }

    pub(super) fn give_code(&mut self, host: &mut Host, code: &str) -> anyhow::Result<()> {
        match host.device.raise(code) {
            Ok(()) => self.go_on(host),
            Err(error) => {
                let (why, problem) = (self.why_waiting(), Some(error.to_string()));
                self.shared.push(Update::StepUp(StepUpView::Ask { why, problem }));
                Ok(())
            }
        }
    }

    pub(super) fn set_up_factor(&mut self, host: &mut Host, passphrase: &str, code: &str) -> anyhow::Result<()> {
        let Some(factor) = self.step_up.offered.clone() else { return Ok(()) };
        match host.device.set_up_factor(factor, passphrase, code) {
            Ok(()) => {
                self.notice(host, "Your second factor is set up on this device".to_owned(), None);
                self.go_on(host)
            }
            Err(error) => self.show_offer(host, self.why_waiting(), Some(error.to_string())),
        }
    }

    /// A code was given: what waited for it is done now.
    fn go_on(&mut self, host: &mut Host) -> anyhow::Result<()> {
        self.step_up.offered = None;
        self.shared.push(Update::StepUp(StepUpView::Closed));
        let Some(intent) = self.step_up.waiting.take() else { return Ok(()) };
        if let Err(error) = self.act(host, intent.clone()) {
            self.refused(host, intent, &error);
        }
        Ok(())
    }

    /// Nothing waits any more, and nothing is asked.
    pub(super) fn leave_step_up(&mut self) {
        self.step_up = StepUp::default();
        self.shared.push(Update::StepUp(StepUpView::Closed));
    }

    /// While the school uses no second factors, administration says so.
    pub(super) fn warn_unguarded(&self, host: &Host) {
        if matches!(host.device.step_up_answer(Guarded::Administer), Ok(Answer::Warn)) {
            self.notice(host, format!("{NO_SECOND_FACTOR} Ctrl+U"), None);
        }
    }
}

/// The words of the header while a code holds.
pub(super) fn chip(host: &Host) -> Option<String> {
    let until = host.device.raised_until()?;
    Some(format!("Code holds until {}", calendar::clock(calendar::local(until).minute)))
}
