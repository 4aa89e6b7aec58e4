//! nginx as Beanstalk configures it on Amazon Linux 2 and 2023, and the files of `.platform/nginx` that change it.
//!
//! Beanstalk's `nginx.conf` includes `conf.d/*.conf` at the http level and `conf.d/elasticbeanstalk/*.conf` in its server
//! block. What is fixed in the file itself can only be changed by replacing all of it: the number of connections, which
//! belongs to the main level, and the keep-alive of 60 seconds, which the server block has and nginx refuses to read twice.

use super::file::ExportedFile;

/// The seconds of keep-alive that Beanstalk's server block has.
const KEEP_ALIVE: u32 = 60;
/// The connections that Beanstalk gives each worker.
const WORKER_CONNECTIONS: u32 = 1024;
/// The least number of files that a worker may have open.
const OPEN_FILES: u32 = 32_768;

/// What recipes want of nginx; none of it leaves Beanstalk's own `nginx.conf` where it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NginxNeeds {
    /// For how many seconds a connection without a request is kept.
    pub keep_alive: Option<u32>,
    /// The connections of each worker.
    pub worker_connections: Option<u32>,
}

impl NginxNeeds {
    /// Both together; the larger number of each.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let keep_alive = self.keep_alive.max(other.keep_alive);
        Self { keep_alive, worker_connections: self.worker_connections.max(other.worker_connections) }
    }

    /// The whole `nginx.conf` that these needs ask for, if they ask for one.
    #[must_use]
    pub fn file(self) -> Option<ExportedFile> {
        if self == Self::default() {
            return None;
        }
        let connections = self.worker_connections.unwrap_or(WORKER_CONNECTIONS);
        // A connection is a file, and logs and static files are some more.
        let files = connections.saturating_mul(2).max(OPEN_FILES);
        let keep_alive = self.keep_alive.unwrap_or(KEEP_ALIVE);
        let text = format!(
            r#"# Written by beanpole export. It replaces all of Beanstalk's nginx.conf: what a later platform version changes in its
# own file does not come here, so compare the two after a platform update.

user  nginx;
pid   /var/run/nginx.pid;
error_log  /var/log/nginx/error.log warn;
worker_processes  auto;
# Each connection is an open file, and a WebSocket takes two connections: the load balancer's and the application's.
worker_rlimit_nofile  {files};

events {{
    worker_connections  {connections};
}}

http {{
    include  /etc/nginx/mime.types;
    default_type  application/octet-stream;
    log_format  main  '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent '
                      '"$http_referer" "$http_user_agent" "$http_x_forwarded_for"';

    # Upstreams, log formats, and the project's own .platform/nginx/conf.d/*.conf.
    include  conf.d/*.conf;

    # The locations that Beanstalk generates use it for their Upgrade headers.
    map  $http_upgrade  $connection_upgrade {{
        default  "upgrade";
    }}

    server {{
        listen  80 default_server;
        access_log  /var/log/nginx/access.log main;

        client_header_timeout  60;
        client_body_timeout  60;
        # More than the load balancer's idle timeout: it must not send a request on a connection that nginx is closing,
        # which clients see as a 502.
        keepalive_timeout  {keep_alive};
        gzip  off;

        # The application's location, enhanced health's log, and the project's own files of this level.
        include  conf.d/elasticbeanstalk/*.conf;
    }}
}}
"#
        );
        Some(ExportedFile::new(".platform/nginx/nginx.conf", text))
    }
}
