//! Values on PostgreSQL's wire, by the types that the statement itself asks for.

use std::error::Error;

use postgres::types::private::BytesMut;
use postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};
use uuid::Uuid;

use crate::{DbError, Row, Value};

type Wire<T> = Result<T, Box<dyn Error + Sync + Send>>;

impl ToSql for Value {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Wire<IsNull> {
        match (self, ty) {
            (Self::Null, _) => Ok(IsNull::Yes),
            (Self::Int(n), &Type::INT8) => n.to_sql(ty, out),
            (Self::Int(n), &Type::INT4) => i32::try_from(*n)?.to_sql(ty, out),
            (Self::Int(n), &Type::INT2) => i16::try_from(*n)?.to_sql(ty, out),
            (Self::Bool(b), &Type::BOOL) => b.to_sql(ty, out),
            (Self::Text(t), _) if <&str as ToSql>::accepts(ty) => t.as_str().to_sql(ty, out),
            (Self::Bytes(b), &Type::BYTEA) => b.as_slice().to_sql(ty, out),
            (Self::Uuid(u), &Type::UUID) => u.to_sql(ty, out),
            (Self::Uuid(u), &Type::BYTEA) => u.as_bytes().as_slice().to_sql(ty, out),
            _ => Err(format!("a value of kind `{}` where the statement takes `{ty}`", self.kind()).into()),
        }
    }
    fn accepts(_: &Type) -> bool {
        true
    }
    to_sql_checked!();
}

impl<'a> FromSql<'a> for Value {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Wire<Self> {
        Ok(match *ty {
            Type::INT8 => Self::Int(i64::from_sql(ty, raw)?),
            Type::INT4 => Self::Int(i64::from(i32::from_sql(ty, raw)?)),
            Type::INT2 => Self::Int(i64::from(i16::from_sql(ty, raw)?)),
            Type::OID => Self::Int(i64::from(u32::from_sql(ty, raw)?)),
            Type::BOOL => Self::Bool(bool::from_sql(ty, raw)?),
            Type::BYTEA => Self::Bytes(raw.to_vec()),
            Type::UUID => Self::Uuid(Uuid::from_sql(ty, raw)?),
            Type::NUMERIC => {
                Self::Int(whole_numeric(raw).ok_or("a numeric that is no whole number of 64 bits")?)
            }
            _ if <&str as FromSql<'_>>::accepts(ty) => Self::Text(<&str>::from_sql(ty, raw)?.to_owned()),
            _ => return Err(format!("a column of type `{ty}`").into()),
        })
    }
    fn from_sql_null(_: &Type) -> Wire<Self> {
        Ok(Self::Null)
    }
    fn accepts(_: &Type) -> bool {
        true
    }
}

pub(crate) fn read_row(name: &str, row: &postgres::Row) -> Result<Row, DbError> {
    (0..row.len())
        .map(|at| {
            row.try_get::<_, Value>(at).map_err(|e| {
                let why = e.source().map(ToString::to_string).unwrap_or_default();
                DbError::Bug(format!("column {at} of `{name}`: {why}"))
            })
        })
        .collect::<Result<Vec<_>, _>>()
        .map(Row)
}

/// A whole number from the wire form of NUMERIC (digits of base 10,000), because `SUM` over BIGINT is
/// NUMERIC on PostgreSQL. `None` for fractions, NaN, infinities and what does not fit.
fn whole_numeric(raw: &[u8]) -> Option<i64> {
    let mut words = raw.chunks_exact(2).filter_map(|pair| <[u8; 2]>::try_from(pair).ok());
    let count = u16::from_be_bytes(words.next()?);
    let weight = i16::from_be_bytes(words.next()?);
    let negative = match u16::from_be_bytes(words.next()?) {
        0x0000 => false,
        0x4000 => true,
        _ => return None,
    };
    let _display_scale = words.next()?;
    let mut sum = 0_i128;
    for place in 0..i32::from(count) {
        let digit = i128::from(u16::from_be_bytes(words.next()?));
        let power = i32::from(weight).checked_sub(place)?;
        if power < 0 {
            if digit != 0 {
                return None;
            }
            continue;
        }
        let unit = 10_000_i128.checked_pow(u32::try_from(power).ok()?)?;
        sum = sum.checked_add(digit.checked_mul(unit)?)?;
    }
    i64::try_from(if negative { sum.checked_neg()? } else { sum }).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wire(weight: i16, sign: u16, digits: &[u16]) -> Vec<u8> {
        let mut out = u16::try_from(digits.len()).unwrap().to_be_bytes().to_vec();
        out.extend(weight.to_be_bytes());
        out.extend(sign.to_be_bytes());
        out.extend(0_u16.to_be_bytes());
        digits.iter().for_each(|d| out.extend(d.to_be_bytes()));
        out
    }

    #[test]
    fn numerics() {
        assert_eq!(whole_numeric(&wire(0, 0, &[])), Some(0));
        assert_eq!(whole_numeric(&wire(1, 0, &[12, 345])), Some(120_345));
        assert_eq!(whole_numeric(&wire(1, 0x4000, &[12])), Some(-120_000));
        assert_eq!(whole_numeric(&wire(4, 0, &[922, 3372, 368, 5477, 5807])), Some(i64::MAX));
        assert_eq!(whole_numeric(&wire(4, 0, &[922, 3372, 368, 5477, 5808])), None);
        assert_eq!(whole_numeric(&wire(0, 0, &[1, 5000])), None, "a fraction");
        assert_eq!(whole_numeric(&wire(0, 0xC000, &[])), None, "not a number");
        assert_eq!(whole_numeric(&[0, 1]), None, "cut short");
    }
}
