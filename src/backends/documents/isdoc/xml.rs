//! Writing XML: elements with text or with more elements, two spaces deeper each.
use super::super::Error;
use crate::domain::money::Money;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

pub(super) struct Xml(Writer<Vec<u8>>);

type Attributes<'a> = [(&'a str, &'a str)];

impl Xml {
    pub(super) fn new() -> Result<Xml, Error> {
        let mut xml = Xml(Writer::new_with_indent(Vec::new(), b' ', 2));
        xml.write(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
        Ok(xml)
    }

    pub(super) fn bytes(self) -> Vec<u8> {
        let mut bytes = self.0.into_inner();
        bytes.push(b'\n');
        bytes
    }

    pub(super) fn leaf(&mut self, name: &str, text: &str) -> Result<(), Error> {
        self.leaf_with(name, &[], text)
    }

    pub(super) fn leaf_with(&mut self, name: &str, attributes: &Attributes<'_>, text: &str) -> Result<(), Error> {
        self.write(Event::Start(start(name, attributes)))?;
        self.write(Event::Text(BytesText::new(&allowed(text))))?;
        self.write(Event::End(BytesEnd::new(name)))
    }

    /// CZK with two decimals and a point.
    pub(super) fn money(&mut self, name: &str, amount: Money) -> Result<(), Error> {
        self.leaf(name, &amount.czk().to_string())
    }

    pub(super) fn empty(&mut self, name: &str, attributes: &Attributes<'_>) -> Result<(), Error> {
        self.write(Event::Empty(start(name, attributes)))
    }

    pub(super) fn within(
        &mut self,
        name: &str,
        content: impl FnOnce(&mut Xml) -> Result<(), Error>,
    ) -> Result<(), Error> {
        self.within_with(name, &[], content)
    }

    pub(super) fn within_with(
        &mut self,
        name: &str,
        attributes: &Attributes<'_>,
        content: impl FnOnce(&mut Xml) -> Result<(), Error>,
    ) -> Result<(), Error> {
        self.write(Event::Start(start(name, attributes)))?;
        content(self)?;
        self.write(Event::End(BytesEnd::new(name)))
    }

    fn write(&mut self, event: Event<'_>) -> Result<(), Error> {
        self.0.write_event(event).map_err(|error| Error::Xml(error.to_string()))
    }
}

fn start<'a>(name: &'a str, attributes: &Attributes<'a>) -> BytesStart<'a> {
    BytesStart::new(name).with_attributes(attributes.iter().copied())
}

/// What XML 1.0 lets one write (section 2.2); anything else would make the whole document unreadable.
fn allowed(text: &str) -> String {
    let is_allowed = |letter: &char| match letter {
        '\t' | '\n' | '\r' => true,
        '\u{fffe}' | '\u{ffff}' => false,
        letter => *letter >= ' ',
    };
    text.chars().filter(is_allowed).collect()
}
