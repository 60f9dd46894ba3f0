//! Pictures for a camera: what is drawn is the code of the text that stands beside it, whole and the right way round.

use crate::{Talk, WIDE, sample};
use egui::accesskit::Role;
use egui::epaint::{ClippedShape, RectShape, Shape};
use egui::{Color32, Rect, vec2};
use egui_kittest::kittest::Queryable as _;
use muster_gui::{Screen, Settings, ThemeChoice, Update};
use muster_school::view::devices::{DevicesView, InviteView};
use muster_school::view::step_up::StepUpView;

/// Every filled rectangle in a shape.
fn rects(shape: &Shape, found: &mut Vec<RectShape>) {
    match shape {
        Shape::Vec(shapes) => shapes.iter().for_each(|shape| rects(shape, found)),
        Shape::Rect(rect) => found.push(rect.clone()),
        _ => {}
    }
}

/// Modules of white that a reader needs around the code.
const QUIET: usize = 4;

/// Reads back what was drawn in a place, so many modules wide: dark or not, row by row, with its white edge. Nothing
/// where it is cut, or is not a white square with dark ones in it.
fn read(shapes: &[ClippedShape], place: Rect, modules: usize) -> Option<Vec<Vec<bool>>> {
    let mut found = Vec::new();
    for ClippedShape { clip_rect, shape, .. } in shapes {
        let mut here = Vec::new();
        rects(shape, &mut here);
        here.retain(|one| place.expand(0.5).contains_rect(one.rect));
        if here.iter().any(|one| !clip_rect.expand(0.5).contains_rect(one.rect)) {
            return None;
        }
        found.extend(here);
    }
    let white = found.iter().find(|one| one.fill == Color32::WHITE && one.rect.expand(0.5).contains_rect(place))?;
    let dark: Vec<Rect> = found.iter().filter(|one| one.fill == Color32::BLACK).map(|one| one.rect).collect();
    let (corner, module) = (white.rect.min, white.rect.width() / modules as f32);
    let middle = |x: usize, y: usize| corner + vec2(x as f32 + 0.5, y as f32 + 0.5) * module;
    let drawn = |x, y| dark.iter().any(|one| one.contains(middle(x, y)));
    Some((0..modules).map(|y| (0..modules).map(|x| drawn(x, y)).collect()).collect())
}

/// What a camera has to see: the code, and white around it.
fn wanted(text: &str) -> Vec<Vec<bool>> {
    let code = qrcode::QrCode::new(text.as_bytes()).unwrap();
    let (side, dark) = (code.width(), code.to_colors());
    let at = |x: usize, y: usize| {
        let inside = |place: usize| place.checked_sub(QUIET).filter(|place| *place < side);
        inside(x).zip(inside(y)).is_some_and(|(x, y)| dark[y * side + x] == qrcode::Color::Dark)
    };
    let modules = side + 2 * QUIET;
    (0..modules).map(|y| (0..modules).map(|x| at(x, y)).collect()).collect()
}

#[test]
fn the_code_of_a_device_and_of_an_authenticator_are_drawn_whole_at_every_size_and_in_the_dark() {
    let code = "amber-bridge-candle-dune-elm-fog@5f2c9be0".to_owned();
    let words = ["amber", "bridge", "candle", "dune", "elm", "fog"].map(str::to_owned).to_vec();
    let expires = "Works once, until 09:40".into();
    let invite = InviteView::Open { words, code: code.clone(), expires, left_secs: 125 };
    let device = DevicesView { invite: Some(invite), ..sample::devices() };
    let StepUpView::SetUp { uri, .. } = sample::set_up() else { panic!("a factor is set up") };
    let cases = [
        ("The code as a picture for a camera", code, vec![Update::Devices(device)]),
        (
            "Picture for an authenticator",
            uri.expose().to_owned(),
            vec![Update::Devices(sample::devices()), Update::StepUp(sample::set_up())],
        ),
    ];
    for (name, text, views) in cases {
        for size_percent in [100, 200] {
            for theme in [ThemeChoice::Light, ThemeChoice::Dark] {
                let settings = Settings { size_percent, theme, ..Settings::default() };
                let updates = vec![Update::Frame(sample::office()), Update::Go(Screen::Devices)];
                // As large as a picture needs that is twice the size, so that nothing has to be scrolled.
                let window = WIDE.map(|side| side * f32::from(size_percent) / 100.0);
                let mut talk = Talk::new(window, settings, updates);
                talk.hear(views.clone());
                let place = talk.harness.get_by_role_and_label(Role::Image, name).rect();
                let wanted = wanted(&text);
                let drawn = read(&talk.harness.output().shapes, place, wanted.len());
                assert!(drawn.is_some(), "{name} at {size_percent} percent, {theme:?}: cut, or on no white");
                assert!(drawn == Some(wanted), "{name} at {size_percent} percent, {theme:?}");
            }
        }
    }
}
