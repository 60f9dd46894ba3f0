//! Values of any type that serde can read, made up from a seed: each field something that could stand there.
//!
//! No promise that a value makes sense: whoever asks looks, and asks again. Every variant of every enum comes up in time.

use rand::Rng as _;
use rand_chacha::ChaCha20Rng;
use serde::de::value::U32Deserializer;
use serde::de::{self, DeserializeSeed, Deserializer, IntoDeserializer as _, Visitor};

/// Lines, names, numbers as text, and nothing.
const WORDS: [&str; 10] =
    ["Harbour", "Ada", "O'Neill-Ó", "", "301", "4B", "nut allergy, pen in the office", "07447 000000", "H1", "9"];
/// Bytes, among them letters of codes.
const BYTES: [u8; 12] = [0, 1, 2, 5, 7, 13, b'L', b'B', b'C', b'1', b' ', 0xff];
/// Minutes, counts, days of 2026 and 2027, and the odd ends.
const NUMBERS: [i64; 16] = [0, 1, 2, 3, 6, 10, 12, 25, 127, 530, 560, 1_439, 20_780, 20_781, 20_794, 1_790_000_000_000];

/// Where values come from.
#[derive(Debug)]
pub struct Inventor<'r>(pub &'r mut ChaCha20Rng);

/// Why there is no value of a type.
#[derive(Debug)]
pub struct Never(String);

impl std::fmt::Display for Never {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Never {}

impl de::Error for Never {
    fn custom<T: std::fmt::Display>(why: T) -> Self {
        Self(why.to_string())
    }
}

impl Inventor<'_> {
    fn below(&mut self, most: usize) -> usize {
        usize::try_from(self.0.next_u64() % most.max(1) as u64).unwrap_or(0)
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }

    /// A number that fits.
    fn number<T: TryFrom<i64> + Default>(&mut self) -> T {
        let fitting: Vec<T> = NUMBERS.iter().filter_map(|number| T::try_from(*number).ok()).collect();
        let at = self.below(fitting.len());
        fitting.into_iter().nth(at).unwrap_or_default()
    }
}

/// Values that say their type themselves, one line each.
macro_rules! numbers {
    ($($method:ident $visit:ident,)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Never> {
            visitor.$visit(self.number())
        })*
    };
}

impl<'de> Deserializer<'de> for &mut Inventor<'_> {
    type Error = Never;

    numbers! {
        deserialize_i8 visit_i8,
        deserialize_i16 visit_i16,
        deserialize_i32 visit_i32,
        deserialize_i64 visit_i64,
        deserialize_u16 visit_u16,
        deserialize_u32 visit_u32,
        deserialize_u64 visit_u64,
    }

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Never> {
        Err(Never("a type that does not say what it is".to_owned()))
    }

    fn deserialize_u8<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Never> {
        visitor.visit_u8(self.one(&BYTES))
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Never> {
        visitor.visit_bool(self.below(2) == 0)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Never> {
        visitor.visit_str(self.one(&WORDS))
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Never> {
        self.deserialize_str(visitor)
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Never> {
        let bytes: Vec<u8> = (0..self.one(&[0, 16, 32, 64])).map(|_| self.one(&BYTES)).collect();
        visitor.visit_bytes(&bytes)
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Never> {
        self.deserialize_bytes(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Never> {
        if self.below(3) == 0 { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Never> {
        visitor.visit_unit()
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Never> {
        visitor.visit_unit()
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Never> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Never> {
        let left = self.below(4);
        visitor.visit_seq(More(self, left))
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, left: usize, visitor: V) -> Result<V::Value, Never> {
        visitor.visit_seq(More(self, left))
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        left: usize,
        visitor: V,
    ) -> Result<V::Value, Never> {
        visitor.visit_seq(More(self, left))
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Never> {
        let left = self.below(4);
        visitor.visit_map(More(self, left))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Never> {
        visitor.visit_seq(More(self, fields.len()))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Never> {
        visitor.visit_enum(Variant(self, variants.len()))
    }

    serde::forward_to_deserialize_any! { i128 u128 f32 f64 char identifier ignored_any }
}

/// So many more.
struct More<'a, 'r>(&'a mut Inventor<'r>, usize);

impl<'de> de::SeqAccess<'de> for More<'_, '_> {
    type Error = Never;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Never> {
        let Some(left) = self.1.checked_sub(1) else { return Ok(None) };
        self.1 = left;
        seed.deserialize(&mut *self.0).map(Some)
    }
}

impl<'de> de::MapAccess<'de> for More<'_, '_> {
    type Error = Never;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Never> {
        de::SeqAccess::next_element_seed(self, seed)
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, Never> {
        seed.deserialize(&mut *self.0)
    }
}

/// One of so many variants.
struct Variant<'a, 'r>(&'a mut Inventor<'r>, usize);

impl<'de, 'a, 'r> de::EnumAccess<'de> for Variant<'a, 'r> {
    type Error = Never;
    type Variant = More<'a, 'r>;

    fn variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<(T::Value, Self::Variant), Never> {
        let which = u32::try_from(self.0.below(self.1)).unwrap_or(0);
        let from: U32Deserializer<Never> = which.into_deserializer();
        Ok((seed.deserialize(from)?, More(self.0, 0)))
    }
}

impl<'de> de::VariantAccess<'de> for More<'_, '_> {
    type Error = Never;

    fn unit_variant(self) -> Result<(), Never> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Never> {
        seed.deserialize(self.0)
    }

    fn tuple_variant<V: Visitor<'de>>(self, left: usize, visitor: V) -> Result<V::Value, Never> {
        self.0.deserialize_tuple(left, visitor)
    }

    fn struct_variant<V: Visitor<'de>>(self, fields: &'static [&'static str], visitor: V) -> Result<V::Value, Never> {
        self.0.deserialize_tuple(fields.len(), visitor)
    }
}
