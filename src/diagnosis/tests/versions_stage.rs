//! The versions of the stage's application and platform, and the rules by which they come and go.

use super::objects::SCOPE;
use super::stage::Stage;
use crate::model::{Answer, Application, ApplicationVersion, Key, PlatformVersion, Source};

/// A version of the environment's platform.
pub fn platform(version: &str) -> Key<PlatformVersion> {
    let name = "Node.js 20 running on 64bit Amazon Linux 2023";
    Key::new(SCOPE, format!("arn:aws:elasticbeanstalk:eu-west-1::platform/{name}/{version}"))
}

impl Stage {
    /// The application, whose lifecycle rules a test changes.
    pub fn application(&mut self, change: impl FnOnce(&mut Application)) {
        let mut it = Application { key: Key::new(SCOPE, "shop"), versions_kept: None, days_kept: None };
        change(&mut it);
        self.put(Source::Applications(SCOPE), Answer::Applications(vec![it]));
    }

    /// The version of the environment's platform that AWS recommends.
    pub fn recommends(&mut self, version: &str) {
        let versions = vec![PlatformVersion { key: platform(version) }];
        self.put(Source::PlatformVersions(SCOPE), Answer::PlatformVersions(versions));
    }

    /// The versions of the application.
    pub fn labels(&mut self, labels: &[&str]) {
        let key = Key::new(SCOPE, "shop");
        let version = |label: &&str| ApplicationVersion {
            application: "shop".into(),
            label: (*label).into(),
            created: None,
            status: None,
            description: None,
            source: None,
        };
        let versions = labels.iter().map(version).collect();
        self.put(Source::Versions(key.clone()), Answer::Versions(key, versions));
    }
}
