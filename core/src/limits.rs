//! Every limit of the engine, with its reason. Beyond one: a clear error, and nothing lost.

/// Bytes of an entry's body. A class register is under 2 KiB; a page of free text is 8 KiB; 256 KiB leaves
/// room and keeps one frame able to carry one entry.
pub const BODY_BYTES: usize = 256 * 1024;

/// Bytes of a payload once decompressed: the same, so that a zip bomb can gain nothing.
pub const PAYLOAD_BYTES: usize = 256 * 1024;

/// Bytes of a saved document once unpacked: a week's register is 12 KiB, so that a row that rotted takes no more memory.
pub const SAVED_BYTES: usize = 64 * 1024 * 1024;

/// Operations (facts) in one entry. A register of 2,000 pupils still fits.
pub const FACTS_PER_ENTRY: usize = 4_096;

/// Facts that one fact may supersede. A person settles a handful of contradicting marks, never hundreds.
pub const SUPERSEDED_PER_FACT: usize = 64;

/// Entries in one act. A first import of a school is written as many acts.
pub const ENTRIES_PER_ACT: usize = 1_024;

/// Bytes of a document's natural key: ids and dates, never text.
pub const DOCUMENT_KEY_BYTES: usize = 64;

/// Bytes of one frame on the wire, with room for one entry of the largest size and its seal.
pub const FRAME_BYTES: usize = 256 * 1024 + 8 * 1024;

/// Bytes of an entry on the wire besides its body, at most: version, kind, act, moment, heads, grant, epoch, length.
pub const ENTRY_ON_WIRE: usize = 160;

/// Bytes of a run of entries on the wire besides them, at most: number, descriptor, place, previous hash, seal.
pub const PART_ON_WIRE: usize = 208;

/// Bytes that one sealed run of entries may need on the wire, so that whoever passes it on can send it whole.
pub const SEGMENT_BYTES: usize = FRAME_BYTES - 1_024;

/// Logs of all seats in all sections and years: 2,000 persons on three devices in five areas over eight years.
pub const LOGS: usize = 262_144;

/// Entries in one batch on the wire: about a frame of small ones, and the unit of one durable commit.
pub const ENTRIES_PER_BATCH: usize = 512;

/// Branches kept of a forked log. A clone makes two; more than eight is somebody playing.
pub const BRANCHES_PER_LOG: usize = 8;

/// Branches more of a log of which a removal or an adoption names one that is not held: whoever has the log's key must
/// not keep it out by others made up before.
pub const BRANCHES_NAMED: usize = 8;

/// Entries of one device that another takes in a day, of one area: the largest school's office writes 10,000 pupils'
/// records in one import, and a busy day's registers are some hundreds.
pub const ENTRIES_PER_DAY: u64 = 20_000;

/// Bytes of them: those entries at twice their usual size, and all that a disk of 64 GB gives away in six years.
pub const BYTES_PER_DAY: u64 = 32 * 1024 * 1024;

/// Days of that which may be taken at once where they were not used before: a week without a connection, or six years
/// of the largest school's registers brought in on one day.
pub const DAYS_SAVED: u64 = 7;

/// Damaged entries that are noted at once: with more, the disk is to be replaced and the device restored. The note is
/// written whole each time, some 160 KiB of it then.
pub const DAMAGED: usize = 4_096;

/// Bytes that an embedder may keep beside a document of what it worked out from it: a class of forty with every
/// session of a week is some 3 KiB.
pub const KEPT_BYTES: usize = 64 * 1024;

/// Devices of a school.
pub const DEVICES: usize = 1_000;

/// Persons of a school who may sign in.
pub const PERSONS: usize = 2_000;

/// Capabilities in one grant. The widest role of a school with 90 sites needs some 30 a site, at 20 bytes each.
pub const CAPABILITIES_PER_GRANT: usize = 4_096;

/// Sealed records (document secrets and wrapped epoch keys) of one section. A roll has most: 300 persons keep the key
/// of every school day, and two devices that begin a day apart make two of it, so that 195 days are 117,000 wraps; as
/// many again for whoever is granted the right, has new keys, or sends false ones.
pub const RECORDS_PER_SECTION: usize = 262_144;

/// Of those, how many only this device itself may fill, so that no peer can keep it from writing: a year's worth.
pub const RECORDS_OF_OUR_OWN: usize = 16_384;

/// Bytes of the sealed records of one section: a wrap has some 165. They lie in one file, and a store takes none of
/// more than 64 MiB.
pub const RECORDS_BYTES: usize = 60 * 1024 * 1024;

/// Of those, how many only this device itself may fill.
pub const RECORDS_BYTES_OF_OUR_OWN: usize = 4 * 1024 * 1024;

/// Sections of which sealed records may come before any entry. Records come first, so that what is new is read at
/// once; but whoever invents years and places without end must not keep the next true one out.
pub const SECTIONS_AHEAD: usize = 1_024;

/// Bytes of one file to be carried by hand: sticks are formatted so that no file is larger than 4 GiB.
pub const CARRY_BYTES: u64 = 3 * 1024 * 1024 * 1024;

/// Places in a carried file that look like a frame and are none, before the rest is not looked at: each may cost the
/// hash of a frame.
pub const CARRY_DAMAGED: usize = 1_024;

/// Sealed records of keys that nobody has announced yet, taken from a device that posts: they come just before their
/// announcement, and a day's are a wrap for each of some hundred readers and a secret a document.
pub const POSTED_AHEAD: usize = 4_096;

/// Entries of which it is kept between when and when they were made: a tablet that comes back after a fortnight brings
/// some hundreds, and the file is rewritten whole with each run of them.
pub const DATED: usize = 4_096;

/// Sections held: 10 areas at 90 sites in 5 years are 4,500.
pub const SECTIONS: usize = 8_192;

/// Bytes of one sealed record: a secret or a key, its nonce and its tag, with room for a post-quantum wrap.
pub const RECORD_BYTES: usize = 2_048;

/// Authority logs of a school: one a seat incarnation, so each person on each of a few devices, some times over.
pub const AUTHORITY_LOGS: usize = 20_000;

/// Of those, how many one device may have: 300 people who sign in on it, some times over.
pub const AUTHORITY_LOGS_PER_DEVICE: usize = 2_000;

/// Of those, how many may be of devices that nothing is known of: what comes in one go before the statements that let
/// them in. A seat proves itself, so anybody can make any number.
pub const AUTHORITY_LOGS_UNKNOWN: usize = 4_096;

/// Entries in one log: one a second for a century.
pub const ENTRIES_PER_LOG: u64 = 1 << 32;

/// Digits of a PIN, at least: what people know from their bank. It opens nothing that is on a disk.
pub const PIN_LEAST: usize = 4;

/// Digits of a PIN, at most: whoever wants more wants a passphrase.
pub const PIN_MOST: usize = 8;

/// Digits of a marshal's PIN, at least: it can be tried wherever what it opens was copied to, and a thousand times fewer
/// digits would be tried in a minute.
pub const MARSHAL_PIN_LEAST: usize = 6;

/// Digits of a marshal's PIN, at most: a telephone number, typed with wet hands.
pub const MARSHAL_PIN_MOST: usize = 12;

/// Cuts in one statement, at some 70 bytes each: a person on six devices in ten areas of six sites over eight years
/// has 2,880 logs, and a body holds this many.
pub const CUTS: usize = 3_500;

/// Entries adopted by one statement: a screen of them, many times over.
pub const ADOPTED_AT_ONCE: usize = 1_024;

/// Statements that cards sign at once: a new head, a device, and whoever is to be removed.
pub const SAID_BY_CARDS: usize = 64;

/// Epochs whose place one other takes: each device that mints one apart from the others brings one more.
pub const SUPERSEDED_EPOCHS: usize = 64;

/// Deliveries of bundles kept: 300 staff on 50 devices each. Each is about 700 bytes.
pub const DELIVERIES: usize = 16_384;

/// Of those, how many may be for persons, keys or devices that nothing is known of yet: what comes in one go before
/// the statements that explain it.
pub const DELIVERIES_UNKNOWN: usize = 4_096;

/// What seats say in parts, of which it is remembered that it lacks: four parts of each device.
pub const LACKING: usize = 4 * DEVICES;

/// Bytes of one checkpoint: a laptop on which 100 people write in six areas has 600 logs of some 70 bytes each. With
/// more, the newest years are named and the rest lies under one digest.
pub const CHECKPOINT_BYTES: usize = 48 * 1024;

/// Checkpoints before it that one names: a copy that goes on apart is told from it within a day of hourly ones.
pub const CHECKPOINT_RECENT: usize = 24;

/// Checkpoints kept of one device in each part: of its seats that began last. A device that is put back begins another seat.
pub const CHECKPOINT_SEATS: usize = 8;

/// Checkpoints of other devices that one cosigns, at most: those of the devices of four sites.
pub const CHECKPOINT_COSIGNED: usize = 256;

/// Milliseconds between two checkpoints of a device where something changed: an hour. Each goes to every device of its
/// place once; sixty of some 5 KiB are less than a morning's registers.
pub const CHECKPOINT_EVERY_MS: i64 = 60 * 60 * 1_000;

/// Milliseconds that what a checkpoint names may be on its way before it is said that it did not come: a day. Whoever
/// writes in the morning is met by the next one.
pub const WITHHELD_AFTER_MS: i64 = 24 * 60 * 60 * 1_000;

/// Days that an alarm about what was found stays: a holiday's length, so that whoever comes back sees it.
pub const ALARM_DAYS: i32 = 60;

/// Alarms kept. More than a school has devices that go wrong at once; beyond it the oldest go.
pub const ALARMS: usize = 256;

/// Bytes of a person's name on the lock screen: the longest name of a school's directory fits.
pub const NAME_ON_LOCK_BYTES: usize = 256;

/// Bytes of a signed extract's file: a year's registers of 2,000 pupils as a table are some 40 MB.
pub const EXTRACT_BYTES: usize = 64 * 1024 * 1024;

/// Bytes that a part of a backup holds before it is sealed: what a slow stick takes in a moment, so that little is done
/// again after it was pulled, and what fits a message to another device's disk.
pub const BACKUP_PART_BYTES: usize = 1024 * 1024 - 4096;

/// Runs of one backup archive: one a day for many times the weeks after which a new one is begun.
pub const BACKUP_RUNS: u32 = 4_096;

/// Parts of one backup archive: a terabyte, far more than a school's text.
pub const BACKUP_PARTS: u32 = 1_000_000;

/// Documents that one act erases or holds: a year group's files. Each is named in some 60 bytes.
pub const ERASED_AT_ONCE: usize = 1_024;

/// Secrets of one document that an erasure or a hold names: each device that wrote in it apart from the others brings one
/// more, and so does each entry that was saved from an erasure its writer had not heard of.
pub const SECRETS_OF_ERASED: usize = 256;

/// Documents (their secrets, where one has several) that one person has erased alone, counted over four weeks: one
/// pupil's file is fewer, two pupils' are more. Beyond it somebody else signs, too.
pub const ERASED_ALONE: usize = 12;

/// Milliseconds over which that is counted: four weeks.
pub const ERASED_ALONE_WITHIN_MS: i64 = 28 * 24 * 60 * 60 * 1_000;

/// Milliseconds in which an erasure can be undone: seven days, so that whoever is away for a week's meetings or ill
/// hears of it first.
pub const ERASED_AFTER_MS: i64 = 7 * 24 * 60 * 60 * 1_000;
