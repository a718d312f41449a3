//! Hand-written tasks in portable form: a function without captures, and the shape of its
//! arguments. Values written into a task go along as arguments of their own, so that tasks which
//! differ in nothing else are one kernel.

use super::argument::Argument;
use super::function::{Body, Call, Function, TaskFn};
use super::program::{Program, Slot};
use crate::captureless::{Captureless, LoadWith};
use crate::error::BoxError;
use crate::kernel::{Block, Kernel};
use crate::key::Key;
use crate::ship::{Parcel, ShipFn, Shipment};
use crate::value::Value;
use std::marker::PhantomData;
use std::sync::Arc;

/// Programs inside programs are walked by recursion, which this bounds.
const MAX_DEPTH: u32 = 64;

/// How a function gets to another process, or why it does not.
#[derive(Clone, Copy)]
pub(super) enum Portable {
    As(&'static ShipFn),
    Not(fn() -> String),
}

impl Portable {
    pub(super) fn infallible<S, P, F: TaskFn<S, P>>(function: &F) -> Portable {
        Portable::with::<F, Infallible<S, P>>(function)
    }

    pub(super) fn fallible<S, P, T, E, F>(function: &F) -> Portable
    where
        F: TaskFn<S, P, Output = Result<T, E>>,
        T: std::any::Any + Send + Sync,
        E: Into<BoxError> + 'static,
    {
        Portable::with::<F, Fallible<S, P>>(function)
    }

    fn with<F: Send + Sync + 'static, L: LoadWith<F>>(function: &F) -> Portable {
        match Captureless::of(function) {
            Some(function) => Portable::As(function.ship_fn::<L>()),
            None => Portable::Not(Captureless::<F>::refusal),
        }
    }
}

/// Functions that give their result.
struct Infallible<S, P>(PhantomData<fn() -> (S, P)>);

/// Functions that give a `Result`.
struct Fallible<S, P>(PhantomData<fn() -> (S, P)>);

impl<S, P, F: TaskFn<S, P>> LoadWith<F> for Infallible<S, P> {
    fn load(function: Captureless<F>, parcel: Parcel<'_>) -> Result<Arc<dyn Kernel>, BoxError> {
        let template = Template::read(&mut Words(parcel.state))?;
        let kernel = move |values: &mut [Value]| {
            template.apply(values, |call| Ok(Value::new(function.get().call(call)?)))
        };
        Ok(Arc::new(kernel))
    }
}

impl<S, P, T, E, F> LoadWith<F> for Fallible<S, P>
where
    F: TaskFn<S, P, Output = Result<T, E>>,
    T: std::any::Any + Send + Sync,
    E: Into<BoxError> + 'static,
{
    fn load(function: Captureless<F>, parcel: Parcel<'_>) -> Result<Arc<dyn Kernel>, BoxError> {
        let template = Template::read(&mut Words(parcel.state))?;
        let kernel = move |values: &mut [Value]| {
            template.apply(values, |call| {
                Ok(Value::new(function.get().call(call)?.map_err(Into::into)?))
            })
        };
        Ok(Arc::new(kernel))
    }
}

/// What an alias stands for.
const IDENTITY: &ShipFn = &ShipFn::new::<Template>(|parcel| {
    let template = Template::read(&mut Words(parcel.state))?;
    Ok(Arc::new(move |values: &mut [Value]| {
        template
            .apply(values, |mut call| call.next_value().ok_or_else(|| "an alias of nothing".into()))
    }))
});

const PROGRAM: &ShipFn =
    &ShipFn::new::<Program>(|parcel| Ok(Arc::new(LoadedProgram::load(parcel)?)));

impl Function {
    /// The function applied to `arguments`, in portable form.
    pub(super) fn ship(&self, arguments: &[Argument]) -> Result<Shipment, String> {
        self.ship_at(arguments, 0)
    }

    fn ship_at(&self, arguments: &[Argument], depth: u32) -> Result<Shipment, String> {
        let mut words = Vec::new();
        let mut literals = Vec::new();
        write_template(arguments, &mut words, &mut literals);
        let shipment = match &self.body {
            Body::Call(_) if self.is_identity() => Shipment::new(IDENTITY),
            Body::Call(_) => match self.portable {
                Portable::As(function) => Shipment::new(function),
                Portable::Not(why) => return Err(why()),
            },
            Body::Program(_) if depth == MAX_DEPTH => {
                return Err(format!("it holds programs more than {MAX_DEPTH} deep: inline less"));
            }
            Body::Program(program) => {
                let parts = program.ship_steps(depth, &mut words, &mut literals)?;
                Shipment::new(PROGRAM).with_parts(parts)
            }
        };
        let state = words.iter().flat_map(|word: &u32| word.to_le_bytes()).collect();
        let shipment = shipment.with_state(state).with_arguments(literals);
        Ok(match self.signature {
            Some(signature) => shipment.with_output(signature.output),
            None => shipment,
        })
    }
}

impl Program {
    /// The steps' functions; how they work on each other is written to `words`.
    fn ship_steps(
        &self,
        depth: u32,
        words: &mut Vec<u32>,
        literals: &mut Vec<Value>,
    ) -> Result<Vec<Shipment>, String> {
        let mut parts = Vec::with_capacity(self.steps.len());
        words.push(self.steps.len() as u32);
        for step in &self.steps {
            let name = step.function.name();
            let mut part = step
                .function
                .ship_at(&step.arguments, depth + 1)
                .map_err(|why| format!("{name}: {why}"))?;
            let own = part.take_arguments();
            words.extend([step.slots.len() as u32, own.len() as u32]);
            words.extend(step.slots.iter().map(|slot| slot.at << 1 | u32::from(slot.is_last_use)));
            literals.extend(own);
            parts.push(part);
        }
        Ok(parts)
    }
}

const KEY: u32 = 0;
const LITERAL: u32 = 1;
const LIST: u32 = 2;

fn write_template(arguments: &[Argument], words: &mut Vec<u32>, literals: &mut Vec<Value>) {
    words.push(arguments.len() as u32);
    for argument in arguments {
        match argument {
            Argument::Key(_) => words.push(KEY),
            Argument::Literal(value) => {
                words.push(LITERAL);
                literals.push(value.clone());
            }
            Argument::List(items) => {
                words.push(LIST);
                write_template(items, words, literals);
            }
        }
    }
}

/// Numbers, as they were written.
struct Words<'a>(&'a [u8]);

impl Words<'_> {
    fn next(&mut self) -> Result<u32, BoxError> {
        let (word, rest) = self.0.split_first_chunk().ok_or("a hand-written task is cut short")?;
        self.0 = rest;
        Ok(u32::from_le_bytes(*word))
    }

    /// A number of items, each of which takes at least one word.
    fn len(&mut self) -> Result<usize, BoxError> {
        let len = self.next()? as usize;
        if len > self.0.len() / 4 {
            Err("a hand-written task is cut short".into())
        } else {
            Ok(len)
        }
    }
}

/// The shape of a task's arguments; every value, of a key or a literal, comes with the call.
struct Template {
    arguments: Vec<Argument>,
    /// For each value in the order in which the function takes them.
    is_literal: Vec<bool>,
    n_literals: usize,
}

impl Template {
    fn read(words: &mut Words<'_>) -> Result<Template, BoxError> {
        let mut is_literal = Vec::new();
        let arguments = Template::read_arguments(words, &mut is_literal, 0)?;
        let n_literals = is_literal.iter().filter(|is| **is).count();
        Ok(Template { arguments, is_literal, n_literals })
    }

    fn read_arguments(
        words: &mut Words<'_>,
        is_literal: &mut Vec<bool>,
        depth: u32,
    ) -> Result<Vec<Argument>, BoxError> {
        if depth > MAX_DEPTH {
            return Err("lists nested too deep".into());
        }
        let n = words.len()?;
        let mut arguments = Vec::with_capacity(n);
        for _ in 0..n {
            arguments.push(match words.next()? {
                kind @ (KEY | LITERAL) => {
                    is_literal.push(kind == LITERAL);
                    // Only its place counts.
                    Argument::Key(placeholder())
                }
                LIST => Argument::List(Template::read_arguments(words, is_literal, depth + 1)?),
                other => return Err(format!("no kind of argument is {other}").into()),
            });
        }
        Ok(arguments)
    }

    /// Calls with the values, inputs first and literals after them, where the arguments have them.
    fn apply(
        &self,
        values: &mut [Value],
        call: impl FnOnce(Call<'_>) -> Result<Value, BoxError>,
    ) -> Result<Value, BoxError> {
        if values.len() != self.is_literal.len() {
            return Err(format!("{} values for {}", values.len(), self.is_literal.len()).into());
        }
        if self.n_literals == 0 || self.n_literals == values.len() {
            return call(Call::new(&self.arguments, values));
        }
        let (inputs, literals) = values.split_at_mut(values.len() - self.n_literals);
        let (mut inputs, mut literals) = (inputs.iter_mut(), literals.iter_mut());
        let next = |&is_literal: &bool| {
            let from = if is_literal { &mut literals } else { &mut inputs };
            from.next().map(Value::take).unwrap_or_default()
        };
        let mut in_order: Vec<Value> = self.is_literal.iter().map(next).collect();
        call(Call::new(&self.arguments, &mut in_order))
    }
}

fn placeholder() -> Key {
    Key::new(crate::key::Name::structural("", crate::token::Token::NONE))
}

/// A [`Program`] made again, as kernels.
struct LoadedProgram {
    template: Template,
    steps: Vec<LoadedStep>,
    n_literals: usize,
}

struct LoadedStep {
    kernel: Arc<dyn Kernel>,
    slots: Vec<Slot>,
    n_literals: usize,
}

impl LoadedProgram {
    fn load(parcel: Parcel<'_>) -> Result<LoadedProgram, BoxError> {
        let words = &mut Words(parcel.state);
        let template = Template::read(words)?;
        if words.next()? as usize != parcel.parts.len() {
            return Err("a program has as many functions as steps".into());
        }
        let n_arguments = template.arguments.len();
        let mut steps: Vec<LoadedStep> = Vec::with_capacity(parcel.parts.len());
        for kernel in parcel.parts {
            let n_known = n_arguments + steps.len();
            let (n_slots, n_literals) = (words.next()?, words.next()? as usize);
            let mut slots = Vec::new();
            for _ in 0..n_slots {
                let word = words.next()?;
                let slot = Slot { at: word >> 1, is_last_use: word & 1 == 1 };
                if slot.at as usize >= n_known {
                    return Err("a step of a program works on what does not exist".into());
                }
                slots.push(slot);
            }
            steps.push(LoadedStep { kernel, slots, n_literals });
        }
        let n_literals = steps.iter().map(|step| step.n_literals).sum();
        Ok(LoadedProgram { template, steps, n_literals })
    }

    fn run(&self, arguments: &mut Call<'_>, literals: &mut [Value]) -> Result<Value, BoxError> {
        let mut slots = Vec::with_capacity(self.template.arguments.len() + self.steps.len());
        while let Some(value) = arguments.next_value() {
            slots.push(value);
        }
        let mut literals = literals.iter_mut().map(Value::take);
        let mut inputs = Vec::new();
        for step in &self.steps {
            inputs.clear();
            inputs.extend(step.slots.iter().map(|slot| {
                let value: &mut Value = &mut slots[slot.at as usize];
                if slot.is_last_use { value.take() } else { value.clone() }
            }));
            inputs.extend(literals.by_ref().take(step.n_literals));
            slots.push(step.kernel.call(Block { number: 0, grid: &[] }, &mut inputs)?);
        }
        Ok(slots.pop().unwrap_or_default())
    }
}

impl Kernel for LoadedProgram {
    fn call(&self, _block: Block<'_>, values: &mut [Value]) -> Result<Value, BoxError> {
        let n_inputs = values.len().checked_sub(self.n_literals).ok_or("too few values")?;
        let (inputs, literals) = values.split_at_mut(n_inputs);
        self.template.apply(inputs, |mut call| self.run(&mut call, literals))
    }
}
