//! The permissions of the simulated caller: the policies in the README, enforced as IAM does.
//!
//! An IAM action is an operation under its service's IAM prefix, for every operation that is simulated. That is not so
//! everywhere at AWS (S3's `ListObjects` is `s3:ListBucket`), and where the prefix is not the signing name
//! (`cloudwatch`, `monitoring`) the table of services has both.

use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::LazyLock;

static READ_ONLY: LazyLock<Policy> =
    LazyLock::new(|| Policy::parse(include_str!("../../assets/policies/read-only.json")).unwrap_or_default());
static READ_WRITE: LazyLock<Policy> =
    LazyLock::new(|| Policy::parse(include_str!("../../assets/policies/read-write.json")).unwrap_or_default());

/// What `GetCallerIdentity` needs: nothing, at AWS.
const FREE: &str = "sts:GetCallerIdentity";

/// What a caller is allowed: actions by their full names, each on everything or on the resources whose ARNs fit one of its
/// patterns. By default nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    everything: bool,
    actions: BTreeMap<String, Vec<String>>,
}

impl Policy {
    /// Every action of every service.
    #[must_use]
    pub fn everything() -> Self {
        Self { everything: true, actions: BTreeMap::new() }
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

    /// Returns the same with load balancers that Beanstalk has not named, and their objects: shared ones are their owners'.
    /// `*` is any name.
    #[must_use]
    pub fn with_load_balancer(mut self, name: &str) -> Self {
        let arn = |kind: &str| format!("arn:aws:elasticloadbalancing:*:*:{kind}/app/{name}/*");
        let added = ["loadbalancer", "listener", "listener-rule"].map(arn);
        let groups = "arn:aws:elasticloadbalancing:*:*:targetgroup/awseb-*";
        let of_load_balancers = self.actions.values_mut().filter(|patterns| patterns.iter().any(|it| it == groups));
        of_load_balancers.for_each(|patterns| patterns.extend(added.clone()));
        self
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

    /// A policy document that allows actions by their full names, on everything or on resources by their ARNs.
    ///
    /// # Errors
    /// If it is no such document, with the reason.
    pub fn parse(document: &str) -> Result<Self, String> {
        let document: Value = serde_json::from_str(document).map_err(|error| error.to_string())?;
        let statements = document["Statement"].as_array().ok_or("there is no list of statements")?;
        let mut actions = BTreeMap::new();
        for statement in statements {
            if statement["Effect"] != "Allow" {
                return Err("only what allows actions is understood".to_owned());
            }
            let resources = resources(&statement["Resource"])?;
            for action in statement["Action"].as_array().ok_or("there is no list of actions")? {
                let name = action.as_str().filter(|name| name.contains(':') && !name.contains('*'));
                let name = name.ok_or_else(|| format!("{action} is no action by its full name"))?;
                if actions.insert(name.to_owned(), resources.clone()).is_some() {
                    return Err(format!("{name} is there twice"));
                }
            }
        }
        Ok(Self { everything: false, actions })
    }

    /// The actions that it names.
    pub fn actions(&self) -> impl Iterator<Item = &str> {
        self.actions.keys().map(String::as_str)
    }

    /// The same without an action.
    #[must_use]
    pub fn without(mut self, action: &str) -> Self {
        self.actions.remove(action);
        self
    }

    /// Is an action allowed on a resource? One whose request names none is allowed only on everything.
    pub(super) fn allows(&self, action: &str, resource: Option<&str>) -> bool {
        let fits = |patterns: &Vec<String>| {
            patterns.is_empty() || resource.is_some_and(|arn| patterns.iter().any(|pattern| matches(pattern, arn)))
        };
        self.everything || action == FREE || self.actions.get(action).is_some_and(fits)
    }
}

/// The patterns of ARNs; none means everything.
fn resources(value: &Value) -> Result<Vec<String>, String> {
    if value == "*" {
        return Ok(Vec::new());
    }
    if let Some(one) = value.as_str().filter(|text| text.starts_with("arn:")) {
        return Ok(vec![one.to_owned()]);
    }
    let list = value.as_array().filter(|list| !list.is_empty()).ok_or("there is no list of resources")?;
    let arn = |it: &Value| it.as_str().filter(|text| text.starts_with("arn:")).map(str::to_owned);
    list.iter().map(|it| arn(it).ok_or_else(|| format!("{it} is no ARN"))).collect()
}

/// Does an ARN fit a pattern? `*` is any text, slashes and colons too.
fn matches(pattern: &str, arn: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else { return pattern == arn };
    let Some(after) = arn.strip_prefix(start) else { return false };
    (0..=after.len()).filter(|at| after.is_char_boundary(*at)).any(|at| matches(rest, &after[at..]))
}

#[cfg(test)]
mod tests {
    use super::Policy;

    #[test]
    fn who_may_write_may_read() {
        let (read, write) = (Policy::read_only(), Policy::read_write());
        assert!(read.actions().count() > 0 && read.actions().all(|action| write.allows(action, None)));
        assert!(!read.allows("elasticbeanstalk:UpdateEnvironment", None));
        assert!(write.allows("elasticbeanstalk:UpdateEnvironment", None) && !write.allows("iam:PassRole", None));
        assert!(Policy::default().allows("sts:GetCallerIdentity", None));
    }

    #[test]
    fn what_is_written_to_load_balancers_is_allowed_by_the_names_that_beanstalk_gives() {
        let write = Policy::read_write();
        let arn = |rest: &str| format!("arn:aws:elasticloadbalancing:eu-west-1:471108151234:{rest}");
        let table = [
            ("ModifyTargetGroup", "targetgroup/awseb-AWSEB-ABC/73e2", "targetgroup/marketing/73e2"),
            ("ModifyTargetGroupAttributes", "targetgroup/awseb-https-ABC/73e2", "targetgroup/my-awseb-group/73e2"),
            (
                "ModifyLoadBalancerAttributes",
                "loadbalancer/app/awseb--AWSEB-1/50dc",
                "loadbalancer/app/shared-edge/50dc",
            ),
            ("SetSecurityGroups", "loadbalancer/app/awseb-AWSEB-1/50dc", "loadbalancer/net/awseb-AWSEB-1/50dc"),
            ("CreateListener", "loadbalancer/app/awseb--AWSEB-1/50dc", "loadbalancer/app/shared-edge/50dc"),
            ("ModifyListener", "listener/app/awseb--AWSEB-1/50dc/f2f7", "listener/app/shared-edge/50dc/f2f7"),
            ("CreateRule", "listener/app/awseb--AWSEB-1/50dc/f2f7", "listener/app/shared-edge/50dc/f2f7"),
            ("DeleteRule", "listener-rule/app/awseb--AWSEB-1/50dc/f2f7/9683", "listener-rule/app/edge/50dc/f2f7/9683"),
        ];
        for (action, own, not_owned) in table {
            let action = format!("elasticloadbalancing:{action}");
            assert!(write.allows(&action, Some(&arn(own))), "{action} {own}");
            assert!(!write.allows(&action, Some(&arn(not_owned))), "{action} {not_owned}");
            assert!(!write.allows(&action, None), "{action}");
        }
    }

    #[test]
    fn a_document_that_is_more_than_a_list_of_actions_is_refused() {
        let policy = |inside: &str| Policy::parse(&format!("{{\"Statement\":[{{{inside}}}]}}"));
        assert!(policy(r#""Effect":"Allow","Resource":"*","Action":["a:B"]"#).is_ok());
        assert!(policy(r#""Effect":"Allow","Resource":["arn:aws:a:*:*:b/*"],"Action":["a:B"]"#).is_ok());
        for wrong in [
            r#""Effect":"Allow","Resource":["everything"],"Action":["a:B"]"#,
            r#""Effect":"Allow","Resource":[],"Action":["a:B"]"#,
            r#""Effect":"Deny","Resource":"*","Action":["a:B"]"#,
            r#""Effect":"Allow","Resource":"*","Action":["a:*"]"#,
            r#""Effect":"Allow","Resource":"*","Action":["a:B","a:B"]"#,
            r#""Effect":"Allow","Resource":"*","Action":"a:B""#,
        ] {
            assert!(policy(wrong).is_err(), "{wrong}");
        }
    }
}
