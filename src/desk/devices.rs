//! Devices and sync: every other device, how far apart, and letting new ones in.

use super::clerk::Clerk;
use crate::host::{Host, InviteState, PeerState};
use muster_core::authority::capability::{Capability, Right, Which};
use muster_core::authority::view::Holder;
use muster_core::id::{DeviceId, PlaceId};
use muster_core::time::Moment;
use muster_school::view::devices::{DeviceRow, DevicesView, InviteView, SettleLine, SiteChoice, SpreadLine, Twin};
use muster_school::view::lost::Kept;
use muster_school::view::status::Status;
use muster_school::view::today::{Link, TodayPanel, TodayRow};
use muster_school::view::{AsOf, Span};
use muster_school::{calendar, show};

impl Clerk {
    pub(super) fn devices(&mut self, host: &mut Host) -> anyhow::Result<DevicesView> {
        let peers = host.peers();
        let rows = peers.iter().filter(|(device, _)| host.device.kept(device) != Kept::TakenOut);
        let rows: Vec<DeviceRow> = rows.map(|(device, peer)| row(host, *device, peer)).collect();
        let connected = peers.values().filter(|peer| peer.session.is_some()).count();
        let here = host.device.replica.only_here();
        let may_invite = may_invite(host);
        Ok(DevicesView {
            summary: format!(
                "{}. {connected} of {} other devices connected.",
                super::frame::chip(host).words,
                rows.len()
            ),
            warning: put_back(host).or_else(|| {
                (here > 0 && connected == 0).then(|| {
                    let (changes, are) = if here == 1 { ("change", "is") } else { ("changes", "are") };
                    vec![
                        Span::strong(format!("{here} {changes} {are} on this device alone.")),
                        Span::plain(" Keep it, and bring it near another device of the school."),
                    ]
                })
            }),
            rows,
            to_settle: self.to_settle(host)?,
            spread: spread(host),
            spread_note: "A change is safe against one lost device once it is on 2.".to_owned(),
            as_of: AsOf { at: Self::clock(host), ..AsOf::default() },
            may_invite,
            sites: sites(host),
            lost: self.lost_view(host)?,
            waiting: if may_invite { self.waiting(host)? } else { Vec::new() },
            invite: invite(host),
            backups: self.backups_view(host)?,
            support: support(host),
        })
    }

    pub(super) fn to_settle(&self, host: &mut Host) -> anyhow::Result<Vec<SettleLine>> {
        let Some(site) = host.device.site() else { return Ok(Vec::new()) };
        host.device.with_records(|records, known| Ok(show::to_settle(records, known, site)?))
    }

    /// For the Today screen: devices that have not been heard from today.
    pub(super) fn silent_devices(&self, host: &Host) -> TodayPanel {
        let today = calendar::local(host.clock().now()).day;
        let rows: Vec<TodayRow> = host
            .peers()
            .iter()
            .filter(|(_, peer)| peer.session.is_none())
            .filter_map(|(device, peer)| {
                let heard_today = host.device.heard_at(device).is_some_and(|at| calendar::local(at).day == today);
                let shown = row(host, *device, peer);
                (!heard_today).then(|| TodayRow {
                    status: Some(Status::Unsynced),
                    name: shown.name,
                    detail: match host.device.heard_ago(device) {
                        Some(ago) => format!("last heard from {ago}"),
                        None => "never heard from".to_owned(),
                    },
                    link: Some(Link::Devices),
                    ..TodayRow::default()
                })
            })
            .collect();
        TodayPanel {
            count: u32::try_from(rows.len()).unwrap_or(u32::MAX),
            title: "devices not heard from today".to_owned(),
            link: Some(Link::Devices),
            as_of: AsOf { at: Self::clock(host), ..AsOf::default() },
            rows,
            note: String::new(),
        }
    }
}

fn row(host: &Host, device: DeviceId, peer: &PeerState) -> DeviceRow {
    let known = host.device.local.peers.get(&device);
    let name = known.map(|known| known.name.clone()).filter(|name| !name.is_empty());
    let odd = host.device.odd_about(&device);
    let connected = peer.session.is_some();
    let unknown = || "unknown".to_owned();
    let held = host.device.kept(&device) != Kept::Fine;
    DeviceRow {
        device,
        name: name.unwrap_or_else(|| format!("Device {device:?}")),
        status: if held || !odd.is_empty() {
            Status::Check
        } else if connected && peer.same {
            Status::Synced
        } else {
            Status::Unsynced
        },
        heard: if connected { "now".to_owned() } else { host.device.heard(&device) },
        lacks: if connected && peer.same { "nothing".to_owned() } else { unknown() },
        we_lack: match (connected, peer.fetching) {
            (true, 0) if peer.same => "nothing".to_owned(),
            (true, 1) => "1 part".to_owned(),
            (true, fetching) if fetching > 0 => format!("{fetching} parts"),
            _ => unknown(),
        },
        path: match (connected, peer.address, &peer.failed) {
            _ if held => "Held back".to_owned(),
            _ if !odd.is_empty() => sentence(&odd),
            (true, Some(address), _) => format!("{address}"),
            (true, None, _) => "This network".to_owned(),
            (false, _, Some(why)) => format!("Not reached: {why}"),
            (false, _, None) => "Not reached".to_owned(),
        },
        clock: peer.clock_ms.map_or_else(unknown, clock_words),
        attention: held || !odd.is_empty(),
    }
}

/// As a sentence: with a capital letter.
fn sentence(words: &[String]) -> String {
    let all = words.join("; ");
    let mut letters = all.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn clock_words(ms: i64) -> String {
    let seconds = ms.abs() / 1_000;
    let way = if ms > 0 { "ahead" } else { "behind" };
    match seconds {
        0..=1 => "same".to_owned(),
        2..=119 => format!("{seconds} s {way}"),
        _ => format!("{} min {way}", seconds / 60),
    }
}

/// How many entries written on this device are on how many devices, this one counted.
fn spread(host: &Host) -> Vec<SpreadLine> {
    let spread = host.device.spread();
    let lines = [
        ("On 3 devices or more", spread.on_more),
        ("On 2 devices", spread.on_two),
        ("Only on this device", spread.only_here),
    ];
    let count = |count: u64| u32::try_from(count).unwrap_or(u32::MAX);
    lines.map(|(words, entries)| SpreadLine { words: words.to_owned(), count: count(entries) }).to_vec()
}

/// What others know of this very device that it does not.
fn put_back(host: &Host) -> Option<Vec<Span>> {
    let about = host.device.alarms_about(&host.device.replica.device());
    about
        .into_iter()
        .next()
        .map(|words| vec![Span::strong("This device:".to_owned()), Span::plain(format!(" {words}."))])
}

fn may_invite(host: &Host) -> bool {
    let Some(person) = host.device.person() else { return false };
    let wanted = Capability { right: Right::Enrol, area: Which::Any, place: Which::<PlaceId>::Any };
    host.device
        .replica
        .view()
        .grants_of(&Holder::Person(person))
        .any(|(_, grant)| grant.capabilities.iter().any(|held| held.covers(&wanted)))
}

fn sites(host: &Host) -> Vec<SiteChoice> {
    let known = host.device.known.school().sites.values();
    let mut sites: Vec<SiteChoice> = known.map(|site| SiteChoice { site: site.id, name: site.name.clone() }).collect();
    sites.sort_by(|a, b| a.name.cmp(&b.name));
    sites
}

fn invite(host: &Host) -> Option<InviteView> {
    match host.invite_state() {
        InviteState::None => None,
        InviteState::Open { code, until_ms } => Some(InviteView::Open {
            words: code.split('@').next().unwrap_or_default().split('-').map(str::to_owned).collect(),
            code: code.clone(),
            expires: format!("Works once, until {}", calendar::clock(calendar::local(Moment::utc(*until_ms)).minute)),
            left_secs: u32::try_from((until_ms - host.clock().now().utc_ms) / 1_000).unwrap_or(0),
        }),
        InviteState::Compare { name, phrase, twice } => {
            Some(InviteView::Compare { device: name.clone(), phrase: phrase.clone(), twice: twin(twice) })
        }
        InviteState::Done { name, twice, .. } => Some(InviteView::Done { device: name.clone(), twice: twin(twice) }),
        InviteState::Failed(words) => Some(InviteView::Failed { words: words.clone() }),
    }
}

fn twin(twice: &Option<(DeviceId, String)>) -> Option<Twin> {
    twice.clone().map(|(device, name)| Twin { device, name })
}

/// Counts and versions, no names.
fn support(host: &Host) -> String {
    let replica = &host.device.replica;
    format!(
        "Muster {}; device {:?}; {} devices; {} logs; {} entries; {} only here; {} connected",
        env!("CARGO_PKG_VERSION"),
        replica.device(),
        replica.view().devices().count(),
        replica.logs().len(),
        host.entries(),
        replica.only_here(),
        host.peers().values().filter(|peer| peer.session.is_some()).count(),
    )
}
