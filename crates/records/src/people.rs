//! The names of people, beside the usernames under which their work is kept.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use cutis_domain::account::Username;
use cutis_storage::StorageError;

use crate::Records;

/// How many names are remembered: more than a practice has accounts.
const MOST: usize = 1024;

/// Names that were read, and while the database holds nothing else ([`cutis_storage::Store::common_version`]).
#[derive(Debug, Default)]
struct Read {
    version: Option<u128>,
    names: HashMap<Username, Arc<str>>,
}

/// Names that were read a moment ago, so that a list is not slower for showing them.
#[derive(Default)]
pub(crate) struct Recent(Mutex<Read>);

impl Recent {
    /// What was read is whole under the lock, so a panic elsewhere leaves it right.
    fn read(&self) -> MutexGuard<'_, Read> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// People by their usernames. Those that were not read are called by their usernames.
#[derive(Default)]
pub struct People(HashMap<Username, Arc<str>>);

impl std::fmt::Debug for People {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("People").finish_non_exhaustive()
    }
}

impl People {
    /// The full name of whoever has this username; the username itself if there is no such account (the operator on the
    /// host), or the account has no name.
    pub fn name_of<'a>(&'a self, username: &'a Username) -> &'a str {
        let name = self.0.get(username).map(AsRef::as_ref);
        name.filter(|name| !name.is_empty())
            .unwrap_or_else(|| username.as_str())
    }
}

impl Records {
    /// The names of the people with these usernames. Each person is read once, whatever the number of rows, and not at
    /// all while nothing changed since the last time.
    ///
    /// # Errors
    /// When the database fails, or an account was changed outside Cutis.
    pub async fn people(
        &self,
        usernames: impl Iterator<Item = &Username> + Send,
    ) -> Result<People, StorageError> {
        let wanted: BTreeSet<&Username> = usernames.collect();
        if wanted.is_empty() {
            return Ok(People::default());
        }
        let version = self.store.common_version();
        let mut found = HashMap::new();
        if version.is_some() {
            let read = self.people.read();
            if read.version == version {
                for username in &wanted {
                    let name = read.names.get(*username);
                    found.extend(name.map(|name| ((*username).clone(), Arc::clone(name))));
                }
            }
        }
        let missing: Vec<Username> = wanted
            .into_iter()
            .filter(|username| !found.contains_key(*username))
            .cloned()
            .collect();
        if missing.is_empty() {
            return Ok(People(found));
        }
        let names = self.read_names(missing).await?;
        if version.is_some() {
            let mut read = self.people.read();
            if read.version != version || read.names.len() >= MOST {
                *read = Read {
                    version,
                    names: HashMap::new(),
                };
            }
            let names = names.iter().map(|(who, name)| (who.clone(), Arc::clone(name)));
            read.names.extend(names);
        }
        found.extend(names);
        Ok(People(found))
    }

    async fn read_names(&self, of: Vec<Username>) -> Result<Vec<(Username, Arc<str>)>, StorageError> {
        self.store
            .look_up(|view| {
                let mut names = Vec::with_capacity(of.len());
                for username in of {
                    // A username is no e-mail address, so nobody else is found by it (A1).
                    let account = view.credentials(username.as_str())?;
                    let name = account.map(|found| found.account.profile.display_name());
                    names.push((username, name.unwrap_or_default().into()));
                }
                Ok(names)
            })
            .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whoever has no account, or no name, is shown by username.
    #[test]
    fn a_username_stands_in_for_a_missing_name() {
        let who = |name: &str| Username::parse(name).expect("valid");
        let people = People(HashMap::from([
            (who("anna"), "Anna Weber".into()),
            (who("nameless"), "".into()),
        ]));
        for (username, shown) in [
            ("anna", "Anna Weber"),
            ("nameless", "nameless"),
            ("operator", "operator"),
        ] {
            assert_eq!(people.name_of(&who(username)), shown);
        }
    }
}
