//! Sheets of A4 as a PDF that a screen reader can read out: headings, paragraphs, numbered lines, tables, a code to
//! scan.
//!
//! Every piece of text is tagged, and the result is checked against PDF/UA-1 before it is given out. Measures are
//! points (a 72nd of an inch) from the upper left corner.
//!
//! Not here: what stands on it (see [`card`], [`certificate`], [`register`], [`fire_list`], [`call_report`], [`badge`], [`guide`], [`for_parent`] and [`review`]), files.

pub(crate) mod badge;
pub(crate) mod call_report;
pub(crate) mod card;
pub(crate) mod certificate;
pub(crate) mod fire_list;
pub(crate) mod for_parent;
pub(crate) mod guide;
pub(crate) mod register;
pub(crate) mod review;

use anyhow::{Context as _, anyhow};
use krilla::Document;
use krilla::SerializeSettings;
use krilla::configure::{Accessibility, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::metadata::Metadata;
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::surface::Surface;
use krilla::tagging::{
    Artifact, ArtifactType, BBox, ContentTag, ListNumbering, Node, SpanTag, TableHeaderScope, Tag, TagGroup, TagTree,
};
use krilla::text::{Font, GlyphId, KrillaGlyph};
use muster_gui::kit::fonts::Weight;
use skrifa::MetadataProvider as _;
use skrifa::instance::{LocationRef, Size};
use std::num::NonZeroU16;
use zeroize::Zeroizing;

/// A4.
const WIDTH: f32 = 595.28;
/// A4.
const HEIGHT: f32 = 841.89;
/// Wide enough for a hole punch and for printers that cannot reach the edge.
pub(crate) const MARGIN: f32 = 56.0;
/// What is left between the margins.
pub(crate) const INNER: f32 = WIDTH - 2.0 * MARGIN;
/// From one line of a paragraph to the next, for each point of its size.
const LEADING: f32 = 1.35;

/// A weight of the typeface, for krilla and for measuring.
#[derive(Clone)]
struct Face {
    font: Font,
    measured: skrifa::FontRef<'static>,
}

impl Face {
    fn new(weight: Weight) -> Option<Self> {
        let font = Font::new(weight.file().into(), 0)?;
        Some(Self { font, measured: skrifa::FontRef::new(weight.file()).ok()? })
    }

    /// The glyphs of a text and its width for each point of its size.
    fn glyphs(&self, text: &str) -> (Vec<KrillaGlyph>, f32) {
        let charmap = self.measured.charmap();
        let metrics = self.measured.glyph_metrics(Size::new(1.0), LocationRef::default());
        let mut width = 0.0;
        // A letter that the typeface lacks stands as a question mark, never as nothing: a name must not lose one unseen.
        let glyph = |(at, letter): (usize, char)| {
            let glyph = charmap.map(letter).or_else(|| charmap.map('?'))?;
            let advance = metrics.advance_width(glyph)?;
            width += advance;
            let range = at..at + letter.len_utf8();
            Some(KrillaGlyph::new(GlyphId::new(glyph.to_u32()), advance, 0.0, 0.0, 0.0, range, None))
        };
        (text.char_indices().filter_map(glyph).collect(), width)
    }
}

/// A column of a table: where it begins, how wide it is, and its head.
#[derive(Clone, Copy)]
pub(crate) struct Column {
    at: f32,
    wide: f32,
    head: &'static str,
}

/// What draws on the sheet, and writes down what each piece is.
pub(crate) struct Pen<'a> {
    surface: Surface<'a>,
    regular: Face,
    bold: Face,
    tree: TagTree,
}

/// How a text looks.
#[derive(Clone, Copy)]
pub(crate) struct Style {
    size: f32,
    bold: bool,
}

impl Style {
    /// Running text.
    pub(crate) const fn plain(size: f32) -> Self {
        Self { size, bold: false }
    }

    /// Headings, numbers, what must be found at once.
    pub(crate) const fn bold(size: f32) -> Self {
        Self { size, bold: true }
    }
}

/// Draws one sheet with this title.
///
/// # Errors
/// When the PDF would not be one that a screen reader can read out: a fault of this program.
pub(crate) fn sheet(title: &str, draw: impl FnOnce(&mut Pen<'_>)) -> anyhow::Result<Zeroizing<Vec<u8>>> {
    let mut draw = Some(draw);
    sheets(title, 1, |pen, _| {
        if let Some(draw) = draw.take() {
            draw(pen);
        }
    })
}

/// Draws sheets with this title; `draw` is told which, counted from 0.
///
/// # Errors
/// When the PDF would not be one that a screen reader can read out: a fault of this program.
pub(crate) fn sheets(
    title: &str,
    many: usize,
    mut draw: impl FnMut(&mut Pen<'_>, usize),
) -> anyhow::Result<Zeroizing<Vec<u8>>> {
    let configuration = ConfigurationBuilder::new().with_accessibility_validator(Accessibility::UA1).finish();
    let configuration = configuration.map_err(|error| anyhow!("the sheet cannot be drawn: {error:?}"))?;
    let mut document = Document::new_with(SerializeSettings { configuration, ..SerializeSettings::default() });
    document.set_metadata(Metadata::new().title(title.to_owned()).language("en-GB".to_owned()));
    let mut outline = Outline::new();
    outline.push_child(OutlineNode::new(title.to_owned(), XyzDestination::new(0, Point::from_xy(0.0, 0.0))));
    document.set_outline(outline);
    let size = PageSettings::from_wh(WIDTH, HEIGHT).context("the sheet has no size")?;
    let (regular, bold) = Face::new(Weight::Regular).zip(Face::new(Weight::Bold)).context("the typeface is damaged")?;
    let mut tree = TagTree::new().with_lang(Some("en-GB".to_owned()));
    for number in 0..many {
        let mut page = document.start_page_with(size.clone());
        let mut pen = Pen { surface: page.surface(), regular: regular.clone(), bold: bold.clone(), tree };
        draw(&mut pen, number);
        tree = pen.tree;
    }
    document.set_tag_tree(tree);
    document.finish().map(Zeroizing::new).map_err(|error| anyhow!("the sheet cannot be drawn: {error:?}"))
}

impl Pen<'_> {
    fn face(&self, style: Style) -> &Face {
        if style.bold { &self.bold } else { &self.regular }
    }

    /// Draws one piece of text that stands on a line at `y`; gives its place in the reading order.
    fn piece(&mut self, x: f32, y: f32, style: Style, text: &str) -> Node {
        let face = self.face(style);
        let (glyphs, _) = face.glyphs(text);
        let font = face.font.clone();
        let identifier = self.surface.start_tagged(ContentTag::Span(SpanTag::empty()));
        self.surface.draw_glyphs(Point::from_xy(x, y), &glyphs, font, text, style.size, false);
        self.surface.end_tagged();
        identifier.into()
    }

    /// A heading of a level from 1.
    pub(crate) fn heading(&mut self, x: f32, y: f32, level: u16, style: Style, text: &str) {
        let piece = self.piece(x, y, style, text);
        let level = NonZeroU16::new(level).unwrap_or(NonZeroU16::MIN);
        self.tree.push(TagGroup::with_children(Tag::Hn(level, Some(text.to_owned())), vec![piece]));
    }

    /// A paragraph, broken into lines of a width; gives where the next thing may stand.
    pub(crate) fn paragraph(&mut self, x: f32, mut y: f32, width: f32, style: Style, text: &str) -> f32 {
        let mut pieces = Vec::new();
        for line in self.broken(width, style, text) {
            pieces.push(self.piece(x, y, style, &line));
            y += style.size * LEADING;
        }
        self.tree.push(TagGroup::with_children(Tag::P, pieces));
        y
    }

    fn broken(&self, width: f32, style: Style, text: &str) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        for word in text.split(' ') {
            let longer = lines.last().map(|line| format!("{line}{word}"));
            match longer.filter(|longer| self.face(style).glyphs(longer).1 * style.size <= width) {
                Some(longer) => drop(lines.pop().map(|_| lines.push(longer))),
                None => lines.push(word.to_owned()),
            }
            // Words are kept apart by real spaces, at the end of a line too: that is what is read out.
            lines.iter_mut().next_back().into_iter().for_each(|line| line.push(' '));
        }
        lines
    }

    /// Numbered lines of words in columns; gives where the next thing may stand.
    pub(crate) fn numbered(
        &mut self,
        x: f32,
        mut y: f32,
        step: f32,
        columns: &[f32],
        style: Style,
        lines: &[&str],
    ) -> f32 {
        let mut list = TagGroup::new(Tag::L(ListNumbering::Decimal));
        for (line, number) in lines.iter().zip(1..) {
            let label = self.piece(x, y, Style::bold(style.size), &format!("{number}. "));
            let words = line.split(' ').zip(columns);
            let words = words.map(|(word, column)| (*column, Zeroizing::new(format!("{word} "))));
            let words: Vec<Node> = words.map(|(column, word)| self.piece(x + column, y, style, &word)).collect();
            let mut item = TagGroup::new(Tag::LI);
            item.push(TagGroup::with_children(Tag::Lbl, vec![label]));
            item.push(TagGroup::with_children(Tag::LBody, words));
            list.push(item);
            y += step;
        }
        self.tree.push(list);
        y
    }

    /// A table with heads; the first cell of each row is its head, too. What does not fit in a cell is cut, with an
    /// ellipsis. Gives where the next thing may stand.
    pub(crate) fn table(&mut self, x: f32, mut y: f32, columns: &[Column], size: f32, rows: &[Vec<String>]) -> f32 {
        let step = size * 1.55;
        let mut table = TagGroup::new(Tag::Table);
        let mut head = TagGroup::new(Tag::TR);
        for column in columns {
            let cell = self.cell(x, y, *column, Style::bold(size), column.head);
            head.push(TagGroup::with_children(Tag::TH(TableHeaderScope::Column), vec![cell]));
        }
        table.push(head);
        self.line(x, y + size * 0.4);
        for row in rows {
            y += step;
            let mut line = TagGroup::new(Tag::TR);
            for (place, (column, words)) in columns.iter().zip(row).enumerate() {
                let style = if place == 0 { Style::bold(size) } else { Style::plain(size) };
                let cell = self.cell(x, y, *column, style, words);
                line.push(match place {
                    0 => TagGroup::with_children(Tag::TH(TableHeaderScope::Row), vec![cell]),
                    _ => TagGroup::with_children(Tag::TD, vec![cell]),
                });
            }
            table.push(line);
        }
        self.tree.push(table);
        y + step
    }

    fn cell(&mut self, x: f32, y: f32, column: Column, style: Style, words: &str) -> Node {
        let fits = |text: &str| self.face(style).glyphs(text).1 * style.size <= column.wide - 4.0;
        let mut text = words.to_owned();
        if !fits(&text) {
            while !text.is_empty() && !fits(&format!("{text}…")) {
                text.pop();
            }
            text.push('…');
        }
        // An empty cell still has a place in the reading order.
        if text.is_empty() {
            text.push(' ');
        }
        self.piece(x + column.at, y, style, &text)
    }

    /// A hairline across the sheet, which is not read out.
    fn line(&mut self, x: f32, y: f32) {
        let mut path = PathBuilder::new();
        Rect::from_ltrb(x, y, x + INNER, y + 0.6).into_iter().for_each(|line| path.push_rect(line));
        let Some(path) = path.finish() else { return };
        self.surface.start_tagged(ContentTag::Artifact(Artifact::new(ArtifactType::Other, None)));
        self.surface.draw_path(&path);
        self.surface.end_tagged();
    }

    /// A frame around what matters.
    pub(crate) fn frame(&mut self, left: f32, top: f32, right: f32, bottom: f32) {
        const LINE: f32 = 1.2;
        let mut path = PathBuilder::new();
        let sides = [
            (left, top, right, top + LINE),
            (left, bottom - LINE, right, bottom),
            (left, top, left + LINE, bottom),
            (right - LINE, top, right, bottom),
        ];
        for (left, top, right, bottom) in sides {
            Rect::from_ltrb(left, top, right, bottom).into_iter().for_each(|side| path.push_rect(side));
        }
        let Some(path) = path.finish() else { return };
        self.surface.start_tagged(ContentTag::Artifact(Artifact::new(ArtifactType::Other, None)));
        self.surface.draw_path(&path);
        self.surface.end_tagged();
    }

    /// A code to scan, drawn square with this side.
    ///
    /// # Errors
    /// When the text is too long for one.
    pub(crate) fn code(&mut self, x: f32, y: f32, side: f32, text: &str, described: &str) -> anyhow::Result<()> {
        let code = qrcode::QrCode::with_error_correction_level(text, qrcode::EcLevel::M)?;
        let width = u16::try_from(code.width())?;
        let dot = side / f32::from(width);
        let dots = code.to_colors();
        let mut path = PathBuilder::new();
        let places = (0..width).flat_map(|row| (0..width).map(move |column| (row, column)));
        for ((row, column), _) in places.zip(&dots).filter(|(_, dot)| **dot == qrcode::Color::Dark) {
            let (left, top) = (x + dot * f32::from(column), y + dot * f32::from(row));
            Rect::from_xywh(left, top, dot, dot).into_iter().for_each(|dot| path.push_rect(dot));
        }
        let path = path.finish().context("the code is empty")?;
        let identifier = self.surface.start_tagged(ContentTag::Other);
        self.surface.draw_path(&path);
        self.surface.end_tagged();
        let around = Rect::from_xywh(x, y, side, side).map(|around| BBox::new(0, around));
        let figure = Tag::Figure(Some(described.to_owned())).with_bbox(around);
        self.tree.push(TagGroup::with_children(figure, vec![identifier.into()]));
        Ok(())
    }
}
