//! A mark that cannot be, from the key that was pressed to the words in the pupil's row: the real client on the real
//! desk, with records on a disk. Nothing of it is written, and each says what would be right.

use super::tablet::Tablet;
use super::*;
use egui::Key;
use muster_core::replica::records::{Change, Records as _};
use muster_gui::Settings;
use muster_school::calendar::Session;
use muster_school::facts::pupil::{OnRoll, PupilFact};
use muster_school::facts::{Value as _, documents};
use muster_school::office::MarkEntry;
use muster_school::show;

/// The class of Beech on Monday 23 November 2026 at nine: Ada, who is twelve; Leila, who by now is said to have left on
/// Friday; Kuba, who by now is said to start on Tuesday. Both were marked before that was known.
fn beech(folder: &Path) -> (Device, GroupId) {
    let (mut device, ..) = school(folder);
    let head = device.replica.founding().head;
    device.sign_in(head, PASSPHRASE).unwrap();
    let session = Session::am(Day::parse("2026-11-23").unwrap());
    let (beech, site, leila, kuba) = device
        .office(|office| {
            let site = *office.known().school().sites.keys().next().unwrap();
            let beech = office.add_group(site, "Beech", None)?;
            let mut ada = pupil(site, Some(beech), ("Ada", "Byrne"));
            ada.identity.born = Day::parse("2014-03-02").ok();
            office.add_pupil(&ada)?;
            let leila = office.add_pupil(&pupil(site, Some(beech), ("Leila", "Hassan")))?;
            let kuba = office.add_pupil(&pupil(site, Some(beech), ("Kuba", "Jankowski")))?;
            let mark = |pupil| MarkEntry { pupil, code: "/".into(), minutes: None, note: None, among: None };
            office.take(beech, session, &[mark(leila), mark(kuba)], false)?;
            Ok((beech, site, leila, kuba))
        })
        .unwrap();
    device
        .with_records(|records, known| {
            let on_roll = |pupil, starting: &str, last: Option<&str>| {
                let day = |text| Day::parse(text).ok();
                let names = known.pupil(pupil).unwrap().replaced_by(muster_school::known::PupilAbout::OnRoll);
                let fact = PupilFact::from(OnRoll { starting: day(starting), last: last.and_then(day) });
                Change { document: documents::pupil(site, pupil), facts: vec![fact.replacing(names).unwrap()] }
            };
            records.write(vec![on_roll(leila, "2026-09-07", Some("2026-11-20")), on_roll(kuba, "2026-11-24", None)])?;
            known.refresh(records)?;
            Ok(())
        })
        .unwrap();
    device.settle_in().unwrap();
    device.sign_out().unwrap();
    (device, beech)
}

impl Tablet {
    /// Signs the head in by typing.
    pub(super) fn signs_in(&mut self) {
        self.sees("Fire register");
        self.hand().tap_field("Passphrase");
        self.types(PASSPHRASE);
        self.presses(Key::Enter);
        self.sees("Registers");
    }

    fn opens_register(&mut self, group: GroupId, session: Session) {
        self.opens(Screen::Register(show::register_key(group, session)));
        self.sees("Ada Byrne");
    }

    /// Goes to somebody's row with the arrows.
    pub(super) fn at_row(&mut self, name: &str) {
        self.presses(Key::Home);
        for _ in 0..5 {
            if self.focused().contains(name) {
                return;
            }
            self.presses(Key::ArrowDown);
        }
        panic!("{name} has no row: {:?}", self.hand().names());
    }

    /// What is typed in somebody's row is refused there in these words, and the row keeps the focus.
    fn is_refused(&mut self, row: &str, typed: &str, words: &str) {
        self.at_row(row);
        self.types(typed);
        self.until_the_desk_has_answered();
        self.sees(words);
        assert!(self.focused().contains(row), "{typed}: {}", self.focused());
    }

    fn marks(&mut self, group: GroupId, session: Session) -> Vec<String> {
        self.at_the_records(move |host| {
            let taken = host.device.office(|office| {
                let board = office.board(session)?;
                let members = office.known().members(group, session.day);
                Ok(members.iter().filter_map(|one| Some(board.current(one.id, session).code()?.to_string())).collect())
            });
            taken.unwrap()
        })
    }
}

#[test]
fn each_mark_that_cannot_be_is_refused_at_the_row_in_words_that_say_what_would_be_right() {
    let folder = tempfile::tempdir().unwrap();
    let records = folder.path().join("records");
    let (device, beech) = beech(&records);
    let mut tablet = Tablet::sized([1280.0, 800.0], device, &records, Settings::default());
    tablet.signs_in();
    let monday = Day::parse("2026-11-23").unwrap();
    let morning = Session::am(monday);
    tablet.opens_register(beech, morning);
    tablet.is_refused("Ada", "4", "4 is not a code. F1 lists every code");
    tablet.is_refused("Ada", "y9", "Y9 is not a code. F1 lists every code");
    tablet.is_refused("Ada", "h", "since August 2024 use C if leave was exceptional, otherwise G");
    tablet.is_refused("Ada", "#", "# is set by the calendar, not by hand");
    tablet.is_refused("Ada", "\\", "\\ is for the afternoon only: use /");
    tablet.is_refused("Ada", "x", "use C2 with an agreed part-time timetable, or C");
    tablet.is_refused("Hassan", "i", "this pupil left on Friday 20 November: no mark after that");
    tablet.is_refused("Jankowski", "i", "this pupil starts on Tuesday 24 November: no mark before that");

    tablet.at_row("Ada");
    tablet.types("l8:30");
    tablet.presses(Key::Enter);
    tablet.sees("8:30 is before the session began: whoever is there then is present, not late");
    assert_eq!(tablet.marks(beech, morning), Vec::<String>::new(), "Ada has no mark, and the others are no members");

    tablet.opens_register(beech, Session::pm(monday));
    tablet.is_refused("Ada", "/", "/ is for the morning only: use \\");

    let saturday = Session::am(monday.plus(-2));
    tablet.opens_register(beech, saturday);
    tablet.is_refused("Ada", "i", "no register on Saturday 21 November: weekend. Where the site was open all the same");
    assert_eq!(tablet.marks(beech, saturday), Vec::<String>::new());

    tablet.opens_register(beech, morning);
    tablet.at_row("Ada");
    tablet.types("i");
    tablet.until_the_desk_has_answered();
    assert_eq!(tablet.marks(beech, morning), ["I"], "and what can be is taken");
}
