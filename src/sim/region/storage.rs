//! The objects of S3 that clients have put into the region's buckets, and the uploads that are still in parts.

use std::collections::BTreeMap;

/// An object.
#[derive(Clone, Debug)]
pub struct StoredObject {
    pub body: Vec<u8>,
    /// In quotes, as S3 sends it.
    pub etag: String,
    /// When it was put; milliseconds since the Unix epoch.
    pub modified: i64,
    pub content_type: Option<String>,
}

/// An upload of which the parts come one by one.
#[derive(Clone, Debug)]
pub struct Upload {
    pub bucket: String,
    pub key: String,
    pub content_type: Option<String>,
    /// By their numbers.
    pub parts: BTreeMap<u16, Vec<u8>>,
}

/// Buckets with their objects by key, and uploads by id.
#[derive(Debug, Default)]
pub struct Storage {
    buckets: BTreeMap<String, BTreeMap<String, StoredObject>>,
    uploads: BTreeMap<String, Upload>,
}

impl Storage {
    /// Makes a bucket, if it is not there.
    pub fn make_bucket(&mut self, name: &str) {
        self.buckets.entry(name.to_owned()).or_default();
    }

    pub fn has_bucket(&self, name: &str) -> bool {
        self.buckets.contains_key(name)
    }

    pub fn object(&self, bucket: &str, key: &str) -> Option<&StoredObject> {
        self.buckets.get(bucket)?.get(key)
    }

    /// The objects of a bucket whose keys begin like this, by key.
    pub fn below(&self, bucket: &str, prefix: &str) -> Vec<(&str, &StoredObject)> {
        let objects = self.buckets.get(bucket).into_iter().flatten();
        objects.filter(|(key, _)| key.starts_with(prefix)).map(|(key, object)| (key.as_str(), object)).collect()
    }

    /// Puts an object into a bucket that is there.
    pub fn put(&mut self, bucket: &str, key: &str, object: StoredObject) {
        if let Some(objects) = self.buckets.get_mut(bucket) {
            objects.insert(key.to_owned(), object);
        }
    }

    pub fn delete(&mut self, bucket: &str, key: &str) {
        if let Some(objects) = self.buckets.get_mut(bucket) {
            objects.remove(key);
        }
    }

    pub fn begin_upload(&mut self, id: &str, upload: Upload) {
        self.uploads.insert(id.to_owned(), upload);
    }

    /// The upload of this id, if it is one of this key.
    pub fn upload(&mut self, id: &str, bucket: &str, key: &str) -> Option<&mut Upload> {
        self.uploads.get_mut(id).filter(|upload| upload.bucket == bucket && upload.key == key)
    }

    pub fn end_upload(&mut self, id: &str) -> Option<Upload> {
        self.uploads.remove(id)
    }
}
