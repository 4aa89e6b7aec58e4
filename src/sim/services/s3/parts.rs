//! Uploads in parts. The parts count when the upload is completed, and not before.

use super::objects::{bucket, stored, written};
use crate::sim::physics::noise;
use crate::sim::region::{Region, Upload};
use crate::sim::services::operation::Moment;
use crate::sim::wire::envelope::{Answer, Written};
use crate::sim::wire::object::ObjectRequest;
use crate::sim::wire::refusal::Refusal;
use crate::sim::wire::xml::Xml;
use std::collections::BTreeMap;

fn no_upload() -> Refusal {
    Refusal::new(404, "NoSuchUpload", "The specified multipart upload does not exist.")
}

pub(super) fn create_multipart_upload(
    region: &mut Region,
    moment: Moment<'_>,
    request: &ObjectRequest,
) -> Result<Answer, Refusal> {
    let bucket = bucket(&region.storage, request)?.to_owned();
    let id = noise::uuid(region.seed, moment.request_id);
    let content_type = request.header("content-type").map(str::to_owned);
    let upload = Upload { bucket, key: request.key.clone(), content_type, parts: BTreeMap::new() };
    region.storage.begin_upload(&id, upload);
    Ok(xml(request, "InitiateMultipartUploadResult", |xml| {
        xml.text("UploadId", &id);
    }))
}

pub(super) fn upload_part(region: &mut Region, _: Moment<'_>, request: &ObjectRequest) -> Result<Answer, Refusal> {
    let number = request.query("partNumber").and_then(|number| number.parse::<u16>().ok());
    let number = number.filter(|number| (1..=10_000).contains(number)).ok_or_else(|| {
        Refusal::bad_request("InvalidArgument", "Part number must be an integer between 1 and 10000, inclusive")
    })?;
    let id = request.query("uploadId").unwrap_or_default();
    let upload = region.storage.upload(id, &request.bucket, &request.key).ok_or_else(no_upload)?;
    let etag = stored(request.body.clone(), 0, None).etag;
    upload.parts.insert(number, request.body.clone());
    Ok(written(vec![("etag", etag)], Vec::new()))
}

/// All parts that came are taken, in the order of their numbers.
pub(super) fn complete_multipart_upload(
    region: &mut Region,
    moment: Moment<'_>,
    request: &ObjectRequest,
) -> Result<Answer, Refusal> {
    let id = request.query("uploadId").unwrap_or_default();
    let upload = region.storage.upload(id, &request.bucket, &request.key).ok_or_else(no_upload)?;
    if upload.parts.is_empty() {
        return Err(Refusal::bad_request("InvalidPart", "One or more of the specified parts could not be found."));
    }
    let Some(upload) = region.storage.end_upload(id) else { return Err(no_upload()) };
    let body = upload.parts.into_values().flatten().collect();
    let object = stored(body, moment.now, upload.content_type.as_deref());
    let etag = object.etag.clone();
    region.storage.put(&upload.bucket, &upload.key, object);
    Ok(xml(request, "CompleteMultipartUploadResult", |xml| {
        xml.text("ETag", &etag);
    }))
}

pub(super) fn abort_multipart_upload(
    region: &mut Region,
    _: Moment<'_>,
    request: &ObjectRequest,
) -> Result<Answer, Refusal> {
    let id = request.query("uploadId").unwrap_or_default();
    region.storage.upload(id, &request.bucket, &request.key).ok_or_else(no_upload)?;
    region.storage.end_upload(id);
    Ok(Answer::Written(Written { status: 204, headers: Vec::new(), body: Vec::new() }))
}

fn xml(request: &ObjectRequest, name: &str, more: impl FnOnce(&mut Xml)) -> Answer {
    let mut xml = Xml::default();
    xml.within(name, |xml| {
        xml.text("Bucket", &request.bucket).text("Key", &request.key);
        more(xml);
    });
    written(vec![("content-type", "application/xml".to_owned())], xml.into_string().into_bytes())
}
