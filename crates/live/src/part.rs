//! Parts of slices, by places that were counted in the same slice.

use std::slice::SliceIndex;

/// That part, which is empty where there is none.
pub(crate) fn part<T, R>(of: &[T], range: R) -> &[T]
where
    R: SliceIndex<[T], Output = [T]>,
{
    of.get(range).unwrap_or_default()
}

/// What two slices have in common at their beginning, and of the rest at their end: how many elements.
pub(crate) fn common<T: PartialEq>(one: &[T], other: &[T]) -> (usize, usize) {
    let same = |(one, other): &(&T, &T)| one == other;
    let start = one.iter().zip(other).take_while(same).count();
    let (one, other) = (part(one, start..), part(other, start..));
    let end = one.iter().rev().zip(other.iter().rev()).take_while(same).count();
    (start, end)
}
