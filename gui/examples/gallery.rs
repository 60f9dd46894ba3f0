//! Every part of the kit in one window: `cargo run -p muster-gui --example gallery`
//!
//! With a file name, renders it there instead: `… --example gallery -- gallery.png`

use egui::{Align, Rect, Ui, pos2, vec2};
use muster_gui::kit::field::Field;
use muster_gui::kit::look::{Look, install_fonts};
use muster_gui::kit::mark_cell::{self, Cell};
use muster_gui::kit::text::{self, Type};
use muster_gui::kit::tokens::Theme;
use muster_gui::kit::{Button, Cut, Kind, Weight, chip, look, panel, status};
use muster_school::view::status::Status;
use muster_school::view::{Span, SyncChip};

#[derive(Default)]
struct Gallery {
    theme: Theme,
    typed: String,
}

impl Gallery {
    fn show(&mut self, ui: &mut Ui) {
        let ctx = ui.ctx().clone();
        Look::new(self.theme, false, false).apply(&ctx);
        let mut whole = ui.new_child(egui::UiBuilder::new().max_rect(ctx.content_rect()));
        let ui = &mut whole;
        ui.set_clip_rect(ctx.content_rect());
        let tokens = look(ui).tokens;
        ui.painter().rect_filled(ctx.content_rect(), 0.0, tokens.bg);
        let mut cut = Cut(ctx.content_rect().shrink(16.0));
        let themes = cut.top(32.0);
        self.themes_ui(ui, themes);
        cut.top(16.0);
        let mut left = Cut(cut.left(560.0));
        cut.left(16.0);
        shapes_ui(ui, left.top(236.0));
        left.top(16.0);
        type_ui(ui, left.rest());
        self.parts_ui(ui, cut.rest());
    }

    fn themes_ui(&mut self, ui: &mut Ui, rect: Rect) {
        let mut line = Cut(rect);
        for (words, theme) in [("Light", Theme::Light), ("Dark", Theme::Dark), ("High contrast", Theme::HighContrast)] {
            let button = Button::new(words).chosen(self.theme == theme);
            let wide = button.width(ui);
            if button.show(ui, line.left(wide)).clicked() {
                self.theme = theme;
            }
            line.left(8.0);
        }
    }

    fn parts_ui(&mut self, ui: &mut Ui, rect: Rect) {
        let mut cut = Cut(rect);
        let buttons = [
            Button::filled("Finish register").shortcut("Ctrl+Enter"),
            Button::new("Undo").shortcut("Ctrl+Z"),
            Button::new("May not be pressed").enabled(false),
            Button::link("registers not taken"),
            Button::new("Fire register").kind(Kind::Emergency),
            Button::new("Start drill").kind(Kind::Event(Status::Drill)),
            Button::new("Start real roll call").kind(Kind::Event(Status::Real)),
        ];
        for button in buttons {
            let wide = button.width(ui);
            let line = cut.top(48.0);
            button.show(ui, Rect::from_min_size(line.min, vec2(wide, 40.0)));
        }
        cut.top(8.0);
        let field = cut.top(32.0);
        let field = Rect::from_min_size(field.min, vec2(240.0, 32.0));
        Field::new("Find a name").hint("Find a name").keys("Ctrl+F").show(ui, field, &mut self.typed);
        cut.top(16.0);
        let chip = SyncChip { words: "7 changes only on this device".into(), shared: false };
        let wide = chip::sync_width(ui, &chip);
        let line = cut.top(28.0);
        chip::sync(ui, Rect::from_min_size(line.min, vec2(wide, 28.0)), &chip);
        cut.top(16.0);
        let line = cut.top(28.0);
        let cells = [
            Cell { code: "/", ..Cell::default() },
            Cell { code: "M", planned: true, ..Cell::default() },
            Cell { code: "L", corner: true, ..Cell::default() },
            Cell { code: "", open: true, ..Cell::default() },
        ];
        for (place, cell) in cells.into_iter().enumerate() {
            let at = line.min + vec2(52.0 * place as f32, 0.0);
            mark_cell::paint(ui, Rect::from_min_size(at, vec2(40.0, 24.0)), cell);
        }
        let badge = Rect::from_min_size(line.min + vec2(220.0, 2.0), vec2(24.0, 20.0));
        chip::badge(ui, badge, "2");
        chip::tag(ui, pos2(badge.right() + 16.0, badge.center().y), "Nut allergy", Type::Note, Weight::Regular, 1.0);
        cut.top(16.0);
        let words = [Span::strong("As of 09:14, "), Span::plain("heard from office; 7B has sent no register.")];
        let high = chip::warning_height(ui, &words, cut.width());
        chip::warning(ui, cut.top(high), Status::MustCall, &words);
        cut.top(16.0);
        let words = "That is not the passphrase of this person. Try again, or ask the office";
        chip::problem(ui, cut.rest().min, cut.width(), words);
    }
}

fn shapes_ui(ui: &mut Ui, rect: Rect) {
    panel::panel(ui, rect);
    let tokens = look(ui).tokens;
    let inner = rect.shrink(16.0);
    for (place, which) in Status::ALL.into_iter().enumerate() {
        let (column, line) = (place % 2, place / 2);
        let at = inner.min + vec2(270.0 * column as f32, 25.5 * line as f32);
        let spot = Rect::from_min_size(at, vec2(260.0, 24.0));
        let middle = |x: f32| pos2(spot.left() + x, spot.center().y);
        for (x, side) in [(8.0, 13.0), (30.0, 16.0), (54.0, 20.0)] {
            status::paint(ui.painter(), middle(x), side, which, tokens.status(which), tokens.surface);
        }
        let words = text::line(ui, which.word(), Type::Body, Weight::Regular, tokens.text, 190.0);
        text::label(ui, Rect::from_min_max(middle(74.0) - vec2(0.0, 12.0), spot.max), words, Align::Min);
    }
}

fn type_ui(ui: &mut Ui, rect: Rect) {
    let tokens = look(ui).tokens;
    let mut cut = Cut(rect);
    let steps = [
        (Type::Note, Weight::Regular, "As of 09:14, note 13"),
        (Type::Body, Weight::Regular, "Rows and sentences, body 15"),
        (Type::Body, Weight::Italic, "Planned, not confirmed, body 15 italic"),
        (Type::Name, Weight::Strong, "Ada Byrne, name 18"),
        (Type::Call, Weight::Strong, "Byrne, Ada, call 20"),
        (Type::Title, Weight::Strong, "Beech, Years 10 and 11, title 22"),
        (Type::Count, Weight::Strong, "431 to call, count 28"),
    ];
    for (step, weight, words) in steps {
        let line = cut.top(step.line() + 6.0);
        let galley = text::line(ui, words, step, weight, tokens.text, line.width());
        text::label(ui, line, galley, Align::Min);
    }
    let line = cut.top(52.0);
    text::digits(ui, line.left_center(), "1184", Type::Big, Weight::Bold, tokens.text);
}

impl eframe::App for Gallery {
    fn ui(&mut self, ui: &mut Ui, _frame: &mut eframe::Frame) {
        self.show(ui);
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    if let Some(path) = std::env::args().nth(1) {
        let mut harness = egui_kittest::Harness::builder()
            .with_size([1180.0, 720.0])
            .with_render_cursor(false)
            .with_context_setup(install_fonts)
            .wgpu()
            .build_ui_state(|ui, gallery: &mut Gallery| gallery.show(ui), Gallery::default());
        harness.run_steps(3);
        harness.render()?.save(&path)?;
        return Ok(());
    }
    if !muster_gui::run::has_display() {
        return Err(muster_gui::RunError::NoDisplay.into());
    }
    let create: eframe::AppCreator<'_> = Box::new(|creation| {
        install_fonts(&creation.egui_ctx);
        Ok(Box::new(Gallery::default()))
    });
    eframe::run_native("muster gallery", eframe::NativeOptions::default(), create)?;
    Ok(())
}
