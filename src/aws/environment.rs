//! The one place that reads environment variables. An empty one counts as unset, as it does for the AWS CLI.
//!
//! The SDK reads the environment itself, takes an empty variable for a value, and cannot be given another
//! environment; no program may safely change its own while it runs. So a program that was started with empty ones
//! replaces itself without them, before it does anything else.

use std::ffi::OsString;

/// The variable's value, unless it is empty or no Unicode.
#[must_use]
pub fn variable(name: &str) -> Option<String> {
    variable_os(name)?.into_string().ok()
}

/// The variable's value, unless it is empty.
#[must_use]
pub fn variable_os(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}

/// Whether an empty variable of this name would be taken for a value: by the SDK, or by its HTTP client.
fn is_read_by_sdk(name: &str) -> bool {
    // To the AWS CLI, which a credential_process may be, an empty pager means none.
    (name.starts_with("AWS_") && name != "AWS_PAGER")
        || name.starts_with("BEANPOLE_")
        || name.to_ascii_uppercase().ends_with("_PROXY")
}

/// The names of the empty variables that would be taken for values.
fn empty_variables(all: impl Iterator<Item = (OsString, OsString)>) -> Vec<OsString> {
    let is_empty = |(name, value): &(OsString, OsString)| value.is_empty() && name.to_str().is_some_and(is_read_by_sdk);
    all.filter(is_empty).map(|(name, _)| name).collect()
}

/// Restarts this program without its empty variables, if it has any. To be called before anything else happens.
#[cfg(unix)]
pub fn drop_empty_variables() {
    use std::os::unix::process::CommandExt;
    let empty = empty_variables(std::env::vars_os());
    let (false, Ok(program)) = (empty.is_empty(), std::env::current_exe()) else { return };
    let mut arguments = std::env::args_os();
    let mut command = std::process::Command::new(program);
    if let Some(name) = arguments.next() {
        command.arg0(name);
    }
    command.args(arguments);
    for name in empty {
        command.env_remove(name);
    }
    // It returns only if it failed: then the SDK sees what it sees.
    let error = command.exec();
    tracing::warn!(%error, "empty variables could not be left out");
}

/// Nothing: only Unix lets a program replace itself.
#[cfg(not(unix))]
pub fn drop_empty_variables() {
    let _ = empty_variables(std::env::vars_os());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_empty_variables_that_are_read_are_dropped() {
        let all = [
            ("AWS_ENDPOINT_URL", ""),
            ("AWS_REGION", "eu-west-1"),
            ("AWS_PAGER", ""),
            ("HOME", ""),
            ("https_proxy", ""),
            ("BEANPOLE_REGION", ""),
        ];
        let dropped = empty_variables(all.into_iter().map(|(name, value)| (name.into(), value.into())));
        assert_eq!(dropped, ["AWS_ENDPOINT_URL", "https_proxy", "BEANPOLE_REGION"]);
    }
}
