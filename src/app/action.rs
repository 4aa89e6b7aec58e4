//! The table of actions: what a user can do, with which keys, where. It feeds the keyboard, the footer, the help, the
//! README's table and the check of a user's own bindings.

pub use super::layer::Layer;
use crate::config::Chord;

/// The facts of an action.
pub struct ActionFacts {
    /// The action.
    pub action: Action,
    /// Its name in the configuration.
    pub name: &'static str,
    /// Its keys, unless the configuration gives others; none: it is found in the palette.
    pub keys: &'static [&'static str],
    /// The layers where it applies.
    pub layers: &'static [Layer],
    /// A word or two for the footer.
    pub label: &'static str,
    /// Its position in the footer, lower first; `None` leaves it to the help.
    pub footer: Option<u8>,
    /// What it does, for the help.
    pub help: &'static str,
}

macro_rules! actions {
    ($($variant:ident $name:literal [$($key:literal)*] [$($layer:ident)+] $label:literal $footer:expr, $help:literal;)+) => {
        /// Something a user can do.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Action {
            $(#[doc = $help] $variant,)+
        }

        /// All actions, in the order of the help.
        pub const ACTIONS: &[ActionFacts] = &[$(ActionFacts {
            action: Action::$variant,
            name: $name,
            keys: &[$($key),*],
            layers: &[$(Layer::$layer),+],
            label: $label,
            footer: $footer,
            help: $help,
        }),+];
    };
}

actions! {
    Open "open" ["enter"] [Fleet FleetEvents Environment Metrics Settings Findings Why Search Palette Picker Groups Form Guide Confirm Name CopyMenu Notice List Text] "open" Some(0), "open what is selected; in the tree fold or unfold";
    Back "back" ["esc"] [Fleet FleetEvents Environment Metrics Settings Events Findings Alarms Deploy Why Probe Logs Search Palette Picker Groups Form Guide Confirm Name CopyMenu Notice List Text Unowned] "back" Some(1), "close, go back, or clear the filter";
    Down "down" ["j" "down"] [Fleet FleetEvents Environment Metrics Settings Events Findings Alarms Deploy Why Probe Logs Groups Guide List Unowned] "down" None, "move down";
    Up "up" ["k" "up"] [Fleet FleetEvents Environment Metrics Settings Events Findings Alarms Deploy Why Probe Logs Groups Guide List Unowned] "up" None, "move up";
    Left "left" ["h" "left"] [Fleet Environment Metrics] "fold" None, "fold, or scroll the columns to the left";
    Right "right" ["l" "right"] [Fleet Environment Metrics] "unfold" None, "unfold, or scroll the columns to the right";
    First "first" ["g" "home"] [Fleet FleetEvents Environment Metrics Settings Events Findings Alarms Deploy Why Probe Logs Groups Guide List Unowned] "first" None, "go to the first";
    Last "last" ["G" "end"] [Fleet FleetEvents Environment Metrics Settings Events Findings Alarms Deploy Why Probe Logs Groups Guide List Unowned] "last" None, "go to the last";
    PageDown "page-down" ["pgdn" "ctrl-f"] [Fleet FleetEvents Environment Metrics Settings Events Findings Alarms Deploy Why Probe Logs List Unowned] "page down" None, "a page down";
    PageUp "page-up" ["pgup" "ctrl-b"] [Fleet FleetEvents Environment Metrics Settings Events Findings Alarms Deploy Why Probe Logs List Unowned] "page up" None, "a page up";
    HalfDown "half-page-down" ["ctrl-d"] [Fleet FleetEvents Environment Metrics Settings Events Findings Alarms Deploy Why Probe Logs List Unowned] "half down" None, "half a page down";
    HalfUp "half-page-up" ["ctrl-u"] [Fleet FleetEvents Environment Metrics Settings Events Findings Alarms Deploy Why Probe Logs List Unowned] "half up" None, "half a page up";
    NextPane "next-pane" ["tab"] [Environment Metrics Settings Events Findings Alarms] "pane" Some(3), "to the next pane";
    PreviousPane "previous-pane" ["shift-tab"] [Environment Metrics Settings Events Findings Alarms] "pane back" None, "to the previous pane";
    Targets "targets" ["1"] [Environment Metrics Settings Events Findings Alarms] "targets" None, "the Targets tab";
    Metrics "metrics" ["m" "2"] [Environment Metrics Settings Events Findings Alarms] "metrics" Some(2), "the Metrics tab: charts of the load balancer's figures";
    Settings "settings" ["3"] [Environment Metrics Settings Events Findings Alarms] "settings" None, "the Settings tab: live values, options, defaults, ranges";
    Events "events" ["v" "4"] [Environment Metrics Settings Events Findings Alarms] "events" Some(4), "the Events tab: Beanstalk's events";
    Longer "longer" ["+" "="] [Metrics] "longer" Some(3), "charts over a longer time";
    Shorter "shorter" ["-"] [Metrics] "shorter" Some(3), "charts over a shorter time";
    Zones "zones" ["z"] [Metrics] "zones" Some(4), "a line for each Availability Zone";
    Classic "classic" ["c"] [Metrics] "classic names" Some(6), "names of a Classic Load Balancer's metrics beside them";
    Differing "differing" ["a"] [Settings] "all/differing" Some(4), "all settings, or only those that differ";
    Drifted "drifted" ["x"] [Settings] "drifted" Some(4), "only settings that drift from Beanstalk's options, or all";
    Mark "mark" ["space"] [Settings] "mark" Some(4), "mark settings that are to be edited together";
    Adopt "adopt" ["<"] [Settings] "adopt…" Some(3), "adopt the live value into Beanstalk's option";
    PutBack "put-back" [">"] [Settings] "put back…" Some(3), "put Beanstalk's value back on the load balancer";
    Edit "edit" ["e"] [Fleet Environment Metrics Settings Events Findings Alarms] "edit…" Some(5), "edit settings; on the Settings tab the selected ones";
    Stickiness "stickiness" ["t"] [Fleet Environment Metrics Settings Events Findings Alarms Why Probe] "stickiness…" Some(4), "switch cookie stickiness on or off";
    Undo "undo" ["u"] [Fleet Environment Metrics Settings Events Findings Alarms Deploy Why Guide] "undo…" None, "undo the last change made here to this environment";
    Restart "restart" [] [Fleet Environment Metrics Settings Events Findings Alarms Deploy Why] "restart…" None, "restart the application servers";
    Scale "scale" [] [Fleet Environment Metrics Settings Events Findings Alarms Deploy Why] "scale…" None, "set the minimum and maximum number of instances";
    SetOption "set-option" ["O"] [Fleet Environment Metrics Settings Events Findings Alarms Deploy Why] "set an option…" None, "set any option of Beanstalk's, or an environment property";
    Swap "swap" [] [Fleet Environment Metrics Settings Events Findings Alarms Deploy Why] "swap CNAMEs…" None, "exchange the CNAME with that of another environment";
    Replace "replace" [] [Environment] "replace…" None, "terminate the selected instance; another is launched";
    Session "session" [] [Environment] "session…" None, "a shell on the selected instance, by aws ssm";
    MuteAlarms "mute-alarms" [] [Fleet Environment Metrics Settings Events Findings Alarms Deploy Why] "mute alarms…" None, "mute this environment's alarms for an hour, or unmute";
    Https "https" ["H"] [Fleet Environment Metrics Settings Events Findings Alarms Why] "HTTPS…" Some(7), "set up HTTPS: certificate, policy, listener, redirect";
    Retry "retry" ["r"] [Guide] "go on" None, "HTTPS setup: retry the step, or continue";
    ContinueAnyway "continue-anyway" ["n"] [Guide] "continue anyway…" None, "HTTPS setup: continue although the request failed";
    StopHere "stop-here" ["x"] [Guide] "stop here" None, "HTTPS setup: do nothing more, and record that";
    Findings "findings" ["5"] [Environment Metrics Settings Events Findings Alarms] "findings" None, "the Findings tab: what the checks say";
    Alarms "alarms" ["6"] [Environment Metrics Settings Events Findings Alarms] "alarms" None, "the Alarms tab: CloudWatch alarms and what is missing";
    Silence "silence" ["i"] [Findings Why] "silence…" Some(3), "silence a finding with a reason, or end its silence";
    Why "why" ["w"] [Fleet FleetEvents Environment Metrics Settings Events Findings Alarms Deploy] "why" Some(3), "why it is as it is: causes, evidence, what changed last";
    Probe "probe" ["p"] [Fleet Environment Metrics Settings Events Findings Alarms Deploy Why Probe] "probe…" Some(7), "what a client sees through the load balancer";
    CancelProbe "cancel-probe" ["x"] [Probe] "cancel" Some(2), "cancel the probe under way";
    Severity "severity" ["s"] [FleetEvents Events] "severity" Some(3), "show only events this severe, or worse";
    DeployView "deploy-view" ["d"] [Fleet FleetEvents Environment Metrics Settings Events Findings Alarms Why] "deploy" Some(3), "the Deploy screen of this environment";
    DeployVersion "deploy-version" ["D"] [Deploy] "deploy a version…" Some(2), "deploy an application version";
    Abort "abort" ["A"] [Deploy Why] "abort…" Some(3), "abort the update in progress";
    Rollback "rollback" ["B"] [Deploy Why] "roll back…" Some(4), "abort, wait for Ready, deploy the previous version";
    Report "report" ["W"] [Deploy] "report" Some(5), "write the report of this update, as Markdown and JSON";
    Logs "logs" ["L"] [Fleet FleetEvents Environment Metrics Settings Events Findings Alarms Deploy Why Probe] "logs" Some(6), "the tail of the instances' logs";
    NextInstance "next-instance" ["tab" "l" "right"] [Logs] "next" Some(2), "the log of the next instance";
    PreviousInstance "previous-instance" ["shift-tab" "h" "left"] [Logs] "before" None, "the log of the previous instance";
    Search "search" ["/"] [Logs] "search" Some(3), "search the log; lower-case searches ignore case";
    NextMatch "next-match" ["n"] [Logs] "match" Some(4), "the next match";
    PreviousMatch "previous-match" ["N"] [Logs] "match back" None, "the previous match";
    SaveLogs "save-logs" ["W"] [Logs] "save" Some(5), "write all logs to files in the current directory";
    NextField "next-field" ["tab"] [Form] "next" Some(2), "to the next field";
    PreviousField "previous-field" ["shift-tab"] [Form] "before" None, "to the previous field";
    NextButton "next-button" ["tab" "shift-tab"] [Confirm Name] "next" Some(2), "to the next field or button";
    OtherButton "other-button" ["left" "right" "h" "l"] [Confirm] "other" None, "to the other button";
    ScrollDown "scroll-down" ["pgdn"] [Confirm Name] "more" None, "further down in the text of a confirmation";
    ScrollUp "scroll-up" ["pgup"] [Confirm Name] "back up" None, "further up in the text of a confirmation";
    CopyCommand "copy-command" ["w"] [Confirm] "copy as aws command" Some(3), "copy what is about to be done as commands of the AWS CLI";
    PickDown "pick-down" ["down" "ctrl-n"] [Palette Picker Form Confirm Name CopyMenu] "down" None, "the next action, version, field or route";
    PickUp "pick-up" ["up" "ctrl-p"] [Palette Picker Form Confirm Name CopyMenu] "up" None, "the previous action, version, field or route";
    Filter "filter" ["/"] [Fleet FleetEvents Settings] "filter" Some(2), "show only what contains these words; !word leaves out";
    Sort "sort" ["s"] [Fleet] "sort" Some(4), "choose the column to sort by";
    Reverse "reverse" ["S"] [Fleet] "reverse" None, "reverse the order";
    Columns "columns" ["C"] [Fleet] "columns" Some(6), "choose which columns are shown";
    Attention "attention" ["x"] [Fleet] "attention" Some(3), "show only what needs attention";
    Unowned "unowned" ["U"] [Fleet] "unowned" None, "load balancers that no environment is known to use";
    FleetEvents "fleet-events" ["V"] [Fleet] "all events" None, "the events of all environments, as one list";
    Preview "preview" ["space"] [Fleet] "preview" None, "show or hide the preview of the selected environment";
    Toggle "toggle" ["space"] [List] "on/off" Some(1), "in the list of columns: show or hide";
    Refresh "refresh" ["ctrl-r"] [Fleet FleetEvents Environment Metrics Settings Events Findings Alarms Deploy Why Probe Logs] "refresh" Some(7), "read what is on screen again, now";
    Pause "pause" ["f"] [Fleet FleetEvents Environment Metrics Settings Events Findings Alarms Deploy Why] "pause" Some(5), "freeze or unfreeze the screen";
    Copy "copy" ["y"] [Fleet FleetEvents Environment Metrics Settings Events Findings Alarms Unowned] "copy" None, "copy the selected name or id";
    CopyMenu "copy-menu" ["Y"] [Fleet FleetEvents Environment Metrics Settings Events Findings Alarms Deploy Why Probe Logs Unowned] "copy…" Some(6), "choose what to copy: the ALB's ARN first";
    Profile "profile" ["P"] [Fleet FleetEvents Environment Metrics Settings Events Findings Alarms Deploy Why Probe Logs] "profile…" None, "switch to another profile, without a restart";
    Region "region" ["R"] [Fleet FleetEvents Environment Metrics Settings Events Findings Alarms Deploy Why Probe Logs] "region…" None, "switch to another region, without a restart";
    SignIn "sign-in" ["I"] [Fleet FleetEvents Environment Metrics Settings Events Findings Alarms Deploy Why Probe Logs] "sign in…" Some(2), "run the login of this profile here, then go on";
    Console "console" ["o"] [Fleet FleetEvents Environment Metrics Settings Events Findings Alarms Deploy Why Probe Logs Unowned] "AWS console" None, "open the page of what is selected in the AWS console";
    Palette "palette" [":"] [Fleet FleetEvents Environment Metrics Settings Events Findings Alarms Deploy Why Probe Logs] "commands" None, "command palette: every action, by its name";
    Log "log" ["!"] [Fleet FleetEvents Environment Metrics Settings Events Findings Alarms Deploy Why Probe Logs] "log" Some(8), "the log: errors in full, newest first";
    Help "help" ["?"] [Fleet FleetEvents Environment Metrics Settings Events Findings Alarms Deploy Why Probe Logs List Unowned] "help" Some(9), "this help";
    Suspend "suspend" ["ctrl-z"] [Fleet FleetEvents Environment Metrics Settings Events Findings Alarms Deploy Why Probe Logs Search Palette Picker Groups Form Guide Confirm Name CopyMenu Notice List Text Unowned] "suspend" None, "back to the shell; fg returns";
    Leave "quit" ["q"] [Fleet FleetEvents Environment Metrics Settings Events Findings Alarms Deploy Why Probe Logs List Unowned] "quit" Some(10), "back, then quit";
    Quit "quit-now" ["ctrl-c"] [Fleet FleetEvents Environment Metrics Settings Events Findings Alarms Deploy Why Probe Logs Search Palette Picker Groups Form Guide Confirm Name CopyMenu Notice List Text Unowned] "quit" None, "quit";
}

/// The names of actions in earlier versions and now: a configuration with the old names still works.
const EARLIER_NAMES: &[(&str, &str)] = &[
    ("copy-arn", "copy-menu"),
    ("freeze", "pause"),
    ("go-back", "rollback"),
    ("leave-so", "stop-here"),
    ("nevertheless", "continue-anyway"),
];

impl Action {
    /// Returns its facts.
    #[must_use]
    pub fn facts(self) -> &'static ActionFacts {
        // The table is made with the enum, in its order.
        &ACTIONS[self as usize]
    }

    /// All names that a configuration may use: those of the table in its order, then those of earlier versions.
    #[must_use]
    pub fn names() -> Vec<&'static str> {
        let earlier = EARLIER_NAMES.iter().map(|(earlier, _)| *earlier);
        ACTIONS.iter().map(|facts| facts.name).chain(earlier).collect()
    }
}

/// The chords of each action by layer: the defaults, overridden by the user's own.
#[derive(Clone, Debug, Default)]
pub struct Keymap(Vec<(Action, Vec<Chord>)>);

/// Two actions of one layer on one key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{chord}` is bound to both `{one}` and `{other}`")]
pub struct KeyClash {
    /// The key.
    pub chord: Chord,
    /// The one.
    pub one: &'static str,
    /// The other.
    pub other: &'static str,
}

impl Keymap {
    /// The keys of each action: `own` answers the user's for an action's name, if there are any.
    ///
    /// # Errors
    /// All pairs of actions that share a layer and a key.
    pub fn new(own: impl Fn(&str) -> Option<Vec<Chord>>) -> Result<Self, Vec<KeyClash>> {
        let default = |facts: &ActionFacts| facts.keys.iter().filter_map(|key| Chord::parse(key).ok()).collect();
        let earlier = |name: &str| {
            let mut names = EARLIER_NAMES.iter().filter(|(_, now)| *now == name);
            names.find_map(|(earlier, _)| own(earlier))
        };
        let chords =
            |facts: &ActionFacts| own(facts.name).or_else(|| earlier(facts.name)).unwrap_or_else(|| default(facts));
        let map: Vec<_> = ACTIONS.iter().map(|facts| (facts.action, chords(facts))).collect();
        let clashes = clashes(&map);
        if clashes.is_empty() { Ok(Self(map)) } else { Err(clashes) }
    }

    /// Returns the action of a chord in a layer.
    #[must_use]
    pub fn action(&self, layer: Layer, chord: Chord) -> Option<Action> {
        self.0
            .iter()
            .find(|(action, chords)| action.facts().layers.contains(&layer) && chords.contains(&chord))
            .map(|(action, _)| *action)
    }

    /// Returns the actions of a chord in other layers.
    #[must_use]
    pub fn elsewhere(&self, chord: Chord) -> Vec<&'static ActionFacts> {
        self.0.iter().filter(|(_, chords)| chords.contains(&chord)).map(|(action, _)| action.facts()).collect()
    }

    /// Returns a sentence in which each `{name}` is replaced by the user's key for the action of that name. An action
    /// without a key appears by its name in the palette, as `:name`.
    #[must_use]
    pub fn resolve(&self, sentence: &str) -> String {
        let mut text = sentence.to_owned();
        for facts in ACTIONS {
            let place = format!("{{{}}}", facts.name);
            if text.contains(&place) {
                let chord = self.chords(facts.action).first();
                let key = chord.map_or_else(|| format!(":{}", facts.name), Chord::to_string);
                text = text.replace(&place, arrow(&key));
            }
        }
        text
    }

    /// The keys of an action, the first one first.
    #[must_use]
    pub fn chords(&self, action: Action) -> &[Chord] {
        self.0.iter().find(|(other, _)| *other == action).map_or(&[], |(_, chords)| chords.as_slice())
    }
}

/// The arrow keys are shown as arrows.
fn arrow(key: &str) -> &str {
    const ARROWS: [(&str, &str); 4] = [("up", "↑"), ("down", "↓"), ("left", "←"), ("right", "→")];
    ARROWS.iter().find(|(name, _)| *name == key).map_or(key, |(_, arrow)| arrow)
}

fn clashes(map: &[(Action, Vec<Chord>)]) -> Vec<KeyClash> {
    let mut clashes = Vec::new();
    for (at, (one, chords)) in map.iter().enumerate() {
        for (other, others) in &map[at + 1..] {
            let (one, other) = (one.facts(), other.facts());
            if !one.layers.iter().any(|layer| other.layers.contains(layer)) {
                continue;
            }
            let shared = chords.iter().filter(|chord| others.contains(chord));
            clashes.extend(shared.map(|chord| KeyClash { chord: *chord, one: one.name, other: other.name }));
        }
    }
    clashes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_actions_of_a_layer_share_a_key_and_every_key_is_a_chord() {
        let map = Keymap::new(|_| None).unwrap();
        for facts in ACTIONS {
            assert_eq!(map.chords(facts.action).len(), facts.keys.len(), "{}", facts.name);
        }
    }

    /// The room that the table of keys has in a terminal of 80 columns.
    #[test]
    fn what_a_key_does_fits_a_narrow_terminal() {
        let long: Vec<_> = ACTIONS.iter().map(|facts| facts.help).filter(|help| help.len() > 57).collect();
        assert_eq!(long, [""; 0]);
    }

    #[test]
    fn a_name_of_an_earlier_version_still_binds() {
        let key = |text: &str| Chord::parse(text).unwrap();
        for (earlier, now) in EARLIER_NAMES {
            let action = ACTIONS.iter().find(|facts| facts.name == *now).unwrap().action;
            let map = Keymap::new(|name| (name == *earlier).then(|| vec![key("f9")])).unwrap();
            assert_eq!(map.chords(action), [key("f9")], "{earlier}");
            let both = |name: &str| match name {
                _ if name == *earlier => Some(vec![key("f9")]),
                _ if name == *now => Some(vec![key("f10")]),
                _ => None,
            };
            assert_eq!(Keymap::new(both).unwrap().chords(action), [key("f10")], "{now}");
        }
    }

    #[test]
    fn a_users_own_key_that_collides_is_reported() {
        let own = |name: &str| (name == "pause").then(|| vec![Chord::parse("x").unwrap()]);
        let clashes = Keymap::new(own).unwrap_err();
        assert_eq!(clashes[0].to_string(), "`x` is bound to both `drifted` and `pause`");
    }
}
