//! The power of a device goes in the middle of a write, and returns.

use super::School;

/// Operations of the disk that a write takes, at most, before it is cut.
const OPERATIONS: usize = 24;

impl School {
    /// The power of a device will go in one of its next writes.
    pub fn loses_power_soon(&mut self, name: &str) {
        let device = self.index(name);
        self.power_will_go(device);
    }

    /// As [`School::loses_power_soon`], by place.
    pub(crate) fn power_will_go(&mut self, device: usize) {
        let (writes, operations, tears) = (self.below(8), self.below(OPERATIONS), self.below(1 << 20));
        let hands = &self.devices[device].hands;
        if hands.left.get().is_none() && !hands.is_off() {
            hands.cut_power(u32::try_from(writes).unwrap(), operations as u64, tears as u64);
            self.tell(|school| format!("{}: the power will go in a write", school.devices[device].name));
        }
    }

    /// Every device whose power went starts again from what reached its disk. Gives which.
    pub(crate) fn power_returns(&mut self) -> Vec<usize> {
        let off: Vec<usize> = (0..self.devices.len()).filter(|device| self.devices[*device].hands.is_off()).collect();
        for device in &off {
            self.network.faults.torn += 1;
            self.restart_device(*device);
            self.tell(|school| format!("{}: the power went in a write, and is back", school.devices[*device].name));
        }
        off
    }

    /// No power goes from here on.
    pub(crate) fn power_stays(&mut self) {
        self.power_returns();
        self.devices.iter().for_each(|device| device.hands.power_returns());
    }
}
