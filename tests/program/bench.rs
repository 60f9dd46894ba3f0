//! `muster bench`: a school sees its own device's figures, and its records are left alone.

use crate::support::{Place, as_text};

#[test]
fn a_device_is_measured_in_a_folder_that_is_gone_again_and_its_records_are_left_alone() {
    let place = Place::new();
    let office = place.founded("office");
    let (scratch, before) = (place.folder("scratch", &[]), office.entries());
    let said = office.run(&["bench", "--json", "--dir", as_text(&scratch)]).done();
    let told: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(told["pupils"], 1_500);
    for figure in ["mark", "disk", "fire_list", "sign_in", "open"] {
        let times = &told[figure];
        assert!(times["p50_ms"].as_f64().unwrap() > 0.0, "{figure}: {times}");
        assert!(times["p95_ms"].as_f64().unwrap() >= times["p50_ms"].as_f64().unwrap(), "{figure}: {times}");
    }
    assert_eq!(office.entries(), before, "the school's own records are as they were");
    assert_eq!(std::fs::read_dir(&scratch).unwrap().count(), 0, "the scratch folder is gone");
}
