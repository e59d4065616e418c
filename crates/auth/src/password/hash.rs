//! How a password is stored (A5, C02): bcrypt over
//! `base64(HMAC-SHA-384(pepper, 0xFF || "cutis/password/c2" || account || NFC(password)))`.
//!
//! bcrypt alone ignores everything after byte 72 and after a zero byte. The keyed pre-hash turns any password into 64
//! characters without a zero, so nothing is ignored; and because its key, the pepper, is stored outside the database,
//! passwords cannot be tried with a stolen database alone.
//!
//! The account's id is part of it, so a stored form that is copied into another account's row is useless there. The
//! earlier scheme, `c1`, did not include it; it is still verified, and replaced at the next sign-in. The two schemes
//! never hash the same message, because no text begins with the byte 0xFF.

use std::str::FromStr as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bcrypt::{BcryptError, HashParts};
use cutis_domain::entropy::{self, Purpose};
use cutis_domain::{AccountId, Clock, Entropy, Secret};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha384;
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use crate::password::{Accepted, Candidate};

/// Marks what is hashed, so that a better scheme can be used beside it in the same column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scheme {
    /// The password alone.
    C1,
    /// The account and the password.
    C2,
}

impl Scheme {
    const fn mark(self) -> &'static str {
        match self {
            Self::C1 => "c1$",
            Self::C2 => "c2$",
        }
    }
}

/// The logarithm of how much work one hash is: each step doubles it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cost(u32);

impl Cost {
    /// The least for passwords of people (A5).
    pub const LEAST: Self = Self(12);
    /// The highest cost that is chosen by measuring: a higher one would make signing in slow on every other machine.
    const MOST: u32 = 15;
    /// The cost that is measured.
    const PROBE: u32 = 10;

    /// The cost at which one hash takes no longer than `target_millis` on this machine, between 12
    /// and 15. Takes about three hashes of cost 10.
    pub fn calibrate(clock: &dyn Clock, target_millis: u32) -> Self {
        let probe = || {
            let began = clock.now();
            let ran = bcrypt::non_truncating_hash_with_salt([b'x'; 64], Self::PROBE, [7; 16]);
            ran.map_or(i64::MAX, |_| {
                clock.now().as_micros().saturating_sub(began.as_micros())
            })
        };
        // The quickest of three: whatever else the machine does can only make it look slower.
        let quickest = [probe(), probe(), probe()].into_iter().min().unwrap_or(i64::MAX);
        Self::fitting(quickest, target_millis)
    }

    /// The right cost if a hash of cost 10 takes this many microseconds.
    fn fitting(probe_micros: i64, target_millis: u32) -> Self {
        let target = i64::from(target_millis).saturating_mul(1000);
        let mut cost = Self::LEAST.0;
        while cost < Self::MOST && probe_micros.max(1).saturating_mul(1 << (cost + 1 - Self::PROBE)) <= target
        {
            cost += 1;
        }
        Self(cost)
    }

    /// A cost below [`Cost::LEAST`], only for tests, whose passwords protect nothing.
    ///
    /// Clamped to what bcrypt can do, 4 to 31.
    #[doc(hidden)]
    pub fn for_tests(cost: u32) -> Self {
        Self(cost.clamp(4, 31))
    }

    /// The number.
    pub const fn get(self) -> u32 {
        self.0
    }
}

/// Hashing failed, which only a damaged stored value can cause.
#[derive(Debug, thiserror::Error)]
#[error("the stored form of a password cannot be read; reset the password on the host's command line")]
pub struct HashError {
    #[source]
    source: Option<BcryptError>,
}

impl From<BcryptError> for HashError {
    fn from(source: BcryptError) -> Self {
        Self { source: Some(source) }
    }
}

/// The stored form of a password: `c2$`, or `c1$` from before, and a bcrypt string.
#[derive(Debug)]
pub struct StoredPassword {
    text: Secret<String>,
    scheme: Scheme,
    parts: HashParts,
}

impl StoredPassword {
    /// Reads what the database keeps.
    ///
    /// # Errors
    /// When it is not a stored password of a known scheme.
    pub fn parse(text: &Secret<String>) -> Result<Self, HashError> {
        let (scheme, inner) = [Scheme::C2, Scheme::C1]
            .into_iter()
            .find_map(|scheme| {
                text.expose()
                    .strip_prefix(scheme.mark())
                    .map(|inner| (scheme, inner))
            })
            .ok_or(HashError { source: None })?;
        Ok(Self {
            scheme,
            parts: HashParts::from_str(inner)?,
            text: text.clone(),
        })
    }

    fn of(parts: HashParts) -> Self {
        let scheme = Scheme::C2;
        Self {
            text: Secret::new(format!("{}{parts}", scheme.mark())),
            scheme,
            parts,
        }
    }

    /// What the database keeps.
    pub const fn text(&self) -> &Secret<String> {
        &self.text
    }

    /// The cost it was made with.
    pub fn cost(&self) -> Cost {
        Cost(self.parts.get_cost())
    }
}

/// Hashes and verifies. Blocking and slow on purpose: run it in a [`crate::Lane`].
pub struct PasswordHasher {
    pepper: Secret<[u8; 32]>,
    cost: Cost,
    entropy: Arc<dyn Entropy>,
    work: AtomicU64,
}

impl std::fmt::Debug for PasswordHasher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PasswordHasher")
            .field("cost", &self.cost)
            .finish_non_exhaustive()
    }
}

impl PasswordHasher {
    /// A hasher with this pepper (32 random bytes kept outside the database) and this cost.
    pub fn new(pepper: Secret<[u8; 32]>, cost: Cost, entropy: Arc<dyn Entropy>) -> Self {
        Self {
            pepper,
            cost,
            entropy,
            work: AtomicU64::new(0),
        }
    }

    /// The stored form of an accepted password of this account, with a new salt.
    ///
    /// # Errors
    /// Never in practice: the cost is one that bcrypt knows.
    pub fn hash(&self, account: AccountId, password: &Accepted) -> Result<StoredPassword, HashError> {
        self.hash_again(account, password.candidate())
    }

    /// As [`PasswordHasher::hash`], for a password that was just verified: it was accepted when it was chosen, and
    /// remains usable under a later policy.
    ///
    /// # Errors
    /// As [`PasswordHasher::hash`].
    pub(crate) fn hash_again(
        &self,
        account: AccountId,
        password: &Candidate,
    ) -> Result<StoredPassword, HashError> {
        let salt = entropy::bytes(self.entropy.as_ref(), Purpose::Secret);
        Ok(StoredPassword::of(self.run(
            &self.prehash(Some(account), password),
            self.cost.0,
            salt,
        )?))
    }

    /// Whether this is the account's password, in a time that depends only on the costs.
    ///
    /// If the stored cost is below today's, the same work is done all the same, so that an account that has not been
    /// rehashed yet is not answered faster than an unknown one (A8).
    ///
    /// # Errors
    /// When bcrypt cannot read the stored form.
    pub fn verify(
        &self,
        account: AccountId,
        password: &Candidate,
        stored: &StoredPassword,
    ) -> Result<bool, HashError> {
        let prehash = match stored.scheme {
            Scheme::C1 => self.prehash(None, password),
            Scheme::C2 => self.prehash(Some(account), password),
        };
        let tried = self.run(&prehash, stored.parts.get_cost(), stored.parts.get_salt_raw())?;
        // 2^c + 2^c + 2^(c+1) + … + 2^(today-1) is 2^today.
        for cost in stored.parts.get_cost()..self.cost.0 {
            self.run(&prehash, cost, [0; 16])?;
        }
        let (tried, kept) = (
            Zeroizing::new(tried.to_string()),
            Zeroizing::new(stored.parts.to_string()),
        );
        Ok(tried.as_bytes().ct_eq(kept.as_bytes()).into())
    }

    /// The work of [`PasswordHasher::verify`] if there is nothing to verify against (A8).
    ///
    /// # Errors
    /// As [`PasswordHasher::hash`].
    pub fn pretend(&self, password: &Candidate) -> Result<(), HashError> {
        self.run(&self.prehash(None, password), self.cost.0, [0; 16])
            .map(drop)
    }

    /// Whether a password that was just verified should be hashed again, because the cost rose or because its stored
    /// form is not bound to its account.
    pub fn needs_rehash(&self, stored: &StoredPassword) -> bool {
        stored.cost() < self.cost || stored.scheme != Scheme::C2
    }

    /// How much work was done so far, in bcrypt rounds (2 to the power of each hash's cost).
    ///
    /// For metrics, and for tests of equal work: it does not depend on how busy a machine is.
    pub fn work_done(&self) -> u64 {
        self.work.load(Ordering::Relaxed)
    }

    fn prehash(&self, account: Option<AccountId>, password: &Candidate) -> Zeroizing<String> {
        // HMAC takes keys of any length; 32 bytes cannot be refused.
        let Ok(mut mac) = Hmac::<Sha384>::new_from_slice(self.pepper.expose()) else {
            return Zeroizing::new(String::new());
        };
        if let Some(account) = account {
            mac.update(b"\xffcutis/password/c2");
            mac.update(account.as_bytes());
        }
        mac.update(password.text().as_bytes());
        Zeroizing::new(STANDARD.encode(Zeroizing::new(<[u8; 48]>::from(mac.finalize().into_bytes()))))
    }

    fn run(&self, prehash: &str, cost: u32, salt: [u8; 16]) -> Result<HashParts, HashError> {
        self.work.fetch_add(1 << cost.min(63), Ordering::Relaxed);
        Ok(bcrypt::non_truncating_hash_with_salt(prehash, cost, salt)?)
    }
}

#[cfg(test)]
mod tests;
