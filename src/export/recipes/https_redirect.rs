//! The recipe `https-redirect`: port 80 sends clients to HTTPS. Beanstalk has no option for a redirect, so the file changes
//! the listener in the environment's `CloudFormation` stack.

use super::output::RecipeOutput;
use super::site::RecipeSite;
use crate::export::file::ExportedFile;

const TEXT: &str = r##"# Written by beanpole export. Beanstalk has no option for a redirect: this changes the listener in its CloudFormation stack.
# Browsers keep a 301 for ever. Use HTTP_302 until you are sure.
Resources:
  AWSEBV2LoadBalancerListener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      LoadBalancerArn:
        Ref: AWSEBV2LoadBalancer
      Port: 80
      Protocol: HTTP
      DefaultActions:
        - Type: redirect
          RedirectConfig:
            Protocol: HTTPS
            Port: "443"
            Host: "#{host}"
            Path: "/#{path}"
            Query: "#{query}"
            StatusCode: HTTP_301
"##;

pub(super) fn make(site: &RecipeSite<'_>) -> Result<RecipeOutput, String> {
    if site.is_shared() {
        return Err("the load balancer is shared: its listeners are changed where it is managed".into());
    }
    if !site.has_load_balancer() {
        return Err("the environment has no Application Load Balancer, or it is not known yet".into());
    }
    let listeners = site.basis.listeners();
    let has =
        |port, protocol| listeners.iter().any(|it| it.port == Some(port) && it.protocol.as_deref() == Some(protocol));
    if !has(443, "HTTPS") {
        return Err("there is no HTTPS listener on port 443 to send clients to".into());
    }
    if !has(80, "HTTP") {
        return Err("there is no HTTP listener on port 80".into());
    }
    let mut notes = vec![
        "clients that open ws:// on port 80 are cut off, because WebSocket clients do not follow redirects".to_owned(),
    ];
    if site.settings.get("aws:elbv2:listener:default", "Rules").is_some() {
        notes.push("the rules of port 80 still come before the redirect".into());
    }
    Ok(RecipeOutput {
        files: vec![ExportedFile::new(".ebextensions/60-https-redirect.config", TEXT)],
        notes,
        ..RecipeOutput::default()
    })
}
