//! The reception: who comes and goes, movements between sites, trips. With nobody signed in it is a form that writes and
//! shows nothing back but what was typed there a moment ago.

use super::calls::folder_of;
use super::clerk::Clerk;
use crate::host::Host;
use anyhow::{Context as _, bail};
use muster_core::id::{PersonId, PlaceId};
use muster_school::calendar;
use muster_school::facts::roll::Way;
use muster_school::fire::presence;
use muster_school::ids::{PupilId, VisitId, Who};
use muster_school::office::{EarlyLeaver, NewTrip, NewVisit};
use muster_school::show;
use muster_school::view::SubjectId;
use muster_school::view::reception::{Comer, ComerKind, Leaving, ReceptionAct, ReceptionView, TripOut};

/// What the reception keeps between acts.
#[derive(Default)]
pub(super) struct Reception {
    typed: String,
    pupil: Option<PupilId>,
    badge: Option<VisitId>,
    said: Option<String>,
    /// Where badges went last.
    folder: String,
}

impl Clerk {
    pub(super) fn reception_view(&mut self, host: &mut Host) -> anyhow::Result<ReceptionView> {
        let said = self.reception.said.clone();
        let Some(place) = host.device.site().filter(|_| host.device.opened.is_some()) else {
            let site = host.device.local.site.as_ref().map_or_else(String::new, |(_, name)| name.clone());
            return Ok(ReceptionView {
                site,
                now: Self::clock(host),
                kiosk: true,
                kinds: ComerKind::ALL.to_vec(),
                said,
                ..ReceptionView::default()
            });
        };
        let Reception { typed, pupil, badge, .. } = &self.reception;
        let view = host
            .device
            .with_records(|records, known| Ok(show::reception(records, known, place, typed, *pupil, *badge)?))?;
        Ok(ReceptionView { said, ..view })
    }

    pub(super) fn at_reception(&mut self, host: &mut Host, act: ReceptionAct) -> anyhow::Result<()> {
        let place = host.device.door_site()?.context(
            "this device does not know yet at which site it stands: let it in for one site, or let somebody sign in here",
        )?;
        let now = Self::clock(host);
        let open = host.device.opened.is_some();
        match act {
            ReceptionAct::Seen => self.reception.said = None,
            ReceptionAct::Arrive(comer) => self.arrives(host, place, &comer)?,
            ReceptionAct::LeaveByName(comer) => {
                host.device.office(|office| {
                    Ok(office.typed_out(place, comer.kind, &comer.name, &comer.organisation).map(drop)?)
                })?;
                self.reception.said = Some(match comer.kind {
                    ComerKind::Pupil => format!("Written down at {now}. Please see a member of staff before you go"),
                    _ => format!("Goodbye, {}. You are signed out: {now}", first(&comer.name)),
                });
            }
            _ if !open => bail!("sign in first: a screen with nobody signed in has only the form"),
            ReceptionAct::Search(typed) => self.reception.typed = typed,
            ReceptionAct::Look(pupil) => self.reception.pupil = Some(pupil.into()),
            ReceptionAct::Close => self.reception.pupil = None,
            ReceptionAct::SignOut(person) => self.signs(host, place, person, Way::Out)?,
            ReceptionAct::SignIn(person) | ReceptionAct::Arrived(person) => {
                self.signs(host, place, person, Way::In)?;
            }
            ReceptionAct::Late { pupil, note } => {
                let pupil = PupilId::from(pupil);
                host.device.office(|office| Ok(office.came_late(place, pupil, &note).map(drop)?))?;
                self.reception.pupil = None;
                self.reception.said = Some(format!("Written down as late at {now}. The mark is unchanged"));
            }
            ReceptionAct::Collect(leaving) => self.collects(host, place, &leaving)?,
            ReceptionAct::Match { line, person } => {
                let who = who(host, place, person)?;
                host.device.office(|office| Ok(office.match_line(place, VisitId(line.0), who).map(drop)?))?;
            }
            ReceptionAct::PrintBadge { person, folder } => {
                if !folder.trim().is_empty() {
                    self.reception.folder = folder;
                }
                self.reception.badge = Some(VisitId(person.0));
                let badge = self.reception_view(host)?.badge.context("there is no such visitor here today")?;
                let path = host.device.print_badge(&badge, &folder_of(&self.reception.folder)?)?;
                self.notice(host, format!("Written to {}", path.display()), None);
            }
            ReceptionAct::Move { people, to, note } => {
                let people = whom(host, place, &people)?;
                host.device.office(|office| Ok(office.send_to(place, to, &people, &note).map(drop)?))?;
                self.reception.said = Some(format!("On the way to {} since {now}", host.device.known.site_name(to)));
            }
            ReceptionAct::TripOut(trip) => self.trip_goes(host, place, &trip)?,
            ReceptionAct::TripBack(trip) => {
                host.device.office(|office| Ok(office.trip_back(place, trip.0).map(drop)?))?;
                self.reception.said = Some(format!("Back since {now}"));
            }
        }
        Ok(())
    }

    fn arrives(&mut self, host: &mut Host, place: PlaceId, comer: &Comer) -> anyhow::Result<()> {
        let typed = host.device.opened.is_none();
        let visit = NewVisit {
            name: comer.name.clone(),
            organisation: comer.organisation.clone(),
            host: comer.host.filter(|_| !typed).map(|host| PersonId(host.0)),
            badge: comer.badge.clone(),
            kind: comer.kind,
            host_typed: comer.host_typed.clone(),
            vehicle: comer.vehicle.clone(),
            working: comer.working.clone(),
            phone: comer.phone.clone(),
            typed,
        };
        let visit = host.device.office(|office| Ok(office.visitor_in(place, &visit)?))?;
        self.reception.badge = Some(visit);
        let now = Self::clock(host);
        self.reception.said = Some(match typed {
            true => format!("Welcome, {}. You are signed in: {now}", first(&comer.name)),
            false => format!("{} is signed in: {now}", comer.name.trim()),
        });
        Ok(())
    }

    fn signs(&mut self, host: &mut Host, place: PlaceId, person: SubjectId, way: Way) -> anyhow::Result<()> {
        let who = who(host, place, person)?;
        match (who, way) {
            (Who::Pupil(_), Way::Out) => {
                bail!("a pupil leaves with somebody: choose the pupil, then who collects them")
            }
            (Who::Visitor(visit), Way::Out) => {
                host.device.office(|office| Ok(office.visitor_out(place, visit).map(drop)?))?;
            }
            _ => host.device.office(|office| Ok(office.sign(place, who, way, "").map(drop)?))?,
        }
        let word = if way == Way::In { "in" } else { "out" };
        self.reception.said = Some(format!("Signed {word}: {}", Self::clock(host)));
        self.reception.pupil = None;
        Ok(())
    }

    fn collects(&mut self, host: &mut Host, place: PlaceId, leaving: &Leaving) -> anyhow::Result<()> {
        let how = EarlyLeaver {
            by: leaving.by.clone(),
            released_by: leaving.released_by.map(|person| PersonId(person.0)),
            note: leaving.note.clone(),
            despite: leaving.despite,
        };
        let pupil = PupilId::from(leaving.pupil);
        host.device.office(|office| Ok(office.leave_early(place, pupil, &how).map(drop)?))?;
        self.reception.pupil = None;
        self.reception.said = Some(format!("Signed out: {}", Self::clock(host)));
        Ok(())
    }

    fn trip_goes(&mut self, host: &mut Host, place: PlaceId, trip: &TripOut) -> anyhow::Result<()> {
        let due =
            calendar::parse_clock(&trip.back).with_context(|| format!("\"{}\" is no time: write 12:15", trip.back))?;
        let until = match trip.back_on.trim() {
            "" => None,
            typed => Some(calendar::Day::parse(typed).map_err(anyhow::Error::msg)?),
        };
        let new = NewTrip {
            title: trip.title.clone(),
            leader: trip.leader.map(|leader| PersonId(leader.0)),
            phone: trip.phone.clone(),
            due,
            until,
            people: whom(host, place, &trip.people)?,
        };
        host.device.office(|office| Ok(office.trip_out(place, &new).map(drop)?))?;
        self.reception.said = Some(format!("{} is out since {}", trip.title.trim(), Self::clock(host)));
        Ok(())
    }
}

fn first(name: &str) -> &str {
    name.split_whitespace().next().unwrap_or_default()
}

/// Whom a screen means.
fn who(host: &mut Host, place: PlaceId, person: SubjectId) -> anyhow::Result<Who> {
    let known = &host.device.known;
    if known.pupil(person.into()).is_some() {
        return Ok(Who::Pupil(person.into()));
    }
    if known.school().staff.contains_key(&PersonId(person.0)) {
        return Ok(Who::Staff(PersonId(person.0)));
    }
    let today = calendar::local(host.device.clock.now()).day;
    let roll = host.device.with_records(|records, _| Ok(presence::roll(records, place, today)?))?;
    let visit = VisitId(person.0);
    let found = roll.moves.keys().chain(roll.expected.keys()).copied().find(|who| SubjectId::from(*who) == person);
    if let Some(who) = found.or_else(|| roll.visits.contains_key(&visit).then_some(Who::Visitor(visit))) {
        return Ok(who);
    }
    // Somebody who signed in by the page of another day, and is called today.
    let list = host.device.with_records(|records, _| Ok(presence::list(records, place)?))?;
    let called = list.into_iter().flat_map(|list| list.people).map(|one| one.who);
    called.into_iter().find(|who| SubjectId::from(*who) == person).context("nobody of that name is known here today")
}

fn whom(host: &mut Host, place: PlaceId, people: &[SubjectId]) -> anyhow::Result<Vec<Who>> {
    people.iter().map(|person| who(host, place, *person)).collect()
}
