//! Deploys as they are seen from outside: through the SDK, and instant by instant.
