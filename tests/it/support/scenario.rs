//! Scenarios of tests, put together of parts: each test writes only what is special about its region.
//!
//! The parts are macros, so that a scenario is a constant text.

/// `scenario!("description", part, ...)`: the text of a scenario. What belongs to the whole (`"seed = 3\n"`) comes first.
macro_rules! scenario {
    ($description:literal, $($part:tt)*) => {
        concat!("description = \"", $description, "\"\n", $($part)*)
    };
}

/// `application!("shop", "v1", "v2")`: an application and its versions.
macro_rules! application {
    ($name:literal $(, $version:literal)* $(,)?) => {
        concat!("[[application]]\nname = \"", $name, "\"\nversions = [", $("\"", $version, "\", ",)* "]\n")
    };
}

/// `environment!("web", "instances = 3", ...)`: an environment of the application `shop`.
macro_rules! environment {
    ($name:literal $(, $line:literal)* $(,)?) => {
        concat!("[[environment]]\nname = \"", $name, "\"\napplication = \"shop\"\n" $(, $line, "\n")*)
    };
}

/// `certificate!("cert", "*.shop.example")`: a certificate, by its key.
macro_rules! certificate {
    ($key:literal, $domain:literal) => {
        concat!("[[certificate]]\nkey = \"", $key, "\"\ndomain = \"", $domain, "\"\n")
    };
}

/// `table!("deploy", "environment = 'web'", ...)`: one more of these.
macro_rules! table {
    ($kind:literal $(, $line:literal)* $(,)?) => {
        concat!("[[", $kind, "]]\n" $(, $line, "\n")*)
    };
}

/// `section!("faults", "deny = ['ec2:*']", ...)`: a table of which there is one.
macro_rules! section {
    ($kind:literal $(, $line:literal)* $(,)?) => {
        concat!("[", $kind, "]\n" $(, $line, "\n")*)
    };
}

pub(crate) use {application, certificate, environment, scenario, section, table};
