//! Who can read and write what, and why: rights as the records say them, told by role, area and site.
//!
//! A pure reading of [`Records::holders`]: it decides nothing and asks no clock but the records'. Whoever is removed
//! or whose rights have ended is told as such, and can do nothing.
//!
//! Not here: names and words for a screen (see `show`), and the engine's verdict.

use crate::areas;
use crate::roles::{DeviceKind, Role};
use muster_core::authority::capability::{Capability, Right, Which};
use muster_core::authority::grant::RANK_HEAD;
use muster_core::authority::view::Holder;
use muster_core::document::fact::Origin;
use muster_core::id::{Area, DeviceId, PersonId, PlaceId};
use muster_core::replica::records::{HeldRights, Records};
use muster_core::time::Moment;

/// What a list of rights is known as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Known {
    /// The head who founded the school.
    Head,
    /// A role, at some sites (none means every site), with areas that were named when it was given.
    Role(Role, Vec<PlaceId>, Vec<Area>),
    /// A kind of device, at some sites (none means every site).
    Device(DeviceKind, Vec<PlaceId>),
    /// Rights that no role of this version has: given by another version, or singly.
    Other,
}

/// Whether rights can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// They can.
    Holds,
    /// Their day is over.
    Ended,
    /// They were taken away.
    Removed,
}

/// Rights, and why somebody has them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rights {
    /// What they are known as.
    pub known: Known,
    /// Who gave them and when; `None` for what the founding gave.
    pub given: Option<Origin>,
    /// Until when.
    pub until: Option<Moment>,
    /// Whether they can be used now.
    pub standing: Standing,
    /// 1 to 5, lower is stronger.
    pub rank: u8,
    capabilities: Vec<Capability>,
}

/// How far somebody gets in an area, the least first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reach {
    /// Not at all.
    #[default]
    Nothing,
    /// May open a case there, and read none.
    Opens,
    /// Adds to it, and does not read what others added.
    Adds,
    /// Reads.
    Reads,
    /// Reads and writes.
    Writes,
}

/// Places at which something holds.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Places {
    /// Every site, those founded later included.
    Every,
    /// The records of the school as a whole, which lie at no site.
    School,
    /// These sites.
    Sites(Vec<PlaceId>),
}

/// The rights of every person, in no special order.
pub fn of_persons(records: &impl Records) -> Vec<(PersonId, Rights)> {
    let now = records.now();
    let person = |held: HeldRights| match held.holder {
        Holder::Person(person) => Some((person, rights(held, now))),
        Holder::Device(_) => None,
    };
    records.holders().into_iter().filter_map(person).collect()
}

/// The rights that whoever acts holds now, on whichever of their grants.
pub fn of_actor(records: &impl Records) -> Vec<Rights> {
    held_by(records, records.author(&records.seat()).and_then(|author| author.person))
}

/// The rights that somebody holds now, on whichever of their grants; none for nobody.
pub fn held_by(records: &impl Records, who: Option<PersonId>) -> Vec<Rights> {
    let all = of_persons(records).into_iter();
    let theirs = all.filter(|(person, rights)| Some(*person) == who && rights.standing == Standing::Holds);
    theirs.map(|(_, rights)| rights).collect()
}

/// Whether whoever acts may bring files of another system in: the head, and whoever has a role that may. What of a file
/// goes in follows from what they may write.
pub fn may_upload(records: &impl Records) -> bool {
    of_actor(records).iter().any(|rights| match &rights.known {
        Known::Head => true,
        Known::Role(role, ..) => role.may_upload(),
        _ => false,
    })
}

/// The rights of every device, in no special order.
pub fn of_devices(records: &impl Records) -> Vec<(DeviceId, Rights)> {
    let now = records.now();
    let device = |held: HeldRights| match held.holder {
        Holder::Device(device) => Some((device, rights(held, now))),
        Holder::Person(_) => None,
    };
    records.holders().into_iter().filter_map(device).collect()
}

fn rights(held: HeldRights, now: Moment) -> Rights {
    let known = match held.holder {
        Holder::Person(_) if held.rank == RANK_HEAD => Known::Head,
        Holder::Person(_) => Role::of(held.rank, &held.capabilities)
            .map_or(Known::Other, |(role, sites, named)| Known::Role(role, sites, named)),
        Holder::Device(_) => {
            DeviceKind::of(&held.capabilities).map_or(Known::Other, |(kind, sites)| Known::Device(kind, sites))
        }
    };
    let ended = held.until.is_some_and(|until| until.utc_ms <= now.utc_ms);
    let standing = match (held.live, ended) {
        (false, _) => Standing::Removed,
        (true, true) => Standing::Ended,
        (true, false) => Standing::Holds,
    };
    let HeldRights { given, until, rank, capabilities, .. } = held;
    Rights { known, given, until, standing, rank, capabilities }
}

/// The lowest rank of whoever leads a site or more: head, administrator, area lead.
pub const LEADS: u8 = 3;

impl Rights {
    /// How far they get in an area, and where. Several, where that differs by site.
    pub fn in_area(&self, area: Area) -> Vec<(Reach, Places)> {
        if self.rank == RANK_HEAD {
            return vec![(Reach::Writes, if areas::is_school_wide(area) { Places::School } else { Places::Every })];
        }
        let at = |right| self.places(right, area);
        let (reads, writes, opens) = (at(Right::Read), at(Right::Write), at(Right::Open));
        let mut found: Vec<(Reach, Which<PlaceId>)> = Vec::new();
        for place in reads.iter().chain(&writes).chain(&opens) {
            let has = |places: &[Which<PlaceId>]| places.iter().any(|one| one.covers(place));
            let reach = match (has(&reads), has(&writes), has(&opens)) {
                (true, true, _) => Reach::Writes,
                (true, false, _) => Reach::Reads,
                (false, true, _) => Reach::Adds,
                (false, false, _) => Reach::Opens,
            };
            if !found.contains(&(reach, *place)) {
                found.push((reach, *place));
            }
        }
        together(found)
    }

    /// The furthest they get in an area, wherever.
    pub fn reach(&self, area: Area) -> Reach {
        self.in_area(area).into_iter().map(|(reach, _)| reach).max().unwrap_or_default()
    }

    /// Whether they let read an area at a site.
    pub fn reads_at(&self, area: Area, site: PlaceId) -> bool {
        self.in_area(area).iter().any(|(reach, places)| {
            *reach >= Reach::Reads
                && match places {
                    Places::Every => true,
                    Places::School => false,
                    Places::Sites(sites) => sites.contains(&site),
                }
        })
    }

    /// Whether they let somebody else into an area.
    pub fn gives(&self, area: Area) -> bool {
        self.rank == RANK_HEAD || !self.places(Right::Grant, area).is_empty()
    }

    /// Whether they let somebody else have a role at these sites; no site means every site. The engine decides when
    /// it is given.
    pub fn may_give(&self, role: Role, sites: &[PlaceId]) -> bool {
        let wanted = role.capabilities_with(sites, role.nameable());
        let lets = |given: &Capability| self.capabilities.iter().any(|held| held.lets_give(Right::Grant, given));
        let covered = |given: &Capability| self.rank == RANK_HEAD || lets(given);
        self.rank < role.rank() && wanted.iter().all(covered)
    }

    /// Whether they let devices in.
    pub fn enrols(&self) -> bool {
        self.capabilities.iter().any(|one| one.right == Right::Enrol)
    }

    /// The sites they are for; none where they are for every site.
    pub fn sites(&self) -> &[PlaceId] {
        match &self.known {
            Known::Role(_, sites, _) | Known::Device(_, sites) => sites,
            Known::Head | Known::Other => &[],
        }
    }

    fn places(&self, right: Right, area: Area) -> Vec<Which<PlaceId>> {
        let school = areas::is_school_wide(area);
        let fits = |one: &&Capability| one.right == right && one.area.has(&area);
        let here = |place: &Which<PlaceId>| school == (*place == Which::One(PlaceId::ZERO)) || *place == Which::Any;
        let mut places: Vec<_> = self.capabilities.iter().filter(fits).map(|one| one.place).filter(here).collect();
        places.sort_unstable();
        places.dedup();
        places
    }
}

/// Gathers the places of each reach, the furthest first.
fn together(mut found: Vec<(Reach, Which<PlaceId>)>) -> Vec<(Reach, Places)> {
    found.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut all: Vec<(Reach, Places)> = Vec::new();
    for (reach, place) in found {
        let last = all.last_mut().filter(|(known, _)| *known == reach).map(|(_, places)| places);
        match (place, last) {
            (Which::One(site), Some(Places::Sites(sites))) if site != PlaceId::ZERO => sites.push(site),
            (Which::One(_), Some(_)) => {}
            (Which::Any, _) => all.push((reach, Places::Every)),
            (Which::One(PlaceId::ZERO), None) => all.push((reach, Places::School)),
            (Which::One(site), None) => all.push((reach, Places::Sites(vec![site]))),
        }
    }
    all
}

/// Whether a person's keys may be kept on a device, so that they may sign in there: their sites meet, the device is
/// one to sign in on, and leaders, leads and whoever reads safeguarding files only where leads' keys are kept.
pub fn may_sign_in_on(person: &Rights, device: &Rights) -> bool {
    if person.standing != Standing::Holds || device.standing != Standing::Holds {
        return false;
    }
    let meets = |mine: &[PlaceId], theirs: &[PlaceId]| {
        mine.is_empty() || theirs.is_empty() || mine.iter().any(|site| theirs.contains(site))
    };
    let leads = person.rank < 4 || person.reach(areas::SAFEGUARDING) >= Reach::Reads;
    let kind = match &device.known {
        Known::Device(DeviceKind::Laptop, _) => true,
        Known::Device(DeviceKind::Tablet, _) => !leads,
        _ => false,
    };
    kind && meets(person.sites(), device.sites())
}
