//! The whole roll call with a finger alone: no key is pressed and nothing is typed, at twice the size and on a small
//! tablet. The test plays the engine: it answers each touch as the desk would.

use crate::finger::Finger;
use crate::{TABLET, Talk, sample};
use muster_core::document::fact::FactRef;
use muster_gui::{Intent, Screen, Settings, Sighting, Update};
use muster_school::view::EventId;
use muster_school::view::call::{CallAct, CallTime, CallView, Moment};
use muster_school::view::fire::EventKind;
use muster_school::view::lock::{LockView, PinChoice};
use muster_school::view::status::Status;

const EVENT: EventId = EventId([5; 16]);

/// A tablet in somebody's hand.
struct Tablet {
    talk: Talk,
    view: CallView,
}

fn small() -> Settings {
    Settings { touch: true, reduce_motion: true, ..Settings::default() }
}

fn double() -> Settings {
    Settings { size_percent: 200, ..small() }
}

impl Tablet {
    fn locked(settings: Settings) -> Self {
        let updates = vec![Update::Frame(sample::hall()), Update::Lock(sample::lock())];
        Self { talk: Talk::new(TABLET, settings, updates), view: sample::call_fresh() }
    }

    fn hand(&mut self) -> Finger<'_> {
        Finger(&mut self.talk.harness)
    }

    fn touch(&mut self, name: &str) {
        self.hand().touch(name);
    }

    fn slides_to(&mut self, words: &str) {
        self.hand().slides_to(words);
    }

    fn scroll_up_all(&mut self) {
        self.hand().scroll_up_all();
    }

    fn asked(&self) -> Vec<Intent> {
        self.talk.asked()
    }

    /// The desk answers with the roll call as it is now.
    fn answer(&mut self, change: impl FnOnce(&mut CallView)) {
        change(&mut self.view);
        let count = |status| self.view.rows.iter().filter(|row| row.status == status).count() as u32;
        self.view.found = count(Status::Found);
        self.view.to_check = count(Status::Check);
        self.view.to_find = self.view.rows.len() as u32 - self.view.found;
        self.view.total = self.view.rows.len() as u32;
        let rank = |status| match status {
            Status::Check => 0,
            Status::NotFound => 1,
            Status::Found => 3,
            _ => 2,
        };
        self.view.rows.sort_by_key(|row| (rank(row.status), row.name.clone()));
        self.talk.hear(vec![Update::Call(Box::new(self.view.clone()))]);
        self.talk.harness.run_steps(6);
    }

    /// Somebody's row is as a change makes it.
    fn answer_row(&mut self, name: &str, change: impl FnOnce(&mut muster_school::view::call::CallRow)) {
        let name = name.to_owned();
        self.answer(|view| change(view.rows.iter_mut().find(|row| row.spoken == name).unwrap()));
    }

    /// What was said of whom with the last touches.
    fn said(&self) -> (String, Sighting) {
        let asked = self.asked();
        let [Intent::Sight { person, sighting, event: EVENT }] = asked.as_slice() else { panic!("{asked:?}") };
        let row = self.view.rows.iter().find(|row| row.person == *person).unwrap();
        (row.spoken.clone(), sighting.clone())
    }
}

/// From the lock screen to the report.
fn a_whole_roll_call(settings: Settings) {
    let mut tablet = Tablet::locked(settings);
    tablet.touch("Fire register");
    tablet.touch("Drill. Reported as a drill");
    assert_eq!(tablet.asked(), [Intent::Open(Screen::Fire)], "two touches open the list");
    tablet.talk.hear(vec![Update::Fire(sample::fire())]);
    tablet.touch("Start drill");
    assert_eq!(tablet.asked(), [Intent::StartCall(EventKind::Drill)]);
    let call = Update::Call(Box::new(tablet.view.clone()));
    tablet.talk.hear(vec![call, Update::Go(Screen::Call(EVENT))]);

    tablet.touch("Playing field gate");
    let act = CallAct::StandAt("Playing field gate".into());
    assert_eq!(tablet.asked(), [Intent::OfCall { event: EVENT, act }], "asked once at the start");
    tablet.answer(|view| view.here = "Playing field gate".into());

    tablet.touch("Found, Rhys Davies");
    assert_eq!(tablet.said(), ("Rhys Davies".into(), Sighting::Found));
    tablet.answer_row("Rhys Davies", |row| {
        (row.status, row.place, row.said) = (Status::Found, "Playing field gate".into(), "Found by you 09:22".into());
    });
    tablet.answer(|view| view.undo = Some("Found Rhys Davies".into()));

    tablet.touch("Other… Carol Abbott");
    tablet.touch("Not found…");
    tablet.touch("Toilets");
    tablet.touch("Not found: Toilets");
    assert_eq!(tablet.said(), ("Carol Abbott".into(), Sighting::NotFound { place: "Toilets".into() }));
    tablet.answer_row("Carol Abbott", |row| {
        (row.status, row.looked, row.waiting) = (Status::NotFound, "toilets".into(), "Not found for 1 minute".into());
    });

    tablet.touch("Other… Kayleigh Dunn");
    tablet.touch("At a refuge point…");
    tablet.touch("Stairs");
    tablet.touch("At a refuge point: Stairs");
    assert_eq!(tablet.said(), ("Kayleigh Dunn".into(), Sighting::AtRefuge { place: "Stairs".into() }));
    tablet.answer_row("Kayleigh Dunn", |row| {
        (row.status, row.at_refuge, row.place) = (Status::Found, true, "hall".into())
    });

    tablet.touch("Other… Hamza Iqbal");
    tablet.touch("Not here today…");
    tablet.touch("Parent or carer");
    tablet.touch("Not here today: Parent or carer");
    assert_eq!(tablet.said(), ("Hamza Iqbal".into(), Sighting::NotHere { by: "Parent or carer".into() }));
    tablet.answer_row("Hamza Iqbal", |row| (row.status, row.not_here) = (Status::Found, true));

    tablet.scroll_up_all();
    tablet.touch("Show found");
    tablet.touch("Call back, Rhys Davies");
    assert_eq!(tablet.said(), ("Rhys Davies".into(), Sighting::Withdrawn));
    tablet.answer_row("Rhys Davies", |row| (row.status, row.place) = (Status::ToFind, String::new()));
    tablet.scroll_up_all();
    tablet.touch("Show to find");

    let marks: Vec<FactRef> = vec![sample::fact(11), sample::fact(12)];
    let both = marks.clone();
    tablet.answer_row("Leila Hassan", |row| {
        (row.status, row.marks) = (Status::Check, both);
        row.said = "Found by T. Okafor 09:19. Not found by H. Marsh 09:20".into();
    });
    tablet.touch("Settle, Leila Hassan");
    tablet.touch("Found");
    let person = tablet.view.rows.iter().find(|row| row.spoken == "Leila Hassan").unwrap().person;
    assert_eq!(tablet.asked(), [Intent::SettleCall { event: EVENT, person, found: true, among: marks }]);
    tablet.answer_row("Leila Hassan", |row| row.status = Status::Found);

    tablet.scroll_up_all();
    tablet.touch("Add a person");
    tablet.touch("Unknown child");
    assert_eq!(
        tablet.asked(),
        [Intent::AddStranger { event: EVENT, name: "Unknown child".into() }],
        "no name is needed"
    );

    tablet.scroll_up_all();
    tablet.touch("Undo");
    assert_eq!(tablet.asked(), [Intent::UndoCall(EVENT)]);

    tablet.touch("More… of this roll call");
    tablet.touch("Now: building clear");
    assert_eq!(tablet.asked(), [Intent::OfCall { event: EVENT, act: CallAct::Now(Moment::BuildingClear) }]);
    tablet.answer(|view| {
        let time = CallTime { moment: Moment::BuildingClear, at: "09:24".into(), may_set: false };
        view.times =
            view.times.iter().map(|one| if one.moment == time.moment { time.clone() } else { one.clone() }).collect();
    });
    assert!(crate::says(&tablet.talk.harness, "Building clear: 09:24"));
    tablet.touch("Back to the list");

    tablet.touch("End the roll call");
    tablet.touch("End and make the report");
    assert_eq!(tablet.asked(), [Intent::EndCall(EVENT)]);
    tablet.answer(|view| view.report = Some(sample::report()));
    assert!(crate::says(&tablet.talk.harness, "Never found: Tyler Green"));
    tablet.touch("Close the report");
    assert_eq!(tablet.asked(), [Intent::Open(Screen::Lock)]);
}

#[test]
fn a_whole_roll_call_is_held_on_a_small_tablet_with_a_finger_alone() {
    a_whole_roll_call(small());
}

#[test]
fn a_whole_roll_call_is_held_at_twice_the_size_with_a_finger_alone() {
    a_whole_roll_call(double());
}

#[test]
fn the_marshals_pin_is_entered_with_a_finger_and_care_lines_are_hidden_again() {
    for settings in [small(), double()] {
        let mut tablet = Tablet::locked(settings);
        let fire = vec![Update::Fire(sample::fire()), Update::Go(Screen::Fire)];
        tablet.talk.hear(fire);
        tablet.touch("Care details…");
        for digit in ["4", "7", "1", "1", "Delete", "9", "0", "2"] {
            tablet.touch(digit);
        }
        tablet.touch("Show care details");
        assert_eq!(tablet.asked(), [Intent::OpenCare(muster_gui::Secret::new("471902".into()))]);
        tablet.talk.hear(vec![Update::Fire(sample::fire_full())]);
        tablet.slides_to("Epilepsy: rescue medicine in the office");
        tablet.scroll_up_all();
        tablet.touch("Hide care details");
        assert_eq!(tablet.asked(), [Intent::CloseCare]);
    }
}

#[test]
fn the_pin_of_a_sign_in_is_given_with_a_finger_alone() {
    for settings in [small(), double()] {
        let mut tablet = Tablet::locked(settings);
        let pin = Some(PinChoice { person: sample::lock().people[0].person.unwrap(), tries_left: 3 });
        tablet.talk.hear(vec![Update::Lock(LockView { pin, ..sample::lock() })]);
        for digit in ["4", "7", "1", "1", "Delete", "9"] {
            tablet.touch(digit);
        }
        tablet.touch("Unlock");
        assert_eq!(tablet.asked(), [Intent::Unlock { pin: muster_gui::Secret::new("4719".into()) }]);
    }
}

#[test]
fn a_touch_beside_the_filters_chooses_letters_and_those_found_at_a_point() {
    for settings in [small(), double()] {
        let mut tablet = Tablet::locked(settings);
        tablet.view = sample::call_full();
        let view = Update::Call(Box::new(tablet.view.clone()));
        tablet.talk.hear(vec![view, Update::Go(Screen::Call(EVENT))]);
        tablet.touch("D–F");
        assert!(!crate::says(&tablet.talk.harness, "Found, Carol Abbott"));
        tablet.scroll_up_all();
        tablet.touch("Show who waits for help");
        tablet.touch("All letters");
        tablet.touch("Found, Yusuf Abdi");
        assert_eq!(tablet.said(), ("Yusuf Abdi".into(), Sighting::Found), "out of the building");
    }
}

#[test]
fn a_finger_that_comes_down_where_a_row_is_leaving_says_nothing_of_the_next() {
    let mut tablet = Tablet::locked(small());
    tablet.view.here = "Front car park".into();
    let view = Update::Call(Box::new(tablet.view.clone()));
    tablet.talk.hear(vec![view, Update::Go(Screen::Call(EVENT))]);
    tablet.answer(|_| {});
    let spot = tablet.hand().spot("Found, Carol Abbott").unwrap().center();
    for row in &mut tablet.view.rows {
        if row.spoken == "Carol Abbott" {
            row.status = Status::Found;
        }
    }
    let view = Update::Call(Box::new(tablet.view.clone()));
    tablet.talk.say(vec![view]);
    tablet.hand().tap(spot);
    assert_eq!(tablet.asked(), [], "another marshal found her a moment before");
}
