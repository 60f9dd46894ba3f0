//! What a roll call leaves to whoever was not there: a certificate that verifies and names everybody.

use super::evacuation::Evacuation;
use muster_core::extract::{Extract, Standing as Signer, Wanted};
use muster_core::time::Moment;
use muster_school::extract::{self, Table};
use muster_school::fire::call::{Call, Called, Standing};
use muster_school::show;

/// Somewhere within the table of a certificate: any byte is as good.
const SPOILT: usize = 40;

impl Evacuation {
    /// The call is ended and certified on a device where somebody can sign in; every device that lives finds the
    /// certificate whole and its signer one of the school, and nothing else verifies.
    pub(super) fn its_certificate_verifies(&mut self, shown: &Call) {
        let signer = self.living().into_iter().find(|device| self.school.devices[*device].person.is_some());
        let signer = signer.expect("somebody who lives has keys");
        let school = &mut self.school;
        school.sign_in(signer);
        let call = school.call();
        school.office(signer, |office| office.end_call(call, "")).unwrap();
        school.settle();
        let report = school.office(signer, |office| show::call(office.records(), None, call, None).unwrap().report);
        let report = report.expect("it is over");
        let table = extract::call(&report, "Harbour", call.day);
        assert_eq!(table.rows.len(), shown.people.len(), "everybody who was called is in it");
        let is_out = |one: &&Called| matches!(one.standing, Standing::Check | Standing::NotFound | Standing::ToFind);
        let missing = shown.people.iter().filter(is_out).count();
        assert_eq!(report.never_found.len(), missing, "{:?}", report.never_found);
        let made = school.certificate(signer, &table);
        let bytes = made.encode();
        let back = Extract::decode(&bytes).unwrap();
        back.verify().unwrap();
        assert_eq!(back.table, table.csv().unwrap());
        for device in self.living() {
            let signer = self.school.devices[device].shown().standing_of(&back);
            assert_eq!(signer, Signer::Known, "on {}", self.school.devices[device].name);
        }
        let mut spoilt = back;
        spoilt.table[SPOILT] ^= 1;
        assert!(spoilt.verify().is_err(), "nobody is found by a changed letter");
    }
}

impl super::School {
    fn certificate(&self, device: usize, table: &Table) -> Extract {
        let wanted = Wanted {
            school_name: "Harbour Primary".to_owned(),
            what: table.what.clone(),
            to: "the fire service".to_owned(),
            purpose: "what happened".to_owned(),
            by: "Helen Marsh".to_owned(),
            rows: u32::try_from(table.rows.len()).unwrap(),
            people: table.people,
            notes: table.notes.clone(),
            table: table.csv().unwrap(),
        };
        let signer = &self.devices[device];
        signer
            .shown()
            .extract(&signer.seat(), wanted, Moment::utc(self.now_ms), |_| true, |_| (String::new(), None))
            .unwrap()
    }
}
