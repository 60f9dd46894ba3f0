//! Peers that do not keep to the protocol: an enrolled device's key in the hands of a program that is not ours.

use iroh::{
    Endpoint, EndpointAddr, RelayMode, SecretKey,
    endpoint::{ConnectError, Connection, ConnectionError, presets},
};
use muster_core::limits::FRAME_BYTES;
use muster_net::{CloseReason, Kind};

use crate::device::{Device, PATIENCE, id_of, secret};

/// Connects by hand with the key of device 7, sends these bytes, and says with which number it was thrown out.
fn thrown_out_after(office: &Device, alpn: &[u8], bytes: &[u8], end_stream: bool) -> CloseReason {
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let (_endpoint, connection) = by_hand(office, alpn).await.unwrap();
        let (mut send, _recv) = connection.open_bi().await.unwrap();
        let _ = send.write_all(bytes).await;
        if end_stream {
            send.finish().unwrap();
        }
        match tokio::time::timeout(PATIENCE, connection.closed()).await.unwrap() {
            ConnectionError::ApplicationClosed(close) => CloseReason::from_code(close.error_code.into_inner()),
            other => panic!("{other}"),
        }
    })
}

async fn by_hand(office: &Device, alpn: &[u8]) -> Result<(Endpoint, Connection), ConnectError> {
    let endpoint = Endpoint::builder(presets::Minimal)
        .secret_key(SecretKey::from_bytes(&secret(7)))
        .relay_mode(RelayMode::Disabled)
        .clear_ip_transports()
        .bind_addr("127.0.0.1:0")
        .unwrap()
        .bind()
        .await
        .unwrap();
    let id = iroh::EndpointId::from_bytes(&office.id().0).unwrap();
    let target = office.node.addresses().into_iter().fold(EndpointAddr::new(id), EndpointAddr::with_ip_addr);
    let connection = endpoint.connect(target, alpn).await?;
    Ok((endpoint, connection))
}

fn frame(bytes: &[u8]) -> Vec<u8> {
    [&(bytes.len() as u32).to_be_bytes(), bytes].concat()
}

fn hello() -> Vec<u8> {
    frame(b"muster/sync\x00\x01")
}

#[test]
fn an_overlong_frame_closes_only_the_session_that_sent_it() {
    let (office, hall) = (Device::new(1), Device::new(2));
    office.node.set_enrolled([hall.id(), id_of(7)].into());
    hall.enrol(&[&office]);
    office.dial(&hall);
    let (good, there) = (office.connected(), hall.connected());

    let mut bytes = hello();
    bytes.extend((FRAME_BYTES as u32 + 1).to_be_bytes());
    assert_eq!(thrown_out_after(&office, Kind::Sync.alpn(), &bytes, false), CloseReason::FrameTooLong);
    let bad = office.connected();
    assert_eq!(bad.peer, id_of(7));
    assert_eq!(office.closed(bad.session), (CloseReason::FrameTooLong, true));
    assert!(CloseReason::FrameTooLong.is_suspicious());

    hall.node.send(there.session, b"still here".to_vec()).unwrap();
    assert_eq!(office.frame(), (good.session, b"still here".to_vec()));
}

#[test]
fn empty_frames_and_broken_ones_are_named() {
    let office = Device::new(1);
    office.node.set_enrolled([id_of(7)].into());
    let empty = [hello(), vec![0, 0, 0, 0]].concat();
    assert_eq!(thrown_out_after(&office, Kind::Sync.alpn(), &empty, false), CloseReason::FrameEmpty);
    let broken = [hello(), vec![0, 0, 0, 9, 1]].concat();
    assert_eq!(thrown_out_after(&office, Kind::Sync.alpn(), &broken, true), CloseReason::FrameCutShort);
}

#[test]
fn another_version_or_silence_never_becomes_a_session() {
    let office = Device::new(1);
    office.node.set_enrolled([id_of(7)].into());
    let sync = Kind::Sync.alpn();
    let later = frame(b"muster/sync\x00\x02");
    assert_eq!(thrown_out_after(&office, sync, &later, false), CloseReason::OtherVersion);
    assert_eq!(thrown_out_after(&office, sync, &frame(&[0; 65]), false), CloseReason::FrameTooLong);
    assert_eq!(thrown_out_after(&office, sync, &[], false), CloseReason::TooSlow, "silence is not waited out");
    assert!(office.everything_within(std::time::Duration::from_millis(100)).is_empty());
}

#[test]
fn an_enrolled_device_cannot_slip_in_by_an_unknown_protocol() {
    let office = Device::new(1);
    office.node.set_enrolled([id_of(7)].into());
    let result = tokio::runtime::Runtime::new().unwrap().block_on(by_hand(&office, b"muster/other/1"));
    assert!(result.is_err());
    assert!(office.everything_within(std::time::Duration::from_millis(100)).is_empty());
}
