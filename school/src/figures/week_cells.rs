//! What one register of a week shows: a row of cells for each pupil it has marks of, as the ledger takes it, and in
//! the bytes that are kept of it.
//!
//! It is a function of the register's facts alone, so that it can be kept beside them. Where a pupil has marks in
//! two registers of a week, the ledger looks at both again.

use super::Cell;
use crate::ids::PupilId;
use crate::register::current::WeekMarks;

/// Sessions of a week, Monday morning to Sunday afternoon.
pub(super) const PLACES: usize = 14;

/// The number under which the bytes are kept.
pub(super) const KEPT: u16 = 1;

/// Changed whenever the same facts would come to other cells, or to other bytes.
const VERSION: u8 = 1;

/// Pupils in order, each with what shows in the sessions of the week.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct WeekCells(pub(super) Vec<(PupilId, [Cell; PLACES])>);

impl WeekCells {
    pub(super) fn of(marks: &WeekMarks) -> Self {
        let mut rows: Vec<_> = marks.pupils().iter().map(|pupil| (*pupil, <[Cell; PLACES]>::default())).collect();
        for ((pupil, session), versions) in marks.iter() {
            let row = rows.binary_search_by_key(pupil, |(of, _)| *of).ok().and_then(|at| rows.get_mut(at));
            if let Some(cell) = row.and_then(|(_, cells)| cells.get_mut(usize::from(session.in_week()))) {
                *cell = Cell::of(versions);
            }
        }
        Self(rows)
    }

    pub(super) fn pupils(&self) -> Vec<PupilId> {
        self.0.iter().map(|(pupil, _)| *pupil).collect()
    }

    /// The bytes to keep; `None` only where memory ends.
    pub(super) fn encode(&self) -> Option<Vec<u8>> {
        let rows: Vec<(&[u8; 16], &[Cell; PLACES])> = self.0.iter().map(|(pupil, cells)| (&pupil.0, cells)).collect();
        postcard::to_extend(&rows, vec![VERSION]).ok()
    }

    /// Back from bytes; `None` for those of another version, or that are not in order.
    pub(super) fn decode(bytes: &[u8]) -> Option<Self> {
        let (&VERSION, body) = bytes.split_first()? else { return None };
        let (rows, rest) = postcard::take_from_bytes::<Vec<([u8; 16], [Cell; PLACES])>>(body).ok()?;
        let rows: Vec<_> = rows.into_iter().map(|(pupil, cells)| (PupilId(pupil), cells)).collect();
        let in_order = rows.windows(2).all(|pair| matches!(pair, [(one, _), (next, _)] if one < next));
        (rest.is_empty() && in_order).then_some(Self(rows))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codes::Code;

    #[test]
    fn what_is_kept_of_a_register_comes_back_and_damaged_bytes_are_as_none() {
        let mut cells = <[Cell; PLACES]>::default();
        cells[0] = Cell::Mark(Code::PRESENT_AM, None);
        cells[3] = Cell::Mark(Code::new("L").unwrap(), Some(12));
        cells[5] = Cell::Unsettled;
        let week = WeekCells(vec![(PupilId([1; 16]), cells), (PupilId([2; 16]), Default::default())]);
        let bytes = week.encode().unwrap();
        assert_eq!(WeekCells::decode(&bytes), Some(week.clone()));
        for length in 0..bytes.len() {
            assert_eq!(WeekCells::decode(&bytes[..length]), None, "cut at {length}");
        }
        assert_eq!(WeekCells::decode(&[bytes.as_slice(), &[0]].concat()), None);
        assert_eq!(WeekCells::decode(&[&[VERSION + 1], &bytes[1..]].concat()), None, "of another version");
        let twice = WeekCells(vec![week.0[0], week.0[0]]).encode().unwrap();
        assert_eq!(WeekCells::decode(&twice), None, "a pupil is there once");
    }
}
