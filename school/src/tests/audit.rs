//! The audit in sentences.

use super::*;
use crate::facts::access::Event;
use crate::show;
use crate::story::{self, Wanted};
use crate::view::audit::AuditFilter;
use muster_core::replica::Interval;

fn sentences(desk: &mut Desk, wanted: &Wanted) -> Vec<String> {
    story::tell(&mut desk.records, &mut desk.known, wanted).unwrap().iter().map(story::Told::text).collect()
}

#[test]
fn the_audit_tells_marks_changes_and_openings_in_plain_sentences_newest_first() {
    let Small { mut desk, site, beech, pupils, .. } = small();
    desk.at(clock(8, 55))
        .office()
        .take(beech, morning(), &[entry(pupils[0], "N"), entry(pupils[1], "/")], true)
        .unwrap();
    desk.at(clock(9, 0)).office().take(beech, morning(), &[late(pupils[2], 10)], false).unwrap();
    desk.at(clock(9, 40)).office().amend(pupils[0], morning(), (Some("I"), None), "mother rang", None).unwrap();
    desk.at(clock(9, 41)).office().note_access(site, Event::OpenedFire { locked: true }).unwrap();
    let told = sentences(&mut desk, &Wanted { day: Some(monday()), ..Wanted::default() });
    assert_eq!(told[0], "opened the fire register of Harbour from the lock screen");
    assert_eq!(told[1], "changed Ada Byrne, Beech, Monday 23 November, morning: N to I. Reason: “mother rang”");
    assert_eq!(told[2], "marked Kuba Jankowski late, 10 minutes, Beech, Monday 23 November, morning");
    assert!(told.contains(&"marked 2 pupils of Beech, Monday 23 November, morning".to_owned()), "{told:?}");
    assert!(told.contains(&"finished the register of Beech, Monday 23 November, morning".to_owned()), "{told:?}");
    assert!(told.contains(&"added pupil Tyler Green".to_owned()), "{told:?}");
    let ada = sentences(&mut desk, &Wanted { about: "byrne".to_owned(), ..Wanted::default() });
    assert!(ada.iter().any(|line| line.starts_with("changed Ada Byrne")) && ada.len() == 3, "{ada:?}");
}

#[test]
fn the_audit_tells_how_a_screen_was_left() {
    let Small { mut desk, site, .. } = small();
    let mut said = |event, minute| {
        desk.at(clock(9, minute)).office().note_access(site, event).unwrap();
        sentences(&mut desk, &Wanted::default())[0].clone()
    };
    assert_eq!(said(Event::SignedOut, 1), "signed out");
    assert_eq!(said(Event::TimedOut, 2), "was signed out, because nobody touched the device");
    assert_eq!(said(Event::Hid, 3), "hid the screen and was signed out");
}

#[test]
fn the_audit_screen_filters_and_explains_a_mark_that_disagrees() {
    let Small { mut desk, beech, pupils, .. } = small();
    desk.at(clock(8, 55));
    let mut tablet = desk.another(2, Some(TOM));
    desk.at(clock(9, 12)).office().take(beech, morning(), &[entry(pupils[1], "/")], false).unwrap();
    tablet.at(clock(9, 13)).office().take(beech, morning(), &[late(pupils[1], 20)], false).unwrap();
    desk.hear(&tablet);
    let all = show::audit(&mut desk.records, &mut desk.known, &AuditFilter::default(), None, 1).unwrap();
    let names: Vec<&str> = all.choices.people.iter().map(|(_, name)| name.as_str()).collect();
    assert_eq!(names, ["Helen Marsh", "Tom Okafor"]);
    let mark = all.rows.iter().find(|row| row.attention).unwrap();
    assert_eq!(mark.who, "Tom Okafor");
    let filter = AuditFilter { person: Some(all.choices.people[1].0), ..AuditFilter::default() };
    let tom = show::audit(&mut desk.records, &mut desk.known, &filter, Some(mark.entry), 1).unwrap();
    let told = |row: &crate::view::audit::AuditRow| row.what.iter().map(|span| span.text.as_str()).collect::<String>();
    assert_eq!(tom.rows.len(), 1);
    assert!(told(&tom.rows[0]).ends_with(", in place of Helen Marsh"));
    let detail = tom.detail.unwrap();
    assert!(detail.warning.is_some() && detail.link.is_some());
    let sentence: String = detail.sentence.iter().map(|span| span.text.as_str()).collect();
    assert_eq!(
        sentence,
        "Tom Okafor marked Leila Hassan late, 20 minutes, Beech, Monday 23 November, morning, in place of Helen Marsh."
    );
}

#[test]
fn a_fact_from_a_newer_version_is_told_as_such() {
    use crate::facts::documents;
    use muster_core::document::fact::Fact;
    use muster_core::replica::records::Change;
    let Small { mut desk, site, beech, .. } = small();
    let fact = Fact { kind: 299, supersedes: Vec::new(), value: vec![9] };
    desk.at(clock(9, 0));
    let document = documents::register(site, beech, monday());
    desk.records.write(vec![Change { document, facts: vec![fact] }]).unwrap();
    assert_eq!(sentences(&mut desk, &Wanted::default())[0], "wrote something that a newer version understands");
}

#[test]
fn an_export_says_how_many_people_it_names_however_many_one_act_was_about() {
    let Small { mut desk, beech, pupils, .. } = small();
    let marks: Vec<_> = pupils.iter().take(3).map(|pupil| entry(*pupil, "/")).collect();
    desk.at(clock(8, 55)).office().take(beech, morning(), &marks, false).unwrap();
    desk.at(clock(9, 0)).office().amend(pupils[0], morning(), (Some("I"), None), "mother rang", None).unwrap();
    let of_marks = |told: &story::Told| told.register.is_some();
    let told = story::tell(&mut desk.records, &mut desk.known, &Wanted::default()).unwrap();
    let told: Vec<_> = told.into_iter().filter(of_marks).collect();
    assert_eq!(story::export::people(&told), 4, "three pupils and who marked them, each once");
}

#[test]
fn a_day_that_was_chosen_in_the_audit_stays_that_day_when_another_begins() {
    let Small { mut desk, site, .. } = small();
    desk.at(clock(9, 0)).office().note_access(site, Event::OpenedFire { locked: true }).unwrap();
    let all = show::audit(&mut desk.records, &mut desk.known, &AuditFilter::default(), None, 1).unwrap();
    let (day, person) = (all.choices.days[0].clone(), all.choices.people[0].clone());
    let filter = AuditFilter { day: Some(day.0), person: Some(person.0), ..AuditFilter::default() };
    let before = show::audit(&mut desk.records, &mut desk.known, &filter, None, 1).unwrap().rows.len();
    desk.records.set_clock(monday().plus(1), clock(9, 0));
    desk.office().note_access(site, Event::OpenedFire { locked: true }).unwrap();
    let view = show::audit(&mut desk.records, &mut desk.known, &filter, None, 1).unwrap();
    assert_eq!(view.rows.len(), before);
    assert!(view.choices.days.len() == all.choices.days.len() + 1 && view.choices.days[1] == day);
}

/// A term of small acts, some at the same time, some about two registers, one device's clock an hour ahead.
fn busy() -> Desk {
    let Small { mut desk, site, beech, rowan, pupils, tyler } = small();
    let mut tablet = desk.another(2, Some(TOM));
    for day in 0..5_u16 {
        let session = crate::calendar::Session::am(monday().plus(i32::from(day)));
        for minute in 0..6 {
            desk.records.set_clock(session.day, clock(8, 50 + minute));
            desk.office().note_access(site, Event::OpenedFire { locked: minute % 2 == 0 }).unwrap();
            let pupil = pupils[usize::from(minute) % pupils.len()];
            desk.office().take(beech, session, &[entry(pupil, if day == 2 { "N" } else { "/" })], false).unwrap();
        }
        tablet.records.set_clock(session.day, clock(9, 55));
        tablet.office().take(rowan, session, &[entry(tyler, "/")], true).unwrap();
    }
    let visit = crate::office::NewVisit { name: "Carol Abbott".to_owned(), ..Default::default() };
    desk.records.set_clock(monday().plus(4), clock(10, 0));
    let visit = desk.office().visitor_in(site, &visit).unwrap();
    desk.records.set_clock(monday().plus(4), clock(15, 0));
    desk.office().visitor_out(site, visit).unwrap();
    desk.hear(&tablet);
    desk
}

#[test]
fn the_newest_of_the_audit_is_what_all_of_it_begins_with_however_little_is_asked_for() {
    let mut desk = busy();
    let wanted = [
        Wanted::default(),
        Wanted { day: Some(monday().plus(2)), ..Wanted::default() },
        Wanted { person: Some(TOM), ..Wanted::default() },
        Wanted { about: "byrne".to_owned(), ..Wanted::default() },
    ];
    for wanted in wanted {
        let all = story::tell(&mut desk.records, &mut desk.known, &wanted).unwrap();
        assert!(all.len() > 3, "{wanted:?}");
        for most in [0, 1, 2, 7, all.len() - 1, all.len(), all.len() + 9] {
            let page = story::newest(&mut desk.records, &mut desk.known, &wanted, most).unwrap();
            assert_eq!(page.told, all[..most.min(all.len())], "{most} of {wanted:?}");
            assert_eq!(page.left > 0, most < all.len(), "{most} of {wanted:?}");
        }
        // What somebody sees who begins to look now is no different from what was kept.
        let mut fresh = Desk { records: desk.records.clone(), known: Known::default() };
        fresh.known.refresh(&mut fresh.records).unwrap();
        assert_eq!(story::tell(&mut fresh.records, &mut fresh.known, &wanted).unwrap(), all);
    }
    let out = sentences(&mut desk, &Wanted::default());
    assert_eq!(out[0], "signed out visitor Carol Abbott", "named in another act than the one that is told");
}

#[test]
fn a_page_of_the_audit_reads_the_documents_of_that_page_and_what_has_changed() {
    let mut desk = busy();
    story::tell(&mut desk.records, &mut desk.known, &Wanted::default()).unwrap();
    let before = desk.records.reads();
    let page = story::newest(&mut desk.records, &mut desk.known, &Wanted::default(), 1).unwrap();
    let read = desk.records.reads() - before;
    let documents = desk.records.entries().values().map(|entry| entry.document.clone());
    let documents = documents.collect::<std::collections::BTreeSet<_>>().len();
    assert_eq!(page.told.len(), 1);
    assert!(read * 2 < documents as u64, "{read} of {documents} documents were read for one line");
}

#[test]
fn what_was_long_in_coming_says_when_it_came_and_a_time_that_cannot_be_right_is_to_be_looked_at() {
    let Small { mut desk, site, .. } = small();
    desk.at(clock(9, 0)).office().note_access(site, Event::SignedOut).unwrap();
    let newest = |desk: &mut Desk| {
        story::tell(&mut desk.records, &mut desk.known, &Wanted::default()).unwrap().into_iter().next().unwrap()
    };
    let at = |days: i32, hour| crate::calendar::moment(monday().plus(days), clock(hour, 0));
    let entry = newest(&mut desk).entry;
    desk.records.came(entry, Interval { after: Some(at(-1, 8)), by: at(5, 8) });
    let late = newest(&mut desk);
    assert_eq!(late.text(), "signed out; it came here on Saturday 28 November 08:00");
    assert_eq!(late.attention, None, "a tablet was away: nobody has to look");
    desk.records.came(entry, Interval { after: Some(at(3, 10)), by: at(5, 8) });
    let wrong = newest(&mut desk);
    let words =
        "The time cannot be right: it came here on Saturday 28 November 08:00, made after Thursday 26 November 10:00";
    assert_eq!(wrong.attention, Some(vec![crate::view::Span::plain(words)]));
    let view = show::audit(&mut desk.records, &mut desk.known, &AuditFilter::default(), Some(entry), 1).unwrap();
    assert!(view.rows[0].attention && view.summary.contains("1 to look at"), "{}", view.summary);
}
