//! Patterns of host names, in rules and certificates.

/// DNS has no longer names.
const LONGEST_HOST: usize = 253;
/// ELB takes no more wildcards in a rule.
const MOST_WILDCARDS: usize = 5;

/// Returns whether a pattern of a rule or of a certificate matches a host name: `*` is any characters, `?` is one.
pub fn matches_pattern(pattern: &str, host: &str) -> bool {
    fn rest(pattern: &[u8], host: &[u8]) -> bool {
        match (pattern.split_first(), host.split_first()) {
            (None, None) => true,
            (Some((b'*', after)), _) => (0..=host.len()).any(|skipped| rest(after, &host[skipped..])),
            (Some((b'?', pattern)), Some((_, host))) => rest(pattern, host),
            (Some((one, pattern)), Some((other, host))) => one.eq_ignore_ascii_case(other) && rest(pattern, host),
            _ => false,
        }
    }
    let is_short = pattern.len() <= LONGEST_HOST && host.len() <= LONGEST_HOST;
    let stars = pattern.bytes().filter(|byte| *byte == b'*').count();
    is_short && stars <= MOST_WILDCARDS && rest(pattern.as_bytes(), host.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::matches_pattern;

    #[test]
    fn wildcards_match_as_they_do_in_a_rule() {
        let table = [
            ("*.shop.example", "chat.shop.example", true),
            ("*.shop.example", "a.b.shop.example", true),
            ("*.shop.example", "shop.example", false),
            ("chat-?.shop.example", "chat-1.SHOP.example", true),
            ("chat-?.shop.example", "chat-.shop.example", false),
            ("*", "anything.example", true),
            ("chat.*.example", "chat.shop.example", true),
            ("chat.shop.example", "chat.shop.example.org", false),
        ];
        for (pattern, host, expected) in table {
            assert_eq!(matches_pattern(pattern, host), expected, "{pattern} {host}");
        }
    }
}
