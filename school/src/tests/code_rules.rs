//! The rules of the attendance codes, one by one: what is refused, and what is only said beside the mark until its cause
//! goes. Those of times and closes stand in `codes`, those of duties in `duties`, those of deletion in `admission`.

use super::*;
use crate::facts::pupil::Timetable;
use crate::show;

fn remarks(desk: &mut Desk, group: GroupId, session: Session, pupil: PupilId) -> Vec<String> {
    let view = show::register(&mut desk.records, &mut desk.known, &show::register_key(group, session)).unwrap();
    view.rows.into_iter().find(|row| row.pupil == pupil.into()).unwrap().remarks
}

#[test]
fn what_the_provision_the_activity_the_emergency_or_the_detention_is_is_asked_for_until_it_is_noted() {
    for code in ["K", "B", "Y2", "Y5"] {
        let Small { mut desk, beech, pupils, .. } = small();
        desk.at(clock(8, 55));
        desk.office().take(beech, morning(), &[entry(pupils[0], code)], false).unwrap();
        assert_eq!(remarks(&mut desk, beech, morning(), pupils[0]), [format!("Add a note: what {code} is here")]);
        desk.office().comment(pupils[0], morning(), "Forest school, Mondays", None).unwrap();
        assert_eq!(remarks(&mut desk, beech, morning(), pupils[0]), Vec::<String>::new(), "{code}");
    }
}

#[test]
fn d_is_for_sessions_that_are_due_at_the_other_school_and_says_so_where_none_is() {
    let Small { mut desk, beech, pupils, .. } = small();
    desk.at(clock(8, 55));
    desk.office().take(beech, morning(), &[entry(pupils[0], "D")], false).unwrap();
    let said = remarks(&mut desk, beech, morning(), pupils[0]);
    assert_eq!(said, ["No timetable of the other school covers this session"]);
    let table = Timetable {
        first: monday().plus(-7),
        last: monday().plus(60),
        review: Some(monday().plus(14)),
        off: vec![morning().in_week()],
        code: crate::codes::Code::new("D"),
        agreed: Some(monday().plus(-7)),
        note: "Mondays at Hill".to_owned(),
    };
    desk.office().set_timetable(pupils[0], table).unwrap();
    assert_eq!(remarks(&mut desk, beech, morning(), pupils[0]), Vec::<String>::new());
}

#[test]
fn what_cannot_be_whatever_was_meant_is_refused_and_says_what_would_be_right() {
    let Small { mut desk, beech, pupils, .. } = small();
    desk.at(clock(8, 55));
    let refused = |desk: &mut Desk, code: &str| {
        desk.office().take(beech, morning(), &[entry(pupils[0], code)], false).unwrap_err().to_string()
    };
    assert_eq!(refused(&mut desk, "Y7"), "Y7 needs the cause in words");
    assert_eq!(refused(&mut desk, "Z"), "Z is set by the calendar, not by hand");
    assert_eq!(refused(&mut desk, "Y"), "Y needs a number: Y1 to Y7");
    assert_eq!(refused(&mut desk, "\\"), "\\ is for the afternoon only: use /");
    assert!(refused(&mut desk, "F").contains("since August 2024 use C if leave was exceptional, otherwise G"));
}
