//! [`Bounds`]: how many bytes a task needs, known before it runs.

/// Upper bounds, in bytes, on what one task holds besides its inputs.
///
/// `None` is an honest "not known": it makes a plan's predicted peak a lower bound, and the plan
/// says so. What a task reads from other tasks is the sum of their outputs, which the plan knows.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Bounds {
    /// Temporary memory while the task runs, beyond its inputs and its output.
    pub scratch: Option<u64>,
    /// The result, as `Value::nbytes` will count it.
    pub output: Option<u64>,
}

impl Bounds {
    /// Nothing is known.
    pub const UNKNOWN: Bounds = Bounds { scratch: None, output: None };

    /// A result of at most `bytes`, made without temporary memory.
    pub const fn output(bytes: u64) -> Bounds {
        Bounds { scratch: Some(0), output: Some(bytes) }
    }

    /// The same result, with at most `bytes` of temporary memory.
    #[must_use]
    pub const fn with_scratch(self, bytes: u64) -> Bounds {
        Bounds { scratch: Some(bytes), ..self }
    }

    /// Whether both bounds are known.
    pub const fn is_known(&self) -> bool {
        self.scratch.is_some() && self.output.is_some()
    }
}
