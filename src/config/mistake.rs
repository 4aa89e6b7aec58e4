//! Why a source of settings cannot be used: all its mistakes, one a line and in the order of the source.

use crate::mistakes::Mistake;

/// All the mistakes of one source. It prints one a line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", lines(.mistakes))]
pub struct ConfigError {
    /// The mistakes, in the order of the source; at least one.
    pub mistakes: Vec<Mistake>,
}

impl ConfigError {
    /// An error, if there are mistakes.
    pub(super) fn unless_empty(mistakes: Vec<Mistake>) -> Result<(), Self> {
        if mistakes.is_empty() { Ok(()) } else { Err(Self { mistakes }) }
    }
}

fn lines(mistakes: &[Mistake]) -> String {
    mistakes.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mistakes::Position;

    #[test]
    fn prints_one_mistake_a_line() {
        let position = Some(Position { line: 12, column: 3 });
        let mistakes = vec![
            Mistake { origin: "config.toml".to_owned(), position, what: "unknown key `x`".to_owned() },
            Mistake { origin: "BEANPOLE_UTC".to_owned(), position: None, what: "is odd".to_owned() },
        ];
        let error = ConfigError { mistakes };
        assert_eq!(error.to_string(), "config.toml:12:3: unknown key `x`\nBEANPOLE_UTC: is odd");
    }
}
