//! [`Failure`]: errors of tasks, from one process to another.
//!
//! The errors of `chunkwise-graph`, of `std::io` and those that were registered arrive as what they
//! were; of others the texts arrive, each with those of its sources.

use chunkwise_graph::{
    BoxError, Error, Key, Name, Place, TaskSite, decode_error, encode_error, interned,
};
use serde::{Deserialize, Serialize};
use std::error::Error as StdError;
use std::fmt;
use std::io;

/// An error in a form that can be sent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum Failure {
    Text { text: String, source: Option<Box<Failure>> },
    Io { kind: u32, text: String },
    Registered { type_name: String, bytes: Vec<u8> },
    Task { site: Site, source: Box<Failure> },
    Panic { site: Site, message: String },
    Type { expected: String, found: String },
    Cancelled,
}

/// As [`TaskSite`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Site {
    key: String,
    index: Vec<u32>,
    operation: String,
    file: String,
    line: u32,
    column: u32,
    inputs: Vec<String>,
}

/// Kinds of `std::io` errors by number: those that a program may look for.
const KINDS: [io::ErrorKind; 23] = [
    io::ErrorKind::Other,
    io::ErrorKind::NotFound,
    io::ErrorKind::PermissionDenied,
    io::ErrorKind::AlreadyExists,
    io::ErrorKind::InvalidInput,
    io::ErrorKind::InvalidData,
    io::ErrorKind::TimedOut,
    io::ErrorKind::WriteZero,
    io::ErrorKind::Interrupted,
    io::ErrorKind::UnexpectedEof,
    io::ErrorKind::OutOfMemory,
    io::ErrorKind::BrokenPipe,
    io::ErrorKind::ConnectionRefused,
    io::ErrorKind::ConnectionReset,
    io::ErrorKind::ConnectionAborted,
    io::ErrorKind::NotConnected,
    io::ErrorKind::AddrInUse,
    io::ErrorKind::AddrNotAvailable,
    io::ErrorKind::WouldBlock,
    io::ErrorKind::Unsupported,
    io::ErrorKind::StorageFull,
    io::ErrorKind::NotADirectory,
    io::ErrorKind::IsADirectory,
];

/// The text of an error that could not travel as what it was.
#[derive(Debug)]
struct Told {
    text: String,
    source: Option<Box<Told>>,
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl StdError for Told {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|source| source as &(dyn StdError + 'static))
    }
}

impl Failure {
    pub(crate) fn of(error: &(dyn StdError + Send + Sync + 'static)) -> Failure {
        if let Some((type_name, bytes)) = encode_error(error) {
            return Failure::Registered { type_name: type_name.to_owned(), bytes };
        }
        match error.downcast_ref::<Error>() {
            Some(Error::Task { site, source }) => {
                Failure::Task { site: Site::of(site), source: Box::new(Failure::of(&**source)) }
            }
            Some(Error::Panic { site, message }) => {
                Failure::Panic { site: Site::of(site), message: message.clone() }
            }
            Some(Error::Type { key: None, expected, found }) => {
                Failure::Type { expected: (*expected).to_owned(), found: (*found).to_owned() }
            }
            Some(Error::Cancelled { .. }) => Failure::Cancelled,
            _ => Failure::of_any(error),
        }
    }

    /// Sources are known by their texts, but for those of tasks.
    fn of_any(error: &(dyn StdError + 'static)) -> Failure {
        if let Some(error) = error.downcast_ref::<io::Error>() {
            let kind = KINDS.iter().position(|kind| *kind == error.kind()).unwrap_or_default();
            return Failure::Io { kind: kind as u32, text: error.to_string() };
        }
        let source = error.source().map(|source| Box::new(Failure::of_any(source)));
        Failure::Text { text: error.to_string(), source }
    }

    pub(crate) fn into_error(self) -> BoxError {
        match self {
            Failure::Text { .. } => Box::new(self.told()),
            Failure::Io { kind, text } => {
                let kind = KINDS.get(kind as usize).copied().unwrap_or(io::ErrorKind::Other);
                Box::new(io::Error::new(kind, text))
            }
            Failure::Registered { ref type_name, ref bytes } => decode_error(type_name, bytes)
                .unwrap_or_else(|| {
                    format!("an error of type {type_name}, which could not be read").into()
                }),
            Failure::Task { site, source } => {
                let source = source.into_error().into();
                Box::new(Error::Task { site: Box::new(site.into_site()), source })
            }
            Failure::Panic { site, message } => {
                Box::new(Error::Panic { site: Box::new(site.into_site()), message })
            }
            Failure::Type { expected, found } => Box::new(Error::Type {
                key: None,
                expected: interned(&expected),
                found: interned(&found),
            }),
            Failure::Cancelled => Box::new(Error::Cancelled { running: Vec::new() }),
        }
    }

    /// The texts alone.
    fn told(self) -> Told {
        match self {
            Failure::Text { text, source } => {
                Told { text, source: source.map(|source| Box::new(source.told())) }
            }
            other => Told { text: other.into_error().to_string(), source: None },
        }
    }
}

impl Site {
    fn of(site: &TaskSite) -> Site {
        Site {
            key: site.key.name.to_string(),
            index: site.key.index.to_vec(),
            operation: site.operation.clone(),
            file: site.made_at.file().to_owned(),
            line: site.made_at.line(),
            column: site.made_at.column(),
            inputs: site.inputs.clone(),
        }
    }

    fn into_site(self) -> TaskSite {
        let key = Key { name: Name::given(self.key), index: self.index.into_iter().collect() };
        let made_at = Place::new(self.file, self.line, self.column);
        TaskSite::new(key, self.operation, made_at, self.inputs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn there_and_back(error: BoxError) -> BoxError {
        let bytes = postcard::to_stdvec(&Failure::of(&*error)).unwrap();
        postcard::from_bytes::<Failure>(&bytes).unwrap().into_error()
    }

    #[test]
    fn texts_and_their_sources_arrive() {
        let told = Told {
            text: "cannot load".into(),
            source: Some(Box::new(Told { text: "no such file".into(), source: None })),
        };
        let back = there_and_back(Box::new(told));
        assert_eq!(back.to_string(), "cannot load");
        assert_eq!(back.source().unwrap().to_string(), "no such file");
    }

    #[test]
    fn errors_of_io_keep_their_kind() {
        let error = std::fs::File::open("/nowhere/at/all").unwrap_err();
        let back = there_and_back(Box::new(error));
        let back = back.downcast_ref::<io::Error>().unwrap();
        assert_eq!(back.kind(), io::ErrorKind::NotFound);
        assert!(back.to_string().contains("No such file"), "{back}");
    }

    #[test]
    fn nested_errors_of_tasks_arrive_as_such() {
        let key = Key { name: Name::given("inner"), index: [1, 2].into_iter().collect() };
        let site =
            TaskSite::new(key, "add".into(), Place::new("src/main.rs", 7, 5), vec!["1".into()]);
        let inner = Error::Panic { site: Box::new(site.clone()), message: "boom".into() };
        let outer = Error::Task { site: Box::new(site), source: std::sync::Arc::new(inner) };
        let (text, back) = (format!("{outer:?}"), there_and_back(Box::new(outer)));
        let back = back.downcast_ref::<Error>().unwrap();
        assert_eq!(format!("{back:?}"), text);
        let inner = back.source().unwrap().downcast_ref::<Error>();
        assert!(matches!(inner, Some(Error::Panic { message, .. }) if message == "boom"));
    }

    #[test]
    fn types_and_cancellation_arrive() {
        let error = Error::Type { key: None, expected: "u8", found: "alloc::string::String" };
        let back = there_and_back(Box::new(error));
        assert_eq!(back.to_string(), "expected u8, found String");
        let back = there_and_back(Box::new(Error::Cancelled { running: Vec::new() }));
        assert!(matches!(back.downcast_ref(), Some(Error::Cancelled { .. })));
    }
}
