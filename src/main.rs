//! The binary: all of it is in the library, so that tests can drive it in process.

use std::process::ExitCode;

fn main() -> ExitCode {
    beanpole::cli::run()
}
