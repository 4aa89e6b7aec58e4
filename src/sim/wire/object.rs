//! A request about an object of S3: the bucket in the host or in the path, the key in the path, the rest in the query and
//! in headers.

use percent_encoding::percent_decode_str;

use super::Request;

/// A request about an object, or about a bucket, of which the key is empty.
#[derive(Debug)]
pub struct ObjectRequest {
    pub bucket: String,
    pub key: String,
    query: Vec<(String, String)>,
    headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl ObjectRequest {
    /// Reads a request; none if its body is in chunks that cannot be read.
    pub fn read(request: &Request) -> Option<Self> {
        let (path, query) = request.path.split_once('?').unwrap_or((&request.path, ""));
        let path = percent_decode_str(path.trim_start_matches('/')).decode_utf8_lossy();
        let (bucket, key) = match bucket_of_host(request) {
            Some(bucket) => (bucket, path.into_owned()),
            None => path.split_once('/').map_or((path.clone().into_owned(), String::new()), |(bucket, key)| {
                (bucket.to_owned(), key.to_owned())
            }),
        };
        let is_chunked = request.header("content-encoding").is_some_and(|it| it.contains("aws-chunked"));
        let body = if is_chunked { unchunked(&request.body)? } else { request.body.clone() };
        let query = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        Some(Self { bucket, key, query, headers: request.headers.clone(), body })
    }

    /// A parameter of the query; one without a value is empty.
    pub fn query(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The operation that it asks for with this method.
    pub fn operation(&self, method: &str) -> &'static str {
        let is_part = self.query("uploadId").is_some();
        match (method, self.key.is_empty()) {
            ("HEAD", true) => "HeadBucket",
            ("HEAD", false) => "HeadObject",
            ("GET", true) if self.query("location").is_some() => "GetBucketLocation",
            ("GET", true) if self.query("list-type") == Some("2") => "ListObjectsV2",
            ("GET", true) => "ListObjects",
            ("GET", false) => "GetObject",
            ("PUT", false) if is_part => "UploadPart",
            ("PUT", false) => "PutObject",
            ("POST", false) if is_part => "CompleteMultipartUpload",
            ("POST", false) if self.query("uploads").is_some() => "CreateMultipartUpload",
            ("DELETE", false) if is_part => "AbortMultipartUpload",
            ("DELETE", false) => "DeleteObject",
            _ => "",
        }
    }
}

/// `BUCKET.s3.eu-west-1.amazonaws.com`
fn bucket_of_host(request: &Request) -> Option<String> {
    let host = request.header("host")?.split(':').next()?;
    let (bucket, rest) = host.split_once(".s3")?;
    rest.starts_with(['.', '-']).then(|| bucket.to_owned())
}

/// What is in the chunks of a body, each with its length in hexadecimal before it, up to the empty one.
fn unchunked(mut body: &[u8]) -> Option<Vec<u8>> {
    let mut whole = Vec::new();
    loop {
        let end = body.windows(2).position(|it| it == b"\r\n")?;
        let length = std::str::from_utf8(&body[..end]).ok()?.split(';').next()?;
        let length = usize::from_str_radix(length.trim(), 16).ok()?;
        if length == 0 {
            return Some(whole);
        }
        let chunk = body.get(end + 2..)?.get(..length)?;
        whole.extend_from_slice(chunk);
        body = body.get(end + 2 + length + 2..)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Request {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Request { method: method.to_owned(), path: path.to_owned(), headers, body: body.to_vec() }
    }

    #[test]
    fn bucket_key_and_operation_are_read_from_host_path_and_query() {
        type Row<'a> = (&'a str, &'a str, &'a [(&'a str, &'a str)], (&'a str, &'a str, &'a str));
        let virtual_host = [("host", "files.s3.eu-west-1.amazonaws.com")];
        let plain = [("host", "127.0.0.1:4599")];
        let table: &[Row<'_>] = &[
            ("PUT", "/shop/v%201.zip", &virtual_host, ("files", "shop/v 1.zip", "PutObject")),
            ("PUT", "/files/shop/v1.zip?x-id=PutObject", &plain, ("files", "shop/v1.zip", "PutObject")),
            ("HEAD", "/files/shop/v1.zip", &plain, ("files", "shop/v1.zip", "HeadObject")),
            ("HEAD", "/files", &plain, ("files", "", "HeadBucket")),
            ("HEAD", "/", &virtual_host, ("files", "", "HeadBucket")),
            ("POST", "/files/a?uploads", &plain, ("files", "a", "CreateMultipartUpload")),
            ("PUT", "/files/a?partNumber=1&uploadId=u", &plain, ("files", "a", "UploadPart")),
            ("POST", "/files/a?uploadId=u", &plain, ("files", "a", "CompleteMultipartUpload")),
            ("DELETE", "/files/a?uploadId=u", &plain, ("files", "a", "AbortMultipartUpload")),
            ("GET", "/files?location", &plain, ("files", "", "GetBucketLocation")),
            ("GET", "/files?list-type=2&prefix=a", &plain, ("files", "", "ListObjectsV2")),
            ("GET", "/files?prefix=a", &plain, ("files", "", "ListObjects")),
            ("PATCH", "/files/a", &plain, ("files", "a", "")),
        ];
        for (method, path, headers, expected) in table {
            let read = ObjectRequest::read(&request(method, path, headers, b"")).unwrap();
            assert_eq!((&*read.bucket, &*read.key, read.operation(method)), *expected, "{method} {path}");
        }
    }

    #[test]
    fn chunks_are_put_together_and_a_broken_one_is_refused() {
        let chunked = [("content-encoding", "aws-chunked")];
        let body = |body: &[u8]| ObjectRequest::read(&request("PUT", "/b/k", &chunked, body)).map(|it| it.body);
        let whole = b"4;chunk-signature=x\r\nwiki\r\n5\r\npedia\r\n0\r\nx-amz-checksum-crc32:AA==\r\n\r\n";
        assert_eq!(body(whole).as_deref(), Some(&b"wikipedia"[..]));
        for broken in [&b"4\r\nwi"[..], b"zz\r\nwiki\r\n", b"", b"fffffffffffffffff\r\n"] {
            assert_eq!(body(broken), None, "{broken:?}");
        }
    }
}
