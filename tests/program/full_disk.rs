//! A disk that is full while a class is marked: what was said to be saved is there, the rest is refused in words, and
//! the fire register opens.
//!
//! Needs a mount of its own, so that a real file system says that it is full: in a mount namespace, by root.

use crate::support::{Device, Place, as_text};
use std::process::Stdio;

/// Bytes of the disk: the school and little more.
const DISK: &str = "24m";
/// Marks after which the disk must have said that it is full.
const MARKS: usize = 400;

/// In a namespace of its own: puts the records on a small disk, fills it, marks until it is refused, looks at the fire
/// register, makes room, marks once more, and puts the records back. Each mark that was said to be saved is a line.
const SCRIPT: &str = r#"
set -e
mount -t tmpfs -o size="$DISK" none "$PLACE"
cp -a "$RECORDS" "$PLACE/office"
muster() { "$MUSTER" --folder "$PLACE/office" --clock-ms "$NOW" --bind 127.0.0.1:0 --no-discovery "$@"; }
dd if=/dev/zero of="$PLACE/filler" bs=64k 2>/dev/null || true
dd if=/dev/zero of="$PLACE/filler2" bs=1k 2>/dev/null || true
n=0
while [ $n -lt "$MARKS" ]; do
    NOW=$((NOW + 1000)); n=$((n + 1))
    if [ $((n % 2)) = 0 ]; then code=N; else code=/; fi
    if muster register 4B --mark "Byrne=$code" >"$SAID" 2>&1; then echo "saved $code"; else
        grep -q "the disk is full" "$SAID" && echo "refused"; cat "$SAID"; break
    fi
done
muster fire | head -n 1
rm "$PLACE/filler" "$PLACE/filler2"
NOW=$((NOW + 1000))
echo "before $(muster register 4B | grep Byrne)"
muster register 4B --mark "Kaur=/" >/dev/null 2>&1 && echo "goes on"
rm -rf "$RECORDS" && cp -a "$PLACE/office" "$RECORDS"
"#;

fn in_namespace(office: &Device<'_>, place: &Place) -> String {
    let disk = place.folder("disk", &[]);
    let mut command = std::process::Command::new("unshare");
    command.args(["--mount", "sh", "-c", SCRIPT]);
    command.env("DISK", DISK).env("MARKS", MARKS.to_string()).env("PLACE", &disk);
    command.env("RECORDS", office.folder()).env("SAID", place.path("said")).env("NOW", place.next_ms().to_string());
    command.env("MUSTER", env!("CARGO_BIN_EXE_muster")).env("MUSTER_PASSPHRASE", crate::support::PASSPHRASE);
    let output = command.stdin(Stdio::null()).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
    said
}

#[test]
#[ignore = "needs mount namespaces and root: .ci/run runs it"]
fn on_a_disk_that_is_full_no_mark_that_was_saved_is_lost_and_the_others_are_refused_in_words() {
    let place = Place::new();
    let office = place.school("office");
    let said = in_namespace(&office, &place);
    let saved: Vec<&str> = said.lines().filter_map(|line| line.strip_prefix("saved ")).collect();
    assert!(said.lines().any(|line| line == "refused"), "it was never full, or said otherwise:\n{said}");
    assert!(said.contains("FIRE REGISTER  Harbour"), "the fire register opens on a full disk\n{said}");
    let before = said.lines().find(|line| line.starts_with("before ")).unwrap();
    let last = saved.last().map_or("Not yet marked", |code| if *code == "N" { " N " } else { " / " });
    assert!(before.contains(last), "the last mark saved is {last}, and it shows {before}\n{said}");
    assert!(said.lines().any(|line| line == "goes on"), "with room again it goes on\n{said}");
    office.run(&["verify"]).done();
    assert!(as_text(office.folder()).ends_with("office"));
}
