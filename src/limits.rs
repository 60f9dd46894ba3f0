//! Limits and times of the program, each with its reason.

use std::time::Duration;

/// How long an invitation stays open: time to walk to the other room, not to the other site.
pub const INVITATION: Duration = Duration::from_secs(15 * 60);

/// How long a device that was given the words alone looks for the one that shows them: each is announced within some
/// seconds, and answers within ten.
pub const NEARBY: Duration = Duration::from_secs(30);

/// Devices nearby that are asked whether they know the words: more than a site has.
pub const DOORS: usize = 256;

/// Jobs that may wait for the host. A full queue makes the network wait, which slows peers down.
pub const JOBS: usize = 256;

/// What users asked and the host has not done yet: far more than anybody types while it is busy.
pub const ASKS: usize = 1024;

/// The least time between two refreshments of the screen for what came from other devices: a catch-up of thousands
/// of entries is not slowed by showing each.
pub const SCREEN_EVERY: Duration = Duration::from_millis(50);

/// After documents could not be caught up, how long until that is tried again: a full disk is full for minutes, and
/// whatever is left of it is for the people at the screen.
pub const TRY_DOCUMENTS_AGAIN: Duration = Duration::from_secs(5);

/// Within which time a device that connects from two places in turn is told of as a copy: longer than whoever lost its
/// connection waits to try again, shorter than a lesson.
pub const TWICE_WITHIN: Duration = Duration::from_secs(10 * 60);

/// How long a connection must have lived for one that the other end dialled to count as having taken its place: two that
/// both ends began at once are sorted out within two seconds.
pub const TWICE_LIVED: Duration = Duration::from_secs(2);

/// Connections in turn that this takes: a device that moves there and back makes three.
pub const TWICE_TURNS: usize = 4;

/// For how long nothing must have gone wrong until the same trouble is news again: longer than the wait between tries.
pub const TROUBLE_OVER: Duration = Duration::from_secs(60);

/// Different troubles that are said while none of them is over: nobody reads more, and words may hold numbers.
pub const TROUBLES: usize = 16;

/// How often the host looks around when nothing happens: for a clock that turned a minute, and frames that a slow
/// peer had no room for.
pub const TICK: Duration = Duration::from_millis(200);

/// How soon a screen that could not be filled is filled again: a roll call stands still meanwhile.
pub const FILL_AGAIN: Duration = Duration::from_secs(1);

/// How far a clock may be from others' before that is said: a register is on time or late by minutes, and nobody sets
/// clocks by hand to the second.
pub const CLOCK_DIFFERS: Duration = Duration::from_secs(5 * 60);

/// Openings of the fire list that may wait beside the records to be written down: more than a school has doors to run
/// to, and few enough that nobody fills the disk with them.
pub const OPENINGS_WAITING: usize = 256;

/// The least time between two writings of the fire list, so that a register of thirty marks writes it once.
pub const FIRE_LIST_EVERY: Duration = Duration::from_millis(400);

/// How long before a sign-in ends by itself everybody is told: time to finish a register, or to ask for leave.
pub const END_WARNED: Duration = Duration::from_secs(10 * 60);

/// How often what other devices acknowledged is written down.
pub const ACKNOWLEDGEMENTS_EVERY: Duration = Duration::from_secs(10);

/// Fields whose unsaved text is kept for one person: more than anybody leaves half typed.
pub const DRAFTS: usize = 32;

/// Bytes of unsaved text kept for one person, names of fields included: some ten pages.
pub const DRAFT_BYTES: usize = 64 * 1024;

/// Addresses remembered of a device: a laptop has few.
pub const ADDRESSES: usize = 8;

/// The longest input file of an import: 10,000 pupils' marks of a year are some 150 MB; more is not a school's export.
pub const IMPORT_BYTES: u64 = 512 * 1024 * 1024;

/// Days back that are carried by hand where nobody says how many: what a device missed that was off for a week.
pub const CARRY_DAYS: u16 = 7;

/// Bytes of a carried file read at once.
pub const CARRY_PIECE: usize = 256 * 1024;

/// Names in a folder that are looked at for carried files: a stick that holds more is not for this.
pub const CARRY_LOOKED_AT: usize = 10_000;

/// How long after a sign-in a PIN still unlocks: half a school day, so that the passphrase is typed twice a day.
pub const PIN_LASTS: Duration = Duration::from_secs(4 * 60 * 60);

/// How often a PIN may be typed wrong before only the passphrase opens: slips are forgiven, guessing four digits is not.
pub const PIN_TRIES: u8 = 3;

/// Small files of a device that are backed up: a person's keys are two, a year of an area at a site is one.
pub const SMALL_FILES: usize = 100_000;

/// After how long a new archive is begun: four weeks. Once it is proven those before it go, and with them what was erased.
pub const BACKUP_CYCLE_MS: i64 = 28 * 24 * 60 * 60 * 1000;

/// How often a backup is proven by itself.
pub const DRILL_EVERY_MS: i64 = 7 * 24 * 60 * 60 * 1000;

/// How long after a drill or a backup that went wrong it is tried again by itself: a stick is put in within the day.
pub const BACKUP_AGAIN_MS: i64 = 60 * 60 * 1000;

/// Entries that are looked over for damage in a minute: some 10 ms, and all of a large school's in a day.
pub const LOOKED_OVER: usize = 256;

/// Files of a backup that are made ahead of the disk: a slow stick holds the records up no longer, and memory is short.
pub const BACKUP_AHEAD: usize = 2;

/// The longest wait after wrong passphrases. A minute makes a guesser's thousand tries last most of a day, and keeps
/// nobody from a register for longer than they need to find the slip with their words.
pub const TRY_AGAIN_MOST: Duration = Duration::from_secs(60);
