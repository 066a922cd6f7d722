//! Reading policy files: commas, `#` comments, nothing else. Casbin's own reader accepts unknown sections and wrong arity; this one does not.
use crate::domain::features::{Action, Area, Feature, Role};
use crate::tenancy::problem::Problem;

/// One line that is not empty and no comment.
pub struct Row<'a> {
    pub line: usize,
    pub fields: Vec<&'a str>,
}

const LARGEST_FILE: usize = 256 * 1024;

/// Lines may end with CR LF: forms send them so.
pub fn parse<'a>(file: &str, text: &'a str) -> Result<Vec<Row<'a>>, Problem> {
    if text.len() > LARGEST_FILE {
        return Err(Problem::of_file(
            file,
            "E0101",
            format!("the file has {} bytes; at most {LARGEST_FILE} are read", text.len()),
        ));
    }
    if text.starts_with('\u{feff}') {
        let problem = Problem::new(file, (1, 1), "E0102", "the file begins with a byte order mark");
        return Err(problem.with_help("save it as UTF-8 without BOM"));
    }
    let rows = text.lines().enumerate().filter_map(|(index, line)| {
        let line = line.split('#').next().unwrap_or_default().trim();
        (!line.is_empty()).then(|| Row { line: index + 1, fields: line.split(',').map(str::trim).collect() })
    });
    Ok(rows.collect())
}

/// Whom a rule speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Subject {
    Role(Role),
    /// All six kinds of a supplier's staff.
    Staff,
    /// All roles; what an operator switches off is denied to it.
    Anyone,
}

impl Subject {
    pub fn parse(text: &str) -> Option<Subject> {
        match text.strip_prefix("role:")? {
            "anyone" => Some(Subject::Anyone),
            "staff" => Some(Subject::Staff),
            key => Role::parse(key).map(Subject::Role),
        }
    }

    pub fn key(self) -> String {
        match self {
            Subject::Role(role) => format!("role:{}", role.key()),
            Subject::Staff => "role:staff".to_owned(),
            Subject::Anyone => "role:anyone".to_owned(),
        }
    }

    pub fn keys() -> Vec<String> {
        Role::all().map(Subject::Role).chain([Subject::Staff, Subject::Anyone]).map(Subject::key).collect()
    }
}

/// What a rule speaks of. Never a pattern: a feature, an area of the switchboard, or all areas.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Object {
    Feature(Feature),
    Area(Area),
    Everything,
}

pub const EVERYTHING: &str = "area:everything";

impl Object {
    pub fn parse(text: &str) -> Option<Object> {
        if text == EVERYTHING {
            return Some(Object::Everything);
        }
        let area = || AREAS.iter().find(|area| area_key(**area) == text).copied().map(Object::Area);
        area().or_else(|| Feature::parse(text).filter(|feature| feature.is_switch()).map(Object::Feature))
    }

    pub fn key(self) -> &'static str {
        match self {
            Object::Feature(feature) => feature.key(),
            Object::Area(area) => area_key(area),
            Object::Everything => EVERYTHING,
        }
    }

    pub fn covers(self, feature: Feature) -> bool {
        match self {
            Object::Feature(own) => own == feature,
            Object::Area(area) => area == feature.area(),
            Object::Everything => true,
        }
    }

    pub fn keys() -> Vec<&'static str> {
        let features = Feature::all().filter(|feature| feature.is_switch()).map(Feature::key);
        AREAS.iter().map(|area| area_key(*area)).chain([EVERYTHING]).chain(features).collect()
    }
}

pub const AREAS: [Area; 6] =
    [Area::Portal, Area::Access, Area::Information, Area::Requests, Area::Readings, Area::Alerts];

pub fn area_key(area: Area) -> &'static str {
    match area {
        Area::Portal => "area:portal",
        Area::Access => "area:access",
        Area::Information => "area:information",
        Area::Requests => "area:requests",
        Area::Readings => "area:readings",
        Area::Alerts => "area:alerts",
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Effect {
    Allow,
    Deny,
}

impl Effect {
    pub fn key(self) -> &'static str {
        match self {
            Effect::Allow => "allow",
            Effect::Deny => "deny",
        }
    }
}

/// One `p` row and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    pub subject: Subject,
    pub object: Object,
    pub action: Action,
    pub effect: Effect,
    pub line: usize,
}
