//! Opens an address in the user's browser, if there is one here.

use std::process::Stdio;

/// Opens it.
///
/// # Errors
/// Why there is no browser to open it in, as a sentence without its full stop.
pub async fn open(url: &str) -> Result<(), String> {
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    if ["SSH_CONNECTION", "SSH_TTY", "SSH_CLIENT"].into_iter().any(is_set) {
        return Err("over ssh there is no browser".to_owned());
    }
    let program = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    if !cfg!(target_os = "macos") && !["DISPLAY", "WAYLAND_DISPLAY"].into_iter().any(is_set) {
        return Err("there is no browser without a display".to_owned());
    }
    let mut command = tokio::process::Command::new(program);
    // It must not write over the screen.
    command.arg(url).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    match command.status().await {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{program} failed ({status})")),
        Err(error) => Err(format!("{program} cannot be run: {error}")),
    }
}
