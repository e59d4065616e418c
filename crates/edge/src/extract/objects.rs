//! Reads a struct from an object only.
//!
//! serde's derived structs also take an array, field after field in the order of their declaration; the API's
//! description says object. [`Objects`] wraps a reader and everything that is read through it, so that this applies at
//! every depth. Lists and tuples are read as usual.
//!
//! serde reads an enum with a tag into a buffer first, without asking for an object, and reads the buffer with a
//! reader of its own. A field that holds such an enum is marked with [`tagged`], and a field of one of its variants
//! in which there are structs with [`within`].

use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error, MapAccess, SeqAccess, VariantAccess, Visitor,
};

/// For `deserialize_with` on a field whose type is an enum with a tag (`#[serde(tag = "…")]`).
///
/// # Errors
///
/// When the value is no object, or not one of this type.
pub fn tagged<'de, D: Deserializer<'de>, T: Deserialize<'de>>(reader: D) -> Result<T, D::Error> {
    reader.deserialize_map(Tagged(PhantomData))
}

/// For `deserialize_with` on a field of a variant of such an enum.
///
/// # Errors
///
/// When the value isn't one of this type, or an array stands for an object anywhere in it.
pub fn within<'de, D: Deserializer<'de>, T: Deserialize<'de>>(reader: D) -> Result<T, D::Error> {
    T::deserialize(Objects(reader))
}

struct Tagged<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Tagged<T> {
    type Value = T;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, entries: A) -> Result<T, A::Error> {
        T::deserialize(MapAccessDeserializer::new(entries))
    }
}

/// A reader, or a part of one, through which structs are read from objects only.
pub(super) struct Objects<R>(pub(super) R);

macro_rules! readers {
    ($($method:ident($($argument:ident: $kind:ty),*);)+) => {
        $(fn $method<V: Visitor<'de>>(self, $($argument: $kind,)* visitor: V) -> Result<V::Value, D::Error> {
            self.0.$method($($argument,)* Objects(visitor))
        })+
    };
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Objects<D> {
    type Error = D::Error;

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.0.deserialize_map(Objects(visitor))
    }

    readers! {
        deserialize_any();
        deserialize_bool();
        deserialize_i8();
        deserialize_i16();
        deserialize_i32();
        deserialize_i64();
        deserialize_i128();
        deserialize_u8();
        deserialize_u16();
        deserialize_u32();
        deserialize_u64();
        deserialize_u128();
        deserialize_f32();
        deserialize_f64();
        deserialize_char();
        deserialize_str();
        deserialize_string();
        deserialize_bytes();
        deserialize_byte_buf();
        deserialize_option();
        deserialize_unit();
        deserialize_unit_struct(name: &'static str);
        deserialize_newtype_struct(name: &'static str);
        deserialize_seq();
        deserialize_tuple(length: usize);
        deserialize_tuple_struct(name: &'static str, length: usize);
        deserialize_map();
        deserialize_enum(name: &'static str, variants: &'static [&'static str]);
        deserialize_identifier();
        deserialize_ignored_any();
    }

    fn is_human_readable(&self) -> bool {
        self.0.is_human_readable()
    }
}

macro_rules! values {
    ($($method:ident($kind:ty);)+) => {
        $(fn $method<E: Error>(self, value: $kind) -> Result<V::Value, E> {
            self.0.$method(value)
        })+
    };
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Objects<V> {
    type Value = V::Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.expecting(formatter)
    }

    // Narrower numbers come to these by themselves.
    values! {
        visit_bool(bool);
        visit_i64(i64);
        visit_i128(i128);
        visit_u64(u64);
        visit_u128(u128);
        visit_f64(f64);
        visit_char(char);
        visit_str(&str);
        visit_borrowed_str(&'de str);
        visit_string(String);
        visit_bytes(&[u8]);
        visit_borrowed_bytes(&'de [u8]);
        visit_byte_buf(Vec<u8>);
    }

    fn visit_unit<E: Error>(self) -> Result<V::Value, E> {
        self.0.visit_unit()
    }

    fn visit_none<E: Error>(self) -> Result<V::Value, E> {
        self.0.visit_none()
    }

    fn visit_some<D: Deserializer<'de>>(self, reader: D) -> Result<V::Value, D::Error> {
        self.0.visit_some(Objects(reader))
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, reader: D) -> Result<V::Value, D::Error> {
        self.0.visit_newtype_struct(Objects(reader))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<V::Value, A::Error> {
        self.0.visit_seq(Objects(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, entries: A) -> Result<V::Value, A::Error> {
        self.0.visit_map(Objects(entries))
    }

    fn visit_enum<A: EnumAccess<'de>>(self, choice: A) -> Result<V::Value, A::Error> {
        self.0.visit_enum(Objects(choice))
    }
}

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for Objects<S> {
    type Value = S::Value;

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<S::Value, D::Error> {
        self.0.deserialize(Objects(reader))
    }
}

impl<'de, A: SeqAccess<'de>> SeqAccess<'de> for Objects<A> {
    type Error = A::Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, A::Error> {
        self.0.next_element_seed(Objects(seed))
    }

    fn size_hint(&self) -> Option<usize> {
        self.0.size_hint()
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Objects<A> {
    type Error = A::Error;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, A::Error> {
        self.0.next_key_seed(Objects(seed))
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        self.0.next_value_seed(Objects(seed))
    }

    fn size_hint(&self) -> Option<usize> {
        self.0.size_hint()
    }
}

impl<'de, A: EnumAccess<'de>> EnumAccess<'de> for Objects<A> {
    type Error = A::Error;
    type Variant = Objects<A::Variant>;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Self::Variant), A::Error> {
        let (value, variant) = self.0.variant_seed(Objects(seed))?;
        Ok((value, Objects(variant)))
    }
}

impl<'de, A: VariantAccess<'de>> VariantAccess<'de> for Objects<A> {
    type Error = A::Error;

    fn unit_variant(self) -> Result<(), A::Error> {
        self.0.unit_variant()
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, A::Error> {
        self.0.newtype_variant_seed(Objects(seed))
    }

    fn tuple_variant<V: Visitor<'de>>(self, length: usize, visitor: V) -> Result<V::Value, A::Error> {
        self.0.tuple_variant(length, Objects(visitor))
    }

    // A variant has no way to ask for an object only; the one value of a variant has.
    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, A::Error> {
        self.0.newtype_variant_seed(Members(visitor))
    }
}

/// The members of a variant.
struct Members<V>(V);

impl<'de, V: Visitor<'de>> DeserializeSeed<'de> for Members<V> {
    type Value = V::Value;

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<V::Value, D::Error> {
        reader.deserialize_map(Objects(self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[derive(Debug, PartialEq, Deserialize)]
    struct Point {
        x: u8,
        #[serde(default)]
        y: Option<u8>,
    }

    #[derive(Debug, PartialEq, Deserialize)]
    struct Wrapped(Point);

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum Choice {
        Unit,
        One(Point),
        Two(u8, Point),
        Named { x: u8 },
    }

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(tag = "kind", rename_all = "lowercase")]
    enum Method {
        Drawn {
            #[serde(deserialize_with = "within")]
            lines: Vec<Vec<Point>>,
        },
    }

    #[derive(Debug, PartialEq, Deserialize)]
    struct Holder {
        #[serde(deserialize_with = "tagged")]
        method: Method,
    }

    const fn point(x: u8, y: u8) -> Point {
        Point { x, y: Some(y) }
    }

    fn read<'de, T: Deserialize<'de>>(text: &'de str) -> Result<T, String> {
        let mut reader = serde_json::Deserializer::from_str(text);
        T::deserialize(Objects(&mut reader)).map_err(|error| error.to_string())
    }

    /// That this text is a `T` to serde alone, and is refused here for being an array.
    #[track_caller]
    fn refused<'de, T: Deserialize<'de> + fmt::Debug>(text: &'de str) {
        assert!(serde_json::from_str::<T>(text).is_ok(), "serde takes {text}");
        let said = read::<T>(text).unwrap_err();
        assert!(said.starts_with("invalid type: sequence"), "{text}: {said}");
    }

    /// Issue 7: what the description says is an object is read from an object, wherever it is.
    #[test]
    fn an_array_stands_for_no_object() {
        refused::<Point>("[1]");
        refused::<Point>("[1,2]");
        refused::<Wrapped>("[1,2]");
        refused::<Option<Point>>("[1,2]");
        refused::<Vec<Point>>(r#"[{"x":1},[1,2]]"#);
        refused::<(u8, Point)>("[1,[1,2]]");
        refused::<BTreeMap<String, Option<Vec<Point>>>>(r#"{"a":null,"b":[[1,2]]}"#);
        refused::<Choice>(r#"{"one":[1,2]}"#);
        refused::<Choice>(r#"{"two":[1,[1,2]]}"#);
        refused::<Choice>(r#"{"named":[1]}"#);
        refused::<Vec<Choice>>(r#"["unit",{"named":[1]}]"#);
    }

    #[test]
    fn an_enum_with_a_tag_is_read_from_an_object_too() {
        let whole = r#"{"method":{"lines":[[{"x":1,"y":2}]],"kind":"drawn"}}"#;
        let lines = vec![vec![point(1, 2)]];
        assert_eq!(
            read(whole),
            Ok(Holder {
                method: Method::Drawn { lines }
            })
        );
        for array in [
            r#"{"method":["drawn",[]]}"#,
            r#"{"method":["drawn",[[{"x":1}]]]}"#,
            r#"{"method":{"kind":"drawn","lines":[[{"x":1},[1,2]]]}}"#,
            r#"[{"kind":"drawn","lines":[]}]"#,
        ] {
            let said = read::<Holder>(array).unwrap_err();
            assert!(said.starts_with("invalid type: sequence"), "{array}: {said}");
        }
    }

    #[test]
    fn everything_else_is_read_as_ever() {
        assert_eq!(read(r#"{"x":1,"y":2}"#), Ok(point(1, 2)));
        assert_eq!(read(r#"{"x":1,"y":2}"#), Ok(Wrapped(point(1, 2))));
        assert_eq!(read("null"), Ok(None::<Point>));
        assert_eq!(read(r"[[1,2],[3,4]]"), Ok(vec![(1_u8, 2_u8), (3, 4)]));
        assert_eq!(read(r#"[7,{"x":1,"y":2}]"#), Ok((7_u8, point(1, 2))));
        let map: BTreeMap<String, Vec<f64>> = [("a".to_owned(), vec![1.5, -2.0])].into();
        assert_eq!(read(r#"{"a":[1.5,-2]}"#), Ok(map));
        assert_eq!(read("\"unit\""), Ok(Choice::Unit));
        assert_eq!(read(r#"{"one":{"x":1,"y":2}}"#), Ok(Choice::One(point(1, 2))));
        assert_eq!(
            read(r#"{"two":[5,{"x":1,"y":2}]}"#),
            Ok(Choice::Two(5, point(1, 2)))
        );
        assert_eq!(read(r#"{"named":{"x":3}}"#), Ok(Choice::Named { x: 3 }));
        let any = r#"{"a":[{"b":[1,null,true,"x\n"]}]}"#;
        assert_eq!(
            read(any),
            Ok(serde_json::json!({ "a": [{ "b": [1, null, true, "x\n"] }] }))
        );
        assert_eq!(read::<&str>("\"lent\""), Ok("lent"));
        assert_eq!(read("\"c\""), Ok('c'));
    }
}
