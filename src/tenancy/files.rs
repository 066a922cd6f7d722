//! Where tenants, policies and themes come from: the copies inside the binary, overridden file by file from a folder.
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

#[derive(rust_embed::RustEmbed)]
#[folder = "tenants"]
struct EmbeddedTenants;

#[derive(rust_embed::RustEmbed)]
#[folder = "policies"]
struct EmbeddedPolicies;

#[derive(rust_embed::RustEmbed)]
#[folder = "themes"]
struct EmbeddedThemes;

/// Readers of definition files. Paths are relative, with `/`, and begin with `tenants/`, `policies/` or `themes/`.
#[derive(Clone, Debug)]
pub struct Files {
    root: Option<PathBuf>,
    /// Instead of the embedded copies.
    given: Option<Arc<BTreeMap<String, Vec<u8>>>>,
}

impl Files {
    /// `root` overrides the embedded copies file by file; without it only they are read.
    pub fn new(root: Option<PathBuf>) -> Files {
        Files { root, given: None }
    }

    /// Only what is given, by path; for trying out what somebody uploaded.
    pub fn given(files: impl IntoIterator<Item = (String, Vec<u8>)>) -> Files {
        Files { root: None, given: Some(Arc::new(files.into_iter().collect())) }
    }

    /// None when there is no such file, when the path would leave its folder, or when the file cannot be read.
    pub fn read(&self, path: &str) -> Option<Cow<'static, [u8]>> {
        if !is_safe(path) {
            return None;
        }
        let on_disk = self.root.as_ref().and_then(|root| std::fs::read(root.join(path)).ok());
        on_disk.map(Cow::Owned).or_else(|| self.embedded(path))
    }

    /// Every file below a folder, by its whole path, sorted.
    pub fn list(&self, dir: &str) -> Vec<String> {
        let dir = dir.trim_end_matches('/');
        if !is_safe(dir) {
            return Vec::new();
        }
        let prefix = format!("{dir}/");
        let mut found: BTreeSet<String> =
            self.embedded_names().into_iter().filter(|name| name.starts_with(&prefix)).collect();
        if let Some(root) = &self.root {
            walk(&root.join(dir), dir, &mut found);
        }
        found.into_iter().collect()
    }

    fn embedded(&self, path: &str) -> Option<Cow<'static, [u8]>> {
        if let Some(given) = &self.given {
            return given.get(path).cloned().map(Cow::Owned);
        }
        let (room, rest) = path.split_once('/')?;
        let file = match room {
            "tenants" => EmbeddedTenants::get(rest),
            "policies" => EmbeddedPolicies::get(rest),
            "themes" => EmbeddedThemes::get(rest),
            _ => None,
        };
        file.map(|file| file.data)
    }

    fn embedded_names(&self) -> Vec<String> {
        if let Some(given) = &self.given {
            return given.keys().cloned().collect();
        }
        let tenants = EmbeddedTenants::iter().map(|name| format!("tenants/{name}"));
        let policies = EmbeddedPolicies::iter().map(|name| format!("policies/{name}"));
        let themes = EmbeddedThemes::iter().map(|name| format!("themes/{name}"));
        tenants.chain(policies).chain(themes).collect()
    }
}

/// Relative, without `..`, without a root, hidden parts or odd characters.
fn is_safe(path: &str) -> bool {
    !path.is_empty()
        && !path.contains(['\\', '\0', ':'])
        && Path::new(path).components().all(|part| match part {
            Component::Normal(name) => name.to_str().is_some_and(|name| !name.starts_with('.')),
            _ => false,
        })
}

/// Adds the regular files below `folder`; links are not followed, hidden names and editors' leavings are passed over.
fn walk(folder: &Path, name: &str, found: &mut BTreeSet<String>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let Ok(kind) = entry.file_type() else { continue };
        let Some(part) = entry.file_name().to_str().map(str::to_owned) else { continue };
        if part.starts_with('.') || part.ends_with('~') || part.ends_with(".swp") {
            continue;
        }
        let path = format!("{name}/{part}");
        if kind.is_dir() {
            walk(&entry.path(), &path, found);
        } else if kind.is_file() {
            found.insert(path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_cannot_leave_its_folder() {
        for path in ["../secret", "themes/../../etc/passwd", "/etc/passwd", "themes/.git/config", "a\\b", "c:/x", ""] {
            assert!(!is_safe(path), "{path}");
        }
        assert!(is_safe("themes/base/portal/home.html"));
    }

    #[test]
    fn the_binary_carries_policies() {
        let files = Files::new(None);
        assert!(files.read("policies/model.conf").is_some());
        assert!(files.list("policies").contains(&"policies/roles.csv".to_owned()));
        assert!(files.read("policies/nothing.csv").is_none());
    }

    #[test]
    fn a_folder_overrides_file_by_file() {
        let folder = std::env::temp_dir().join(format!("busbar-files-{}", std::process::id()));
        std::fs::create_dir_all(folder.join("policies")).expect("a temporary folder");
        std::fs::write(folder.join("policies/roles.csv"), "mine").expect("a temporary file");
        let files = Files::new(Some(folder.clone()));
        assert_eq!(files.read("policies/roles.csv").as_deref(), Some(b"mine".as_slice()));
        assert!(files.read("policies/model.conf").is_some());
        std::fs::remove_dir_all(folder).expect("the temporary folder goes");
    }
}
