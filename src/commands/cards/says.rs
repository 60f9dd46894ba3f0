//! What a statement of the recovery cards says, for whoever is asked to put their card to it.
//!
//! Names everybody and every device that it is about, as far as this device knows them, and else the short id, to be
//! compared with what the holder of the first card was shown. The digits below it are of the whole statement: where
//! both holders read the same, they sign the same.

use super::find;
use crate::device::Device;
use muster_core::authority::cards::CardsStatement;
use muster_core::authority::grant::{Grant, Grantee};
use muster_core::authority::reduction::Target;
use muster_core::authority::statement::Statement;
use muster_core::authority::view::Holder;
use muster_core::id::{DeviceId, EntryHash, PersonId};

/// Digits in a group.
const GROUP: usize = 4;
/// Bytes of the statement's hash that are shown: enough that nobody makes two statements that show the same.
const SHOWN_BYTES: usize = 16;

/// Prints it.
pub(super) fn show(device: &Device, said: &CardsStatement) {
    for (_, one) in said.says() {
        say!("It says: {}.", in_words(device, &one));
    }
    say!("Its digits: {}", digits(&said.fingerprint()));
}

fn digits(hash: &[u8; 32]) -> String {
    let hex: String = hash.iter().take(SHOWN_BYTES).map(|byte| format!("{byte:02x}")).collect();
    let groups: Vec<&str> = (0..hex.len()).step_by(GROUP).filter_map(|at| hex.get(at..at + GROUP)).collect();
    groups.join(" ")
}

fn in_words(device: &Device, said: &Statement) -> String {
    match said {
        Statement::Grant(Grant { to, .. }) => match to {
            Grantee::Activation { person, .. } | Grantee::Person { person, .. } => {
                format!("{} is head from now on", of_person(device, *person))
            }
            Grantee::Device { device: given, .. } => format!("{} runs the school", of_device(device, given)),
        },
        Statement::Removal(removal) => match &removal.of {
            Target::Keys(person, _) => format!("{} is removed", of_person(device, *person)),
            Target::Device(removed) => format!("{} is taken out of the school for good", of_device(device, removed)),
            Target::Grant(grant) => {
                let held = device.replica.view().grants.get(grant).map(|held| held.holder);
                match held {
                    Some(Holder::Person(person)) => format!("{} loses a role", of_person(device, person)),
                    Some(Holder::Device(other)) => format!("{} loses rights", of_device(device, &other)),
                    None => format!("a role is taken away that this device does not know ({grant:?})"),
                }
            }
        },
        Statement::Suspension(held) => format!("{} is held back", of_device(device, &held.device)),
        Statement::Lift(lift) => match held_back(device, lift.suspension) {
            Some(freed) => format!("{} is no longer held back", of_device(device, &freed)),
            None => "a device is no longer held back that is not held back as far as this one knows".to_owned(),
        },
        Statement::Adoption(adoption) => format!("{} entries that waited count after all", adoption.entries.len()),
        _ => "something that this program does not know".to_owned(),
    }
}

fn of_person(device: &Device, person: PersonId) -> String {
    match find::people(device).remove(&person) {
        Some(name) => format!("{name} ({person:?})"),
        None => format!("somebody whom this device does not know by name ({person:?})"),
    }
}

fn of_device(device: &Device, named: &DeviceId) -> String {
    match find::devices(device).remove(named) {
        Some(name) => format!("the device {name} ({named:?})"),
        None => format!("a device that this one does not know by name ({named:?})"),
    }
}

/// Which device a suspension is about.
fn held_back(device: &Device, suspension: EntryHash) -> Option<DeviceId> {
    let held = |said: &Statement| match said {
        Statement::Suspension(held) => Some(held.device),
        _ => None,
    };
    device.replica.statements().iter().find_map(|(entry, placed)| match &placed.statement {
        Statement::Cards(cards) => cards.says().find(|(name, _)| *name == suspension).and_then(|(_, said)| held(&said)),
        said => held(said).filter(|_| *entry == suspension),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digits_of_a_statement_stand_in_groups_that_can_be_read_out() {
        assert_eq!(digits(&[0xab; 32]), ["abab"; 8].join(" "));
    }
}
