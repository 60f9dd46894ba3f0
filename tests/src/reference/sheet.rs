//! The third opinion: a register as a sheet of paper. Every mark that was acknowledged is a row, in the order in which
//! they were, with what its author could read at that time; what shows is worked out from the rows alone, with no look
//! at what any device holds.

use muster_core::document::fact::FactRef;
use muster_core::id::{ActId, DocumentId, PersonId, SeatId};
use muster_core::time::Moment;
use muster_school::calendar::Session;
use muster_school::codes::Code;
use muster_school::ids::PupilId;
use std::collections::{BTreeMap, BTreeSet};

/// One acknowledged mark.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its name.
    pub name: FactRef,
    /// In which register.
    pub document: DocumentId,
    /// Whose.
    pub pupil: PupilId,
    /// When.
    pub session: Session,
    /// What was asked for; `None` takes a mark back.
    pub code: Option<Code>,
    /// Minutes late.
    pub minutes: Option<u16>,
    /// Why, for an amendment.
    pub reason: Option<String>,
    /// Who wrote.
    pub person: Option<PersonId>,
    /// As which seat.
    pub seat: SeatId,
    /// What the author's clock said.
    pub at: Moment,
    /// The act it is part of.
    pub act: ActId,
    /// Every mark of the same pupil, session and register that its author could read, replaced ones too.
    pub seen: BTreeSet<FactRef>,
    /// For a person who looks for it.
    pub told: String,
}

/// What shows of a pupil in a session.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shown {
    /// The mark that shows.
    pub shown: Option<FactRef>,
    /// Every mark that nothing replaces.
    pub standing: BTreeSet<FactRef>,
    /// They say different things.
    pub conflict: bool,
}

/// The rows, in the order in which they were acknowledged.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    rows: Vec<Row>,
    /// Beside each row: what it takes the place of, and how long the chain below it is.
    below: Vec<(BTreeSet<FactRef>, usize)>,
    places: BTreeMap<FactRef, usize>,
    of: BTreeMap<(PupilId, Session), Vec<usize>>,
}

impl Sheet {
    /// One more. It takes the place of all that its author could read and that nothing they could read replaced.
    ///
    /// # Panics
    /// When a row of that name is there, or its author read a mark that nobody was told is saved.
    pub fn add(&mut self, row: Row) {
        let seen: Vec<usize> = row.seen.iter().map(|name| self.place(name)).collect();
        let gone: BTreeSet<FactRef> = seen.iter().flat_map(|one| self.below[*one].0.iter().copied()).collect();
        let replaced: BTreeSet<FactRef> = row.seen.difference(&gone).copied().collect();
        let depth = replaced.iter().map(|name| 1 + self.below[self.place(name)].1).max().unwrap_or(0);
        let place = self.rows.len();
        assert!(self.places.insert(row.name, place).is_none(), "two marks of one name: {row:?}");
        self.of.entry((row.pupil, row.session)).or_default().push(place);
        self.rows.push(row);
        self.below.push((replaced, depth));
    }

    /// All rows.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The place of a row in the order of all, from 0.
    ///
    /// # Panics
    /// When there is no such row.
    pub fn place(&self, name: &FactRef) -> usize {
        *self.places.get(name).unwrap_or_else(|| panic!("a mark shows that was never acknowledged: {name:?}"))
    }

    /// The row of a name.
    ///
    /// # Panics
    /// When there is none.
    pub fn row(&self, name: &FactRef) -> &Row {
        &self.rows[self.place(name)]
    }

    /// The rows of somebody, under any of these ids, in a session.
    pub fn of(&self, whose: &[PupilId], session: Session) -> Vec<&Row> {
        let places = whose.iter().flat_map(|one| self.of.get(&(*one, session)).into_iter().flatten());
        places.map(|place| &self.rows[*place]).collect()
    }

    /// Who has rows, and in which sessions.
    pub fn marked(&self) -> impl Iterator<Item = &(PupilId, Session)> {
        self.of.keys()
    }

    /// What a row takes the place of.
    pub fn replaces(&self, row: &Row) -> &BTreeSet<FactRef> {
        &self.below[self.place(&row.name)].0
    }

    fn depth(&self, row: &Row) -> usize {
        self.below[self.place(&row.name)].1
    }

    /// What shows: of the rows that no other replaces, one with a code before one taken back, an amendment before a
    /// mark, the end of the longest chain, the greatest name.
    pub fn shows(&self, whose: &[PupilId], session: Session) -> Shown {
        let rows = self.of(whose, session);
        let gone: BTreeSet<&FactRef> = rows.iter().flat_map(|row| self.replaces(row)).collect();
        let stand: Vec<&Row> = rows.into_iter().filter(|row| !gone.contains(&row.name)).collect();
        let said: BTreeSet<_> = stand
            .iter()
            .filter(|row| row.code.is_some() || row.reason.is_some())
            .map(|row| (row.code, row.minutes))
            .collect();
        let first =
            stand.iter().max_by_key(|row| (row.code.is_some(), row.reason.is_some(), self.depth(row), row.name));
        Shown {
            shown: first.filter(|row| row.code.is_some()).map(|row| row.name),
            standing: stand.iter().map(|row| row.name).collect(),
            conflict: said.len() > 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use muster_core::id::EntryHash;
    use muster_core::id::PlaceId;
    use muster_school::calendar::Day;
    use muster_school::facts::documents;
    use muster_school::ids::GroupId;

    fn name(number: u8) -> FactRef {
        FactRef { entry: EntryHash([number; 32]), index: 0 }
    }

    fn row(number: u8, code: &str, reason: Option<&str>, seen: &[u8]) -> Row {
        let monday = Day::new(2027, 1, 4).unwrap();
        Row {
            name: name(number),
            document: documents::register(PlaceId::ZERO, GroupId([1; 16]), monday),
            pupil: PupilId([2; 16]),
            session: Session::am(monday),
            code: Code::new(code),
            minutes: None,
            reason: reason.map(str::to_owned),
            person: None,
            seat: SeatId([3; 32]),
            at: Moment::utc(0),
            act: ActId([number; 16]),
            seen: seen.iter().copied().map(name).collect(),
            told: String::new(),
        }
    }

    fn shows(rows: impl IntoIterator<Item = Row>) -> (Option<FactRef>, usize, bool) {
        let mut sheet = Sheet::default();
        let mut at = None;
        for row in rows {
            at = Some((row.pupil, row.session));
            sheet.add(row);
        }
        let (pupil, session) = at.unwrap();
        let shown = sheet.shows(&[pupil], session);
        (shown.shown, shown.standing.len(), shown.conflict)
    }

    #[test]
    fn whoever_could_read_a_mark_replaces_it_and_whoever_could_not_contradicts_it() {
        assert_eq!(shows([row(1, "/", None, &[]), row(2, "I", None, &[1])]), (Some(name(2)), 1, false));
        assert_eq!(shows([row(9, "/", None, &[]), row(2, "I", None, &[])]), (Some(name(9)), 2, true));
        assert_eq!(
            shows([row(1, "/", None, &[]), row(2, "/", None, &[])]),
            (Some(name(2)), 2, false),
            "both say the same"
        );
    }

    #[test]
    fn an_amendment_stands_over_a_mark_made_apart_and_a_settlement_over_both() {
        let apart = [row(9, "/", None, &[]), row(2, "N", None, &[]), row(3, "M", Some("letter"), &[2])];
        assert_eq!(shows(apart.clone()), (Some(name(3)), 2, true));
        let settled = apart.into_iter().chain([row(4, "/", Some("settled"), &[9, 2, 3])]);
        assert_eq!(shows(settled), (Some(name(4)), 1, false));
    }
}
