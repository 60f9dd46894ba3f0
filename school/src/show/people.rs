//! The page of people: accounts, how far each is, and what removing a leaver does. No secrets are in it.

use super::roles::{self, Everybody};
use super::words::{self, Names};
use crate::areas::{self, ACCESS, SHOWN};
use crate::calendar::{self, Day};
use crate::facts::access::{AccessFact, Event};
use crate::facts::{self, documents};
use crate::known::Known;
use crate::office::OfficeError;
use crate::rights::{self, Reach, Rights, Standing};
use crate::roles::{Ends, Role};
use crate::view::people::{AccountDetail, AccountRow, AccountState, FireDutyForm, PeopleView, Removal, RoleChoice};
use muster_core::document::fact::Origin;
use muster_core::id::{DeviceId, PersonId, PlaceId};
use muster_core::replica::records::{Records, Statement};
use muster_core::time::Moment;
use std::collections::{BTreeMap, BTreeSet};

/// Weeks of the record of use that are looked through for the last sign-in of each person.
const WEEKS: usize = 8;

/// Accounts, with one explained. Roles and sites to choose from are there for whoever may bring people in.
///
/// # Errors
/// When the records cannot be read.
pub fn people(
    records: &mut impl Records,
    known: &Known,
    me: Option<PersonId>,
    chosen: Option<PersonId>,
) -> Result<PeopleView, OfficeError> {
    let last = last_sign_ins(records)?;
    let accounts = Accounts::read(records, known, last);
    let everyone: BTreeSet<PersonId> = known.school().staff.keys().chain(accounts.everybody.keys()).copied().collect();
    let mut rows: Vec<_> = everyone.into_iter().map(|person| (roles::listed(known, person), person)).collect();
    rows.sort();
    let rows: Vec<AccountRow> =
        rows.into_iter().map(|((_, name), person)| accounts.row(records, person, name)).collect();
    let choices = me.map(|me| accounts.choices(me)).unwrap_or_default();
    let sites = me.map(|me| accounts.sites(me)).unwrap_or_default();
    let detail = chosen.map(|person| accounts.detail(records, person, me));
    let writes = |area| me.is_some_and(|me| accounts.holds(me).any(|rights| rights.reach(area) == Reach::Writes));
    let may_add_people = !choices.is_empty() && writes(areas::SCHOOL) && writes(areas::STAFF);
    Ok(PeopleView { summary: summary(&rows), rows, detail, may_add_people, roles: choices, sites, made: None })
}

fn summary(rows: &[AccountRow]) -> String {
    let of = |state| rows.iter().filter(|row| row.state == state).count();
    let parts: Vec<String> =
        [AccountState::Active, AccountState::Invited, AccountState::None, AccountState::Ended, AccountState::Removed]
            .into_iter()
            .map(|state| (of(state), state.word().to_lowercase()))
            .filter(|(count, _)| *count > 0)
            .map(|(count, word)| format!("{count} {word}"))
            .collect();
    let people = if rows.len() == 1 { "1 person".to_owned() } else { format!("{} people", rows.len()) };
    format!("{people}: {}.", parts.join(", "))
}

/// When each person last signed in, as far as the record of use may be read; `None` where none of it may.
fn last_sign_ins(records: &mut impl Records) -> Result<Option<BTreeMap<PersonId, Moment>>, OfficeError> {
    let sections = records.sections(ACCESS);
    if sections.is_empty() {
        return Ok(None);
    }
    let mut last: BTreeMap<PersonId, Moment> = BTreeMap::new();
    for section in sections {
        let documents = records.documents(&section, documents::ACCESS)?;
        for document in documents.iter().rev().take(WEEKS) {
            let Some(held) = records.facts(document)? else { continue };
            for read in facts::current::<AccessFact>(&held) {
                let AccessFact::Access(access) = &read.value else { continue };
                let person = records.author(&read.held.origin.seat).and_then(|author| author.person);
                if let (Event::SignedIn | Event::Command(_), Some(person)) = (&access.event, person) {
                    let at = last.entry(person).or_insert(read.held.origin.at);
                    if at.utc_ms < read.held.origin.at.utc_ms {
                        *at = read.held.origin.at;
                    }
                }
            }
        }
    }
    Ok(Some(last))
}

struct Accounts<'a> {
    known: &'a Known,
    names: Names,
    everybody: Everybody,
    devices: Vec<(DeviceId, Rights)>,
    activated: BTreeMap<PersonId, Origin>,
    removed: BTreeMap<PersonId, Origin>,
    seated: BTreeMap<PersonId, BTreeSet<DeviceId>>,
    last: Option<BTreeMap<PersonId, Moment>>,
    today: Day,
}

impl<'a> Accounts<'a> {
    fn read(records: &impl Records, known: &'a Known, last: Option<BTreeMap<PersonId, Moment>>) -> Self {
        let (mut activated, mut removed) = (BTreeMap::new(), BTreeMap::new());
        let mut seated = BTreeMap::<_, BTreeSet<_>>::new();
        for stated in records.stated() {
            match stated.says {
                Statement::Activated(person) => _ = activated.insert(person, stated.origin),
                Statement::PersonRemoved(person, _) | Statement::RightsTaken(person) => {
                    removed.insert(person, stated.origin);
                }
                Statement::Seated(person) => {
                    let device = records.author(&stated.origin.seat).map(|author| author.device);
                    seated.entry(person).or_default().extend(device);
                }
                _ => {}
            }
        }
        Self {
            known,
            names: Names::new(Some(known), None),
            everybody: roles::everybody(records),
            devices: rights::of_devices(records),
            activated,
            removed,
            seated,
            last,
            today: calendar::local(records.now()).day,
        }
    }

    fn rights(&self, person: PersonId) -> &[Rights] {
        self.everybody.get(&person).map_or(&[], Vec::as_slice)
    }

    /// Rights that can be used now.
    fn holds(&self, person: PersonId) -> impl Iterator<Item = &Rights> {
        self.rights(person).iter().filter(|rights| rights.standing == Standing::Holds)
    }

    fn state(&self, person: PersonId) -> AccountState {
        let Some(best) = self.rights(person).iter().map(|rights| rights.standing).min() else {
            return AccountState::None;
        };
        let head = self.rights(person).iter().any(|rights| rights.known == rights::Known::Head);
        match best {
            Standing::Holds if head || self.activated.contains_key(&person) => AccountState::Active,
            Standing::Holds => AccountState::Invited,
            Standing::Ended => AccountState::Ended,
            Standing::Removed => AccountState::Removed,
        }
    }

    fn last(&self, person: PersonId) -> String {
        match &self.last {
            None => "not known here".to_owned(),
            Some(last) => last.get(&person).map_or_else(
                || if self.activated.contains_key(&person) { "not lately" } else { "never" }.to_owned(),
                |at| words::when(*at, self.today),
            ),
        }
    }

    fn row(&self, records: &impl Records, person: PersonId, name: String) -> AccountRow {
        let mut shown: Vec<&Rights> = self.holds(person).collect();
        if shown.is_empty() {
            shown.extend(self.rights(person).first());
        }
        let mut titles: Vec<String> = shown.iter().map(|rights| roles::role_name(rights)).collect();
        let mut sites: Vec<String> = shown.iter().map(|rights| roles::sites(self.known, rights)).collect();
        titles.dedup();
        sites.dedup();
        // Whoever has no account has a job all the same.
        if titles.is_empty() {
            let job = self.known.school().staff.get(&person).map(|one| one.job.clone());
            titles.extend(job.filter(|job| !job.is_empty()));
        }
        let activated = self.activated.get(&person).map(|origin| self.activated_words(records, origin));
        AccountRow {
            person,
            name,
            role: titles.join("; "),
            sites: sites.join("; "),
            state: self.state(person),
            activated: activated.unwrap_or_default(),
            last: self.last(person),
        }
    }

    /// `Monday 09:14, Office laptop`.
    fn activated_words(&self, records: &impl Records, origin: &Origin) -> String {
        format!("{}, {}", words::when(origin.at, self.today), self.device_of(records, origin))
    }

    fn device_of(&self, records: &impl Records, origin: &Origin) -> String {
        let author = records.author(&origin.seat);
        author.map_or_else(|| "an unknown device".to_owned(), |author| self.names.device(author.device))
    }

    fn devices(&self, devices: impl Iterator<Item = DeviceId>) -> Vec<String> {
        let mut named: Vec<String> = devices.map(|device| self.names.device(device)).collect();
        named.sort();
        named.dedup();
        named
    }

    fn seats(&self, person: PersonId) -> Vec<String> {
        self.devices(self.seated.get(&person).into_iter().flatten().copied())
    }

    fn detail(&self, records: &impl Records, person: PersonId, me: Option<PersonId>) -> AccountDetail {
        let state = self.state(person);
        let mut lines = vec![("State".to_owned(), state.word().to_owned())];
        for rights in self.rights(person) {
            let title = format!("{}, {}", roles::role_name(rights), roles::sites(self.known, rights));
            lines.push((title, roles::given(records, &self.names, rights)));
        }
        if let Some(origin) = self.activated.get(&person) {
            let device = self.device_of(records, origin);
            let when = roles::on(origin.at, self.today);
            let by = self.rights(person).iter().rev().find_map(|rights| rights.given);
            let by = by.map(|given| format!(", with words from {}", self.names.full(records, &given)));
            lines.push(("Activated".to_owned(), format!("{when}, on {device}{}", by.unwrap_or_default())));
        }
        if let Some(origin) = self.removed.get(&person).filter(|_| state == AccountState::Removed) {
            let by = self.names.full(records, origin);
            lines.push(("Removed".to_owned(), format!("{}, by {by}", roles::on(origin.at, self.today))));
        }
        let seats = self.seats(person);
        if !seats.is_empty() {
            lines.push(("Has signed in on".to_owned(), words::list(&seats)));
        }
        lines.push(("Last sign-in".to_owned(), self.last(person)));
        if matches!(state, AccountState::Active | AccountState::Invited) {
            let may = |device: &Rights| self.holds(person).any(|rights| rights::may_sign_in_on(rights, device));
            let on = self.devices(self.devices.iter().filter(|(_, rights)| may(rights)).map(|(device, _)| *device));
            let on = if on.is_empty() { "None of the school’s devices yet".to_owned() } else { words::list(&on) };
            lines.push(("May sign in on".to_owned(), on));
        }
        let stands_above = |me: PersonId| {
            let mine = self.holds(me).map(|rights| rights.rank).min();
            let theirs = self.holds(person).map(|rights| rights.rank).min();
            me != person && mine.is_some_and(|mine| theirs.is_none_or(|theirs| mine < theirs))
        };
        let above = me.is_some_and(stands_above);
        let officer = me.is_some_and(|me| self.holds(me).any(|rights| rights.gives(areas::REGISTER)));
        let live = self.holds(person).next().is_some();
        AccountDetail {
            person,
            name: self.known.staff_name(person),
            lines,
            may_invite: officer && above && state != AccountState::Active,
            may_reset: officer && above && state == AccountState::Active,
            may_add: officer && me != Some(person),
            duty: officer.then(|| {
                let held = self.known.school().duties.get(&person);
                held.map_or_else(FireDutyForm::default, |duty| FireDutyForm {
                    marshal: duty.marshal,
                    first_aid: duty.first_aid,
                    phone: duty.phone.clone(),
                })
            }),
            removal: (officer && above && live).then(|| self.removal(person)),
        }
    }

    /// What removing somebody ends, and what they can still read.
    fn removal(&self, person: PersonId) -> Removal {
        let name = self.known.staff_name(person);
        let active = self.state(person) == AccountState::Active;
        let mut ends = vec![format!("{name} cannot sign in on a device that has heard of this.")];
        if active {
            ends.push("What is written from now on is sealed with new keys that this person does not get.".to_owned());
            ends.push("What this person wrote stays as it is, and keeps their name.".to_owned());
        } else {
            ends.push("The one-time words stop working.".to_owned());
        }
        let mut reads: Vec<String> = SHOWN
            .iter()
            .filter(|area| self.holds(person).any(|rights| rights.reach(**area) >= Reach::Reads))
            .map(|area| areas::words(*area).0.to_owned())
            .collect();
        reads.sort();
        let seats = self.seats(person);
        let mut stays = Vec::new();
        if active {
            let seats = if seats.is_empty() { "a device of theirs".to_owned() } else { words::list(&seats) };
            stays.push(format!(
                "Up to now, on {seats}: {} can be read there with this person’s passphrase until that device has heard of this. Let it meet this one, or take it back.",
                words::list(&reads),
            ));
            stays.push("Anything already printed, photographed or exported.".to_owned());
        }
        Removal { ends, stays }
    }

    /// The roles that somebody may give to others, in the order of a choice.
    fn choices(&self, me: PersonId) -> Vec<RoleChoice> {
        let givers: Vec<&Rights> = self.holds(me).collect();
        let sites = self.sites(me);
        let at: Vec<PlaceId> = if givers.iter().any(|rights| rights.sites().is_empty()) {
            Vec::new()
        } else {
            sites.iter().map(|(site, _)| *site).collect()
        };
        let may = |role: &Role| givers.iter().any(|rights| rights.may_give(*role, &at));
        Role::all()
            .filter(may)
            .map(|role| RoleChoice {
                role,
                name: role.name().to_owned(),
                purpose: role.purpose().to_owned(),
                needs_end: role.ends() == Ends::OnANamedDay,
                areas: role.nameable().iter().map(|area| (*area, areas::words(*area).0.to_owned())).collect(),
            })
            .collect()
    }

    /// The sites that somebody may bring people in at.
    fn sites(&self, me: PersonId) -> Vec<(PlaceId, String)> {
        let everywhere = self.holds(me).any(|rights| rights.sites().is_empty());
        let mine: BTreeSet<PlaceId> = self.holds(me).flat_map(|rights| rights.sites()).copied().collect();
        let sites = self.known.school().sites.values();
        let mut sites: Vec<_> = sites
            .filter(|site| everywhere || mine.contains(&site.id))
            .map(|site| (site.code.clone(), (site.id, site.name.clone())))
            .collect();
        sites.sort();
        sites.into_iter().map(|(_, site)| site).collect()
    }
}
