//! A form with a file: what was typed beside it, and the file as far as it may be large.

use axum::extract::multipart::Multipart;

/// The longest that a field beside the file is read, in characters; more is cut off.
const MOST_TYPED: usize = 1_000;

/// Why a form with a file cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotBrought {
    /// It is no such form, or was cut off on its way: half a file is no file.
    Broken,
    /// The file is larger than the caller takes.
    TooLarge,
}

/// A form as it was sent.
#[derive(Debug, Default)]
pub struct Brought {
    typed: Vec<(String, String)>,
    /// The file; empty where none was chosen.
    pub file: Vec<u8>,
}

impl Brought {
    /// Reads a form of which the field `file` is the file, of at most `most` bytes.
    ///
    /// # Errors
    /// [`NotBrought`].
    pub async fn read(mut form: Multipart, file: &str, most: usize) -> Result<Self, NotBrought> {
        let mut brought = Self::default();
        let mut large = false;
        while let Some(mut part) = form.next_field().await.map_err(|_| NotBrought::Broken)? {
            let name = part.name().unwrap_or_default().to_owned();
            let mut bytes = Vec::new();
            while let Some(chunk) = part.chunk().await.map_err(|_| NotBrought::Broken)? {
                if bytes.len().saturating_add(chunk.len()) > most {
                    large = true;
                    break;
                }
                bytes.extend_from_slice(&chunk);
            }
            if name == file {
                brought.file = bytes;
            } else {
                let text = String::from_utf8_lossy(&bytes).chars().take(MOST_TYPED).collect();
                brought.typed.push((name, text));
            }
        }
        if large { Err(NotBrought::TooLarge) } else { Ok(brought) }
    }

    /// What was typed into a field; of two with one name the last.
    #[must_use]
    pub fn typed(&self, name: &str) -> String {
        let of = self.typed.iter().rev().find(|(known, _)| known == name);
        of.map(|(_, text)| text.clone()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::extract::FromRequest as _;
    use axum::http::Request;

    use super::*;

    async fn read(body: &str) -> Result<Brought, NotBrought> {
        let request = Request::post("/")
            .header("content-type", "multipart/form-data; boundary=x")
            .body(Body::from(body.to_owned()))
            .unwrap();
        let form = Multipart::from_request(request, &()).await.unwrap();
        Brought::read(form, "table", 6).await
    }

    fn part(name: &str, text: &str) -> String {
        format!("--x\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{text}\r\n")
    }

    #[tokio::test]
    async fn half_a_file_is_no_file() {
        let (name, table) = (part("name", "List"), part("table", "a;b"));
        let whole = read(&format!("{name}{table}--x--\r\n")).await.unwrap();
        assert_eq!((whole.typed("name"), whole.typed("role")), ("List".to_owned(), String::new()));
        assert_eq!(whole.file, b"a;b");
        let cut = format!("{name}--x\r\ncontent-disposition: form-data; name=\"table\"\r\n\r\na;");
        assert_eq!(read(&cut).await.unwrap_err(), NotBrought::Broken);
        let large = format!("{name}{}--x--\r\n", part("table", "a;b;c;d"));
        assert_eq!(read(&large).await.unwrap_err(), NotBrought::TooLarge);
    }
}
