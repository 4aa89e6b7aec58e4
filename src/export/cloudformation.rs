//! Option settings for `CloudFormation`: a template with an environment that has them.

use std::fmt::Write;

use super::ebextensions::{comment, quoted};
use super::file::ExportedFile;
use super::options::ExportedOption;
use crate::model::Environment;

const USE: &str = "Copy OptionSettings into the resource of your own template; a stack of this template would make another \
                   environment.";

/// The template of these options.
pub(super) fn file(options: &[ExportedOption], environment: &Environment, header: &str) -> ExportedFile {
    let platform = environment.platform.as_deref().unwrap_or_default();
    let name = if platform.starts_with("arn:") { "PlatformArn" } else { "SolutionStackName" };
    let mut text = comment(&format!("{header}\n{USE}"));
    let _ = write!(
        text,
        "AWSTemplateFormatVersion: \"2010-09-09\"
Parameters:
  ApplicationName:
    Type: String
    Default: {}
Resources:
  Environment:
    Type: AWS::ElasticBeanstalk::Environment
    Properties:
      ApplicationName:
        Ref: ApplicationName
",
        quoted(&environment.application)
    );
    if !platform.is_empty() {
        let _ = writeln!(text, "      {name}: {}", quoted(platform));
    }
    if !options.is_empty() {
        text.push_str("      OptionSettings:\n");
    }
    for ExportedOption { namespace, name, value, .. } in options {
        let (namespace, name, value) = (quoted(namespace), quoted(name), quoted(value));
        let _ =
            write!(text, "        - Namespace: {namespace}\n          OptionName: {name}\n          Value: {value}\n");
    }
    ExportedFile::new("beanpole-settings.yaml", text)
}
