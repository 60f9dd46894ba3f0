//! What is odd about another device, in words for whoever looks after devices: a copy of it, the same laptop let in
//! twice, more written than is taken in a day.
//!
//! Nothing here holds a device back: a copied tablet is more often a mistake than an attack, and a person decides.

use super::Device;
use muster_core::id::DeviceId;
use muster_school::names;
use muster_school::view::lost::Kept;

impl Device {
    /// What is odd about another device; nothing, for most.
    pub fn odd_about(&self, device: &DeviceId) -> Vec<String> {
        let mut odd = Vec::new();
        odd.extend(self.alarms_about(device));
        if self.wrote_in_two_places(device) {
            odd.push(
                "it wrote in two places at once: a copy of it is about, or it was put back to an earlier day"
                    .to_owned(),
            );
        }
        match self.replica.over_limit(device) {
            0 => {}
            1 => odd.push("1 entry of it waits until tomorrow: it wrote more than is taken in a day".to_owned()),
            more => odd.push(format!("{more} entries of it wait until tomorrow: it wrote more than is taken in a day")),
        }
        if let Some((_, other)) = self.same_as(&self.device_name(*device), Some(device)) {
            odd.push(format!("{other} may be the same one, let in twice: take the one out that is not used any more"));
        }
        odd
    }

    /// The name for a device that is let in, and the one of that name that is there already.
    pub(crate) fn name_for_new(&self, wanted: &str) -> (String, Option<(DeviceId, String)>) {
        let wanted = match wanted.trim() {
            "" => "New device",
            wanted => wanted,
        };
        let other = self.same_as(wanted, None);
        if other.is_none() {
            return (wanted.to_owned(), None);
        }
        let taken = |name: &String| self.devices().iter().any(|(_, known, _)| names::fold(known) == names::fold(name));
        let mut numbered = (2_u32..).map(|number| format!("{} ({number})", bare(wanted)));
        let name = numbered.find(|name| !taken(name)).unwrap_or_else(|| wanted.to_owned());
        (name, other)
    }

    fn wrote_in_two_places(&self, device: &DeviceId) -> bool {
        let seats = &self.replica.view().seats;
        self.replica.logs().values().any(|state| {
            let by = seats.get(&state.descriptor.seat);
            state.forked_at.is_some() && by.is_some_and(|by| by.device == *device)
        })
    }

    /// Another device of the school that has the same name, a number behind it left out.
    fn same_as(&self, name: &str, but: Option<&DeviceId>) -> Option<(DeviceId, String)> {
        let me = (self.replica.device(), self.local.device.clone(), Kept::Fine);
        let all = self.devices().into_iter().chain([me]);
        let mut others = all.filter(|(id, _, kept)| *kept != Kept::TakenOut && but != Some(id));
        others
            .find(|(_, known, _)| names::fold(bare(known)) == names::fold(bare(name)))
            .map(|(id, known, _)| (id, known))
    }
}

/// A name without a number in brackets behind it.
fn bare(name: &str) -> &str {
    let number = |inside: &str| !inside.is_empty() && inside.bytes().all(|byte| byte.is_ascii_digit());
    match name.strip_suffix(')').and_then(|rest| rest.rsplit_once(" (")) {
        Some((before, inside)) if number(inside) => before,
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::bare;

    #[test]
    fn a_number_behind_a_name_is_no_part_of_it() {
        assert_eq!(bare("Hall tablet (2)"), "Hall tablet");
        assert_eq!(bare("Hall tablet (red)"), "Hall tablet (red)");
        assert_eq!(bare("(2)"), "(2)");
    }
}
