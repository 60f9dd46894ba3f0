//! Letting a device in, from the officer's side.

use super::Host;
use crate::limits;
use anyhow::{Context as _, bail};
use muster_core::authority::grant::{Grant, Grantee, RANK_DEVICE};
use muster_core::crypto::stretch::Cost;
use muster_core::id::{DeviceId, PlaceId};
use muster_core::replica::Context;
use muster_core::sync::join::{Candidate, Code, Invitation, refusal, welcome};
use muster_net::{CloseReason, SessionId};
use muster_school::roles::DeviceKind;
use muster_school::step_up::Guarded;
use std::time::{Duration, Instant};

/// How far an invitation is.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum InviteState {
    /// None is open.
    #[default]
    None,
    /// The code is shown and the door is open.
    Open {
        /// The whole code: words, device, addresses.
        code: String,
        /// Until when, in milliseconds since 1970 UTC.
        until_ms: i64,
    },
    /// A device has proven the words; its phrase must be compared.
    Compare {
        /// What it calls itself.
        name: String,
        /// Shown on both screens.
        phrase: String,
        /// That it may be of the school already, under this name.
        twice: Option<String>,
    },
    /// A device is in.
    Done {
        /// Which.
        device: DeviceId,
        /// What it is called.
        name: String,
    },
    /// It came to nothing, and why.
    Failed(String),
}

/// An invitation that is open.
pub(super) struct Open {
    invitation: Invitation,
    kind: DeviceKind,
    sites: Vec<PlaceId>,
    ends: Instant,
    candidate: Option<(SessionId, Candidate)>,
}

/// A session that speaks the join protocol.
pub(super) struct Joining {
    peer: DeviceId,
    binding: [u8; 32],
}

impl Host {
    /// How far the invitation is.
    pub fn invite_state(&self) -> &InviteState {
        &self.invite
    }

    /// Opens an invitation for a device of this kind that is to hold these sites; none means all. It ends after `lasts`, and after
    /// [`limits::INVITATION`] at the latest.
    ///
    /// # Errors
    /// When nobody is signed in or must give a code first, there is no network, or too little memory.
    pub fn open_invitation(
        &mut self,
        kind: DeviceKind,
        sites: Vec<PlaceId>,
        lasts: Duration,
    ) -> anyhow::Result<String> {
        if self.device.opened.is_none() {
            bail!("sign in first: a device is added by somebody with the right to");
        }
        self.device.need(Guarded::Administer)?;
        let node = self.node.as_ref().context("this device has no network open, so nobody could answer the code")?;
        let addresses = node.addresses().iter().take(limits::ADDRESSES).map(ToString::to_string).collect();
        let code = Code::new(self.device.replica.device(), addresses, &mut rand::rng());
        let text = code.to_text().to_string();
        let invitation = Invitation::open(code, Cost::NORMAL)?;
        // A device that waits at an earlier one hears that it is over.
        self.cancel_invitation();
        if let Some(node) = &self.node {
            node.open_joining(true);
        }
        let lasts = lasts.min(limits::INVITATION);
        let until_ms = self.device.clock.now().utc_ms + i64::try_from(lasts.as_millis()).unwrap_or(i64::MAX);
        self.invitation = Some(Open { invitation, kind, sites, ends: Instant::now() + lasts, candidate: None });
        self.invite = InviteState::Open { code: text.clone(), until_ms };
        Ok(text)
    }

    /// The phrases agree: grants the device its rights and says welcome.
    ///
    /// # Errors
    /// When no device waits, or whoever is signed in may not enrol one.
    pub fn confirm_invitation(&mut self) -> anyhow::Result<DeviceId> {
        // The rights are given here, and not when the code was made.
        self.device.need(Guarded::Administer)?;
        let open = self.invitation.take().context("no invitation is open")?;
        let Some((session, candidate)) = open.candidate else {
            self.invitation = Some(open);
            bail!("no device has answered the code yet");
        };
        let to = Grantee::Device { device: candidate.device, agree: candidate.agree };
        let grant = Grant { to, rank: RANK_DEVICE, capabilities: open.kind.capabilities(&open.sites), until: None };
        let seat = self.device.seat();
        let mut random = rand::rng();
        let mut context = Context { now: self.device.clock.now(), random: &mut random };
        if let Err(error) = self.device.replica.grant(&seat, grant, &mut context) {
            self.say_no(session, &error.to_string());
            self.invite = InviteState::Failed(error.to_string());
            self.close_door();
            return Err(error.into());
        }
        let (name, _) = self.device.name_for_new(&candidate.name);
        let named = name.clone();
        // Whoever may enrol a device may not always write the school's document; the device then keeps the name itself.
        let site = open.sites.first().copied();
        if let Err(error) =
            self.device.office(|office| Ok(office.name_device(candidate.device, &named, site).map(drop)?))
        {
            tracing::info!("the new device's name was not written into the school's document: {error}");
        }
        self.device.local.peers.entry(candidate.device).or_default().name.clone_from(&name);
        self.tell_node();
        if let Some(node) = &self.node {
            let _ = node.send(session, welcome());
            node.close(session, CloseReason::Done);
        }
        self.close_door();
        self.invite = InviteState::Done { device: candidate.device, name };
        Ok(candidate.device)
    }

    /// The phrases differ, or it is not wanted any more.
    pub fn cancel_invitation(&mut self) {
        if let Some(Open { candidate: Some((session, _)), .. }) = &self.invitation {
            self.say_no(*session, "the other side said no: the phrases did not agree, or the invitation was withdrawn");
        }
        self.invitation = None;
        self.invite = InviteState::None;
        self.close_door();
    }

    pub(super) fn end_stale_invitation(&mut self) {
        if self.invitation.as_ref().is_some_and(|open| Instant::now() >= open.ends) {
            self.cancel_invitation();
            self.invite = InviteState::Failed("nobody answered the code in time: make a new one".to_owned());
            self.moved = true;
        }
    }

    pub(super) fn join_begins(&mut self, session: SessionId, peer: DeviceId, binding: [u8; 32]) {
        self.joins.insert(session, Joining { peer, binding });
    }

    pub(super) fn join_ended(&mut self, session: SessionId) {
        if self.joins.remove(&session).is_none() {
            return;
        }
        if let Some(open) = &mut self.invitation
            && open.candidate.as_ref().is_some_and(|(of, _)| *of == session)
        {
            self.invitation = None;
            self.close_door();
            self.invite =
                InviteState::Failed("the new device went away before it was let in: make a new code".to_owned());
        }
    }

    pub(super) fn join_frame(&mut self, session: SessionId, bytes: &[u8]) {
        let Some(Joining { peer, binding }) = self.joins.get(&session) else { return };
        let Some(open) = self.invitation.as_mut().filter(|open| open.candidate.is_none()) else {
            self.say_no(session, "no invitation is open on the other device: ask for a new code");
            return;
        };
        match open.invitation.receive(self.device.replica.founding(), *peer, *binding, bytes) {
            Ok(candidate) => {
                if let Some(node) = &self.node {
                    let _ = node.send(session, candidate.answer.clone());
                }
                let (_, twice) = self.device.name_for_new(&candidate.name);
                let (name, phrase) = (candidate.name.clone(), candidate.phrase.clone());
                self.invite = InviteState::Compare { name, phrase, twice };
                open.candidate = Some((session, candidate));
            }
            Err(error) => {
                let used_up = open.invitation.is_used_up();
                self.say_no(session, &error.to_string());
                if used_up {
                    self.cancel_invitation();
                    self.invite = InviteState::Failed("wrong words were tried too often: make a new code".to_owned());
                }
            }
        }
    }

    fn say_no(&self, session: SessionId, why: &str) {
        if let Some(node) = &self.node {
            let _ = node.send(session, refusal(why));
            node.close(session, CloseReason::Done);
        }
    }

    fn close_door(&self) {
        if let Some(node) = &self.node {
            node.open_joining(false);
        }
    }
}
