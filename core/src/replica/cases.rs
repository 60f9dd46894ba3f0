//! Cases: who can read a document of a case area, when it is written and as people come and go.
//!
//! A case is wrapped to its author, to the people alerted, to recovery, and to the leads: by the leads' own key, or,
//! where anybody is left out, to each lead who is not. Nobody who is left out is ever wrapped to, and no key that
//! they may come to hold is. Where the leads have no key yet, each is wrapped to singly.
//!
//! When somebody whom a case's secret is wrapped to may no longer read there, what is written next goes under a new
//! secret, for those who are left.

use super::commit::Draft;
use super::records::{Circle, RecordsError};
use super::recover::RECOVERY;
use super::store::Store;
use super::{Context, Replica};
use crate::authority::capability::Right;
use crate::authority::view::{Ends, Holder};
use crate::crypto::sign::PublicSign;
use crate::crypto::wrap::{AgreeKey, PublicAgree, RecipientId};
use crate::document::payload::handle;
use crate::id::{Compartment, EpochId, Handle, PersonId, SeatId, SecretId, Section};
use crate::keys::case::{self, About};
use crate::keys::epoch::{DocumentSecret, EpochKey, EpochKind, Purpose};
use crate::keys::record::Record;
use crate::keys::ring::{Case, Through};
use crate::keys::rule::KeyRule;
use crate::time::Moment;
use rand_core::CryptoRng;
use std::collections::{BTreeMap, BTreeSet};

/// What an act does to one case.
pub(super) struct DraftedCase {
    pub(super) section: Section,
    pub(super) secret: DocumentSecret,
    pub(super) about: About,
    pub(super) author: PersonId,
}

type Keys = BTreeMap<RecipientId, PublicAgree>;

impl<S: Store> Replica<S> {
    pub(super) fn is_case(&self, section: &Section) -> bool {
        self.rule(section.compartment.area) == KeyRule::Case
    }

    /// The secret to write a case under, and the cover. Makes the one or the other where there is none, and wraps
    /// the secret to whomever it should be and is not yet.
    pub(super) fn draft_case(
        &mut self,
        draft: &mut Draft,
        circle: &Circle,
        context: &mut Context<'_>,
    ) -> Result<(EpochId, EpochKey, DocumentSecret), RecordsError> {
        let section = circle.document.section;
        if !self.is_case(&section) {
            return Err(RecordsError::NotAllowed("these records are not read one by one".into()));
        }
        let author = self.case_author(draft, &section, context.now)?;
        let (epoch, cover) = self.writing_epoch(draft, &section, Purpose::Cover, context)?;
        let handle = handle(&self.school, &circle.document);
        let drafted = draft.cases.iter().find(|case| case.section == section && case.secret.handle == handle);
        if let Some(case) = drafted {
            return Ok((epoch, cover, case.secret.clone()));
        }
        let from = self.ring.person_key(&author).cloned().ok_or_else(not_signed_in)?;
        self.open_section_secrets(&section);
        let known = self.cases_of(&section, &handle, &author, context.now);
        let left_out = self.left_out(circle, &known, &author)?;
        let mut wanted = self.alerted(circle, &left_out, context.now)?;
        wanted.extend(self.view.recovery().iter().chain([&from.public()]).map(|key| (key.recipient(), *key)));
        let leads = self.leads_for(draft, &section, context)?;
        wanted.extend(self.lead_side(&section.compartment, leads, &left_out, context.now));
        let mut allowed = self.view.entitled(&Right::OPENS_CASES, &section.compartment, false, context.now);
        allowed.extend(leads.map(|leads| leads.recipient()));
        let serves = known.iter().find(|(_, case)| case.recipients.is_subset(&allowed));
        let (secret, has) = match serves.and_then(|(id, case)| Some((self.ring.secret(id)?.clone(), case))) {
            Some((secret, case)) => (secret, case.recipients.clone()),
            None => {
                let before: BTreeSet<RecipientId> =
                    known.iter().flat_map(|(_, case)| &case.recipients).copied().collect();
                let openers =
                    self.view.persons_with(&Right::OPENS_CASES, &section.compartment, Ends::NotBy(context.now));
                let stay = openers.into_iter().filter(|(person, _)| !left_out.contains(person));
                let stay = stay.map(|(_, key)| (key.recipient(), key)).filter(|(id, _)| before.contains(id));
                wanted.extend(stay);
                (DocumentSecret::random(handle, context.random), BTreeSet::new())
            }
        };
        wanted.retain(|id, _| !has.contains(id));
        let records = wrap_case(&secret, (epoch, &cover), &from, &wanted, &left_out, context.random)?;
        draft.records.extend(records.into_iter().map(|record| (section, record)));
        let about = About { handle, left_out, recipients: wanted.into_keys().chain(has).collect() };
        draft.cases.push(DraftedCase { section, secret: secret.clone(), about, author });
        Ok((epoch, cover, secret))
    }

    fn case_author(&self, draft: &Draft, section: &Section, now: Moment) -> Result<PersonId, RecordsError> {
        let ends = Ends::NotBy(now);
        let may = |right: &Right| self.view.may(&draft.seat, *right, &section.compartment, ends).is_some();
        if !Right::OPENS_CASES.iter().any(may) {
            return Err(RecordsError::NotAllowed("your role opens no case here: tell a safeguarding lead".into()));
        }
        match self.view.holder(&draft.seat) {
            Some(Holder::Person(person)) => Ok(person),
            _ => Err(not_signed_in()),
        }
    }

    /// The open secrets of a document that a person has now.
    fn cases_of(&self, section: &Section, handle: &Handle, person: &PersonId, now: Moment) -> Vec<(SecretId, Case)> {
        let ids = self.ring.secrets_of(section, handle);
        let known = ids.filter(|id| !self.is_doomed(section, id));
        let known = known.filter_map(|id| Some((*id, self.ring.case(section, id)?.clone())));
        known.filter(|(_, case)| self.has_case(case, section, person, now)).collect()
    }

    /// Whether a person has a case now: for themselves, or as one of the leads.
    fn has_case(&self, case: &Case, section: &Section, person: &PersonId, now: Moment) -> bool {
        let has =
            |right: &Right| self.view.has(&Holder::Person(*person), *right, &section.compartment, Ends::NotBy(now));
        match case.readers.get(person) {
            Some(Through::Themselves) => true,
            Some(Through::Leads) => has(&Right::Read),
            None => false,
        }
    }

    fn left_out(
        &self,
        circle: &Circle,
        known: &[(SecretId, Case)],
        author: &PersonId,
    ) -> Result<Vec<PersonId>, RecordsError> {
        let mut left_out: BTreeSet<PersonId> = known.iter().flat_map(|(_, case)| &case.left_out).copied().collect();
        if !known.is_empty() && circle.left_out.iter().any(|person| !left_out.contains(person)) {
            return Err(RecordsError::NotAllowed(
                "somebody may have read this case already: to leave a person out, open a new case".into(),
            ));
        }
        left_out.extend(&circle.left_out);
        if left_out.len() > case::LEFT_OUT_MOST {
            return Err(RecordsError::TooMuch {
                what: "the number of people left out of one case",
                most: case::LEFT_OUT_MOST,
            });
        }
        if left_out.contains(author) {
            return Err(RecordsError::NotAllowed(
                "whoever writes a case can read it: have somebody else open it".into(),
            ));
        }
        Ok(left_out.into_iter().collect())
    }

    fn alerted(&self, circle: &Circle, left_out: &[PersonId], now: Moment) -> Result<Keys, RecordsError> {
        let openers =
            self.view.persons_with(&Right::OPENS_CASES, &circle.document.section.compartment, Ends::NotBy(now));
        let mut keys = Keys::new();
        for person in &circle.alerted {
            if left_out.contains(person) {
                return Err(RecordsError::NotAllowed(
                    "a person cannot be both told of a case and left out of it".into(),
                ));
            }
            let before = keys.len();
            keys.extend(openers.iter().filter(|(one, _)| one == person).map(|(_, key)| (key.recipient(), *key)));
            if keys.len() == before {
                return Err(RecordsError::NotAllowed(
                    "a person to be told has no right here yet, and could not read it: ask an administrator".into(),
                ));
            }
        }
        Ok(keys)
    }

    /// The leads' public key, made by this act where there is none and its author is a lead.
    fn leads_for(
        &mut self,
        draft: &mut Draft,
        section: &Section,
        context: &mut Context<'_>,
    ) -> Result<Option<PublicAgree>, RecordsError> {
        if self.view.may(&draft.seat, Right::Read, &section.compartment, Ends::NotBy(context.now)).is_some() {
            let (_, key) = self.writing_epoch(draft, section, Purpose::Leads, context)?;
            return Ok(Some(key.leads().public()));
        }
        Ok(self.leads_key(section, context.now))
    }

    /// The leads' public key that serves now.
    fn leads_key(&mut self, section: &Section, now: Moment) -> Option<PublicAgree> {
        let best = self.serving(section, Purpose::Leads, now).into_iter().next()?;
        match self.epochs.get(&best)?.statement.kind {
            EpochKind::Leads(public) => Some(public),
            _ => None,
        }
    }

    /// What of a case goes to the leads: their own key, or each who is not left out.
    fn lead_side(
        &self,
        compartment: &Compartment,
        leads: Option<PublicAgree>,
        left_out: &[PersonId],
        now: Moment,
    ) -> Keys {
        match leads {
            Some(leads) if left_out.is_empty() => Keys::from([(leads.recipient(), leads)]),
            _ => {
                let readers = self.view.persons_with(&[Right::Read], compartment, Ends::NotBy(now)).into_iter();
                let stay = readers.filter(|(person, _)| !left_out.contains(person));
                stay.map(|(_, key)| (key.recipient(), key)).collect()
            }
        }
    }

    /// Whether a seat that is signed in can read a document of a case area.
    pub(super) fn reads_case(&self, seat: &SeatId, section: &Section, handle: &Handle, now: Moment) -> bool {
        let Some(Holder::Person(person)) = self.view.holder(seat) else { return false };
        let mut ids = self.ring.secrets_of(section, handle).peekable();
        ids.peek().is_some()
            && ids.all(|id| self.ring.case(section, id).is_some_and(|case| self.has_case(case, section, &person, now)))
    }

    /// Wraps cases that are open here to whoever should have them and has not: the new key that a person went on with,
    /// and leads who were granted the right since. Nobody who was alerted once and has other keys now: a lead alerts them again.
    pub(super) fn settle_cases(&mut self, context: &mut Context<'_>) -> Result<(), RecordsError> {
        let sections: Vec<Section> = self.sealed.sections().filter(|section| self.is_case(section)).copied().collect();
        for section in sections {
            self.open_section_secrets(&section);
            let now = context.now;
            let Some((epoch, cover)) = self.cover_at_hand(&section, now) else { continue };
            let persons: Vec<PersonId> = self.ring.persons().copied().collect();
            for person in persons {
                let Some(from) = self.ring.person_key(&person).cloned() else { continue };
                for (id, missing, left_out) in self.owed_cases(&section, &person, now) {
                    let Some(secret) = self.ring.secret(&id).cloned() else { continue };
                    let records = wrap_case(&secret, (epoch, &cover), &from, &missing, &left_out, context.random)?;
                    self.add_own_records(records.into_iter().map(|record| (section, record)).collect())?;
                    let about = About { handle: secret.handle, left_out, recipients: missing.into_keys().collect() };
                    let through = self.ring.case(&section, &id).and_then(|case| case.readers.get(&person).copied());
                    self.ring.put_case(section, secret, &about, (person, through.unwrap_or(Through::Leads)));
                }
            }
        }
        Ok(())
    }

    /// The keys of a person that are proven to be those of whoever is signed in here: at hand, or what the keys at
    /// hand said their owner goes on with. Other keys under the same name were only given rights by some officer.
    fn own_keys(&self, person: &PersonId) -> Vec<PublicAgree> {
        let seats = self.signed_in.iter().filter(|(_, signed_in)| signed_in.person == *person);
        let signs: BTreeSet<PublicSign> = seats.filter_map(|(seat, _)| self.view.signs_with(seat)).collect();
        let holder = Holder::Person(*person);
        let own = self.view.grants_of(&holder).filter_map(|(_, standing)| {
            let now = standing.keys?.agree;
            let follows = standing.former.iter().any(|(key, _)| signs.contains(key));
            (follows || self.ring.has_key(person, &now)).then_some(now)
        });
        own.collect()
    }

    fn owed_cases(
        &mut self,
        section: &Section,
        person: &PersonId,
        now: Moment,
    ) -> Vec<(SecretId, Keys, Vec<PersonId>)> {
        let reads = || self.view.has(&Holder::Person(*person), Right::Read, &section.compartment, Ends::NotBy(now));
        let is_lead = *person == RECOVERY || reads();
        let own = self.own_keys(person);
        let leads = self.leads_key(section, now);
        let leads_once: BTreeSet<RecipientId> = self
            .epochs
            .values()
            .filter(|info| info.section == *section)
            .filter_map(|info| match info.statement.kind {
                EpochKind::Leads(public) => Some(public.recipient()),
                _ => None,
            })
            .collect();
        let mut owed = Vec::new();
        let stays = |id: &SecretId| !self.is_doomed(section, id);
        let cases = self.ring.cases(section).filter(|(id, _)| stays(id));
        for (id, case) in cases.filter(|(_, case)| self.has_case(case, section, person, now)) {
            let left_out: Vec<PersonId> = case.left_out.iter().copied().collect();
            let mut missing = Keys::new();
            if case.readers.get(person) == Some(&Through::Themselves) {
                missing.extend(own.iter().map(|key| (key.recipient(), *key)));
            }
            if is_lead && case.recipients.is_disjoint(&leads_once) {
                let mut singly = self.lead_side(&section.compartment, None, &left_out, now);
                singly.retain(|id, _| !case.recipients.contains(id));
                if !singly.is_empty() {
                    missing.extend(self.lead_side(&section.compartment, leads, &left_out, now));
                }
            }
            missing.retain(|id, _| !case.recipients.contains(id));
            if !missing.is_empty() {
                owed.push((*id, missing, left_out));
            }
        }
        owed
    }

    /// A cover to put records of cases under: it hides nothing that their own wraps do not.
    fn cover_at_hand(&mut self, section: &Section, now: Moment) -> Option<(EpochId, EpochKey)> {
        let serving = self.serving(section, Purpose::Cover, now);
        let covers = self.epochs.values().filter(|info| info.section == *section && info.purpose() == Purpose::Cover);
        let all: Vec<EpochId> = serving.into_iter().chain(covers.map(|info| info.statement.epoch)).collect();
        all.into_iter().find_map(|epoch| Some((epoch, self.ring.epoch(section, &epoch, &self.sealed)?)))
    }
}

/// The records that wrap a case to these. A public key that cannot be wrapped to is its owner's trouble: nobody else
/// goes without for it.
fn wrap_case(
    secret: &DocumentSecret,
    cover: (EpochId, &EpochKey),
    from: &AgreeKey,
    to: &Keys,
    left_out: &[PersonId],
    random: &mut dyn CryptoRng,
) -> Result<Vec<Record>, RecordsError> {
    let keys: Vec<PublicAgree> = to.values().filter(|key| from.may_wrap_to(key)).copied().collect();
    let mut records = Vec::new();
    for some in keys.chunks(case::WRAPS) {
        let record = case::seal(secret, cover, from, some, left_out, random);
        records.push(record.ok_or_else(|| {
            RecordsError::Broken("this case cannot be sealed for those who should read it: tell support".into())
        })?);
    }
    Ok(records)
}

fn not_signed_in() -> RecordsError {
    RecordsError::NotAllowed("a case is written by a person: sign in first".into())
}
