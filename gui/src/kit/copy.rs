//! A button that copies words, and says that it has: a clipboard cannot be seen.

use egui::{Id, Ui};

/// How long it says so, in seconds.
const SAID_SECS: f64 = 4.0;

/// What the button says: its own words, or for some seconds after a press that they were copied.
pub fn words<'w>(ui: &Ui, salt: &str, words: &'w str) -> &'w str {
    let since: Option<f64> = ui.data(|data| data.get_temp(Id::unique(("copied", salt))));
    let now = ui.input(|input| input.time);
    if since.is_some_and(|since| now < since + SAID_SECS) { "Copied" } else { words }
}

/// Copies, and remembers when. Read out by a screen reader, too.
pub fn copy(ui: &Ui, salt: &str, text: String) {
    let now = ui.input(|input| input.time);
    ui.data_mut(|data| data.insert_temp(Id::unique(("copied", salt)), now));
    ui.ctx().copy_text(text);
    ui.ctx().request_repaint_after_secs(SAID_SECS as f32);
}
