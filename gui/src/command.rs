//! Every command with its words and its keys: menu, shortcuts, palette and help all read this table.

use egui::{Key, KeyboardShortcut, Modifiers};

/// Something that can be done with a key or from the palette.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Command {
    /// Go to Today.
    GoToday,
    /// Go to the registers.
    GoRegisters,
    /// Go to the audit.
    GoAudit,
    /// Go to devices and sync.
    GoDevices,
    /// Go to one's own sign-in.
    GoOwn,
    /// Go to staff and their accounts.
    GoPeople,
    /// Go to roles.
    GoRoles,
    /// Go to pupils.
    GoPupils,
    /// Go to the concerns that may be read.
    GoConcerns,
    /// Add a concern.
    AddConcern,
    /// Go to the school's calendar.
    GoCalendar,
    /// Go to attendance in figures.
    GoAttendance,
    /// Go to what is owed.
    GoToDo,
    /// Go to who comes and goes.
    GoReception,
    /// Go to the drills that were.
    GoDrills,
    /// Go to the wall display.
    GoDisplay,
    /// Open the fire register.
    GoFire,
    /// Lock this device.
    Lock,
    /// Hide the screen at once.
    Hide,
    /// Raise access with a code.
    RaiseAccess,
    /// Open the palette.
    Palette,
    /// Show this screen's keys.
    Help,
    /// Take the last change back.
    Undo,
    /// Show the notices of this session.
    Notices,
    /// Show the settings.
    Settings,
    /// The session before.
    SessionBefore,
    /// The session after.
    SessionAfter,
    /// Jump to a name.
    FindName,
    /// Mark remaining present.
    MarkRemaining,
    /// Finish the register.
    Finish,
    /// A mark's history, and what is worth a word beside it.
    AboutMark,
    /// A comment beside a mark.
    Comment,
    /// Write down a child who is on no list.
    AddUnlisted,
}

/// Where a command may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// With nobody signed in too.
    Always,
    /// On every screen once signed in.
    SignedIn,
    /// In a register, and in the list of them.
    Registers,
    /// In a register.
    Register,
}

impl Command {
    /// All, in the order of help and palette.
    pub const ALL: [Self; 33] = [
        Self::GoToday,
        Self::GoRegisters,
        Self::GoAudit,
        Self::GoDevices,
        Self::GoOwn,
        Self::GoPeople,
        Self::GoRoles,
        Self::GoPupils,
        Self::GoConcerns,
        Self::AddConcern,
        Self::GoCalendar,
        Self::GoAttendance,
        Self::GoToDo,
        Self::GoReception,
        Self::GoDrills,
        Self::GoDisplay,
        Self::GoFire,
        Self::Lock,
        Self::Hide,
        Self::RaiseAccess,
        Self::Palette,
        Self::Help,
        Self::Undo,
        Self::Notices,
        Self::Settings,
        Self::SessionBefore,
        Self::SessionAfter,
        Self::FindName,
        Self::MarkRemaining,
        Self::Finish,
        Self::AboutMark,
        Self::Comment,
        Self::AddUnlisted,
    ];

    /// What it is called.
    pub fn words(self) -> &'static str {
        match self {
            Self::GoToday => "Today",
            Self::GoRegisters => "Registers",
            Self::GoAudit => "Audit",
            Self::GoDevices => "Devices and sync",
            Self::GoOwn => "Your sign-in",
            Self::GoPeople => "Staff",
            Self::GoRoles => "Roles",
            Self::GoPupils => "Pupils",
            Self::GoConcerns => "Concerns",
            Self::AddConcern => "Add a concern",
            Self::GoCalendar => "School calendar",
            Self::GoAttendance => "Attendance",
            Self::GoToDo => "To do",
            Self::GoReception => "Reception",
            Self::GoDrills => "Drills",
            Self::GoDisplay => "Display",
            Self::GoFire => "Fire register",
            Self::Lock => "Lock",
            Self::Hide => "Hide the screen now",
            Self::RaiseAccess => "Confirm with a code",
            Self::Palette => "Go to anything",
            Self::Help => "Keys of this screen",
            Self::Undo => "Undo",
            Self::Notices => "Notices",
            Self::Settings => "Settings",
            Self::SessionBefore => "Session before",
            Self::SessionAfter => "Session after",
            Self::FindName => "Find a name",
            Self::MarkRemaining => "Mark remaining present",
            Self::Finish => "Finish register",
            Self::AboutMark => "About this mark",
            Self::Comment => "Comment",
            Self::AddUnlisted => "Add a child on no list",
        }
    }

    /// What it does, in a sentence.
    pub fn tooltip(self) -> &'static str {
        match self {
            Self::GoToday => "What the office does next, and what it watches",
            Self::GoRegisters => "The registers of this session",
            Self::GoAudit => "Who did what, when, on which device",
            Self::GoDevices => "How far changes got, what to settle, bringing a device in",
            Self::GoOwn => "A PIN for this sign-in, another passphrase, signing out",
            Self::GoPeople => "Who may sign in, since when and on which devices; bringing people in, and leavers",
            Self::GoPupils => "Find a pupil; contacts, entry and marks; admissions and deletions",
            Self::GoRoles => "Who can read and write what, and why",
            Self::GoConcerns => "The safeguarding concerns that you can read. Opening one is recorded",
            Self::AddConcern => "Write down a safeguarding concern, at any hour",
            Self::GoCalendar => "Terms, closed and training days, session times, who covers",
            Self::GoAttendance => "Attendance, absence and lateness in figures, and the weekly review",
            Self::GoToDo => "Registers, reasons, calls and returns that are owed, each with its rule",
            Self::GoReception => "Who comes and goes, who may collect, movements between sites, trips",
            Self::GoDrills => "When the next drill is due, and every roll call that was with its report",
            Self::GoDisplay => "How many are on site, large, for a wall. No names",
            Self::GoFire => "Who is believed on site, and why. Opening is recorded",
            Self::Lock => "Lock this device. The fire register still opens",
            Self::Hide => "Blank this screen at once and lock. A roll call goes on, and the fire register still opens",
            Self::RaiseAccess => "Give a code of your second factor, or set one up",
            Self::Palette => "Type a few letters of a screen, a class or a command",
            Self::Help => "List the keys that work here",
            Self::Undo => "Take back the last change made here. That is recorded too",
            Self::Notices => "What was said in this session, with the time",
            Self::Settings => "Theme, size, touch and motion",
            Self::SessionBefore => "The same registers one session earlier",
            Self::SessionAfter => "The same registers one session later, up to now",
            Self::FindName => "Jump to a name in this list",
            Self::MarkRemaining => "Mark everybody present who has no mark and no plan",
            Self::Finish => "Say that the register is complete",
            Self::AboutMark => "Every mark there was, who made it and why, and what is worth a word",
            Self::Comment => "A few words beside this mark, kept with the pupil",
            Self::AddUnlisted => "Write down a child who turned up, to be marked now and matched by the office later",
        }
    }

    /// Its keys, if it has any.
    pub fn shortcut(self) -> Option<KeyboardShortcut> {
        let control = |key| Some(KeyboardShortcut::new(Modifiers::COMMAND, key));
        match self {
            Self::GoToday => control(Key::Num1),
            Self::GoRegisters => control(Key::Num2),
            Self::GoAudit => control(Key::Num3),
            Self::GoDevices => control(Key::Num4),
            Self::GoOwn => Some(KeyboardShortcut::new(Modifiers::NONE, Key::F8)),
            Self::GoPeople => control(Key::Num5),
            Self::GoRoles => control(Key::Num6),
            Self::GoPupils => control(Key::Num9),
            Self::GoConcerns => control(Key::Num7),
            Self::AddConcern => Some(KeyboardShortcut::new(Modifiers::NONE, Key::F7)),
            Self::GoCalendar => control(Key::Num0),
            Self::GoAttendance => control(Key::Num8),
            Self::GoToDo => Some(KeyboardShortcut::new(Modifiers::NONE, Key::F5)),
            Self::GoReception => Some(KeyboardShortcut::new(Modifiers::NONE, Key::F6)),
            Self::GoDrills => Some(KeyboardShortcut::new(Modifiers::NONE, Key::F10)),
            Self::GoDisplay => Some(KeyboardShortcut::new(Modifiers::NONE, Key::F11)),
            Self::GoFire => Some(KeyboardShortcut::new(Modifiers::NONE, Key::F9)),
            Self::Lock => control(Key::L),
            Self::Hide => Some(KeyboardShortcut::new(Modifiers::NONE, Key::F12)),
            Self::RaiseAccess => control(Key::U),
            Self::Palette => control(Key::K),
            Self::Help => Some(KeyboardShortcut::new(Modifiers::NONE, Key::F1)),
            Self::Undo => control(Key::Z),
            Self::Notices => control(Key::J),
            Self::Settings => control(Key::Comma),
            Self::SessionBefore => Some(KeyboardShortcut::new(Modifiers::ALT, Key::ArrowLeft)),
            Self::SessionAfter => Some(KeyboardShortcut::new(Modifiers::ALT, Key::ArrowRight)),
            Self::FindName => control(Key::F),
            Self::MarkRemaining => control(Key::M),
            Self::Finish => control(Key::Enter),
            Self::AboutMark => Some(KeyboardShortcut::new(Modifiers::NONE, Key::F2)),
            Self::Comment => Some(KeyboardShortcut::new(Modifiers::NONE, Key::F3)),
            Self::AddUnlisted => Some(KeyboardShortcut::new(Modifiers::NONE, Key::F4)),
        }
    }

    /// Its keys in words, as in `Ctrl+L`; empty when it has none.
    pub fn keys(self) -> String {
        let Some(shortcut) = self.shortcut() else { return String::new() };
        let key = match shortcut.logical_key {
            Key::Enter => "Enter".to_owned(),
            Key::Comma => "comma".to_owned(),
            key => key.name().to_owned(),
        };
        match (shortcut.modifiers.command, shortcut.modifiers.alt) {
            (true, _) => format!("Ctrl+{key}"),
            (false, true) => format!("Alt+{key}"),
            (false, false) => key,
        }
    }

    /// Where it may be used.
    pub fn reach(self) -> Reach {
        match self {
            Self::AddConcern | Self::GoFire | Self::Hide | Self::Help | Self::Settings => Reach::Always,
            Self::SessionBefore | Self::SessionAfter => Reach::Registers,
            Self::FindName
            | Self::MarkRemaining
            | Self::Finish
            | Self::AboutMark
            | Self::Comment
            | Self::AddUnlisted => Reach::Register,
            _ => Reach::SignedIn,
        }
    }

    /// True for what may be used in a sign-in that is for a concern and for nothing else.
    pub fn serves_concern_only(self) -> bool {
        matches!(self, Self::Lock | Self::Notices)
    }

    /// True when its keys were pressed in this frame; takes them.
    pub fn pressed(self, ui: &egui::Ui) -> bool {
        // A field that is being typed in has an undo of its own.
        let own_undo = self == Self::Undo && ui.ctx().text_edit_focused();
        let consumed = |shortcut| ui.input_mut(|input| input.consume_shortcut(&shortcut));
        !own_undo && self.shortcut().is_some_and(consumed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_commands_share_their_keys() {
        let keys: std::collections::BTreeSet<_> = Command::ALL.iter().map(|command| command.keys()).collect();
        assert_eq!(keys.len(), Command::ALL.len());
    }
}
