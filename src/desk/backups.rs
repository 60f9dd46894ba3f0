//! Backups on the screen: what there is to say, making and proving one, and requests to have something back.

use super::clerk::Clerk;
use crate::backup::words;
use crate::host::{BackupState, Host};
use anyhow::Context as _;
use muster_core::time::Moment;
use muster_gui::BackupAct;
use muster_school::calendar::parse_clock;
use muster_school::continuity::Request;
use muster_school::facts::continuity::Stage;
use muster_school::view::backups::{BackupsView, RequestLine};
use muster_school::view::status::Status;
use muster_school::view::today::{Link, TodayRow};

impl Clerk {
    pub(super) fn of_backup(&mut self, host: &mut Host, act: BackupAct) -> anyhow::Result<()> {
        match act {
            BackupAct::Now { folder } => {
                let folder = super::calls::folder_of(&folder)?;
                host.begin_backup(&folder)
            }
            BackupAct::Drill { folder } => {
                let folder = super::calls::folder_of(&folder)?;
                host.begin_drill(&folder)
            }
            BackupAct::Rehearse { folder } => {
                let folder = super::calls::folder_of(&folder)?;
                host.begin_rehearsal(&folder)
            }
            BackupAct::Daily { folder, at } => {
                if folder.is_empty() {
                    host.device.set_backups(None, 0)?;
                    self.notice(host, "This device backs up by hand only".to_owned(), None);
                    return Ok(());
                }
                let folder = super::calls::folder_of(&folder)?;
                anyhow::ensure!(folder.is_dir(), "{} is no folder: look whether the stick is in", folder.display());
                let minute = parse_clock(&at).with_context(|| format!("\"{at}\" is no time: write 18:00"))?;
                host.device.set_backups(Some(&folder), minute)?;
                self.notice(host, format!("Backs up every day at {at}"), None);
                Ok(())
            }
            BackupAct::Ask { what, when } => {
                host.device.ask_to_restore(&what, &when)?;
                self.notice(host, "Asked".to_owned(), None);
                Ok(())
            }
            BackupAct::Answer { request, stage, words } => host.device.answer_restore_request(request, stage, &words),
        }
    }

    pub(super) fn backups_view(&mut self, host: &mut Host) -> anyhow::Result<BackupsView> {
        let kept = host.device.backups()?;
        let age = host.device.backup_age()?;
        let requests = host.device.restore_requests()?;
        let made_in = kept.made.as_ref().map(|made| made.folder.clone());
        Ok(BackupsView {
            age: age.words(),
            owed: age.age.is_owed(),
            lines: words::of_backups(&kept),
            rehearsed: host.rehearsed().to_vec(),
            running: running(host),
            folder: if kept.folder.is_empty() { made_in.unwrap_or_default() } else { kept.folder.clone() },
            may_set: host.device.may_enrol(),
            requests: requests.iter().map(|request| line(host, request)).collect(),
        })
    }

    /// For the Today screen: how old the last proof is, and a row where somebody has to do something about that, about
    /// a backup that fails every night, or about what was asked to have back.
    pub(super) fn backup_on_today(&self, host: &mut Host) -> anyhow::Result<(String, Vec<TodayRow>)> {
        let age = host.device.backup_age()?;
        let row = |status, name: &str, detail| TodayRow {
            status,
            name: name.to_owned(),
            detail,
            link: Some(Link::Devices),
            ..TodayRow::default()
        };
        let mut rows = Vec::new();
        let runs_it = host.device.may_enrol();
        if runs_it && age.age.is_owed() {
            rows.push(row(Some(Status::Check), "Backup", age.words()));
        }
        let now = host.clock().now();
        if let Some(failing) = words::failing(&host.device.backups()?, now).filter(|_| runs_it) {
            rows.push(row(Some(Status::Check), "Backup", failing));
        }
        let me = host.device.person();
        for request in host.device.restore_requests()? {
            let mine = me.is_some() && host.device.person_at(&request.by) == me;
            let waited = request.waited(now).unwrap_or_else(|| "some time".to_owned());
            let what = &request.asked.what;
            if !request.is_over() && (runs_it || mine) {
                let detail = format!("{}, {waited} ago: {what}", request.state());
                rows.push(row(Some(Status::Check), "To have back", detail));
            } else if mine && request.answers.last().is_some_and(|(_, _, at)| is_fresh(*at, now)) {
                rows.push(row(None, "To have back", format!("{} after {waited}: {what}", request.state())));
            }
        }
        Ok((format!("{}.", age.words()), rows))
    }
}

/// Whether an answer is still shown to whoever asked: a week.
fn is_fresh(at: Moment, now: Moment) -> bool {
    now.utc_ms.saturating_sub(at.utc_ms) < 7 * 24 * 60 * 60 * 1000
}

fn running(host: &Host) -> Option<String> {
    match host.backup_state() {
        BackupState::Idle => None,
        BackupState::Making(progress) => Some(format!(
            "Backing up: {} of {} entries, {}",
            progress.entries.min(progress.of),
            progress.of,
            words::size(progress.bytes)
        )),
        BackupState::Rehearsing => Some("Rehearsing a restore: it is unpacked beside these records".to_owned()),
        BackupState::Drilling => Some("Proving the newest backup: it is restored beside these records".to_owned()),
    }
}

fn line(host: &Host, request: &Request) -> RequestLine {
    let when = if request.asked.when.is_empty() { String::new() } else { format!(" ({})", request.asked.when) };
    let by = |seat, at| format!("{}, {}", host.device.writer_words(seat), host.device.moment_words(at));
    let mut story = vec![format!("Asked by {}", by(&request.by, request.at))];
    for (answered, seat, at) in &request.answers {
        let what = match answered.stage {
            Stage::InHand => "Taken up",
            Stage::Done => "Done",
            Stage::NotDone => "Not done",
        };
        let words = if answered.words.is_empty() { String::new() } else { format!(": {}", answered.words) };
        story.push(format!("{what} by {}{words}", by(seat, *at)));
    }
    if let Some(waited) = request.waited(host.clock().now()) {
        story.push(if request.is_over() { format!("It took {waited}") } else { format!("It has waited {waited}") });
    }
    let what = format!("{}: {}{when}", request.state(), request.asked.what);
    RequestLine { id: request.id, what, story, stage: request.stage() }
}
