//! The port through which a proof is made.

use cutis_domain::PatientId;

use crate::{ConsentLevel, Grant};

/// Where level and grants are read, inside the transaction branded `'tx`.
///
/// An implementation must return what that transaction sees. In the product only the unit of work implements it, and a
/// tidy test has the list.
pub trait Ledger<'tx> {
    /// Why reading may fail.
    type Error;

    /// The level in force for the account the transaction belongs to: [`ConsentLevel::strictest`].
    ///
    /// # Errors
    /// When it cannot be read.
    fn level(&mut self) -> Result<ConsentLevel, Self::Error>;

    /// Every grant of the patient, in any order, revoked and expired ones included; none when the
    /// patient is not this account's.
    ///
    /// # Errors
    /// When they cannot be read.
    fn grants(&mut self, patient: PatientId) -> Result<Vec<Grant>, Self::Error>;
}
