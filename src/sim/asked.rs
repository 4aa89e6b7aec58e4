//! Reads a request: which service, which operation, which parameters.
//!
//! One port serves every service, so the service is determined by the credential scope of the `SigV4` authorization
//! (`AKID/20261123/eu-west-1/monitoring/aws4_request`), and failing that by API version, `X-Amz-Target` or path.
//! Signatures are **not** verified, and the region of the scope is not compared: every client that reaches the port is
//! let in. Their time is compared with the region's if the faults want it. A session token `expires-N` expires at second N.

use super::service::{Protocol, Service};
use super::wire::Request;
use super::wire::cbor;
use super::wire::document::Value;
use super::wire::form::Form;
use super::wire::object::ObjectRequest;

/// A request as understood.
#[derive(Debug)]
pub struct Asked {
    /// None: a service that is not simulated.
    pub service: Option<Service>,
    pub protocol: Protocol,
    pub operation: String,
    pub input: Input,
    /// The request carried credentials.
    pub signed: bool,
    /// When it was signed, by the client's clock, in seconds.
    pub signed_at: Option<i64>,
    /// When its session token expires, in seconds.
    pub expires_at: Option<i64>,
}

/// The parameters, in the protocol's own form.
#[derive(Debug)]
pub enum Input {
    Form(Form),
    Json(serde_json::Value),
    Cbor(Value),
    Object(ObjectRequest),
    /// The body could not be read.
    Malformed,
}

impl Asked {
    /// The name in the call log and in permissions, `elasticbeanstalk` (a service that is not simulated has none).
    pub fn service_name(&self) -> &'static str {
        self.service.map_or("unknown", Service::name)
    }

    /// The IAM action, `elasticbeanstalk:DescribeEnvironments`. Several operations of S3 need the same one (Service
    /// Authorization Reference).
    pub fn action(&self) -> String {
        if self.service == Some(Service::S3) {
            let action = match self.operation.as_str() {
                "HeadObject" => "GetObject",
                "HeadBucket" | "ListObjects" | "ListObjectsV2" => "ListBucket",
                "CreateMultipartUpload" | "UploadPart" | "CompleteMultipartUpload" => "PutObject",
                operation => operation,
            };
            return format!("s3:{action}");
        }
        format!("{}:{}", self.service_name(), self.operation)
    }
}

pub fn read(request: &Request) -> Asked {
    let authorization = request.header("authorization");
    let signing = authorization.and_then(scope).and_then(|scope| scope.split('/').nth(3));
    let by_scope = signing.and_then(|name| Service::find(|facts| facts.signing == name));
    let asked = object(request, by_scope).or_else(|| rpc(request)).or_else(|| target(request));
    let asked = asked.unwrap_or_else(|| query(request, by_scope));
    let signed_at = request.header("x-amz-date").and_then(seconds);
    let token = request.header("x-amz-security-token").and_then(|token| token.strip_prefix("expires-"));
    Asked {
        service: by_scope.or(asked.service),
        signed: authorization.is_some(),
        signed_at,
        expires_at: token.and_then(|seconds| seconds.parse().ok()),
        ..asked
    }
}

/// `20261123T140322Z`
fn seconds(basic: &str) -> Option<i64> {
    let at = jiff::civil::DateTime::strptime("%Y%m%dT%H%M%SZ", basic).ok()?;
    Some(at.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp().as_second())
}

/// `Credential=AKID/date/region/service/aws4_request`
fn scope(authorization: &str) -> Option<&str> {
    let (_, rest) = authorization.split_once("Credential=")?;
    rest.split([',', ' ']).next()
}

/// `PUT /bucket/key`
fn object(request: &Request, by_scope: Option<Service>) -> Option<Asked> {
    by_scope.filter(|service| *service == Service::S3)?;
    let object = ObjectRequest::read(request);
    Some(Asked {
        service: Some(Service::S3),
        protocol: Protocol::Rest,
        operation: object.as_ref().map_or("", |object| object.operation(&request.method)).to_owned(),
        input: object.map_or(Input::Malformed, Input::Object),
        signed: false,
        signed_at: None,
        expires_at: None,
    })
}

/// `/service/GraniteServiceVersion20100801/operation/GetMetricData`
fn rpc(request: &Request) -> Option<Asked> {
    let path = request.path.split('?').next().unwrap_or_default();
    let (space, operation) = path.strip_prefix("/service/")?.split_once("/operation/")?;
    Some(Asked {
        service: Service::find(|facts| !space.is_empty() && facts.target == space),
        protocol: Protocol::Cbor,
        operation: operation.to_owned(),
        input: cbor::decode(&request.body).map_or(Input::Malformed, Input::Cbor),
        signed: false,
        signed_at: None,
        expires_at: None,
    })
}

/// `X-Amz-Target: CertificateManager.ListCertificates`
fn target(request: &Request) -> Option<Asked> {
    let (space, operation) = request.header("x-amz-target")?.split_once('.')?;
    Some(Asked {
        service: Service::find(|facts| !space.is_empty() && facts.target == space),
        protocol: Protocol::Json,
        operation: operation.to_owned(),
        input: serde_json::from_slice(&request.body).map_or(Input::Malformed, Input::Json),
        signed: false,
        signed_at: None,
        expires_at: None,
    })
}

/// `Action=DescribeEnvironments&Version=2010-12-01`, in the body or in the query string.
fn query(request: &Request, by_scope: Option<Service>) -> Asked {
    let in_path = request.path.split_once('?').map_or("", |(_, query)| query);
    let encoded = if request.body.is_empty() { in_path.as_bytes() } else { &request.body };
    let form = Form::parse(encoded);
    let version = form.text("Version").unwrap_or_default();
    let service = by_scope.or_else(|| Service::find(|facts| facts.version == version));
    // Classic Load Balancing shares everything with ELBv2 but the version; its operations are not simulated.
    let is_other_version = service.is_some_and(|service| !version.is_empty() && service.facts().version != version);
    let action = form.text("Action").unwrap_or_default();
    let operation = if is_other_version { format!("{action} of version {version}") } else { action.to_owned() };
    let protocol = match service {
        Some(Service::Ec2) => Protocol::Ec2,
        _ => Protocol::Query,
    };
    Asked { service, protocol, operation, input: Input::Form(form), signed: false, signed_at: None, expires_at: None }
}

#[cfg(test)]
mod tests {
    use super::{Service, read};
    use crate::sim::wire::Request;

    fn request(body: &str, headers: &[(&str, &str)]) -> Request {
        Request {
            method: "POST".to_owned(),
            path: "/".to_owned(),
            headers: headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
            body: body.as_bytes().to_vec(),
        }
    }

    #[test]
    fn the_credential_scope_names_the_service() {
        let authorization =
            "AWS4-HMAC-SHA256 Credential=AKID/20261123/eu-west-1/autoscaling/aws4_request, SignedHeaders=host";
        let asked = read(&request("Action=DescribeAutoScalingGroups", &[("Authorization", authorization)]));
        assert_eq!(asked.service, Some(Service::AutoScaling));
        assert!(asked.signed);
    }

    #[test]
    fn without_it_the_version_does() {
        let asked = read(&request("Action=DescribeEnvironments&Version=2010-12-01", &[]));
        assert_eq!(asked.action(), "elasticbeanstalk:DescribeEnvironments");
        assert!(!asked.signed);
    }

    #[test]
    fn a_classic_load_balancer_request_is_not_taken_for_elbv2() {
        let authorization = "AWS4-HMAC-SHA256 Credential=A/20261123/eu-west-1/elasticloadbalancing/aws4_request";
        let body = "Action=DescribeLoadBalancers&Version=2012-06-01";
        let asked = read(&request(body, &[("authorization", authorization)]));
        assert_eq!(asked.operation, "DescribeLoadBalancers of version 2012-06-01");
    }
}
