//! The user's shared configuration: which profiles there are, and which files a login changes.
//!
//! The files are read with the SDK's own parser, so that a profile is known here exactly if it is known there.

use std::error::Error;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use aws_config::profile::{self, ProfileFileLoadError, ProfileSet};
use aws_types::os_shim_internal::{Env, Fs};
use tokio::runtime::Handle;

use super::environment::variable_os;

/// How long reading the files may take: from a network home, for example, or from a pipe.
const PATIENCE: Duration = Duration::from_secs(10);

/// The names of the profiles in the shared configuration and credentials files (`AWS_CONFIG_FILE` and
/// `AWS_SHARED_CREDENTIALS_FILE` are honoured), in order. None if the files are missing or cannot be read.
pub async fn known_profiles() -> Vec<String> {
    loaded().await.map(|set| names(&set)).unwrap_or_default()
}

/// Returns the files and directories that change when the user logs in, to watch them; they need not exist.
#[must_use]
pub fn credential_files() -> Vec<PathBuf> {
    files(|name| variable_os(name).map(PathBuf::from), std::env::home_dir())
}

/// The two files that profiles are in; they need not exist.
pub(super) fn profile_files() -> Vec<PathBuf> {
    let mut files = credential_files();
    files.truncate(2);
    files
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
async fn load(env: &Env, fs: &Fs) -> Result<ProfileSet, ProfileFileLoadError> {
    profile::load(fs, env, &Default::default(), None).await
}

/// Returns the profiles of the user's files, or why they cannot be read.
pub(super) async fn loaded() -> Result<ProfileSet, String> {
    // The SDK blocks the thread that it reads on.
    let runtime = Handle::current();
    let read = tokio::task::spawn_blocking(move || runtime.block_on(load(&Env::real(), &Fs::real())));
    match tokio::time::timeout(PATIENCE, read).await {
        Ok(Ok(Ok(set))) => Ok(set),
        Ok(Ok(Err(error))) => Err(match error.source() {
            Some(cause) => format!("{error}: {cause}"),
            None => error.to_string(),
        }),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err(format!("its files could not be read within {} s", PATIENCE.as_secs())),
    }
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

/// A profile whose credentials come from a program, and the roles that are assumed with them.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct ProcessChain {
    /// The profile that names the program.
    pub(super) profile: Arc<str>,
    /// What the shell is given.
    pub(super) command: Arc<str>,
    /// The role that is assumed last comes first.
    pub(super) roles: Vec<Role>,
}

/// A role that a profile assumes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Role {
    pub(super) arn: Arc<str>,
    pub(super) external_id: Option<Arc<str>>,
    pub(super) session_name: Option<Arc<str>>,
}

/// What comes before a program, in a profile that has both.
const BEFORE_PROCESS: [&str; 7] = [
    "credential_source",
    "web_identity_token_file",
    "sso_session",
    "sso_start_url",
    "sso_account_id",
    "sso_role_name",
    "login_session",
];

/// The program that the credentials of this profile come from in the end, if they come from one. The order is the SDK's.
pub(super) fn process_chain(set: &ProfileSet, from: &str) -> Option<ProcessChain> {
    let (mut name, mut roles) = (from, Vec::new());
    for _ in set.profiles() {
        let profile = set.get_profile(name)?;
        let value = |key: &str| profile.get(key).filter(|value| !value.is_empty());
        let has_keys = value("aws_access_key_id").is_some() && value("aws_secret_access_key").is_some();
        if !roles.is_empty() && has_keys {
            return None;
        }
        let role = value("role_arn").filter(|_| value("web_identity_token_file").is_none());
        if let Some(arn) = role {
            let of = |key: &str| value(key).map(Arc::from);
            let (external_id, session_name) = (of("external_id"), of("role_session_name"));
            roles.push(Role { arn: Arc::from(arn), external_id, session_name });
            let source = value("source_profile")?;
            if source != name {
                name = source;
                continue;
            }
        }
        if BEFORE_PROCESS.iter().any(|key| value(key).is_some()) {
            return None;
        }
        let command = value("credential_process")?;
        return Some(ProcessChain { profile: name.into(), command: command.into(), roles });
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

    #[tokio::test]
    async fn a_program_is_found_along_the_chain_and_only_where_it_counts() {
        let config = "[default]\ncredential_process = d\n[profile role]\nrole_arn = r\nexternal_id = x\n\
            source_profile = own\n[profile own]\nrole_arn = o\nsource_profile = own\ncredential_process = p\n\
            [profile keys]\naws_access_key_id = A\naws_secret_access_key = s\ncredential_process = k\n\
            [profile over]\nrole_arn = r\nsource_profile = keys\n\
            [profile sso]\nsso_session = s\ncredential_process = p\n[profile none]\nregion = x\n\
            [profile circle]\nrole_arn = r\nsource_profile = ring\n[profile ring]\nrole_arn = r\nsource_profile = circle\n";
        let env = Env::from_slice(&[("HOME", "/home/me")]);
        let set = load(&env, &Fs::from_slice(&[("/home/me/.aws/config", config)])).await.unwrap();
        let found = |name: &str| {
            let chain = process_chain(&set, name)?;
            let roles = chain.roles.iter().map(|role| role.arn.to_string()).collect::<Vec<_>>().join(" ");
            Some(format!("{} {} [{roles}]", chain.profile, chain.command))
        };
        let expected = [
            ("default", Some("default d []")),
            ("role", Some("own p [r o]")),
            ("own", Some("own p [o]")),
            // As the SDK has it: keys count before a program only where they are another profile's source.
            ("keys", Some("keys k []")),
            ("over", None),
            ("sso", None),
            ("none", None),
            ("circle", None),
            ("nope", None),
        ];
        for (name, chain) in expected {
            assert_eq!(found(name).as_deref(), chain, "{name}");
        }
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
