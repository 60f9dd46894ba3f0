//! What the project promises about its own source: who may depend on whom, what the engine never touches, which
//! crates and licences come in, and that nothing is left lying about.
//!
//! Each rule is one test, lists every breach with its place, and says how to mend it. Nothing but cargo is needed.
#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Lines of a source file beyond which it must say why.
const LINES_MAX: usize = 600;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Every file below a folder of the project, by its path from the root, with its text. What is not text is left out.
fn texts(below: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut folders = vec![root().join(below)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() {
                if !["target", ".git"].contains(&name.as_str()) {
                    folders.push(path);
                }
            } else if let Ok(text) = fs::read_to_string(&path) {
                let place = path.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/");
                found.insert(place, text);
            }
        }
    }
    found
}

fn sources(below: &str) -> BTreeMap<String, String> {
    texts(below).into_iter().filter(|(place, _)| place.ends_with(".rs")).collect()
}

fn assert_none(breaches: &[String], mend: &str) {
    assert!(breaches.is_empty(), "\n  {}\n{mend}\n", breaches.join("\n  "));
}

/// The strings in quotes of a list in `deny.toml`, from the line that opens it to the one that closes it.
fn listed_in_deny(opening: &str) -> BTreeSet<String> {
    let text = read("deny.toml");
    let list = text.lines().skip_while(|line| *line != opening).skip(1).take_while(|line| *line != "]");
    let code = list.map(|line| line.trim_start().trim_start_matches("{ crate = "));
    let found = code.filter_map(|line| line.strip_prefix('"')?.split('"').next().map(str::to_owned)).collect();
    assert_ne!(found, BTreeSet::new(), "{opening} in deny.toml");
    found
}

#[test]
fn each_package_depends_only_on_those_it_stands_on() {
    let allowed = [
        ("core", &[][..]),
        ("school", &["muster-core"][..]),
        ("storage", &["muster-core"]),
        ("net", &["muster-core"]),
        ("gui", &["muster-school", "muster-core"]),
    ];
    let mut breaches = Vec::new();
    for (package, on) in allowed {
        let manifest = read(&format!("{package}/Cargo.toml"));
        let names = manifest.lines().filter(|line| line.starts_with("muster"));
        for name in names.filter_map(|line| line.split(['.', ' ', '=']).next()) {
            if !on.contains(&name) {
                breaches.push(format!("{package} depends on {name}"));
            }
        }
        if !manifest.contains(&format!("\nname = \"muster-{package}\"\n")) {
            breaches.push(format!("{package} is not the package muster-{package}"));
        }
    }
    assert_none(&breaches, "The program puts the packages together; pass what is needed as a parameter or a trait.");
}

#[test]
fn a_drill_has_no_way_to_open_a_socket() {
    let mut breaches = Vec::new();
    for (place, text) in sources("src/backup") {
        let lines = text.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//"));
        let net = |line: &str| {
            ["muster_net", "std::net", "tokio", "iroh", "crate::host"].iter().any(|word| line.contains(word))
        };
        breaches.extend(lines.filter(|(_, line)| net(line)).map(|(number, _)| format!("{place}:{}", number + 1)));
    }
    assert_none(&breaches, "Backups and their drills work on files alone: whoever needs the network asks the host.");
}

#[test]
fn the_engine_and_the_rules_are_handed_time_randomness_files_and_sockets() {
    let never = [
        "SystemTime",
        "Instant::now",
        "Timestamp::now",
        "Zoned::now",
        "std::fs",
        "std::net",
        "std::env",
        "std::process",
        "std::thread",
        "rand::rng",
        "OsRng",
        "SysRng",
        "thread_rng",
        "getrandom",
        "tokio",
    ];
    let mut breaches = Vec::new();
    for package in ["core/src", "school/src"] {
        for (place, text) in sources(package) {
            if place.ends_with("/tests.rs") || place.contains("/tests/") {
                continue;
            }
            let lines = text.lines().enumerate().take_while(|(_, line)| !line.contains("#[cfg(test)]"));
            for (number, line) in lines.filter(|(_, line)| !line.trim_start().starts_with("//")) {
                for word in never.iter().filter(|word| line.contains(*word)) {
                    breaches.push(format!("{place}:{}: {word}", number + 1));
                }
            }
        }
    }
    assert_none(&breaches, "Take it as a parameter: a whole school must run in one thread from one seed.");
}

#[test]
fn no_banned_crate_comes_in() {
    let banned = listed_in_deny("deny = [");
    let lock = read("Cargo.lock");
    let names = lock.lines().filter_map(|line| line.strip_prefix("name = \"")?.strip_suffix('"'));
    let breaches: Vec<String> = names.filter(|name| banned.contains(*name)).map(str::to_owned).collect();
    assert_none(&breaches, "deny.toml says why each is banned and what to take; `cargo tree -i NAME` who brings it.");
}

#[test]
fn every_crate_comes_from_the_registry() {
    let lock = read("Cargo.lock");
    let sources = lock.lines().filter(|line| line.starts_with("source = "));
    let elsewhere = sources.filter(|line| !line.contains("registry+https://github.com/rust-lang/crates.io-index"));
    let breaches: Vec<String> = elsewhere.map(str::to_owned).collect();
    assert_none(&breaches, "A git or private source cannot be built by everybody.");
}

/// Whether a licence expression can be met with the licences allowed. `/` is the old way to write OR; OR binds
/// weaker than AND, and brackets stand for themselves.
fn is_allowed(expression: &str, allowed: &BTreeSet<String>) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ").replace(" WITH ", "+WITH+");
    let tokens: Vec<String> = spaced.split_whitespace().map(|token| token.replace("+WITH+", " WITH ")).collect();
    let mut rest = tokens.as_slice();
    any_of(&mut rest, allowed) && rest.is_empty()
}

fn any_of(rest: &mut &[String], allowed: &BTreeSet<String>) -> bool {
    let mut met = all_of(rest, allowed);
    while rest.first().is_some_and(|token| token == "OR") {
        *rest = &rest[1..];
        met |= all_of(rest, allowed);
    }
    met
}

fn all_of(rest: &mut &[String], allowed: &BTreeSet<String>) -> bool {
    let mut met = true;
    loop {
        let Some((token, after)) = rest.split_first() else { return false };
        *rest = after;
        if token == "(" {
            met &= any_of(rest, allowed);
            let Some((closing, after)) = rest.split_first() else { return false };
            met &= closing == ")";
            *rest = after;
        } else {
            met &= allowed.contains(token);
        }
        match rest.first() {
            Some(token) if token == "AND" => *rest = &rest[1..],
            _ => return met,
        }
    }
}

#[test]
fn a_licence_expression_is_allowed_when_one_of_its_ways_is() {
    let allowed = BTreeSet::from(["MIT".to_owned(), "ISC".to_owned(), "Apache-2.0 WITH LLVM-exception".to_owned()]);
    let met = ["MIT", "GPL-3.0 OR MIT", "MIT/GPL-2.0", "MIT AND ISC", "(GPL-3.0 OR ISC) AND MIT"];
    let also_met = ["GPL-3.0 OR Apache-2.0 WITH LLVM-exception", "GPL-3.0 AND X OR MIT"];
    for expression in met.into_iter().chain(also_met) {
        assert!(is_allowed(expression, &allowed), "{expression}");
    }
    let unmet = ["", "GPL-3.0", "MIT AND GPL-3.0", "(MIT", "MIT )", "Apache-2.0", "(GPL-3.0 OR X) AND MIT"];
    for expression in unmet {
        assert!(!is_allowed(expression, &allowed), "{expression}");
    }
}

#[test]
fn every_crate_has_a_licence_that_we_may_ship() {
    let cargo = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO")).args(arguments).current_dir(root()).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let about = cargo(&["-vV"]);
    let host = about.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    let known = cargo(&["metadata", "--format-version=1", "--locked", "--offline", "--filter-platform", host]);
    let known: serde_json::Value = serde_json::from_str(&known).unwrap();
    let packages = known["packages"].as_array().unwrap();
    assert!(packages.len() > 100, "cargo told of {} packages", packages.len());
    let allowed = listed_in_deny("allow = [");
    let mut breaches = Vec::new();
    for package in packages {
        let licence = package["license"].as_str().unwrap_or("no licence named");
        if !is_allowed(licence, &allowed) {
            breaches.push(format!("{}: {licence}", package["name"]));
        }
    }
    assert_none(&breaches, "Take another crate, or add the licence to deny.toml with the reason.");
}

#[test]
fn the_licences_stand_beside_what_they_cover() {
    assert!(read("LICENSE-MIT").contains("MIT License"));
    assert!(read("LICENSE-APACHE").contains("Apache License"));
    assert!(read("Cargo.toml").contains("license = \"MIT OR Apache-2.0\""));
    let mut breaches = Vec::new();
    let mut folders = vec![root().join("gui")];
    while let Some(folder) = folders.pop() {
        let names: Vec<PathBuf> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        let is = |path: &Path, endings: &[&str]| {
            let name = path.to_string_lossy().to_lowercase();
            endings.iter().any(|ending| name.ends_with(ending))
        };
        let licensed = names.iter().any(|path| {
            let name = path.file_name().unwrap().to_string_lossy().to_uppercase();
            name.contains("OFL") || name.contains("LICENSE") || name.contains("LICENCE")
        });
        for path in &names {
            if path.is_dir() && !is(path, &["target"]) {
                folders.push(path.clone());
            } else if is(path, &[".ttf", ".otf"]) && !licensed {
                breaches.push(path.display().to_string());
            }
        }
    }
    assert_none(&breaches, "Put the font's licence text into the same folder.");
}

#[test]
fn no_source_file_is_long_without_a_reason() {
    let mut breaches = Vec::new();
    for (place, text) in sources("") {
        let lines = text.lines().count();
        if lines > LINES_MAX && !text.lines().any(|line| line.starts_with("// long because: ")) {
            breaches.push(format!("{place}: {lines} lines"));
        }
    }
    assert_none(&breaches, "Split it by subject, or say why not in a line that begins `// long because: `.");
}

#[test]
fn nothing_is_left_to_do_without_an_issue() {
    let leftovers = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("X", "XX")];
    let mut breaches = Vec::new();
    for (place, text) in texts("").iter().filter(|(place, _)| !place.ends_with(".lock")) {
        for (number, line) in text.lines().enumerate() {
            let mut words = line.split(|letter: char| !letter.is_alphanumeric());
            if words.any(|word| leftovers.contains(&word)) && !line.contains("issue ") {
                breaches.push(format!("{place}:{}: {}", number + 1, line.trim()));
            }
        }
    }
    assert_none(&breaches, "Do it, or name the issue that will: `(issue 12)`.");
}

#[test]
fn no_path_of_somebodys_own_machine_is_in_the_project() {
    let own = ["/home/", "/root/", "/work/", "/Users/", "C:\\Users\\", "../shared"];
    let mut breaches = Vec::new();
    for (place, text) in texts("") {
        // Tests and benchmarks may look for larger data beside the project.
        if place.starts_with("tests/") || place.starts_with("benches/") || place.ends_with(".lock") {
            continue;
        }
        for (number, line) in text.lines().enumerate() {
            for path in own.iter().filter(|path| line.contains(*path)) {
                breaches.push(format!("{place}:{}: {path}", number + 1));
            }
        }
    }
    assert_none(&breaches, "Say it for somebody who has only this repository.");
}

#[test]
fn every_test_that_the_threat_model_names_is_a_test() {
    let model = read("core/MODEL.md");
    let table = model.split("## 7. What is tried against it").nth(1).unwrap();
    let mut all = BTreeSet::new();
    for package in ["core", "school", "storage", "net", "gui", "src", "tests"] {
        for text in sources(package).values() {
            let names = text.lines().filter_map(|line| line.trim_start().strip_prefix("fn ")?.split('(').next());
            all.extend(names.map(str::to_owned));
        }
    }
    let rows = table.lines().filter(|line| line.starts_with("| ") && line.contains('`'));
    let named: Vec<&str> = rows.flat_map(|line| line.split('`').skip(1).step_by(2)).collect();
    assert!(named.len() > 20, "the table was found");
    let missing: Vec<String> =
        named.into_iter().filter(|name| !all.contains(*name)).map(|name| format!("{name} in core/MODEL.md")).collect();
    assert_none(&missing, "A threat must name a test that is there: mend the name, or write the test.");
}

#[test]
fn each_of_the_forty_five_threats_has_its_tests_or_says_why_it_is_not_defended() {
    let model = read("core/MODEL.md");
    let table = model.split("### The 45 by number").nth(1).unwrap().split("###").next().unwrap();
    let rows: Vec<Vec<&str>> = table
        .lines()
        .filter(|line| line.starts_with("| "))
        .map(|line| line.split('|').map(str::trim).collect())
        .collect();
    let numbers: Vec<usize> = rows.iter().filter_map(|row| row.get(1)?.parse().ok()).collect();
    assert_eq!(numbers, (1..=45).collect::<Vec<usize>>(), "each number once, in order");
    let answers = rows.iter().filter(|row| row[1].parse::<usize>().is_ok());
    let says = |answer: &str| {
        let answer = answer.to_lowercase();
        answer.contains('`')
            || answer.contains("*not defended, because*")
            || answer.contains("*does not arise, because*")
    };
    let silent: Vec<String> =
        answers.filter(|row| !says(row[3])).map(|row| format!("threat {}: {}", row[1], row[2])).collect();
    assert_none(&silent, "Name the test, or say why the threat is not defended against.");
}

/// Lines of a source that the shipped program is made of: what stands before its tests.
fn shipped(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let code = text.lines().take_while(|line| line.trim() != "#[cfg(test)]");
    (1..).zip(code).filter(|(_, line)| !line.trim_start().starts_with("//"))
}

#[test]
fn signatures_are_checked_in_one_place_strictly_and_secrets_are_compared_in_constant_time() {
    let place_of_signatures = "core/src/crypto/sign.rs";
    let secret = [".expose()", "proof(", "wrap_proof(", ".code_of(", ".seed()"];
    let (mut breaches, mut strict, mut looked, mut stars) = (Vec::new(), 0, 0, 0);
    for package in ["core/src", "school/src", "storage/src", "net/src", "gui/src", "src"] {
        for (place, text) in sources(package) {
            if place.ends_with("/tests.rs") || place.contains("/tests/") {
                continue;
            }
            looked += 1;
            for (number, line) in shipped(&text) {
                let at = format!("{place}:{number}");
                strict += line.matches(".verify_strict(").count();
                let dalek = line.contains("ed25519_dalek") || line.contains("VerifyingKey");
                if dalek && place != place_of_signatures {
                    breaches.push(format!("{at} checks signatures by itself"));
                }
                if place == place_of_signatures && (line.contains(".verify(") || line.contains("Verifier")) {
                    breaches.push(format!("{at} checks a signature, and not strictly"));
                }
                for equal in [" == ", " != "] {
                    let Some((left, right)) = line.split_once(equal) else { continue };
                    // What stands next to the sign, without what is joined to it.
                    let left = left.rsplit("&&").next().unwrap_or(left);
                    let right = right.split("&&").next().unwrap_or(right);
                    if secret.iter().any(|one| left.contains(one) || right.contains(one)) {
                        breaches.push(format!("{at} compares a secret: {}", line.trim()));
                    }
                }
            }
        }
    }
    for package in ["core/src", "school/src", "net/src", "gui/src", "src"] {
        for (place, text) in sources(package) {
            // Whoever prints as stars is a secret, and what a compiler derives compares it byte by byte.
            let starred = text
                .match_indices("f.write_str(\"***\")")
                .filter_map(|(at, _)| text.get(..at)?.rsplit_once("Debug for ")?.1.split([' ', '<', '{']).next());
            for name in starred {
                let derived = text
                    .split_once(&format!("pub struct {name}"))
                    .and_then(|(before, _)| before.rsplit_once("derive("));
                if derived
                    .is_some_and(|(_, list)| list.split(')').next().is_some_and(|list| list.contains("PartialEq")))
                {
                    breaches.push(format!("{place}: {name} derives how it is compared"));
                }
                stars += 1;
            }
        }
    }
    assert!(stars > 5, "{stars} secrets that print as stars: this test looks past what it is for");
    assert!(looked > 100 && strict == 1, "{looked} files, {strict} strict checks: this test looks past what it is for");
    assert_none(&breaches, "Check with PublicSign::verify, and compare with crypto::secret::same.");
}
