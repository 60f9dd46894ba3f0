//! The channel binding: the same at both ends, another in every connection.

use muster_net::CloseReason;

use crate::device::connected_pair;

#[test]
fn both_ends_know_the_same_channel_binding_and_each_connection_has_its_own() {
    let (office, hall, here, there) = connected_pair();
    assert_eq!(here.binding, there.binding);
    assert_ne!(here.binding, [0; 32]);
    office.node.close(here.session, CloseReason::Done);
    hall.closed(there.session);
    office.closed(here.session);
    office.dial(&hall);
    let (again, again_there) = (office.connected(), hall.connected());
    assert_eq!(again.binding, again_there.binding);
    assert_ne!(again.binding, here.binding);
}
