//! Every operation that beanpole sends, under every fault of the wire: what comes back is a fault of the right kind, in
//! time, after as many requests as are allowed, and a write that may have arrived is never called refused.
//!
//! The pairs are generated from two tables, of operations and of faults. That the first is whole is held against the
//! policies (which a tour through every screen and command holds against what is sent) and against the code itself.

mod breaking;
mod kinds;
mod operations;

use std::collections::BTreeSet;
use std::time::Duration;

use beanpole::model::api_reads::READS;
use beanpole::model::{ChangeSeverity, FaultKind, SOURCES};
use beanpole::sim::Policy;

use breaking::{Breaking, Broken, FAULTS};
use kinds::of_each_kind;
use operations::{Ended, OPERATIONS, Operation};

/// No call may take longer: the SDK's own limit for an operation.
const LONGEST: Duration = Duration::from_secs(15);
/// The pairs of an operation and a fault.
const PAIRS: usize = 63 * 16;

/// What has to come of a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expected {
    /// The same answer as without the fault.
    Answer,
    /// A fault of this kind; a write certainly has not arrived.
    Refused(FaultKind),
    /// A fault of this kind; a write may have arrived.
    Lost(FaultKind),
}

fn expected(broken: Broken) -> Expected {
    match broken {
        Broken::WrongContentType => Expected::Answer,
        Broken::NoConnection => Expected::Refused(FaultKind::Network),
        Broken::ResetBefore | Broken::ResetAfter | Broken::Stall | Broken::StallWithin => {
            Expected::Lost(FaultKind::Network)
        }
        Broken::Throttled | Broken::ThrottledWith503 => Expected::Refused(FaultKind::Throttled),
        Broken::Denied => Expected::Refused(FaultKind::Denied),
        Broken::Expired => Expected::Refused(FaultKind::Expired),
        Broken::Internal | Broken::Unavailable | Broken::Empty | Broken::Cut | Broken::Html | Broken::Redirect => {
            Expected::Lost(FaultKind::Other)
        }
    }
}

/// Sends an operation into a fault; returns what is wrong with the result.
async fn mistake(breaking: &Breaking, operation: &Operation, broken: Broken) -> Option<String> {
    breaking.breaks(Some(broken));
    let began = tokio::time::Instant::now();
    let ended = (operation.send)(breaking).await;
    let (took, requests, arrived) = (began.elapsed(), breaking.requests(), breaking.arrived());
    breaking.breaks(None);
    // In CBOR, an empty answer has no body.
    let says_nothing = operation.says_nothing && matches!(broken, Broken::Empty | Broken::Cut);
    let right = if says_nothing { Expected::Answer } else { expected(broken) };
    let is_right = match (right, &ended, operation.writes) {
        (Expected::Answer, Ended::Answered, _) => true,
        (Expected::Refused(kind) | Expected::Lost(kind), Ended::Fault(fault), false)
        | (Expected::Refused(kind), Ended::Refused(fault), true)
        | (Expected::Lost(kind), Ended::Lost(fault), true) => {
            fault.kind == kind && fault.operation == operation.name() && !fault.message.trim().is_empty()
        }
        _ => false,
    };
    let wrong = match () {
        () if !is_right => format!("{ended:?} where {right:?} is right"),
        () if took > LONGEST => format!("it took {took:?}"),
        // Nothing is sent twice: neither by the SDK nor by us.
        () if broken != Broken::WrongContentType && requests != 1 => format!("{requests} requests"),
        () if arrived != broken.arrives() => format!("arrived: {arrived}"),
        () => return None,
    };
    Some(format!("{} x {broken:?}: {wrong}", operation.action))
}

#[test]
fn every_operation_under_every_fault_is_reported_in_time_and_sent_once() {
    let mut mistakes = Vec::new();
    let mut pairs = 0;
    for operation in OPERATIONS {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
        runtime.block_on(async {
            let mut breaking = Breaking::new().await;
            let undisturbed = (operation.send)(&breaking).await;
            assert!(matches!(undisturbed, Ended::Answered), "{}: {undisturbed:?}", operation.action);
            for broken in FAULTS {
                if operation.writes {
                    // One that arrived has changed the region.
                    breaking = Breaking::new().await;
                }
                mistakes.extend(mistake(&breaking, operation, *broken).await);
                pairs += 1;
            }
        });
    }
    assert!(mistakes.is_empty(), "{} of {pairs}:\n{}", mistakes.len(), mistakes.join("\n"));
    assert_eq!(pairs, PAIRS, "pairs of an operation and a fault");
    println!("{pairs} pairs of {} operations and {} faults", OPERATIONS.len(), FAULTS.len());
}

/// What comes before a fault on a later page is kept, and the fault with it; the first page's is a fault of the whole.
#[tokio::test(start_paused = true)]
async fn a_listing_that_breaks_on_its_second_page_is_partial_and_says_why() {
    let mut pairs = 0;
    let breaking = Breaking::large().await;
    for (action, send) in operations::LISTINGS {
        for broken in FAULTS.iter().filter(|broken| expected(**broken) != Expected::Answer) {
            breaking.breaks_from(2, *broken);
            let began = tokio::time::Instant::now();
            let (items, partial) = send(&breaking).await;
            let (Expected::Refused(kind) | Expected::Lost(kind)) = expected(*broken) else { continue };
            let reported = format!("{action} x {broken:?}: {items} items, {partial:?}");
            let fault = partial.unwrap_or_else(|| panic!("{reported}"));
            assert!(fault.kind == kind && items > 0 && breaking.requests() == 2, "{reported}");
            assert!(began.elapsed() <= LONGEST, "{reported}");
            pairs += 1;
        }
    }
    assert_eq!(pairs, operations::LISTINGS.len() * 15, "pairs of a listing and a fault");
}

/// The table of sources matches the wire: as many of a kind as its row allows take one call of the row's
/// operation, and every operation of a row is among those that the wire is broken under.
#[tokio::test(start_paused = true)]
async fn every_kind_of_source_is_read_by_the_operation_of_its_row() {
    let breaking = Breaking::new().await;
    let sources = of_each_kind(&breaking);
    let listed: Vec<_> = sources.iter().map(|source| source.row().kind).collect();
    let kinds: Vec<_> = SOURCES.iter().map(|row| row.kind).collect();
    assert_eq!(listed, kinds, "one of each kind of the table, in its order");
    for source in sources {
        let row = source.row();
        let all = vec![source; row.most_in_a_call];
        let (answer, calls) = breaking.calls(operations::fetched_at_once(&breaking, all)).await;
        assert!(answer.is_ok(), "{}: {answer:?}", row.kind);
        assert_eq!(calls, [row.read.permission()], "{}", row.kind);
        assert!(OPERATIONS.iter().any(|operation| operation.action == calls[0]), "{}", row.kind);
    }
}

#[test]
fn the_table_of_operations_is_whole() {
    let listed: BTreeSet<_> = OPERATIONS.iter().map(|operation| operation.action).collect();
    assert_eq!(listed.len(), OPERATIONS.len(), "each once");
    let policy = Policy::read_write();
    let mut allowed: BTreeSet<_> = policy.actions().collect();
    // What needs no permission.
    allowed.insert("sts:GetCallerIdentity");
    assert_eq!(listed, allowed, "what is listed, and what the policies allow");
    let reads = Policy::read_only();
    for operation in OPERATIONS.iter().filter(|operation| operation.writes) {
        assert!(reads.actions().all(|action| action != operation.action), "{} writes", operation.action);
    }
}

/// Operations that the code names, by how AWS spells them.
#[test]
fn the_code_names_no_operation_that_is_not_in_the_table() {
    let listed: BTreeSet<_> = OPERATIONS.iter().map(|operation| operation.name().to_owned()).collect();
    let mut named = BTreeSet::new();
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for folder in ["aws", "change", "write", "model"] {
        names(&root.join(folder), &mut named);
    }
    // What a change of an option interrupts has names of the same form.
    for severity in [ChangeSeverity::RestartApplicationServer, ChangeSeverity::RestartEnvironment] {
        assert!(named.remove(severity.as_str()), "{severity:?}");
    }
    assert_eq!(named, listed, "what the code names, and what is listed");
}

/// An operation that reads is spelled in its row alone, so that nothing else can name another.
#[test]
fn an_operation_that_reads_is_spelled_in_its_row_alone() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let reads: BTreeSet<_> = READS.iter().map(|read| read.operation.to_owned()).collect();
    assert_eq!(reads.len(), READS.len(), "each once");
    let mut spelled = BTreeSet::new();
    for folder in std::fs::read_dir(&root).unwrap().map(|entry| entry.unwrap().path()) {
        if folder.is_dir() && !folder.ends_with("sim") {
            places(&folder, &mut spelled);
        }
    }
    let elsewhere: Vec<_> = spelled
        .iter()
        .filter(|(file, name)| reads.contains(name) && !file.ends_with("model/api_reads.rs"))
        .map(|(file, name)| format!("{}: {name}", file.display()))
        .collect();
    assert!(elsewhere.is_empty(), "use the row of model/api_reads.rs: {elsewhere:#?}");
}

/// The first words of the operations of AWS's services.
const VERBS: [&str; 18] = [
    "Describe",
    "Get",
    "List",
    "Modify",
    "Create",
    "Delete",
    "Update",
    "Abort",
    "Restart",
    "Swap",
    "Terminate",
    "Request",
    "Retrieve",
    "Authorize",
    "Revoke",
    "Validate",
    "Put",
    "Head",
];

/// Texts of the code that are an operation's name.
fn names(folder: &std::path::Path, found: &mut BTreeSet<String>) {
    let mut spelled = BTreeSet::new();
    places(folder, &mut spelled);
    found.extend(spelled.into_iter().map(|(_, name)| name));
}

/// The files with texts that are an operation's name: a verb and a noun, as one word.
fn places(folder: &std::path::Path, found: &mut BTreeSet<(std::path::PathBuf, String)>) {
    for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() {
            if !entry.ends_with("tests") {
                places(&entry, found);
            }
            continue;
        }
        let text = std::fs::read_to_string(&entry).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap();
        if code.contains("#[test]") {
            // The whole file is of tests.
            continue;
        }
        let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
        for word in lines.flat_map(|line| line.split('"').skip(1).step_by(2)) {
            let is_word = word.chars().all(char::is_alphanumeric);
            let is_named =
                |verb: &&str| word.strip_prefix(*verb).is_some_and(|noun| noun.starts_with(char::is_uppercase));
            let sets_groups = word == "SetSecurityGroups";
            // Metrics, a file behind a URL, and one of which only the answer is mentioned.
            let is_field = matches!(word, "RequestCount" | "RequestCountPerTarget" | "GetObject" | "CreateEnvironment");
            if is_word && !is_field && (sets_groups || VERBS.iter().any(is_named)) {
                found.insert((entry.clone(), word.to_owned()));
            }
        }
    }
}
