//! Settings are kept wherever the client runs, whether or not there are records to open.

use super::*;
use crate::desk::door::Door;
use crate::desk::{State, kept};
use muster_gui::{Settings, ThemeChoice};

fn dark() -> Settings {
    Settings { theme: ThemeChoice::Dark, size_percent: 150, touch: true, reduce_motion: true }
}

#[test]
fn settings_are_kept_where_the_records_do_not_open_and_before_there_is_a_school() {
    let folder = tempfile::tempdir().unwrap();
    let shared = Arc::new(Shared::default());
    let damaged = folder.path().join("damaged");
    drop(school(&damaged));
    let common = Common::default().at(damaged.clone(), NINE_MS);
    let mut list = ListOnly::begin(&common, &shared, &anyhow::anyhow!("the records are damaged")).unwrap();
    list.serve(&Intent::Keep(dark()), &common, &shared);
    assert_eq!(kept::load(&damaged), dark());
    let none = folder.path().join("none");
    let common = Common::default().at(none.clone(), NINE_MS);
    let state = Arc::new(Mutex::new(State::Outside(Door::default())));
    Door::default().serve(Intent::Keep(dark()), &common, &shared, &state);
    assert_eq!(kept::load(&none), dark());
    school(&none);
    assert_eq!(kept::load(&none), dark(), "and a school can still be founded there");
}
