//! Letters for fingers, where a device has no keyboard. What they enter stands in a field, where a keyboard types it as
//! well.

use crate::kit::{Button, Cut, Type, size};
use egui::{Rect, Ui, pos2, vec2};

/// How high a key is, in points.
const KEY: f32 = 52.0;
/// Between two keys, in points: less than between other targets, so that ten stand beside each other.
const GAP: f32 = 4.0;

const LINES: [&str; 4] = ["1234567890", "QWERTYUIOP", "ASDFGHJKL’", "ZXCVBNM-.,"];
const SPACE: &str = "Space";
const DELETE: &str = "Delete";

/// Shows the keys from the top of `cut` on. `typed` is never longer than `most` characters; a word begins with a
/// capital.
pub fn keys(ui: &mut Ui, cut: &mut Cut, typed: &mut String, most: usize) {
    keys_of(ui, cut, KEY, typed, most);
}

/// As [`keys`], in all the height that there is: lower keys where a form at twice the size leaves no more.
pub fn keys_within(ui: &mut Ui, cut: &mut Cut, typed: &mut String, most: usize) {
    let lines = LINES.len() as f32;
    let high = (cut.height() - lines * GAP - size::TOUCH_GAP) / (lines + 1.0);
    keys_of(ui, cut, high.clamp(size::CONTROL, KEY), typed, most);
}

fn keys_of(ui: &mut Ui, cut: &mut Cut, high: f32, typed: &mut String, most: usize) {
    for line in LINES {
        let row = cut.top(high);
        cut.top(GAP);
        let many = line.chars().count().max(1) as f32;
        let wide = (row.width() - (many - 1.0) * GAP) / many;
        for (at, letter) in line.chars().enumerate() {
            let spot = Rect::from_min_size(pos2(row.left() + at as f32 * (wide + GAP), row.top()), vec2(wide, high));
            let word = letter.to_string();
            if Button::new(&word).step(Type::Name).show(ui, spot).clicked() && typed.chars().count() < most {
                let begins = typed.chars().last().is_none_or(|last| !last.is_alphanumeric());
                typed.extend(if begins {
                    letter.to_uppercase().collect::<Vec<_>>()
                } else {
                    letter.to_lowercase().collect()
                });
            }
        }
    }
    let mut row = Cut(cut.top(high));
    cut.top(size::TOUCH_GAP);
    let delete = row.right(row.width() / 3.0);
    row.right(GAP);
    if Button::new(SPACE).step(Type::Name).show(ui, row.rest()).clicked() && typed.chars().count() < most {
        typed.push(' ');
    }
    if Button::new(DELETE).step(Type::Name).show(ui, delete).clicked() {
        typed.pop();
    }
}

/// How high the keys are together, with the gap under them.
pub fn height() -> f32 {
    4.0 * (KEY + GAP) + KEY + size::TOUCH_GAP
}
