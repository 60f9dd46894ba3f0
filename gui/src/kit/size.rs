//! Sizes in points: space, rows, controls, strokes. One point is one logical point of egui.

/// Margin of a screen, and between panels.
pub const MARGIN: f32 = 16.0;
/// Between panels of a dense grid.
pub const GAP: f32 = 12.0;
/// Between touch targets.
pub const TOUCH_GAP: f32 = 8.0;
/// A row of a grid on a desktop: 19 of them stand on a screen of 1280x800.
pub const ROW: f32 = 32.0;
/// A row of two lines.
pub const ROW_TALL: f32 = 43.0;
/// A row of the list of devices.
pub const ROW_DEVICE: f32 = 40.0;
/// A row of the fire register.
pub const ROW_FIRE: f32 = 54.0;
/// A row of a roll call; never under 56, for gloves.
pub const ROW_CALL: f32 = 60.0;
/// A card of the touch register.
pub const CARD: f32 = 84.0;
/// A control on a desktop: our floor for anything that can be pressed.
pub const CONTROL: f32 = 32.0;
/// A control under a finger.
pub const CONTROL_TOUCH: f32 = 48.0;
/// The header on a desktop.
pub const HEADER: f32 = 48.0;
/// The header under a finger, and on the lock screen.
pub const HEADER_TOUCH: f32 = 64.0;
/// The band of an event.
pub const BAND: f32 = 56.0;
/// The navigation.
pub const NAVIGATION: f32 = 164.0;
/// The panel beside a register.
pub const SIDE: f32 = 216.0;
/// The panel beside the audit.
pub const DETAIL: f32 = 256.0;
/// Corners of controls, chips and tags.
pub const RADIUS: f32 = 4.0;
/// Corners of panels, cards and emergency buttons.
pub const RADIUS_PANEL: f32 = 8.0;
/// The focus ring.
pub const FOCUS: f32 = 2.5;
/// Below this width the navigation becomes a menu and side panels go under the grid.
pub const NARROW: f32 = 900.0;
