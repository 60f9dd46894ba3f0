//! `muster reception`: who comes and goes; `muster move`: people who set out for another site; `muster trip`: trips.

use super::Common;
use super::ask::Who as Signed;
use super::words::{find_pupil, find_staff};
use crate::device::Device;
use anyhow::{Context as _, bail};
use clap::{Args, Subcommand};
use muster_core::id::PlaceId;
use muster_school::calendar::{self, Day, parse_clock};
use muster_school::facts::roll::Way;
use muster_school::facts::visits::ComerKind;
use muster_school::fire::evidence::Roll;
use muster_school::fire::presence;
use muster_school::ids::{VisitId, Who};
use muster_school::names;
use muster_school::office::{EarlyLeaver, NewTrip, NewVisit};

/// Who comes and goes: visitors, contractors, staff, late pupils, early leavers
#[derive(Debug, Args)]
pub(super) struct Reception {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Somebody signs in: a visitor by name, or a member of staff
    Arrive(Arrive),
    /// Somebody signs out: a visitor or a member of staff
    Leave {
        /// Part of the name
        name: String,
        #[command(flatten)]
        who: Signed,
    },
    /// A pupil comes late: written down without touching the mark
    Late {
        /// Part of the pupil's name, or the admission number
        pupil: String,
        /// A short word, such as bus
        #[arg(long, default_value = "")]
        note: String,
        #[command(flatten)]
        who: Signed,
    },
    /// A pupil leaves early
    Collect {
        /// Part of the pupil's name, or the admission number
        pupil: String,
        /// Who collects them [default: they leave by themselves]
        #[arg(long, default_value = "")]
        by: String,
        /// The member of staff who lets them go: staff code or part of the name
        #[arg(long)]
        released_by: String,
        /// A short word, such as dentist
        #[arg(long, default_value = "")]
        note: String,
        /// What is against it was seen
        #[arg(long)]
        despite: bool,
        #[command(flatten)]
        who: Signed,
    },
    /// Say who a line from the kiosk is
    Match {
        /// Part of what was typed at the kiosk
        line: String,
        /// The pupil or member of staff it is: part of the name
        is: String,
        #[command(flatten)]
        who: Signed,
    },
    /// Who is here by a sign-in, and lines from the kiosk that are nobody's yet
    List {
        #[command(flatten)]
        who: Signed,
    },
}

#[derive(Debug, Args)]
struct Arrive {
    /// Their name; for staff: part of it
    name: String,
    /// visitor, contractor, agency, volunteer or staff
    #[arg(long, default_value = "visitor")]
    kind: String,
    /// Firm, authority or agency
    #[arg(long, default_value = "")]
    from: String,
    /// Whom they see: staff code or part of the name
    #[arg(long)]
    host: Option<String>,
    /// The badge's number
    #[arg(long, default_value = "")]
    badge: String,
    /// Vehicle registration
    #[arg(long, default_value = "")]
    vehicle: String,
    /// Where they work
    #[arg(long, default_value = "")]
    working: String,
    /// A number to call them on
    #[arg(long, default_value = "")]
    phone: String,
    /// With nobody signed in, as at a kiosk: the name is their own word
    #[arg(long)]
    kiosk: bool,
    #[command(flatten)]
    who: Signed,
}

impl Reception {
    pub(super) fn run(self, common: &Common) -> anyhow::Result<()> {
        match self.what {
            What::Arrive(arrive) => arrive.run(common),
            What::Leave { name, who } => {
                let (mut device, site) = at(common, &who)?;
                let person = here(&mut device, site, &name)?;
                match person {
                    Who::Visitor(visit) => device.office(|office| Ok(office.visitor_out(site, visit).map(drop)?))?,
                    who => device.office(|office| Ok(office.sign(site, who, Way::Out, "").map(drop)?))?,
                }
                device.keep_fire_list()?;
                say!("Signed out.");
                Ok(())
            }
            What::Late { pupil, note, who } => {
                let (mut device, site) = at(common, &who)?;
                let pupil = find_pupil(&device, &pupil)?;
                device.office(|office| Ok(office.came_late(site, pupil, &note).map(drop)?))?;
                device.keep_fire_list()?;
                say!("Written down. The mark is unchanged.");
                Ok(())
            }
            What::Collect { pupil, by, released_by, note, despite, who } => {
                let (mut device, site) = at(common, &who)?;
                let pupil = find_pupil(&device, &pupil)?;
                let released_by = Some(find_staff(&device, &released_by)?);
                let how = EarlyLeaver { by, released_by, note, despite };
                device.office(|office| Ok(office.leave_early(site, pupil, &how).map(drop)?))?;
                device.keep_fire_list()?;
                say!("Signed out, with who collected and who let them go in the pupil's record.");
                Ok(())
            }
            What::Match { line, is, who } => {
                let (mut device, site) = at(common, &who)?;
                let roll = roll(&mut device, site)?;
                let wanted = names::fold(&line);
                let typed = roll
                    .visits
                    .iter()
                    .filter(|(_, visit)| visit.details.typed)
                    .map(|(id, one)| (*id, &one.arrived.name));
                let out = roll.typed_out.iter().map(|(id, (one, _))| (*id, &one.name));
                let found: Vec<VisitId> = typed
                    .chain(out)
                    .filter(|(_, name)| names::fold(name).contains(&wanted))
                    .map(|(id, _)| id)
                    .collect();
                let [visit] = found.as_slice() else {
                    bail!("{} lines of today fit that: give more of it", found.len())
                };
                let (visit, person) = (*visit, whom(&device, &is)?);
                device.office(|office| Ok(office.match_line(site, visit, person).map(drop)?))?;
                device.keep_fire_list()?;
                say!("Matched.");
                Ok(())
            }
            What::List { who } => {
                let (mut device, site) = at(common, &who)?;
                let view = device.with_records(|records, known| {
                    Ok(muster_school::show::reception(records, known, site, "", None, None)?)
                })?;
                for row in &view.here {
                    say!("  {:<28} {:<12} {}", row.name, row.kind.word(), row.line);
                }
                for line in &view.to_match {
                    say!("? {}", line.words);
                }
                Ok(())
            }
        }
    }
}

impl Arrive {
    fn run(self, common: &Common) -> anyhow::Result<()> {
        let kind = ComerKind::from_word(&self.kind).with_context(|| {
            format!("{} is no kind: say visitor, contractor, agency, volunteer or staff", self.kind)
        })?;
        let (mut device, site) = match self.kiosk {
            true => {
                let device = Device::open(&common.folder(), common.clock())?;
                let site = device.site().context("this device knows no site yet")?;
                (device, site)
            }
            false => at(common, &self.who)?,
        };
        if kind == ComerKind::Staff && !self.kiosk {
            let person = Who::Staff(find_staff(&device, &self.name)?);
            device.office(|office| Ok(office.sign(site, person, Way::In, "").map(drop)?))?;
            device.keep_fire_list()?;
            say!("Signed in.");
            return Ok(());
        }
        let host = self.host.as_deref().filter(|_| !self.kiosk);
        let visit = NewVisit {
            name: self.name.clone(),
            organisation: self.from,
            host: host.map(|host| find_staff(&device, host)).transpose()?,
            badge: self.badge,
            kind,
            host_typed: if self.kiosk { self.host.unwrap_or_default() } else { String::new() },
            vehicle: self.vehicle,
            working: self.working,
            phone: self.phone,
            typed: self.kiosk,
        };
        device.office(|office| Ok(office.visitor_in(site, &visit).map(drop)?))?;
        device.keep_fire_list()?;
        say!("{} is signed in.", self.name.trim());
        Ok(())
    }
}

/// People set out for another site: on its list from now on, flagged on this one's
#[derive(Debug, Args)]
pub(super) struct Move {
    /// Who: part of the name of a pupil or a member of staff; several may be given
    #[arg(required = true)]
    people: Vec<String>,
    /// To which site, by code
    #[arg(long, value_name = "CODE")]
    to: String,
    /// A short word, such as pottery
    #[arg(long, default_value = "")]
    note: String,
    #[command(flatten)]
    who: Signed,
}

impl Move {
    pub(super) fn run(self, common: &Common) -> anyhow::Result<()> {
        let (mut device, site) = at(common, &self.who)?;
        let to = super::invite::place(&device, Some(&self.to))?.context("say to which site")?;
        let people = self.people.iter().map(|name| whom(&device, name)).collect::<anyhow::Result<Vec<Who>>>()?;
        device.office(|office| Ok(office.send_to(site, to, &people, &self.note).map(drop)?))?;
        device.keep_fire_list()?;
        say!("{} on the way to {}.", people.len(), device.known.site_name(to));
        Ok(())
    }
}

/// Trips off site: apart on the fire list, with leader and return
#[derive(Debug, Args)]
pub(super) struct Trip {
    #[command(subcommand)]
    what: TripWhat,
}

#[derive(Debug, Subcommand)]
enum TripWhat {
    /// A trip sets out
    Out {
        /// As in Swimming
        title: String,
        /// Who goes: part of the name; several may be given
        #[arg(required = true)]
        people: Vec<String>,
        /// Who leads it: staff code or part of the name
        #[arg(long)]
        leader: Option<String>,
        /// The leader's number [default: the one the school knows]
        #[arg(long, default_value = "")]
        phone: String,
        /// When it is due back, as 12:15
        #[arg(long, value_name = "HH:MM")]
        back: String,
        /// The day on which it is due back, as 27/11/2026 [default: today]
        #[arg(long, value_name = "DATE", value_parser = Day::parse)]
        on: Option<Day>,
        #[command(flatten)]
        who: Signed,
    },
    /// A trip is back
    Back {
        /// Part of its title
        title: String,
        #[command(flatten)]
        who: Signed,
    },
    /// The trips of today
    List {
        #[command(flatten)]
        who: Signed,
    },
}

impl Trip {
    pub(super) fn run(self, common: &Common) -> anyhow::Result<()> {
        match self.what {
            TripWhat::Out { title, people, leader, phone, back, on, who } => {
                let (mut device, site) = at(common, &who)?;
                let due = parse_clock(&back).with_context(|| format!("\"{back}\" is no time: write 12:15"))?;
                let leader = leader.map(|name| find_staff(&device, &name)).transpose()?;
                let people = people.iter().map(|name| whom(&device, name)).collect::<anyhow::Result<Vec<Who>>>()?;
                let trip = NewTrip { title, leader, phone, due, until: on, people };
                device.office(|office| Ok(office.trip_out(site, &trip).map(drop)?))?;
                device.keep_fire_list()?;
                let today = calendar::local(device.clock.now()).day;
                say!("{} is out, due back {}.", trip.title, calendar::clock_of(on.unwrap_or(today), due, today));
                Ok(())
            }
            TripWhat::Back { title, who } => {
                let (mut device, site) = at(common, &who)?;
                let wanted = names::fold(&title);
                let roll = roll(&mut device, site)?;
                let out = roll.trips.values().filter(|held| held.back.is_none());
                let found: Vec<_> = out.filter(|held| names::fold(&held.trip.title).contains(&wanted)).collect();
                let [held] = found.as_slice() else {
                    bail!("{} trips that are out fit that: give the title", found.len())
                };
                device.office(|office| Ok(office.trip_back(site, held.trip.id).map(drop)?))?;
                device.keep_fire_list()?;
                say!("{} is back.", held.trip.title);
                Ok(())
            }
            TripWhat::List { who } => {
                let (mut device, site) = at(common, &who)?;
                let view = device.with_records(|records, known| {
                    Ok(muster_school::show::reception(records, known, site, "", None, None)?)
                })?;
                for trip in &view.trips {
                    let sign = if trip.overdue { "!" } else { " " };
                    say!("{sign} {:<24} {:<16} {} {}", trip.title, trip.leader, trip.phone, trip.line);
                }
                Ok(())
            }
        }
    }
}

/// Signs in, and the site of this device.
fn at(common: &Common, who: &Signed) -> anyhow::Result<(Device, PlaceId)> {
    let device = who.open(common)?;
    let site = device.site().context("this device knows no site yet")?;
    Ok((device, site))
}

/// A pupil, or else a member of staff, by part of the name.
pub(super) fn whom(device: &Device, name: &str) -> anyhow::Result<Who> {
    match (find_pupil(device, name), find_staff(device, name)) {
        (Ok(_), Ok(_)) => bail!("a pupil and a member of staff have {name} in their name: give more of it"),
        (Ok(pupil), Err(_)) => Ok(Who::Pupil(pupil)),
        (Err(_), Ok(staff)) => Ok(Who::Staff(staff)),
        (Err(error), Err(_)) => Err(error),
    }
}

/// Somebody who signed in today, by part of the name.
fn here(device: &mut Device, site: PlaceId, name: &str) -> anyhow::Result<Who> {
    let roll = roll(device, site)?;
    let wanted = names::fold(name);
    let visitors = roll.visits.iter().filter(|(_, visit)| visit.left.is_none());
    let mut found: Vec<Who> = visitors
        .filter(|(_, visit)| names::fold(&visit.arrived.name).contains(&wanted))
        .map(|(id, _)| Who::Visitor(*id))
        .collect();
    // Those who signed in by the page of another day, and are called today.
    let list = device.with_records(|records, _| Ok(presence::list(records, site)?))?;
    for one in list.iter().flat_map(|list| list.to_call()) {
        let stays = matches!(one.who, Who::Visitor(visit) if !roll.visits.contains_key(&visit));
        if stays && names::fold(&one.spoken()).contains(&wanted) {
            found.push(one.who);
        }
    }
    if let Ok(staff) = find_staff(device, name) {
        found.push(Who::Staff(staff));
    }
    match found.as_slice() {
        [who] => Ok(*who),
        [] => bail!("nobody who signed in here today has that name: see muster reception list"),
        several => bail!("{} people here have that in their name: give more of it", several.len()),
    }
}

fn roll(device: &mut Device, site: PlaceId) -> anyhow::Result<Roll> {
    let today = calendar::local(device.clock.now()).day;
    device.with_records(|records, _| Ok(presence::roll(records, site, today)?))
}
