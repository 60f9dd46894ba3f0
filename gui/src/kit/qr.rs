//! A QR code, drawn as shapes: dark on white whatever the theme, since cameras want it so, with its quiet edge.

use egui::{Color32, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

/// Modules of white that a reader needs around the code.
const QUIET: usize = 4;

/// Draws text in the largest square that fits the middle of a rectangle. `name` is what readers that speak say of
/// it. Returns whether there was anything to draw: text of some kilobytes does not fit any code.
pub fn qr(ui: &mut Ui, rect: Rect, text: &str, name: &str) -> bool {
    let Ok(code) = qrcode::QrCode::new(text.as_bytes()) else { return false };
    let side = code.width() + 2 * QUIET;
    // A whole number of pixels a module: blurred edges are hard to read.
    let pixels = ui.ctx().pixels_per_point();
    let modules = f32::from(u16::try_from(side).unwrap_or(u16::MAX));
    let module = ((rect.width().min(rect.height()) * pixels / modules).floor().max(1.0)) / pixels;
    let square = Rect::from_center_size(rect.center(), vec2(module * modules, module * modules));
    let square = square.translate((square.min.to_vec2() * pixels).round() / pixels - square.min.to_vec2());
    ui.painter().rect_filled(square, 0.0, Color32::WHITE);
    let at = |place: usize| f32::from(u16::try_from(place + QUIET).unwrap_or(u16::MAX)) * module;
    for (place, colour) in code.to_colors().into_iter().enumerate() {
        if colour == qrcode::Color::Dark {
            let corner = pos2(square.left() + at(place % code.width()), square.top() + at(place / code.width()));
            ui.painter().rect_filled(Rect::from_min_size(corner, vec2(module, module)), 0.0, Color32::BLACK);
        }
    }
    let response = super::text::node(ui, square, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, name));
    true
}
