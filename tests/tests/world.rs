//! Stories of a school whose devices are apart, restart, come late and go wrong; and days at random.
//!
//! `MUSTER_SEED=17 cargo test -p muster-tests --test world a_day_at_random_on_three` plays one seed; every failure
//! prints its own command. `MUSTER_SEEDS=500` adds so many more days to each kind of them.

use muster_school::facts::roll::Way;
use muster_school::facts::roll_call::{Kind, Statement};
use muster_school::fire::call::Standing;
use muster_school::fire::presence::State;
use muster_tests::world::{Faults, School, a_day};

#[test]
fn a_register_begun_in_the_office_and_finished_in_the_class_is_one_register() {
    let mut school = School::seeded(1, ["office", "y4"]);
    school.clock("08:52");
    school.cut_off("y4");
    school.at("office").marks("4B", &[("Ada", "L4"), ("Ben", "I")]);
    school.at("y4").marks("4B", &[("Cleo", "/"), ("Dev", "N")]);
    school.reconnect("y4");
    school.settle();
    for device in ["office", "y4"] {
        let marks = ["Ada", "Ben", "Cleo", "Dev"].map(|name| school.at(device).mark_of(name));
        assert_eq!(marks, ["L", "I", "/", "N"], "{device}");
    }
    school.agrees();
}

#[test]
fn two_marks_made_apart_that_contradict_each_other_are_both_kept_and_one_shows() {
    let mut school = School::seeded(2, ["office", "y4"]);
    school.clock("08:52");
    school.cut_off("y4");
    school.at("office").marks("4B", &[("Ada", "I")]);
    school.at("y4").marks("4B", &[("Ada", "/")]);
    school.reconnect("y4");
    school.settle();
    let (office, y4) = (school.at("office").marks_standing("Ada"), school.at("y4").marks_standing("Ada"));
    assert_eq!(office, y4, "the same one shows on both");
    assert_eq!(office.len(), 2, "and the other is kept");
    assert!(school.at("office").is_conflict("Ada") && school.at("y4").is_conflict("Ada"));
    let list = school.at("y4").fire_list();
    let ada = list.people.iter().find(|person| person.forename == "Ada").unwrap();
    assert_eq!(ada.state, State::MustCall, "in a fire nobody takes either mark's word: {}", ada.line);
    school.clock("10:00");
    school.at("office").amends("Ada", "/", "Seen in class by her teacher");
    school.settle();
    assert!(!school.at("y4").is_conflict("Ada"));
    assert_eq!(school.at("y4").marks_standing("Ada"), ["/"]);
    school.agrees();
}

#[test]
fn a_roll_call_on_three_devices_apart_shows_check_where_they_disagree_until_somebody_settles_it() {
    let mut school = School::seeded(3, ["office", "hall", "y4"]);
    school.clock("08:52");
    school.at("office").marks_the_others_present("4B");
    school.at("office").marks_the_others_present("5K");
    school.settle();
    school.clock("10:15");
    school.at("hall").starts(Kind::Real);
    school.settle();
    for device in ["office", "hall", "y4"] {
        school.cut_off(device);
    }
    school.at("office").found("Ada").found("Ben").not_found("Cleo");
    school.at("hall").found("Cleo").found("Dev");
    school.at("y4").not_found("Ada").not_found("Finn");
    for device in ["office", "hall", "y4"] {
        school.reconnect(device);
    }
    school.settle();
    for device in ["office", "hall", "y4"] {
        let shown = ["Ada", "Ben", "Cleo", "Dev", "Esme", "Finn"].map(|name| school.at(device).standing(name));
        use Standing::{Check, Found, NotFound, ToFind};
        assert_eq!(shown, [Check, Found, Check, Found, ToFind, NotFound], "{device}");
        let first = &school.at(device).roll_call().people[0];
        assert_eq!(first.standing, Check, "what must be looked at stands first");
    }
    let counts = school.at("y4").roll_call().counts();
    assert_eq!((counts.found, counts.check, counts.not_found), (2, 2, 1));
    school.at("hall").settles("Ada", Statement::Found).settles("Cleo", Statement::Found);
    school.settle();
    assert_eq!(school.at("office").standing("Ada"), Standing::Found);
    school.agrees();
}

#[test]
fn a_report_that_somebody_is_missing_which_nobody_saw_when_they_settled_shows_as_check_again() {
    let mut school = School::seeded(4, ["office", "hall", "y4"]);
    school.clock("10:15");
    school.at("office").starts(Kind::Real);
    school.settle();
    school.cut_off("y4");
    school.at("office").found("Kit");
    school.at("hall").not_found("Kit");
    school.settle();
    school.at("y4").not_found("Kit");
    school.at("office").settles("Kit", Statement::Found);
    school.settle();
    assert_eq!(school.at("hall").standing("Kit"), Standing::Found);
    school.reconnect("y4");
    school.settle();
    assert_eq!(school.at("hall").standing("Kit"), Standing::Check);
    school.agrees();
}

#[test]
fn a_tablet_that_restarts_in_the_middle_of_a_roll_call_has_every_word_it_was_told() {
    let mut school = School::seeded(5, ["office", "hall"]);
    school.clock("10:15");
    school.at("office").starts(Kind::Drill);
    school.settle();
    school.cut_off("hall");
    school.at("hall").found("Ada").not_found("Ben");
    school.restart("hall");
    assert_eq!(school.at("hall").standing("Ada"), Standing::Found, "with nobody signed in");
    school.at("hall").found("Cleo");
    school.reconnect("hall");
    school.settle();
    let shown = ["Ada", "Ben", "Cleo"].map(|name| school.at("office").standing(name));
    assert_eq!(shown, [Standing::Found, Standing::NotFound, Standing::Found]);
    school.agrees();
}

#[test]
fn a_device_that_joins_in_the_middle_of_the_morning_has_the_registers_and_the_fire_list() {
    let mut school = School::seeded(6, ["office", "hall"]);
    school.clock("08:52");
    school.at("office").marks("4B", &[("Ada", "I")]).marks_the_others_present("4B");
    school.clock("09:40");
    school.joins("spare");
    assert_eq!(school.at("spare").mark_of("Ada"), "I");
    assert_eq!(school.at("spare").mark_of("Ben"), "/");
    assert_eq!(school.at("spare").to_call(), school.at("office").to_call());
    school.at("spare").locks();
    assert!(school.at("spare").to_call().contains(&"Ben".to_owned()));
    school.agrees();
}

#[test]
fn a_locked_tablet_with_no_network_shows_the_fire_list_with_who_needs_help_and_no_register() {
    let mut school = School::seeded(7, ["office", "hall"]);
    school.clock("08:52");
    school.at("office").marks("4B", &[("Ada", "I")]).marks_the_others_present("4B");
    school.settle();
    school.cut_off("hall");
    school.at("hall").locks();
    school.restart("hall");
    school.clock("11:30");
    let list = school.at("hall").fire_list();
    let state = |name: &str| list.people.iter().find(|person| person.forename == name).unwrap().state;
    assert_eq!((state("Ada"), state("Ben")), (State::Away, State::OnSite));
    assert_eq!(state("Gus"), State::MustCall, "5K has sent no register");
    assert_eq!(list.missing, ["5K"]);
    let finn = list.people.iter().find(|person| person.forename == "Finn").unwrap();
    assert!(!finn.help.is_empty(), "who needs help to leave is on the list");
    assert!(!school.at("hall").reads_registers(), "a locked tablet reads no register");
    school.at("hall").starts(Kind::Real).found("Ben").not_found("Gus");
    school.reconnect("hall");
    school.settle();
    assert_eq!(school.at("office").standing("Gus"), Standing::NotFound);
    school.agrees();
}

#[test]
fn days_on_which_one_pupil_signed_in_and_nothing_else_was_written_leave_everybody_on_the_fire_list() {
    let mut school = School::seeded(16, ["office", "hall"]);
    school.at("hall").locks();
    for _ in 0..5 {
        school.next_day();
        school.at("hall").signs("Gus", Way::In);
        school.settle();
        assert!(school.at("hall").to_call().contains(&"Ada".to_owned()), "the newest list anybody wrote still counts");
    }
    school.agrees();
}

#[test]
fn a_tablet_of_another_site_holds_nothing_of_this_one() {
    let mut school = School::seeded(8, ["office", "hall"]);
    school.joins_of_another_site("hill");
    school.clock("08:52");
    school.at("hall").marks_the_others_present("4B");
    school.settle();
    assert!(school.at("hall").to_call().contains(&"Ada".to_owned()));
    school.agrees();
}

#[test]
fn a_pupil_sent_to_another_site_is_called_there_and_not_here_and_a_tablet_of_one_site_cannot_send_them() {
    let mut school = School::seeded(16, ["office", "hall"]);
    school.joins_of_another_site("hill");
    school.clock("08:52");
    school.at("hall").marks("4B", &[("Ada", "/"), ("Ben", "/")]);
    school.settle();
    school.clock("10:05");
    assert!(!school.at("hall").sends_to_the_other_site("Ben"), "it may not write the list of the other site");
    assert!(school.at("office").sends_to_the_other_site("Ada"));
    school.settle();
    let (here, there) = (school.at("hall").to_call(), school.at("hill").to_call());
    assert!(there.contains(&"Ada".to_owned()) && !here.contains(&"Ada".to_owned()), "{here:?} {there:?}");
    assert!(here.contains(&"Ben".to_owned()) && !there.contains(&"Ben".to_owned()), "nothing of it was written");
}

#[test]
fn a_locked_tablet_knows_on_the_next_day_who_is_on_a_trip_over_nights() {
    let mut school = School::seeded(18, ["office", "hall"]);
    school.clock("09:00");
    school.at("office").sends_on_a_trip("Ada", 2);
    school.settle();
    school.at("hall").locks();
    school.next_day();
    school.clock("08:40");
    school.at("office").signs("Ben", Way::In);
    school.settle();
    let list = school.at("hall").fire_list();
    let ada = list.people.iter().find(|one| one.forename == "Ada").expect("she is on the list, apart");
    assert!(ada.state == State::OnTrip && ada.line.contains("since Monday 09:00"), "{ada:?}");
    assert!(!school.at("hall").to_call().contains(&"Ada".to_owned()));
}

#[test]
fn three_tablets_in_a_chain_pass_on_what_they_hold() {
    let mut school = School::seeded(9, ["office", "hall", "y4"]);
    school.cut_between("office", "y4");
    school.clock("08:52");
    school.at("y4").marks("4B", &[("Ada", "/")]);
    school.settle();
    assert_eq!(school.at("office").mark_of("Ada"), "/", "by way of the hall");
    school.at("hall").locks();
    school.at("office").marks("4B", &[("Ben", "I")]);
    school.settle();
    assert_eq!(school.at("y4").mark_of("Ben"), "I", "by way of a hall that cannot read it");
    school.agrees();
}

#[test]
fn a_tablet_that_is_told_what_it_knows_already_still_passes_on_what_it_knows_beyond_that() {
    let mut school = School::seeded(15, ["office", "hall", "y4"]);
    school.clock("10:15");
    school.at("office").starts(Kind::Drill);
    school.settle();
    school.at("y4").found("Ada");
    school.talks("y4", "office");
    school.cut_between("office", "y4");
    school.at("y4").found("Ben");
    school.talks("y4", "hall");
    // The office tells the hall of Ada, whom the hall knows of; of Ben only the hall can tell the office.
    school.settle();
    assert_eq!(school.at("office").standing("Ben"), Standing::Found);
    school.agrees();
}

#[test]
fn a_mark_made_by_a_clock_that_is_days_wrong_is_kept_and_called_in_a_fire() {
    let mut school = School::seeded(10, ["office", "y4"]);
    school.clock("08:52");
    school.cut_off("y4");
    school.at("office").marks("4B", &[("Ada", "/")]);
    school.clock_wrong_by("y4", 60 * 24);
    school.at("y4").marks("4B", &[("Ben", "/")]);
    school.clock_wrong_by("y4", 0);
    school.reconnect("y4");
    school.settle();
    assert_eq!(school.at("office").to_call(), school.at("y4").to_call());
    assert!(school.at("office").to_call().contains(&"Ben".to_owned()));
    school.agrees();
}

#[test]
fn what_a_tablet_writes_after_it_was_taken_out_waits_and_is_all_there_once_the_head_adopts_it() {
    let mut school = School::seeded(17, ["office", "hall", "y4"]);
    school.clock("08:52");
    school.at("y4").marks("4B", &[("Ada", "/")]);
    school.settle();
    school.cut_off("y4");
    school.at("y4").marks("4B", &[("Ben", "I")]);
    school.takes_out("y4");
    school.at("y4").marks("4B", &[("Cleo", "N")]).starts(Kind::Real).found("Dev");
    school.next_day();
    school.clock("08:55");
    school.at("y4").marks("4B", &[("Ada", "I")]);
    school.at("hall").marks("4B", &[("Ada", "/")]);
    school.reconnect("y4");
    school.settle();
    assert_eq!(school.at("hall").marks_standing("Ada"), ["/"], "what it wrote since shows nowhere");
    school.agrees();
    assert_eq!(school.at("hall").marks_standing("Ada").len(), 2, "adopted, both marks stand");
}

#[test]
fn a_tablet_that_is_set_back_to_an_older_image_and_writes_on_loses_nothing_that_others_hold() {
    let mut school = School::seeded(18, ["office", "hall", "y4"]);
    school.clock("08:52");
    let image = school.keeps_an_image("y4");
    school.at("y4").marks("4B", &[("Ada", "/")]);
    school.settle();
    school.cut_off("y4");
    school.is_set_back("y4", image);
    school.at("y4").marks("4B", &[("Ben", "I")]);
    school.reconnect("y4");
    school.agrees();
    let marks = ["Ada", "Ben"].map(|name| school.at("hall").mark_of(name));
    assert_eq!(marks, ["/", "I"], "what it had written before, and what it wrote since, adopted");
    assert_eq!(school.faults().set_back, 1);
}

#[test]
fn a_copy_of_a_tablet_and_the_tablet_write_apart_and_both_are_kept() {
    let mut school = School::seeded(19, ["office", "hall", "y4"]);
    school.clock("08:52");
    let image = school.keeps_an_image("y4");
    school.is_copied("y4", image);
    for device in ["y4", "copy of y4"] {
        school.cut_off(device);
    }
    school.at("y4").marks("4B", &[("Ada", "/")]);
    school.at("copy of y4").marks("4B", &[("Ben", "I")]);
    school.reconnect("y4");
    school.reconnect("copy of y4");
    school.settle();
    school.at("y4").marks("4B", &[("Cleo", "/")]);
    school.at("copy of y4").marks("4B", &[("Dev", "/")]);
    school.agrees();
    let marks = ["Ada", "Ben", "Cleo", "Dev"].map(|name| school.at("hall").mark_of(name));
    assert_eq!(marks, ["/", "I", "/", "/"]);
}

#[test]
fn a_full_disk_refuses_the_next_mark_in_words_and_keeps_every_mark_before() {
    for restarts in [true, false] {
        let mut school = School::seeded(11, ["office", "y4"]);
        // Each day begins new documents under new keys, and the disk is full one write later than the day before.
        for left in 0..9 {
            school.next_day();
            school.clock("08:52");
            school.fills_the_disk("y4", left);
            let mut codes = ["/", "N"].into_iter().cycle();
            while codes.next().is_some_and(|code| school.at("y4").tries_to_mark("4B", "Ada", code)) {}
            if restarts {
                school.restart("y4");
            }
            school.frees_the_disk("y4");
            school.at("y4").signs_in().marks("4B", &[("Ben", "I")]);
        }
        school.agrees();
    }
}

#[test]
fn a_tablet_whose_disk_became_full_in_the_middle_of_receiving_still_shows_the_fire_list() {
    let mut school = School::seeded(14, ["office", "hall"]);
    school.clock("08:52");
    school.at("hall").locks();
    for (left, name) in ["Ada", "Ben", "Cleo", "Dev", "Esme", "Finn"].into_iter().enumerate() {
        school.fills_the_disk("hall", u32::try_from(left).unwrap());
        school.at("office").marks("4B", &[(name, "I")]);
        school.settle();
        assert_eq!(school.at("hall").fire_list().people.len(), 14, "{left} writes before the disk was full");
        school.frees_the_disk("hall");
        school.settle();
        assert!(!school.at("hall").to_call().contains(&name.to_owned()), "with room again it catches up");
    }
    school.agrees();
}

#[test]
fn a_roll_call_that_a_full_disk_refused_to_begin_begins_when_there_is_room() {
    let mut school = School::seeded(12, ["office", "y4"]);
    school.clock("10:15");
    school.at("y4").starts(Kind::Drill).found("Ada");
    for left in 0..4 {
        school.fills_the_disk("y4", left);
        while school.at("y4").tries_to_start(Kind::Drill) {}
        school.frees_the_disk("y4");
        school.at("y4").found("Ben");
        school.at("y4").starts(Kind::Drill).not_found("Cleo");
    }
    school.agrees();
}

#[test]
fn a_visitor_whom_a_full_disk_refused_can_sign_in_when_there_is_room() {
    for left in 0..4 {
        let mut school = School::seeded(13, ["office", "y4"]);
        school.clock("10:15");
        school.fills_the_disk("y4", left);
        while school.at("y4").tries_to_sign_a_visitor_in() {}
        school.frees_the_disk("y4");
        assert!(school.at("y4").tries_to_sign_a_visitor_in());
        school.agrees();
    }
}

#[test]
fn a_tablet_whose_disk_rots_in_many_places_has_everything_again_once_it_met_the_others() {
    let mut school = School::seeded(20, ["office", "hall", "y4"]);
    for _ in 0..4 {
        school.next_day();
        school.clock("08:52");
        school.at("office").marks("4B", &[("Ada", "I")]).marks_the_others_present("4B");
        school.at("y4").marks("5K", &[("Gus", "L4")]).marks_the_others_present("5K");
        school.settle();
        school.rots("hall", 5);
        school.restart("hall");
        school.rots("hall", 5);
    }
    school.agrees();
    assert!(school.faults().rotted >= 20, "{:?}", school.faults());
}

#[test]
fn of_a_write_in_which_the_power_goes_all_is_there_or_nothing_and_every_mark_that_was_acknowledged_is() {
    let mut school = School::seeded(21, ["office", "y4"]);
    for _ in 0..12 {
        school.next_day();
        school.clock("08:52");
        school.at("y4").signs_in();
        school.loses_power_soon("y4");
        let mut codes = ["/", "N"].into_iter().cycle();
        while codes.next().is_some_and(|code| school.at("y4").tries_to_mark("4B", "Ada", code)) {}
        school.settle();
    }
    school.agrees();
    assert_eq!(school.faults().torn, 12);
}

#[test]
fn a_tablet_that_is_restored_from_its_backup_goes_on_as_another_writer_and_has_what_the_others_have_of_it() {
    let mut school = School::seeded(22, ["office", "hall", "y4"]);
    school.clock("08:52");
    school.at("y4").marks("4B", &[("Ada", "/")]);
    school.is_backed_up("y4");
    school.at("y4").marks("4B", &[("Ben", "I")]);
    school.settle();
    school.cut_off("y4");
    school.at("y4").marks("4B", &[("Cleo", "N")]);
    assert!(school.is_restored("y4"));
    school.at("y4").marks("4B", &[("Dev", "/")]);
    school.reconnect("y4");
    school.agrees();
    let marks = ["Ada", "Ben", "Cleo", "Dev"].map(|name| school.at("hall").mark_of(name));
    assert_eq!(marks, ["/", "I", "", "/"], "what was on the lost disk alone is gone, and nothing else");
}

#[test]
fn a_tablet_with_an_older_program_passes_on_what_it_cannot_read_and_reads_it_after_its_upgrade() {
    let mut school = School::seeded(23, ["office", "hall", "y4"]);
    school.runs_an_older_program("hall");
    school.cut_between("office", "y4");
    school.writes_what_is_newer("office", 6);
    school.writes_what_is_newer("y4", 6);
    school.settle();
    school.agrees();
    assert!(school.ledger().acts() >= 12);
}

#[test]
fn a_tablet_that_keeps_to_itself_what_another_wrote_is_named_after_a_day() {
    let mut school = School::seeded(24, ["office", "hall", "y4"]);
    assert!(school.a_withheld_tail_is_told_of());
    assert_eq!(school.faults().withheld, 1);
}

/// Things that happen in a day at random.
const STEPS: usize = 120;

#[test]
fn a_day_at_random_on_three_devices_loses_nothing_and_ends_the_same_everywhere() {
    days(3, 1_000..1_080);
}

#[test]
fn a_day_at_random_on_four_devices_loses_nothing_and_ends_the_same_everywhere() {
    days(4, 1_100..1_170);
}

#[test]
fn a_day_at_random_on_five_devices_loses_nothing_and_ends_the_same_everywhere() {
    days(5, 1_200..1_250);
}

#[test]
fn a_day_at_random_that_nobody_has_played_before_loses_nothing_either() {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    let fresh = u64::from(now.subsec_nanos()) << 20 | now.as_secs() & 0xF_FFFF;
    days(4, fresh..fresh + 1);
}

/// Plays these seeds, and as many more as `MUSTER_SEEDS` says, or the one of `MUSTER_SEED` alone.
fn days(devices: usize, seeds: std::ops::Range<u64>) {
    let number = |name| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let seeds = match number("MUSTER_SEED") {
        Some(seed) => seed..seed + 1,
        None => seeds.start..seeds.end + number("MUSTER_SEEDS").unwrap_or(0),
    };
    let (mut played, mut acts, mut faults) = (0, 0, Faults::default());
    for seed in seeds {
        let done = a_day(seed, devices, STEPS);
        played += 1;
        acts += done.acts;
        faults += done.faults;
    }
    let Faults { torn, rotted, set_back, copied, backups, restored, withheld, older, removed, .. } = faults;
    let each = [torn, rotted, set_back, copied, backups, restored, withheld, older, removed];
    assert!(played < 50 || each.iter().all(|count| *count > 0), "less went wrong than in {played} days: {faults:?}");
    println!("{played} seeds on {devices} devices, {acts} acts acknowledged, 0 lost, {faults:?}");
}
