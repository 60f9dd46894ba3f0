//! Gathers what one act did into as few sentences as say it.

use super::{Draft, Line, Mark, NOTES, Teller};
use crate::calendar::Session;
use crate::codes::Codes;
use crate::facts::register::{Amendment, RegisterFact};
use crate::ids::GroupId;
use crate::view::Span;
use muster_core::document::fact::Origin;
use muster_core::id::EntryHash;
use std::collections::BTreeMap;

impl Teller<'_> {
    /// The sentences of one act.
    pub(in crate::story) fn finish(&self, draft: Draft) -> Vec<(EntryHash, Origin, Line)> {
        if let Some(moved) = draft.moved {
            return vec![moved];
        }
        let mut told = draft.lines;
        let mut plain: BTreeMap<(GroupId, Session), Vec<Mark>> = BTreeMap::new();
        for mark in draft.marks {
            plain.entry((mark.group, mark.session)).or_default().push(mark);
        }
        for ((group, session), marks) in plain {
            let Some(first) = marks.first() else { continue };
            let (entry, origin) = (first.entry, first.origin);
            let about = folded(marks.iter().map(|mark| self.pupil(mark.pupil)));
            let disagreeing: Vec<_> = marks.iter().filter(|mark| mark.disagrees).collect();
            let attention = disagreeing.first().map(|mark| {
                let rest = if disagreeing.len() > 1 { " and others" } else { "" };
                vec![
                    Span::plain("Another mark of "),
                    Span::strong(self.pupil(mark.pupil)),
                    Span::plain(format!("{rest} says something else. Both are kept until somebody settles it.")),
                ]
            });
            let what = match marks.as_slice() {
                [one] => self.one_mark(one),
                many => vec![
                    Span::plain("marked "),
                    Span::strong(format!("{} pupils", many.len())),
                    Span::plain(format!(" of {}, {}", self.group(group), session.long())),
                ],
            };
            let line = Line { what, about, attention, register: Some((group, session)) };
            told.push((entry, origin, line));
        }
        for (entry, _, line) in &mut told {
            if let (Some(of), Some(_)) = (draft.covers.get(entry), line.register) {
                line.what.push(Span::plain(format!(", in place of {of}")));
            }
        }
        match draft.notes.first() {
            Some((entry, origin, _)) if draft.notes.len() > NOTES => {
                let about = draft.notes.iter().map(|(_, _, line)| line.about.as_str()).collect::<Vec<_>>().join("\n");
                let what = vec![
                    Span::plain("added "),
                    Span::strong(format!("{} notes", draft.notes.len())),
                    Span::plain(" to marks"),
                ];
                told.push((*entry, *origin, Line { what, about, ..Line::default() }));
            }
            _ => told.extend(draft.notes),
        }
        for (place, (entry, origin, count)) in draft.imported {
            let what = vec![
                Span::plain("imported "),
                Span::strong(format!("{count} marks")),
                Span::plain(format!(" of {}", self.known.site_name(place))),
            ];
            told.push((entry, origin, Line { what, ..Line::default() }));
        }
        for ((one, many), (entry, origin, count, names)) in draft.counted {
            let plain: Vec<&str> = names.iter().map(|name| name.split('\u{1f}').next().unwrap_or_default()).collect();
            let spans = match plain.as_slice() {
                [""] => vec![Span::plain(one)],
                [name] => vec![Span::plain(format!("{one} ")), Span::strong(*name)],
                _ => {
                    let (before, after) = many.split_once('#').unwrap_or((many, ""));
                    vec![Span::plain(before), Span::strong(format!("{count}{after}"))]
                }
            };
            let about = folded(plain.iter().filter(|name| !name.is_empty()));
            told.push((entry, origin, Line { what: spans, about, ..Line::default() }));
        }
        told
    }

    fn one_mark(&self, mark: &Mark) -> Vec<Span> {
        let name = Span::strong(self.pupil(mark.pupil));
        let group = self.group(mark.group);
        let session = mark.session.long();
        let words = |fact: &RegisterFact| code_words(self.known.school().codes(), fact, mark.session);
        match (&mark.fact, &mark.before) {
            (RegisterFact::Amendment(Amendment { reason, code, .. }), before) => {
                let old = before.as_ref().and_then(RegisterFact::code).map_or("no mark".to_owned(), |c| c.to_string());
                let new = code.map_or_else(|| "no mark".to_owned(), |code| code.to_string());
                vec![
                    Span::plain("changed "),
                    name,
                    Span::plain(format!(", {group}, {session}: {old} to {new}. Reason: “{reason}”")),
                ]
            }
            (RegisterFact::Cleared(_), _) => {
                vec![Span::plain("took back the mark of "), name, Span::plain(format!(", {group}, {session}"))]
            }
            (fact, Some(before)) if before.code().is_some() => vec![
                Span::plain("changed "),
                name,
                Span::plain(format!(", {group}, {session}: {} to {}", words(before), words(fact))),
            ],
            (fact, _) => {
                vec![Span::plain("marked "), name, Span::plain(format!(" {}, {group}, {session}", words(fact)))]
            }
        }
    }
}

/// Names for search, one a line.
fn folded(names: impl Iterator<Item = impl AsRef<str>>) -> String {
    names.map(|name| crate::names::fold(name.as_ref())).collect::<Vec<_>>().join("\n")
}

fn code_words(codes: &Codes, fact: &RegisterFact, session: Session) -> String {
    let Some(code) = fact.code() else { return "no mark".to_owned() };
    let meaning = codes.ever(code, session.day).map_or_else(|| code.to_string(), |info| info.short.to_lowercase());
    match fact.minutes() {
        Some(1) => format!("{meaning}, 1 minute"),
        Some(minutes) => format!("{meaning}, {minutes} minutes"),
        None => meaning,
    }
}
