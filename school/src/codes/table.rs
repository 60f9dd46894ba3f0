//! The table of codes: the law's, and over it the rows that a school read in from a newer list.
//!
//! Promises: a code means on a day what the newest row valid on that day says; nobody's list takes a meaning away
//! from a day on which the law's had one, unless it has a row for that very code and beginning.
//!
//! Not here: what stands beside a code (see `beside`).

use super::{Age, Class, Code, CodeError, CodeInfo, Needs, OnSite};
use crate::calendar::{Day, Half, Session};
use crate::limits::{CODE_ROWS, NAME_CHARS, TEXT_CHARS};
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

/// The codes of a school. Cloning shares them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Codes(Arc<BTreeMap<Code, Vec<CodeInfo>>>);

/// A row of a list that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {why}")]
pub struct BadRow {
    /// Its line in the file, from 1.
    pub line: u64,
    /// What would be right.
    pub why: String,
}

impl Default for Codes {
    fn default() -> Self {
        Self::of_law()
    }
}

impl Codes {
    /// The law's: `data/attendance_codes.csv`.
    pub fn of_law() -> Self {
        static LAW: OnceLock<Codes> = OnceLock::new();
        LAW.get_or_init(|| {
            let rows = Self::read(include_str!("../../data/attendance_codes.csv")).unwrap_or_default();
            Self::collected(rows)
        })
        .clone()
    }

    fn collected(rows: Vec<CodeInfo>) -> Self {
        let mut table: BTreeMap<Code, Vec<CodeInfo>> = BTreeMap::new();
        for row in rows {
            table.entry(row.code).or_default().push(row);
        }
        for rows in table.values_mut() {
            rows.sort_by_key(|row| row.from);
        }
        Self(Arc::new(table))
    }

    /// These codes with the rows of a newer list over them: a row takes the place of one of the same code and first
    /// day, and an older row without an end ends the day before.
    #[must_use]
    pub fn with<'a>(&self, rows: impl IntoIterator<Item = &'a CodeInfo>) -> Self {
        let mut table: Vec<CodeInfo> = self.0.values().flatten().cloned().collect();
        for row in rows {
            let mut row = row.clone();
            if let Some(held) = table.iter().find(|held| row.is_told_by(held)) {
                row.rule.clone_from(&held.rule);
            }
            table.retain(|held| (held.code, held.from) != (row.code, row.from));
            for held in table.iter_mut().filter(|held| held.code == row.code) {
                if held.from < row.from
                    && let Some(from) = row.from
                    && held.to.is_none_or(|to| to >= from)
                {
                    held.to = Some(from.plus(-1));
                }
            }
            table.push(row);
        }
        Self::collected(table)
    }

    /// Reads a list in the shape of `data/attendance_codes.csv`: a header line, and a row a code.
    ///
    /// # Errors
    /// Every row that cannot be read, with what would be right; a list of which one row is wrong is not used.
    pub fn read(text: &str) -> Result<Vec<CodeInfo>, Vec<BadRow>> {
        // `#` and `\` are codes here: neither a comment nor an escape.
        let mut reader =
            csv::ReaderBuilder::new().comment(None).escape(None).flexible(true).from_reader(text.as_bytes());
        let bad = |line, why: String| BadRow { line, why };
        let head = reader.headers().cloned().map_err(|_| vec![bad(1, "the list is not CSV text".to_owned())])?;
        let head: Vec<_> = head.iter().map(|name| name.trim().to_lowercase()).collect();
        let missing: Vec<_> = ["code", "meaning", "class", "on_site"]
            .into_iter()
            .filter(|wanted| !head.iter().any(|name| name == wanted))
            .collect();
        if !missing.is_empty() {
            return Err(vec![bad(1, format!("the columns {} are missing", missing.join(", ")))]);
        }
        let (mut rows, mut wrong) = (Vec::new(), Vec::new());
        for record in reader.records() {
            let Ok(record) = record else {
                wrong.push(bad(0, "a row is not CSV text".to_owned()));
                break;
            };
            let line = record.position().map_or(0, csv::Position::line);
            // A comma outside quotation marks cuts a text in two, and everything after it stands in the wrong column.
            if record.len() != head.len() {
                let why = format!(
                    "this row has {} fields where the first line has {}: put a text that has a comma in it in quotation marks",
                    record.len(),
                    head.len()
                );
                wrong.push(bad(line, why));
                continue;
            }
            let field = |name: &str| {
                let at = head.iter().position(|known| known == name);
                at.and_then(|at| record.get(at)).unwrap_or("").trim()
            };
            match parse(field) {
                Ok(row) => rows.push(row),
                Err(why) => wrong.push(bad(line, why)),
            }
            if rows.len() + wrong.len() > CODE_ROWS {
                wrong.push(bad(line, format!("more than {CODE_ROWS} codes are no list of attendance codes")));
                break;
            }
        }
        if wrong.is_empty() { Ok(rows) } else { Err(wrong) }
    }

    /// A code as it was on a day; `None` when it was not in use then.
    pub fn on(&self, code: Code, day: Day) -> Option<&CodeInfo> {
        self.0.get(&code)?.iter().rfind(|row| row.is_valid_on(day))
    }

    /// A code as it was on a day, or as it ever was.
    pub fn ever(&self, code: Code, day: Day) -> Option<&CodeInfo> {
        self.on(code, day).or_else(|| self.0.get(&code)?.first())
    }

    /// What the law asks of a code on a day, in a sentence or two; empty where nothing needs saying.
    pub fn rule(&self, code: Code, day: Day) -> &str {
        self.on(code, day).map_or("", |row| row.rule.as_str())
    }

    /// Every row, of every time.
    pub fn rows(&self) -> impl Iterator<Item = &CodeInfo> {
        self.0.values().flatten()
    }

    /// The codes in use on a day, in the order of their characters.
    pub fn in_use(&self, day: Day) -> Vec<&CodeInfo> {
        self.0.keys().filter_map(|code| self.on(*code, day)).collect()
    }

    /// Whether a code could grow into a longer one on that day: `C`, `J` and `Y` do.
    pub fn could_grow(&self, code: Code, day: Day) -> bool {
        self.in_use(day).iter().any(|row| row.code != code && row.code.as_str().starts_with(code.as_str()))
    }

    /// Reads and checks a code as typed or imported for a session.
    ///
    /// # Errors
    /// Says what would be right.
    pub fn resolve(&self, text: &str, session: Session) -> Result<&CodeInfo, CodeError> {
        let unknown = || CodeError::Unknown(text.chars().take(8).collect());
        let code = Code::new(text.trim()).ok_or_else(unknown)?;
        let Some(info) = self.on(code, session.day) else {
            let longer: Vec<_> = self
                .in_use(session.day)
                .into_iter()
                .filter(|row| row.code != code && row.code.as_str().starts_with(code.as_str()))
                .map(|row| row.code.to_string())
                .collect();
            return Err(match (longer.as_slice(), self.ever(code, session.day)) {
                ([first], _) => CodeError::NeedsNumber(code.to_string(), first.clone()),
                ([first, .., last], _) => CodeError::NeedsNumber(code.to_string(), format!("{first} to {last}")),
                ([], Some(row)) if row.otherwise.is_empty() => {
                    CodeError::OtherTimes { code, hint: "look at the code table of that day".to_owned() }
                }
                ([], Some(row)) => CodeError::OtherTimes { code, hint: row.otherwise.clone() },
                ([], None) => unknown(),
            });
        };
        if let Some(only) = info.half.filter(|only| *only != session.half) {
            return Err(CodeError::OtherHalf { code, only: only.word(), instead: Code::present(session.half) });
        }
        Ok(info)
    }
}

fn parse<'a>(field: impl Fn(&str) -> &'a str) -> Result<CodeInfo, String> {
    let one_of = |name: &str, wanted: &str| format!("the column {name} has \"{}\": write {wanted}", field(name));
    let day = |name: &str| match field(name) {
        "" => Ok(None),
        text => Day::parse(text).map(Some),
    };
    let text = |name: &str, most: usize| {
        let text = field(name);
        let sound = text.chars().count() <= most && !text.chars().any(char::is_control);
        if sound { Ok(text.to_owned()) } else { Err(format!("the column {name} is longer than {most} characters")) }
    };
    let code = field("code");
    let code = Code::new(code).ok_or_else(|| format!("\"{code}\" is no code: one or two characters"))?;
    let (from, to) = (day("valid_from")?, day("valid_to")?);
    if let (Some(from), Some(to)) = (from, to)
        && to < from
    {
        return Err(format!("{code} ends before it begins"));
    }
    let meaning = text("meaning", TEXT_CHARS)?;
    let short = match text("short", NAME_CHARS)? {
        short if short.is_empty() => meaning.chars().take(NAME_CHARS).collect(),
        short => short,
    };
    Ok(CodeInfo {
        code,
        meaning,
        short,
        class: match field("class") {
            "attending" => Class::Attending,
            "approved_educational_activity" => Class::ApprovedActivity,
            "authorised_absence" => Class::Authorised,
            "unauthorised_absence" => Class::Unauthorised,
            "not_possible_attendance" => Class::NotPossible,
            "not_collected" => Class::NotCollected,
            _ => {
                return Err(one_of(
                    "class",
                    "attending, approved_educational_activity, authorised_absence, unauthorised_absence, \
                     not_possible_attendance or not_collected",
                ));
            }
        },
        on_site: match field("on_site") {
            "yes" => OnSite::Yes,
            "no" => OnSite::No,
            "arrival" => OnSite::Arrival,
            "unknown" => OnSite::Unknown,
            _ => return Err(one_of("on_site", "yes, no, arrival or unknown")),
        },
        half: match field("session") {
            "AM" => Some(Half::Am),
            "PM" => Some(Half::Pm),
            "" => None,
            _ => return Err(one_of("session", "AM, PM or nothing")),
        },
        needs: match field("needs") {
            "minutes" => Needs::Minutes,
            "note" => Needs::Note,
            "text" => Needs::Text,
            "" => Needs::Nothing,
            _ => return Err(one_of("needs", "minutes, note, text or nothing")),
        },
        age: match field("age") {
            "within" => Age::Within,
            "outside" => Age::Outside,
            "" => Age::Any,
            _ => return Err(one_of("age", "within, outside or nothing")),
        },
        agreed: text("agreed", NAME_CHARS)?,
        longest_days: match field("longest_days") {
            "" => None,
            days => Some(days.parse().map_err(|_| one_of("longest_days", "a number of school days or nothing"))?),
        },
        from,
        to,
        otherwise: text("otherwise", TEXT_CHARS)?,
        rule: text("notes", TEXT_CHARS)?,
    })
}
