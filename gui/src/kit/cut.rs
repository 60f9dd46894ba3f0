//! Slicing a rectangle into parts, from any side, the way the pictures of the screens are measured.

use egui::{Pos2, Rect};

/// What is left of a rectangle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cut(pub Rect);

impl Cut {
    /// Takes `width` points from the left.
    pub fn left(&mut self, width: f32) -> Rect {
        let edge = (self.0.left() + width).min(self.0.right());
        let taken = Rect::from_min_max(self.0.min, Pos2::new(edge, self.0.bottom()));
        self.0.min.x = edge;
        taken
    }

    /// Takes `width` points from the right.
    pub fn right(&mut self, width: f32) -> Rect {
        let edge = (self.0.right() - width).max(self.0.left());
        let taken = Rect::from_min_max(Pos2::new(edge, self.0.top()), self.0.max);
        self.0.max.x = edge;
        taken
    }

    /// Takes `height` points from the top.
    pub fn top(&mut self, height: f32) -> Rect {
        let edge = (self.0.top() + height).min(self.0.bottom());
        let taken = Rect::from_min_max(self.0.min, Pos2::new(self.0.right(), edge));
        self.0.min.y = edge;
        taken
    }

    /// Takes `height` points from the bottom.
    pub fn bottom(&mut self, height: f32) -> Rect {
        let edge = (self.0.bottom() - height).max(self.0.top());
        let taken = Rect::from_min_max(Pos2::new(self.0.left(), edge), self.0.max);
        self.0.max.y = edge;
        taken
    }

    /// What is left.
    pub fn rest(&self) -> Rect {
        self.0
    }

    /// Points left from left to right.
    pub fn width(&self) -> f32 {
        self.0.width()
    }

    /// Points left from top to bottom.
    pub fn height(&self) -> f32 {
        self.0.height()
    }
}

/// The part of `rect` of this height that stands in its middle.
pub fn middle(rect: Rect, height: f32) -> Rect {
    Rect::from_center_size(rect.center(), egui::vec2(rect.width(), height.min(rect.height())))
}
