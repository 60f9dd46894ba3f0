//! An authenticator: shows six digits for a secret that the program showed once.

use super::{Device, Place, Running, Said};
use muster_core::crypto::totp::Factor;
use muster_core::time::Moment;
use std::io::Write as _;
use std::process::Stdio;

/// Longer than a code lives, so that the next one is another.
const NEXT_CODE_MS: i64 = 30_000;

/// What a person has on their telephone.
pub(crate) struct Authenticator<'a> {
    place: &'a Place,
    factor: Factor,
}

impl<'a> Authenticator<'a> {
    /// Sets a second factor up on a device, as the head.
    pub(crate) fn set_up(place: &'a Place, device: &Device<'_>) -> Self {
        Self::set_up_as(place, device, "Helen")
    }

    /// As [`Authenticator::set_up`], for somebody with this in their name.
    pub(crate) fn set_up_as(place: &'a Place, device: &Device<'_>, who: &str) -> Self {
        let (made, said) = Self::try_set_up(place, device, who, 0);
        said.done();
        made
    }

    /// As [`Authenticator::set_up`], with a telephone whose clock is wrong by so much.
    pub(crate) fn try_set_up(place: &'a Place, device: &Device<'_>, who: &str, wrong_ms: i64) -> (Self, Said) {
        let now_ms = place.next_ms();
        let mut command = device.command(&["factor", "--as", who]);
        command.stdin(Stdio::piped());
        let (running, mut typed) = Running::begin_typing(command, "muster factor".to_owned());
        let secret = running.shows("the secret", |said| {
            said.err.contains("six digits").then_some(())?;
            let line = said.out.lines().find(|line| line.trim().len() == 39 && line.starts_with("  "))?;
            Some(line.replace(' ', ""))
        });
        let factor = Factor::from_bytes(&data_encoding::BASE32_NOPAD.decode(secret.as_bytes()).unwrap()).unwrap();
        let code = factor.code(Moment::utc(now_ms + wrong_ms)).to_string();
        typed.write_all(format!("{code}\n").as_bytes()).unwrap();
        drop(typed);
        (Self { place, factor }, running.end())
    }

    /// The next code: waits for a new one.
    pub(crate) fn code(&self) -> String {
        self.place.later(NEXT_CODE_MS);
        self.code_now()
    }

    /// The code that shows when the next command runs.
    pub(crate) fn code_now(&self) -> String {
        self.factor.code(Moment::utc(self.place.next_ms())).to_string()
    }

    /// The secret, as it was shown once.
    pub(crate) fn secret(&self) -> String {
        data_encoding::BASE32_NOPAD.encode(self.factor.bytes())
    }

    /// Six digits that are not the code.
    pub(crate) fn wrong_code(&self) -> String {
        let right: u32 = self.code_now().parse().unwrap();
        format!("{:06}", (right + 1) % 1_000_000)
    }
}
