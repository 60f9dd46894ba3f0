//! Every limit of the package, with its reason. Beyond one: a clear error, and nothing lost.

/// Characters of a name or a short line. The longest real names known to registers are under 100.
pub const NAME_CHARS: usize = 120;

/// Characters of a reason or a note: a long paragraph.
pub const TEXT_CHARS: usize = 2_000;

/// Characters of what was seen or said, in a concern: three pages of an account in somebody's own words. Four bytes
/// for each still fit into one change and into what a device keeps of unsaved text.
pub const ACCOUNT_CHARS: usize = 10_000;

/// Bytes of one CSV file to import: ten years of a school of 2,000 pupils' marks is some 250 MB and is cut into
/// years; one year is 25 MB.
pub const IMPORT_FILE_BYTES: usize = 64 * 1024 * 1024;

/// Rows of one CSV file: a year of marks of 2,000 pupils is 760,000.
pub const IMPORT_ROWS: usize = 2_000_000;

/// Entries that one act of an import brings: half of what the engine allows, so that an act is written in well
/// under a second and a stop in the middle of an import loses little.
pub const IMPORT_CHANGES_PER_ACT: usize = 512;

/// Facts in one entry of an import. A week's register of a group of 40 is 400; directory facts are some 60 bytes,
/// so that 1,000 stay well below the engine's body limit.
pub const FACTS_PER_CHANGE: usize = 1_000;

/// Bytes of fact values in one entry: a third of the engine's body limit, leaving room for what wraps them.
pub const VALUE_BYTES_PER_CHANGE: usize = 80 * 1024;

/// People in one fact of a snapshot or an expected list, so that a fact stays some 20 KiB.
pub const PEOPLE_PER_FACT: usize = 200;

/// Minutes that a clock may run ahead of this one before what it says is called suspect. Ten: cheap tablets drift
/// by a minute or two a week, and some are offline all summer.
pub const CLOCK_AHEAD_MINUTES: i64 = 10;

/// Minutes late that can be recorded: the longest session is under eight hours.
pub const MINUTES_LATE: u16 = 480;

/// Days for which a visitor's role (an inspector, an officer of the authority) is given at most: the longest
/// inspection is a working week and its report some three more.
pub const VISITOR_DAYS: i64 = 31;

/// Days that a trip over nights lasts at most: an exchange with a school abroad is some three weeks.
pub const TRIP_DAYS: i32 = 28;

/// Rows of a list of attendance codes. The law's has 38.
pub const CODE_ROWS: usize = 500;

/// Bytes of a file with a list of attendance codes: those rows, each with a long meaning.
pub const CODE_LIST_BYTES: u64 = 1024 * 1024;

/// Days of one term, closure or cover: a term is some 75 school days, a site that is shut for good one year.
pub const PERIOD_DAYS: i32 = 400;

/// Groups that a day may be open to by name, so that the fact stays some 16 KiB.
pub const GROUPS_PER_DAY: usize = 1_000;

/// Things to be done after one roll call: more would be a plan of its own.
pub const ACTIONS_PER_REPORT: usize = 32;

/// Roll calls that are looked through for those joined with one another: a school has some ten a year at a site, and a
/// hostile device could begin many.
pub const CALLS_LOOKED_AT: usize = 200;

/// Bytes of a day's sealed care lines: 1,000 people with a line or two each, and well below one entry's body.
pub const CARE_BYTES: usize = 128 * 1024;
/// Rooms to look in, and refuge points, that a site names: as many as somebody chooses among with a finger.
pub const PLACES: usize = 32;
/// Groups of a site that have an assembly point of their own: more than any school has classes at one site.
pub const GROUPS_MEETING: usize = 256;
