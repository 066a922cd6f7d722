//! Where tenants, policies and themes come from: the copies inside the binary, overridden file by file from a folder.
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

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
    has_embedded: bool,
}

impl Files {
    /// `root` overrides the embedded copies file by file; without it only they are read.
    pub fn new(root: Option<PathBuf>) -> Files {
        Files { root, has_embedded: true }
    }

    /// Only what lies in the folder; for trying files out.
    pub fn only(root: PathBuf) -> Files {
        Files { root: Some(root), has_embedded: false }
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
        let mut found: BTreeSet<String> = self.embedded_names().filter(|name| name.starts_with(&prefix)).collect();
        if let Some(root) = &self.root {
            walk(&root.join(dir), dir, &mut found);
        }
        found.into_iter().collect()
    }

    fn embedded(&self, path: &str) -> Option<Cow<'static, [u8]>> {
        let (room, rest) = path.split_once('/')?;
        let file = match room {
            _ if !self.has_embedded => None,
            "tenants" => EmbeddedTenants::get(rest),
            "policies" => EmbeddedPolicies::get(rest),
            "themes" => EmbeddedThemes::get(rest),
            _ => None,
        };
        file.map(|file| file.data)
    }

    fn embedded_names(&self) -> impl Iterator<Item = String> {
        let rooms: [(&str, Vec<Cow<'static, str>>); 3] = if self.has_embedded {
            [
                ("tenants", EmbeddedTenants::iter().collect()),
                ("policies", EmbeddedPolicies::iter().collect()),
                ("themes", EmbeddedThemes::iter().collect()),
            ]
        } else {
            [("tenants", Vec::new()), ("policies", Vec::new()), ("themes", Vec::new())]
        };
        rooms.into_iter().flat_map(|(room, names)| names.into_iter().map(move |name| format!("{room}/{name}")))
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
