//! What a device shows.

use super::School;
use super::at::At;
use muster_core::document::fact::Facts;
use muster_core::id::{Area, DocumentId, SeatId};
use muster_core::replica::Context;
use muster_core::replica::records::Records as _;
use muster_core::time::Moment;
use muster_school::calendar::Session;
use muster_school::fire::call::{Call, Standing};
use muster_school::fire::presence::{self, FireList};
use muster_school::ids::{PupilId, Who};
use muster_school::office::CallKey;
use muster_school::register::current::{Board, Current};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The areas of a school are numbered up to this.
const LAST_AREA: u16 = 13;
/// And its kinds of documents up to this.
const LAST_KIND: u16 = 17;

/// Documents with their facts.
pub(crate) type Everything = BTreeMap<DocumentId, Arc<Facts>>;

impl At<'_> {
    /// The fire list of the site, as the device shows it with nobody signed in.
    pub fn fire_list(&mut self) -> FireList {
        self.school.fire_list_of(self.device).expect("a list is held")
    }

    /// Who is to be called by that list, by forename.
    pub fn to_call(&mut self) -> Vec<String> {
        self.fire_list().to_call().map(|person| person.forename.clone()).collect()
    }

    /// The roll call begun last.
    pub fn roll_call(&mut self) -> Call {
        let key = self.school.call();
        self.school.call_of(self.device, key).expect("the roll call is held")
    }

    /// What the roll call begun last shows of somebody.
    pub fn standing(&mut self, forename: &str) -> Standing {
        let who = self.school.who(forename);
        self.roll_call().person(who).expect("everybody is on the list").standing
    }

    /// The mark that shows for a pupil in the session that it is; empty for none.
    pub fn mark_of(&mut self, forename: &str) -> String {
        self.current(forename).code().map_or_else(String::new, |code| code.to_string())
    }

    /// Every mark that stands, the one that shows first.
    pub fn marks_standing(&mut self, forename: &str) -> Vec<String> {
        let standing = self.current(forename).standing;
        standing.iter().map(|one| one.code().map_or_else(String::new, |code| code.to_string())).collect()
    }

    /// Whether two marks contradict each other.
    pub fn is_conflict(&mut self, forename: &str) -> bool {
        self.current(forename).is_conflict()
    }

    fn current(&mut self, forename: &str) -> Current {
        let (pupil, session) = (self.school.pupil(forename), self.session());
        self.school.board_of(self.device, session).current(pupil, session)
    }

    /// Whether any register can be read here now.
    pub fn reads_registers(&mut self) -> bool {
        let session = self.session();
        !self.school.board_of(self.device, session).weeks().is_empty()
    }
}

impl School {
    /// Everything that a device would show with nobody signed in: what it reads, and its fire list, if it had one.
    pub fn all_that_shows_at(&mut self, name: &str) -> String {
        let device = self.index(name);
        let seat = self.devices[device].shown().device_seat();
        let read = self.everything(device, seat);
        let values = read.values().flat_map(|facts| facts.iter());
        let values: Vec<_> = values.map(|held| String::from_utf8_lossy(&held.fact.value).into_owned()).collect();
        format!("{values:?} {:?}", self.fire_list_of(device))
    }

    /// What a seat of a device reads: every document.
    pub(crate) fn everything(&mut self, device: usize, seat: SeatId) -> Everything {
        let now = Moment::utc(self.now_ms);
        let context = Context { now, random: &mut self.random };
        let replica = self.devices[device].replica.as_mut().unwrap();
        let mut writer = replica.writer(seat, context).expect("the seat is signed in");
        let mut found = Everything::new();
        for area in 1..=LAST_AREA {
            for section in writer.sections(Area(area)) {
                for kind in 1..=LAST_KIND {
                    for document in writer.documents(&section, kind).unwrap() {
                        let facts = writer.facts(&document).unwrap().expect("a document that is listed can be read");
                        found.insert(document, facts);
                    }
                }
            }
        }
        found
    }

    pub(crate) fn fire_list_of(&mut self, device: usize) -> Option<FireList> {
        let now = self.moment(device);
        let (site, random) = (self.devices[device].site, &mut self.random);
        let replica = self.devices[device].replica.as_mut().unwrap();
        let seat = replica.device_seat();
        let mut writer = replica.writer(seat, Context { now, random }).unwrap();
        presence::list(&mut writer, site).unwrap()
    }

    pub(crate) fn call_of(&mut self, device: usize, key: CallKey) -> Option<Call> {
        self.office(device, |office| office.call(key).ok())
    }

    pub(crate) fn board_of(&mut self, device: usize, session: Session) -> Board {
        self.office(device, |office| office.board(session).unwrap())
    }

    pub(crate) fn name_of(&self, who: Who) -> String {
        let Who::Pupil(pupil) = who else { return format!("{who:?}") };
        self.forename(pupil)
    }

    pub(crate) fn forename(&self, pupil: PupilId) -> String {
        let found = self.pupils.iter().find(|(_, id)| **id == pupil);
        found.map_or_else(|| "somebody".to_owned(), |(name, _)| name.clone())
    }
}
