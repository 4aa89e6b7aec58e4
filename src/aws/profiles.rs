//! The user's shared configuration: which profiles there are, and which files a login changes.
//!
//! The files are read with the SDK's own parser, so that a profile is known here exactly if it is known there.

use std::path::PathBuf;

use aws_config::profile::{self, ProfileFileLoadError, ProfileSet};
use aws_types::os_shim_internal::{Env, Fs};

/// The names of the profiles in the shared configuration and credentials files (`AWS_CONFIG_FILE` and
/// `AWS_SHARED_CREDENTIALS_FILE` are honoured), in order. None if the files are missing or cannot be read.
pub async fn known_profiles() -> Vec<String> {
    load(&Env::real(), &Fs::real()).await.map(|set| names(&set)).unwrap_or_default()
}

/// The files and directories that change when the user logs in, for a watch; they need not exist.
#[must_use]
pub fn credential_files() -> Vec<PathBuf> {
    files(|name| std::env::var_os(name).map(PathBuf::from), std::env::home_dir())
}

fn files(variable: impl Fn(&str) -> Option<PathBuf>, home: Option<PathBuf>) -> Vec<PathBuf> {
    let directory = home.map(|home| home.join(".aws"));
    let of = |name: &str, place: &str| variable(name).or_else(|| Some(directory.as_ref()?.join(place)));
    let all = [
        of("AWS_CONFIG_FILE", "config"),
        of("AWS_SHARED_CREDENTIALS_FILE", "credentials"),
        directory.as_ref().map(|directory| directory.join("sso/cache")),
        of("AWS_LOGIN_CACHE_DIRECTORY", "login/cache"),
    ];
    all.into_iter().flatten().collect()
}

#[expect(clippy::default_trait_access, reason = "the type's name is in a crate that is not ours to name")]
pub(super) async fn load(env: &Env, fs: &Fs) -> Result<ProfileSet, ProfileFileLoadError> {
    profile::load(fs, env, &Default::default(), None).await
}

pub(super) fn names(set: &ProfileSet) -> Vec<String> {
    let mut names: Vec<String> = set.profiles().map(str::to_owned).collect();
    names.sort_unstable();
    names
}

/// How one logs in to a profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Login<'a> {
    /// This profile wants a code from a device. The SDK ignores the setting (`mfa_serial`), so that the role is then
    /// denied without a reason.
    Mfa(&'a str),
    /// `aws sso login`.
    Sso,
    /// `aws login`.
    Console,
}

/// How one logs in to this profile, or to the one that it takes its credentials from.
pub(super) fn login<'a>(set: &'a ProfileSet, from: &'a str) -> Option<Login<'a>> {
    let mut name = from;
    // A chain is as long as there are profiles at most, unless it is a circle.
    for _ in set.profiles() {
        let profile = set.get_profile(name)?;
        let has = |key: &str| profile.get(key).is_some();
        match () {
            () if has("mfa_serial") => return Some(Login::Mfa(name)),
            () if has("sso_session") || has("sso_start_url") => return Some(Login::Sso),
            () if has("login_session") => return Some(Login::Console),
            () => name = profile.get("source_profile")?,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONFIG: &str = "[default]\nregion = eu-west-1\n[profile base]\nmfa_serial = arn:aws:iam::1:mfa/me\n\
        [profile role]\nsource_profile = base\nrole_arn = arn:aws:iam::1:role/r\n\
        [profile circle]\nsource_profile = circle\n[profile corp]\nsso_session = s\n\
        [sso-session s]\nsso_region = eu-west-1\n[profile console]\nlogin_session = arn:aws:iam::1:user/me\n";

    async fn set() -> ProfileSet {
        let env = Env::from_slice(&[("HOME", "/home/me"), ("AWS_CONFIG_FILE", "/elsewhere/config")]);
        let credentials = ("/home/me/.aws/credentials", "[keys]\naws_access_key_id = A\n");
        load(&env, &Fs::from_slice(&[("/elsewhere/config", CONFIG), credentials])).await.unwrap()
    }

    #[tokio::test]
    async fn profiles_of_both_files_are_known() {
        assert_eq!(names(&set().await), ["base", "circle", "console", "corp", "default", "keys", "role"]);
    }

    #[tokio::test]
    async fn the_way_to_log_in_is_found_along_the_chain() {
        let set = set().await;
        let ways = ["role", "corp", "console", "default", "circle", "nope"].map(|name| login(&set, name));
        assert_eq!(ways, [Some(Login::Mfa("base")), Some(Login::Sso), Some(Login::Console), None, None, None]);
    }

    #[test]
    fn the_files_are_where_the_variables_say() {
        let set = |name: &str| (name == "AWS_CONFIG_FILE").then(|| PathBuf::from("/c"));
        let found = files(set, Some(PathBuf::from("/home/me")));
        let expected = ["/c", "/home/me/.aws/credentials", "/home/me/.aws/sso/cache", "/home/me/.aws/login/cache"];
        assert_eq!(found, expected.map(PathBuf::from));
        assert_eq!(files(set, None), [PathBuf::from("/c")]);
    }
}
