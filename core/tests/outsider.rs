//! A second verifier, in Python and written apart, agrees with this one: on extracts as they were made, in schools where
//! much has happened, and on each way of tampering that follows.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by panicking")]

#[path = "common/world.rs"]
mod world;
use muster_core::authority::reduction::{Reason, Target};
use muster_core::authority::statement::Statement;
use muster_core::extract::chain::{ChainLog, Proof};
use muster_core::extract::{Extract, Wanted};
use muster_core::log::entry::Entry;
use muster_core::log::header::Kind;
use std::fmt::Write as _;
use std::process::Command;
use world::*;

const VERIFIER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/verifier/muster_verify.py");

/// The verifier in Python, run on a file's bytes; `None` where there is no Python here and none is asked for.
fn ran_in_python(bytes: &[u8], with: &[&str]) -> Option<std::process::Output> {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), bytes).unwrap();
    match Command::new("python3").arg(VERIFIER).args(with).arg(file.path()).output() {
        Ok(ran) => Some(ran),
        Err(error) => {
            assert!(std::env::var("MUSTER_TEST_PYTHON").is_err(), "python3 cannot be run here: {error}");
            println!("skipped: the verifier in Python, because python3 cannot be run here: {error}");
            None
        }
    }
}

/// What the verifier in Python says of a file's bytes, in a line; `None` where there is no Python here.
fn python(bytes: &[u8]) -> Option<String> {
    let ran = ran_in_python(bytes, &["--json"])?;
    if ran.status.code() == Some(2) {
        return Some("no extract".into());
    }
    assert!(ran.stderr.is_empty(), "{}", String::from_utf8_lossy(&ran.stderr));
    let told: serde_json::Value = serde_json::from_slice(&ran.stdout).unwrap();
    if let Some(because) = told.get("because") {
        return Some(because.as_str().unwrap().to_owned());
    }
    let mut said =
        format!("signer {}, void {}, unnamed {}", told["signer"].as_str().unwrap(), told["void"], told["unnamed"]);
    for author in told["authors"].as_array().unwrap() {
        write!(said, ", {}", author.as_str().unwrap()).unwrap();
    }
    let whole = ran.status.code() == Some(0);
    assert_eq!(whole, told["verdict"] == "proven");
    Some(said)
}

/// What this crate says of the same bytes, in the same words; and whether everything is proven.
fn ours(bytes: &[u8]) -> (String, bool) {
    if !Extract::is_one(bytes) {
        return ("no extract".into(), false);
    }
    let Ok(extract) = Extract::decode(bytes) else { return ("form".into(), false) };
    if let Err(broken) = extract.verify() {
        return (format!("{broken:?}").to_lowercase(), false);
    }
    let proven = extract.proven();
    let word = |proof: Proof| match proof {
        Proof::Proven => "proven",
        Proof::NoSeat => "no seat",
        Proof::NoRight => "no right",
        Proof::NotSealed => "not sealed",
    };
    let mut said = format!("signer {}, void {}, unnamed {}", word(proven.signer), proven.void, extract.unnamed());
    for author in &proven.authors {
        write!(said, ", {}", word(author.proof)).unwrap();
    }
    let whole = proven.signer == Proof::Proven
        && extract.unnamed() == 0
        && proven.authors.iter().all(|author| author.proof == Proof::Proven);
    (said, whole)
}

/// Both say the same; gives what, and whether everything is proven.
fn both(what: &str, bytes: &[u8]) -> (String, bool) {
    let (said, whole) = ours(bytes);
    if let Some(theirs) = python(bytes) {
        assert_eq!(said, theirs, "{what}: ours, then the one in Python");
    }
    (said, whole)
}

fn made(office: &Device, officer: &Opened) -> Extract {
    let wanted = Wanted {
        school_name: "Harbour School".to_owned(),
        what: "The register".to_owned(),
        to: "The authority".to_owned(),
        purpose: "Daily return".to_owned(),
        by: "Helen Marsh, head".to_owned(),
        rows: 1,
        people: 1,
        notes: vec!["4B has sent nothing".to_owned()],
        // More than a chunk of BLAKE3, so that its tree is tried too.
        table: b"Class,Code\nBeech,L\n".repeat(200),
    };
    let peer = |_: &_| ("Hall tablet".to_owned(), Some(Moment::utc(1_790_000_000_000)));
    office.extract(&officer.seat.seat, wanted, Moment::utc(1_790_000_100_000), |_| true, peer).unwrap()
}

struct School {
    world: World,
    office: Device,
    head: Opened,
    hall: Device,
    teacher: Opened,
}

fn school(seed: u64) -> School {
    let (mut world, mut office, head, mut hall) = small_school(seed);
    let rights = [(Right::Read, REGISTER), (Right::Write, REGISTER)];
    let teacher = world.person((&mut office, &head), &mut hall, 4, &rights);
    world.meet(&mut office, &mut hall);
    world.write(&mut hall, Some(teacher.seat.seat), &document(REGISTER, "5B week 48"), &["present"]);
    world.meet(&mut office, &mut hall);
    School { world, office, head, hall, teacher }
}

fn log_of(extract: &mut Extract, seat: SeatId) -> &mut ChainLog {
    extract.chain.logs.iter_mut().find(|log| log.seat == seat).unwrap()
}

fn says(bytes: &[u8]) -> Option<Statement> {
    let (entry, _) = Entry::decode(bytes).unwrap();
    (entry.header().kind == Kind::STATEMENT).then(|| Statement::decode(entry.body()).unwrap())
}

fn last_grant(log: &ChainLog) -> usize {
    log.entries.iter().rposition(|bytes| matches!(says(bytes), Some(Statement::Grant(_)))).unwrap()
}

type Change<'a> = Box<dyn Fn(&mut Extract) + 'a>;

#[test]
fn both_verifiers_refuse_each_way_of_tampering_and_for_the_same_reason() {
    let School { office, head, teacher, .. } = school(1);
    let (other, other_head) = (school(2).office, school(2).head);
    let honest = made(&office, &head);
    let foreign = made(&other, &other_head);
    let (said, whole) = both("as it was made", &honest.encode());
    assert!(whole, "{said}");
    let (head_seat, teacher_seat) = (head.seat.seat, teacher.seat.seat);
    // Whoever has the file alone.
    let without_key: Vec<(&str, Change)> = vec![
        ("a mark in the table is another", Box::new(|all| all.table[17] = b'N')),
        ("a line of the table is left out", Box::new(|all| all.table.truncate(19))),
        ("it is for somebody else", Box::new(|all| all.claim.to = "The neighbour".into())),
        ("it is for something else", Box::new(|all| all.claim.purpose = "Research".into())),
        ("another made it", Box::new(|all| all.claim.by = "Nobody".into())),
        ("it was made on another day", Box::new(|all| all.claim.at.utc_ms += 86_400_000)),
        ("it says of fewer people", Box::new(|all| all.claim.people = 0)),
        ("what is not in it is left unsaid", Box::new(|all| all.claim.notes.clear())),
        ("a device that was not heard from is left out", Box::new(|all| drop(all.claim.sources.pop()))),
        (
            "a device was heard from later",
            Box::new(|all| all.claim.sources.iter_mut().for_each(|one| one.heard = None)),
        ),
        (
            "it is complete to another end",
            Box::new(|all| {
                let source = all.claim.sources.iter_mut().find(|one| !one.heads.is_empty()).unwrap();
                source.heads[0].1[0].length += 1;
            }),
        ),
        (
            "the table of another school, with what it hashes to",
            Box::new(|all| {
                all.table = b"other".to_vec();
                *all = all.clone().signed_with(&other_head.seat.sign);
            }),
        ),
        ("another school's number", Box::new(|all| all.claim.school = foreign.claim.school)),
        ("another's certificate", Box::new(|all| all.certificate = foreign.certificate.clone())),
        ("a certificate without the person", Box::new(|all| all.certificate.by_person = None)),
        ("the chain has a log less", Box::new(|all| drop(all.chain.logs.pop()))),
        ("a signature that is not written in its one form", Box::new(|all| add_the_order(&mut all.signature.0))),
    ];
    for (what, change) in &without_key {
        let mut extract = honest.clone();
        change(&mut extract);
        let (said, whole) = both(what, &extract.encode());
        assert!(!whole && !said.starts_with("signer"), "{what}: {said}");
    }
    // Whoever has the maker's key too.
    let with_key: Vec<(&str, Change)> = vec![
        (
            "the log of whoever gave the rights is missing",
            Box::new(|all| all.chain.logs.retain(|log| log.seat != head_seat)),
        ),
        (
            "a grant is cut out of the middle",
            Box::new(|all| {
                let log = log_of(all, head_seat);
                log.entries.remove(last_grant(log));
            }),
        ),
        (
            "a grant is made wider",
            Box::new(|all| {
                let log = log_of(all, head_seat);
                let at = last_grant(log);
                let (entry, _) = Entry::decode(&log.entries[at]).unwrap();
                let Some(Statement::Grant(mut grant)) = says(&log.entries[at]) else { panic!("a grant") };
                grant.rank -= 1;
                log.entries[at] = Entry::new(entry.header().clone(), Statement::Grant(grant).encode()).encode(None);
            }),
        ),
        (
            "two entries are swapped",
            Box::new(|all| {
                let log = log_of(all, head_seat);
                log.entries.swap(1, 2);
            }),
        ),
        ("the end of a log of rights is left out", Box::new(|all| drop(log_of(all, head_seat).entries.pop()))),
        ("an entry has a byte more", Box::new(|all| log_of(all, head_seat).entries[1].push(0))),
        ("a seat has no certificate", Box::new(|all| drop(log_of(all, teacher_seat).entries.remove(0)))),
        ("a writer's log of rights is missing", Box::new(|all| all.chain.logs.retain(|log| log.seat != teacher_seat))),
        (
            "a writer's end is another",
            Box::new(|all| {
                let author = all.chain.authors.iter_mut().find(|log| log.descriptor.seat == teacher_seat).unwrap();
                author.head.length += 1;
            }),
        ),
        ("a writer is left out", Box::new(|all| all.chain.authors.retain(|log| log.descriptor.seat != teacher_seat))),
        (
            "a writer's records are called another area's",
            Box::new(|all| {
                let author = all.chain.authors.iter_mut().find(|log| log.descriptor.seat == teacher_seat).unwrap();
                author.descriptor.section.compartment.area = ROLL;
            }),
        ),
        ("another school's founding", Box::new(|all| all.chain.founding = foreign.chain.founding.clone())),
        ("another school's chain", Box::new(|all| all.chain = foreign.chain.clone())),
    ];
    for (what, change) in &with_key {
        let mut extract = honest.clone();
        change(&mut extract);
        let (said, whole) = both(what, &extract.signed_with(&head.seat.sign).encode());
        assert!(!whole, "{what}: {said}");
    }
    assert!(without_key.len() + with_key.len() >= 20);
    // And the file itself.
    let bytes = honest.encode();
    for (what, file) in [
        ("cut short", bytes[..bytes.len() - 1].to_vec()),
        ("with a byte more", [&bytes[..], &[0]].concat()),
        ("empty", Vec::new()),
        ("of a newer form", [b"muster extract 2\n", &bytes[17..]].concat()),
    ] {
        assert!(!both(what, &file).1, "{what}");
    }
    for at in (17..bytes.len()).step_by(bytes.len() / 16) {
        let mut file = bytes.clone();
        file[at] ^= 0x21;
        assert!(!both(&format!("byte {at} changed"), &file).1, "byte {at}");
    }
}

#[test]
fn a_table_that_its_own_signer_made_up_is_proven_to_be_theirs_and_said_to_rest_on_their_word() {
    let School { office, head, .. } = school(1);
    let mut extract = made(&office, &head);
    // Late becomes absent, by somebody who may sign.
    extract.table[17] = b'N';
    let bytes = extract.signed_with(&head.seat.sign).encode();
    let (said, whole) = both("the signer changed a mark before signing", &bytes);
    assert!(whole, "nothing in the file can tell: {said}");
    if let Some(ran) = ran_in_python(&bytes, &[]) {
        let words = String::from_utf8(ran.stdout).unwrap();
        let rests = "NOT proven by this file: that the table is what the records say. Helen Marsh, head signed it and \
                     answers for that; whoever holds the records can compare.";
        assert!(words.contains(rests), "{words}");
    }
}

/// The second half of a signature plus the order of the curve's group: the same signature, written otherwise.
fn add_the_order(signature: &mut [u8; 64]) {
    const ORDER: [u8; 32] = [
        0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
    ];
    let mut carry = 0;
    for (byte, add) in signature[32..].iter_mut().zip(ORDER) {
        let sum = u16::from(*byte) + u16::from(add) + carry;
        *byte = sum.to_le_bytes()[0];
        carry = sum >> 8;
    }
}

fn let_in_and_write(world: &mut World, (hall, admin): (&mut Device, &Opened), on: &mut Device, who: u8) -> Opened {
    let rights = [(Right::Read, REGISTER), (Right::Write, REGISTER)];
    let person = world.person((hall, admin), on, who, &rights);
    world.meet(hall, on);
    world.write(on, Some(person.seat.seat), &document(REGISTER, &format!("{who} week 48")), &["present"]);
    person
}

/// Two devices meet, of which one may have been held back: it hands over what it wrote, and hears of it.
fn hear(world: &mut World, office: &mut Device, other: &mut Device) {
    let mut a = Conversation::start(office, other.device(), Moment::utc(world.now));
    let mut b = Conversation::start(other, office.device(), Moment::utc(world.now));
    world.talk(office, &mut a, other, &mut b);
}

fn of(extract: &Extract, seat: SeatId) -> Vec<Proof> {
    extract.proven().authors.iter().filter(|author| author.seat == seat).map(|author| author.proof).collect()
}

#[test]
fn both_verifiers_say_the_same_of_a_school_where_much_has_happened() {
    for seed in 1..=4 {
        let School { mut world, mut office, head, mut hall, .. } = school(seed);
        let by = head.seat.seat;
        let agree = |what: &str, office: &Device| both(&format!("seed {seed}, {what}"), &made(office, &head).encode());
        // Somebody of an officer's rank, who lets another in.
        let words = words::random_words(6, &mut world.random);
        let all = |right| Capability { right, area: Which::Any, place: Which::Any };
        let rights = [Right::Read, Right::Write, Right::Grant, Right::Enrol].map(all).to_vec();
        let who = PersonId([21; 16]);
        office.grant_by_words(&by, who, 2, rights, &words, Cost::TEST, &mut world.context()).unwrap();
        world.meet(&mut office, &mut hall);
        let admin = hall.activate(&words, &mut world.context()).unwrap();
        let mut tablet = world.let_in(&mut hall, &admin);
        let second =
            world.person((&mut hall, &admin), &mut tablet, 22, &[(Right::Read, REGISTER), (Right::Write, REGISTER)]);
        world.write(&mut tablet, Some(second.seat.seat), &document(REGISTER, "6B week 48"), &["present"]);
        world.meet(&mut hall, &mut tablet);
        world.meet(&mut office, &mut hall);
        assert!(agree("an officer let a tablet and a teacher in", &office).1);
        let mut blind = made(&office, &head);
        blind.chain.lists.clear();
        let (said, whole) =
            both("the lists of what givers had seen are missing", &blind.signed_with(&head.seat.sign).encode());
        assert!(!whole && said.contains("no right"), "what rests on the officer is not proven: {said}");
        // The officer's device is held back, and lets somebody in before it has heard: that is past its end.
        office.suspend(&by, hall.device(), Reason::Lost, &mut world.context()).unwrap();
        let third = let_in_and_write(&mut world, (&mut hall, &admin), &mut tablet, 23);
        hear(&mut world, &mut office, &mut tablet);
        let of_third = |office: &Device| of(&made(office, &head), third.seat.seat);
        agree("a device is held back", &office);
        assert_eq!(of_third(&office), [Proof::NoRight]);
        if seed % 2 == 0 {
            office.lift(&by, hall.device(), &mut world.context()).unwrap();
            agree("and let go on", &office);
            assert_eq!(of_third(&office), [Proof::Proven]);
        }
        // The teacher goes on with new keys.
        hear(&mut world, &mut office, &mut tablet);
        let anew = tablet.new_keys(&second, &mut |_, _, _| Ok(()), &mut world.context()).unwrap();
        world.write(&mut tablet, Some(anew.seat.seat), &document(REGISTER, "6B week 49"), &["present"]);
        hear(&mut world, &mut office, &mut tablet);
        agree("a teacher has new keys", &office);
        assert_eq!(of(&made(&office, &head), anew.seat.seat), [Proof::Proven]);
        // The officer leaves, and has let somebody in since; an adoption lets that stand.
        let keys = Target::Keys(who, admin.person.public().sign);
        office.remove(&by, keys, Reason::Left, &mut world.context()).unwrap();
        let mut apart = world.let_in(&mut hall, &admin);
        let fourth = let_in_and_write(&mut world, (&mut hall, &admin), &mut apart, 24);
        hear(&mut world, &mut office, &mut hall);
        agree("the officer has left", &office);
        let waiting: Vec<_> = office.quarantined().unwrap().iter().map(|one| one.entry).collect();
        assert!(!waiting.is_empty());
        office.adopt(&by, &waiting, &mut world.context()).unwrap();
        hear(&mut world, &mut office, &mut hall);
        agree("what waited is adopted", &office);
        if seed % 2 == 0 {
            hear(&mut world, &mut office, &mut apart);
            agree("and what rests on it was handed over", &office);
            assert_eq!(of(&made(&office, &head), fourth.seat.seat), [Proof::Proven]);
        }
        // Two cards take a device out, and make a second head.
        let says = vec![office.removal_for_cards(Target::Device(tablet.device()), Reason::Lost).unwrap()];
        let mut said = office.draft_for_cards(&says, &mut world.context());
        said.sign(&world.cards[0]);
        said.sign(&world.cards[2]);
        office.say_by_cards(said, &mut world.context()).unwrap();
        let again = words::random_words(6, &mut world.random);
        let cards = world.cards.clone();
        office
            .name_head([&cards[1], &cards[2]], PersonId([30; 16]), (&again, Cost::TEST), &mut world.context())
            .unwrap();
        let second_head = office.activate(&again, &mut world.context()).unwrap();
        agree("the cards were used", &office);
        let (said, whole) = both("made by the second head", &made(&office, &second_head).encode());
        assert!(whole || said.contains("no right"), "{said}");
    }
}
