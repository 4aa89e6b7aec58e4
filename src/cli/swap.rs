//! `swap`: the CNAMEs of two environments are exchanged, and both are watched until that is seen.

mod names;
mod routes;
mod watch;

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

pub use self::names::NameProbe;
use self::names::probe_names;
use self::routes::{read_again, routes_of};
use self::watch::{SwapEnd, watch};
use super::arguments::{Format, SwapArguments};
use super::asking::{Asking, BothSides};
use super::desk::{Carried, Desk, at_desk};
use super::failure::{ExitStatus, Failure};
use super::named::{named, unknown};
use super::output;
use super::problem::problems;
use super::reading::{Reading, gather_more};
use super::report::Report;
use super::settings::Settings;
use super::show::questions;
use crate::change::{CnameSwap, Operation, Work};
use crate::diagnosis::{side_by_side, swap_notes};
use crate::model::{Environment, Snapshot, Source, clean};
use crate::polling::Question;

/// Exchanges the CNAMEs of the environments of these names or ids.
pub fn run(settings: &Settings, arguments: &SwapArguments) -> Result<ExitCode, Failure> {
    at_desk(settings, &arguments.a, &arguments.write, async |desk: &Desk<'_>, a: &Environment| {
        let Some(b) = named(desk.reading.known(), &arguments.b)?.cloned() else {
            let listed = || Failure {
                status: ExitStatus::Unreachable,
                ..Failure::usage("the environments could not all be listed")
            };
            return Err(unknown(&desk.reading, &arguments.b).unwrap_or_else(listed));
        };
        if a.key == b.key {
            return Err(Failure::usage(clean(&format!("{} is exchanged with itself", a.name))));
        }
        // The production environment of the two is the one whose name is typed.
        let is_production = |it: &Environment| settings.config.is_production(&it.name);
        let (own, other) = if is_production(&b) && !is_production(a) { (&b, a) } else { (a, &b) };
        let operation = Operation::swap(own, other).map_err(|refusal| Failure::refused(clean(&refusal.to_string())))?;
        let reading = gather_more(desk.settings, &desk.session, |known| both(known, a, &b)).await;
        let asking = asking(desk, &reading, (a, &b));
        let written = match desk.carry_out(&operation, &asking, &arguments.write).await? {
            Carried::Over(status) => return Ok(status),
            Carried::Done(written) => written,
        };
        let Some(Work::Swap(swap)) = operation.steps.first().map(|step| &step.work) else {
            return Ok(ExitCode::SUCCESS);
        };
        let end = watched(desk, &operation, swap, (written.at, arguments.timeout)).await;
        let read = read_again(desk, [own, other]).await;
        let routes = routes_of(read.known(), [(own, &swap.other_cname), (other, &swap.own_cname)]);
        let probes = if end.exchanged() == Some(true) && !arguments.no_probe {
            probe_names(desk, read.known(), [own, other], arguments.connect_to.as_ref()).await
        } else {
            Vec::new()
        };
        let after: Vec<_> = routes.iter().cloned().chain(probes.iter().map(NameProbe::line)).collect();
        let report = Report::of(desk, &operation, &asking, &written);
        report.swapped(end.exchanged(), routes, probes).print(desk.settings.format)?;
        conclude(desk, &end, (own, other), swap, &after)
    })
}

/// What is read to show both: the tree, options and alarms of each, and the certificates.
fn both(known: &Snapshot, a: &Environment, b: &Environment) -> Vec<Question> {
    let options = Question::Options([a, b].map(|it| it.key.clone()).into_iter().collect());
    let others = Question::These(vec![Source::Certificates(known.scope), Source::RaisedAlarms(known.scope)]);
    let trees = [a, b].into_iter().flat_map(|it| questions(known, &it.key.id));
    trees.chain([options, others]).collect()
}

fn asking(desk: &Desk<'_>, reading: &Reading, (a, b): (&Environment, &Environment)) -> Asking {
    let known = reading.known();
    let mut notes = swap_notes(known, a, b);
    notes.push("It is never undone by undo: a second swap reverses it.".to_owned());
    let unread = problems(reading).into_iter().map(|problem| format!("not read: {}", problem.error.sentence()));
    notes.extend(unread);
    Asking {
        question: format!("swap the CNAMEs of {} and {} ({})", a.name, b.name, desk.whereabouts()),
        notes,
        deploy: None,
        bundle: None,
        sides: Some(BothSides {
            a: Arc::clone(&a.name),
            b: Arc::clone(&b.name),
            rows: side_by_side(known, &reading.freshness(), &a.key, &b.key),
        }),
    }
}

async fn watched(
    desk: &Desk<'_>,
    operation: &Operation,
    swap: &CnameSwap,
    (at, timeout): (crate::model::Moment, Duration),
) -> SwapEnd {
    if timeout.is_zero() {
        return SwapEnd::Unwatched;
    }
    Box::pin(watch(desk, &operation.subject, swap, (at, timeout))).await
}

/// Says how it ended, and with which status.
fn conclude(
    desk: &Desk<'_>,
    end: &SwapEnd,
    (own, other): (&Environment, &Environment),
    swap: &CnameSwap,
    after: &[String],
) -> Result<ExitCode, Failure> {
    let (one, two) = (&own.name, &other.name);
    let back = format!("to reverse it: beanpole swap {one} {two}");
    match end {
        SwapEnd::Exchanged(seconds) => {
            if desk.settings.format == Format::Table {
                let (first, second) = (&swap.other_cname, &swap.own_cname);
                let words = format!("{one} has {first} and {two} has {second}, after {seconds} s; both are Ready\n");
                output::result(&clean_lines(&words))?;
            }
            let dns =
                "not known: how long clients' DNS caches keep the old environment; keep both up until its requests end";
            [dns, &back].into_iter().for_each(output::remark);
        }
        SwapEnd::Unwatched => {
            if desk.settings.format == Format::Table {
                output::result(&clean_lines(&format!("{one} and {two}: the exchange of their CNAMEs has begun\n")))?;
            }
            output::remark(&clean(&format!("how it goes: beanpole events {one} --follow")));
        }
        SwapEnd::NotExchanged(why) | SwapEnd::Unknown(why) => {
            let status = if matches!(end, SwapEnd::Unknown(_)) { ExitStatus::Unknown } else { ExitStatus::Bad };
            let what = clean(&format!("swap {one} {two}: {why}")).into_owned();
            let failure = Failure { status, ..Failure::usage(what) };
            return Err(failure.hint(clean(&format!("look: beanpole events {one}; beanpole show {two}")).into_owned()));
        }
    }
    after.iter().for_each(|line| output::remark(&clean(line)));
    Ok(ExitCode::SUCCESS)
}

fn clean_lines(text: &str) -> String {
    format!("{}\n", clean(text.trim_end()))
}
