//! Content to tenant: documents, contracts and toggles against the policies and themes of this installation.
use super::document::{Commodities, Contact, Document, HostRules, Locale, Outages, Outbound, Parameters, Payment};
use super::files::Files;
use super::hosts;
use super::lang::{Lang, Localized};
use super::policy::{Contract, DecisionTable, Explanation, Memo, PolicyFiles};
use super::problem::Problem;
use super::tenant::{Content, Origin, Tenant, TenantState, contract_file, document_file};
use super::theme::{Theme, Themes};
use crate::domain::features::{Action, Feature, Role};
use crate::domain::ids::TenantId;
use arc_swap::ArcSwap;
use std::sync::Arc;

pub struct Compiler {
    files: Files,
    origin: Origin,
    policies: ArcSwap<Policies>,
    themes: ArcSwap<Themes>,
}

/// Policy files with Casbin's answers to them so far.
struct Policies {
    files: PolicyFiles,
    memo: Memo,
}

impl Compiler {
    pub fn new(files: Files, origin: Origin) -> Result<Compiler, Vec<Problem>> {
        let (policies, themes) = load(&files)?;
        Ok(Compiler { files, origin, policies: ArcSwap::from_pointee(policies), themes: ArcSwap::from_pointee(themes) })
    }

    /// Reads policies and themes again. A mistake in either leaves both as they were.
    pub fn reload(&self) -> Result<(), Vec<Problem>> {
        let (policies, themes) = load(&self.files)?;
        self.policies.store(Arc::new(policies));
        self.themes.store(Arc::new(themes));
        Ok(())
    }

    pub fn files(&self) -> &Files {
        &self.files
    }

    pub fn theme(&self, id: &str) -> Option<Arc<Theme>> {
        self.themes.load().get(id).cloned()
    }

    pub fn theme_ids(&self) -> Vec<String> {
        self.themes.load().ids().map(str::to_owned).collect()
    }

    /// One revision, or every mistake in it. Whether its hosts are free is the registry's to say.
    pub fn compile(
        &self,
        id: TenantId,
        revision: i64,
        state: TenantState,
        content: &Content,
    ) -> Result<Tenant, Vec<Problem>> {
        let slug = slug_of(&content.document);
        let file = document_file(slug);
        let document = Document::parse(&file, &content.document);
        let contract = Contract::parse(&contract_file(slug), slug, &content.policy);
        let (document, contract) = match (document, contract) {
            (Ok(document), Ok(contract)) => (document, contract),
            (document, contract) => {
                let problems = document.err().into_iter().chain(contract.err());
                return Err(problems.flatten().collect());
            }
        };
        let mut problems = check_commodities(&file, &content.document, &document, &contract);
        let theme = self.theme(&document.theme);
        if theme.is_none() {
            let themes = self.themes.load();
            let problem = Problem::new(
                &file,
                (line_of(&content.document, "theme"), 0),
                "E0214",
                format!("unknown theme \"{}\"", document.theme),
            );
            problems.push(problem.nearest(&document.theme, themes.ids()));
        }
        let policies = self.policies.load();
        let table =
            DecisionTable::compile(&policies.files, &policies.memo, &document.slug, &contract, &content.toggles);
        match (theme, table) {
            (Some(theme), Ok(table)) if problems.is_empty() => Ok(Tenant {
                id,
                slug: document.slug.clone(),
                revision,
                state,
                document,
                document_text: content.document.clone(),
                policy_text: content.policy.clone(),
                theme,
                contract,
                toggles: content.toggles.clone(),
                table: Arc::new(table),
                origin: self.origin,
            }),
            (_, table) => Err(problems.into_iter().chain(table.err()).collect()),
        }
    }

    /// Every tenant that has a file: its content, checked, or its mistakes.
    pub fn file_tenants(&self) -> Vec<(String, Result<Content, Vec<Problem>>)> {
        let files = self.files.list("tenants").into_iter();
        let slugs = files.filter_map(|path| Some(path.strip_prefix("tenants/")?.strip_suffix(".toml")?.to_owned()));
        slugs.map(|slug| (slug.clone(), self.file_tenant(&slug))).collect()
    }

    fn file_tenant(&self, slug: &str) -> Result<Content, Vec<Problem>> {
        let read = |path: String| {
            let bytes =
                self.files.read(&path).ok_or_else(|| vec![Problem::of_file(&path, "E0105", "the file is missing")])?;
            String::from_utf8(bytes.into_owned())
                .map_err(|_| vec![Problem::of_file(&path, "E0106", "the file is not UTF-8")])
        };
        let content =
            Content { document: read(document_file(slug))?, policy: read(contract_file(slug))?, toggles: Vec::new() };
        let written = slug_of(&content.document);
        if written != slug && !written.is_empty() {
            let line = line_of(&content.document, "slug");
            let message = format!("the slug is \"{written}\", the file's name says \"{slug}\"");
            return Err(vec![Problem::new(&document_file(slug), (line, 0), "E0215", message)]);
        }
        self.compile(TenantId(i32::MAX), 1, TenantState::Active, &content).map(|_| content)
    }

    /// The console as a tenant of its own: the platform's rows, the base theme, nothing bought.
    pub fn console(&self, host: &str) -> Result<Tenant, Vec<Problem>> {
        let refuse = |message: String| vec![Problem::of_file("server.console_host", "E0301", message)];
        let name =
            hosts::requested_name(host.as_bytes(), true).map_err(|why| refuse(format!("host \"{host}\": {why}")))?;
        let theme = self.theme("base").ok_or_else(|| refuse("there is no theme \"base\"".to_owned()))?;
        let both = |text: &str| Localized { cs: text.to_owned(), en: text.to_owned() };
        let document = Document {
            slug: "console".to_owned(),
            name: both("Busbar"),
            portal: both("Busbar"),
            theme: theme.id.clone(),
            hosts: HostRules { canonical: name.into_owned(), line: 0, aliases: Vec::new(), mount: String::new() },
            locale: Locale {
                default: Lang::Cs,
                enabled: Lang::ALL.to_vec(),
                currency: "CZK".to_owned(),
                timezone: "Europe/Prague".to_owned(),
            },
            commodities: Commodities { electricity: false, gas: false },
            access: Default::default(),
            assurance: Default::default(),
            gift: None,
            bonus: Default::default(),
            processing: Default::default(),
            parameters: Parameters::default(),
            contact: Contact::default(),
            company: Default::default(),
            payment: Payment::default(),
            outbound: Outbound::default(),
            outages: Outages::default(),
            staff_login: None,
            breaker_prices: Vec::new(),
        };
        Ok(Tenant {
            id: TenantId::PLATFORM,
            slug: document.slug.clone(),
            revision: 0,
            state: TenantState::Active,
            document_text: document.to_toml(),
            document,
            policy_text: String::new(),
            theme,
            contract: Contract::default(),
            toggles: Vec::new(),
            table: Arc::new(DecisionTable::empty()),
            origin: self.origin,
        })
    }

    pub fn explain(&self, tenant: &Tenant, role: Role, feature: Feature, action: Action) -> Explanation {
        self.policies.load().files.explain(tenant, role, feature, action)
    }
}

fn load(files: &Files) -> Result<(Policies, Themes), Vec<Problem>> {
    match (PolicyFiles::load(files), Themes::load(files)) {
        (Ok(policies), Ok(themes)) => Ok((Policies { files: policies, memo: Memo::default() }, themes)),
        (policies, themes) => Err(policies.err().into_iter().chain(themes.err()).flatten().collect()),
    }
}

/// The document says what the supplier sells, the contract what its portal shows: the two must agree.
fn check_commodities(file: &str, text: &str, document: &Document, contract: &Contract) -> Vec<Problem> {
    let said = [
        ("electricity", document.commodities.electricity, Feature::CommodityElectricity),
        ("gas", document.commodities.gas, Feature::CommodityGas),
    ];
    let differs = said.into_iter().filter(|(_, is_sold, feature)| *is_sold != contract.features.contains(feature));
    differs
        .map(|(key, is_sold, feature)| {
            let bought = if is_sold { "does not buy" } else { "buys" };
            let message =
                format!("\"commodities.{key}\" is {is_sold}, but the contract {bought} \"{}\"", feature.key());
            Problem::new(file, (line_of(text, key), 0), "E0216", message)
        })
        .collect()
}

/// The slug as far as it can be read without parsing, so that mistakes in the rest have a file to be told of.
fn slug_of(document: &str) -> &str {
    let line = document.lines().find_map(|line| line.strip_prefix("slug")?.trim_start().strip_prefix('='));
    line.and_then(|value| value.split(['"', '\'']).nth(1)).unwrap_or_default()
}

fn line_of(text: &str, key: &str) -> usize {
    let is_it = |line: &str| line.trim_start().strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with('='));
    text.lines().position(is_it).map_or(0, |index| index + 1)
}
