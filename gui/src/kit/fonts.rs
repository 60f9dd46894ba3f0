//! Atkinson Hyperlegible Next in four files: each weight is a family of its own.
//!
//! The licence (SIL OFL 1.1) is beside the files in `gui/fonts`.

use egui::{FontData, FontDefinitions, FontFamily};
use std::sync::Arc;

/// A weight of the one typeface.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Weight {
    /// 400: nearly everything.
    #[default]
    Regular,
    /// 400 italic: planned, not confirmed, and nothing else.
    Italic,
    /// 600: the one word that matters, names, buttons.
    Strong,
    /// 700: band words and the biggest number.
    Bold,
}

impl Weight {
    /// The font family of this weight.
    pub fn family(self) -> FontFamily {
        match self {
            Self::Regular => FontFamily::Proportional,
            Self::Italic => FontFamily::Name("italic".into()),
            Self::Strong => FontFamily::Name("strong".into()),
            Self::Bold => FontFamily::Name("bold".into()),
        }
    }
}

/// The fonts to hand to egui. Its own come after ours, for the few signs that ours lacks.
pub fn definitions() -> FontDefinitions {
    let mut fonts = FontDefinitions::default();
    let fallback = fonts.families.get(&FontFamily::Proportional).cloned().unwrap_or_default();
    let files: [(Weight, &str, &'static [u8]); 4] = [
        (Weight::Regular, "atkinson-400", include_bytes!("../../fonts/Regular.ttf")),
        (Weight::Italic, "atkinson-400-italic", include_bytes!("../../fonts/Italic.ttf")),
        (Weight::Strong, "atkinson-600", include_bytes!("../../fonts/SemiBold.ttf")),
        (Weight::Bold, "atkinson-700", include_bytes!("../../fonts/Bold.ttf")),
    ];
    for (weight, name, bytes) in files {
        fonts.font_data.insert(name.to_owned(), Arc::new(FontData::from_static(bytes)));
        let names = std::iter::once(name.to_owned()).chain(fallback.iter().cloned()).collect();
        fonts.families.insert(weight.family(), names);
    }
    fonts
}
