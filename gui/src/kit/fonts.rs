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

    /// The font file of this weight.
    pub fn file(self) -> &'static [u8] {
        match self {
            Self::Regular => include_bytes!("../../fonts/Regular.ttf"),
            Self::Italic => include_bytes!("../../fonts/Italic.ttf"),
            Self::Strong => include_bytes!("../../fonts/SemiBold.ttf"),
            Self::Bold => include_bytes!("../../fonts/Bold.ttf"),
        }
    }
}

/// The fonts to hand to egui. Its own come after ours, for the few signs that ours lacks.
pub fn definitions() -> FontDefinitions {
    let mut fonts = FontDefinitions::default();
    let fallback = fonts.families.get(&FontFamily::Proportional).cloned().unwrap_or_default();
    let names = [
        (Weight::Regular, "atkinson-400"),
        (Weight::Italic, "atkinson-400-italic"),
        (Weight::Strong, "atkinson-600"),
        (Weight::Bold, "atkinson-700"),
    ];
    for (weight, name) in names {
        fonts.font_data.insert(name.to_owned(), Arc::new(FontData::from_static(weight.file())));
        let names = std::iter::once(name.to_owned()).chain(fallback.iter().cloned()).collect();
        fonts.families.insert(weight.family(), names);
    }
    fonts
}
