//! Rows of several ids by one statement: each statement costs the way to the server and back.

/// A statement that takes several ids as its first parameter ([`vault::ids`]): name, what is selected, the column of ids, and what follows
/// behind ` AND …` or ` ORDER BY …`.
#[macro_export]
macro_rules! among {
    ($name:expr, $select:expr, $column:literal, $rest:literal) => {
        db::Stmt::split(
            $name,
            concat!($select, $column, " IN (SELECT unhex(value) FROM json_each(?1))", $rest),
            concat!(
                $select,
                $column,
                " = ANY (ARRAY(SELECT value::uuid FROM json_array_elements_text(CAST(?1 AS text)::json)))",
                $rest
            ),
        )
    };
}
