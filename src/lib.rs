//! beanpole: a terminal dashboard for AWS Elastic Beanstalk environments behind Application Load Balancers.

pub mod app;
pub mod aws;
pub mod change;
pub mod cli;
pub mod config;
pub mod model;
pub mod runtime;
pub mod sim;
pub mod ui;
