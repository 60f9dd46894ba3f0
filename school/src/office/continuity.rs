//! Certificates of drills, restores, and requests to have something back.

use super::{Office, OfficeError};
use crate::continuity::{self, Request};
use crate::facts::continuity::{Answered, Asked, ContinuityFact, Opened, Proven, RequestFact, Stage};
use crate::facts::{Value as _, documents};
use muster_core::id::PlaceId;
use muster_core::replica::records::{Records, Written};

impl<R: Records> Office<'_, R> {
    /// Files what a drill found, or that records were restored, at a site.
    ///
    /// # Errors
    /// When the records refuse.
    pub fn file_continuity(&mut self, site: PlaceId, fact: impl Into<ContinuityFact>) -> Result<Written, OfficeError> {
        let day = self.now().day;
        self.write_one(documents::continuity(site, day), vec![fact.into().fact()?])
    }

    /// Files the certificate of a drill: what it found, and what it opened.
    ///
    /// # Errors
    /// When the records refuse.
    pub fn file_certificate(&mut self, site: PlaceId, proven: Proven, opened: Opened) -> Result<Written, OfficeError> {
        let day = self.now().day;
        let facts = vec![ContinuityFact::from(proven).fact()?, ContinuityFact::from(opened).fact()?];
        self.write_one(documents::continuity(site, day), facts)
    }

    /// Asks to have something back. Gives the request's name.
    ///
    /// # Errors
    /// When nothing is asked for, or the records refuse.
    pub fn ask_to_restore(&mut self, site: PlaceId, what: &str, when: &str) -> Result<[u8; 16], OfficeError> {
        if what.trim().is_empty() {
            return Err(OfficeError::Nothing("say what is to come back"));
        }
        let (id, day) = (self.random_id(), self.now().day);
        let asked = Asked { what: what.trim().to_owned(), when: when.trim().to_owned() };
        self.write_one(documents::restore_request(site, day, id), vec![RequestFact::from(asked).fact()?])?;
        Ok(id)
    }

    /// Says how far a request is.
    ///
    /// # Errors
    /// When it is not known here, is over, or no words say what was done; or the records refuse.
    pub fn answer_request(&mut self, id: [u8; 16], stage: Stage, words: &str) -> Result<Written, OfficeError> {
        let request = self.request(id)?;
        if request.is_over() {
            return Err(OfficeError::Nothing("this request is over: ask anew"));
        }
        if stage != Stage::InHand && words.trim().is_empty() {
            return Err(OfficeError::EmptyReason);
        }
        let answered = Answered { stage, words: words.trim().to_owned() };
        // Its document is of the year in which it was asked.
        let day = crate::calendar::local(request.at).day;
        self.write_one(documents::restore_request(request.site, day, id), vec![RequestFact::from(answered).fact()?])
    }

    fn request(&mut self, id: [u8; 16]) -> Result<Request, OfficeError> {
        let all = continuity::requests(self.records)?;
        all.into_iter().find(|one| one.id == id).ok_or(OfficeError::Unknown("request"))
    }
}
