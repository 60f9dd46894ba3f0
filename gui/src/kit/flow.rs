//! Things of different widths beside each other, over as many lines as they need.

use crate::kit::size;
use egui::{Pos2, Rect, pos2, vec2};

/// Where each stands, and how high all are together. Between them is [`size::TOUCH_GAP`].
pub fn flow(at: Pos2, width: f32, high: f32, wides: &[f32]) -> (Vec<Rect>, f32) {
    let mut spot = at;
    let mut rects = Vec::new();
    for wide in wides {
        let wide = wide.min(width);
        if spot.x + wide > at.x + width + 0.5 && spot.x > at.x {
            spot = pos2(at.x, spot.y + high + size::TOUCH_GAP);
        }
        rects.push(Rect::from_min_size(spot, vec2(wide, high)));
        spot.x += wide + size::TOUCH_GAP;
    }
    (rects, spot.y + high - at.y)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_beside_the_others_stands_below_them() {
        let (rects, high) = flow(pos2(10.0, 20.0), 200.0, 48.0, &[90.0, 90.0, 300.0]);
        let lefts: Vec<f32> = rects.iter().map(|rect| rect.left()).collect();
        assert_eq!(lefts, [10.0, 108.0, 10.0]);
        assert_eq!(rects[2].width(), 200.0, "never wider than there is room");
        assert_eq!(high, 104.0);
    }
}
