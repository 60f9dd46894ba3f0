//! Being let in, with somebody between the two devices or with what somebody recorded.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by panicking")]

#[path = "common/world.rs"]
mod world;
use muster_core::sync::join::JoinError;
use world::*;

/// What only the two ends of one channel know: a machine between them has two channels.
const NEAR: [u8; 32] = [1; 32];
const FAR: [u8; 32] = [2; 32];

/// An office whose door is open, and the device that somebody wants to let in.
struct Door {
    office: Device,
    invitation: Invitation,
    typed: TypedCode,
    joiner: DeviceId,
    agree: AgreeKey,
}

impl Door {
    fn open(seed: u64) -> Self {
        let mut world = World::new(seed);
        let (office, _) = world.found();
        let code = Code::new(office.device(), vec![], &mut world.random);
        let typed = TypedCode::from_text(&code.to_text()).unwrap();
        let invitation = Invitation::open(code, Cost::TEST).unwrap();
        let agree = AgreeKey::random(&mut world.random);
        Self { office, invitation, typed, joiner: DeviceId([5; 32]), agree }
    }

    /// The first frame to whoever is at the other end of a channel.
    fn asks(&self, at: DeviceId, binding: [u8; 32]) -> (Joiner, Vec<u8>) {
        let code = self.typed.of(at);
        Joiner::start(&code, self.joiner, self.agree.public(), "hall tablet", binding, Cost::TEST).unwrap()
    }

    fn hears(&mut self, from: DeviceId, binding: [u8; 32], frame: &[u8]) -> Result<Vec<u8>, JoinError> {
        self.invitation.receive(self.office.founding(), from, binding, frame).map(|candidate| candidate.answer)
    }
}

#[test]
fn words_relayed_through_a_machine_in_between_open_no_door_on_either_side() {
    let mut door = Door::open(1);
    let (office, middle, joiner) = (door.office.device(), DeviceId([6; 32]), door.joiner);
    // The right words, typed on the new device. The machine in between passes the proof on under its own name, and
    // under the new device's: neither holds on its other channel.
    let (_, frame) = door.asks(office, NEAR);
    assert_eq!(door.hears(middle, FAR, &frame), Err(JoinError::WrongWords));
    assert_eq!(door.hears(joiner, FAR, &frame), Err(JoinError::WrongWords));
    // And what the office answers to somebody whose proof holds is no answer on another channel.
    let mut door = Door::open(2);
    let office = door.office.device();
    let (_, far) = door.asks(office, FAR);
    let answer = door.hears(joiner, FAR, &far).unwrap();
    let (mut near, _) = door.asks(office, NEAR);
    assert_eq!(near.receive(&answer), Err(JoinError::WrongWords));
    assert_eq!(near.receive(&welcome()), Err(JoinError::Malformed), "nor is it let in without");
}

#[test]
fn a_machine_that_passes_itself_off_as_the_inviting_one_gets_no_proof_that_is_of_use() {
    // Only the words were typed, and the machine in between announces itself nearby.
    let mut door = Door::open(3);
    let middle = DeviceId([6; 32]);
    let (_, frame) = door.asks(middle, NEAR);
    assert_eq!(door.hears(middle, NEAR, &frame), Err(JoinError::WrongWords), "made for another device");
    let joiner = door.joiner;
    assert_eq!(door.hears(joiner, NEAR, &frame), Err(JoinError::WrongWords));
}

#[test]
fn a_first_frame_that_was_recorded_opens_no_door_on_another_channel() {
    let mut door = Door::open(4);
    let (office, joiner) = (door.office.device(), door.joiner);
    let (_, frame) = door.asks(office, NEAR);
    assert_eq!(door.hears(joiner, FAR, &frame), Err(JoinError::WrongWords), "played again on a channel of its own");
    assert!(door.hears(joiner, NEAR, &frame).is_ok(), "on the channel that it was made for it holds");
    // Nor does it at the next invitation, whose words are others.
    let mut random = ChaCha20Rng::seed_from_u64(5);
    door.invitation = Invitation::open(Code::new(office, vec![], &mut random), Cost::TEST).unwrap();
    assert_eq!(door.hears(joiner, NEAR, &frame), Err(JoinError::WrongWords));
}

#[test]
fn what_a_new_device_still_lacks_is_counted_and_comes_to_nothing_once_all_is_there() {
    let mut world = World::new(6);
    let (mut office, head) = world.found();
    for number in 0..6 {
        world.write(&mut office, Some(head.seat.seat), &document(REGISTER, &format!("class {number}")), &["present"]);
        let year = Section { year: Year(2020 + number), ..document(ROLL, "").section };
        let roll = DocumentId { section: year, ..document(ROLL, "a day") };
        world.write(&mut office, None, &roll, &["in"]);
    }
    let mut hall = world.let_in(&mut office, &head);
    let mut a = Conversation::start(&mut office, hall.device(), Moment::utc(world.now));
    let mut b = Conversation::start(&mut hall, office.device(), Moment::utc(world.now));
    let mut counts = Vec::new();
    loop {
        let mut quiet = true;
        while let Some(frame) = a.next(&mut office).unwrap() {
            b.receive(&mut hall, &frame, &mut world.context()).unwrap();
            counts.push(b.fetching());
            quiet = false;
        }
        while let Some(frame) = b.next(&mut hall).unwrap() {
            a.receive(&mut office, &frame, &mut world.context()).unwrap();
            quiet = false;
        }
        if quiet {
            break;
        }
    }
    let most = counts.iter().copied().max().unwrap();
    assert!(most > 4, "several parts were counted: {counts:?}");
    let after = counts.iter().skip_while(|count| **count < most);
    assert!(after.clone().zip(after.skip(1)).all(|(before, then)| then <= before), "it only falls: {counts:?}");
    assert_eq!(counts.last(), Some(&0), "and ends: {counts:?}");
}
