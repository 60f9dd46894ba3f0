//! Every form of the client: what is typed into any of its fields and not saved is there again after a lock.
//!
//! Each place in the code that shows a field stands in [`FIELDS`], with the forms that are walked for it here or the
//! reason why nothing is kept of it. A field that is new and stands nowhere fails the first test.

use crate::{Talk, WIDE, names, press, press_with, sample, type_text};
use egui::accesskit::Role;
use egui::{Key, Modifiers};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use muster_gui::intent::PupilAct;
use muster_gui::{DeviceAct, Intent, Screen, Settings, Update};
use muster_school::view::audit::AuditView;
use muster_school::view::calendar::{CalendarView, SiteAct, SiteForm};
use muster_school::view::call::CallView;
use muster_school::view::devices::DevicesView;
use muster_school::view::drills::DrillsView;
use muster_school::view::lost::Kept;
use muster_school::view::people::PeopleView;
use muster_school::view::pupils::Form;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The field is walked by a form of this file's name in [`forms`].
const WALKED: &str = "";
const SEARCH: &str = "what is looked for, and quick to type again";
const SECRET: &str = "a passphrase, a PIN or words: kept nowhere";
const FOLDER: &str = "a folder: the one used before is known";
const NOBODY: &str = "nobody is signed in";

/// Where a field is shown, how many times, and why nothing is kept of it.
const FIELDS: [(&str, usize, &str); 36] = [
    ("app/layers.rs", 1, SEARCH),
    ("app/step_up.rs", 1, SECRET),
    ("kit/picker.rs", 1, SEARCH),
    ("screens/activation.rs", 1, SECRET),
    ("screens/add_concern.rs", 4, WALKED),
    ("screens/attendance.rs", 3, "from when to when is shown, and a folder"),
    ("screens/audit.rs", 3, WALKED),
    ("screens/backups.rs", 5, WALKED),
    ("screens/calendar.rs", 1, WALKED),
    ("screens/call/layers.rs", 1, WALKED),
    ("screens/care.rs", 1, SECRET),
    ("screens/carry.rs", 1, FOLDER),
    ("screens/concerns/file.rs", 1, WALKED),
    ("screens/devices.rs", 1, WALKED),
    ("screens/erase.rs", 3, "an order to erase is not kept half typed"),
    ("screens/filter.rs", 1, SEARCH),
    ("screens/folder.rs", 1, FOLDER),
    ("screens/hours.rs", 1, WALKED),
    ("screens/join.rs", 2, NOBODY),
    ("screens/lock.rs", 1, SECRET),
    ("screens/lock/pin.rs", 1, SECRET),
    ("screens/lost.rs", 3, WALKED),
    ("screens/own.rs", 2, SECRET),
    ("screens/people.rs", 1, SEARCH),
    ("screens/people/forms.rs", 4, WALKED),
    ("screens/pupils.rs", 1, SEARCH),
    ("screens/pupils/form.rs", 1, WALKED),
    ("screens/reception/comer.rs", 1, WALKED),
    ("screens/reception/desk.rs", 1, SEARCH),
    ("screens/reception/go.rs", 3, WALKED),
    ("screens/register.rs", 1, SEARCH),
    ("screens/register/about.rs", 3, WALKED),
    ("screens/register/extra.rs", 1, WALKED),
    ("screens/report/form.rs", 3, WALKED),
    ("screens/roles.rs", 1, SEARCH),
    ("screens/to_do/calls.rs", 2, WALKED),
];

/// Fields of no form, that stand beside one: what is searched for and filtered by, and a name that is typed to be sure.
const BESIDE: [&str; 13] = [
    "Chronology of a pupil",
    "Find a name",
    "Find a pupil or a member of staff",
    "Keep it from",
    "Name of the device",
    "Part of a name",
    "Pupil",
    "Search a name or a role",
    "Search a pupil",
    "Search first or last name",
    "Tell somebody else too",
    "Who goes",
    "Who is it about",
];

/// A form: where it is, what is seen of its screen, how it is opened, and what the engine says after a sign-in.
struct Walk {
    file: &'static str,
    name: &'static str,
    views: Vec<Update>,
    open: fn(&mut Talk),
    /// What is asked for so that it opens again, and what is answered.
    asks: Option<(Intent, Vec<Update>)>,
    /// A field that has another use here.
    beside: &'static str,
    /// How many fields are typed into at least.
    least: usize,
}

fn walk(file: &'static str, name: &'static str, least: usize, views: Vec<Update>, open: fn(&mut Talk)) -> Walk {
    Walk { file, name, views, open, asks: None, beside: "", least }
}

fn click(talk: &mut Talk, name: &str) {
    talk.harness.get_by_label(name).click_accesskit();
    talk.harness.run_steps(3);
}

fn forms() -> Vec<Walk> {
    let on = |screen, view: Update| vec![Update::Go(screen), view];
    let calendar = || on(Screen::Calendar, Update::Calendar(sample::calendar()));
    let hours = "screens/hours.rs";
    let set = "screens/calendar.rs";
    let people = || on(Screen::People, Update::People(sample::people()));
    let unexplained = PeopleView { detail: None, ..sample::people() };
    let unexplained = on(Screen::People, Update::People(unexplained));
    let accounts = "screens/people/forms.rs";
    let reception = || on(Screen::Reception, Update::Reception(Box::new(sample::reception())));
    let (comer, go) = ("screens/reception/comer.rs", "screens/reception/go.rs");
    let devices = || on(Screen::Devices, Update::Devices(sample::devices()));
    let looked = DevicesView { lost: Some(Box::new(sample::lost(Kept::Fine))), ..sample::devices() };
    let lost = sample::lost(Kept::Fine).device;
    let report = || {
        let view = DrillsView { report: Some(sample::report()), ..sample::drills() };
        on(Screen::Drills, Update::Drills(Box::new(view)))
    };
    let register = || on(Screen::Register(sample::key()), Update::Register(sample::register()));
    let closed = sample::closed(sample::register());
    let event = sample::call().event;
    let of_site = Form { draft: "site/Printing".into(), ..sample::printing_form() };
    let asked = CalendarView { form: Some(of_site), ..sample::calendar() };
    let audit: AuditView = sample::audit();
    let call: CallView = sample::call();
    vec![
        walk(hours, "hours", 3, calendar(), |talk| click(talk, "School hours…")),
        Walk {
            beside: "Name",
            ..walk(hours, "leave", 5, calendar(), |talk| {
                click(talk, "Leave…");
                click(talk, "Again every week");
            })
        },
        walk(set, "a term", 3, calendar(), |talk| click(talk, "Set a term")),
        walk(set, "a day", 3, calendar(), |talk| click(talk, "Set a day")),
        walk(set, "times", 6, calendar(), |talk| click(talk, "Set times")),
        walk(set, "cover", 2, calendar(), |talk| click(talk, "Set cover")),
        Walk {
            asks: Some((Intent::OfSite(SiteAct::Ask(SiteForm::Printing)), vec![Update::Calendar(asked.clone())])),
            ..walk("screens/pupils/form.rs", "of the site", 2, calendar(), |_| {})
        },
        Walk {
            asks: Some((
                Intent::Pupils(PupilAct::Resume("Contact/02020202020202020202020202020202/new".into())),
                vec![Update::Pupils(Box::new(sample::contact_form()))],
            )),
            ..walk(
                "screens/pupils/form.rs",
                "of a pupil",
                3,
                on(Screen::Pupils, Update::Pupils(Box::new(sample::pupils()))),
                |_| {},
            )
        },
        walk(comer, "somebody comes", 4, reception(), |talk| click(talk, "Sign somebody in…")),
        walk(go, "a trip", 3, reception(), |talk| click(talk, "Trip sets out…")),
        walk(go, "to another site", 1, reception(), |talk| click(talk, "Send to another site…")),
        walk("screens/backups.rs", "backups", 5, devices(), |talk| click(talk, "Backups…")),
        walk("screens/devices.rs", "an address", 1, devices(), |talk| click(talk, "Type an address…")),
        Walk {
            asks: Some((Intent::OfDevice(DeviceAct::Look(lost)), vec![Update::Devices(looked)])),
            ..walk("screens/lost.rs", "what it held", 2, devices(), |talk| {
                click(talk, "Write the list of its records…")
            })
        },
        walk("screens/audit.rs", "to a file", 2, on(Screen::Audit, Update::Audit(audit)), |talk| {
            click(talk, "Write to a file…");
        }),
        walk(accounts, "somebody new", 5, people(), |talk| click(talk, "Bring somebody in…")),
        walk(accounts, "a role", 2, people(), |talk| click(talk, "Give a role… to Tom Okafor")),
        Walk {
            asks: Some((
                Intent::ExplainAccount(sample::people().detail.unwrap().person),
                vec![Update::People(sample::people())],
            )),
            ..walk(accounts, "in a fire", 1, unexplained, |talk| click(talk, "In a fire… Tom Okafor"))
        },
        walk("screens/report/form.rs", "the report", 5, report(), |talk| click(talk, "Change what is written…")),
        walk("screens/report/form.rs", "a certificate", 3, report(), |talk| click(talk, "Certificate…")),
        walk("screens/register/about.rs", "a comment", 1, register(), |talk| press(&mut talk.harness, Key::F3)),
        walk("screens/register/about.rs", "on no list", 2, register(), |talk| press(&mut talk.harness, Key::F4)),
        walk(
            "screens/register/extra.rs",
            "why it changes",
            1,
            on(Screen::Register(sample::key()), Update::Register(closed)),
            |talk| type_text(&mut talk.harness, "i"),
        ),
        walk("screens/to_do/calls.rs", "a call", 1, on(Screen::ToDo, Update::ToDo(sample::to_do())), |talk| {
            let view = sample::to_do();
            let part = view.parts.iter().find(|part| part.calls).unwrap();
            click(talk, &format!("{} {}", part.lines.len(), part.title));
            click(talk, "Byrne, Ada, 4B, morning, 1 call");
        }),
        walk(
            "screens/call/layers.rs",
            "somebody to add",
            1,
            on(Screen::Call(event), Update::Call(Box::new(call))),
            |talk| click(talk, "Add a person"),
        ),
        walk(
            "screens/add_concern.rs",
            "a concern",
            4,
            on(Screen::AddConcern, Update::AddConcern(sample::add_concern())),
            |_| {},
        ),
        walk(
            "screens/concerns/file.rs",
            "more of a concern",
            1,
            on(Screen::Concerns, Update::Concerns(sample::concerns())),
            |_| {},
        ),
    ]
}

/// Each field of the form that shows, with what stands in it.
fn fields(talk: &Talk, form: &Walk) -> BTreeMap<(String, Role), String> {
    let nodes = talk.harness.root().children_recursive();
    let typed = nodes.filter_map(|node| {
        let node = node.accesskit_node();
        let (role, name) = (node.role(), node.label().unwrap_or_default());
        let field = matches!(role, Role::TextInput | Role::MultilineTextInput);
        let kept = field && name != form.beside && !BESIDE.contains(&name.as_str());
        kept.then(|| ((name, role), node.value().unwrap_or_default()))
    });
    typed.collect()
}

/// Somebody signed in, before the form's screen.
fn signed_in() -> Talk {
    let updates = vec![Update::Frame(sample::office()), Update::Today(sample::today()), Update::Go(Screen::Today)];
    Talk::new(WIDE, Settings::default(), updates)
}

fn screen(form: &Walk) -> Screen {
    let go = form.views.iter().find_map(|update| if let Update::Go(screen) = update { Some(*screen) } else { None });
    go.unwrap()
}

#[test]
fn what_is_typed_into_any_form_is_there_again_after_a_lock() {
    let mut lost = Vec::new();
    for form in forms() {
        let name = format!("{}, {}", form.file, form.name);
        let mut talk = signed_in();
        talk.hear(form.views.clone());
        if let Some((_, answered)) = &form.asks {
            talk.hear(answered.clone());
        }
        (form.open)(&mut talk);
        let found = fields(&talk, &form);
        assert!(found.len() >= form.least, "{name}: only {found:?} of {:?}", names(&talk.harness));
        let mut typed = BTreeMap::new();
        for (at, (label, role)) in found.into_keys().enumerate() {
            let words = format!("t{at:02}");
            talk.harness.get_by_role_and_label(role, &label).focus();
            talk.harness.run_steps(2);
            press_with(&mut talk.harness, Modifiers::COMMAND, Key::A);
            talk.harness.event(egui::Event::Text(words.clone()));
            talk.harness.run_steps(2);
            typed.insert((label, role), words);
        }
        assert_eq!(fields(&talk, &form), typed, "{name}");
        press_with(&mut talk.harness, Modifiers::COMMAND, Key::L);
        let asked = talk.asked();
        let kept = asked.iter().rev().find_map(|intent| match intent {
            Intent::KeepDrafts(drafts) => Some(drafts.clone()),
            _ => None,
        });
        let kept = kept.unwrap_or_else(|| panic!("{name}: nothing is handed over: {asked:?}"));

        let mut talk = signed_in();
        talk.hear(vec![Update::Drafts(kept)]);
        assert_eq!(talk.asked(), [Intent::Open(screen(&form))], "{name}");
        talk.hear(form.views.clone());
        if let Some((wanted, answered)) = &form.asks {
            if talk.asked() != std::slice::from_ref(wanted) {
                lost.push(format!("{name}: it is not asked for again, once"));
            }
            talk.hear(answered.clone());
        }
        let again = fields(&talk, &form);
        // As a notice, and in the form.
        let back = names(&talk.harness).iter().filter(|said| said.contains("What you were typing is back")).count();
        if again != typed || back < 2 {
            lost.push(format!("{name}, said {back} times: {again:?}"));
        }
    }
    assert!(lost.is_empty(), "{lost:#?}");
}

#[test]
fn a_form_that_is_closed_is_kept_no_longer_and_does_not_open_again() {
    for form in forms().into_iter().filter(|form| form.asks.is_none()) {
        let name = format!("{}, {}", form.file, form.name);
        if matches!(screen(&form), Screen::AddConcern | Screen::Concerns | Screen::ToDo) {
            // Those are no layers: what is typed there stays until it is saved.
            continue;
        }
        let mut talk = signed_in();
        talk.hear(form.views.clone());
        (form.open)(&mut talk);
        let ((label, role), _) = fields(&talk, &form).pop_first().unwrap();
        talk.harness.get_by_role_and_label(role, &label).focus();
        talk.harness.run_steps(2);
        talk.harness.event(egui::Event::Text("t".into()));
        talk.harness.run_steps(2);
        talk.harness.input_mut().time = Some(60.0);
        talk.harness.run_steps(2);
        talk.asked();
        press(&mut talk.harness, Key::Escape);
        press(&mut talk.harness, Key::Escape);
        talk.harness.run_steps(3);
        assert!(!fields(&talk, &form).contains_key(&(label, role)), "{name} is closed");
        let asked = talk.asked();
        let kept = asked.iter().rev().find_map(|intent| match intent {
            Intent::KeepDrafts(drafts) => Some(drafts.len()),
            _ => None,
        });
        assert_eq!(kept, Some(0), "{name}: {asked:?}");
    }
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|end| end == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn no_field_is_forgotten_here() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&source, &mut files);
    let shown: BTreeMap<String, usize> = files
        .iter()
        .map(|path| {
            let name = path.strip_prefix(&source).unwrap().to_string_lossy().replace('\\', "/");
            (name, std::fs::read_to_string(path).unwrap().matches("Field::new(").count())
        })
        .filter(|(_, count)| *count > 0)
        .collect();
    let listed = FIELDS.iter().map(|(file, count, _)| ((*file).to_owned(), *count)).collect();
    assert_eq!(shown, listed, "a new field: list it here, with a form that is walked or why nothing is kept of it");
    for (file, _, why) in FIELDS {
        assert_eq!(forms().iter().any(|form| form.file == file), why == WALKED, "{file}");
    }
}
