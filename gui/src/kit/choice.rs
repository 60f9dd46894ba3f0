//! Choosing one of a list: a control that shows the choice, and opens the list below.

use crate::kit::look::{focus_outside, look};
use crate::kit::text::{self, Type};
use crate::kit::{Cut, Weight, size};
use egui::{Align, Popup, Rect, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, vec2};

/// Rows of the list that stand without scrolling.
const ROWS: usize = 9;

/// As [`choice`], of things with a name each: by what they are, and not by their place, as a list can be another by the
/// time it is sent. What is not on it, or not any more, shows as no choice.
pub fn choice_of<T: Clone + PartialEq>(
    ui: &mut Ui,
    rect: Rect,
    name: &str,
    any: Option<&str>,
    items: &[(T, String)],
    chosen: Option<T>,
) -> Option<Option<T>> {
    let names: Vec<String> = items.iter().map(|(_, name)| name.clone()).collect();
    let at = chosen.and_then(|chosen| items.iter().position(|(item, _)| *item == chosen));
    let made = choice(ui, rect, name, any, &names, at)?;
    Some(made.and_then(|at| items.get(at)).map(|(item, _)| item.clone()))
}

/// Shows the control. `any` stands first and means no choice. Returns the new choice when one was made.
pub fn choice(
    ui: &mut Ui,
    rect: Rect,
    name: &str,
    any: Option<&str>,
    items: &[String],
    chosen: Option<usize>,
) -> Option<Option<usize>> {
    let look = look(ui);
    let tokens = look.tokens;
    let response = text::node(ui, rect, Sense::click());
    let shown = chosen.and_then(|place| items.get(place)).map(String::as_str).or(any).unwrap_or_default();
    let spoken = format!("{name}: {shown}");
    response.widget_info(|| WidgetInfo::labeled(Role::ComboBox, true, &spoken));
    ui.ctx().accesskit_node_builder(response.id, |node| node.set_value(shown));
    ui.painter().rect(rect, size::RADIUS, tokens.surface, look.outline(), StrokeKind::Inside);
    let step = if rect.height() > 40.0 { Type::Name } else { Type::Body };
    let mut cut = Cut(rect);
    let tip = cut.right(34.0).center();
    cut.left(10.0);
    text::put(ui, cut.rest(), shown, step, Weight::Regular, tokens.text);
    let stroke = Stroke::new(2.0, tokens.text);
    ui.painter().line_segment([tip + vec2(-5.0, -2.5), tip + vec2(0.0, 2.5)], stroke);
    ui.painter().line_segment([tip + vec2(0.0, 2.5), tip + vec2(5.0, -2.5)], stroke);
    focus_outside(ui, &response);

    let mut made = None;
    let first = usize::from(any.is_some());
    Popup::menu(&response).width(rect.width()).show(|ui| {
        let high = look.control().max(36.0);
        // Nine rows where there are as many: what is left of a layer below the control is no measure for what opens over it.
        let gap = if look.touch { size::TOUCH_GAP } else { 0.0 };
        ui.spacing_mut().item_spacing.y = gap;
        let room = (ui.ctx().content_rect().height() * 0.6).max(high);
        let shown = ((high + gap) * (items.len() + first).min(ROWS) as f32).min(room);
        egui::ScrollArea::vertical().max_height(shown).min_scrolled_height(shown).show(ui, |ui| {
            for place in 0..items.len() + first {
                let which = place.checked_sub(first);
                let words = which.and_then(|which| items.get(which)).map(String::as_str).or(any).unwrap_or_default();
                let (line, _) = ui.allocate_exact_size(vec2(rect.width() - 16.0, high), Sense::hover());
                let item = text::node(ui, line, Sense::click());
                let current = which == chosen;
                item.widget_info(|| WidgetInfo::selected(Role::MenuItem, true, current, words));
                if current || item.hovered() {
                    ui.painter().rect_filled(line, size::RADIUS, tokens.selected);
                }
                let weight = if current { Weight::Strong } else { Weight::Regular };
                let galley = text::line(ui, words, Type::Body, weight, tokens.text, line.width() - 16.0);
                text::paint(ui.painter(), line.shrink2(vec2(8.0, 0.0)), galley, Align::Min);
                if item.has_focus() {
                    crate::kit::look::focus_inside(ui, line);
                }
                if item.clicked() {
                    made = Some(which);
                    ui.close();
                }
            }
        });
    });
    made
}
