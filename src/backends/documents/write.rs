//! Writing: the laid-out pages and their tree become a PDF.
use super::Error;
use super::layout::{Child, Filled, HEIGHT, Kind, Mark, Sheet, WIDTH};
use krilla::color::rgb;
use krilla::configure::{Accessibility, Archival, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::geom::{PathBuilder, Point, Rect, Transform};
use krilla::metadata::{DateTime, Metadata};
use krilla::num::NormalizedF32;
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint::{Fill, FillRule};
use krilla::surface::Surface;
use krilla::tagging::{
    Artifact, ArtifactType, ContentTag, Identifier, ListNumbering, SpanTag, TableHeaderScope, Tag, TagGroup, TagKind,
    TagTree,
};
use krilla::{Document, SerializeSettings};
use std::num::NonZeroU16;
use time::Date;

pub(super) struct About<'a> {
    pub(super) title: String,
    pub(super) author: &'a str,
    pub(super) creator: &'a str,
    pub(super) language: &'a str,
    pub(super) date: Date,
}

pub(super) fn write(sheet: &Sheet, about: &About<'_>) -> Result<Vec<u8>, Error> {
    let broken = |error: &dyn std::fmt::Debug| Error::Pdf(format!("{error:?}"));
    let configuration = ConfigurationBuilder::new()
        .with_archival_validator(Archival::A2_A)
        .with_accessibility_validator(Accessibility::UA1)
        .finish()
        .map_err(|error| broken(&error))?;
    let settings = SerializeSettings { configuration, ..SerializeSettings::default() };
    let mut document = Document::new_with(settings);
    let mut identifiers = vec![None; sheet.leaves];
    for page in &sheet.pages {
        let size = PageSettings::from_wh(WIDTH, HEIGHT).ok_or_else(|| Error::Pdf("page size".into()))?;
        let mut paper = document.start_page_with(size);
        let mut surface = paper.surface();
        // Neighbours of one colour are one path.
        for grounds in page.grounds.chunk_by(|one, next| one.colour == next.colour) {
            fill_grounds(&mut surface, grounds);
        }
        for (mark, leaf) in &page.marks {
            let identifier = draw(sheet, &mut surface, mark, leaf.is_some());
            if let Some(leaf) = leaf {
                identifiers[*leaf] = Some(identifier);
            }
        }
        surface.finish();
        paper.finish();
    }
    document.set_tag_tree(tree(sheet, &identifiers, about.language));
    document.set_outline(outline(sheet));
    document.set_metadata(metadata(about));
    document.finish().map_err(|error| broken(&error))
}

fn ornament() -> ContentTag<'static> {
    ContentTag::Artifact(Artifact::with_kind(ArtifactType::Layout))
}

fn fill_grounds(surface: &mut Surface<'_>, grounds: &[Filled]) {
    let mut path = PathBuilder::new();
    for Filled { x, y, width, height, colour } in grounds {
        surface.set_fill(Some(fill(*colour)));
        if let Some(rect) = Rect::from_ltrb(rounded(*x), rounded(*y), rounded(x + width), rounded(y + height)) {
            path.push_rect(rect);
        }
    }
    if let Some(path) = path.finish() {
        surface.start_tagged(ornament());
        surface.draw_path(&path);
        surface.end_tagged();
    }
}

fn draw(sheet: &Sheet, surface: &mut Surface<'_>, mark: &Mark, has_meaning: bool) -> Identifier {
    let tag = match mark {
        _ if !has_meaning => ornament(),
        Mark::Text { .. } => ContentTag::Span(SpanTag::empty()),
        Mark::Shape { .. } => ContentTag::Other,
    };
    let identifier = surface.start_tagged(tag);
    match mark {
        Mark::Text { x, y, text, set } => {
            surface.set_fill(Some(fill(set.colour)));
            let glyphs = sheet.faces.glyphs(text, set.cut);
            let start = Point::from_xy(rounded(*x), rounded(*y));
            surface.draw_glyphs(start, &glyphs, sheet.faces.font(set.cut), text, set.size, false);
        }
        Mark::Shape { x, y, step, path, colour } => {
            surface.set_fill(Some(fill(*colour)));
            surface.push_transform(&Transform::from_row(*step, 0.0, 0.0, *step, rounded(*x), rounded(*y)));
            surface.draw_path(path);
            surface.pop();
        }
    }
    surface.end_tagged();
    identifier
}

/// To hundredths of a point, finer than any printer: fewer digits to write and to pack.
fn rounded(points: f32) -> f32 {
    (points * 100.0).round() / 100.0
}

fn fill([red, green, blue]: [u8; 3]) -> Fill {
    Fill { paint: rgb::Color::new(red, green, blue).into(), opacity: NormalizedF32::ONE, rule: FillRule::NonZero }
}

fn tree(sheet: &Sheet, identifiers: &[Option<Identifier>], language: &str) -> TagTree {
    let mut tree = TagTree::new().with_lang(Some(language.to_owned()));
    for root in &sheet.roots {
        tree.push(group(sheet, identifiers, *root));
    }
    tree
}

fn group(sheet: &Sheet, identifiers: &[Option<Identifier>], node: usize) -> TagGroup {
    let node = &sheet.nodes[node];
    let mut group = TagGroup::new(tag(&node.kind));
    for child in &node.children {
        match child {
            Child::Node(child) => group.push(self::group(sheet, identifiers, *child)),
            Child::Leaf(leaf) => {
                if let Some(identifier) = identifiers[*leaf] {
                    group.push(identifier);
                }
            }
        }
    }
    group
}

fn tag(kind: &Kind) -> TagKind {
    match kind {
        Kind::Heading(level, title) => {
            Tag::Hn(NonZeroU16::new(*level).unwrap_or(NonZeroU16::MIN), Some(title.clone())).into()
        }
        Kind::Paragraph => Tag::P.into(),
        Kind::Table => Tag::Table.into(),
        Kind::TableHead => Tag::THead.into(),
        Kind::TableBody => Tag::TBody.into(),
        Kind::Row => Tag::TR.into(),
        Kind::ColumnHead => Tag::TH(TableHeaderScope::Column).into(),
        Kind::Cell => Tag::TD.into(),
        Kind::List => Tag::L(ListNumbering::Decimal).into(),
        Kind::Item => Tag::LI.into(),
        Kind::Number => Tag::Lbl.into(),
        Kind::ItemText => Tag::LBody.into(),
        Kind::Figure(alt) => Tag::Figure(Some(alt.clone())).into(),
    }
}

fn outline(sheet: &Sheet) -> Outline {
    let mut outline = Outline::new();
    for (title, page, y) in &sheet.headings {
        outline.push_child(OutlineNode::new(title.clone(), XyzDestination::new(*page, Point::from_xy(0.0, *y))));
    }
    outline
}

fn metadata(about: &About<'_>) -> Metadata {
    let year = u16::try_from(about.date.year()).unwrap_or(0);
    // Midnight UTC of the day it was issued, not the moment it was drawn: the same sheet is the same file.
    let date = DateTime::new(year).month(about.date.month().into()).day(about.date.day());
    let date = date.hour(0).minute(0).second(0).utc_offset_hour(0).utc_offset_minute(0);
    Metadata::new()
        .title(about.title.clone())
        .language(about.language.to_owned())
        .authors(vec![about.author.to_owned()])
        .creator(about.creator.to_owned())
        .producer("Busbar".to_owned())
        .creation_date(date)
}
