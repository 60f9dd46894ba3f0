//! Drafts: what is typed in a form and not saved yet.
//!
//! A field takes part by a name that is the same each time it is shown: [`follow`] each frame, [`discard`] when what
//! is typed was saved or is not wanted any more. The app hands all drafts to the engine every few seconds while
//! somebody types and once more before it locks, and gives back what the engine kept at the next sign-in. A layer
//! that was open is opened again by its screen, which asks [`waiting`].
//!
//! Promises: a field that is empty when it appears is filled with what was left in it; what somebody empties is
//! gone; the texts are overwritten when they are dropped. Outside an app (a screen in a test) all of it does nothing.
//!
//! A form with ticks and choices beside what is typed is one draft: see `form`.
//!
//! Does not: seal, keep or read a file (the program does, for the person signed in).

pub(crate) mod form;

use crate::intent::{Screen, Secret};
use egui::{Context, Id, Ui};
use muster_school::view::{EventId, GroupId, RegisterKey, SubjectId};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use zeroize::Zeroizing;

/// How long typed text waits at most until it is handed over, in seconds: what a crash may cost.
pub(crate) const HAND_OVER_SECS: f64 = 3.0;

/// The words beside a field that was filled again.
pub const BACK: &str = "What you were typing is back.";

/// A text on its way to the engine or back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Screen and field. Opaque to the engine.
    pub field: String,
    /// What is typed.
    pub text: Secret,
}

#[derive(Default)]
struct Kept {
    text: Zeroizing<String>,
    /// In which frame its field was last shown.
    seen: Option<u64>,
    /// It was put into its field again, and nobody has typed there since.
    back: bool,
    /// Which was touched last.
    order: u64,
}

#[derive(Default)]
struct Inner {
    screen: String,
    kept: BTreeMap<String, Kept>,
    order: u64,
    /// Something is to be handed over.
    changed: bool,
    /// At once, since a text is not wanted any more.
    gone: bool,
    handed_over: f64,
}

impl Inner {
    fn key(&self, field: &str) -> String {
        format!("{}#{field}", self.screen)
    }
}

/// All drafts of whoever is signed in. Clones share them.
#[derive(Clone, Default)]
pub(crate) struct Drafts(Arc<Mutex<Inner>>);

fn place() -> Id {
    Id::unique("drafts")
}

impl Drafts {
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Before anything is drawn: which screen the fields of this frame stand on.
    pub(crate) fn begin(&self, ctx: &Context, screen: Screen) {
        self.inner().screen = path(screen).unwrap_or_default();
        ctx.data_mut(|data| data.insert_temp(place(), self.clone()));
    }

    /// What is to be handed over now, if anything is.
    pub(crate) fn due(&self, now: f64) -> Option<Vec<Draft>> {
        let mut inner = self.inner();
        let due = inner.gone || inner.changed && now - inner.handed_over >= HAND_OVER_SECS;
        if !due {
            return None;
        }
        inner.handed_over = now;
        drop(inner);
        self.rest()
    }

    /// All of it, if something has not been handed over yet; what was touched last comes last.
    pub(crate) fn rest(&self) -> Option<Vec<Draft>> {
        let mut inner = self.inner();
        let changed = std::mem::take(&mut inner.changed) | std::mem::take(&mut inner.gone);
        let mut kept: Vec<_> = inner.kept.iter().collect();
        kept.sort_by_key(|(_, kept)| kept.order);
        let draft = |(field, kept): (&String, &Kept)| Draft {
            field: field.clone(),
            text: Secret::new(kept.text.as_str().to_owned()),
        };
        changed.then(|| kept.into_iter().map(draft).collect())
    }

    /// Nobody is signed in any more.
    pub(crate) fn clear(&self) {
        *self.inner() = Inner::default();
    }

    /// What was typed on a screen that is not there any more is kept no longer.
    pub(crate) fn give_up(&self, screen: Screen) {
        let Some(path) = path(screen) else { return };
        let mut inner = self.inner();
        let before = inner.kept.len();
        inner.kept.retain(|key, _| key.split_once('#').is_none_or(|(of, _)| of != path));
        if inner.kept.len() != before {
            (inner.changed, inner.gone) = (true, true);
        }
    }

    /// Lets go of what is kept no longer, without handing anything over.
    pub(crate) fn let_go(&self, fields: &[String]) {
        self.inner().kept.retain(|field, _| !fields.contains(field));
    }

    /// Takes what the engine kept. Returns the screen of the text that was touched last, as far as there is one.
    pub(crate) fn take(&self, drafts: Vec<Draft>) -> Option<Screen> {
        let mut inner = self.inner();
        for draft in &drafts {
            inner.order += 1;
            let text = Zeroizing::new(draft.text.expose().to_owned());
            let order = inner.order;
            inner.kept.insert(draft.field.clone(), Kept { text, order, ..Kept::default() });
        }
        drafts.iter().rev().find_map(|draft| screen(draft.field.split_once('#')?.0))
    }
}

fn of(ui: &Ui) -> Option<Drafts> {
    ui.data(|data| data.get_temp(place()))
}

/// Keeps what is typed in a field, and fills the field again where something was left in it. Once a frame, before
/// the field is shown. True while what stands in it is what was left, so that [`BACK`] can be said.
pub fn follow(ui: &Ui, field: &str, value: &mut String) -> bool {
    let Some(drafts) = of(ui) else { return false };
    let frame = ui.ctx().cumulative_frame_nr();
    let mut inner = drafts.inner();
    let key = inner.key(field);
    inner.order += 1;
    let order = inner.order;
    let Some(kept) = inner.kept.get_mut(&key) else {
        if !value.is_empty() {
            let text = Zeroizing::new(value.clone());
            inner.kept.insert(key, Kept { text, seen: Some(frame), back: false, order });
            inner.changed = true;
        }
        return false;
    };
    let appears = kept.seen.is_none_or(|seen| seen + 1 < frame);
    kept.seen = Some(frame);
    if appears && value.is_empty() {
        value.push_str(&kept.text);
        kept.back = true;
    } else if value.is_empty() {
        inner.kept.remove(&key);
        (inner.changed, inner.gone) = (true, true);
        return false;
    } else if *value != *kept.text {
        kept.text = Zeroizing::new(value.clone());
        (kept.back, kept.order) = (false, order);
        inner.changed = true;
        return false;
    }
    kept.back
}

/// What was typed in a field of this screen is saved, or not wanted any more.
pub fn discard(ui: &Ui, field: &str) {
    let Some(drafts) = of(ui) else { return };
    let mut inner = drafts.inner();
    let key = inner.key(field);
    if inner.kept.remove(&key).is_some() {
        (inner.changed, inner.gone) = (true, true);
    }
}

/// Fields of this screen that begin like this and were shown a moment ago are closed now: nothing of them is kept.
pub(crate) fn give_up(ui: &Ui, begins: &str) {
    let Some(drafts) = of(ui) else { return };
    let frame = ui.ctx().cumulative_frame_nr();
    let mut inner = drafts.inner();
    let (begin, before) = (inner.key(begins), inner.kept.len());
    let shown = |kept: &Kept| kept.seen.is_some_and(|seen| seen + 1 >= frame);
    inner.kept.retain(|key, kept| !(key.starts_with(&begin) && shown(kept)));
    if inner.kept.len() != before {
        (inner.changed, inner.gone) = (true, true);
    }
}

/// Fields of this screen that begin like this and have a text left in them: the one touched last comes first.
pub fn waiting(ui: &Ui, begins: &str) -> Vec<String> {
    let Some(drafts) = of(ui) else { return Vec::new() };
    let inner = drafts.inner();
    let begin = inner.key("");
    let mut found: Vec<(u64, String)> = inner
        .kept
        .iter()
        .filter_map(|(key, kept)| Some((kept.order, key.strip_prefix(&begin)?.to_owned())))
        .filter(|(_, field)| field.starts_with(begins))
        .collect();
    found.sort_by(|a, b| b.cmp(a));
    found.into_iter().map(|(_, field)| field).collect()
}

/// Sixteen bytes as text.
pub fn hex(bytes: &[u8; 16]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// And back.
pub fn unhex(text: &str) -> Option<[u8; 16]> {
    let mut bytes = [0; 16];
    for (place, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(place * 2..place * 2 + 2)?, 16).ok()?;
    }
    (text.len() == 32).then_some(bytes)
}

/// A person on a list, as part of a field's name.
pub(crate) fn subject(text: &str) -> Option<SubjectId> {
    unhex(text).map(SubjectId)
}

/// A screen as text. `None` for those where passphrases are typed, or with nobody signed in.
fn path(screen: Screen) -> Option<String> {
    Some(match screen {
        Screen::Join | Screen::Lock | Screen::Activation(_) | Screen::Own | Screen::Shut | Screen::Display => {
            return None;
        }
        Screen::Today => "today".to_owned(),
        Screen::Registers => "registers".to_owned(),
        Screen::Register(key) => {
            format!("register/{}/{}/{}", hex(&key.group.0), key.date, if key.afternoon { "pm" } else { "am" })
        }
        Screen::Fire => "fire".to_owned(),
        Screen::Call(event) => format!("call/{}", hex(&event.0)),
        Screen::Reception => "reception".to_owned(),
        Screen::Drills => "drills".to_owned(),
        Screen::AddConcern => "concern".to_owned(),
        Screen::Concerns => "concerns".to_owned(),
        Screen::Audit => "audit".to_owned(),
        Screen::Devices => "devices".to_owned(),
        Screen::People => "people".to_owned(),
        Screen::Roles => "roles".to_owned(),
        Screen::Calendar => "calendar".to_owned(),
        Screen::Attendance => "attendance".to_owned(),
        Screen::ToDo => "duties".to_owned(),
        Screen::Pupils => "pupils".to_owned(),
    })
}

fn screen(path: &str) -> Option<Screen> {
    let parts: Vec<&str> = path.split('/').collect();
    match parts.as_slice() {
        ["today"] => Some(Screen::Today),
        ["people"] => Some(Screen::People),
        ["roles"] => Some(Screen::Roles),
        ["calendar"] => Some(Screen::Calendar),
        ["attendance"] => Some(Screen::Attendance),
        ["duties"] => Some(Screen::ToDo),
        ["pupils"] => Some(Screen::Pupils),
        ["registers"] => Some(Screen::Registers),
        ["register", group, date, half] => Some(Screen::Register(RegisterKey {
            group: GroupId(unhex(group)?),
            date: date.parse().ok()?,
            afternoon: *half == "pm",
        })),
        ["fire"] => Some(Screen::Fire),
        ["call", event] => Some(Screen::Call(EventId(unhex(event)?))),
        ["reception"] => Some(Screen::Reception),
        ["drills"] => Some(Screen::Drills),
        ["concern"] => Some(Screen::AddConcern),
        ["concerns"] => Some(Screen::Concerns),
        ["audit"] => Some(Screen::Audit),
        ["devices"] => Some(Screen::Devices),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_engine_let_go_of_is_not_handed_over_again() {
        let draft = |field: &str| Draft { field: field.into(), text: Secret::new("half a sentence".into()) };
        let drafts = Drafts::default();
        drafts.take(vec![draft("pupils#about/a"), draft("concern#words")]);
        drafts.let_go(&["pupils#about/a".to_owned()]);
        drafts.inner().changed = true;
        let fields: Vec<String> = drafts.rest().unwrap().into_iter().map(|draft| draft.field).collect();
        assert_eq!(fields, ["concern#words"]);
    }

    #[test]
    fn a_screen_somebody_types_in_is_found_again_by_its_name() {
        let date = "2026-11-23".parse().unwrap();
        let key = RegisterKey { group: GroupId([9; 16]), date, afternoon: true };
        let morning = RegisterKey { afternoon: false, ..key };
        let event = Screen::Call(EventId([0xab; 16]));
        for shown in [
            Screen::Today,
            Screen::AddConcern,
            Screen::Concerns,
            Screen::Devices,
            Screen::Register(key),
            Screen::Register(morning),
            event,
        ] {
            assert_eq!(screen(&path(shown).unwrap()), Some(shown));
        }
        assert!(path(Screen::Lock).is_none(), "nothing typed at the lock screen is kept");
        for damaged in ["", "register/00", "register/zz/2026-11-23/am", "call/1234", "elsewhere"] {
            assert_eq!(screen(damaged), None, "{damaged}");
        }
    }
}
