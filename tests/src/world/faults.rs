//! What went wrong on purpose, counted by kind.

macro_rules! faults {
    ($($(#[$says:meta])* $name:ident,)*) => {
        /// See the module.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub struct Faults {
            $($(#[$says])* pub $name: usize,)*
        }

        impl std::ops::AddAssign for Faults {
            fn add_assign(&mut self, other: Self) {
                $(self.$name += other.$name;)*
            }
        }
    };
}

faults! {
    /// Connections cut.
    cuts,
    /// Sessions lost with what was under way.
    lost,
    /// Frames that came twice.
    repeated,
    /// Frames that came before an earlier one.
    mixed,
    /// Devices that restarted from their disk.
    restarts,
    /// Disks that became full for a while.
    full,
    /// Devices whose power went in the middle of a write.
    torn,
    /// Rows on a disk in which a bit flipped, or that vanished.
    rotted,
    /// Devices taken out of the school that went on writing.
    removed,
    /// Devices whose disk became an older one.
    set_back,
    /// Devices of which a copy went on beside them.
    copied,
    /// Backups that were finished while the school went on.
    backups,
    /// Devices that were restored from one of them.
    restored,
    /// Tails of logs that a device in between kept to itself.
    withheld,
    /// Devices that ran an older program for a while.
    older,
    /// Clocks that jumped.
    clocks,
    /// Sessions that ended by themselves because of any of this.
    broken,
}
