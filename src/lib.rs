//! beanpole: a terminal dashboard for AWS Elastic Beanstalk environments behind Application Load Balancers.

pub mod aws;
pub mod model;
pub mod sim;
