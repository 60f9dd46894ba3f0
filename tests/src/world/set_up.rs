//! Founding a school, letting devices in, giving people their keys.

use super::School;
use super::device::{Device, PASSPHRASE};
use super::ledger::Ledger;
use super::network::Network;
use super::paper::Paper;
use super::story::{Story, asked_for};
use crate::disk::Disk;
use muster_core::authority::grant::{Grant, Grantee, RANK_DEVICE};
use muster_core::crypto::sign::SignKey;
use muster_core::crypto::stretch::Cost;
use muster_core::crypto::words;
use muster_core::crypto::wrap::AgreeKey;
use muster_core::founding::Founding;
use muster_core::id::{DeviceId, PersonId, PlaceId};
use muster_core::replica::{Context, DeviceSecrets, Replica};
use muster_core::sync::join::{Code, Invitation, JoinStep, Joiner, TypedCode, welcome};
use muster_core::time::Moment;
use muster_school::areas;
use muster_school::calendar::{self, Day};
use muster_school::facts::care::Evacuation;
use muster_school::facts::pupil::Identity;
use muster_school::office::{NewPerson, NewPupil};
use muster_school::roles::{DeviceKind, Role};
use rand::SeedableRng as _;
use rand_chacha::ChaCha20Rng;

/// The groups of every seeded school.
pub const GROUPS: [&str; 2] = ["4B", "5K"];

/// Its pupils: group, forename, surname. The names are searched for where they must not be.
pub const PUPILS: [(&str, &str, &str); 12] = [
    ("4B", "Ada", "Quennellby"),
    ("4B", "Ben", "Thistlewood"),
    ("4B", "Cleo", "Ravenscroft"),
    ("4B", "Dev", "Okonjolade"),
    ("4B", "Esme", "Fairweather"),
    ("4B", "Finn", "Marchbanks"),
    ("5K", "Gus", "Applegarth"),
    ("5K", "Hana", "Wolstenholme"),
    ("5K", "Ivo", "Pemberleigh"),
    ("5K", "Juno", "Skrimshire"),
    ("5K", "Kit", "Oglethorpe"),
    ("5K", "Lola", "Buckminster"),
];

/// Its staff, by device: the first is the head.
pub const TEACHERS: [(&str, &str); 8] = [
    ("Helen", "Marshgrove"),
    ("Priya", "Blackthorne"),
    ("Tomas", "Greenhalgh"),
    ("Wanda", "Featherstone"),
    ("Yusuf", "Hazelhurst"),
    ("Zoe", "Lillywhite"),
    ("Omar", "Nettlefold"),
    ("Ruth", "Silverdale"),
];

impl School {
    /// A school of one site, two groups and twelve pupils, on these devices. The first founded it and is the
    /// head's; each other has a teacher. All have met, all are connected, everybody is signed in. It is Monday
    /// 23 November 2026, 08:30.
    ///
    /// `MUSTER_SEED` overrides the seed.
    pub fn seeded<const N: usize>(seed: u64, names: [&str; N]) -> Self {
        Self::of(asked_for().unwrap_or(seed), &names)
    }

    /// As [`School::seeded`], without a look at `MUSTER_SEED`: for tests that run many seeds.
    pub fn of(seed: u64, names: &[&str]) -> Self {
        let mut random = ChaCha20Rng::seed_from_u64(seed);
        let day = Day::new(2026, 11, 23).unwrap();
        let now = calendar::moment(day, 8 * 60);
        let (founding, head, secrets, _cards) = Founding::new(&mut random).unwrap();
        let (disk, hands) = Disk::new();
        let mut context = Context { now, random: &mut random };
        let (rights, rules) = (DeviceKind::Laptop.capabilities(&[]), areas::rules());
        let kept = Some(&PASSPHRASE);
        let founded = Replica::found_with(disk, &founding, head, secrets, rights, &rules, kept, &mut context).unwrap();
        let (first, others) = names.split_first().expect("a school has a device");
        let mut device = Device::new(first, PlaceId::ZERO, founded.replica, hands);
        device.person = Some(founded.head.person.person);
        device.signed_in = Some(founded.head.seat.seat);
        device.role = Role::SeniorLeader;
        let mut school = Self {
            story: Story::new(seed),
            random,
            now_ms: now.utc_ms,
            site: PlaceId::ZERO,
            groups: Default::default(),
            pupils: Default::default(),
            visitors: Vec::new(),
            calls: Vec::new(),
            devices: vec![device],
            network: Network::default(),
            ledger: Ledger::default(),
            paper: Paper::default(),
            rotted: Vec::new(),
            older: Default::default(),
            shows_fewer: Default::default(),
        };
        school.people(founded.head.person.person);
        for name in others {
            school.joins(name);
        }
        school.office(0, |office| office.write_expected(office_site(office))).unwrap();
        school.settle();
        school.clock("08:30");
        school
    }

    fn people(&mut self, head: PersonId) {
        let device = self.devices[0].id;
        self.site = self.office(0, |office| {
            office.name_school("Harbour Primary").unwrap();
            let site = office.add_site("HAR", "Harbour", &["Playground", "Field"]).unwrap();
            office.add_person(Some(head), &staff(0, Role::SeniorLeader, site)).unwrap();
            office.name_device(device, "office", None).unwrap();
            site
        });
        let site = self.site;
        self.devices[0].site = site;
        for name in GROUPS {
            let group = self.office(0, |office| office.add_group(site, name, None).unwrap());
            self.groups.insert(name.to_owned(), group);
        }
        for (number, (group, forename, surname)) in PUPILS.into_iter().enumerate() {
            let new = NewPupil {
                identity: Identity {
                    admission_no: format!("{number:05}"),
                    upn: String::new(),
                    surname: surname.to_owned(),
                    forename: forename.to_owned(),
                    preferred: forename.to_owned(),
                    sex: String::new(),
                    born: Day::new(2017, 3, 4),
                },
                site,
                group: Some(self.group(group)),
                year: "4".to_owned(),
                starting: Day::new(2026, 9, 1),
                medical: Vec::new(),
                evacuation: (forename == "Finn")
                    .then(|| Evacuation { needs_help: true, instruction: "Evac chair, two people".to_owned() }),
            };
            let pupil = self.office(0, |office| office.add_pupil(&new).unwrap());
            self.pupils.insert(forename.to_owned(), pupil);
        }
    }

    /// Lets a new device in from the first one, for the site, with a teacher; then everybody who is connected meets.
    pub fn joins(&mut self, name: &str) {
        self.joins_as(name, Role::CoreStaff);
    }

    /// As [`School::joins`], with somebody in another role.
    pub fn joins_as(&mut self, name: &str, role: Role) {
        let site = self.site;
        self.sign_in(0);
        // Leaders' keys are kept where leaders work.
        let kind = if role == Role::CoreStaff { DeviceKind::Tablet } else { DeviceKind::Laptop };
        let device = self.enrols(name, site, kind);
        let number = device % TEACHERS.len();
        let (person, words) = self.hires(number, site, name, role);
        self.settle();
        let words = words.as_str();
        let at = self.tick(device);
        let random = &mut self.random;
        let context = &mut Context { now: at, random };
        let opened = self.devices[device].replica().activate_with(words, &PASSPHRASE, context).unwrap();
        assert_eq!(opened.person.person, person, "the words were another's");
        self.devices[device].replica().share_keys(&person, TEACHERS[number].0, random).unwrap();
        self.devices[device].person = Some(person);
        self.devices[device].role = role;
        self.devices[device].signed_in = Some(opened.seat.seat);
        self.tell(|_| format!("{name} is let in, for {}", TEACHERS[number].0));
        self.settle();
    }

    /// A device of another site of the same school, with nobody on it: what it may not read, it must not hold.
    pub fn joins_of_another_site(&mut self, name: &str) {
        self.sign_in(0);
        let other = self.office(0, |office| office.add_site("HIL", "Hill", &["Gate"]).unwrap());
        self.enrols(name, other, DeviceKind::Tablet);
        self.settle();
        self.tell(|_| format!("{name} is let in, for another site"));
    }

    /// Lets a kiosk in for the site, with nobody on it.
    pub fn joins_kiosk(&mut self, name: &str) {
        self.sign_in(0);
        let site = self.site;
        self.enrols(name, site, DeviceKind::Kiosk);
        self.settle();
        self.tell(|_| format!("{name} is let in, a kiosk"));
    }

    fn enrols(&mut self, name: &str, site: PlaceId, kind: DeviceKind) -> usize {
        let now = self.tick(0);
        let random = &mut self.random;
        let officer = self.devices[0].replica();
        let code = Code::new(officer.device(), vec![], random);
        let typed = TypedCode::from_text(&code.to_text()).unwrap().of(officer.device());
        let mut invitation = Invitation::open(code, Cost::TEST).unwrap();
        let (sign, agree) = (SignKey::random(random), AgreeKey::random(random));
        let this = DeviceId(sign.public().0);
        let (mut joiner, request) = Joiner::start(&typed, this, agree.public(), name, [1; 32], Cost::TEST).unwrap();
        let candidate = invitation.receive(officer.founding(), this, [1; 32], &request).unwrap();
        assert_eq!(joiner.receive(&candidate.answer).unwrap(), JoinStep::Phrase(candidate.phrase.clone()));
        let to = Grantee::Device { device: candidate.device, agree: candidate.agree };
        let grant = Grant { to, rank: RANK_DEVICE, capabilities: kind.capabilities(&[site]), until: None };
        let seat = self.devices[0].signed_in.expect("an officer is signed in");
        self.devices[0].replica().grant(&seat, grant, &mut Context { now, random }).unwrap();
        self.office(0, |office| office.name_device(this, name, Some(site)).unwrap());
        let JoinStep::Welcome(founding) = joiner.receive(&welcome()).unwrap() else { panic!("not welcome") };
        let random = &mut self.random;
        let secrets = DeviceSecrets::with_keys(sign, agree, founding.school(), random);
        let (disk, hands) = Disk::new();
        let now = Moment::utc(self.now_ms);
        let replica = Replica::join(disk, &founding, secrets, &areas::rules(), &mut Context { now, random }).unwrap();
        let mut device = Device::new(name, site, replica, hands);
        device.inviter = Some(self.devices[0].id);
        self.devices.push(device);
        self.devices.len() - 1
    }

    fn hires(&mut self, number: usize, site: PlaceId, device: &str, role: Role) -> (PersonId, String) {
        let new = staff(number, role, site);
        let person = self.office(0, |office| office.add_person(None, &new).unwrap());
        let words = words::random_words(6, &mut self.random);
        let now = self.tick(0);
        let seat = self.devices[0].signed_in.expect("an officer is signed in");
        let rights = role.capabilities(&[site]);
        let context = &mut Context { now, random: &mut self.random };
        let given =
            self.devices[0].replica().grant_by_words(&seat, person, role.rank(), rights, &words, Cost::TEST, context);
        given.unwrap_or_else(|error| panic!("words for {device}: {error}"));
        (person, words)
    }
}

fn office_site(office: &super::WorldOffice<'_, '_>) -> PlaceId {
    *office.known().school().sites.keys().next().expect("the school has a site")
}

fn staff(number: usize, role: Role, site: PlaceId) -> NewPerson {
    let (forename, surname) = TEACHERS[number % TEACHERS.len()];
    NewPerson {
        staff_code: String::new(),
        title: String::new(),
        forename: forename.to_owned(),
        surname: surname.to_owned(),
        job: String::new(),
        role,
        sites: vec![site],
        email: String::new(),
    }
}
