//! A folder that stands for a gateway: what would leave lies there as files.
use super::mail::Error;
use std::path::Path;

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
    async fn what_is_written_twice_lies_there_once_and_whole() {
        let dir = std::env::temp_dir().join(format!("busbar-folder-{}", uuid::Uuid::new_v4()));
        for _ in 0..2 {
            write_whole(&dir, "a.txt", b"abc".to_vec()).await.expect("written");
        }
        let names: Vec<_> = std::fs::read_dir(&dir).expect("listed").flatten().map(|entry| entry.file_name()).collect();
        assert_eq!(names, [std::ffi::OsString::from("a.txt")]);
        std::fs::remove_dir_all(&dir).expect("removed");
    }
}
