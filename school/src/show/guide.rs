//! The quick reference for taking the register at a site: times, steps, codes in use, whom to ask.
//!
//! Made from the site's own settings and the code table of the day, so that it cannot be out of date.

use crate::calendar::{Day, Half, clock};
use crate::codes::Class;
use crate::known::Known;
use crate::view::guide::GuideView;
use muster_core::id::PlaceId;

/// The quick reference of a site on a day.
pub fn guide(known: &Known, site: PlaceId, today: Day) -> GuideView {
    let school = known.school();
    let times = [Half::Am, Half::Pm].into_iter().map(|half| {
        let of = school.half_times(site, half);
        let name = if half == Half::Am { "Morning" } else { "Afternoon" };
        format!(
            "{name}: begins {}, register open until {}, to be complete by {}.",
            clock(of.start),
            clock(of.close),
            clock(of.deadline)
        )
    });
    // Set by the calendar, never by hand: no use on this page.
    let in_use = school.codes().in_use(today);
    let by_hand = in_use.iter().filter(|info| info.class != Class::NotCollected);
    let codes = by_hand.map(|info| (info.code.to_string(), info.short.clone())).collect();
    let own = school.guide(site);
    let mut ask: Vec<String> = own.map(|own| own.ask.clone()).into_iter().filter(|words| !words.is_empty()).collect();
    if ask.is_empty() {
        ask.push("Ask the office or your site lead.".to_owned());
    }
    ask.extend(own.map(|own| own.note.clone()).filter(|note| !note.is_empty()));
    GuideView {
        title: format!("Taking the register at {}", known.site_name(site)),
        times: times.collect(),
        steps: STEPS.map(str::to_owned).to_vec(),
        codes,
        ask,
    }
}

const STEPS: [&str; 8] = [
    "Sign in, press Ctrl+2 and open your class. No network is needed: marks are kept on the device and travel later.",
    "Type a code for each pupil; the next row follows by itself. On a tablet: tap once for present, twice for absent.",
    "Or mark only who is not there, and press Ctrl+M: everybody without a mark or a plan is marked present.",
    "Late while the register is open is L with the minutes. Whoever comes after it has closed is U, or a code that fits better.",
    "Absent and nobody knows why: N. The office calls home today, and the reason must be in within five school days.",
    "What is in italics was planned before: press Enter on it if it is so, or type what is.",
    "A child who is here and not on the list is added at the foot of the list, with a name.",
    "Press Ctrl+Enter when everybody has a mark. A change after the register has closed asks why, and the first mark stays to be seen.",
];
