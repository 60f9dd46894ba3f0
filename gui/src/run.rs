//! Opening the native window.

use crate::app::App;
use crate::engine::Engine;
use crate::kit::look::install_fonts;
use crate::settings::Settings;
use eframe::egui;

/// How the window opens.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The settings this device had.
    pub settings: Settings,
    /// Words in the title bar after `Muster`: the school's name, never a person's.
    pub title: String,
}

/// Why no window opened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RunError {
    /// Neither `DISPLAY` nor `WAYLAND_DISPLAY` is set.
    #[error(
        "there is no display: neither DISPLAY nor WAYLAND_DISPLAY is set. Start Muster from a desktop, or use its other commands here"
    )]
    NoDisplay,
    /// There is a display, and it did not let a window open.
    #[error("the window did not open; try again from a desktop with working graphics: {0}")]
    Window(String),
}

/// True when this device has a display to open a window on.
pub fn has_display() -> bool {
    if !cfg!(target_os = "linux") {
        return true;
    }
    ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
}

/// Opens the window and stays until it is closed.
///
/// # Errors
///
/// [`RunError::NoDisplay`] where there is nothing to open a window on, and [`RunError::Window`] where the display
/// refused one.
pub fn run(engine: Box<dyn Engine>, options: Options) -> Result<(), RunError> {
    if !has_display() {
        return Err(RunError::NoDisplay);
    }
    let title = if options.title.is_empty() { "Muster".to_owned() } else { format!("Muster, {}", options.title) };
    let viewport = egui::ViewportBuilder::default()
        .with_title(&title)
        .with_app_id("muster")
        .with_inner_size([1280.0, 800.0])
        .with_min_inner_size([480.0, 300.0]);
    let native = eframe::NativeOptions { viewport, ..eframe::NativeOptions::default() };
    let settings = options.settings;
    let create: eframe::AppCreator<'_> = Box::new(move |creation| {
        install_fonts(&creation.egui_ctx);
        let mut engine = engine;
        let ctx = creation.egui_ctx.clone();
        engine.wake_with(Box::new(move || ctx.request_repaint()));
        Ok(Box::new(App::new(engine, settings)))
    });
    eframe::run_native("muster", native, create).map_err(|error| RunError::Window(error.to_string()))
}
