//! Who one-time words are for, before they are used.
//!
//! A passphrase is looked at as somebody who guesses would, with the school's and the person's own names at hand; at a
//! first sign-in both lie in records that only the words open. So the words are taken up on a copy in memory that is
//! thrown away: nothing is written, and nobody is told.

use super::Device;
use muster_core::replica::records::Records as _;
use muster_core::replica::store::{Peek, Untouched};
use muster_core::replica::{Context, Replica};
use muster_school::areas;
use muster_school::facts::documents;
use muster_school::known::Known;

impl Device {
    /// The names that a passphrase must not rest on which is chosen with these words: the school's and the person's,
    /// as far as the records here say them.
    pub fn names_by_words(&self, words: &str) -> Vec<String> {
        let mut names = vec![self.local.school.clone()];
        names.extend(self.try_words(words).unwrap_or_default());
        names.retain(|name| !name.is_empty());
        names
    }

    /// Why one-time words let nobody in here, to be said before a passphrase is chosen for them; `None` where they do.
    /// Words that fit nobody are an entry.
    pub fn words_problem(&mut self, words: &str) -> Option<String> {
        let store = Untouched::over(Peek(self.replica.store()));
        let mut copy = Replica::open(store, &areas::rules()).ok()?;
        let mut random = rand::rng();
        let mut context = Context { now: self.clock.now(), random: &mut random };
        let error = copy.activate(words, &mut context).err()?;
        drop(copy);
        Some(self.tried_words(error).to_string())
    }

    fn try_words(&self, words: &str) -> Option<Vec<String>> {
        let store = Untouched::over(Peek(self.replica.store()));
        let mut copy = Replica::open(store, &areas::rules()).ok()?;
        let mut random = rand::rng();
        let mut context = Context { now: self.clock.now(), random: &mut random };
        let opened = copy.activate(words, &mut context).ok()?;
        let mut writer = copy.writer(opened.seat.seat, context)?;
        writer.facts(&documents::school()).ok()?;
        let mut known = Known::default();
        known.refresh_school(&mut writer).ok()?;
        let person = opened.person.person;
        let listed = known.school().staff.contains_key(&person);
        let name = if listed { known.staff_name(person) } else { String::new() };
        Some(vec![known.school().name.clone(), name])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;
    use muster_school::roles::Role;
    use muster_school::view::people::RoleGiven;

    #[test]
    fn at_a_first_sign_in_the_own_name_makes_a_passphrase_no_stronger_and_the_words_still_work_after_it_was_refused() {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path().join("records");
        let clock = Clock::starting_at(1_795_424_400_000);
        let passphrase = "five kind words for this";
        let mut device =
            Device::found(&at, "Alder Fen", "Anna Head", "Office", passphrase, clock, &mut |_| Ok(())).unwrap();
        let head = device.person().unwrap();
        let site = device.office(|office| Ok(office.add_site("S1", "Harbour", &["Gate"])?)).unwrap();
        // As the program does after each act: the device stands at its site from then on, where the audit is written.
        device.settle_in().unwrap();
        let given = device
            .give_role(&RoleGiven {
                person: None,
                forename: "Quirinus".to_owned(),
                surname: "Zbigniewski".to_owned(),
                job: String::new(),
                role: Role::CoreStaff,
                sites: vec![site],
                areas: Vec::new(),
                last_day: String::new(),
            })
            .unwrap();
        let words = given.words.unwrap();
        device.sign_out().unwrap();
        assert_eq!(device.names_by_words(&words), ["Alder Fen", "Alder Fen", "Quirinus Zbigniewski"]);
        assert_eq!(device.names_by_words("not six words"), ["Alder Fen"]);
        assert_eq!(device.words_problem(&words), None, "they are as good as before");
        assert!(device.words_problem("not six words").unwrap().contains("it takes 6"));
        let others = "abandon abandon abandon abandon abandon abandon";
        assert!(device.words_problem(others).unwrap().contains("let nobody in"));
        assert!(device.activate(others, passphrase).unwrap_err().to_string().contains("let nobody in"));
        let own = "Quirinus-Zbigniewski-7";
        super::super::passphrase::check(own, &["Alder Fen"]).unwrap();
        let said = device.activate(&words, own).unwrap_err().to_string();
        assert!(said.contains("could be guessed"), "{said}");
        assert!(device.opened.is_none());
        device.activate(&words, passphrase).unwrap();
        assert_eq!(device.person(), Some(given.person));
        device.sign_out().unwrap();
        device.sign_in(head, passphrase).unwrap();
        let told = device.audit(&muster_school::story::Wanted::default()).unwrap();
        let tries = told.iter().filter(|line| line.text().contains("met one-time words that let nobody in")).count();
        assert_eq!(tries, 2, "each try of words that fit nobody, and not what was mistyped");
    }
}
