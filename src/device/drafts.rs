//! What somebody typed and has not saved: sealed under their own keys in a small file of this device, and given back
//! at their next sign-in here.
//!
//! Promises: nothing of it is on the disk in clear, and the size of the file says only roughly how much it is;
//! it goes when there is nothing unsaved any more; what no longer opens (after new keys) is as none. What is about a pupil
//! whose file was erased here is neither kept nor given back, and goes from the file when it is next opened: which that
//! is, the field's name says.
//!
//! Does not: know what a field is. Names and texts are the client's.

use super::Device;
use crate::limits;
use anyhow::{Context as _, bail};
use muster_core::id::Handle;
use muster_core::keys::private;
use muster_school::facts::documents;
use muster_school::ids::PupilId;
use zeroize::Zeroizing;

/// The least size of the text in the file, in bytes. It doubles from there.
const LEAST_BYTES: usize = 1024;

/// Unsaved text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Which field, by a name of the client's.
    pub field: String,
    /// What is typed.
    pub text: Zeroizing<String>,
}

impl Device {
    /// Keeps the unsaved text of whoever is signed in, in place of what was kept before; none removes the file.
    ///
    /// # Errors
    /// When nobody is signed in, there is more than [`limits::DRAFTS`] or [`limits::DRAFT_BYTES`], or the disk fails.
    /// What was kept before is then still kept.
    pub fn keep_drafts(&mut self, drafts: &[Draft]) -> anyhow::Result<()> {
        let opened = self.opened.as_ref().context("nobody is signed in, so there is nobody to keep a text for")?;
        let name = file(opened);
        let (gone, drafts): (Vec<&Draft>, Vec<&Draft>) =
            drafts.iter().partition(|draft| self.is_of_erased(&draft.field));
        if drafts.is_empty() {
            self.replica.remove_file(&name)?;
            self.dropped.extend(gone.into_iter().map(|draft| draft.field.clone()));
            return Ok(());
        }
        let Some(text) = write(&drafts) else {
            bail!("too much is typed and not saved: save something, the rest is kept again then");
        };
        let local = &self.replica.device_secrets().local;
        let sealed = private::seal(opened, local, &name, &text, &mut rand::rng()).context("the text is too long")?;
        self.replica.put_file(&name, &sealed)?;
        self.dropped.extend(gone.into_iter().map(|draft| draft.field.clone()));
        Ok(())
    }

    /// The unsaved text of whoever is signed in.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn drafts(&self) -> anyhow::Result<Vec<Draft>> {
        let mut all = self.kept_drafts()?;
        all.retain(|draft| !self.is_of_erased(&draft.field));
        Ok(all)
    }

    /// Lets go of the unsaved text of whoever is signed in that is about pupils whose files were erased here.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn let_go_of_drafts(&mut self) -> anyhow::Result<()> {
        let all = self.kept_drafts()?;
        if all.iter().any(|draft| self.is_of_erased(&draft.field)) { self.keep_drafts(&all) } else { Ok(()) }
    }

    /// The fields whose text was let go of since this was last asked: the client is to let go of them, too.
    pub fn take_dropped_drafts(&mut self) -> Vec<String> {
        std::mem::take(&mut self.dropped)
    }

    /// Whether a field is about a pupil whose file was erased here, and who is nobody's pupil any more.
    fn is_of_erased(&self, field: &str) -> bool {
        let is_hex = |part: &&str| part.len() == 32;
        let named = field.split(|symbol: char| !symbol.is_ascii_hexdigit()).filter(is_hex);
        let pupils = named.filter_map(|part| Some(PupilId(Handle::from_hex(part)?.0)));
        let erased = |pupil: &PupilId| {
            let mut sites = self.known.school().sites.keys();
            self.known.pupil(*pupil).is_none()
                && sites.any(|site| self.replica.is_erased_here(&documents::pupil(*site, *pupil)))
        };
        { pupils }.any(|pupil| erased(&pupil))
    }

    fn kept_drafts(&self) -> anyhow::Result<Vec<Draft>> {
        let Some(opened) = self.opened.as_ref() else { return Ok(Vec::new()) };
        let name = file(opened);
        let Some(sealed) = self.replica.file(&name)? else { return Ok(Vec::new()) };
        let text = private::open(opened, &self.replica.device_secrets().local, &name, &sealed);
        Ok(text.and_then(|text| read(&text)).unwrap_or_default())
    }
}

fn file(opened: &muster_core::keys::bundle::Opened) -> String {
    format!("drafts-{}", opened.person.person)
}

/// Each as the length and the bytes of its two parts, then zeros up to a size that says little. `None` for too much.
fn write(drafts: &[&Draft]) -> Option<Zeroizing<Vec<u8>>> {
    let parts = || drafts.iter().flat_map(|draft| [draft.field.as_bytes(), draft.text.as_bytes()]);
    let long = 4 + parts().map(|part| 4 + part.len()).sum::<usize>();
    if drafts.len() > limits::DRAFTS || long > limits::DRAFT_BYTES {
        return None;
    }
    let size = long.next_power_of_two().max(LEAST_BYTES);
    // As long as it will be from the start: a vector that grows leaves copies behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(size));
    bytes.extend_from_slice(&u32::try_from(drafts.len()).ok()?.to_be_bytes());
    for part in parts() {
        bytes.extend_from_slice(&u32::try_from(part.len()).ok()?.to_be_bytes());
        bytes.extend_from_slice(part);
    }
    bytes.resize(size, 0);
    Some(bytes)
}

fn read(bytes: &[u8]) -> Option<Vec<Draft>> {
    let mut rest = bytes;
    let count = usize::try_from(length(&mut rest)?).ok().filter(|count| *count <= limits::DRAFTS)?;
    (0..count).map(|_| Some(Draft { field: word(&mut rest)?, text: Zeroizing::new(word(&mut rest)?) })).collect()
}

fn length(rest: &mut &[u8]) -> Option<u32> {
    let (length, after) = rest.split_first_chunk::<4>()?;
    *rest = after;
    Some(u32::from_be_bytes(*length))
}

fn word(rest: &mut &[u8]) -> Option<String> {
    let long = usize::try_from(length(rest)?).ok()?;
    let (word, after) = rest.split_at_checked(long)?;
    *rest = after;
    std::str::from_utf8(word).ok().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;
    use std::path::Path;

    const TYPED: &str = "her mother rang at ten, in tears";
    const PASSPHRASE: &str = "lantern orbit plank velvet tundra";

    fn draft(field: &str, text: &str) -> Draft {
        Draft { field: field.to_owned(), text: Zeroizing::new(text.to_owned()) }
    }

    fn founded(folder: &Path) -> Device {
        let mut keep = |_: &[muster_core::keys::recovery::Card]| Ok(());
        let clock = Clock::default();
        Device::found(folder, "Alder Fen", "Helen Marsh", "Office laptop", PASSPHRASE, clock, &mut keep).unwrap()
    }

    fn bytes_of(folder: &Path) -> Vec<u8> {
        let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
        files.filter(|path| path.is_file()).flat_map(|path| std::fs::read(path).unwrap()).collect()
    }

    fn holds(bytes: &[u8], words: &str) -> bool {
        bytes.windows(words.len()).any(|part| part == words.as_bytes())
    }

    #[test]
    fn what_was_typed_is_back_after_a_lock_and_never_on_the_disk_in_clear() {
        let folder = tempfile::tempdir().unwrap();
        let mut device = founded(folder.path());
        let head = device.person().unwrap();
        let typed = [draft("register/7B#ask", TYPED), draft("devices#address", "192.168.1.20")];
        device.keep_drafts(&typed).unwrap();
        device.sign_out().unwrap();
        assert_eq!(device.drafts().unwrap(), [], "a locked device gives it to nobody");
        assert!(device.keep_drafts(&typed).is_err(), "and keeps it for nobody");
        drop(device);
        let all = bytes_of(folder.path());
        assert!(holds(&all, "redb") && !holds(&all, TYPED) && !holds(&all, "7B#ask"));
        let mut device = Device::open(folder.path(), Clock::default()).unwrap();
        device.sign_in(head, PASSPHRASE).unwrap();
        assert_eq!(device.drafts().unwrap(), typed);
        device.keep_drafts(&[]).unwrap();
        assert_eq!(device.drafts().unwrap(), []);
        let left = std::fs::read_dir(folder.path())
            .unwrap()
            .any(|file| file.unwrap().file_name().to_string_lossy().starts_with("drafts"));
        assert!(!left, "what was saved leaves no file");
    }

    #[test]
    fn a_file_says_only_roughly_how_much_was_typed() {
        let long = |text: &str| write(&[&draft("concern", text)]).unwrap().len();
        assert_eq!(long("x"), long(TYPED));
        assert_eq!(long(&"x".repeat(1_500)), 2_048);
    }

    #[test]
    fn too_much_is_refused_and_what_was_kept_before_stays() {
        let folder = tempfile::tempdir().unwrap();
        let mut device = founded(folder.path());
        device.keep_drafts(&[draft("concern", TYPED)]).unwrap();
        let many: Vec<Draft> = (0..=limits::DRAFTS).map(|field| draft(&field.to_string(), "a")).collect();
        let long = "x".repeat(limits::DRAFT_BYTES);
        for too_much in [many, vec![draft("concern", &long)]] {
            assert!(device.keep_drafts(&too_much).is_err());
            assert_eq!(device.drafts().unwrap(), [draft("concern", TYPED)]);
        }
        let most = "x".repeat(limits::DRAFT_BYTES - 4 - 4 - 4 - "concern".len());
        device.keep_drafts(&[draft("concern", &most)]).unwrap();
        assert_eq!(device.drafts().unwrap(), [draft("concern", &most)]);
    }

    #[test]
    fn bytes_that_are_no_drafts_are_as_none() {
        let good = write(&[&draft("concern", TYPED)]).unwrap();
        assert_eq!(read(&good).unwrap(), [draft("concern", TYPED)]);
        for cut in 0..4 + 4 + "concern".len() + 4 + TYPED.len() {
            assert!(read(&good[..cut]).is_none(), "{cut}");
        }
        let mut bad = good.to_vec();
        bad[4] = 0xff;
        assert!(read(&bad).is_none());
    }
}
