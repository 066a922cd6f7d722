//! Letters: printed by the desk, or files in a folder from which whoever prints them takes them.
use super::mail::Error;
use std::path::{Path, PathBuf};

#[derive(Clone, Debug)]
pub enum Letters {
    /// Once they are worded they wait at the desk; nothing else is to be done.
    Desk,
    Folder(PathBuf),
}

/// One letter; `id` makes printing it twice impossible to overlook.
#[derive(Clone, Debug)]
pub struct Letter {
    pub id: uuid::Uuid,
    /// Name and address, one line each.
    pub recipient: String,
    pub subject: String,
    pub body: String,
}

impl Letters {
    pub fn folder(dir: impl Into<PathBuf>) -> Letters {
        Letters::Folder(dir.into())
    }

    pub async fn send(&self, letter: &Letter) -> Result<(), Error> {
        let Letters::Folder(dir) = self else { return Ok(()) };
        let text = format!("{}\n\n{}\n\n{}\n", letter.recipient, letter.subject, letter.body);
        write_whole(dir, &format!("{}.txt", letter.id), text.into_bytes()).await
    }
}

/// Writes beside and renames: a reader never sees half a file, and writing the same again changes nothing.
pub(super) async fn write_whole(dir: &Path, name: &str, bytes: Vec<u8>) -> Result<(), Error> {
    let (dir, name) = (dir.to_owned(), name.to_owned());
    let written = tokio::task::spawn_blocking(move || {
        std::fs::create_dir_all(&dir)?;
        let beside = dir.join(format!(".{name}.{}", uuid::Uuid::new_v4().simple()));
        std::fs::write(&beside, bytes)?;
        std::fs::rename(&beside, dir.join(name))
    });
    match written.await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => Err(Error::Later(error.to_string())),
        Err(error) => Err(Error::Later(error.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_letter_lies_in_the_folder_once() {
        let dir = std::env::temp_dir().join(format!("busbar-letters-{}", uuid::Uuid::new_v4()));
        let letters = Letters::folder(&dir);
        let letter = Letter {
            id: uuid::Uuid::new_v4(),
            recipient: "Jan Žluťoučký\nDlouhá 1\n110 00 Praha".into(),
            subject: "Heslo".into(),
            body: "abc".into(),
        };
        letters.send(&letter).await.expect("sent");
        letters.send(&letter).await.expect("sent again");
        let names: Vec<_> = std::fs::read_dir(&dir).expect("listed").flatten().map(|entry| entry.file_name()).collect();
        assert_eq!(names, [std::ffi::OsString::from(format!("{}.txt", letter.id))]);
        std::fs::remove_dir_all(&dir).expect("removed");
    }
}
