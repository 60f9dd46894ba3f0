//! The whole site on one screen, from the key that is pressed to the registers: the real client on the real desk, with
//! records on a disk.

use super::tablet::Tablet;
use super::*;
use crate::device::DeviceOffice;
use egui_kittest::kittest::Queryable as _;
use muster_gui::Settings;
use muster_school::calendar::Session;
use muster_school::facts::documents;
use muster_school::show;

#[test]
fn the_whole_site_is_taken_on_one_screen_and_each_mark_lies_in_the_register_of_its_class() {
    let folder = tempfile::tempdir().unwrap();
    let records = folder.path().join("records");
    let (mut device, ..) = school(&records);
    let head = device.replica.founding().head;
    device.sign_in(head, PASSPHRASE).unwrap();
    let add = |office: &mut DeviceOffice<'_, '_>| {
        let site = *office.known().school().sites.keys().next().unwrap();
        let (beech, rowan) = (office.add_group(site, "Beech", None)?, office.add_group(site, "Rowan", None)?);
        let mut pupils = Vec::new();
        for (group, name) in [(beech, "Ada"), (beech, "Leila"), (rowan, "Kuba"), (rowan, "Tyler")] {
            pupils.push(office.add_pupil(&pupil(site, Some(group), (name, "Byrne")))?);
        }
        Ok((site, beech, rowan, pupils))
    };
    let (site, beech, rowan, pupils) = device.office(add).unwrap();
    device.settle_in().unwrap();
    device.sign_out().unwrap();
    let mut tablet = Tablet::sized([1280.0, 800.0], device, &records, Settings::default());
    tablet.signs_in();
    let morning = Session::am(Day::parse("2026-11-23").unwrap());
    let key = show::register_key(GroupId(site.0), morning);
    tablet.opens(Screen::Register(key));
    tablet.sees("every group");
    tablet.at_row("Ada");
    tablet.types("/");
    tablet.until_the_desk_has_answered();
    tablet.at_row("Kuba");
    tablet.types("i");
    tablet.until_the_desk_has_answered();
    let [ada, leila, kuba, tyler] = pupils[..] else { panic!("four pupils") };
    let marks = move |tablet: &mut Tablet| {
        tablet.at_the_records(move |host| {
            let read = host.device.office(|office| {
                let board = office.board(morning)?;
                let of = |one| {
                    let history = board.history(one, morning);
                    history.first().map(|mark| (mark.code().unwrap().to_string(), mark.document.clone()))
                };
                Ok([ada, leila, kuba, tyler].map(of))
            });
            read.unwrap()
        })
    };
    let of = |code: &str, group| Some((code.to_owned(), documents::register(site, group, morning.day)));
    assert_eq!(marks(&mut tablet), [of("/", beech), None, of("I", rowan), None]);
    // Whoever has no mark yet is present, in both classes, and nobody's mark is gone over.
    tablet.harness.get_by_label("Mark remaining 2 present").click();
    tablet.until_the_desk_has_answered();
    assert_eq!(marks(&mut tablet), [of("/", beech), of("/", beech), of("I", rowan), of("/", rowan)]);
}
