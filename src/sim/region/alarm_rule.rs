//! The rule of a composite alarm: `ALARM("a") AND NOT (OK(b) OR INSUFFICIENT_DATA("c"))` (API reference,
//! `PutCompositeAlarm`).

/// A rule, parsed. Alarms are named, or meant by their ARNs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AlarmRule {
    Is(&'static str, String),
    Always(bool),
    Not(Box<AlarmRule>),
    Both(Box<AlarmRule>, Box<AlarmRule>),
    Either(Box<AlarmRule>, Box<AlarmRule>),
}

impl AlarmRule {
    /// None: it is no rule.
    pub fn parse(text: &str) -> Option<Self> {
        let mut rest = text;
        let rule = either(&mut rest)?;
        rest.trim().is_empty().then_some(rule)
    }

    /// The names of the alarms that it looks at.
    pub fn names(&self) -> Vec<&str> {
        match self {
            Self::Is(_, name) => vec![name],
            Self::Always(_) => Vec::new(),
            Self::Not(inside) => inside.names(),
            Self::Both(left, right) | Self::Either(left, right) => [left.names(), right.names()].concat(),
        }
    }

    /// Whether it holds, by the state of each alarm.
    pub fn holds(&self, state: &dyn Fn(&str) -> &'static str) -> bool {
        match self {
            Self::Is(wanted, name) => state(name) == *wanted,
            Self::Always(holds) => *holds,
            Self::Not(inside) => !inside.holds(state),
            Self::Both(left, right) => left.holds(state) && right.holds(state),
            Self::Either(left, right) => left.holds(state) || right.holds(state),
        }
    }
}

fn either(rest: &mut &str) -> Option<AlarmRule> {
    let mut left = both(rest)?;
    while eat(rest, "OR") {
        left = AlarmRule::Either(Box::new(left), Box::new(both(rest)?));
    }
    Some(left)
}

fn both(rest: &mut &str) -> Option<AlarmRule> {
    let mut left = one(rest)?;
    while eat(rest, "AND") {
        left = AlarmRule::Both(Box::new(left), Box::new(one(rest)?));
    }
    Some(left)
}

fn one(rest: &mut &str) -> Option<AlarmRule> {
    if eat(rest, "NOT") {
        return one(rest).map(|inside| AlarmRule::Not(Box::new(inside)));
    }
    if eat(rest, "(") {
        let inside = either(rest)?;
        return eat(rest, ")").then_some(inside);
    }
    for (word, holds) in [("TRUE", true), ("FALSE", false)] {
        if eat(rest, word) {
            return Some(AlarmRule::Always(holds));
        }
    }
    let state = ["ALARM", "OK", "INSUFFICIENT_DATA"].into_iter().find(|state| eat(rest, state))?;
    eat(rest, "(").then_some(())?;
    let (name, after) = rest.split_once(')')?;
    *rest = after;
    let name = name.trim().trim_matches('"');
    let name = name.rsplit_once(":alarm:").map_or(name, |(_, name)| name);
    (!name.is_empty()).then(|| AlarmRule::Is(state, name.to_owned()))
}

fn eat(rest: &mut &str, what: &str) -> bool {
    let after = rest.trim_start().strip_prefix(what);
    after.inspect(|after| *rest = after).is_some()
}

#[cfg(test)]
mod tests {
    use super::AlarmRule;

    #[test]
    fn rules_hold_by_the_states_of_their_alarms() {
        let state = |name: &str| match name {
            "hosts" => "ALARM",
            "errors" => "OK",
            _ => "INSUFFICIENT_DATA",
        };
        for (text, holds) in [
            ("ALARM(hosts)", true),
            ("ALARM(\"errors\")", false),
            ("ALARM(hosts) AND ALARM(errors)", false),
            ("ALARM(hosts) OR ALARM(errors) AND FALSE", true),
            ("NOT (OK(errors) AND TRUE)", false),
            ("INSUFFICIENT_DATA(\"arn:aws:cloudwatch:eu-west-1:1:alarm:none\")", true),
        ] {
            assert_eq!(AlarmRule::parse(text).unwrap().holds(&state), holds, "{text}");
        }
        assert_eq!(AlarmRule::parse("ALARM(a) OR (OK(b) AND NOT ALARM(\"c\"))").unwrap().names(), ["a", "b", "c"]);
    }

    #[test]
    fn what_is_no_rule_is_refused() {
        for text in ["", "hosts", "ALARM()", "ALARM(a) AND", "(ALARM(a)", "ALARM(a) ALARM(b)", "BROKEN(a)"] {
            assert_eq!(AlarmRule::parse(text), None, "{text}");
        }
    }
}
