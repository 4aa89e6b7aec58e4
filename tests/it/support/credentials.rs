//! A profile whose credentials come from a program that counts how often it is run, for a region with another clock.

use std::fs;
use std::path::Path;

/// By how many seconds AWS's clock is ahead of ours. AWS refuses signatures that are five minutes off.
pub const SKEWS: [i64; 7] = [-1200, -400, -200, 0, 200, 400, 1200];

/// What the program gives.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Gives {
    /// Credentials that are good for so many seconds, by AWS's clock, each time new ones.
    GoodFor(i64),
    /// Such as have expired a minute ago.
    Expired,
    /// Valid for 25 seconds, then once some that expired a minute ago, and then valid ones.
    Late,
}

/// The files of a home whose profile `tool` has a `credential_process` that counts its runs; AWS's clock is `ahead`
/// of ours.
pub fn files(ahead: i64, gives: Gives) -> [(&'static str, String); 2] {
    let lives = match gives {
        Gives::GoodFor(seconds) => format!("life={seconds}"),
        Gives::Expired => "life=-60".to_owned(),
        Gives::Late => "case $n in 1) life=25;; 2) life=-60;; *) life=3600;; esac".to_owned(),
    };
    let script = format!(
        "echo run >> $HOME/runs\nn=$(wc -l < $HOME/runs)\n{lives}\n\
         at=$(( $(date +%s) + ({ahead}) + life ))\n\
         printf '{{\"Version\":1,\"AccessKeyId\":\"ASIATEST%s\",\"SecretAccessKey\":\"s\",\"SessionToken\":\"expires-%s\",\
         \"Expiration\":\"%s\"}}' \"$n\" \"$at\" \"$(date -u -d @$at +%Y-%m-%dT%H:%M:%SZ)\"\n"
    );
    let profile = "[profile tool]\ncredential_process = sh $HOME/gives.sh\nregion = eu-west-1\n";
    [("gives.sh", script), (".aws/config", profile.to_owned())]
}

/// How often the program was run.
pub fn runs(home: &Path) -> usize {
    fs::read_to_string(home.join("runs")).map_or(0, |text| text.lines().count())
}
