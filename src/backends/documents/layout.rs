//! Layout: pages as lists of marks to be made, and beside them the tree of what they mean (headings, tables, cells) for screen readers.
use super::face::{Cut, Faces};
use krilla::geom::Path;

/// A4 in points.
pub(super) const WIDTH: f32 = 595.276;
pub(super) const HEIGHT: f32 = 841.89;
pub(super) const MARGIN: f32 = 48.0;
/// Where text may reach.
pub(super) const RIGHT: f32 = WIDTH - MARGIN;
pub(super) const BOTTOM: f32 = HEIGHT - 74.0;
pub(super) const COLUMN: f32 = WIDTH - 2.0 * MARGIN;

pub(super) type Colour = [u8; 3];
pub(super) const INK: Colour = [0x1c, 0x21, 0x28];
pub(super) const MUTED: Colour = [0x59, 0x61, 0x6c];
pub(super) const RULE: Colour = [0xd4, 0xd8, 0xde];

/// How letters are set; the size in points.
#[derive(Clone, Copy, Debug)]
pub(super) struct Type {
    pub(super) cut: Cut,
    pub(super) size: f32,
    pub(super) colour: Colour,
}

pub(super) fn regular(size: f32, colour: Colour) -> Type {
    Type { cut: Cut::Regular, size, colour }
}

pub(super) fn bold(size: f32, colour: Colour) -> Type {
    Type { cut: Cut::Bold, size, colour }
}

/// From one line to the next.
pub(super) fn leading(size: f32) -> f32 {
    size * 1.4
}

/// Place of a mark in the tree: none is an ornament, left out of the reading.
pub(super) type Meaning = Option<usize>;

pub(super) enum Mark {
    Text {
        x: f32,
        y: f32,
        text: String,
        set: Type,
    },
    /// Drawn in steps of its own, from a corner at `x` and `y`.
    Shape {
        x: f32,
        y: f32,
        step: f32,
        path: Path,
        colour: Colour,
    },
}

/// A filled rectangle: a ground, a bar, a rule.
pub(super) struct Filled {
    pub(super) x: f32,
    pub(super) y: f32,
    pub(super) width: f32,
    pub(super) height: f32,
    pub(super) colour: Colour,
}

/// What a node of the tree is.
#[derive(Clone, Debug)]
pub(super) enum Kind {
    Heading(u16, String),
    Paragraph,
    Table,
    TableHead,
    TableBody,
    Row,
    ColumnHead,
    Cell,
    Figure(String),
    List,
    Item,
    Number,
    ItemText,
}

pub(super) struct Node {
    pub(super) kind: Kind,
    pub(super) children: Vec<Child>,
}

pub(super) enum Child {
    Node(usize),
    /// Number of a mark that carries meaning, in the order the marks were made.
    Leaf(usize),
}

#[derive(Default)]
pub(super) struct Page {
    /// Drawn before the marks, under them; ornaments all.
    pub(super) grounds: Vec<Filled>,
    pub(super) marks: Vec<(Mark, Option<usize>)>,
}

/// The document while it grows.
pub(super) struct Sheet {
    pub(super) faces: &'static Faces,
    pub(super) pages: Vec<Page>,
    pub(super) nodes: Vec<Node>,
    pub(super) roots: Vec<usize>,
    pub(super) leaves: usize,
    /// Headings with page and height, for the outline.
    pub(super) headings: Vec<(String, usize, f32)>,
    /// Top of what comes next.
    pub(super) y: f32,
}

impl Sheet {
    pub(super) fn new(faces: &'static Faces) -> Sheet {
        let pages = vec![Page::default()];
        Sheet { faces, pages, nodes: Vec::new(), roots: Vec::new(), leaves: 0, headings: Vec::new(), y: MARGIN }
    }

    /// A node at the end of `parent`, or of the document.
    pub(super) fn node(&mut self, parent: Meaning, kind: Kind) -> usize {
        self.nodes.push(Node { kind, children: Vec::new() });
        let node = self.nodes.len() - 1;
        match parent {
            Some(parent) => self.nodes[parent].children.push(Child::Node(node)),
            None => self.roots.push(node),
        }
        node
    }

    pub(super) fn mark(&mut self, mark: Mark, meaning: Meaning) {
        let leaf = meaning.map(|node| {
            self.nodes[node].children.push(Child::Leaf(self.leaves));
            self.leaves += 1;
            self.leaves - 1
        });
        if let Some(page) = self.pages.last_mut() {
            page.marks.push((mark, leaf));
        }
    }

    /// One line of text with its baseline at `y`.
    pub(super) fn text(&mut self, x: f32, y: f32, text: &str, set: Type, meaning: Meaning) {
        let text = self.faces.printable(text).into_owned();
        if !text.is_empty() {
            self.mark(Mark::Text { x, y, text, set }, meaning);
        }
    }

    /// The same, ending at `right`.
    pub(super) fn text_to(&mut self, right: f32, y: f32, text: &str, set: Type, meaning: Meaning) {
        let width = self.faces.width(&self.faces.printable(text), set.cut, set.size);
        self.text(right - width, y, text, set, meaning);
    }

    /// Lines within `width` from `self.y` on; moves `self.y`.
    pub(super) fn paragraph(&mut self, x: f32, width: f32, text: &str, set: Type, meaning: Meaning) {
        let lines = self.faces.wrap(text, set.cut, set.size, width);
        let last = lines.len() - 1;
        for (at, line) in lines.iter().enumerate() {
            self.line(x, line, at == last, set, meaning);
        }
    }

    /// The next line of a paragraph; moves `self.y`.
    pub(super) fn line(&mut self, x: f32, line: &str, is_last: bool, set: Type, meaning: Meaning) {
        self.y += leading(set.size);
        // A space at a line's end keeps words apart for those who listen.
        let line = if is_last { line.to_owned() } else { format!("{line} ") };
        self.text(x, self.y - set.size * 0.35, &line, set, meaning);
    }

    pub(super) fn rectangle(&mut self, x: f32, y: f32, width: f32, height: f32, colour: Colour) {
        if let Some(page) = self.pages.last_mut() {
            page.grounds.push(Filled { x, y, width, height, colour });
        }
    }

    pub(super) fn has_room(&self, height: f32) -> bool {
        self.y + height <= BOTTOM
    }

    pub(super) fn next_page(&mut self) {
        self.pages.push(Page::default());
        self.y = MARGIN;
    }
}
