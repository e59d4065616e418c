//! When a image that lacks something is shown, and when it is refused (I2).

use crate::completeness::Completeness;
use crate::refusal::{Damage, Refusal};

/// The verdict on a image of which `missing` of `total` parts (pixels, bytes of rows) were not in the file: up to a
/// hundredth is taken and marked.
pub(crate) fn judge(missing: u64, total: u64) -> Result<Completeness, Refusal> {
    // In whole numbers: more than a hundredth of the total, exactly.
    if total == 0 {
        Err(Refusal::TRUNCATED)
    } else if missing > total / 100 {
        Err(Refusal::Damaged(Damage::missing(missing, total)))
    } else if missing == 0 {
        Ok(Completeness::Whole)
    } else {
        Ok(Completeness::Incomplete)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// I2: up to 1 % missing is incomplete, more is damaged; in whole numbers, so that the border is exact.
    #[test]
    fn a_hundredth_is_the_border() {
        assert_eq!(judge(0, 1000), Ok(Completeness::Whole));
        assert_eq!(judge(1, 1000), Ok(Completeness::Incomplete));
        assert_eq!(judge(10, 1000), Ok(Completeness::Incomplete));
        assert_eq!(judge(11, 1000).map_err(|refusal| refusal.code()), Err("damaged"));
        assert!(judge(1, 99).is_err() && judge(0, 0).is_err() && judge(u64::MAX, u64::MAX).is_err());
    }
}
