//! Randomness without a generator: a hash of (seed, name, time) is all there ever is.
//!
//! So no value depends on how often, or in which order, anything was asked.

/// A hash of a name under a seed (FNV-1a, then mixed).
pub fn hash(seed: u64, name: &str) -> u64 {
    let mut state = 0xcbf2_9ce4_8422_2325_u64 ^ mix(seed);
    for byte in name.bytes() {
        state = (state ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    mix(state)
}

/// Spreads each bit of the input over the whole output (the finaliser of `SplitMix64`).
pub fn mix(value: u64) -> u64 {
    let mut mixed = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// A number in 0..1 for an entity at a step of time, in one of several independent streams.
pub fn unit(entity: u64, step: i64, stream: u64) -> f64 {
    let mixed = mix(entity ^ mix(step.cast_unsigned() ^ mix(stream)));
    // The upper 53 bits are what a float can hold.
    (mixed >> 11) as f64 / (1_u64 << 53) as f64
}

/// A number in 0..below.
pub fn below(seed: u64, name: &str, below: u64) -> u64 {
    hash(seed, name) % below.max(1)
}

/// Hexadecimal digits, as in resource ids.
pub fn hex(seed: u64, name: &str, digits: usize) -> String {
    symbols(seed, name, digits, b"0123456789abcdef")
}

/// Upper-case letters and digits, as in the names that `CloudFormation` makes.
pub fn letters(seed: u64, name: &str, count: usize) -> String {
    symbols(seed, name, count, b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
}

/// Lower-case letters and digits, as in environment ids.
pub fn symbols(seed: u64, name: &str, count: usize, alphabet: &[u8]) -> String {
    let start = hash(seed, name);
    (0..count as u64)
        .map(|index| {
            let pick = mix(start ^ mix(index)) % alphabet.len() as u64;
            char::from(alphabet[pick as usize])
        })
        .collect()
}

/// A UUID, as in request ids and certificate ARNs.
pub fn uuid(seed: u64, name: &str) -> String {
    let digits = hex(seed, name, 32);
    [&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]].join("-")
}

#[cfg(test)]
mod tests {
    use super::{hash, hex, unit, uuid};

    #[test]
    fn names_and_seeds_tell_values_apart() {
        assert_eq!(hash(1, "a"), hash(1, "a"));
        assert_ne!(hash(1, "a"), hash(2, "a"));
        assert_ne!(hex(1, "a", 16), hex(1, "b", 16));
        assert_eq!(uuid(1, "a").len(), 36);
    }

    #[test]
    fn units_fill_their_range_evenly() {
        let mean = (0..10_000).map(|step| unit(7, step, 1)).sum::<f64>() / 10_000.0;
        assert!((mean - 0.5).abs() < 0.02, "{mean}");
    }
}
