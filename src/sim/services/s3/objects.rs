//! Whole objects: `PutObject`, `GetObject`, `HeadObject`, `DeleteObject`; and `HeadBucket`.

use std::fmt::Write as _;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use crate::sim::physics::{View, timestamp};
use crate::sim::region::{Region, Storage, StoredObject};
use crate::sim::services::operation::Moment;
use crate::sim::wire::envelope::{Answer, Written};
use crate::sim::wire::object::ObjectRequest;
use crate::sim::wire::refusal::Refusal;
use crate::sim::wire::xml::Xml;

pub(super) fn no_bucket() -> Refusal {
    Refusal::new(404, "NoSuchBucket", "The specified bucket does not exist")
}

fn no_key() -> Refusal {
    Refusal::new(404, "NoSuchKey", "The specified key does not exist.")
}

pub(super) fn bucket<'a>(storage: &Storage, request: &'a ObjectRequest) -> Result<&'a str, Refusal> {
    if storage.has_bucket(&request.bucket) { Ok(&request.bucket) } else { Err(no_bucket()) }
}

pub(super) fn head_bucket(view: View<'_>, request: &ObjectRequest) -> Result<Answer, Refusal> {
    bucket(&view.region.storage, request)?;
    Ok(written(vec![("x-amz-bucket-region", view.region.name.clone())], Vec::new()))
}

pub(super) fn get_bucket_location(view: View<'_>, request: &ObjectRequest) -> Result<Answer, Refusal> {
    bucket(&view.region.storage, request)?;
    let mut xml = Xml::default();
    xml.text("LocationConstraint", &view.region.name);
    Ok(written(Vec::new(), xml.into_string().into_bytes()))
}

/// All on one page: a bucket holds few here.
pub(super) fn list_objects(view: View<'_>, request: &ObjectRequest) -> Result<Answer, Refusal> {
    let bucket = bucket(&view.region.storage, request)?;
    let prefix = request.query("prefix").unwrap_or_default();
    let objects = view.region.storage.below(bucket, prefix);
    let mut xml = Xml::default();
    xml.within("ListBucketResult", |xml| {
        xml.text("Name", bucket).text("Prefix", prefix).text("IsTruncated", false);
        xml.text("KeyCount", objects.len()).text("MaxKeys", 1000);
        for (key, object) in &objects {
            xml.within("Contents", |xml| {
                xml.text("Key", key).time("LastModified", timestamp(object.modified));
                xml.text("ETag", &object.etag).text("Size", object.body.len()).text("StorageClass", "STANDARD");
            });
        }
    });
    Ok(written(vec![("content-type", "application/xml".to_owned())], xml.into_string().into_bytes()))
}

pub(super) fn get_object(view: View<'_>, request: &ObjectRequest) -> Result<Answer, Refusal> {
    let object = found(view, request)?;
    Ok(written(headers(object, request), object.body.clone()))
}

/// The length is that of the object, though no body comes.
pub(super) fn head_object(view: View<'_>, request: &ObjectRequest) -> Result<Answer, Refusal> {
    let object = found(view, request)?;
    let mut headers = headers(object, request);
    headers.push(("content-length", object.body.len().to_string()));
    Ok(written(headers, Vec::new()))
}

fn found<'a>(view: View<'a>, request: &ObjectRequest) -> Result<&'a StoredObject, Refusal> {
    let bucket = bucket(&view.region.storage, request)?;
    view.region.storage.object(bucket, &request.key).ok_or_else(no_key)
}

/// The checksum comes only if it is asked for (API reference, `x-amz-checksum-mode`).
fn headers(object: &StoredObject, request: &ObjectRequest) -> Vec<(&'static str, String)> {
    let modified = timestamp(object.modified).strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
    let content_type = object.content_type.clone().unwrap_or_else(|| "binary/octet-stream".to_owned());
    let mut headers = vec![("etag", object.etag.clone()), ("last-modified", modified), ("content-type", content_type)];
    if request.header("x-amz-checksum-mode").is_some_and(|mode| mode.eq_ignore_ascii_case("enabled")) {
        headers.push(("x-amz-checksum-sha256", checksum(&object.body)));
    }
    headers
}

pub(super) fn put_object(region: &mut Region, moment: Moment<'_>, request: &ObjectRequest) -> Result<Answer, Refusal> {
    let bucket = bucket(&region.storage, request)?;
    if let Some(given) = request.header("x-amz-checksum-sha256").filter(|it| *it != checksum(&request.body)) {
        let message = format!("Value for x-amz-checksum-sha256 header is invalid: {given}");
        return Err(Refusal::bad_request("BadDigest", message));
    }
    let signed = request.header("x-amz-content-sha256").filter(|it| it.len() == 64);
    if signed.is_some_and(|signed| signed != hex(&Sha256::digest(&request.body))) {
        let message = "The provided 'x-amz-content-sha256' header does not match what was computed.";
        return Err(Refusal::bad_request("XAmzContentSHA256Mismatch", message));
    }
    let object = stored(request.body.clone(), moment.now, request.header("content-type"));
    let headers = vec![("etag", object.etag.clone())];
    region.storage.put(bucket, &request.key, object);
    Ok(written(headers, Vec::new()))
}

/// There is no error for what is not there (API reference).
pub(super) fn delete_object(region: &mut Region, _: Moment<'_>, request: &ObjectRequest) -> Result<Answer, Refusal> {
    let bucket = bucket(&region.storage, request)?;
    region.storage.delete(bucket, &request.key);
    Ok(Answer::Written(Written { status: 204, headers: Vec::new(), body: Vec::new() }))
}

/// The `ETag` is no MD5 here; it is none for encrypted objects at AWS either.
pub(super) fn stored(body: Vec<u8>, modified: i64, content_type: Option<&str>) -> StoredObject {
    let etag = format!("\"{}\"", &hex(&Sha256::digest(&body))[..32]);
    StoredObject { body, etag, modified, content_type: content_type.map(str::to_owned) }
}

fn checksum(body: &[u8]) -> String {
    STANDARD.encode(Sha256::digest(body))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

pub(super) fn written(headers: Vec<(&'static str, String)>, body: Vec<u8>) -> Answer {
    Answer::Written(Written { status: 200, headers, body })
}
