//! Drills, restores and requests to have something back, in sentences.

use super::{Draft, Teller, spoken};
use crate::facts::Value as _;
use crate::facts::continuity::{BackupsSet, ContinuityFact, RequestFact, Stage};
use crate::view::Span;
use muster_core::document::fact::Held;

impl Teller<'_> {
    pub(super) fn read_continuity(&self, draft: &mut Draft, held: Held<'_>) -> Option<()> {
        let what = match ContinuityFact::decode(held.fact.kind, &held.fact.value).ok()? {
            ContinuityFact::Proven(proven) if proven.sound => format!(
                "proved the backup of {}: {} entries restored in {}, every chain checked",
                spoken(proven.taken_ms),
                proven.entries,
                seconds(proven.restore_ms)
            ),
            ContinuityFact::Proven(proven) if proven.holds() => {
                format!(
                    "tried the backup of {}: what is in it is whole, and it lacks something",
                    spoken(proven.taken_ms)
                )
            }
            ContinuityFact::Proven(proven) => {
                format!("tried the backup of {}, and it FAILED the drill", spoken(proven.taken_ms))
            }
            ContinuityFact::Restored(restored) => format!(
                "was restored from the backup of {}{}: {} entries",
                spoken(restored.taken_ms),
                if restored.by_cards { " with two recovery cards" } else { "" },
                restored.entries
            ),
            ContinuityFact::Opened(opened) if opened.left_out > 0 => {
                format!("found that the backup lacks entries that were damaged on the device: {}", opened.left_out)
            }
            ContinuityFact::Opened(opened) => {
                let documents: u64 = opened.areas.iter().map(|area| u64::from(area.opened)).sum();
                format!(
                    "opened from it {documents} documents, a fire register with {} people, and the keys of {} people",
                    opened.people_on_fire, opened.people_with_keys
                )
            }
            ContinuityFact::BackupsSet(BackupsSet { daily: true }) => "was set to back up every day".to_owned(),
            ContinuityFact::BackupsSet(BackupsSet { daily: false }) => "was set to back up by hand only".to_owned(),
            ContinuityFact::Unknown { .. } => return None,
        };
        self.say(draft, held, vec![Span::plain(what)], "");
        Some(())
    }

    pub(super) fn read_request(&self, draft: &mut Draft, held: Held<'_>) -> Option<()> {
        let what = match RequestFact::decode(held.fact.kind, &held.fact.value).ok()? {
            RequestFact::Asked(asked) => format!("asked to have something back: {}", asked.what),
            RequestFact::Answered(answered) => {
                let stage = match answered.stage {
                    Stage::InHand => "took up a request to have something back",
                    Stage::Done => "did what a request to have something back asked",
                    Stage::NotDone => "turned down a request to have something back",
                };
                if answered.words.is_empty() { stage.to_owned() } else { format!("{stage}: {}", answered.words) }
            }
            RequestFact::Unknown { .. } => return None,
        };
        self.say(draft, held, vec![Span::plain(what)], "");
        Some(())
    }
}

/// `0.8 seconds`.
fn seconds(ms: u32) -> String {
    format!("{}.{} seconds", ms / 1_000, ms % 1_000 / 100)
}
