//! Help: an index, a search and articles; open to people who have not signed in.
use crate::data;
use crate::domain::content::HelpArticle;
use crate::domain::features::Feature;
use crate::domain::typed;
use crate::tenancy::Lang;
use crate::web::kit::error::Error;
use crate::web::kit::guard::Visitor;
use crate::web::kit::page::Page;
use crate::web::kit::slices::Slice;
use axum::extract::{Path, Query};
use axum::response::Response;
use serde::{Deserialize, Serialize};

const FEATURES: &[Feature] = &[Feature::PortalHelp];

pub fn slices() -> Vec<Slice> {
    vec![Slice::visitor(FEATURES, "/help").get(index), Slice::visitor(FEATURES, "/help/{slug}").get(show)]
}

/// Letters of a query that are looked at.
const MOST_LETTERS: usize = 80;
/// Letters of an article shown below its title in a list.
const LEAD_LETTERS: usize = 140;

#[derive(Deserialize)]
struct Asked {
    q: Option<String>,
    /// Path of the page somebody needs help with.
    page: Option<String>,
}

#[derive(Serialize)]
struct Index {
    query: String,
    has_query: bool,
    articles: Vec<Row>,
    contact: Contact,
}

#[derive(Serialize)]
struct Row {
    title: String,
    lead: String,
    href: String,
}

/// The way on when no article helps.
#[derive(Serialize)]
struct Contact {
    phone: String,
    email: String,
    hours: String,
}

#[derive(Serialize)]
struct Article {
    title: String,
    paragraphs: Vec<String>,
    /// The page it explains; empty for a general article or a page not offered.
    page_href: String,
    others: Vec<Row>,
    contact: Contact,
}

async fn index(visitor: Visitor, Query(asked): Query<Asked>) -> Result<Response, Error> {
    let page = &visitor.page;
    let query: String = asked.q.unwrap_or_default().chars().take(MOST_LETTERS).collect();
    let query = typed::text(&query, MOST_LETTERS).unwrap_or_default();
    let lang = page.lang().key();
    let tx = visitor.db.read().await?;
    let mut articles = match query.is_empty() {
        true => tx.help_articles(lang).await?,
        false => tx.search_help(lang, &query).await?,
    };
    tx.commit().await?;
    if let Some(wanted) = asked.page.filter(|_| query.is_empty())
        && let Some(article) = articles.iter().find(|article| !article.page.is_empty() && article.page == wanted)
    {
        return Ok(page.go(&format!("/help/{}", article.slug)));
    }
    articles.sort_by_key(|article| article.position);
    let view = Index {
        has_query: !query.is_empty(),
        query,
        articles: articles.iter().map(|article| row(page, article)).collect(),
        contact: contact(page),
    };
    page.show("portal/help.html", &view)
}

async fn show(
    visitor: Visitor,
    slug: Result<Path<String>, axum::extract::rejection::PathRejection>,
) -> Result<Response, Error> {
    let Path(slug) = slug.map_err(|_| Error::NotFound)?;
    let page = &visitor.page;
    let lang = page.lang().key();
    let tx = visitor.db.read().await?;
    let article = match tx.help_article(lang, &slug).await {
        // It may exist in the language the person came from: addresses are words of their language.
        Err(data::Error::NotFound) => {
            for other in Lang::ALL.into_iter().filter(|other| other.key() != lang) {
                if tx.help_article(other.key(), &slug).await.is_ok() {
                    return Ok(page.go("/help"));
                }
            }
            return Err(Error::NotFound);
        }
        found => found?,
    };
    let mut others = tx.help_articles(lang).await?;
    tx.commit().await?;
    others.retain(|other| other.slug != article.slug);
    others.sort_by_key(|other| other.position);
    let is_linked = !article.page.is_empty() && page.is_signed_in() && is_offered(page, &article.page);
    let view = Article {
        paragraphs: paragraphs(&article.body),
        page_href: if is_linked { format!("{}{}", page.base(), article.page) } else { String::new() },
        others: others.iter().take(5).map(|other| row(page, other)).collect(),
        contact: contact(page),
        title: article.title,
    };
    page.show("portal/help_article.html", &view)
}

/// Whether a page an article speaks of may be opened now.
fn is_offered(page: &Page, path: &str) -> bool {
    super::MENU
        .iter()
        .find(|item| item.path == path)
        .is_some_and(|item| item.features.is_empty() || item.features.iter().any(|feature| page.has(*feature)))
}

fn row(page: &Page, article: &HelpArticle) -> Row {
    Row {
        title: article.title.clone(),
        lead: lead(&article.body),
        href: format!("{}/help/{}", page.base(), article.slug),
    }
}

/// The first paragraph, cut at a word.
fn lead(body: &str) -> String {
    let first = paragraphs(body).into_iter().next().unwrap_or_default();
    if first.chars().count() <= LEAD_LETTERS {
        return first;
    }
    let cut: String = first.chars().take(LEAD_LETTERS).collect();
    format!("{}…", cut.rsplit_once(' ').map_or(cut.as_str(), |(whole, _)| whole))
}

fn paragraphs(body: &str) -> Vec<String> {
    let body = body.replace("\r\n", "\n");
    body.split("\n\n").map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect()
}

fn contact(page: &Page) -> Contact {
    let contact = &page.tenant().document.contact;
    Contact {
        phone: contact.phone.clone(),
        email: contact.email.clone(),
        hours: contact.hours.get(page.lang()).to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_line_parts_paragraphs() {
        assert_eq!(paragraphs("a\nb\r\n\r\nc\n\n\n"), ["a\nb", "c"]);
    }

    #[test]
    fn a_long_lead_is_cut_at_a_word() {
        let lead = lead(&"slovo ".repeat(60));
        assert!(lead.ends_with("slovo…") && lead.chars().count() <= LEAD_LETTERS + 1, "{lead}");
    }
}
