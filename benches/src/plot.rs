//! A plot of what grows, as SVG: how many times the first step's value each is, over how many times the history or devices.

use std::fmt::Write as _;

/// One step.
#[derive(Clone, Debug)]
pub struct Line {
    /// How many times the first step's size.
    pub times: u16,
    /// What was measured, by name.
    pub values: Vec<(&'static str, f64)>,
}

const COLOURS: [&str; 5] = ["#1b5e9e", "#b3541e", "#2e7d32", "#7b1fa2", "#555555"];
const WIDTH: f64 = 380.0;
const HEIGHT: f64 = 300.0;
const LEFT: f64 = 50.0;
const TOP: f64 = 40.0;

/// A panel for each kind of growth, side by side. A dashed line is growth in step with the size.
pub fn growth(panels: &[(&str, &Vec<Line>)]) -> String {
    let wide = panels.len() as f64 * (WIDTH + 80.0);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {wide} 470\" font-family=\"sans-serif\" font-size=\"12\">\n\
         <rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n"
    );
    for (at, (name, steps)) in panels.iter().enumerate() {
        panel(&mut svg, LEFT + at as f64 * (WIDTH + 80.0), name, steps);
    }
    svg.push_str("</svg>\n");
    svg
}

fn x(times: f64) -> f64 {
    times.log2() / 3.0 * WIDTH
}

fn y(ratio: f64) -> f64 {
    TOP + HEIGHT - (ratio.clamp(0.5, 8.0).log2() + 1.0) / 4.0 * HEIGHT
}

fn panel(svg: &mut String, left: f64, name: &str, steps: &[Line]) {
    let _ = writeln!(svg, "<text x=\"{left}\" y=\"22\" font-size=\"15\">cost over so many times the {name}</text>");
    for ratio in [0.5, 1.0, 2.0, 4.0, 8.0] {
        let (at, right) = (y(ratio), left + WIDTH);
        let _ = writeln!(svg, "<path d=\"M{left} {at}H{right}\" stroke=\"#dddddd\"/>");
        let _ = writeln!(svg, "<text x=\"{}\" y=\"{}\">{ratio} ×</text>", left - 40.0, at + 4.0);
    }
    for times in [1.0, 2.0, 4.0, 8.0] {
        let _ = writeln!(svg, "<text x=\"{}\" y=\"{}\">{times} ×</text>", left + x(times) - 8.0, TOP + HEIGHT + 18.0);
    }
    let (from, to) = (y(1.0), y(8.0));
    let _ =
        writeln!(svg, "<path d=\"M{left} {from}L{} {to}\" stroke=\"#999999\" stroke-dasharray=\"4 4\"/>", left + WIDTH);
    let Some(first) = steps.first() else { return };
    for (at, (label, base)) in first.values.iter().enumerate() {
        let colour = COLOURS.get(at).copied().unwrap_or("#000000");
        let mut path = String::new();
        for step in steps {
            let value = step.values.get(at).map_or(0.0, |(_, value)| *value);
            let letter = if path.is_empty() { 'M' } else { 'L' };
            let _ = write!(
                path,
                "{letter}{:.1} {:.1}",
                left + x(f64::from(step.times)),
                y(value / base.max(f64::MIN_POSITIVE))
            );
        }
        let _ = writeln!(svg, "<path d=\"{path}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>");
        let down = TOP + HEIGHT + 40.0 + at as f64 * 16.0;
        let _ = writeln!(svg, "<text x=\"{left}\" y=\"{down}\" fill=\"{colour}\">{label}</text>");
    }
}
