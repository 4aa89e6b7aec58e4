//! Takes values that are never shown out of a fault: Beanstalk repeats a value that it refuses.

use std::sync::Arc;

use crate::change::MASK;
use crate::model::Fault;

/// A shorter value would be found inside of ordinary words.
const LEAST: usize = 4;

/// Returns the fault without these values. A message with a very short one is replaced as a whole.
pub(super) fn without(fault: Fault, hidden: &[Arc<str>]) -> Fault {
    let redacted = |text: &Arc<str>| {
        hidden.iter().filter(|value| !value.is_empty()).fold(Arc::clone(text), |text, value| {
            match (text.contains(&**value), value.chars().count() < LEAST) {
                (false, _) => text,
                (true, true) => "the message may contain the value, and is not shown".into(),
                (true, false) => text.replace(&**value, MASK).into(),
            }
        })
    };
    let details = fault.details.as_ref().map(redacted);
    Fault { message: redacted(&fault.message), details, ..fault }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{FaultKind, Service};

    #[test]
    fn a_value_is_in_no_message() {
        let redacted_message = |message: &str, hidden: &[&str]| {
            let fault = Fault {
                kind: FaultKind::Invalid,
                service: Service::Beanstalk,
                operation: "UpdateEnvironment",
                code: None,
                message: message.into(),
                details: Some(message.into()),
                request_id: None,
            };
            let hidden: Vec<Arc<str>> = hidden.iter().map(|it| (*it).into()).collect();
            let fault = without(fault, &hidden);
            assert_eq!(fault.details.as_ref(), Some(&fault.message));
            fault.message.to_string()
        };
        assert_eq!(redacted_message("Invalid option value: 'CANARY'", &["CANARY"]), "Invalid option value: '******'");
        assert_eq!(
            redacted_message("Invalid option value: 'a'", &["a"]),
            "the message may contain the value, and is not shown"
        );
        assert_eq!(redacted_message("no", &["CANARY", ""]), "no");
    }
}
