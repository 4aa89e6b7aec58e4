//! What a target answers to its health check, and what that usually means.

/// Returns the usual meaning of a status that fails a health check; empty if unknown. A guess is worded as a guess.
#[must_use]
pub fn status_advice(codes: &str) -> &'static str {
    match codes {
        "301" | "302" | "303" | "307" | "308" => {
            "It redirects, often to https or to a login: let ELB-HealthChecker through, or add the code to the matcher."
        }
        "400" => "A guess: the application refuses the Host header, which is the target's address and port.",
        "401" => "The path asks for a login.",
        "403" => "A guess: the path asks for a login, or a filter keeps ELB-HealthChecker out.",
        "404" => "There is nothing at this path.",
        "502" | "504" => "Usually the proxy on the instance is up and the application behind it does not answer.",
        "503" => "Usually the application says that it is not ready.",
        codes if codes.starts_with('5') => "The application fails on this path.",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::status_advice;

    #[test]
    fn what_a_status_does_not_prove_is_called_a_guess() {
        for (codes, start) in [("400", "A guess: "), ("403", "A guess: "), ("502", "Usually "), ("503", "Usually ")] {
            assert!(status_advice(codes).starts_with(start), "{codes}: {}", status_advice(codes));
        }
        assert!(status_advice("302").contains("often"));
        assert_eq!(status_advice("418"), "");
    }
}
