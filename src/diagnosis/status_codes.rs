//! What an Application Load Balancer answers itself, and why: for `beanpole explain 502`.
//!
//! Facts: the guide of Application Load Balancers, "Troubleshoot your Application Load Balancers". `CloudWatch` counts 500,
//! 502, 503 and 504 each; the others are in `HTTPCode_ELB_4XX_Count` or `HTTPCode_ELB_5XX_Count` with all of their kind, so
//! that only access logs tell them apart.

/// A status that the load balancer answers without a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StatusCode {
    /// The status.
    pub code: u16,
    /// What it means, a sentence.
    pub sentence: &'static str,
    /// Its usual causes.
    pub explanation: &'static str,
    /// The setting to change.
    pub advice: &'static str,
    /// The metric of `AWS/ApplicationELB` that counts it, by itself or with others.
    pub metric: &'static str,
    /// The ids of the checks that find its causes; none where only access logs show it.
    pub checks: &'static [&'static str],
}

const CLIENTS: &str = "HTTPCode_ELB_4XX_Count";
const SERVERS: &str = "HTTPCode_ELB_5XX_Count";

/// All of them, by status.
pub static STATUS_CODES: &[StatusCode] = &[
    StatusCode {
        code: 400,
        sentence: "The load balancer could not read the request.",
        explanation: "It was malformed, or its headers were too long. HTTP spoken to an HTTPS listener looks like this, and so does \
                      a WebSocket handshake that an application refuses: then the answer comes from the target.",
        advice: "Compare the elb_status_code of the access log with its target_status_code: where both are 400 the application \
                 answered.",
        metric: CLIENTS,
        checks: &[],
    },
    StatusCode {
        code: 403,
        sentence: "AWS WAF refused the request.",
        explanation: "A web ACL is associated with the load balancer, and one of its rules matched. It may match the handshake of a \
                      WebSocket alone. Without a web ACL the application answered.",
        advice: "Look into the logs of the web ACL for the rule, and exclude the path of the WebSocket from it.",
        metric: CLIENTS,
        checks: &[],
    },
    StatusCode {
        code: 408,
        sentence: "The client sent nothing for as long as the idle timeout.",
        explanation: "The request was begun and not ended. Keep-alive of TCP does not help: a byte of data must come within each \
                      idle timeout.",
        advice: "Raise idle_timeout.timeout_seconds if such uploads are meant to pause so long.",
        metric: CLIENTS,
        checks: &[],
    },
    StatusCode {
        code: 460,
        sentence: "The client closed the connection before it had its answer.",
        explanation: "The client's own timeout is shorter than the application takes, or its user went away. Many at once mean that \
                      answers have become slow.",
        advice: "Make the answers faster, or the client's timeout longer than the load balancer's idle_timeout.timeout_seconds.",
        metric: CLIENTS,
        checks: &[],
    },
    StatusCode {
        code: 463,
        sentence: "X-Forwarded-For had more than 30 addresses.",
        explanation: "Proxies before the load balancer add their address each, or two of them send the request in a circle.",
        advice: "Find the proxies on the way, and let the first of them replace the header instead of adding to it.",
        metric: CLIENTS,
        checks: &[],
    },
    StatusCode {
        code: 464,
        sentence: "The protocol of the request does not fit the target group's protocol version.",
        explanation: "A target group of HTTP2 or GRPC is reached by an HTTP/1.1 request: each WebSocket handshake is one.",
        advice: "Use a target group of protocol version HTTP1; it is given when a group is made and cannot be changed.",
        metric: CLIENTS,
        checks: &["protocol-version-without-websockets"],
    },
    StatusCode {
        code: 500,
        sentence: "The load balancer failed by itself.",
        explanation: "AWS WAF did not answer, a client's identity could not be confirmed, or AWS had a fault.",
        advice: "Look at the rule's authentication and at the web ACL; else ask AWS.",
        metric: "HTTPCode_ELB_500_Count",
        checks: &["server-errors"],
    },
    StatusCode {
        code: 502,
        sentence: "A target closed the connection, or answered what is not HTTP.",
        explanation: "The application's keep-alive is shorter than the load balancer's idle timeout, so that it closes a connection \
                      just as a request comes; it was stopped before its instance was drained; or nginx has lost its application.",
        advice: "Make the server's keep-alive longer than idle_timeout.timeout_seconds; if it happens at deployments, raise \
                 deregistration_delay.timeout_seconds.",
        metric: "HTTPCode_ELB_502_Count",
        checks: &["bad-gateway", "target-connection-errors", "no-healthy-target"],
    },
    StatusCode {
        code: 503,
        sentence: "There was no target to send the request to.",
        explanation: "The target group of the rule has no registered target, or none in use. A group whose targets all fail their \
                      health check is not meant: the load balancer then sends to all of them.",
        advice: "See why no instance is registered: the Auto Scaling group, its suspended processes, the zones of the load balancer.",
        metric: "HTTPCode_ELB_503_Count",
        checks: &["no-healthy-target", "unused-target", "suspended-scaling-processes"],
    },
    StatusCode {
        code: 504,
        sentence: "No target answered in time.",
        explanation: "No connection within ten seconds: a security group or a network ACL drops packets. Or no answer within the \
                      idle timeout: the application is too slow.",
        advice: "Compare p99 of TargetResponseTime with idle_timeout.timeout_seconds, then the security group of the instances.",
        metric: "HTTPCode_ELB_504_Count",
        checks: &["gateway-timeout", "no-way-to-targets"],
    },
    StatusCode {
        code: 561,
        sentence: "The identity provider refused the user.",
        explanation: "A rule authenticates, and the provider answered with an error.",
        advice: "Look at the provider's own log, and at the client id and secret of the rule's action.",
        metric: SERVERS,
        checks: &[],
    },
];

/// The row of a status, if the load balancer answers it itself.
#[must_use]
pub fn status_code(code: u16) -> Option<&'static StatusCode> {
    STATUS_CODES.iter().find(|row| row.code == code)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::checks;

    #[test]
    fn every_row_is_whole_and_names_checks_that_exist() {
        assert!(STATUS_CODES.is_sorted_by_key(|row| row.code));
        for row in STATUS_CODES {
            for sentence in [row.sentence, row.explanation, row.advice] {
                assert!(
                    sentence.ends_with('.') && sentence.starts_with(char::is_uppercase),
                    "{}: {sentence}",
                    row.code
                );
                assert!(!sentence.contains("  "), "{}: {sentence}", row.code);
            }
            let is_counted = row.metric.contains(&row.code.to_string());
            let kind = if row.code < 500 { CLIENTS } else { SERVERS };
            assert!(is_counted || row.metric == kind, "{}: {}", row.code, row.metric);
            for id in row.checks {
                assert!(checks().any(|check| check.id == *id), "{}: there is no check {id}", row.code);
            }
        }
    }
}
