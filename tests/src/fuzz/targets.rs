//! What is given spoilt bytes: every decoder of the engine and of the school's facts, a live session, joining, a carried
//! file, the files of an import.
//!
//! What is inside of seals is in `within`, what an enrolled writer says in `hostile`.
//!
//! Not here: frames on a stream, of which `muster-net` has its own tests, and what only the program keeps for itself,
//! sealed for its device.

use super::samples::{RULES, SITE, Samples, WORDS, World, samples};
use super::{Outcome, Target, facts, hostile, within};
use muster_core::authority::statement::Statement;
use muster_core::checkpoint::Checkpoint;
use muster_core::codec;
use muster_core::crypto::sign::SignKey;
use muster_core::crypto::stretch::Cost;
use muster_core::crypto::wrap::AgreeKey;
use muster_core::document::body;
use muster_core::document::fact::Fact;
use muster_core::document::payload::Payload;
use muster_core::extract::Extract;
use muster_core::founding::Founding;
use muster_core::id::{DeviceId, Handle, PlaceId, Section};
use muster_core::keys::bundle::Bundle;
use muster_core::keys::delivery::Delivery;
use muster_core::keys::epoch::{DocumentSecret, EpochInfo, EpochKey, EpochStatement};
use muster_core::keys::marshal::MarshalLock;
use muster_core::keys::record::{Record, Records};
use muster_core::keys::recovery::Card;
use muster_core::keys::recovery::written::Typing;
use muster_core::limits;
use muster_core::log::entry::Entry;
use muster_core::log::frontier::AuthorityFrontier;
use muster_core::log::header::Header;
use muster_core::replica::store::MemoryStore;
use muster_core::replica::{Context, DeviceSecrets, LogState, Replica};
use muster_core::sync::carry::held::Held;
use muster_core::sync::carry::take::CarryIn;
use muster_core::sync::conversation::Conversation;
use muster_core::sync::join::{Code, Invitation, Joiner, TypedCode};
use muster_core::sync::message::Message;
use muster_core::time::Moment;
use muster_school::calendar::{Day, Half, Local};
use muster_school::codes::Codes;
use muster_school::fire::presence::FireList;
use muster_school::fire::saved;
use muster_school::import;
use rand::SeedableRng as _;
use rand_chacha::ChaCha20Rng;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;

pub(super) const NOW: Moment = Moment { utc_ms: 1_790_000_100_000, offset_minutes: 0 };

pub(super) fn target(name: &'static str, samples: Vec<Vec<u8>>, run: impl FnMut(&[u8]) -> Outcome + 'static) -> Target {
    Target { name, samples, cost: 1, run: Box::new(run), end: Box::new(|| ()) }
}

/// What decodes by the one codec.
pub(super) fn coded<T: Serialize + DeserializeOwned>(name: &'static str, samples: Vec<Vec<u8>>) -> Target {
    target(name, samples, |bytes| match codec::decode::<T>(bytes) {
        Ok(value) => Outcome::Taken(Some(codec::encode(&value))),
        Err(_) => Outcome::Refused,
    })
}

pub(super) fn taken<T>(value: Option<T>, again: impl FnOnce(T) -> Option<Vec<u8>>) -> Outcome {
    value.map_or(Outcome::Refused, |value| Outcome::Taken(again(value)))
}

/// Every target.
pub fn all() -> Vec<Target> {
    let mut made = samples();
    let mut good = made.good.clone();
    let messages = good.get("message").cloned().unwrap_or_default();
    let mut of = |name: &str| good.remove(name).unwrap_or_default();
    let mut all = vec![
        coded::<AuthorityFrontier>("frontier", of("frontier")),
        coded::<EpochStatement>("epoch", of("epoch")),
        coded::<EpochInfo>("epoch-row", of("epoch-row")),
        coded::<LogState>("log-state", of("log-state")),
        coded::<Record>("record", of("record")),
        coded::<Fact>("fact", of("fact")),
        target("entry", of("entry"), |bytes| taken(Entry::decode(bytes).ok(), |_| None)),
        target("header", of("header"), |bytes| taken(Header::decode(bytes).ok(), |header| Some(header.encode()))),
        target("statement", of("statement"), |bytes| {
            taken(Statement::decode(bytes).ok(), |statement| Some(statement.encode()))
        }),
        target("founding", of("founding"), |bytes| {
            taken(Founding::decode(bytes).ok(), |founding| Some(codec::encode(&founding)))
        }),
        target("device-file", of("device-file"), |bytes| {
            taken(DeviceSecrets::decode(bytes).ok(), |device| Some(device.encode().to_vec()))
        }),
        target("message", of("message"), |bytes| taken(Message::decode(bytes).ok(), |message| Some(message.encode()))),
        target("payload", of("payload"), |bytes| {
            taken(Payload::decode(bytes).ok(), |payload| {
                assert!(codec::encode(&payload).len() <= limits::PAYLOAD_BYTES, "more than a payload holds");
                None
            })
        }),
        target("extract", of("extract"), |bytes| {
            taken(Extract::decode(bytes).ok(), |extract| {
                let _ = extract.verify();
                Some(extract.encode())
            })
        }),
        target("marshal-lock", of("marshal-lock"), |bytes| {
            taken(MarshalLock::decode(bytes), |lock| Some(lock.encode()))
        }),
        target("key-file", of("key-file"), |bytes| {
            let section = Section::CHECKPOINTS;
            taken(Records::default().decode(section, bytes).ok(), |()| None)
        }),
    ];
    all.extend([texts(&made, of("card"), of("code")), secrets(&made, &mut of)].into_iter().flatten());
    let carried = of("carried");
    all.extend(held(&made, carried));
    all.extend(within::all(&made));
    all.push(hostile::target());
    let (join, frames) = (of("join"), messages);
    all.push(joining(&mut made, join));
    all.extend(school());
    all.push(session(made, frames));
    all
}

/// What people type.
fn texts(made: &Samples, cards: Vec<Vec<u8>>, codes: Vec<Vec<u8>>) -> Vec<Target> {
    let founding = made.office.founding().clone();
    let other = made.world.cards[1].clone();
    let lines: Vec<Vec<u8>> = cards.clone();
    vec![
        Target {
            cost: 8,
            ..target("card", cards, move |bytes| {
                let card = std::str::from_utf8(bytes).ok().and_then(|text| Card::from_text(text).ok());
                taken(card, |card| {
                    let _ = muster_core::keys::recovery::recovery_key(&founding, &card, &other);
                    None
                })
            })
        },
        Target {
            cost: 8,
            ..target("card-typed", lines, |bytes| {
                let mut typing = Typing::new();
                let text = String::from_utf8_lossy(bytes);
                for line in text.lines().take(64) {
                    let _ = typing.line(line);
                }
                let _ = typing.card();
                Outcome::Taken(None)
            })
        },
        target("code", codes, |bytes| {
            let typed = std::str::from_utf8(bytes).ok().and_then(|text| TypedCode::from_text(text).ok());
            taken(typed, |_| None)
        }),
    ]
}

/// What is sealed: opened with the right key, spoilt.
fn secrets(made: &Samples, of: &mut impl FnMut(&str) -> Vec<Vec<u8>>) -> Vec<Target> {
    let (school, device) = (made.office.school(), made.office.device_secrets().clone());
    let (seat_key, to, sealed_for) = (device.seat.sign.public(), device.clone(), device);
    let mut random = ChaCha20Rng::seed_from_u64(4);
    let (key, secret) = (EpochKey::random(&mut random), DocumentSecret::random(Handle([1; 16]), &mut random));
    let header = Header::decode(&made_header(made)).unwrap();
    let body = body::seal(&header, &key, &secret, b"a payload of a few words", [5; 24]).unwrap();
    let good = body.clone();
    vec![
        target("checkpoint", of("checkpoint"), move |bytes| {
            let parts = [Section::CHECKPOINTS, Section::part(SITE), Section::part(PlaceId::ZERO)];
            let is_sound = |one: &Checkpoint| parts.iter().any(|part| one.holds(&school, part, &seat_key));
            let sound = codec::decode::<Checkpoint>(bytes).ok().filter(is_sound);
            taken(sound, |one| Some(codec::encode(&one)))
        }),
        Target {
            cost: 64,
            ..target("bundle", of("bundle"), move |bytes| {
                let bundle = codec::decode::<Bundle>(bytes).ok().filter(|bundle| bundle.holds(&school));
                let opened = bundle.filter(|bundle| bundle.open(WORDS).is_ok());
                taken(opened, |bundle| Some(codec::encode(&bundle)))
            })
        },
        Target {
            cost: 8,
            ..target("delivery", of("delivery"), move |bytes| {
                let sent = codec::decode::<Delivery>(bytes).ok().filter(|sent| sent.holds(&school));
                let opened = sent.filter(|sent| sent.open(&school, &to.agree).is_some());
                taken(opened, |sent| Some(codec::encode(&sent)))
            })
        },
        target("sealed-file", of("sealed-file"), move |bytes| taken(sealed_for.open_file("local", bytes), |_| None)),
        target("body", vec![body], move |bytes| {
            let outer = body::open_outer(&header, &key, bytes);
            let inner = outer.and_then(|outer| body::open_inner(&header, &outer, &secret));
            taken(inner, |_| Some(good.clone()))
        }),
    ]
}

fn made_header(made: &Samples) -> Vec<u8> {
    use muster_core::replica::store::{Store as _, Table};
    let rows = made.office.store().range(Table::Entries, &[], None, 1).unwrap();
    Entry::decode(&rows[0].1).unwrap().0.header().encode()
}

/// A stick's file, taken by a device of the school.
fn held(made: &Samples, carried: Vec<Vec<u8>>) -> Vec<Target> {
    let (school, store) = (made.office.school(), made.hall.store().clone());
    let mut victim = Replica::open(store, &RULES).unwrap();
    let mut random = ChaCha20Rng::seed_from_u64(5);
    let names = carried.clone();
    vec![
        Target {
            cost: 128,
            ..target("carried", carried, move |bytes| {
                let mut taking = CarryIn::default();
                let mut context = Context { now: NOW, random: &mut random };
                let _ = taking.take(&mut victim, bytes, &mut context);
                let _ = taking.end(&mut victim, &mut context);
                Outcome::Taken(None)
            })
        },
        Target {
            cost: 32,
            ..target("carried-names", names, move |bytes| {
                let mut held = Held::default();
                held.read(&school, bytes);
                Outcome::Taken(None)
            })
        },
    ]
}

/// Both sides of letting a device in.
fn joining(made: &mut Samples, frames: Vec<Vec<u8>>) -> Target {
    let World { random, .. } = &mut made.world;
    let office = made.office.device();
    let founding = made.office.founding().clone();
    let code = Code::new(office, vec![], random);
    let typed = TypedCode::from_text(&code.to_text()).unwrap().of(office);
    let (sign, agree) = (SignKey::random(random), AgreeKey::random(random));
    let this = DeviceId(sign.public().0);
    let text = code.to_text().to_string();
    Target {
        cost: 64,
        ..target("join", frames, move |bytes| {
            let invited = TypedCode::from_text(&text).unwrap().of(office);
            if let Ok(mut invitation) = Invitation::open(invited, Cost::TEST) {
                assert!(
                    invitation.receive(&founding, this, [1; 32], bytes).is_err(),
                    "no frame of another code is let in"
                );
            }
            if let Ok((mut joiner, _)) = Joiner::start(&typed, this, agree.public(), "tablet", [1; 32], Cost::TEST) {
                let _ = joiner.receive(bytes);
            }
            Outcome::Taken(None)
        })
    }
}

/// A session with a device that keeps what it believes: no frame brings it down, and what it keeps stays sound.
fn session(made: Samples, frames: Vec<Vec<u8>>) -> Target {
    let Samples { office, hall, mut world, .. } = made;
    let state = office.view().state_hash();
    let peer = hall.device();
    let victim = std::rc::Rc::new(std::cell::RefCell::new(Replica::open(office.into_store(), &RULES).unwrap()));
    let at_end = victim.clone();
    Target {
        cost: 32,
        run: Box::new(move |bytes| {
            let victim = &mut *victim.borrow_mut();
            let mut side = Conversation::start(victim, peer, NOW);
            let received = side.receive(victim, bytes, &mut world.context());
            for _ in 0..3 {
                side.next(victim).unwrap();
            }
            if received.is_ok() { Outcome::Taken(None) } else { Outcome::Refused }
        }),
        end: Box::new(move || {
            let victim: &Replica<MemoryStore> = &at_end.borrow();
            assert_eq!(victim.view().state_hash(), state, "who may do what is as it was");
            assert!(victim.verify(&mut |_, _| {}).unwrap().is_sound(), "all that is kept holds");
        }),
        ..target("session", frames, |_| Outcome::Refused)
    }
    .anyhow()
}

/// Facts, saved lists, exports and lists of codes.
fn school() -> Vec<Target> {
    let list = saved::encode(&nobody()).unwrap_or_default();
    let table = include_bytes!("../../../school/data/attendance_codes.csv").to_vec();
    let codes = Codes::default();
    vec![
        facts::target(),
        target("fire-list", vec![list], |bytes| taken(saved::decode(bytes).ok(), |_| None)),
        Target {
            cost: 16,
            ..target("import", exports(), move |bytes| {
                let Some((which, text)) = bytes.split_first() else { return Outcome::Refused };
                let name = import::FILES[usize::from(*which) % import::FILES.len()];
                let files = BTreeMap::from([(name.to_owned(), text.to_vec())]);
                let _ = import::read(files, &codes);
                Outcome::Taken(None)
            })
        },
        Target {
            cost: 8,
            ..target("codes", vec![table], |bytes| {
                let read = std::str::from_utf8(bytes).ok().and_then(|text| Codes::read(text).ok());
                taken(read, |_| None)
            })
        },
    ]
}

/// A list with nobody on it.
pub(super) fn nobody() -> FireList {
    let day = Day::new(2026, 11, 23).unwrap();
    FireList {
        day,
        now: Local { day, minute: 9 * 60 },
        site: "Harbour".to_owned(),
        points: vec!["Playground".to_owned()],
        people: Vec::new(),
        missing: vec!["4B".to_owned()],
        as_of_ms: Some(1_790_000_000_000),
        heard_from: vec!["Office".to_owned()],
        half: Half::Am,
        pm_start: 13 * 60,
        trips: Vec::new(),
        closed: String::new(),
        unmatched: vec!["Ada B".to_owned()],
        meets: Default::default(),
    }
}

impl Target {
    /// Samples that need not be taken.
    fn anyhow(self) -> Self {
        let samples = self.samples.clone();
        let mut run = self.run;
        let known: std::collections::BTreeSet<Vec<u8>> = samples.iter().cloned().collect();
        Self {
            run: Box::new(move |bytes| match run(bytes) {
                Outcome::Refused if known.contains(bytes) => Outcome::Taken(None),
                other => other,
            }),
            ..self
        }
    }
}

/// A file of each kind that is imported, the first byte says which.
fn exports() -> Vec<Vec<u8>> {
    let heads = [
        "admission_no,upn,surname,forename,year,group,born\n00001,,Byrne,Ada,4,4B,2017-01-02\n",
        "code,name,site\n4B,Beech,HAR\n",
        "admission_no,date,session,code,minutes\n00001,2026-11-23,AM,L,12\n",
        "staff_no,surname,forename,role\nT1,Marsh,Helen,head\n",
    ];
    let all = (0..u8::try_from(import::FILES.len()).unwrap_or(8))
        .flat_map(|which| heads.iter().map(move |text| [&[which], text.as_bytes()].concat()));
    all.collect()
}
