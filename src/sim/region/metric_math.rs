//! Metric math of alarms: arithmetic, comparisons, `IF` and `FILL`, datapoint by datapoint.
//!
//! What `CloudWatch` knows beyond that (series functions, `METRICS()`, anomaly bands) is refused. Arithmetic with a missing
//! datapoint has none, and neither has a division by zero (user guide, Use metric math).

/// An expression, parsed.
#[derive(Clone, Debug, PartialEq)]
pub enum Expression {
    Number(f64),
    /// Another query, by its id.
    Query(String),
    Negative(Box<Expression>),
    Binary(&'static str, Box<Expression>, Box<Expression>),
    If(Box<[Expression; 3]>),
    Fill(Box<[Expression; 2]>),
}

/// The operators, from those that bind least to those that bind most.
const LEVELS: [&[&str]; 5] =
    [&["||", "OR"], &["&&", "AND"], &["==", "!=", "<=", ">=", "<", ">"], &["+", "-"], &["*", "/"]];

impl Expression {
    /// None: it is not an expression, or one that is not simulated.
    pub fn parse(text: &str) -> Option<Self> {
        let mut rest = text;
        let expression = binary(&mut rest, 0)?;
        rest.trim().is_empty().then_some(expression)
    }

    /// The ids of the queries that it uses.
    pub fn ids(&self) -> Vec<&str> {
        match self {
            Self::Number(_) => Vec::new(),
            Self::Query(id) => vec![id],
            Self::Negative(inside) => inside.ids(),
            Self::Binary(_, left, right) => [left.ids(), right.ids()].concat(),
            Self::If(parts) => parts.iter().flat_map(Self::ids).collect(),
            Self::Fill(parts) => parts.iter().flat_map(Self::ids).collect(),
        }
    }

    /// Its value with these values of the queries; none: the datapoint is missing.
    pub fn value(&self, of: &dyn Fn(&str) -> Option<f64>) -> Option<f64> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Query(id) => of(id),
            Self::Negative(inside) => inside.value(of).map(|value| -value),
            Self::Binary(operator, left, right) => operate(operator, left.value(of)?, right.value(of)?),
            Self::If(parts) => {
                let [condition, then, otherwise] = &**parts;
                if condition.value(of)? == 0.0 { otherwise.value(of) } else { then.value(of) }
            }
            Self::Fill(parts) => parts[0].value(of).or_else(|| parts[1].value(of)),
        }
    }
}

fn operate(operator: &str, left: f64, right: f64) -> Option<f64> {
    let truth = |holds: bool| Some(if holds { 1.0 } else { 0.0 });
    match operator {
        "+" => Some(left + right),
        "-" => Some(left - right),
        "*" => Some(left * right),
        "/" => (right != 0.0).then(|| left / right),
        "<" => truth(left < right),
        "<=" => truth(left <= right),
        ">" => truth(left > right),
        ">=" => truth(left >= right),
        "==" => truth((left - right).abs() < f64::EPSILON),
        "!=" => truth((left - right).abs() >= f64::EPSILON),
        "&&" | "AND" => truth(left != 0.0 && right != 0.0),
        _ => truth(left != 0.0 || right != 0.0),
    }
}

fn binary(rest: &mut &str, level: usize) -> Option<Expression> {
    let Some(operators) = LEVELS.get(level) else { return unary(rest) };
    let mut left = binary(rest, level + 1)?;
    while let Some(operator) = operators.iter().find(|operator| rest.trim_start().starts_with(**operator)) {
        *rest = &rest.trim_start()[operator.len()..];
        left = Expression::Binary(operator, Box::new(left), Box::new(binary(rest, level + 1)?));
    }
    Some(left)
}

fn unary(rest: &mut &str) -> Option<Expression> {
    *rest = rest.trim_start();
    if eat(rest, "-") {
        return unary(rest).map(|inside| Expression::Negative(Box::new(inside)));
    }
    if eat(rest, "(") {
        let inside = binary(rest, 0)?;
        return eat(rest, ")").then_some(inside);
    }
    let length = rest.find(|it: char| !it.is_ascii_alphanumeric() && !matches!(it, '_' | '.')).unwrap_or(rest.len());
    let (word, after) = rest.split_at(length);
    *rest = after;
    match word {
        "IF" => arguments::<3>(rest).map(|parts| Expression::If(Box::new(parts))),
        "FILL" => arguments::<2>(rest).map(|parts| Expression::Fill(Box::new(parts))),
        _ if word.starts_with(|it: char| it.is_ascii_lowercase()) => Some(Expression::Query(word.to_owned())),
        _ => word.parse().ok().map(Expression::Number),
    }
}

fn arguments<const N: usize>(rest: &mut &str) -> Option<[Expression; N]> {
    eat(rest, "(").then_some(())?;
    let mut all = vec![binary(rest, 0)?];
    while eat(rest, ",") {
        all.push(binary(rest, 0)?);
    }
    eat(rest, ")").then_some(())?;
    all.try_into().ok()
}

fn eat(rest: &mut &str, what: &str) -> bool {
    match rest.trim_start().strip_prefix(what) {
        Some(after) => {
            *rest = after;
            true
        }
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::Expression;

    #[test]
    fn expressions_have_the_values_that_arithmetic_gives() {
        let of = |id: &str| match id {
            "errors" => Some(5.0),
            "requests" => Some(200.0),
            "zero" => Some(0.0),
            _ => None,
        };
        for (text, value) in [
            ("100 * errors / requests", Some(2.5)),
            ("1 + 2 * 3 - 4", Some(3.0)),
            ("-(1 - 3)", Some(2.0)),
            ("IF(requests >= 100, 100 * errors / requests, 0)", Some(2.5)),
            ("IF(FILL(m1, 0) > 100, 1, 7)", Some(7.0)),
            ("errors > 1 AND requests < 100", Some(0.0)),
            ("errors > 1 OR requests < 100", Some(1.0)),
            ("errors / zero", None),
            ("errors + m1", None),
        ] {
            assert_eq!(Expression::parse(text).unwrap().value(&of), value, "{text}");
        }
        assert_eq!(Expression::parse("IF(a > 1, b, FILL(a, 0))").unwrap().ids(), ["a", "b", "a"]);
    }

    #[test]
    fn what_is_no_expression_is_refused() {
        for text in ["", "1 +", "(1", "SUM(METRICS())", "IF(1, 2)", "FILL(m1)", "1 2", "ANOMALY_DETECTION_BAND(m1)"] {
            assert_eq!(Expression::parse(text), None, "{text}");
        }
    }
}
