//! A configuration file of `.ebextensions`: YAML with sections, of which option settings are read further.

use saphyr::{LoadableYamlNode, MarkedYaml, YamlData};

use super::known::SECTIONS;
use super::mistake::ProjectMistake;
use super::options::{ProjectOption, ProjectOptions};

/// Folders of nginx that Beanstalk writes again at each deployment on Amazon Linux 2 and later.
const NGINX_FOLDER: &str = "/etc/nginx/";
/// Where Amazon Linux 1 kept what it was about to configure.
const STAGED_FOLDER: &str = "/tmp/deployment/";

pub(super) fn check(
    path: &str,
    text: &str,
    has_platform: bool,
    settings: &mut ProjectOptions,
    mistakes: &mut Vec<ProjectMistake>,
) {
    let documents = match MarkedYaml::load_from_str(text) {
        Ok(documents) => documents,
        Err(error) => {
            let message = format!("this is not YAML: {}", error.info());
            return mistakes.push(ProjectMistake::new(path, error.marker().line(), message));
        }
    };
    let Some(document) = documents.first() else { return };
    let YamlData::Mapping(sections) = &document.data else {
        if !matches!(document.data, YamlData::Value(saphyr::Scalar::Null)) {
            mistakes.push(ProjectMistake::new(path, line(document), "a configuration file is a mapping of sections"));
        }
        return;
    };
    let mut file = ExtensionFile { path, has_platform, settings, mistakes };
    for (key, value) in sections {
        match key.data.as_str() {
            Some("option_settings") => file.option_settings(value),
            Some("files") => file.files(value),
            Some("commands" | "container_commands") => file.commands(value),
            Some(name) if !SECTIONS.contains(&name) => {
                let mistake = file.mistake(key, format!("there is no section `{name}`"));
                file.mistakes.push(mistake.unknown(name, SECTIONS.iter().copied()));
            }
            Some(_) => {}
            None => file.push(key, "the name of a section is a text".into()),
        }
    }
}

struct ExtensionFile<'a> {
    path: &'a str,
    has_platform: bool,
    settings: &'a mut ProjectOptions,
    mistakes: &'a mut Vec<ProjectMistake>,
}

fn line(node: &MarkedYaml<'_>) -> usize {
    node.span.start.line()
}

/// A scalar as Beanstalk reads it: text, whatever it looks like.
fn scalar(node: &MarkedYaml<'_>) -> Option<String> {
    match &node.data {
        YamlData::Value(saphyr::Scalar::String(text)) | YamlData::Representation(text, ..) => Some(text.to_string()),
        YamlData::Value(saphyr::Scalar::Integer(number)) => Some(number.to_string()),
        YamlData::Value(saphyr::Scalar::Boolean(flag)) => Some(flag.to_string()),
        YamlData::Value(saphyr::Scalar::FloatingPoint(number)) => Some(number.to_string()),
        _ => None,
    }
}

impl ExtensionFile<'_> {
    fn mistake(&self, node: &MarkedYaml<'_>, message: String) -> ProjectMistake {
        ProjectMistake::new(self.path, line(node), message)
    }

    fn push(&mut self, node: &MarkedYaml<'_>, message: String) {
        let mistake = self.mistake(node, message);
        self.mistakes.push(mistake);
    }

    /// Both forms: a mapping of namespaces, and a list of options.
    fn option_settings(&mut self, node: &MarkedYaml<'_>) {
        match &node.data {
            YamlData::Mapping(namespaces) => {
                for (namespace, options) in namespaces {
                    let Some(name) = scalar(namespace) else { continue };
                    let YamlData::Mapping(options) = &options.data else {
                        self.push(namespace, format!("`{name}` is not followed by options with their values"));
                        continue;
                    };
                    for (option, value) in options {
                        let Some(option_name) = scalar(option) else { continue };
                        self.option(option, name.clone(), option_name, scalar(value));
                    }
                }
            }
            YamlData::Sequence(items) => items.iter().for_each(|item| self.listed(item)),
            _ => self.push(node, "option_settings is a mapping of namespaces, or a list of options".into()),
        }
    }

    fn listed(&mut self, item: &MarkedYaml<'_>) {
        let YamlData::Mapping(fields) = &item.data else {
            return self.push(item, "an item of option_settings has namespace, option_name and value".into());
        };
        let field = |name: &str| fields.iter().find(|(key, _)| key.data.as_str() == Some(name)).map(|(_, value)| value);
        // Without a namespace it is an environment property.
        let Some(namespace) = field("namespace").and_then(scalar) else { return };
        let Some(name) = field("option_name").and_then(scalar) else {
            return self.push(item, format!("an option of `{namespace}` has no option_name"));
        };
        self.option(item, namespace, name, field("value").and_then(scalar));
    }

    fn option(&mut self, node: &MarkedYaml<'_>, namespace: String, name: String, value: Option<String>) {
        let is_old = namespace == "aws:elasticbeanstalk:container:nodejs" && name == "NodeCommand";
        if is_old && self.has_platform {
            self.push(
                node,
                "NodeCommand is of Amazon Linux 1: later platforms, which read .platform, have a Procfile".into(),
            );
        }
        let (path, line) = (self.path.to_owned(), line(node));
        let option = ProjectOption { path, line, namespace, name, value };
        self.mistakes.extend(self.settings.add(option));
    }

    fn files(&mut self, node: &MarkedYaml<'_>) {
        let YamlData::Mapping(files) = &node.data else { return };
        for (key, _) in files {
            let Some(target) = scalar(key) else { continue };
            if !target.starts_with('/') {
                self.push(key, format!("`{target}` is no absolute path"));
            } else if target.starts_with(NGINX_FOLDER) {
                self.push(
                    key,
                    format!(
                        "`{target}`: Amazon Linux 2 and later ignore or overwrite this: nginx's files come from .platform/nginx"
                    ),
                );
            }
        }
    }

    fn commands(&mut self, node: &MarkedYaml<'_>) {
        let YamlData::Mapping(commands) = &node.data else { return };
        for (key, command) in commands {
            let name = scalar(key).unwrap_or_default();
            let YamlData::Mapping(fields) = &command.data else {
                self.push(key, format!("`{name}` has no command"));
                continue;
            };
            let text = fields.iter().find(|(key, _)| key.data.as_str() == Some("command"));
            match text {
                None => self.push(key, format!("`{name}` has no command")),
                Some((_, text)) if scalar(text).is_some_and(|it| it.contains(STAGED_FOLDER)) && self.has_platform => {
                    self.push(
                        key,
                        format!("`{name}` changes {STAGED_FOLDER}, which only Amazon Linux 1 has; later platforms read .platform"),
                    );
                }
                Some(_) => {}
            }
        }
    }
}
