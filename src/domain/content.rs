//! What operators write: useful links and help.
use super::ids::{HelpArticleId, LinkId};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    pub id: LinkId,
    pub position: i16,
    pub title: String,
    pub url: String,
    pub note: String,
    pub language: String,
    pub is_active: bool,
}

/// `page` is the portal path it explains (`/invoices`), empty for a general article. `body` is plain text, paragraphs parted by an empty line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HelpArticle {
    pub id: HelpArticleId,
    pub slug: String,
    pub language: String,
    pub page: String,
    pub position: i16,
    pub title: String,
    pub body: String,
}

/// Lower case without Czech accents: the form in which help is searched.
pub fn folded(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).map(super::spayd::without_accent).collect()
}
