//! Repeatable chance: SplitMix64, so that a seed gives the same demo on every machine and in every version of a library.
use uuid::{Builder, Uuid};

pub struct Draw(u64);

impl Draw {
    /// Mixes any number of parts into one stream.
    pub fn of(parts: &[u64]) -> Draw {
        let mut draw = Draw(0x9E37_79B9_7F4A_7C15);
        for part in parts {
            draw.0 ^= draw.next().wrapping_add(*part);
        }
        draw
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// From `low` to `high`, both included.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        let width = (high - low + 1).max(1) as u64;
        low + (self.next() % width) as i64
    }

    pub fn of_list<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[(self.next() % list.len() as u64) as usize]
    }

    /// UUIDv7 of the given day, so that rows lie in the order of their days.
    pub fn id(&mut self, day: time::Date) -> Uuid {
        let millis = day.midnight().assume_utc().unix_timestamp().max(0) as u64 * 1000 + self.next() % 86_400_000;
        let mut bytes = [0; 10];
        bytes[..8].copy_from_slice(&self.next().to_le_bytes());
        bytes[8..].copy_from_slice(&self.next().to_le_bytes()[..2]);
        Builder::from_unix_timestamp_millis(millis, &bytes).into_uuid()
    }

    pub fn bytes<const N: usize>(&mut self) -> [u8; N] {
        std::array::from_fn(|_| self.next() as u8)
    }
}
