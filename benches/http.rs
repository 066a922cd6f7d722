//! As much of an HTTP client as a bench needs: one kept-alive connection, Content-Length, nothing else.
use anyhow::{Context, Result, bail};
use std::net::{Ipv4Addr, SocketAddr};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

pub struct Connection {
    stream: TcpStream,
    received: Vec<u8>,
}

pub struct Reply<'a> {
    pub status: u16,
    pub head: &'a str,
    pub body: &'a [u8],
}

impl Connection {
    pub async fn open(address: SocketAddr) -> Result<Connection> {
        Self::open_from(Ipv4Addr::UNSPECIFIED, address).await
    }

    /// From one of this machine's addresses.
    pub async fn open_from(own: Ipv4Addr, address: SocketAddr) -> Result<Connection> {
        let socket = TcpSocket::new_v4()?;
        socket.bind((own, 0).into())?;
        let stream = socket.connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Connection { stream, received: Vec::with_capacity(64 * 1024) })
    }

    /// Sends one request and waits for its whole answer.
    pub async fn exchange(&mut self, request: &[u8]) -> Result<Reply<'_>> {
        self.stream.write_all(request).await?;
        self.received.clear();
        let (head, length) = loop {
            if self.stream.read_buf(&mut self.received).await? == 0 {
                bail!("the connection was closed");
            }
            if let Some(end) = self.received.windows(4).position(|window| window == b"\r\n\r\n") {
                break (end, content_length(&self.received[..end])?);
            }
        };
        while self.received.len() < head + 4 + length {
            if self.stream.read_buf(&mut self.received).await? == 0 {
                bail!("the connection was closed within an answer");
            }
        }
        let body = &self.received[head + 4..];
        let head = std::str::from_utf8(&self.received[..head]).context("headers are ASCII")?;
        let status = head.get(9..12).and_then(|status| status.parse().ok()).context("a status line")?;
        Ok(Reply { status, head, body })
    }
}

fn content_length(head: &[u8]) -> Result<usize> {
    let head = std::str::from_utf8(head).context("headers are ASCII")?;
    for line in head.split("\r\n") {
        let Some((name, value)) = line.split_once(':') else { continue };
        if name.eq_ignore_ascii_case("content-length") {
            return value.trim().parse().context("Content-Length is a number");
        }
    }
    if head.get(9..12).is_some_and(|status| status == "204" || status == "304") {
        return Ok(0);
    }
    bail!("an answer without Content-Length")
}

/// The cookies an answer sets, as the next request sends them.
pub fn cookies(head: &str) -> String {
    let lines = head.split("\r\n").filter_map(|line| line.split_once(':'));
    let set = lines.filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie"));
    set.filter_map(|(_, value)| value.trim().split(';').next()).collect::<Vec<_>>().join("; ")
}
