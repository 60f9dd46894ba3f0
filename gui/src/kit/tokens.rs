//! Colours: one table a theme, the only place in the client where a colour is made.
//!
//! The values are those of `gui/data/tokens.csv`; a test compares them and measures contrast.
//!
//! Not here: shapes (see [`super::status`]) and sizes (see [`super::size`]).

use egui::Color32;
use muster_school::view::status::Status;

/// Which table of colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// Dark words on a light ground.
    #[default]
    Light,
    /// Light words on a dark ground.
    Dark,
    /// Black on white with lines of 2 points: for sun, gloves and weak eyes.
    HighContrast,
}

/// The colours of one theme.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tokens {
    /// Window.
    pub bg: Color32,
    /// Panels, rows, fields.
    pub surface: Color32,
    /// Chips, table heads, touch action cells.
    pub raised: Color32,
    /// Chosen row or item.
    pub selected: Color32,
    /// Old data, check rows, rejected code.
    pub warn: Color32,
    /// A problem in place; the words on it are `text`.
    pub alert: Color32,
    /// Between rows; decoration only.
    pub line: Color32,
    /// Outline of a control.
    pub edge: Color32,
    /// Words.
    pub text: Color32,
    /// Secondary words, never the only copy of a fact.
    pub muted: Color32,
    /// Main button, link, corner mark.
    pub accent: Color32,
    /// Text and shapes on `accent` or on a status fill.
    pub on: Color32,
    /// Focus ring.
    pub focus: Color32,
    /// The statuses, in the order of [`Status::ALL`].
    pub status: [Color32; 16],
}

const fn hex(value: u32) -> Color32 {
    let [_, red, green, blue] = value.to_be_bytes();
    Color32::from_rgb(red, green, blue)
}

const LIGHT: Tokens = Tokens {
    bg: hex(0xF4F5F2),
    surface: hex(0xFFFFFF),
    raised: hex(0xE9ECE8),
    selected: hex(0xE3EEF3),
    warn: hex(0xFBEBD3),
    alert: hex(0xFBE4E3),
    line: hex(0xCDD3CE),
    edge: hex(0x737D78),
    text: hex(0x1A2320),
    muted: hex(0x515C57),
    accent: hex(0x0B5876),
    on: hex(0xFFFFFF),
    focus: hex(0x1746C8),
    status: [
        hex(0x2C6C4E),
        hex(0x574000),
        hex(0x562A85),
        hex(0xAA1B34),
        hex(0x2A6097),
        hex(0x59625F),
        hex(0x9A500B),
        hex(0x9A500B),
        hex(0x2C6C4E),
        hex(0x1A2320),
        hex(0x1A2320),
        hex(0x1A5FA3),
        hex(0xA3122B),
        hex(0x3B1E63),
        hex(0x1D4B50),
        hex(0x5C6461),
    ],
};

const DARK: Tokens = Tokens {
    bg: hex(0x12181A),
    surface: hex(0x1B2326),
    raised: hex(0x273236),
    selected: hex(0x1F3A46),
    warn: hex(0x43311A),
    alert: hex(0x48262A),
    line: hex(0x3A474C),
    edge: hex(0x84949A),
    text: hex(0xE9EFED),
    muted: hex(0xB3BFBD),
    accent: hex(0x83CBE6),
    on: hex(0x10181A),
    focus: hex(0xFFD84D),
    status: [
        hex(0x6EE5C2),
        hex(0xE8CB90),
        hex(0xE9C3FF),
        hex(0xF5918A),
        hex(0x6AA6F3),
        hex(0xA9ADB3),
        hex(0xF79A62),
        hex(0xF79A62),
        hex(0x6EE5C2),
        hex(0xE9EFED),
        hex(0xE9EFED),
        hex(0x6FB0F5),
        hex(0xFF9C95),
        hex(0xEBDCFF),
        hex(0x9FE3E0),
        hex(0xA9ADB3),
    ],
};

const HIGH_CONTRAST: Tokens = Tokens {
    bg: hex(0xFFFFFF),
    surface: hex(0xFFFFFF),
    raised: hex(0xF0F0F0),
    selected: hex(0xE4F0FF),
    warn: hex(0xFFEFC2),
    alert: hex(0xFFE3E3),
    line: hex(0x000000),
    edge: hex(0x000000),
    text: hex(0x000000),
    muted: hex(0x333333),
    accent: hex(0x003B5C),
    on: hex(0xFFFFFF),
    focus: hex(0x0033CC),
    status: [
        hex(0x0B5A38),
        hex(0x443000),
        hex(0x3C1264),
        hex(0x8C0020),
        hex(0x1F4A86),
        hex(0x3D4648),
        hex(0x8A3F00),
        hex(0x8A3F00),
        hex(0x0B5A38),
        hex(0x000000),
        hex(0x000000),
        hex(0x004C94),
        hex(0x8C0020),
        hex(0x2B0A4A),
        hex(0x003A3F),
        hex(0x4A5254),
    ],
};

impl Tokens {
    /// The table of a theme.
    pub fn of(theme: Theme) -> &'static Self {
        match theme {
            Theme::Light => &LIGHT,
            Theme::Dark => &DARK,
            Theme::HighContrast => &HIGH_CONTRAST,
        }
    }

    /// The colour of a status.
    pub fn status(&self, status: Status) -> Color32 {
        let place = Status::ALL.iter().position(|one| *one == status).unwrap_or_default();
        self.status.get(place).copied().unwrap_or(self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = include_str!("../../data/tokens.csv");

    fn table_rows() -> Vec<Vec<&'static str>> {
        TABLE.lines().skip(1).map(|line| line.split(',').collect()).collect()
    }

    fn value(tokens: &Tokens, name: &str) -> Color32 {
        match name {
            "bg" => tokens.bg,
            "surface" => tokens.surface,
            "raised" => tokens.raised,
            "selected" => tokens.selected,
            "warn" => tokens.warn,
            "alert" => tokens.alert,
            "line" => tokens.line,
            "edge" => tokens.edge,
            "text" => tokens.text,
            "muted" => tokens.muted,
            "accent" => tokens.accent,
            "on" => tokens.on,
            "focus" => tokens.focus,
            "present" => tokens.status(Status::Present),
            "late" => tokens.status(Status::Late),
            "abs-auth" => tokens.status(Status::AbsentAuthorised),
            "abs-unauth" => tokens.status(Status::AbsentUnauthorised),
            "off-site" => tokens.status(Status::OffSite),
            "not-marked" => tokens.status(Status::NotMarked),
            "must-call" => tokens.status(Status::MustCall),
            "check" => tokens.status(Status::Check),
            "found" => tokens.status(Status::Found),
            "not-found" => tokens.status(Status::NotFound),
            "drill" => tokens.status(Status::Drill),
            "real" => tokens.status(Status::Real),
            "kept-inside" => tokens.status(Status::KeptInside),
            "synced" => tokens.status(Status::Synced),
            "unsynced" => tokens.status(Status::Unsynced),
            other => panic!("the table has a token the client does not: {other}"),
        }
    }

    fn luminance(colour: Color32) -> f64 {
        let part = |byte: u8| {
            let share = f64::from(byte) / 255.0;
            if share <= 0.04045 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * part(colour.r()) + 0.7152 * part(colour.g()) + 0.0722 * part(colour.b())
    }

    fn contrast(one: Color32, other: Color32) -> f64 {
        let (one, other) = (luminance(one), luminance(other));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    const THEMES: [(Theme, usize); 3] = [(Theme::Light, 1), (Theme::Dark, 2), (Theme::HighContrast, 3)];

    #[test]
    fn every_colour_is_the_one_in_the_token_table() {
        for row in table_rows() {
            for (theme, column) in THEMES {
                let want = u32::from_str_radix(row[column].trim_start_matches('#'), 16).unwrap();
                assert_eq!(value(Tokens::of(theme), row[0]), hex(want), "{} in {theme:?}", row[0]);
            }
        }
    }

    #[test]
    fn every_colour_can_be_read_on_every_ground_in_every_theme() {
        for (theme, _) in THEMES {
            let tokens = Tokens::of(theme);
            let grounds = [tokens.bg, tokens.surface, tokens.raised, tokens.selected, tokens.warn, tokens.alert];
            for row in table_rows() {
                let Ok(floor) = row[4].parse::<f64>() else { continue };
                let worst = grounds.iter().map(|ground| contrast(value(tokens, row[0]), *ground)).fold(99.0, f64::min);
                assert!(worst >= floor, "{} in {theme:?}: {worst:.2} is under {floor}", row[0]);
            }
        }
    }

    #[test]
    fn words_on_a_button_or_on_the_band_of_an_event_can_be_read() {
        for (theme, _) in THEMES {
            let tokens = Tokens::of(theme);
            let fills = [Status::Drill, Status::Real, Status::KeptInside].map(|status| tokens.status(status));
            for fill in fills.into_iter().chain([tokens.accent]) {
                assert!(contrast(tokens.on, fill) >= 4.5, "{theme:?} {fill:?}");
            }
        }
    }
}
