//! Notices when the files change that credentials come from, while we wait for credentials.
//!
//! By looking once a second, and only while paused: a watch on the file system costs a dependency and misses network
//! homes.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// How often to look.
const LOOK: Duration = Duration::from_secs(1);

/// Waits until one of these files, or a file directly in one of these folders, is written, comes or goes.
pub async fn changed(paths: Vec<PathBuf>) {
    let before = stamp(&paths);
    loop {
        tokio::time::sleep(LOOK).await;
        if stamp(&paths) != before {
            return;
        }
    }
}

/// When each was last written, in the order of the paths; what is in folders sorted by name.
fn stamp(paths: &[PathBuf]) -> Vec<(PathBuf, Option<SystemTime>)> {
    let written = |path: &Path| path.metadata().and_then(|data| data.modified()).ok();
    let mut stamps = Vec::new();
    for path in paths {
        stamps.push((path.clone(), written(path)));
        let mut inside: Vec<_> = path.read_dir().into_iter().flatten().flatten().map(|entry| entry.path()).collect();
        inside.sort();
        stamps.extend(inside.into_iter().map(|path| {
            let at = written(&path);
            (path, at)
        }));
    }
    stamps
}
