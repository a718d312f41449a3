//! Several tasks as one function: a list of steps, run in a loop.

use super::argument::Argument;
use super::function::{Body, Function, single};
use super::{Entry, Node};
use crate::error::BoxError;
use crate::key::{Key, NameMap};
use crate::value::Value;
use std::borrow::Cow;
use std::sync::Arc;

/// Calls, one after the other, of which later ones use what earlier ones gave; the last one gives
/// the result.
///
/// A run has one slot for each argument of the program, then one for the result of each step. The
/// function of a step may be a program itself, shared with other tasks. Such nesting can be as
/// deep as the graph, so neither running nor dropping a program recurses.
pub(super) struct Program {
    pub(super) steps: Vec<Step>,
    n_arguments: usize,
    /// The functions' names: all, or the first two and the last when there are more than
    /// [`Program::ALL_NAMED`].
    names: Vec<Cow<'static, str>>,
    /// Number of functions, those of inner programs included.
    n_functions: usize,
}

pub(super) struct Step {
    pub(super) function: Function,
    /// As they were written. Every key stands for a slot.
    pub(super) arguments: Vec<Argument>,
    /// The slots of the keys in `arguments`, in the order in which they appear.
    pub(super) slots: Vec<Slot>,
}

#[derive(Clone, Copy)]
pub(super) struct Slot {
    pub(super) at: u32,
    /// Nobody needs the value afterwards, so that it can be changed in place.
    pub(super) is_last_use: bool,
}

impl Program {
    const ALL_NAMED: usize = 4;

    /// The task of `outer` with those of `inner`, each of which may use those before it, and the
    /// arguments that it takes: each key that is not one of `inner`, once.
    ///
    /// # Complexity
    /// O(arguments) of all of them.
    pub(super) fn task(inner: &[&Entry], outer: &Entry) -> Node {
        let entries = || inner.iter().copied().chain([outer]);
        let mut slot_of: NameMap<&Key, u32> = NameMap::default();
        let made = inner.iter().zip(0u32..).map(|(entry, step)| (&entry.key, step));
        let made: NameMap<&Key, u32> = made.collect();
        let mut arguments = Vec::new();
        for entry in entries() {
            entry.node.for_each_key(&mut |key| {
                if !made.contains_key(key) && !slot_of.contains_key(key) {
                    slot_of.insert(key, arguments.len() as u32);
                    arguments.push(Argument::Key(key.clone()));
                }
            });
        }
        let n_arguments = arguments.len();
        slot_of.extend(made.iter().map(|(&key, step)| (key, n_arguments as u32 + step)));
        let steps = entries().filter_map(|entry| Step::of(entry, &slot_of)).collect();
        let program = Program::of_steps(steps, n_arguments);
        Node::Task { function: Function::of_program(program), arguments }
    }

    fn of_steps(mut steps: Vec<Step>, n_arguments: usize) -> Program {
        let mut is_used = vec![false; n_arguments + steps.len()];
        for slot in steps.iter_mut().rev().flat_map(|step| step.slots.iter_mut().rev()) {
            slot.is_last_use = !std::mem::replace(&mut is_used[slot.at as usize], true);
        }
        let counts = steps.iter().map(|step| step.function.n_functions());
        // A program that is inlined many times over may count more calls than a number holds.
        let n_functions = counts.fold(0, usize::saturating_add);
        let all = || steps.iter().flat_map(|step| step.function.names()).cloned();
        let names = if n_functions <= Program::ALL_NAMED {
            all().collect()
        } else {
            let last = steps.last().and_then(|step| step.function.names().last()).cloned();
            all().take(2).chain(last).collect()
        };
        Program { steps, n_arguments, names, n_functions }
    }

    /// As `load+inc+sum`, or `load+inc+…(97 more)+sum` when there are many.
    pub(super) fn name(&self) -> String {
        match &self.names[..] {
            [first, second, last] if self.n_functions > Program::ALL_NAMED => {
                format!("{first}+{second}+…({} more)+{last}", self.n_functions - 3)
            }
            all => all.join("+"),
        }
    }

    pub(super) fn names(&self) -> &[Cow<'static, str>] {
        &self.names
    }

    pub(super) fn n_functions(&self) -> usize {
        self.n_functions
    }

    /// The function that makes the result.
    pub(super) fn last(&self) -> Option<&Function> {
        let mut step = self.steps.last()?;
        // An alias gives what it stands for.
        while step.function.is_identity()
            && let [slot] = step.slots[..]
            && let Some(earlier) = (slot.at as usize).checked_sub(self.n_arguments)
        {
            step = &self.steps[earlier];
        }
        Some(&step.function)
    }

    /// Runs the steps, with the values of the keys in `arguments`.
    ///
    /// # Errors
    /// That of the first step that fails.
    pub(super) fn call(
        &self,
        arguments: &[Argument],
        values: &mut [Value],
    ) -> Result<Value, BoxError> {
        let mut callers = Vec::new();
        let mut frame = Frame::new(self, arguments, values)?;
        let mut inputs = Vec::new();
        loop {
            let Some(step) = frame.next_step() else {
                let result = frame.slots.pop().unwrap_or_default();
                match callers.pop() {
                    Some(caller) => frame = caller,
                    None => return Ok(result),
                }
                frame.slots.push(result);
                continue;
            };
            frame.read(step, &mut inputs);
            match &step.function.body {
                Body::Call(call) => frame.slots.push(call(&step.arguments, &mut inputs)?),
                Body::Program(program) => {
                    let inner = Frame::new(program, &step.arguments, &mut inputs)?;
                    callers.push(std::mem::replace(&mut frame, inner));
                }
            }
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let mut steps = std::mem::take(&mut self.steps);
        while let Some(step) = steps.pop() {
            if let Body::Program(program) = step.function.body
                && let Some(mut program) = Arc::into_inner(program)
            {
                steps.append(&mut program.steps);
            }
        }
    }
}

impl Step {
    fn of(entry: &Entry, slot_of: &NameMap<&Key, u32>) -> Option<Step> {
        let Node::Task { function, arguments } = &entry.node else { return None };
        let mut slots = Vec::new();
        entry.node.for_each_key(&mut |key| {
            slots.push(Slot { at: slot_of[key], is_last_use: false });
        });
        Some(Step { function: function.clone(), arguments: arguments.clone(), slots })
    }
}

/// A program while it runs.
struct Frame<'a> {
    program: &'a Program,
    /// As many as arguments were read and steps were done.
    slots: Vec<Value>,
}

impl<'a> Frame<'a> {
    fn new(
        program: &'a Program,
        arguments: &[Argument],
        values: &mut [Value],
    ) -> Result<Frame<'a>, BoxError> {
        let mut values = values.iter_mut();
        let mut slots = Vec::with_capacity(program.n_arguments + program.steps.len());
        for argument in arguments {
            slots.push(single(argument, &mut values)?);
        }
        Ok(Frame { program, slots })
    }

    fn next_step(&self) -> Option<&'a Step> {
        self.program.steps.get(self.slots.len() - self.program.n_arguments)
    }

    fn read(&mut self, step: &Step, inputs: &mut Vec<Value>) {
        inputs.clear();
        inputs.extend(step.slots.iter().map(|slot| {
            let value = &mut self.slots[slot.at as usize];
            if slot.is_last_use { value.take() } else { value.clone() }
        }));
    }
}
