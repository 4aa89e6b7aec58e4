//! The recipe `worker-connections`: more connections for each worker of nginx, and the open files that they are.
//!
//! Beanstalk gives a worker 1024 connections, and each `WebSocket` takes two of them.

use super::output::RecipeOutput;
use super::site::RecipeSite;
use crate::export::nginx::NginxNeeds;
use crate::export::platform::{AmazonLinux, Proxy};

/// Connections of a worker.
const CONNECTIONS: u32 = 16_384;

pub(super) fn make(site: &RecipeSite<'_>) -> Result<RecipeOutput, String> {
    match (site.platform.proxy, site.platform.linux) {
        (Proxy::Nginx, Some(AmazonLinux::Later)) => Ok(RecipeOutput {
            nginx: NginxNeeds { worker_connections: Some(CONNECTIONS), ..NginxNeeds::default() },
            notes: vec![format!(
                "nginx.conf is replaced as a whole for {CONNECTIONS} connections of each worker: compare it after each platform \
                 update"
            )],
            ..RecipeOutput::default()
        }),
        (Proxy::Nginx, Some(AmazonLinux::First)) => Err("it needs Amazon Linux 2 or later".into()),
        (Proxy::Nginx, None) => Err("the platform is not Amazon Linux, or not known".into()),
        (Proxy::Apache | Proxy::None, _) => Err("the environment's proxy is not nginx".into()),
    }
}
