//! The sixteen shapes, painted as vectors in a box of 16x16 units.
//!
//! Every filled polygon is convex, because that is what egui fills without cracks. What a shape leaves out
//! is painted in the colour of the row behind it, which the caller passes.

use egui::{Color32, Painter, Pos2, Rect, Shape, Stroke, StrokeKind, Vec2, vec2};
use muster_school::view::status::Status;

/// One stroke of the brush, in units of the 16x16 box.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Part {
    /// A line with round ends and joins.
    Line(&'static [(f32, f32)], f32, Ink),
    /// A closed line.
    Closed(&'static [(f32, f32)], f32),
    /// A filled convex polygon.
    Polygon(&'static [(f32, f32)]),
    /// A filled disc: centre, radius.
    Disc((f32, f32), f32, Ink),
    /// A ring: centre, radius, width.
    Ring((f32, f32), f32, f32),
    /// A filled box: corners, radius of its corners.
    Fill((f32, f32), (f32, f32), f32),
    /// The outline of a box: corners, radius of its corners, width.
    Frame((f32, f32), (f32, f32), f32, f32),
}

/// What a part is painted with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ink {
    /// The status's own colour.
    Own,
    /// The colour of the row behind.
    Ground,
}

use Ink::{Ground, Own};

/// How a status is drawn, back to front.
pub fn parts(status: Status) -> &'static [Part] {
    use Part::{Closed, Disc, Fill, Frame, Line, Polygon, Ring};
    match status {
        Status::Present => &[Line(&[(2.5, 8.5), (6.25, 12.25), (13.5, 4.0)], 2.5, Own)],
        Status::Late => &[Disc((8.0, 8.0), 7.0, Own), Line(&[(8.0, 4.0), (8.0, 8.5), (11.0, 10.5)], 2.0, Ground)],
        Status::AbsentAuthorised => &[Ring((8.0, 8.0), 5.25, 2.25)],
        Status::AbsentUnauthorised => {
            &[Line(&[(3.5, 3.5), (12.5, 12.5)], 2.5, Own), Line(&[(12.5, 3.5), (3.5, 12.5)], 2.5, Own)]
        }
        Status::OffSite => &[
            Line(&[(6.0, 3.0), (2.5, 3.0), (2.5, 13.5), (13.0, 13.5), (13.0, 10.0)], 2.0, Own),
            Line(&[(7.0, 9.0), (14.0, 2.0)], 2.0, Own),
            Line(&[(9.5, 2.0), (14.0, 2.0), (14.0, 6.5)], 2.0, Own),
        ],
        Status::NotMarked => &[Line(&[(3.5, 8.0), (12.5, 8.0)], 2.5, Own)],
        Status::MustCall => {
            &[Closed(&[(8.0, 1.25), (14.75, 8.0), (8.0, 14.75), (1.25, 8.0)], 1.75), Disc((8.0, 8.0), 2.25, Own)]
        }
        Status::Check => &[
            Polygon(&[(8.0, 0.75), (15.75, 15.0), (0.25, 15.0)]),
            Line(&[(8.0, 5.5), (8.0, 10.0)], 2.0, Ground),
            Disc((8.0, 12.5), 1.15, Ground),
        ],
        Status::Found => {
            &[Fill((1.0, 1.0), (15.0, 15.0), 2.0), Line(&[(4.0, 8.25), (7.0, 11.25), (12.25, 5.0)], 2.25, Ground)]
        }
        Status::ToFind => &[Frame((2.0, 2.0), (14.0, 14.0), 2.0, 2.0)],
        Status::NotFound => {
            &[Frame((2.0, 2.0), (14.0, 14.0), 2.0, 2.0), Polygon(&[(2.0, 2.5), (13.5, 14.0), (2.0, 14.0)])]
        }
        Status::Drill => {
            &[Line(&[(3.0, 1.0), (3.0, 15.5)], 2.0, Own), Closed(&[(3.0, 2.0), (14.0, 5.5), (3.0, 9.5)], 1.75)]
        }
        Status::Real => &[
            Polygon(&[(9.0, 0.5), (12.9, 8.5), (8.0, 12.0), (5.0, 8.25)]),
            Disc((8.0, 10.4), 5.1, Own),
            Polygon(&[(3.4, 5.25), (6.5, 9.0), (2.9, 10.4)]),
        ],
        Status::KeptInside => &[
            Closed(&[(8.0, 1.5), (14.5, 6.5), (14.5, 14.5), (1.5, 14.5), (1.5, 6.5)], 1.75),
            Disc((8.0, 10.0), 2.25, Own),
        ],
        Status::Synced => &[
            Fill((1.0, 5.0), (6.0, 10.0), 0.5),
            Fill((10.0, 5.0), (15.0, 10.0), 0.5),
            Line(&[(6.0, 7.5), (10.0, 7.5)], 1.75, Own),
        ],
        Status::Unsynced => &[Closed(
            &[(8.0, 2.5), (13.5, 8.0), (10.25, 8.0), (10.25, 13.5), (5.75, 13.5), (5.75, 8.0), (2.5, 8.0)],
            1.5,
        )],
    }
}

/// Paints a status in a box of `side` points around `centre`.
pub fn paint(painter: &Painter, centre: Pos2, side: f32, status: Status, own: Color32, ground: Color32) {
    let scale = side / 16.0;
    let corner = centre - Vec2::splat(side / 2.0);
    let at = |(x, y): (f32, f32)| corner + vec2(x * scale, y * scale);
    let ink = |ink: Ink| if ink == Own { own } else { ground };
    for part in parts(status) {
        match *part {
            Part::Line(points, width, with) => {
                let points: Vec<Pos2> = points.iter().copied().map(at).collect();
                round_line(painter, points, width * scale, ink(with), false);
            }
            Part::Closed(points, width) => {
                round_line(painter, points.iter().copied().map(at).collect(), width * scale, own, true);
            }
            Part::Polygon(points) => {
                let points = points.iter().copied().map(at).collect();
                painter.add(Shape::convex_polygon(points, own, Stroke::NONE));
            }
            Part::Disc(middle, radius, with) => {
                painter.circle_filled(at(middle), radius * scale, ink(with));
            }
            Part::Ring(middle, radius, width) => {
                painter.circle_stroke(at(middle), radius * scale, Stroke::new(width * scale, own));
            }
            Part::Fill(from, to, radius) => {
                painter.rect_filled(Rect::from_two_pos(at(from), at(to)), radius * scale, own);
            }
            Part::Frame(from, to, radius, width) => {
                let outline = Stroke::new(width * scale, own);
                painter.rect_stroke(Rect::from_two_pos(at(from), at(to)), radius * scale, outline, StrokeKind::Middle);
            }
        }
    }
}

/// A line with round ends and joins: egui's have neither, so a disc stands at each point.
fn round_line(painter: &Painter, points: Vec<Pos2>, width: f32, colour: Color32, closed: bool) {
    for point in &points {
        painter.circle_filled(*point, width / 2.0, colour);
    }
    let stroke = Stroke::new(width, colour);
    let first = points.first().copied();
    let last = points.last().copied();
    for pair in points.windows(2) {
        if let [from, to] = pair {
            painter.line_segment([*from, *to], stroke);
        }
    }
    if let (true, Some(first), Some(last)) = (closed, first, last) {
        painter.line_segment([last, first], stroke);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Which of 32x32 points of the box are inked, sampled from the description itself, without colour.
    fn ink(status: Status) -> Vec<bool> {
        let near = |point: (f32, f32), from: (f32, f32), to: (f32, f32), width: f32| {
            let (dx, dy) = (to.0 - from.0, to.1 - from.1);
            let share = (((point.0 - from.0) * dx + (point.1 - from.1) * dy) / (dx * dx + dy * dy)).clamp(0.0, 1.0);
            let (x, y) = (from.0 + share * dx - point.0, from.1 + share * dy - point.1);
            x.hypot(y) <= width / 2.0
        };
        let inside = |point: (f32, f32), corners: &[(f32, f32)]| {
            let mut signs = (0..corners.len()).map(|place| {
                let (a, b) = (corners[place], corners[(place + 1) % corners.len()]);
                (b.0 - a.0) * (point.1 - a.1) - (b.1 - a.1) * (point.0 - a.0) >= 0.0
            });
            let first = signs.next().unwrap();
            signs.all(|sign| sign == first)
        };
        let mut picture = Vec::new();
        for row in 0..32_u8 {
            for column in 0..32_u8 {
                let point = (f32::from(column) / 2.0 + 0.25, f32::from(row) / 2.0 + 0.25);
                let mut inked = false;
                for part in parts(status) {
                    let (hit, own) = match *part {
                        Part::Line(points, width, with) => {
                            (points.windows(2).any(|pair| near(point, pair[0], pair[1], width)), with == Own)
                        }
                        Part::Closed(points, width) => (
                            (0..points.len()).any(|at| near(point, points[at], points[(at + 1) % points.len()], width)),
                            true,
                        ),
                        Part::Polygon(points) => (inside(point, points), true),
                        Part::Disc(middle, radius, with) => {
                            ((point.0 - middle.0).hypot(point.1 - middle.1) <= radius, with == Own)
                        }
                        Part::Ring(middle, radius, width) => {
                            (((point.0 - middle.0).hypot(point.1 - middle.1) - radius).abs() <= width / 2.0, true)
                        }
                        Part::Fill(a, b, _) => {
                            (point.0 >= a.0 && point.0 <= b.0 && point.1 >= a.1 && point.1 <= b.1, true)
                        }
                        Part::Frame(a, b, _, width) => {
                            let half = width / 2.0;
                            let outer = point.0 >= a.0 - half
                                && point.0 <= b.0 + half
                                && point.1 >= a.1 - half
                                && point.1 <= b.1 + half;
                            let inner = point.0 > a.0 + half
                                && point.0 < b.0 - half
                                && point.1 > a.1 + half
                                && point.1 < b.1 - half;
                            (outer && !inner, true)
                        }
                    };
                    if hit {
                        inked = own;
                    }
                }
                picture.push(inked);
            }
        }
        picture
    }

    #[test]
    fn no_two_statuses_can_be_taken_for_each_other_without_colour() {
        for (place, one) in Status::ALL.iter().enumerate() {
            for other in &Status::ALL[place + 1..] {
                let differ = ink(*one).iter().zip(ink(*other)).filter(|(a, b)| **a != *b).count();
                let share = differ * 100 / 1024;
                assert!(share >= 12, "{one:?} and {other:?} differ in {share} % of the box");
            }
        }
    }

    #[test]
    fn every_status_has_a_word_of_its_own() {
        let words: std::collections::BTreeSet<_> = Status::ALL.iter().map(|status| status.word()).collect();
        assert_eq!(words.len(), Status::ALL.len());
    }
}
