//! Pictures for a camera: what is drawn is the code of the text that stands beside it, whole and the right way round.

use crate::{Talk, WIDE, sample};
use egui::accesskit::Role;
use egui::epaint::{ClippedShape, RectShape, Shape};
use egui::{Color32, Rect};
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

/// Reads back what was drawn in a place: dark or not, row by row; nothing where it is cut or has no white edge.
fn read(shapes: &[ClippedShape], place: Rect) -> Option<Vec<Vec<bool>>> {
    let inside = place.expand(0.5);
    let mut found = Vec::new();
    for ClippedShape { clip_rect, shape } in shapes {
        let mut here = Vec::new();
        rects(shape, &mut here);
        here.retain(|one| inside.contains_rect(one.rect));
        if here.iter().any(|one| !clip_rect.expand(0.5).contains_rect(one.rect)) {
            return None;
        }
        found.extend(here);
    }
    let white = found.iter().find(|one| one.fill == Color32::WHITE && one.rect.expand(0.5).contains_rect(place))?;
    let dark: Vec<Rect> = found.iter().filter(|one| one.fill == Color32::BLACK).map(|one| one.rect).collect();
    let module = dark.first()?.width();
    let at = |from: f32, to: f32| ((to - from) / module).round() as usize;
    let all = at(white.rect.left(), white.rect.right());
    let mut drawn = vec![vec![false; all]; all];
    for one in dark {
        let (x, y) = (at(white.rect.left(), one.left()), at(white.rect.top(), one.top()));
        *drawn.get_mut(y)?.get_mut(x)? = true;
    }
    let quiet = 4;
    let edge = |x: usize, y: usize| x.min(y) < quiet || x.max(y) >= all - quiet;
    for (y, row) in drawn.iter().enumerate() {
        if row.iter().enumerate().any(|(x, dark)| *dark && edge(x, y)) {
            return None;
        }
    }
    Some(drawn[quiet..all - quiet].iter().map(|row| row[quiet..all - quiet].to_vec()).collect())
}

/// What a camera has to see.
fn wanted(text: &str) -> Vec<Vec<bool>> {
    let code = qrcode::QrCode::new(text.as_bytes()).unwrap();
    let dark: Vec<bool> = code.to_colors().into_iter().map(|colour| colour == qrcode::Color::Dark).collect();
    dark.chunks(code.width()).map(<[bool]>::to_vec).collect()
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
                let drawn = read(&talk.harness.output().shapes, place);
                assert_eq!(drawn, Some(wanted(&text)), "{name} at {size_percent} percent, {theme:?}");
            }
        }
    }
}
