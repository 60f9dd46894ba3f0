//! What a screen is for and how it goes, for help (F1): on the day it is needed nobody looks for a manual.

use crate::intent::Screen;

/// A guide: its title and its steps.
pub(super) type Guide = (&'static str, &'static [&'static str]);

/// The guide of a screen, where there is one.
pub(super) fn guide(screen: Screen) -> Option<Guide> {
    match screen {
        Screen::Fire => Some(("Before a roll call", FIRE)),
        Screen::Call(_) => Some(("How a roll call goes", CALL)),
        Screen::Reception => Some(("At the reception", RECEPTION)),
        Screen::Drills => Some(("After a drill", DRILLS)),
        _ => None,
    }
}

/// The keys that one screen has for itself.
pub(super) fn own_keys(screen: Screen) -> &'static [(&'static str, &'static str)] {
    match screen {
        Screen::Register(_) => &[
            ("A code", "marks and moves down"),
            ("Space", "the last code again"),
            ("Arrows", "move"),
            ("Backspace", "clears the mark"),
            ("Enter", "confirms a planned mark, or settles two marks"),
        ],
        Screen::Call(_) => &[
            ("Enter", "on a row: found, or settle"),
            ("N", "on a row: not found, and where you looked"),
            ("Arrows", "move between rows"),
            ("Tab", "from a row to its Other…"),
        ],
        _ => &[],
    }
}

const FIRE: &[&str] = &[
    "The line at the top says as of when the list is, and which classes have sent no register. Those who must be called come first.",
    "Choose what it is, then press Start. If somebody has started already, press Join.",
    "People off site or at another site are not called here.",
    "Care details need a sign-in or the marshal’s PIN.",
];

const CALL: &[&str] = &[
    "Say where you stand. Everybody you find from then on is found there.",
    "Touch a row when you see that person. It leaves the list; Show found brings it back, and Undo takes your last touch back.",
    "Other… says not found and where you looked, waiting at a refuge point, or not here today.",
    "A row with a triangle was found by one marshal and not found by another. Settle it once somebody has looked.",
    "Add puts somebody on the list who is here and not on it. The name can wait.",
    "Two tablets that show the same code have the same marks. They go on apart where there is no network, and join by themselves.",
    "More… holds the times, other roll calls of the same event, and care details. End makes the report.",
];

const RECEPTION: &[&str] = &[
    "Find a pupil or a member of staff by part of a name. A pupil opens: who must not collect stands first.",
    "A pupil is let go by the member of staff who releases them, whose name is asked for.",
    "Coming late is written down without touching the mark in the register.",
    "A trip or a movement takes people off the list here, and says where they are.",
];

const DRILLS: &[&str] = &[
    "Open a roll call to read its report, to write what was seen and learned, and to sign it.",
    "A certificate can be checked by somebody outside the school.",
];
