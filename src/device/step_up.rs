//! A person's second factor on this device, and for how long a code that was given holds.
//!
//! The secret is in the person's bundle and comes to every device of theirs. How many codes were wrong, and which was
//! the last taken, lie in a file of this device, so that starting the program anew begins no new count. A code
//! is taken once on this device; two devices apart cannot know of each other's.

use super::Device;
use anyhow::{Context as _, bail};
use muster_core::codec;
use muster_core::crypto::aead::{open_framed, seal_framed};
use muster_core::crypto::secret::{Secret, same};
use muster_core::crypto::totp::Factor;
use muster_core::id::PersonId;
use muster_core::time::Moment;
use muster_school::facts::access::Event;
use muster_school::step_up::{self, Answer, Guarded, Standing};
use serde::{Deserialize, Serialize};
use std::time::{Duration, Instant};
use zeroize::Zeroizing;

/// Something has to come first. The words say what to do at a command line; a screen asks by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StepUpNeeded {
    /// A code.
    #[error(
        "this needs a code from your authenticator: give it with --code (telephone lost? `muster factor --help` says what to do)"
    )]
    Code,
    /// A second factor, and then a code.
    #[error("this needs a second factor, and you have none yet: set one up with `muster factor`, and give a code")]
    SetUp,
}

/// Said while administration waits for no code.
pub const NO_SECOND_FACTOR: &str =
    "Nobody who runs this school has a second factor yet: a passphrase alone lets people and devices in. Set one up.";

/// What is kept of a person's second factor on this device.
#[derive(Serialize, Deserialize)]
struct Kept {
    factor: Factor,
    /// The step of the last code taken.
    taken: Option<u64>,
    /// Wrong codes since then.
    wrong: u16,
    /// When the last wrong one was given.
    wrong_ms: i64,
}

/// Until when a code holds, by two clocks: what the screen says, and one that nobody can put back.
#[derive(Clone, Copy, Debug)]
pub(super) struct Raised {
    until: Moment,
    ends: Instant,
}

const SEALED: &[u8] = b"muster 1 second factor";

impl Device {
    /// What an act asks of whoever is signed in.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn step_up_answer(&self, act: Guarded) -> anyhow::Result<Answer> {
        let standing = Standing {
            raised: self.raised_until().is_some(),
            enrolled: self.has_factor()?,
            in_use: self.known.school().step_up_minutes.is_some(),
        };
        Ok(step_up::answer(act, standing))
    }

    /// Lets an act go on, or says what has to come first.
    ///
    /// # Errors
    /// [`StepUpNeeded`], or that nobody is signed in.
    pub fn need(&self, act: Guarded) -> anyhow::Result<()> {
        if self.opened.is_none() {
            bail!("nobody is signed in: sign in first");
        }
        match self.step_up_answer(act)? {
            Answer::Go | Answer::Warn => Ok(()),
            Answer::Raise => Err(StepUpNeeded::Code.into()),
            Answer::SetUp => Err(StepUpNeeded::SetUp.into()),
        }
    }

    /// Until when the code holds that whoever is signed in gave; `None` where none does.
    pub fn raised_until(&self) -> Option<Moment> {
        self.raised_until_at(Instant::now())
    }

    fn raised_until_at(&self, at: Instant) -> Option<Moment> {
        let Raised { until, ends } = self.raised.filter(|_| self.opened.is_some())?;
        (at < ends && self.clock.now().utc_ms < until.utc_ms).then_some(until)
    }

    /// Whether whoever is signed in has set up a second factor on this device.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn has_factor(&self) -> anyhow::Result<bool> {
        Ok(self.kept_factor()?.is_some())
    }

    /// Raises the access of whoever is signed in.
    ///
    /// # Errors
    /// When they have no second factor, the code is not theirs, was taken before, or comes too soon after wrong ones.
    /// A wrong code is an entry.
    pub fn raise(&mut self, code: &str) -> anyhow::Result<()> {
        let mut kept = self.kept_factor()?.ok_or(StepUpNeeded::SetUp)?;
        let now = self.clock.now();
        let wait = i64::try_from(step_up::wait_after(kept.wrong).as_millis()).unwrap_or(i64::MAX);
        let over = kept.wrong_ms.saturating_add(wait).saturating_sub(now.utc_ms);
        // A clock that was put back makes nobody wait longer than the rule says.
        if over > 0 && over <= wait {
            bail!("too many wrong codes: the next is heard in {}", in_words(over));
        }
        let Some(step) = kept.factor.check(code, now, kept.taken) else {
            kept.wrong = kept.wrong.saturating_add(1);
            kept.wrong_ms = now.utc_ms;
            let wrong = kept.wrong;
            self.keep_factor(&kept)?;
            self.note(Event::FailedCodes(wrong))?;
            bail!(
                "that code is not the one: look at the authenticator again, and use each code once. The clocks of this device and the telephone must agree"
            );
        };
        (kept.taken, kept.wrong) = (Some(step), 0);
        // The code is used up before it opens anything.
        self.keep_factor(&kept)?;
        let minutes = self.known.school().step_up_minutes.unwrap_or(step_up::MINUTES);
        self.note(Event::Raised(minutes))?;
        let until = Moment { utc_ms: now.utc_ms.saturating_add(i64::from(minutes) * 60_000), ..now };
        self.raised = Some(Raised { until, ends: Instant::now() + Duration::from_secs(u64::from(minutes) * 60) });
        Ok(())
    }

    /// Ends what a code opened. Does nothing where none holds.
    ///
    /// # Errors
    /// When it cannot be written down; it is lowered all the same.
    pub fn lower(&mut self) -> anyhow::Result<()> {
        let was = self.raised_until().is_some();
        self.raised = None;
        if was { self.note(Event::Lowered) } else { Ok(()) }
    }

    /// A second factor for whoever is signed in, not kept yet.
    ///
    /// # Errors
    /// When they have one already and gave no code of it.
    pub fn offer_factor(&self) -> anyhow::Result<Factor> {
        if self.has_factor()? && self.raised_until().is_none() {
            bail!("you have a second factor: to change it, give a code of it first");
        }
        Ok(Factor::random(&mut rand::rng()))
    }

    /// What an authenticator reads of a second factor that was offered, as a picture.
    ///
    /// # Errors
    /// When nobody is signed in.
    pub fn factor_uri(&self, factor: &Factor) -> anyhow::Result<Zeroizing<String>> {
        let person = self.person().context("nobody is signed in: sign in first")?;
        Ok(factor.uri(&self.local.school, &self.known.staff_name(person)))
    }

    /// Keeps a second factor once its first code and the passphrase show that it is its owner's, and raises access.
    /// If whoever it is runs the school, administration asks for a code from everybody from now on.
    ///
    /// # Errors
    /// When the passphrase or the code is not theirs, or the disk fails.
    pub fn set_up_factor(&mut self, factor: Factor, passphrase: &str, code: &str) -> anyhow::Result<()> {
        let person = self.person().context("nobody is signed in: sign in first")?;
        if factor.check(code, self.clock.now(), None).is_none() {
            bail!("that code does not fit: wait for the next one in the authenticator, and type that");
        }
        self.keep_second_factor(person, passphrase, factor)?;
        self.note(Event::SetUpSecondFactor)?;
        self.raise(code)?;
        if self.known.school().step_up_minutes.is_some() {
            return Ok(());
        }
        match self.office(|office| Ok(office.set_step_up(step_up::MINUTES).map(drop)?)) {
            // A teacher's second factor is their own affair.
            Err(error) if super::lists::is_refusal(&error) => Ok(()),
            done => done,
        }
    }

    fn kept_factor(&self) -> anyhow::Result<Option<Kept>> {
        let Some((person, key)) = self.factor_key() else { return Ok(None) };
        let Some(factor) = self.opened.as_ref().and_then(|opened| opened.second_factor.clone()) else {
            return Ok(None);
        };
        let sealed = self.replica.sealed_file(&file(&person))?;
        let plain = sealed.and_then(|sealed| open_framed(&key, SEALED, &sealed)).map(Zeroizing::new);
        let kept = plain.and_then(|plain| codec::decode::<Kept>(&plain).ok());
        // What was counted of another one says nothing of this.
        let same = kept.filter(|kept| same(kept.factor.bytes(), factor.bytes()));
        Ok(Some(same.unwrap_or(Kept { factor, taken: None, wrong: 0, wrong_ms: 0 })))
    }

    fn keep_factor(&mut self, kept: &Kept) -> anyhow::Result<()> {
        let (person, key) = self.factor_key().context("nobody is signed in: sign in first")?;
        let mut random = rand::rng();
        let plain = Zeroizing::new(codec::encode(kept));
        let sealed = seal_framed(&key, SEALED, &plain, &mut random).context("the second factor could not be sealed")?;
        Ok(self.replica.put_sealed_file(&file(&person), &sealed, &mut random)?)
    }

    fn factor_key(&self) -> Option<(PersonId, Secret)> {
        let opened = self.opened.as_ref()?;
        let key = Secret::new(*opened.person.sign.seed()).derive("muster 1 second factor", &[]);
        Some((opened.person.person, key))
    }
}

fn file(person: &PersonId) -> String {
    format!("factor-{person}")
}

fn in_words(ms: i64) -> String {
    match ms.div_euclid(1_000) + 1 {
        1 => "1 second".to_owned(),
        seconds @ ..=90 => format!("{seconds} seconds"),
        seconds => format!("{} minutes", seconds.div_euclid(60) + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;
    use std::path::Path;

    const PASSPHRASE: &str = "five kind words for this";
    const NINE_MS: i64 = 1_795_424_400_000;
    const MINUTE_MS: i64 = 60_000;

    /// A head who has just given a first code.
    fn raised(folder: &Path) -> Device {
        let keep = &mut |_: &[_]| Ok(());
        let clock = Clock::starting_at(NINE_MS);
        let mut device =
            Device::found(folder, "Harbour Primary", "Helen Marsh", "Office", PASSPHRASE, clock, keep).unwrap();
        let factor = device.offer_factor().unwrap();
        let code = factor.code(device.clock.now());
        device.set_up_factor(factor, PASSPHRASE, &code).unwrap();
        device
    }

    fn is_asked(device: &Device) -> bool {
        device.need(Guarded::ReadConcern).is_err_and(|error| error.is::<StepUpNeeded>())
    }

    #[test]
    fn raised_access_ends_at_its_minute_and_asks_for_a_code_again() {
        let folder = tempfile::tempdir().unwrap();
        let mut device = raised(&folder.path().join("records"));
        let until_ms = device.raised.unwrap().until.utc_ms;
        assert!((15 * MINUTE_MS..17 * MINUTE_MS).contains(&(until_ms - NINE_MS)), "fifteen minutes from the code on");
        device.clock = Clock::starting_at(until_ms - 10_000);
        assert!(!is_asked(&device));
        device.clock = Clock::starting_at(until_ms);
        assert!(is_asked(&device));
        assert_eq!(device.raised_until(), None);
    }

    #[test]
    fn a_clock_put_back_does_not_prolong_raised_access() {
        let folder = tempfile::tempdir().unwrap();
        let mut device = raised(&folder.path().join("records"));
        let ends = device.raised.unwrap().ends;
        device.clock = Clock::starting_at(NINE_MS - 60 * MINUTE_MS);
        assert!(device.raised_until_at(ends - Duration::from_secs(1)).is_some());
        assert_eq!(device.raised_until_at(ends), None, "the clock that nobody can set says so");
    }

    #[test]
    fn raised_access_ends_with_the_sign_in() {
        let folder = tempfile::tempdir().unwrap();
        let mut device = raised(&folder.path().join("records"));
        let head = device.person().unwrap();
        device.lock(Event::TimedOut).unwrap();
        device.sign_in(head, PASSPHRASE).unwrap();
        assert!(is_asked(&device), "whoever comes back gives a code again");
    }

    #[test]
    fn a_school_sets_for_how_many_minutes_a_code_raises_access() {
        let folder = tempfile::tempdir().unwrap();
        let mut device = raised(&folder.path().join("records"));
        device.set_step_up(5).unwrap();
        assert!(device.set_step_up(0).is_err() && device.set_step_up(61).is_err());
        device.lower().unwrap();
        assert!(device.set_step_up(30).is_err_and(|error| error.is::<StepUpNeeded>()), "that needs a code itself");
        device.clock = Clock::starting_at(NINE_MS + 5 * MINUTE_MS);
        let code = device.opened.as_ref().unwrap().second_factor.as_ref().unwrap().code(device.clock.now());
        device.raise(&code).unwrap();
        let ends = device.raised_until().unwrap().utc_ms - NINE_MS;
        assert!((10 * MINUTE_MS..11 * MINUTE_MS).contains(&ends), "{ends}");
    }

    #[test]
    fn hours_leave_and_staff_from_a_file_ask_for_a_code_once_the_school_uses_second_factors() {
        use muster_school::facts::policy::{Hours, Whose};
        let folder = tempfile::tempdir().unwrap();
        let mut device = raised(&folder.path().join("records"));
        let asked = |done: anyhow::Result<()>| done.is_err_and(|error| error.is::<StepUpNeeded>());
        let (from, to) = (device.clock.now(), Moment { utc_ms: NINE_MS + 90 * MINUTE_MS, ..device.clock.now() });
        let staff = || {
            let file =
                b"staff_code,title,forename,surname,job_title,role,site,email\nT1,Ms,Priya,Black,Deputy,site_lead,S1,\n";
            let sites = b"code,name,assembly_points\nS1,Harbour,Playground\n";
            let files = [("staff.csv".to_owned(), file.to_vec()), ("sites.csv".to_owned(), sites.to_vec())];
            muster_school::import::read(files.into(), &Default::default())
        };
        device.lower().unwrap();
        assert!(asked(device.set_hours(Hours::DEFAULT)));
        assert!(asked(device.give_leave(&[Whose::Everybody(None)], (from, to), None, "Trip").map(drop)));
        assert!(asked(device.take_leave_back([0; 16])));
        assert!(asked(device.import(staff(), Default::default()).map(drop)));
    }
}
