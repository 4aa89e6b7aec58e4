//! Takes the value of an environment property without showing it: typed on the terminal, unseen and twice, or from a file.

use std::io::{IsTerminal, Read};
use std::path::Path;

use super::failure::Failure;
use crate::model::clean;
use crate::runtime::{Signal, unseen_lines};

/// The most that is read of a file: more than Beanstalk takes, so that a long value is called long.
const MOST: u64 = 64 << 10;

/// Reads the value from a file, or from standard input if it is called `-`. Its last line feed is not part of it.
pub fn from_file(path: &Path) -> Result<String, Failure> {
    let is_input = path.as_os_str() == "-";
    let name = || if is_input { "standard input".to_owned() } else { clean(&path.display().to_string()).into_owned() };
    let failed = |error| Failure::system(format!("the value cannot be read from {}", name()), error);
    let mut bytes = Vec::new();
    let read = if is_input {
        std::io::stdin().lock().take(MOST).read_to_end(&mut bytes)
    } else {
        std::fs::File::open(path).and_then(|file| file.take(MOST).read_to_end(&mut bytes))
    };
    read.map_err(failed)?;
    let text = String::from_utf8(bytes).map_err(|_| Failure::usage(format!("{} is not UTF-8 text", name())))?;
    let text = text.strip_suffix('\n').map_or(&*text, |text| text.strip_suffix('\r').unwrap_or(text));
    Ok(text.to_owned())
}

/// Says what to do where a value cannot be typed.
pub fn check_terminal() -> Result<(), Failure> {
    if std::io::stdin().is_terminal() {
        return Ok(());
    }
    Err(Failure::usage("there is no terminal to type the value on")
        .hint("give --value-file FILE, or --value-file - to read it from standard input"))
}

/// Has a value typed twice, unseen.
pub async fn typed(what: &str) -> Result<String, Failure> {
    let prompts = [format!("{what} (not shown):"), format!("{what} once more:")].map(|it| clean(&it).into_owned());
    let read = tokio::task::spawn_blocking(move || unseen_lines([&prompts[0], &prompts[1]]));
    let failed = |error| Failure::system("no value can be read", error);
    let typed = read.await.map_err(|error| failed(error.into()))?.map_err(failed)?;
    let [one, other] = typed.ok_or_else(|| Failure::signalled(Signal::Interrupt))?;
    if one == other { Ok(one) } else { Err(Failure::usage("the two values differ: nothing was changed")) }
}
