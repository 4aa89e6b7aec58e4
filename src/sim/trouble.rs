//! The refusals that all services have in common, each in the texts of its protocol (domain facts: error codes).

use super::asked::{Asked, Input};
use super::physics::timestamp;
use super::region::Region;
use super::service::{Protocol, Service};
use super::wire::refusal::Refusal;

/// No credentials in the request.
pub fn missing_token(protocol: Protocol) -> Refusal {
    let code = match protocol {
        Protocol::Json | Protocol::Cbor => "MissingAuthenticationTokenException",
        Protocol::Query | Protocol::Ec2 => "MissingAuthenticationToken",
        Protocol::Rest => "AccessDenied",
    };
    Refusal::new(403, code, "Request is missing Authentication Token")
}

/// The session's credentials are too old.
pub fn expired(protocol: Protocol) -> Refusal {
    match protocol {
        Protocol::Query => Refusal::new(403, "ExpiredToken", "The security token included in the request is expired"),
        Protocol::Rest => Refusal::bad_request("ExpiredToken", "The provided token has expired."),
        Protocol::Ec2 => Refusal::new(400, "RequestExpired", "Request has expired."),
        Protocol::Json | Protocol::Cbor => {
            Refusal::new(403, "ExpiredTokenException", "The security token included in the request is expired")
        }
    }
}

/// The time of the signature is too far from the region's, both in seconds.
pub fn skewed(protocol: Protocol, signed: i64, now: i64, tolerance: i64) -> Refusal {
    let basic = |second: i64| timestamp(second * 1000).strftime("%Y%m%dT%H%M%SZ").to_string();
    let (signed_at, time, minutes) = (basic(signed), basic(now), tolerance / 60);
    let message = if signed < now {
        let least = basic(now - tolerance);
        format!("Signature expired: {signed_at} is now earlier than {least} ({time} - {minutes} min.)")
    } else {
        let most = basic(now + tolerance);
        format!("Signature not yet current: {signed_at} is still later than {most} ({time} + {minutes} min.)")
    };
    match protocol {
        Protocol::Query => Refusal::new(403, "SignatureDoesNotMatch", message),
        Protocol::Rest => {
            let message = "The difference between the request time and the current time is too large.";
            Refusal::new(403, "RequestTimeTooSkewed", message)
        }
        Protocol::Ec2 => Refusal::new(400, "RequestExpired", "Request has expired."),
        Protocol::Json | Protocol::Cbor => Refusal::new(403, "InvalidSignatureException", message),
    }
}

/// More calls than the account's allowance.
pub fn throttled(asked: &Asked) -> Refusal {
    match asked.protocol {
        Protocol::Ec2 => Refusal::new(503, "RequestLimitExceeded", "Request limit exceeded."),
        Protocol::Rest => Refusal::new(503, "SlowDown", "Please reduce your request rate."),
        Protocol::Json if asked.service != Some(Service::CloudWatch) => {
            Refusal::bad_request("ThrottlingException", "Rate exceeded")
        }
        Protocol::Query | Protocol::Cbor | Protocol::Json => Refusal::bad_request("Throttling", "Rate exceeded"),
    }
}

/// The caller's policies do not allow the action.
pub fn denied(asked: &Asked, region: &Region) -> Refusal {
    let (action, caller) = (asked.action(), &region.caller_arn);
    let on = resource(asked, region).map(|arn| format!(" on resource: {arn}")).unwrap_or_default();
    let message = format!(
        "User: {caller} is not authorized to perform: {action}{on} because no identity-based policy allows the {action} action"
    );
    match asked.protocol {
        Protocol::Query | Protocol::Rest => Refusal::new(403, "AccessDenied", message),
        Protocol::Ec2 => Refusal::new(
            403,
            "UnauthorizedOperation",
            format!("You are not authorized to perform this operation. {message}"),
        ),
        Protocol::Json => Refusal::new(400, "AccessDeniedException", message),
        Protocol::Cbor => Refusal::new(403, "AccessDeniedException", message),
    }
}

/// The resource that a request is about. Operations that list things have none, and their refusals name none.
pub fn resource(asked: &Asked, region: &Region) -> Option<String> {
    if let Input::Object(object) = &asked.input {
        let of_bucket = format!("arn:aws:s3:::{}", object.bucket);
        return Some(if object.key.is_empty() { of_bucket } else { format!("{of_bucket}/{}", object.key) });
    }
    let Input::Form(form) = &asked.input else { return None };
    let arns = ["RuleArn", "TargetGroupArn", "LoadBalancerArn", "ListenerArn", "ResourceArns.member.1"];
    let by_arn = || arns.iter().find_map(|name| form.text(name)).map(str::to_owned);
    let environment = ["EnvironmentId", "EnvironmentName"].iter().find_map(|name| form.text(name));
    let environment = environment
        .and_then(|name| region.environment(name))
        .map(|it| region.arn("elasticbeanstalk", &format!("environment/{}/{}", it.application, it.name)));
    environment.or_else(by_arn)
}

/// No such operation, as far as this region goes.
pub fn unknown_operation(asked: &Asked) -> Refusal {
    let operation = &asked.operation;
    match asked.protocol {
        Protocol::Query => Refusal::bad_request("InvalidAction", format!("Could not find operation {operation}")),
        Protocol::Rest => Refusal::new(
            501,
            "NotImplemented",
            "A header or query you provided requests a function that is not implemented",
        ),
        Protocol::Ec2 => {
            Refusal::bad_request("InvalidAction", format!("The action {operation} is not valid for this web service."))
        }
        Protocol::Json => Refusal::new(400, "UnknownOperationException", format!("unknown operation {operation}")),
        Protocol::Cbor => Refusal::new(404, "UnknownOperationException", format!("unknown operation {operation}")),
    }
}

/// Something broke at AWS.
pub fn internal(asked: &Asked) -> Refusal {
    let code = match asked.service {
        Some(Service::CloudWatch) => "InternalServiceError",
        Some(Service::Ec2 | Service::S3) => "InternalError",
        _ => "InternalFailure",
    };
    Refusal::new(500, code, "An internal error has occurred")
}

/// The body is not in the protocol's format.
pub fn malformed(protocol: Protocol) -> Refusal {
    let code = match protocol {
        Protocol::Query | Protocol::Ec2 => "MalformedInput",
        Protocol::Rest => "IncompleteBody",
        Protocol::Json | Protocol::Cbor => "SerializationException",
    };
    Refusal::bad_request(code, "The request could not be read")
}
