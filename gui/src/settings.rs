//! What a user may set: theme, size, touch, motion. Kept by the program, not here.

use crate::kit::tokens::Theme;

/// Which theme is wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ThemeChoice {
    /// As the system has it.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
    /// High contrast.
    HighContrast,
}

impl ThemeChoice {
    /// All, in the order they are offered.
    pub const ALL: [Self; 4] = [Self::System, Self::Light, Self::Dark, Self::HighContrast];

    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Self::System => "As the system has it",
            Self::Light => "Light",
            Self::Dark => "Dark",
            Self::HighContrast => "High contrast",
        }
    }

    /// The theme, given what the system wants.
    pub fn theme(self, system_dark: bool) -> Theme {
        match self {
            Self::System if system_dark => Theme::Dark,
            Self::System | Self::Light => Theme::Light,
            Self::Dark => Theme::Dark,
            Self::HighContrast => Theme::HighContrast,
        }
    }
}

/// The sizes of text that are offered, in percent. Points, rows and shapes grow together.
pub const SIZES: [u16; 5] = [100, 125, 150, 175, 200];

/// The settings of this device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Theme.
    pub theme: ThemeChoice,
    /// Size of text in percent, 100 to 200.
    pub size_percent: u16,
    /// Cards and targets of 48 points.
    pub touch: bool,
    /// Nothing fades or closes up.
    pub reduce_motion: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self { theme: ThemeChoice::System, size_percent: 100, touch: false, reduce_motion: false }
    }
}

impl Settings {
    /// How much larger than drawn: 1 to 2.
    pub fn zoom(&self) -> f32 {
        f32::from(self.size_percent.clamp(100, 200)) / 100.0
    }
}
