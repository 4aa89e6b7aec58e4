//! What the simulated caller may do: the policies that the README gives to people, enforced as IAM does.
//!
//! An IAM action is an operation under its service's IAM prefix, for every operation that is simulated. That is not so
//! everywhere at AWS (S3's `ListObjects` is `s3:ListBucket`), and where the prefix is not the signing name
//! (`cloudwatch`, `monitoring`) the table of services says so.

use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::LazyLock;

static READ_ONLY: LazyLock<Policy> =
    LazyLock::new(|| Policy::parse(include_str!("../../assets/policies/read-only.json")).unwrap_or_default());
static READ_WRITE: LazyLock<Policy> =
    LazyLock::new(|| Policy::parse(include_str!("../../assets/policies/read-write.json")).unwrap_or_default());

/// What `GetCallerIdentity` needs: nothing, at AWS.
const FREE: &str = "sts:GetCallerIdentity";

/// What a caller is allowed: actions by their full names. By default nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    everything: bool,
    actions: BTreeSet<String>,
}

impl Policy {
    /// Every action of every service.
    #[must_use]
    pub fn everything() -> Self {
        Self { everything: true, actions: BTreeSet::new() }
    }

    /// What beanpole needs to show everything.
    #[must_use]
    pub fn read_only() -> Self {
        READ_ONLY.clone()
    }

    /// What beanpole needs to show and to change everything.
    #[must_use]
    pub fn read_write() -> Self {
        READ_WRITE.clone()
    }

    /// The policy of this name in a scenario.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "everything" => Some(Self::everything()),
            "read-only" => Some(Self::read_only()),
            "read-write" => Some(Self::read_write()),
            _ => None,
        }
    }

    /// A policy document that allows actions by their full names, on everything.
    ///
    /// # Errors
    /// In words, if it is no such document.
    pub fn parse(document: &str) -> Result<Self, String> {
        let document: Value = serde_json::from_str(document).map_err(|error| error.to_string())?;
        let statements = document["Statement"].as_array().ok_or("there is no list of statements")?;
        let mut actions = BTreeSet::new();
        for statement in statements {
            if statement["Effect"] != "Allow" || statement["Resource"] != "*" {
                return Err("only what allows actions on everything is understood".to_owned());
            }
            for action in statement["Action"].as_array().ok_or("there is no list of actions")? {
                let name = action.as_str().filter(|name| name.contains(':') && !name.contains('*'));
                let name = name.ok_or_else(|| format!("{action} is no action by its full name"))?;
                if !actions.insert(name.to_owned()) {
                    return Err(format!("{name} is there twice"));
                }
            }
        }
        Ok(Self { everything: false, actions })
    }

    /// The actions that it names.
    pub fn actions(&self) -> impl Iterator<Item = &str> {
        self.actions.iter().map(String::as_str)
    }

    /// The same without an action.
    #[must_use]
    pub fn without(mut self, action: &str) -> Self {
        self.actions.remove(action);
        self
    }

    pub(in crate::sim) fn allows(&self, action: &str) -> bool {
        self.everything || action == FREE || self.actions.contains(action)
    }
}

#[cfg(test)]
mod tests {
    use super::Policy;

    #[test]
    fn who_may_write_may_read() {
        let (read, write) = (Policy::read_only(), Policy::read_write());
        assert!(read.actions().count() > 0 && read.actions().all(|action| write.allows(action)));
        assert!(!read.allows("elasticbeanstalk:UpdateEnvironment"));
        assert!(write.allows("elasticbeanstalk:UpdateEnvironment") && !write.allows("iam:PassRole"));
        assert!(Policy::default().allows("sts:GetCallerIdentity"));
    }

    #[test]
    fn a_document_that_is_more_than_a_list_of_actions_is_refused() {
        let policy = |inside: &str| Policy::parse(&format!("{{\"Statement\":[{{{inside}}}]}}"));
        assert!(policy(r#""Effect":"Allow","Resource":"*","Action":["a:B"]"#).is_ok());
        for wrong in [
            r#""Effect":"Deny","Resource":"*","Action":["a:B"]"#,
            r#""Effect":"Allow","Resource":"*","Action":["a:*"]"#,
            r#""Effect":"Allow","Resource":"*","Action":["a:B","a:B"]"#,
            r#""Effect":"Allow","Resource":"*","Action":"a:B""#,
        ] {
            assert!(policy(wrong).is_err(), "{wrong}");
        }
    }
}
