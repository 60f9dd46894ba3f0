//! The client on a device's records, in somebody's hand: the real desk, the real screens, no window.

use super::finger::Finger;
use super::*;
use crate::desk::{Desk, State, attend};
use crate::host::Host;
use egui::Key;
use egui_kittest::Harness;
use egui_kittest::kittest::NodeT as _;
use muster_gui::{Engine as _, Settings};
use std::time::{Duration, Instant};

/// Far more than is needed, on a machine that is busy.
const PATIENCE: Duration = Duration::from_secs(60);

/// See the module.
pub(super) struct Tablet {
    pub(super) harness: Harness<'static, muster_gui::App>,
    pub(super) shared: Arc<Shared>,
    state: Arc<Mutex<State>>,
    desk: Desk,
}

impl Tablet {
    /// Of the size of a small tablet.
    pub(super) fn of(device: Device, folder: &Path, settings: Settings) -> Self {
        Self::sized([1024.0, 600.0], device, folder, settings)
    }

    pub(super) fn sized(size: [f32; 2], device: Device, folder: &Path, settings: Settings) -> Self {
        let shared = Arc::new(Shared::default());
        let host = Handle::start(device, &Reach { offline: true, ..Reach::default() }).unwrap();
        attend(&host, &shared).unwrap();
        let state = Arc::new(Mutex::new(State::Open(host)));
        let common = Common::default().at(folder.to_owned(), NINE_MS);
        let desk = || Desk { common: common.clone(), shared: shared.clone(), state: state.clone() };
        let app = muster_gui::App::new(Box::new(desk()), settings);
        let mut harness = Harness::builder()
            .with_size(size)
            .with_max_steps(12)
            .with_context_setup(muster_gui::kit::look::install_fonts)
            .build_ui_state(|ui, app: &mut muster_gui::App| app.show(ui), app);
        harness.run_steps(4);
        let desk = desk();
        Self { harness, shared, state, desk }
    }

    pub(super) fn hand(&mut self) -> Finger<'_> {
        Finger(&mut self.harness)
    }

    /// Looks at the screen until it is so.
    pub(super) fn until(&mut self, what: &str, mut so: impl FnMut(&mut Finger<'_>) -> bool) {
        let begun = Instant::now();
        while !so(&mut self.hand()) {
            assert!(begun.elapsed() < PATIENCE, "{what} never came: {:?}", self.hand().names());
            std::thread::sleep(Duration::from_millis(5));
            self.harness.run_steps(1);
        }
        self.harness.run_steps(4);
    }

    /// Waits until something is said.
    pub(super) fn sees(&mut self, words: &str) {
        self.until(words, |hand| hand.says(words));
    }

    /// Touches one thing after the other.
    pub(super) fn touches(&mut self, names: &[&str]) {
        for name in names {
            self.until_the_desk_has_answered();
            self.hand().touch(name);
        }
    }

    /// Whatever was asked so far is done, and shown.
    pub(super) fn until_the_desk_has_answered(&mut self) {
        self.harness.run_steps(2);
        if let State::Open(host) = &*self.state.lock().unwrap() {
            host.call(|_| ()).unwrap();
        }
        self.harness.run_steps(4);
    }

    /// Opens a screen, as whatever leads to it does.
    pub(super) fn opens(&mut self, screen: Screen) {
        self.shared.push(Update::Go(screen));
        self.desk.send(Intent::Open(screen));
        self.until_the_desk_has_answered();
    }

    /// Types, letter by letter.
    pub(super) fn types(&mut self, words: &str) {
        for letter in words.chars() {
            self.harness.event(egui::Event::Text(letter.to_string()));
            self.harness.run_steps(2);
        }
    }

    /// Presses a key.
    pub(super) fn presses(&mut self, key: Key) {
        let modifiers = egui::Modifiers::NONE;
        for pressed in [true, false] {
            self.harness.event(egui::Event::Key { key, physical_key: None, pressed, repeat: false, modifiers });
        }
        self.harness.run_steps(3);
    }

    /// The name of what has the focus.
    pub(super) fn focused(&self) -> String {
        let named = |node: egui_kittest::Node<'_>| {
            let node = node.accesskit_node();
            node.is_focused().then(|| node.label().or(node.value()).unwrap_or_default())
        };
        self.harness.root().children_recursive().find_map(named).unwrap_or_default()
    }

    /// Does something where the records are, and waits for it.
    pub(super) fn at_the_records<T: Send + 'static>(
        &mut self,
        work: impl FnOnce(&mut Host) -> T + Send + 'static,
    ) -> T {
        self.until_the_desk_has_answered();
        match &*self.state.lock().unwrap() {
            State::Open(host) => host.call(work).unwrap(),
            _ => panic!("no records"),
        }
    }
}
