//! [`Bounds`]: how many bytes a task needs, known before it runs.

/// Upper bounds, in bytes, on what one task holds besides its inputs.
///
/// While it runs, a task holds its inputs, its scratch and its output, and no more. What it reads
/// from other tasks is the sum of their outputs, which the plan knows. The bounds hold also where
/// inputs are shared, so that none can be changed in place or given back early.
///
/// Not counted are vectors of shapes, positions and inputs, some kilobytes a task, and what a thread
/// keeps for later tasks, such as the buffers in which products of matrices pack their operands.
///
/// `None` is an honest "not known": it makes a plan's predicted peak a lower bound, and the plan
/// says so. The tests of this workspace compare the bounds of every built-in operation with counted
/// allocations (`AllocationCheck` of `testing`); what users state is compared with nothing but the
/// size of the result, where a run under a limit on memory looks at it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Bounds {
    /// Temporary memory while the task runs, beyond its inputs and its output: at no time are more
    /// bytes allocated than this and [`Bounds::output`] together, less what was freed of the inputs.
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
