//! S3, as far as application versions need it: one object, whole or in parts, and whether it is there.
//!
//! Its protocol is that of HTTP itself: the method, the path and some words of the query name the operation.

mod objects;
mod parts;

use super::operation::{ChangeObject, ReadObject};

pub(super) const OPERATIONS: &[(&str, ReadObject)] = &[
    ("GetBucketLocation", objects::get_bucket_location),
    ("GetObject", objects::get_object),
    ("HeadBucket", objects::head_bucket),
    ("HeadObject", objects::head_object),
    ("ListObjects", objects::list_objects),
    ("ListObjectsV2", objects::list_objects),
];

pub(super) const CHANGES: &[(&str, ChangeObject)] = &[
    ("AbortMultipartUpload", parts::abort_multipart_upload),
    ("CompleteMultipartUpload", parts::complete_multipart_upload),
    ("CreateMultipartUpload", parts::create_multipart_upload),
    ("DeleteObject", objects::delete_object),
    ("PutObject", objects::put_object),
    ("UploadPart", parts::upload_part),
];
