//! The commands of `cargo xtask`, one file each.

mod check;
mod deny;
mod features;
mod metrics;
mod models;
mod sanitize;
mod test;
mod tidy;

use crate::error::{Result, XtaskError};

/// A command by name.
pub(crate) struct Command {
    pub(crate) name: &'static str,
    about: &'static str,
    run: fn(&[String]) -> Result<()>,
}

/// Every command, in the order in which they are listed.
pub(crate) const COMMANDS: &[Command] = &[
    Command { name: "check", about: "everything that CI runs", run: check::run },
    Command { name: "test", about: "tests, then doctests [cargo test arguments]", run: test::run },
    Command { name: "tidy", about: "the rules about the repository itself", run: tidy::run },
    Command { name: "features", about: "each package with each feature alone", run: features::run },
    Command { name: "deny", about: "licences, duplicates, sources (cargo-deny)", run: deny::run },
    Command { name: "loom", about: "model checks of the lock-free primitives", run: models::loom },
    Command {
        name: "shuttle",
        about: "randomised schedules of the whole threaded run",
        run: models::shuttle,
    },
    Command {
        name: "sanitize",
        about: "asan | tsan | valgrind [memcheck|helgrind|drd] [-p PACKAGE].. [-- test arguments]",
        run: sanitize::run,
    },
    Command {
        name: "metrics",
        about: "file and function lengths, documented share",
        run: metrics::run,
    },
];

/// Runs the command named first in `arguments`, with the rest; lists the commands if there is none.
pub(crate) fn dispatch(arguments: &[String]) -> Result<()> {
    let Some((name, rest)) = arguments.split_first() else {
        println!("{}", listing());
        return Ok(());
    };
    let command = COMMANDS.iter().find(|command| command.name == name);
    let unknown = || usage(format!("`{name}` is no command\n{}", listing()));
    (command.ok_or_else(unknown)?.run)(rest)
}

fn listing() -> String {
    let mut text = String::from("usage: cargo xtask COMMAND\n");
    for command in COMMANDS {
        text += &format!("  {:<9} {}\n", command.name, command.about);
    }
    text
}

fn usage(message: impl Into<String>) -> XtaskError {
    XtaskError::Usage { message: message.into() }
}

/// An error if a command that takes no arguments was given some.
fn no_arguments(arguments: &[String]) -> Result<()> {
    match arguments.first() {
        None => Ok(()),
        Some(first) => Err(usage(format!("`{first}` is not understood: no arguments are taken"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_command_is_told() {
        let error = dispatch(&["frobnicate".to_owned()]).unwrap_err();
        assert!(error.to_string().contains("`frobnicate` is no command"), "{error}");
        assert!(error.to_string().contains("  check "), "{error}");
    }

    #[test]
    fn arguments_nobody_wants_are_told() {
        assert!(dispatch(&["tidy".to_owned(), "fast".to_owned()]).is_err());
    }
}
