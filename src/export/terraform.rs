//! Option settings for Terraform: a list that the environment's resource takes as its settings.

use std::fmt::Write;

use super::ebextensions::comment;
use super::file::ExportedFile;
use super::options::ExportedOption;

const USE: &str = r#"
# In the resource aws_elastic_beanstalk_environment:
#
#   dynamic "setting" {
#     for_each = local.beanpole_settings
#     content {
#       namespace = setting.value.namespace
#       name      = setting.value.name
#       value     = setting.value.value
#     }
#   }
"#;

/// The file of these options.
pub(super) fn file(options: &[ExportedOption], header: &str) -> ExportedFile {
    let mut text = comment(header) + USE.trim_start() + "\nlocals {\n  beanpole_settings = [\n";
    for ExportedOption { namespace, name, value, .. } in options {
        let (namespace, name, value) = (quoted(namespace), quoted(name), quoted(value));
        let _ = writeln!(text, "    {{ namespace = {namespace}, name = {name}, value = {value} }},");
    }
    text.push_str("  ]\n}\n");
    ExportedFile::new("beanpole-settings.tf", text)
}

/// A text in quotes, in which nothing is a template.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    let mut rest = text.chars().peekable();
    while let Some(character) = rest.next() {
        match character {
            '"' | '\\' => out.extend(['\\', character]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '$' | '%' if rest.peek() == Some(&'{') => out.extend([character, character]),
            ' '..='~' => out.push(character),
            _ => {
                let _ = write!(out, "\\U{:08x}", u32::from(character));
            }
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn nothing_in_a_value_is_a_template() {
        for (text, expected) in [
            ("${x}", "\"$${x}\""),
            ("%{if}", "\"%%{if}\""),
            ("$x %y 5%", "\"$x %y 5%\""),
            ("\"\\\n", "\"\\\"\\\\\\n\""),
            ("ü", "\"\\U000000fc\""),
        ] {
            assert_eq!(quoted(text), expected);
        }
    }
}
