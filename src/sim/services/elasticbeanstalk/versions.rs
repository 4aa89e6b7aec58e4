//! `CreateStorageLocation`, `CreateApplication`, and what makes, changes and deletes application versions.

use super::applications::describe_version;
use crate::sim::physics::View;
use crate::sim::region::{Bundle, Region};
use crate::sim::services::operation::Moment;
use crate::sim::wire::envelope::Answer;
use crate::sim::wire::form::Form;
use crate::sim::wire::refusal::Refusal;
use crate::sim::wire::xml::Xml;

/// The longest label, and the longest name of an application (API reference).
const LONGEST: usize = 100;

/// The same bucket every time.
#[expect(clippy::unnecessary_wraps, reason = "an operation may refuse; this one never does")]
pub(super) fn create_storage_location(region: &mut Region, _: Moment<'_>, _: &Form) -> Result<Answer, Refusal> {
    let bucket = region.storage_location();
    region.storage.make_bucket(&bucket);
    let mut xml = Xml::default();
    xml.text("S3Bucket", bucket);
    Ok(Answer::Xml(xml))
}

pub(super) fn create_application(region: &mut Region, moment: Moment<'_>, form: &Form) -> Result<Answer, Refusal> {
    let name = short(form, "ApplicationName")?;
    if region.application(name).is_some() {
        return Err(Refusal::parameter(format!("Application {name} already exists.")));
    }
    region.add_application(name, form.text("Description"), moment.now);
    let mut xml = Xml::default();
    xml.within("Application", |xml| {
        xml.text("ApplicationName", name).optional("Description", form.text("Description"));
    });
    Ok(Answer::Xml(xml))
}

/// The texts are those that clients report; that Beanstalk looks at the bundle before it answers is too.
pub(super) fn create_application_version(
    region: &mut Region,
    moment: Moment<'_>,
    form: &Form,
) -> Result<Answer, Refusal> {
    let (name, label) = (short(form, "ApplicationName")?, short(form, "VersionLabel")?);
    let time = moment.now - region.epoch;
    match region.application(name) {
        None if form.flag("AutoCreateApplication") => region.add_application(name, None, moment.now),
        None => return Err(Refusal::parameter(format!("No Application named '{name}' found."))),
        Some(application) if application.version_at(label, time).is_some() => {
            return Err(Refusal::parameter(format!("Application Version {label} already exists.")));
        }
        Some(_) => {}
    }
    let mut bundle = Bundle { description: form.text("Description").map(str::to_owned), ..Bundle::default() };
    bundle.process_from = form.flag("Process").then_some(moment.now);
    if let Some((bucket, key)) = form.text("SourceBundle.S3Bucket").zip(form.text("SourceBundle.S3Key")) {
        let Some(object) = region.storage.object(bucket, key) else {
            let what = format!("Unable to download from S3 location (Bucket: {bucket}  Key: {key}). Reason: Not Found");
            return Err(Refusal::parameter(what));
        };
        bundle.is_archive = object.body.starts_with(b"PK");
        bundle.source = Some((bucket.to_owned(), key.to_owned()));
    }
    region.add_version(name, label, bundle, moment.now);
    Ok(described(region, moment, name, label))
}

pub(super) fn update_application_version(
    region: &mut Region,
    moment: Moment<'_>,
    form: &Form,
) -> Result<Answer, Refusal> {
    let (name, label) = existing(region, moment, form)?;
    let application = region.applications.iter_mut().find(|one| one.name == name);
    if let Some(application) = application {
        let bundle = application.bundles.entry(label.to_owned()).or_default();
        bundle.description = form.text("Description").map(str::to_owned);
    }
    Ok(described(region, moment, name, label))
}

/// The answer has no result element (API reference). A version that an environment runs is not deleted.
pub(super) fn delete_application_version(
    region: &mut Region,
    moment: Moment<'_>,
    form: &Form,
) -> Result<Answer, Refusal> {
    let (name, label) = existing(region, moment, form)?;
    let view = View { region, now: moment.now };
    let runs = |it: &&crate::sim::region::Environment| {
        it.application == name && crate::sim::physics::operation::of(view, it).version() == label
    };
    if let Some(environment) = region.environments.iter().find(runs) {
        let message = format!(
            "Unable to delete application version {label} because it is being used by environment {}.",
            environment.name
        );
        return Err(Refusal::bad_request("SourceBundleDeletionException", message));
    }
    let source = region.application(name).and_then(|one| one.bundles.get(label)).and_then(|it| it.source.clone());
    if let Some((bucket, key)) = source.filter(|_| form.flag("DeleteSourceBundle")) {
        region.storage.delete(&bucket, &key);
    }
    let (name, label) = (name.to_owned(), label.to_owned());
    region.delete_version(&name, &label, moment.now);
    Ok(Answer::Nothing)
}

fn described(region: &Region, moment: Moment<'_>, name: &str, label: &str) -> Answer {
    let view = View { region, now: moment.now };
    let mut xml = Xml::default();
    let application = region.application(name);
    if let Some((application, (_, created))) =
        application.and_then(|one| Some((one, one.versions_at(view.time()).find(|(it, _)| it.label == label)?)))
    {
        xml.within("ApplicationVersion", |xml| describe_version(xml, view, application, label, *created));
    }
    Answer::Xml(xml)
}

fn existing<'a>(region: &Region, moment: Moment<'_>, form: &'a Form) -> Result<(&'a str, &'a str), Refusal> {
    let (name, label) = (form.required("ApplicationName")?, form.required("VersionLabel")?);
    let time = moment.now - region.epoch;
    let application = region.application(name);
    if application.is_some_and(|application| application.version_at(label, time).is_some()) {
        return Ok((name, label));
    }
    Err(Refusal::parameter(format!("No Application Version named '{label}' found.")))
}

fn short<'a>(form: &'a Form, name: &str) -> Result<&'a str, Refusal> {
    let value = form.required(name)?;
    if value.is_empty() || value.chars().count() > LONGEST || value.contains('/') {
        return Err(Refusal::parameter(format!("Value {value} at '{name}' failed to satisfy constraint.")));
    }
    Ok(value)
}
