//! What came of carrying, in words.

use muster_core::sync::carry::give::CarriedOut;
use muster_core::sync::carry::take::{CarriedIn, Reason};

/// What was written, in a sentence or two.
pub fn out(done: &CarriedOut) -> String {
    let mut words = format!("{} written. It opens only on devices of this school.", changes(done.entries));
    if done.older > 0 {
        words += &format!(
            " {} from before are not in it: a device that was off for longer gets those over the network, or from the office’s computer with all of it.",
            changes(done.older)
        );
    }
    if done.cut_off {
        words += " There was more than fits one file. This one can be carried in; the rest goes once the two devices reach each other.";
    }
    if done.lost > 0 {
        words += " Some records could not be read on this device: let it meet another, and tell whoever looks after the devices.";
    }
    words
}

/// What came of several files, in a line; and whether anything went wrong that somebody should know.
pub fn all_in<'a>(done: impl IntoIterator<Item = &'a CarriedIn>) -> (String, bool) {
    let mut all = CarriedIn::default();
    let mut problems = Vec::new();
    for one in done {
        all.entries += one.entries;
        all.devices.extend(&one.devices);
        for (reason, count) in &one.refused {
            *all.refused.entry(*reason).or_default() += count;
        }
        problems.extend(problem(one));
    }
    let came = format!(
        "{} of {} came in, {} refused.",
        changes(all.entries as u64),
        devices(all.devices.len()),
        all.refused()
    );
    problems.dedup();
    let is_problem = !problems.is_empty();
    problems.insert(0, came);
    (problems.join(" "), is_problem)
}

/// What became of one file, in a line or some.
pub fn one_in(done: &CarriedIn) -> (String, bool) {
    all_in([done])
}

/// What somebody should know or do about a file.
fn problem(done: &CarriedIn) -> Vec<String> {
    let mut said = Vec::new();
    if !done.is_ours() {
        said.push(
            if done.of_another_school > 0 {
                "It was written by a device of another school: nothing of it was taken."
            } else if done.of_strangers > 0 {
                "It was written by a device that was never let into this school: nothing of it was taken."
            } else {
                "Nothing in it was written by Muster, or all of it is damaged."
            }
            .to_owned(),
        );
        return said;
    }
    for (reason, count) in &done.refused {
        said.push(match reason {
            Reason::Gap => format!(
                "{} wait for earlier ones that are not on this device: they show once the two reach each other, or once somebody carries all of it from the other one.",
                changes(*count as u64)
            ),
            Reason::NotHeld => format!("{} are of records that this device does not keep.", changes(*count as u64)),
            Reason::Unknown => format!(
                "{} were written by somebody whose right is not known here yet: carry in a file from the office first.",
                changes(*count as u64)
            ),
            Reason::TooMuch => "There was more than this device takes in a day: carry the same file in again tomorrow.".to_owned(),
            Reason::Forged => "Some of it does not hold: it was not taken. Tell whoever looks after the devices.".to_owned(),
        });
    }
    if !done.is_whole() {
        let what = if done.is_shortened && done.damaged <= 1 { "cut short" } else { "damaged" };
        said.push(format!("The file is {what}: what was whole was taken. Write it again on the other device."));
    }
    if done.is_cut_off {
        said.push("There was more than fits one file: write another on the other device.".to_owned());
    }
    said
}

fn changes(count: u64) -> String {
    if count == 1 { "1 change".to_owned() } else { format!("{count} changes") }
}

fn devices(count: usize) -> String {
    if count == 1 { "1 device".to_owned() } else { format!("{count} devices") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use muster_core::id::DeviceId;

    #[test]
    fn what_is_said_can_be_followed_by_a_marshal_who_has_a_screen_and_no_command_line() {
        let given = CarriedOut { entries: 3, older: 40, cut_off: true, lost: 1, ..CarriedOut::default() };
        let mut taken = CarriedIn { entries: 1, known: 0, is_cut_off: true, ..CarriedIn::default() };
        taken.from.insert(DeviceId([1; 32]));
        for reason in [Reason::Gap, Reason::NotHeld, Reason::Unknown, Reason::TooMuch, Reason::Forged] {
            taken.refused.insert(reason, 2);
        }
        for words in [out(&given), one_in(&taken).0] {
            assert!(!words.contains('`') && !words.contains("--"), "{words}");
        }
    }

    #[test]
    fn what_came_in_is_said_in_a_sentence_and_what_is_wrong_with_what_to_do() {
        let mut done = CarriedIn { entries: 37, known: 4, ..CarriedIn::default() };
        done.devices.extend([DeviceId([1; 32]), DeviceId([2; 32])]);
        done.from.insert(DeviceId([1; 32]));
        assert_eq!(one_in(&done), ("37 changes of 2 devices came in, 0 refused.".to_owned(), false));
        done.refused.insert(Reason::Gap, 1);
        done.is_shortened = true;
        let (words, problem) = one_in(&done);
        assert!(problem && words.starts_with("37 changes of 2 devices came in, 1 refused. 1 change wait"), "{words}");
        assert!(
            words.ends_with("The file is cut short: what was whole was taken. Write it again on the other device.")
        );
        let other = CarriedIn { of_another_school: 3, is_shortened: true, ..CarriedIn::default() };
        let (words, problem) = one_in(&other);
        assert!(problem && words.ends_with("a device of another school: nothing of it was taken."), "{words}");
    }
}
