//! What operators write: links and help.
use super::error::Error;
use super::scope::{TenantEntity, TenantTx};
use crate::domain::content::{HelpArticle, Link};
use crate::domain::ids::{HelpArticleId, LinkId};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::LikeExpr;
use sea_orm::{QueryOrder, QuerySelect, Set};

mod link {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "links")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub language: String,
        pub position: i16,
        pub title: String,
        pub url: String,
        pub note: String,
        pub is_active: bool,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

impl TenantEntity for link::Entity {
    const TENANT: link::Column = link::Column::TenantId;
}
mod article {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "help_articles")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub language: String,
        pub slug: String,
        pub page: String,
        pub position: i16,
        pub title: String,
        pub body: String,
        pub search_text: String,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

impl TenantEntity for article::Entity {
    const TENANT: article::Column = article::Column::TenantId;
}
/// Most articles a search answers with.
const FOUND: u64 = 50;

fn article_of(row: article::Model) -> HelpArticle {
    HelpArticle {
        id: HelpArticleId(row.id),
        slug: row.slug,
        language: row.language,
        page: row.page,
        position: row.position,
        title: row.title,
        body: row.body,
    }
}

impl TenantTx {
    /// Active ones, in the operator's order.
    pub async fn links(&self, language: &str) -> Result<Vec<Link>, Error> {
        let rows = self.find::<link::Entity>().with(|query| {
            query
                .filter(link::Column::Language.eq(language))
                .filter(link::Column::IsActive.eq(true))
                .order_by_asc(link::Column::Position)
        });
        let rows = rows.all().await?.into_iter().map(|row| Link {
            id: LinkId(row.id),
            position: row.position,
            title: row.title,
            url: row.url,
            note: row.note,
            language: row.language,
            is_active: row.is_active,
        });
        Ok(rows.collect())
    }

    pub async fn help_articles(&self, language: &str) -> Result<Vec<HelpArticle>, Error> {
        let rows = self
            .find::<article::Entity>()
            .with(|query| query.filter(article::Column::Language.eq(language)).order_by_asc(article::Column::Position));
        Ok(rows.all().await?.into_iter().map(article_of).collect())
    }

    pub async fn help_article(&self, language: &str, slug: &str) -> Result<HelpArticle, Error> {
        let row = self
            .find::<article::Entity>()
            .with(|query| query.filter(article::Column::Language.eq(language)).filter(article::Column::Slug.eq(slug)));
        row.one().await?.map(article_of).ok_or(Error::NotFound)
    }

    /// Articles that hold every word of `text`, case and accents aside; wildcards mean themselves.
    pub async fn search_help(&self, language: &str, text: &str) -> Result<Vec<HelpArticle>, Error> {
        let folded = crate::domain::content::folded(text);
        let words: Vec<&str> = folded.split_whitespace().take(8).collect();
        if words.is_empty() {
            return Ok(Vec::new());
        }
        let rows = self.find::<article::Entity>().with(|query| {
            let own = query.filter(article::Column::Language.eq(language));
            let all = words.iter().fold(own, |query, word| {
                let escaped = word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
                query.filter(article::Column::SearchText.like(LikeExpr::new(format!("%{escaped}%")).escape('\\')))
            });
            all.order_by_asc(article::Column::Position).limit(FOUND)
        });
        Ok(rows.all().await?.into_iter().map(article_of).collect())
    }

    pub async fn insert_links(&self, links: &[Link]) -> Result<(), Error> {
        let rows = links.iter().map(|one| link::ActiveModel {
            id: Set(one.id.0),
            language: Set(one.language.clone()),
            position: Set(one.position),
            title: Set(one.title.clone()),
            url: Set(one.url.clone()),
            note: Set(one.note.clone()),
            is_active: Set(one.is_active),
            ..Default::default()
        });
        self.add(rows.collect()).await
    }

    pub async fn insert_help_articles(&self, articles: &[HelpArticle]) -> Result<(), Error> {
        let rows = articles.iter().map(|one| article::ActiveModel {
            id: Set(one.id.0),
            language: Set(one.language.clone()),
            slug: Set(one.slug.clone()),
            page: Set(one.page.clone()),
            position: Set(one.position),
            title: Set(one.title.clone()),
            body: Set(one.body.clone()),
            search_text: Set(crate::domain::content::folded(&format!("{} {}", one.title, one.body))),
            ..Default::default()
        });
        self.add(rows.collect()).await
    }
}
