//! Words by which rows are found: of each the numbers of rows, four bytes each, in parts.

use std::collections::BTreeMap;

use db::{DbError, Stmt, Tx, Value, params};

use super::Line;
use crate::model::ImportId;

pub(super) const INSERT: Stmt = Stmt::both(
    "import_word.insert",
    "INSERT INTO import_word (import_id, word, part, last_no, row_nos) VALUES (?1, ?2, ?3, ?4, ?5)",
);
/// As many words as [`TOGETHER`] at once.
pub(super) const INSERT_MANY: Stmt = Stmt::both(
    "import_word.insert_many",
    "INSERT INTO import_word (import_id, word, part, last_no, row_nos) VALUES \
     (?1, ?4, ?2, ?3, ?5), \
     (?1, ?6, ?2, ?3, ?7), \
     (?1, ?8, ?2, ?3, ?9), \
     (?1, ?10, ?2, ?3, ?11), \
     (?1, ?12, ?2, ?3, ?13), \
     (?1, ?14, ?2, ?3, ?15), \
     (?1, ?16, ?2, ?3, ?17), \
     (?1, ?18, ?2, ?3, ?19), \
     (?1, ?20, ?2, ?3, ?21), \
     (?1, ?22, ?2, ?3, ?23), \
     (?1, ?24, ?2, ?3, ?25), \
     (?1, ?26, ?2, ?3, ?27), \
     (?1, ?28, ?2, ?3, ?29), \
     (?1, ?30, ?2, ?3, ?31), \
     (?1, ?32, ?2, ?3, ?33), \
     (?1, ?34, ?2, ?3, ?35)",
);
pub(super) const PARTS: Stmt = Stmt::both(
    "import_word.parts",
    "SELECT part, row_nos FROM import_word WHERE import_id = ?1 AND word = ?2 AND part > ?3 AND last_no > ?4 ORDER BY part LIMIT ?5",
);
pub(super) const OF_PART: Stmt = Stmt::both(
    "import_word.of_part",
    "SELECT row_nos FROM import_word WHERE import_id = ?1 AND word = ?2 AND part = ?3",
);
pub(super) const DROP: Stmt = Stmt::both("import_word.drop", "DELETE FROM import_word WHERE import_id = ?1");

/// Words that one statement writes.
const TOGETHER: usize = 16;

/// Numbers of rows as they are kept.
fn packed(numbers: &[i64]) -> Vec<u8> {
    let number = |n: &i64| u32::try_from(*n).unwrap_or(u32::MAX).to_be_bytes();
    numbers.iter().flat_map(number).collect()
}

fn unpacked(bytes: &[u8]) -> Vec<i64> {
    let number = |four: &[u8]| <[u8; 4]>::try_from(four).ok().map(|four| i64::from(u32::from_be_bytes(four)));
    bytes.chunks_exact(4).filter_map(number).collect()
}

/// Keeps the words of rows that are written together: they are one part, named by the first of them.
///
/// # Errors
/// The database's.
pub fn insert(tx: &mut Tx<'_>, id: ImportId, rows: &[Line]) -> Result<(), DbError> {
    let (Some(part), Some(last)) = (rows.iter().map(|r| r.no).min(), rows.iter().map(|r| r.no).max()) else {
        return Ok(());
    };
    let mut words: BTreeMap<&[u8], Vec<i64>> = BTreeMap::new();
    for row in rows {
        for word in &row.words {
            words.entry(word).or_default().push(row.no);
        }
    }
    let all: Vec<(&[u8], Vec<u8>)> = words.into_iter().map(|(w, numbers)| (w, packed(&numbers))).collect();
    for some in all.chunks(TOGETHER) {
        if some.len() == TOGETHER {
            let each =
                some.iter().flat_map(|(word, numbers)| [Value::from(*word), Value::from(numbers.as_slice())]);
            let head = [Value::from(id), Value::from(part), Value::from(last)];
            let all: Vec<Value> = head.into_iter().chain(each).collect();
            tx.execute(&INSERT_MANY, &all)?;
            continue;
        }
        for (word, numbers) in some {
            tx.execute(&INSERT, params![id, *word, part, last, numbers.as_slice()])?;
        }
    }
    Ok(())
}

/// Parts with rows that have a word, behind a part and with numbers above another: part and numbers.
///
/// # Errors
/// The database's.
pub fn parts(
    tx: &mut Tx<'_>,
    id: ImportId,
    word: &[u8],
    (behind, above, most): (i64, i64, i64),
) -> Result<Vec<(i64, Vec<i64>)>, DbError> {
    tx.query(&PARTS, params![id, word, behind, above, most], |r| {
        Ok((r.get(0)?, unpacked(&r.get::<Vec<u8>>(1)?)))
    })
}

/// Rows of one part that have a word.
///
/// # Errors
/// The database's.
pub fn of_part(tx: &mut Tx<'_>, id: ImportId, (word, part): (&[u8], i64)) -> Result<Vec<i64>, DbError> {
    let found = tx.query_opt(&OF_PART, params![id, word, part], |r| r.get::<Vec<u8>>(0))?;
    Ok(found.map(|bytes| unpacked(&bytes)).unwrap_or_default())
}

/// No word of an import is kept.
///
/// # Errors
/// The database's.
pub fn drop(tx: &mut Tx<'_>, id: ImportId) -> Result<(), DbError> {
    tx.execute(&DROP, params![id]).map(std::mem::drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_kept_as_they_are() {
        let all = [1, 2, 255, 256, 5_000_000];
        assert_eq!(unpacked(&packed(&all)), all);
        assert_eq!(unpacked(&[]), Vec::<i64>::new());
    }
}
