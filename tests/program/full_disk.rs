//! A disk that is full while a class is marked or a roll is called: what was said to be saved is there, the rest is
//! refused in words, and the fire register opens.
//!
//! Needs a mount of its own, so that a real file system says that it is full: in a mount namespace, by root.

use crate::support::{Device, Place, as_text};
use std::process::Stdio;

/// Bytes of the disk: the school and little more.
const DISK: &str = "24m";
/// Marks after which the disk must have said that it is full.
const MARKS: usize = 400;

/// In a namespace of its own: puts the records on a small disk, fills it, says one thing and another of Byrne in turns
/// until it is refused, looks at the fire register, makes room, goes on with Kaur, and puts the records back. Each that
/// was said to be saved is a line.
const SCRIPT: &str = r#"
set -e
mount -t tmpfs -o size="$DISK" none "$PLACE"
cp -a "$RECORDS" "$PLACE/office"
muster() { "$MUSTER" --folder "$PLACE/office" --clock-ms "$NOW" --bind 127.0.0.1:0 --no-discovery "$@"; }
says() { if [ "$WHAT" = mark ]; then muster register 4B --mark "$1=$2"; else muster call say "$1" "$2"; fi; }
shows() { if [ "$WHAT" = mark ]; then muster register 4B; else muster call show; fi; }
dd if=/dev/zero of="$PLACE/filler" bs=64k 2>/dev/null || true
dd if=/dev/zero of="$PLACE/filler2" bs=1k 2>/dev/null || true
n=0
while [ $n -lt "$MARKS" ]; do
    NOW=$((NOW + 1000)); n=$((n + 1))
    if [ $((n % 2)) = 0 ]; then word=$EVEN; else word=$ODD; fi
    if says Byrne "$word" >"$SAID" 2>&1; then echo "saved $word"; else
        grep -qE "the disk is full|no roll call runs here" "$SAID" && echo "refused"; cat "$SAID"; break
    fi
done
muster fire | head -n 1
rm "$PLACE/filler" "$PLACE/filler2"
NOW=$((NOW + 1000))
echo "before $(shows | grep Byrne)"
says Kaur "$ODD" >/dev/null 2>&1 && echo "goes on"
rm -rf "$RECORDS" && cp -a "$PLACE/office" "$RECORDS"
"#;

/// What is said in turns: marks, or words of a roll call.
#[derive(Clone, Copy)]
struct Turns {
    what: &'static str,
    odd: &'static str,
    even: &'static str,
}

fn in_namespace(office: &Device<'_>, place: &Place, turns: Turns) -> String {
    let disk = place.folder("disk", &[]);
    let mut command = std::process::Command::new("unshare");
    command.args(["--mount", "sh", "-c", SCRIPT]);
    command.env("WHAT", turns.what).env("ODD", turns.odd).env("EVEN", turns.even);
    command.env("DISK", DISK).env("MARKS", MARKS.to_string()).env("PLACE", &disk);
    command.env("RECORDS", office.folder()).env("SAID", place.path("said")).env("NOW", place.next_ms().to_string());
    command.env("MUSTER", env!("CARGO_BIN_EXE_muster")).env("MUSTER_PASSPHRASE", crate::support::PASSPHRASE);
    let output = command.stdin(Stdio::null()).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
    said
}

/// What is as it must be either way; gives the last that was said to be saved, and what showed of Byrne then.
fn fills(office: &Device<'_>, place: &Place, turns: Turns) -> (Option<String>, String) {
    let said = in_namespace(office, place, turns);
    let saved = said.lines().filter_map(|line| line.strip_prefix("saved ")).next_back();
    assert!(said.lines().any(|line| line == "refused"), "it was never full, or said otherwise:\n{said}");
    assert!(said.contains("FIRE REGISTER  Harbour"), "the fire register opens on a full disk\n{said}");
    assert!(said.lines().any(|line| line == "goes on"), "with room again it goes on\n{said}");
    office.run(&["verify"]).done();
    assert!(as_text(office.folder()).ends_with("office"));
    let before = said.lines().find_map(|line| line.strip_prefix("before ")).unwrap_or_default();
    (saved.map(str::to_owned), before.to_owned())
}

#[test]
#[ignore = "needs mount namespaces and root: .ci/run runs it"]
fn on_a_disk_that_is_full_no_mark_that_was_saved_is_lost_and_the_others_are_refused_in_words() {
    let place = Place::new();
    let office = place.school("office");
    let (last, before) = fills(&office, &place, Turns { what: "mark", odd: "/", even: "N" });
    let last = last.map_or("Not yet marked".to_owned(), |code| format!(" {code} "));
    assert!(before.contains(&last), "the last mark saved is {last}, and it shows {before}");
}

#[test]
#[ignore = "needs mount namespaces and root: .ci/run runs it"]
fn on_a_full_disk_no_word_of_a_roll_call_that_was_saved_is_lost() {
    let place = Place::new();
    let office = place.school("office");
    office.run(&["call", "start", "real"]).done();
    let (last, before) = fills(&office, &place, Turns { what: "word", odd: "missing", even: "found" });
    // Who was found is on the list of those to find no more.
    assert_eq!(before.contains("Byrne"), last.as_deref() != Some("found"), "{last:?} was saved last: {before}");
    assert!(last.as_deref() != Some("missing") || before.contains("Not found"), "{before}");
}
