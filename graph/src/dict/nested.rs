//! Keys, and their values, in nested lists.

use crate::key::Key;

/// Something in nested lists: results come back nested as their keys were.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Nested<T> {
    /// A single one.
    One(T),
    /// A list.
    List(Vec<Nested<T>>),
}

/// Keys in nested lists: `"a".into()`, `["a", "b"].into()`, `vec![["a", "b"], ["c", "d"]].into()`.
pub type NestedKeys = Nested<Key>;

impl<T> Nested<T> {
    /// The same nesting of something else, made from left to right.
    pub fn map<U>(&self, change: &mut impl FnMut(&T) -> U) -> Nested<U> {
        match self {
            Nested::One(one) => Nested::One(change(one)),
            Nested::List(items) => {
                Nested::List(items.iter().map(|item| item.map(change)).collect())
            }
        }
    }

    /// All of them, from left to right, without the nesting.
    pub fn flatten(&self) -> Vec<T>
    where
        T: Clone,
    {
        let mut flat = Vec::new();
        self.map(&mut |one| flat.push(one.clone()));
        flat
    }
}

impl<K: Into<Key>> From<K> for NestedKeys {
    fn from(key: K) -> NestedKeys {
        Nested::One(key.into())
    }
}

impl<K: Into<NestedKeys>> From<Vec<K>> for NestedKeys {
    fn from(keys: Vec<K>) -> NestedKeys {
        Nested::List(keys.into_iter().map(Into::into).collect())
    }
}

impl<K: Into<NestedKeys>, const N: usize> From<[K; N]> for NestedKeys {
    fn from(keys: [K; N]) -> NestedKeys {
        Nested::List(keys.into_iter().map(Into::into).collect())
    }
}
