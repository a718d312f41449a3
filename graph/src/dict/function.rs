//! Functions of hand-written tasks: how arguments of any type reach a Rust function.

use super::argument::{Argument, Many, One};
use super::program::Program;
use super::ship::Portable;
use crate::error::BoxError;
use crate::type_info::{TypeInfo, short_type_name};
use crate::value::Value;
use std::any::{Any, TypeId, type_name};
use std::borrow::Cow;
use std::sync::Arc;

/// A type as a parameter of a task's function wants it, for the check before a run.
#[derive(Clone, Copy, Debug)]
pub enum Parameter {
    /// A value of this type.
    One(fn() -> TypeId, fn() -> &'static str),
    /// A list of such parameters.
    Many(&'static Parameter),
}

impl Parameter {
    const fn of<T: Any>() -> Parameter {
        Parameter::One(TypeId::of::<T>, type_name::<T>)
    }

    /// The type as a reader would write it.
    pub(super) fn describe(&self) -> String {
        match self {
            Parameter::One(_, name) => short_type_name(name()),
            Parameter::Many(item) => format!("list of {}", item.describe()),
        }
    }

    /// The first mismatch with an argument: what was expected and what was found. `type_of` knows
    /// the types of keys.
    pub(super) fn mismatch(
        &self,
        argument: &Argument,
        type_of: &dyn Fn(&crate::Key) -> Option<(TypeId, &'static str)>,
    ) -> Option<(String, String)> {
        let found = match (self, argument) {
            (Parameter::Many(item), Argument::List(arguments)) => {
                return arguments.iter().find_map(|argument| item.mismatch(argument, type_of));
            }
            (Parameter::One(id, _), Argument::Key(key)) => match type_of(key) {
                Some((found, name)) if found != id() => short_type_name(name),
                _ => return None,
            },
            (Parameter::One(id, _), Argument::Literal(value)) => {
                if value.info().id() == id() {
                    return None;
                }
                value.info().short_name()
            }
            (_, Argument::List(_)) => "a list".to_owned(),
            (Parameter::Many(_), _) => "a single value".to_owned(),
        };
        Some((self.describe(), found))
    }
}

/// The arguments of a call: the template as written, and the values of its keys in order.
pub struct Call<'a> {
    arguments: &'a [Argument],
    values: std::slice::IterMut<'a, Value>,
}

impl<'a> Call<'a> {
    pub(super) fn new(arguments: &'a [Argument], values: &'a mut [Value]) -> Call<'a> {
        Call { arguments, values: values.iter_mut() }
    }

    /// The next argument, whatever its type; `None` after the last one.
    pub(super) fn next_value(&mut self) -> Option<Value> {
        let (argument, rest) = self.arguments.split_first()?;
        self.arguments = rest;
        single(argument, &mut self.values).ok()
    }

    fn next<S, T: FromArgument<S>>(&mut self) -> Result<T, BoxError> {
        match self.arguments.split_first() {
            Some((argument, rest)) => {
                self.arguments = rest;
                T::from_argument(argument, &mut self.values)
            }
            None => Err("the function takes more arguments than the task has".into()),
        }
    }
}

/// What a function can take as one parameter, for arguments of shape `S`.
pub trait FromArgument<S>: Sized {
    /// The type, for the check before a run.
    const PARAMETER: &'static Parameter;

    /// Reads the argument, taking the values of its keys from `values`.
    ///
    /// # Errors
    /// If the values are of other types.
    fn from_argument(
        argument: &Argument,
        values: &mut std::slice::IterMut<'_, Value>,
    ) -> Result<Self, BoxError>;
}

/// The value of an argument that is not a list: the next one of `values`, or the literal.
pub(super) fn single(
    argument: &Argument,
    values: &mut std::slice::IterMut<'_, Value>,
) -> Result<Value, BoxError> {
    match argument {
        Argument::Key(_) => Ok(values.next().map(Value::take).unwrap_or_default()),
        Argument::Literal(value) => Ok(value.clone()),
        Argument::List(_) => Err("a list was given where the function takes one value".into()),
    }
}

impl<T: Any + Clone + Send + Sync> FromArgument<One> for T {
    const PARAMETER: &'static Parameter = &Parameter::of::<T>();

    fn from_argument(
        argument: &Argument,
        values: &mut std::slice::IterMut<'_, Value>,
    ) -> Result<T, BoxError> {
        Ok(single(argument, values)?.take_or_clone()?)
    }
}

impl<S, T: FromArgument<S>> FromArgument<Many<S>> for Vec<T> {
    const PARAMETER: &'static Parameter = &Parameter::Many(T::PARAMETER);

    fn from_argument(
        argument: &Argument,
        values: &mut std::slice::IterMut<'_, Value>,
    ) -> Result<Vec<T>, BoxError> {
        match argument {
            Argument::List(items) => {
                items.iter().map(|item| T::from_argument(item, values)).collect()
            }
            _ => Err("one value was given where the function takes a list".into()),
        }
    }
}

/// Functions that can be tasks: of up to eight parameters, each fit for the shape of its argument.
pub trait TaskFn<Shapes, Parameters>: Send + Sync + 'static {
    /// What the function returns.
    type Output: Any + Send + Sync;

    /// The types of the parameters.
    const PARAMETERS: &'static [&'static Parameter];

    /// Calls the function.
    ///
    /// # Errors
    /// If a value is of another type than the parameter.
    fn call(&self, call: Call<'_>) -> Result<Self::Output, BoxError>;

    /// The function's name.
    fn name() -> &'static str {
        type_name::<Self>()
    }
}

/// A function that takes its parameters by reference; made by [`by_ref`].
#[derive(Clone, Copy, Debug)]
pub struct ByRef<F>(F);

/// Adapts a function of references, so that shared values are not cloned for it.
///
/// ```
/// use chunkwise_graph::{InOrder, SchedulerExt, TaskDict, by_ref};
/// let mut graph = TaskDict::new();
/// graph.value("text", String::from("abc")).task("n", by_ref(|text: &String| text.len()), ["text"]);
/// assert_eq!(InOrder.get::<usize>(&graph, "n")?, 3);
/// # Ok::<(), chunkwise_graph::Error>(())
/// ```
pub fn by_ref<F>(function: F) -> ByRef<F> {
    ByRef(function)
}

/// A value that a function only looks at.
struct Looked<T>(Arc<T>);

impl<T: Any + Send + Sync> Looked<T> {
    const PARAMETER: &'static Parameter = &Parameter::of::<T>();
}

impl<T: Any + Send + Sync> FromArgument<One> for Looked<T> {
    const PARAMETER: &'static Parameter = Looked::<T>::PARAMETER;

    fn from_argument(
        argument: &Argument,
        values: &mut std::slice::IterMut<'_, Value>,
    ) -> Result<Looked<T>, BoxError> {
        Ok(Looked(single(argument, values)?.into_arc()?))
    }
}

macro_rules! task_functions {
    ($($shape:ident $parameter:ident),*) => {
        #[allow(non_snake_case, unused, reason = "one macro for every number of parameters")]
        impl<Func, Out, $($shape, $parameter),*> TaskFn<($($shape,)*), ($($parameter,)*)> for Func
        where
            Func: Fn($($parameter),*) -> Out + Send + Sync + 'static,
            Out: Any + Send + Sync,
            $($parameter: FromArgument<$shape>),*
        {
            type Output = Out;

            const PARAMETERS: &'static [&'static Parameter] = &[$($parameter::PARAMETER),*];

            fn call(&self, mut call: Call<'_>) -> Result<Out, BoxError> {
                $(let $parameter = call.next::<$shape, $parameter>()?;)*
                Ok(self($($parameter),*))
            }
        }
    };
}
task_functions!();
task_functions!(S1 A);
task_functions!(S1 A, S2 B);
task_functions!(S1 A, S2 B, S3 C);
task_functions!(S1 A, S2 B, S3 C, S4 D);
task_functions!(S1 A, S2 B, S3 C, S4 D, S5 E);
task_functions!(S1 A, S2 B, S3 C, S4 D, S5 E, S6 F);
task_functions!(S1 A, S2 B, S3 C, S4 D, S5 E, S6 F, S7 G);
task_functions!(S1 A, S2 B, S3 C, S4 D, S5 E, S6 F, S7 G, S8 H);

macro_rules! functions_of_references {
    ($($one:ident $parameter:ident),+) => {
        #[allow(non_snake_case, reason = "one macro for every number of parameters")]
        impl<Func, Out, $($parameter),+> TaskFn<($($one,)+), ($($parameter,)+)> for ByRef<Func>
        where
            Func: Fn($(&$parameter),+) -> Out + Send + Sync + 'static,
            Out: Any + Send + Sync,
            $($parameter: Any + Send + Sync),+
        {
            type Output = Out;

            const PARAMETERS: &'static [&'static Parameter] =
                &[$(Looked::<$parameter>::PARAMETER),+];

            fn call(&self, mut call: Call<'_>) -> Result<Out, BoxError> {
                $(let $parameter = call.next::<One, Looked<$parameter>>()?;)+
                Ok((self.0)($(&*$parameter.0),+))
            }

            fn name() -> &'static str {
                type_name::<Func>()
            }
        }
    };
}
functions_of_references!(One A);
functions_of_references!(One A, One B);
functions_of_references!(One A, One B, One C);
functions_of_references!(One A, One B, One C, One D);

type DynCall = dyn Fn(&[Argument], &mut [Value]) -> Result<Value, BoxError> + Send + Sync;

/// What a function does.
#[derive(Clone)]
pub(super) enum Body {
    Call(Arc<DynCall>),
    /// Several functions in one.
    Program(Arc<Program>),
}

impl Body {
    fn of(
        call: impl Fn(&[Argument], &mut [Value]) -> Result<Value, BoxError> + Send + Sync + 'static,
    ) -> Body {
        Body::Call(Arc::new(call))
    }
}

/// A function of any type, ready to be called with any arguments.
#[derive(Clone)]
pub(super) struct Function {
    pub(super) body: Body,
    name: Cow<'static, str>,
    /// `None` for the identity, which takes anything, and for programs that give what they took.
    pub(super) signature: Option<Signature>,
    pub(super) portable: Portable,
}

#[derive(Clone, Copy)]
pub(super) struct Signature {
    pub(super) parameters: &'static [&'static Parameter],
    pub(super) output: &'static TypeInfo,
}

impl Function {
    pub(super) fn infallible<S, P, F: TaskFn<S, P>>(function: F) -> Function {
        let portable = Portable::infallible(&function);
        let body = move |arguments: &[Argument], values: &mut [Value]| {
            Ok(Value::new(function.call(Call::new(arguments, values))?))
        };
        let output = TypeInfo::opaque::<F::Output>();
        let signature = Some(Signature { parameters: F::PARAMETERS, output });
        Function { body: Body::of(body), name: function_name(F::name()), signature, portable }
    }

    pub(super) fn fallible<S, P, T, E, F>(function: F) -> Function
    where
        F: TaskFn<S, P, Output = Result<T, E>>,
        T: Any + Send + Sync,
        E: Into<BoxError> + 'static,
    {
        let portable = Portable::fallible(&function);
        let body = move |arguments: &[Argument], values: &mut [Value]| {
            let result = function.call(Call::new(arguments, values))?;
            Ok(Value::new(result.map_err(Into::into)?))
        };
        let output = TypeInfo::opaque::<T>();
        let signature = Some(Signature { parameters: F::PARAMETERS, output });
        Function { body: Body::of(body), name: function_name(F::name()), signature, portable }
    }

    pub(super) fn identity() -> Function {
        let body = |arguments: &[Argument], values: &mut [Value]| match arguments {
            [argument] => single(argument, &mut values.iter_mut()),
            _ => Err("an alias names one key".into()),
        };
        let portable = Portable::Not(|| "an alias is no function".into());
        Function { body: Body::of(body), name: "alias".into(), signature: None, portable }
    }

    pub(super) fn of_program(program: Program) -> Function {
        let signature = program.last().and_then(|last| last.signature);
        // The arguments of a program are not those of the function that gives its result.
        let signature = signature.map(|s| Signature { parameters: &[], ..s });
        let name = program.name().into();
        let portable = Portable::Not(|| "a program ships its functions".into());
        Function { body: Body::Program(Arc::new(program)), name, signature, portable }
    }

    pub(super) fn is_identity(&self) -> bool {
        self.signature.is_none() && self.name == "alias"
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The names of the functions in it, in the order of their calls: all, or some at both ends.
    pub(super) fn names(&self) -> &[Cow<'static, str>] {
        match &self.body {
            Body::Call(_) => std::slice::from_ref(&self.name),
            Body::Program(program) => program.names(),
        }
    }

    /// How many functions it calls.
    pub(super) fn n_functions(&self) -> usize {
        match &self.body {
            Body::Call(_) => 1,
            Body::Program(program) => program.n_functions(),
        }
    }

    #[inline]
    pub(super) fn call(
        &self,
        arguments: &[Argument],
        values: &mut [Value],
    ) -> Result<Value, BoxError> {
        match &self.body {
            Body::Call(call) => call(arguments, values),
            Body::Program(program) => program.call(arguments, values),
        }
    }
}

/// `my::module::inc` is `inc`; a closure is known by where it stands: `closure in main`; a struct that
/// is called, by its own name.
fn function_name(full: &'static str) -> Cow<'static, str> {
    let full = full.trim_end_matches("::{{constructor}}");
    let path = full.trim_end_matches("::{{closure}}");
    // Generic parameters may hold paths of their own.
    let plain = path.split('<').next().unwrap_or(path);
    let last = plain.trim_end_matches("::").rsplit("::").next().unwrap_or(plain);
    if path.len() == full.len() { last.into() } else { format!("closure in {last}").into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_what_the_reader_wrote() {
        assert_eq!(function_name("app::inc"), "inc");
        assert_eq!(function_name("app::main::{{closure}}"), "closure in main");
        assert_eq!(function_name("app::sum<alloc::vec::Vec<i64>>"), "sum");
        assert_eq!(function_name("app::Share::{{constructor}}"), "Share");
    }
}
