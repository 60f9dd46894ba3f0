//! Whether somebody may use the records now: whether their keys still count, a visitor's stated time, and school hours
//! with the leave beside them.
//!
//! Asked at each sign-in, and again while somebody is signed in. The fire register and roll calls never ask; for a
//! concern somebody is let in outside school hours too, and can do nothing else then. All of it goes by this device's
//! clock.

use super::Device;
use muster_core::authority::view::Holder;
use muster_core::time::Moment;
use muster_school::calendar;
use muster_school::facts::access::{Event, OutOfHours, Refusal};
use muster_school::hours::{self, Permit};
use muster_school::rights::{self, Standing};
use muster_school::roles::Role;

/// How somebody was let in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Admission {
    /// As everybody in school hours.
    #[default]
    Ordinary,
    /// As one who gives leave: hours never end their sign-in.
    GivesLeave,
    /// Outside school hours and without leave, to open a concern.
    ConcernOnly,
}

/// Somebody's passphrase is right, and they may not use the records now. Says until when, or what to do.
#[derive(Debug, thiserror::Error)]
#[error("{words}")]
pub struct NotNow {
    /// Why.
    pub refusal: Refusal,
    words: String,
}

impl NotNow {
    /// The same, said after something else.
    pub(super) fn after(self, words: &str) -> Self {
        Self { words: format!("{words}; {}", self.words), ..self }
    }
}

impl Device {
    /// Whether whoever has just opened their keys may go on, and what of it is written down.
    ///
    /// # Errors
    /// [`NotNow`].
    pub(super) fn admit(&mut self, for_concern: bool) -> anyhow::Result<Option<Event>> {
        self.admission = Admission::Ordinary;
        let now = self.clock.now();
        if let Some(end) = self.visit_ends().filter(|end| end.utc_ms <= now.utc_ms) {
            let words = format!("your time with these records ended on {}: ask the school for more", spoken(end));
            return Err(NotNow { refusal: Refusal::Visit, words }.into());
        }
        let gives_leave = self.gives_leave()?;
        if gives_leave {
            self.admission = Admission::GivesLeave;
        }
        Ok(match self.permit() {
            Permit::Always | Permit::Hours { .. } => None,
            _ if gives_leave => Some(Event::OutOfHours(OutOfHours::GivesLeave)),
            Permit::Leave { .. } => Some(Event::OutOfHours(OutOfHours::Leave)),
            Permit::Not if for_concern => {
                self.admission = Admission::ConcernOnly;
                Some(Event::OutOfHours(OutOfHours::Concern))
            }
            Permit::Not => {
                let words = "outside school hours these records need leave that a senior leader gave beforehand; the fire register opens at any time, and so does a concern";
                return Err(NotNow { refusal: Refusal::Hours, words: words.to_owned() }.into());
            }
        })
    }

    /// Whether whoever is signed in may give leave: the head, and senior leaders. They themselves need none: at night
    /// somebody has to be able to give it, and each such sign-in is an entry.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub fn gives_leave(&mut self) -> anyhow::Result<bool> {
        let Some(person) = self.person() else { return Ok(false) };
        // What they hold, and not what a directory calls them: that is written by others than give roles.
        let held = self.with_records(|records, _| Ok(rights::of_persons(records)))?;
        let gives =
            |known: &rights::Known| matches!(known, rights::Known::Head | rights::Known::Role(Role::SeniorLeader, ..));
        let mut held = held.iter().filter(|(who, rights)| *who == person && rights.standing == Standing::Holds);
        Ok(held.any(|(_, rights)| gives(&rights.known)))
    }

    /// Whether whoever is signed in was let in outside school hours to add a concern, and may do nothing else.
    pub fn is_for_concern_only(&self) -> bool {
        self.opened.is_some() && self.admission == Admission::ConcernOnly
    }

    /// When the sign-in ends by itself, and why; `None` while nothing ends it.
    pub fn sign_in_ends(&self) -> Option<(Moment, Refusal)> {
        if self.opened.as_ref().is_some_and(|opened| !self.replica.still_opens(opened)) {
            return Some((self.clock.now(), Refusal::Keys));
        }
        let visit = self.visit_ends().map(|end| (end, Refusal::Visit));
        let hours = match (self.admission, self.permit()) {
            (Admission::Ordinary, Permit::Hours { until } | Permit::Leave { until }) => Some((until, Refusal::Hours)),
            (Admission::Ordinary, Permit::Not) => Some((self.clock.now(), Refusal::Hours)),
            _ => None,
        };
        visit.into_iter().chain(hours).min_by_key(|(end, _)| end.utc_ms)
    }

    /// Signs out whoever's time is over. Says why, if it was.
    ///
    /// # Errors
    /// When it cannot be written down; they are signed out all the same.
    pub fn end_what_is_over(&mut self) -> anyhow::Result<Option<Refusal>> {
        let now = self.clock.now();
        let over = self.opened.is_some().then(|| self.sign_in_ends()).flatten();
        let Some((_, refusal)) = over.filter(|(end, _)| end.utc_ms <= now.utc_ms) else { return Ok(None) };
        self.sign_out_as(Event::Ended(refusal))?;
        Ok(Some(refusal))
    }

    /// When the last of somebody's grants ends, where all of them do.
    fn visit_ends(&self) -> Option<Moment> {
        let holder = Holder::Person(self.person()?);
        let ends: Option<Vec<Moment>> = self.replica.view().grants_of(&holder).map(|(_, grant)| grant.until).collect();
        ends?.into_iter().max_by_key(|end| end.utc_ms)
    }

    fn permit(&self) -> Permit {
        let (Some(person), Some(site)) = (self.person(), self.site()) else { return Permit::Always };
        hours::permit(self.known.school(), site, person, self.clock.now())
    }
}

fn spoken(at: Moment) -> String {
    let local = calendar::local(at);
    format!("{} at {}", local.day.long(), calendar::clock(local.minute))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;
    use muster_core::id::PersonId;
    use muster_school::facts::policy::Hours;
    use muster_school::office::NewPerson;
    use muster_school::story::Wanted;
    use std::path::Path;

    const PASSPHRASE: &str = "five kind words for this";
    /// 09:00 on Monday 23 November 2026.
    const NINE_MS: i64 = 1_795_424_400_000;
    const HOUR_MS: i64 = 3_600_000;

    /// A school with a teacher, Tom Okafor, who is signed in on its first device at nine, and hours until half past
    /// six.
    fn teacher_at_work(folder: &Path) -> (Device, PersonId, PersonId) {
        let clock = Clock::starting_at(NINE_MS);
        let keep = &mut |_: &[muster_core::keys::recovery::Card]| Ok(());
        let mut device =
            Device::found(folder, "Harbour Primary", "Helen Marsh", "Office", PASSPHRASE, clock, keep).unwrap();
        let head = device.person().unwrap();
        let tom = device
            .office(|office| {
                let site = office.add_site("S1", "Harbour", &[])?;
                office.set_hours(Hours::DEFAULT)?;
                let new = NewPerson {
                    staff_code: "T1".into(),
                    title: String::new(),
                    forename: "Tom".into(),
                    surname: "Okafor".into(),
                    job: "Teacher".into(),
                    role: Role::CoreStaff,
                    sites: vec![site],
                    email: String::new(),
                };
                Ok(office.add_person(None, &new)?)
            })
            .unwrap();
        device.settle_in().unwrap();
        let words = device.one_time_words(tom).unwrap();
        device.activate(&words, PASSPHRASE).unwrap();
        (device, head, tom)
    }

    fn at(device: &mut Device, after_nine_ms: i64) {
        device.clock = Clock::starting_at(NINE_MS + after_nine_ms);
    }

    fn audit(device: &mut Device, head: PersonId) -> Vec<String> {
        device.sign_in(head, PASSPHRASE).unwrap();
        device.audit(&Wanted::default()).unwrap().iter().map(muster_school::story::Told::text).collect()
    }

    #[test]
    fn a_sign_in_ends_by_itself_when_school_hours_do_and_the_audit_says_so() {
        let folder = tempfile::tempdir().unwrap();
        let (mut device, head, tom) = teacher_at_work(&folder.path().join("records"));
        assert_eq!(device.person(), Some(tom));
        let (end, why) = device.sign_in_ends().unwrap();
        assert_eq!((end.utc_ms - NINE_MS, why), (9 * HOUR_MS + HOUR_MS / 2, Refusal::Hours));
        at(&mut device, 9 * HOUR_MS);
        assert_eq!(device.end_what_is_over().unwrap(), None, "at six there is half an hour left");
        at(&mut device, 10 * HOUR_MS);
        assert_eq!(device.end_what_is_over().unwrap(), Some(Refusal::Hours));
        assert!(device.opened.is_none(), "the keys have left memory");
        let told = audit(&mut device, head);
        assert!(told.contains(&"was signed out: school hours had ended".to_owned()), "{told:?}");
    }

    /// Tom's open keys on the device, after the head has done something about him elsewhere.
    fn meanwhile(device: &mut Device, head: PersonId, act: impl FnOnce(&mut Device)) {
        let (opened, since, pin) = (device.opened.clone().unwrap(), device.since, device.pin.take());
        device.sign_in(head, PASSPHRASE).unwrap();
        act(device);
        device.sign_out().unwrap();
        device.replica.sign_in(&opened);
        (device.opened, device.since, device.pin) = (Some(opened), since, pin);
    }

    #[test]
    fn whoever_is_removed_while_signed_in_is_signed_out_where_that_is_heard_of() {
        let folder = tempfile::tempdir().unwrap();
        let (mut device, head, tom) = teacher_at_work(&folder.path().join("records"));
        assert_eq!(device.end_what_is_over().unwrap(), None);
        meanwhile(&mut device, head, |device| device.remove_person(tom).unwrap());
        assert_eq!(device.end_what_is_over().unwrap(), Some(Refusal::Keys));
        assert!(device.opened.is_none() && device.replica.signed_in().next().is_none(), "the keys have left memory");
        let told = audit(&mut device, head);
        assert!(
            told.contains(&"ended the sign-in of Tom Okafor: their keys had been taken away or replaced".to_owned()),
            "{told:?}"
        );
    }

    #[test]
    fn a_reset_ends_the_sign_in_and_the_pin_of_before() {
        let folder = tempfile::tempdir().unwrap();
        let (mut device, head, tom) = teacher_at_work(&folder.path().join("records"));
        device.set_pin("1357").unwrap();
        meanwhile(&mut device, head, |device| drop(device.reset(tom).unwrap()));
        device.lock(Event::SignedOut).unwrap();
        assert_eq!(device.pin_choice(), None);
        assert!(device.unlock("1357").unwrap_err().to_string().contains("use your passphrase"));
        assert!(device.opened.is_none());
    }

    #[test]
    fn who_gives_leave_goes_by_the_role_they_hold_and_not_by_what_the_directory_says() {
        let folder = tempfile::tempdir().unwrap();
        let (mut device, head, tom) = teacher_at_work(&folder.path().join("records"));
        device.sign_in(head, PASSPHRASE).unwrap();
        let site = device.site().unwrap();
        let leader = |surname: &str| NewPerson {
            staff_code: "T1".into(),
            title: String::new(),
            forename: "Tom".into(),
            surname: surname.into(),
            job: "Teacher".into(),
            role: Role::SeniorLeader,
            sites: vec![site],
            email: String::new(),
        };
        // As an import of the staff file does.
        device.office(|office| Ok(office.add_person(Some(tom), &leader("Okafor"))?)).unwrap();
        device.sign_out().unwrap();
        at(&mut device, 12 * HOUR_MS);
        assert!(device.sign_in(tom, PASSPHRASE).unwrap_err().is::<NotNow>());
        device.sign_in(head, PASSPHRASE).unwrap();
        let given = muster_school::view::people::RoleGiven {
            person: Some(tom),
            forename: String::new(),
            surname: String::new(),
            job: String::new(),
            role: Role::SeniorLeader,
            sites: vec![site],
            areas: Vec::new(),
            last_day: String::new(),
        };
        device.give_role(&given).unwrap();
        device.sign_in(tom, PASSPHRASE).unwrap();
    }

    #[test]
    fn whoever_begins_outside_hours_hears_that_their_passphrase_counts_from_now_on() {
        let folder = tempfile::tempdir().unwrap();
        let (mut device, head, tom) = teacher_at_work(&folder.path().join("records"));
        device.sign_in(head, PASSPHRASE).unwrap();
        let words = device.reset(tom).unwrap();
        at(&mut device, 12 * HOUR_MS);
        let refused = device.activate(&words, PASSPHRASE).unwrap_err();
        assert!(refused.is::<NotNow>() && refused.to_string().starts_with("your passphrase is set"), "{refused}");
        assert!(device.opened.is_none());
        at(&mut device, 0);
        device.sign_in(tom, PASSPHRASE).unwrap();
    }

    #[test]
    fn hours_never_end_the_sign_in_of_the_head() {
        let folder = tempfile::tempdir().unwrap();
        let (mut device, head, _) = teacher_at_work(&folder.path().join("records"));
        device.sign_in(head, PASSPHRASE).unwrap();
        at(&mut device, 12 * HOUR_MS);
        assert_eq!(device.end_what_is_over().unwrap(), None);
        device.sign_out().unwrap();
        device.sign_in(head, PASSPHRASE).unwrap();
    }

    #[test]
    fn outside_hours_a_teacher_is_refused_and_let_in_to_open_a_concern() {
        let folder = tempfile::tempdir().unwrap();
        let (mut device, _, tom) = teacher_at_work(&folder.path().join("records"));
        device.sign_out().unwrap();
        at(&mut device, 12 * HOUR_MS);
        let refused = device.sign_in(tom, PASSPHRASE).unwrap_err();
        assert_eq!(refused.downcast_ref::<NotNow>().unwrap().refusal, Refusal::Hours);
        assert!(device.opened.is_none());
        device.sign_in_for_concern(tom, PASSPHRASE).unwrap();
        assert_eq!(device.end_what_is_over().unwrap(), None, "what is being written is not cut off");
    }
}
