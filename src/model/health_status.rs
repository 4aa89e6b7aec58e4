//! AWS's words for the health of an environment or an instance: the colour of basic health, the status of enhanced health.

use super::wire_enum::wire_enum;

wire_enum! {
    /// The colour, which is all that basic health has.
    HealthColour {
        /// Passed its most recent check.
        Green = "Green",
        /// One or more checks failed.
        Yellow = "Yellow",
        /// Three or more checks failed.
        Red = "Red",
        /// Being updated, or nothing is known.
        Grey = "Grey",
    }
}

wire_enum! {
    /// The word of enhanced health.
    HealthStatus {
        /// Passing, no problems.
        Ok = "Ok",
        /// An operation is in progress on some instances.
        Info = "Info",
        /// Moderate failures, or an operation that takes very long.
        Warning = "Warning",
        /// A high number of failures.
        Degraded = "Degraded",
        /// A very high number of failures.
        Severe = "Severe",
        /// An operation is in progress within the command timeout.
        Pending = "Pending",
        /// No data from the agent; also what basic health sends.
        NoData = "NoData",
        /// Too little data.
        Unknown = "Unknown",
        /// Beanstalk has stopped watching.
        Suspended = "Suspended",
    }
}
