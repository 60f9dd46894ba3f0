//! A finger on the client: touches what has a name, having brought it into sight, and never types.

use egui::accesskit::Role;
use egui::{Event, PointerButton, Pos2, Rect, TouchDeviceId, TouchId, TouchPhase, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::NodeT as _;

/// See the module.
pub(crate) struct Finger<'a>(pub(crate) &'a mut Harness<'static, muster_gui::App>);

impl Finger<'_> {
    /// Every name on the screen.
    pub(crate) fn names(&self) -> Vec<String> {
        let name = |node: egui_kittest::Node<'_>| {
            let node = node.accesskit_node();
            node.label().or(node.value())
        };
        self.0.root().children_recursive().filter_map(name).filter(|name| !name.is_empty()).collect()
    }

    /// True when some name on the screen has these words in it.
    pub(crate) fn says(&self, words: &str) -> bool {
        self.names().iter().any(|name| name.contains(words))
    }

    /// Where something with a name that begins like this can be pressed, in sight or not.
    pub(crate) fn spot(&self, name: &str) -> Option<Rect> {
        let roles = [Role::Button, Role::RadioButton, Role::Link, Role::TextInput, Role::PasswordInput];
        let nodes = self.0.root().children_recursive();
        let fits = nodes.filter(|node| {
            let node = node.accesskit_node();
            roles.contains(&node.role()) && node.label().is_some_and(|label| label.starts_with(name))
        });
        fits.map(|node| node.rect()).last()
    }

    fn window(&self) -> Rect {
        self.0.ctx.content_rect()
    }

    /// As a window hands it on: a touch, and the pointer that follows it.
    fn is_at(&mut self, spot: Pos2, phase: TouchPhase) {
        let (device_id, id) = (TouchDeviceId(1), TouchId(1));
        self.0.event(Event::Touch { device_id, id, phase, pos: spot, force: None });
        let modifiers = egui::Modifiers::NONE;
        let button = |pressed| Event::PointerButton { pos: spot, button: PointerButton::Primary, pressed, modifiers };
        self.0.event(Event::PointerMoved(spot));
        match phase {
            TouchPhase::Start => self.0.event(button(true)),
            TouchPhase::End => {
                self.0.event(button(false));
                self.0.event(Event::PointerGone);
            }
            _ => {}
        }
        self.0.run_steps(1);
    }

    pub(crate) fn tap(&mut self, spot: Pos2) {
        self.is_at(spot, TouchPhase::Start);
        self.is_at(spot, TouchPhase::End);
        self.0.run_steps(4);
    }

    /// Presses a field of this name that is in sight.
    #[allow(dead_code, reason = "not every test program has use for it")]
    pub(crate) fn tap_field(&mut self, name: &str) {
        let spot = self.spot(name).unwrap_or_else(|| panic!("no {name}: {:?}", self.names()));
        self.tap(spot.center());
    }

    /// Moves what is under the finger up by so much.
    pub(crate) fn slide(&mut self, up: f32) {
        let from = self.window().center() + vec2(0.0, if up > 0.0 { 60.0 } else { -20.0 });
        self.is_at(from, TouchPhase::Start);
        for step in 1..=6 {
            self.is_at(from - vec2(0.0, up * step as f32 / 6.0), TouchPhase::Move);
        }
        let to = from - vec2(0.0, up);
        // Held still before it is lifted: nothing glides on.
        for _ in 0..4 {
            self.is_at(to, TouchPhase::Move);
        }
        self.is_at(to, TouchPhase::End);
        self.0.run_steps(2);
    }

    /// Touches what has a name that begins like this, having brought it into sight with a finger.
    pub(crate) fn touch(&mut self, name: &str) {
        for tries in 0..40 {
            let spot = self.spot(name);
            // What scrolls lies under the header and the bar below; those two stay.
            let stays = ["End the", "Back to lock", "Close the"].iter().any(|begin| name.starts_with(begin));
            let mut sight = self.window();
            match (stays, sight.height() < 400.0) {
                (true, _) => {}
                (false, true) => (sight.min.y, sight.max.y) = (80.0, sight.max.y - 50.0),
                (false, false) => sight.max.y -= 32.0,
            }
            match spot {
                Some(spot) if sight.contains(spot.center()) => {
                    assert!(spot.height() >= 47.5, "{name} is too low for a finger: {spot:?}");
                    assert!(spot.width() >= 47.5, "{name} is too narrow for a finger: {spot:?}");
                    self.tap(spot.center());
                    return;
                }
                Some(spot) if spot.center().y < sight.center().y => self.slide(-90.0),
                // Rows that are not in sight are not made: looked for from the top on.
                None if tries == 0 => self.scroll_up_all(),
                _ => self.slide(90.0),
            }
        }
        panic!("{name} is nowhere: {:?}", self.names());
    }

    /// Moves down until this is said.
    pub(crate) fn slides_to(&mut self, words: &str) {
        for _ in 0..20 {
            if self.says(words) {
                return;
            }
            self.slide(90.0);
        }
        panic!("{words} is nowhere: {:?}", self.names());
    }

    /// Goes back to the top of what scrolls.
    pub(crate) fn scroll_up_all(&mut self) {
        for _ in 0..12 {
            self.slide(-120.0);
        }
    }
}
