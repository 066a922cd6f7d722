//! A ZIP that is sent while it is made: whoever fills it waits for whoever takes it, so memory stays flat however large it gets, and it is
//! known at once when nobody takes it any more. What packs runs on a thread of its own.
use axum::body::{Body, Bytes};
use futures_util::stream;
use std::io::{self, BufWriter, Write};
use tokio::sync::mpsc::{Receiver, Sender, channel};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// Pieces on their way in, and chunks on their way out.
const WAITING: usize = 4;
const CHUNK: usize = 64 * 1024;

enum Piece {
    File(String),
    Bytes(Vec<u8>),
    End,
}

/// Nobody takes it any more.
#[derive(Debug)]
pub struct Gone;

pub struct Archive {
    pieces: Sender<Piece>,
    out: Sender<io::Result<Bytes>>,
}

impl Archive {
    /// The archive to be filled, and the body that carries it away.
    pub fn start() -> (Archive, Body) {
        let (pieces, waiting) = channel(WAITING);
        let (out, taken) = channel(WAITING);
        let sent = out.clone();
        tokio::task::spawn_blocking(move || {
            let packed = pack(waiting, Outlet(sent.clone()));
            if let Err(error) = packed {
                // The transfer breaks off, so that nobody takes a part for the whole.
                _ = sent.blocking_send(Err(error));
            }
        });
        let body = stream::unfold(taken, async |mut taken: Receiver<_>| taken.recv().await.map(|chunk| (chunk, taken)));
        (Archive { pieces, out }, Body::from_stream(body))
    }

    /// What follows is of this file.
    pub async fn file(&self, name: impl Into<String>) -> Result<(), Gone> {
        self.pieces.send(Piece::File(name.into())).await.map_err(|_| Gone)
    }

    pub async fn write(&self, bytes: impl Into<Vec<u8>>) -> Result<(), Gone> {
        self.pieces.send(Piece::Bytes(bytes.into())).await.map_err(|_| Gone)
    }

    /// Without it the transfer breaks off.
    pub async fn finish(&self) -> Result<(), Gone> {
        self.pieces.send(Piece::End).await.map_err(|_| Gone)
    }

    /// Comes back when nobody takes it any more.
    pub async fn abandoned(&self) {
        self.out.closed().await;
    }
}

fn pack(mut pieces: Receiver<Piece>, out: Outlet) -> io::Result<()> {
    let mut zip = ZipWriter::new_stream(BufWriter::with_capacity(CHUNK, out));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    while let Some(piece) = pieces.blocking_recv() {
        match piece {
            Piece::File(name) => zip.start_file(name, options)?,
            Piece::Bytes(bytes) => zip.write_all(&bytes)?,
            Piece::End => {
                return zip.finish()?.into_inner().flush();
            }
        }
    }
    Err(io::Error::other("not all of it was written"))
}

struct Outlet(Sender<io::Result<Bytes>>);

impl Write for Outlet {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let chunk = Ok(Bytes::copy_from_slice(bytes));
        self.0.blocking_send(chunk).map_err(|_| io::Error::from(io::ErrorKind::BrokenPipe))?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn what_is_written_is_what_comes_out() {
        let (archive, body) = Archive::start();
        let filling = tokio::spawn(async move {
            archive.file("a.txt").await.expect("an archive");
            for _ in 0..100 {
                archive.write("žluťoučký kůň\n".repeat(1_000)).await.expect("an archive");
            }
            archive.file("složka/b.txt").await.expect("an archive");
            archive.write("b").await.expect("an archive");
            archive.finish().await.expect("an archive");
        });
        let bytes = axum::body::to_bytes(body, usize::MAX).await.expect("an archive");
        filling.await.expect("an archive");
        let mut zip = zip::ZipArchive::new(io::Cursor::new(bytes)).expect("an archive");
        let mut text = String::new();
        zip.by_name("a.txt").expect("an archive").read_to_string(&mut text).expect("an archive");
        assert_eq!(text, "žluťoučký kůň\n".repeat(100_000));
        assert!(zip.by_name("složka/b.txt").is_ok());
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_part_is_never_taken_for_the_whole() {
        let (archive, body) = Archive::start();
        archive.file("a.txt").await.expect("an archive");
        drop(archive);
        assert!(axum::body::to_bytes(body, usize::MAX).await.is_err());
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn whoever_fills_it_learns_that_nobody_takes_it() {
        let (archive, body) = Archive::start();
        archive.file("a.txt").await.expect("an archive");
        drop(body);
        tokio::time::timeout(std::time::Duration::from_secs(1), archive.abandoned()).await.expect("an archive");
    }
}
