//! Number keys for fingers in gloves. What they enter stands in a field, where a keyboard types it as well.

use crate::kit::{Button, Cut, Type, size};
use egui::{Rect, Ui, pos2, vec2};

/// How high a key is, in points: a finger in a glove.
pub const KEY: f32 = 60.0;

const KEYS: [[&str; 3]; 4] = [["1", "2", "3"], ["4", "5", "6"], ["7", "8", "9"], [CLEAR, "0", DELETE]];
const CLEAR: &str = "Clear";
const DELETE: &str = "Delete";

/// Shows the keys from the top of `cut` on. `typed` is never longer than `most` digits.
pub fn pad(ui: &mut Ui, cut: &mut Cut, typed: &mut String, most: usize) {
    let wide = (cut.width() - 2.0 * size::TOUCH_GAP) / 3.0;
    for line in KEYS {
        let row = cut.top(KEY);
        cut.top(size::TOUCH_GAP);
        let mut left = row.left();
        for key in line {
            let spot = Rect::from_min_size(pos2(left, row.top()), vec2(wide, KEY));
            left += wide + size::TOUCH_GAP;
            if !Button::new(key).step(Type::Title).show(ui, spot).clicked() {
                continue;
            }
            match key {
                CLEAR => typed.clear(),
                DELETE => drop(typed.pop()),
                digit if typed.len() < most => typed.push_str(digit),
                _ => {}
            }
        }
    }
}

/// How high the keys are together, with the gap under them.
pub fn height() -> f32 {
    4.0 * (KEY + size::TOUCH_GAP)
}
