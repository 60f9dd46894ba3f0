//! Letter bar, class filter and search, above a list of people.

use crate::kit::choice::choice;
use crate::kit::field::Field;
use crate::kit::flow::flow;
use crate::kit::{Button, Weight, search, size, text};
use egui::{Rect, Ui, pos2};
use muster_school::view::fire::Letters;

/// What a list of people is narrowed to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// A range of the letter bar, by place.
    pub letters: Option<usize>,
    /// A class, by place.
    pub class: Option<usize>,
    /// Part of a first or last name.
    pub search: String,
}

impl Filter {
    /// True when a person stands within it.
    pub fn lets(&self, letters: &[Letters], classes: &[String], letter: char, group: &str, names: [&str; 2]) -> bool {
        let range = self.letters.and_then(|place| letters.get(place));
        let class = self.class.and_then(|place| classes.get(place));
        range.is_none_or(|range| (range.from..=range.to).contains(&letter))
            && class.is_none_or(|class| class == group)
            && (self.search.trim().is_empty() || names.iter().any(|name| search::matches(name, &self.search)))
    }

    /// True when it narrows anything.
    pub fn narrows(&self) -> bool {
        *self != Self::default()
    }
}

fn words(range: &Letters) -> String {
    format!("{}–{}", range.from, range.to)
}

/// What stands where: buttons first, then the class, then the search, over as many lines as they need.
fn places(ui: &Ui, at: egui::Pos2, width: f32, letters: &[Letters], class: &str) -> (Vec<Rect>, f32) {
    let high = size::CONTROL_TOUCH;
    let step = text::Type::Body;
    let mut wides: Vec<f32> =
        letters.iter().map(|range| (text::width(ui, &words(range), step, Weight::Strong) + 22.0).max(48.0)).collect();
    wides.insert(0, 48.0);
    wides.push(text::width(ui, class, text::Type::Name, Weight::Regular) + 52.0);
    let (mut rects, tall) = flow(at, width, high, &wides);
    let right = rects.last().map_or(at.x, |rect| rect.right() + size::TOUCH_GAP);
    let mut spot = pos2(right, at.y + tall - high);
    if at.x + width - spot.x < 150.0 {
        spot = pos2(at.x, spot.y + high + size::TOUCH_GAP);
    }
    rects.push(Rect::from_min_max(spot, pos2(at.x + width, spot.y + high)));
    (rects, spot.y + high - at.y)
}

/// What the class filter shows while nothing is chosen.
fn any_class(width: f32) -> &'static str {
    if width > 800.0 { "All classes" } else { "Class" }
}

/// How high the filters are at this width.
pub fn height(ui: &Ui, width: f32, letters: &[Letters]) -> f32 {
    places(ui, pos2(0.0, 0.0), width, letters, any_class(width)).1
}

/// Shows the filters.
pub fn filter_ui(
    ui: &mut Ui,
    at: egui::Pos2,
    width: f32,
    letters: &[Letters],
    classes: &[String],
    filter: &mut Filter,
) {
    let (rects, _) = places(ui, at, width, letters, any_class(width));
    let mut rects = rects.into_iter();
    let mut next = || rects.next().unwrap_or(Rect::NOTHING);
    let step = text::Type::Body;
    let all = Button::new("All").step(step).name("All letters").chosen(filter.letters.is_none());
    if all.show(ui, next()).clicked() {
        filter.letters = None;
    }
    for (place, range) in letters.iter().enumerate() {
        let label = words(range);
        let name = format!("{label}, surnames {} to {}", range.from, range.to);
        let button = Button::new(&label).step(step).name(name).chosen(filter.letters == Some(place));
        if button.show(ui, next()).clicked() {
            filter.letters = Some(place);
        }
    }
    if let Some(chosen) = choice(ui, next(), "Class", Some(any_class(width)), classes, filter.class) {
        filter.class = chosen;
    }
    let rect = next();
    let hint = if rect.width() > 250.0 { "Search first or last name" } else { "Search" };
    Field::new("Search first or last name").hint(hint).limit(60).show(ui, rect, &mut filter.search);
}
