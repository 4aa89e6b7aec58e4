//! The recipe `websocket`: a quiet `WebSocket` is cut neither by the load balancer nor by nginx, and the polling fallback of
//! socket.io and `SockJS` stays with one target.
//!
//! The load balancer cuts a connection that is silent for its idle timeout, nginx one whose application is silent for
//! `proxy_read_timeout` (60 seconds). So nginx's limits are put above the load balancer's, which then is the only one to
//! know. Amazon Linux 2 and later send the Upgrade headers already; the first one did not.

use super::output::RecipeOutput;
use super::site::RecipeSite;
use crate::change::settings::{LOAD_BALANCER_NAMESPACE, process_namespace};
use crate::export::file::ExportedFile;
use crate::export::nginx::NginxNeeds;
use crate::export::options::ExportedOption;
use crate::export::platform::{AmazonLinux, Proxy};
use crate::export::table::OptionGroup;

/// The least idle timeout that the recipe gives a load balancer, in seconds.
const IDLE_TIMEOUT: u32 = 300;
/// What ELB makes the idle timeout by default.
const DEFAULT_IDLE_TIMEOUT: u32 = 60;
/// The most that the option takes.
const LONGEST_OPTION: u32 = 3600;
/// How much longer than the load balancer nginx waits, in seconds.
const MARGIN: u32 = 60;

pub(super) fn make(site: &RecipeSite<'_>) -> Result<RecipeOutput, String> {
    if !site.has_load_balancer() {
        return Err("the environment has no Application Load Balancer, or it is not known yet".into());
    }
    let mut output = RecipeOutput::default();
    let idle = idle_timeout(site, &mut output);
    for process in site.settings.processes() {
        output.options.push(ExportedOption {
            group: OptionGroup::Process,
            namespace: process_namespace(process),
            name: "StickinessEnabled",
            value: "true".into(),
        });
    }
    let patience = idle + MARGIN;
    match (site.platform.proxy, site.platform.linux) {
        (Proxy::None, _) => output.notes.push(format!(
            "the environment has no proxy (ProxyServer none): the application itself must keep connections for more than {idle} s"
        )),
        (Proxy::Apache, _) => output.notes.push(
            "the environment's proxy is Apache httpd, for which this recipe has no files: only options were written".into(),
        ),
        (Proxy::Nginx, Some(AmazonLinux::First)) => {
            output.files.push(first_generation(patience));
            output.notes.push(
                "Amazon Linux 1 is retired; its file is for old environments, and Amazon Linux 2 and later ignore it".into(),
            );
        }
        (Proxy::Nginx, Some(AmazonLinux::Later)) => later_generation(idle, &mut output),
        (Proxy::Nginx, None) => output.notes.push(
            "the platform is not Amazon Linux, or not known: only options were written, no files for nginx".into(),
        ),
    }
    Ok(output)
}

/// The idle timeout that the load balancer will have; a shared one keeps what its owner gave it.
fn idle_timeout(site: &RecipeSite<'_>, output: &mut RecipeOutput) -> u32 {
    let present = site.idle_timeout();
    if site.is_shared() {
        let idle = present.unwrap_or(DEFAULT_IDLE_TIMEOUT);
        output.notes.push(format!(
            "the load balancer is shared, so its idle timeout ({idle} s) is set where the load balancer is managed"
        ));
        return idle;
    }
    let idle = present.unwrap_or(DEFAULT_IDLE_TIMEOUT).max(IDLE_TIMEOUT);
    if idle <= LONGEST_OPTION {
        output.options.push(ExportedOption {
            group: OptionGroup::LoadBalancer,
            namespace: LOAD_BALANCER_NAMESPACE.into(),
            name: "IdleTimeout",
            value: idle.to_string(),
        });
    }
    idle
}

fn later_generation(idle: u32, output: &mut RecipeOutput) {
    let patience = idle + MARGIN;
    let text = format!(
        "# Written by beanpole export. Beanstalk includes it in nginx's http block.
# The load balancer cuts a connection that is silent for {idle} s. nginx waits longer, so that only one of the two decides;
# by itself it cuts a WebSocket whose application sends nothing for 60 s.
proxy_read_timeout {patience}s;
proxy_send_timeout {patience}s;
"
    );
    output.files.push(ExportedFile::new(".platform/nginx/conf.d/websocket.conf", text));
    output.nginx = NginxNeeds { keep_alive: Some(patience), ..NginxNeeds::default() };
    output.notes.push(
        "nginx.conf is replaced as a whole, because keepalive_timeout cannot be changed otherwise: compare it after each \
         platform update"
            .into(),
    );
}

/// The file for Amazon Linux 1, which configures nginx while it deploys: the staged copy and the one in use are changed.
fn first_generation(patience: u32) -> ExportedFile {
    let text = format!(
        r#"# Written by beanpole export. OLD: for Amazon Linux 1 only, which is retired. Later platforms ignore it: they read
# .platform/nginx, and send the Upgrade headers by themselves.
container_commands:
  50_websocket:
    command: |
      for file in '/tmp/deployment/config/#etc#nginx#conf.d#00_elastic_beanstalk_proxy.conf' \
                  /etc/nginx/conf.d/00_elastic_beanstalk_proxy.conf; do
        [ -f "$file" ] || continue
        grep -q 'http_upgrade' "$file" && continue
        sed -i -e '/proxy_set_header[[:space:]]*Connection/d' \
          -e 's|^\([[:space:]]*\)proxy_pass[[:space:]].*|&\n\1proxy_http_version 1.1;\n\1proxy_set_header Upgrade $http_upgrade;\n\1proxy_set_header Connection "upgrade";\n\1proxy_read_timeout {patience}s;|' \
          -e '/^[[:space:]]*proxy_http_version[[:space:]]/d' "$file"
      done
"#
    );
    ExportedFile::new(".ebextensions/50-websocket-amazon-linux-1.config", text)
}
