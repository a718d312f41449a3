//! The model of the accounts: who they belong to and what is booked on them.
//!
//! The model is that of the 2015 tutorial: 500 accounts; each has one of 26 first names, a
//! popularity, a typical size of its amounts and a trend towards gain or loss.

use rand::{Rng, RngExt};
use rand_distr::weighted::WeightedAliasIndex;
use rand_distr::{Distribution, Exp1, StandardNormal};

use super::stream::stream;

/// The number of accounts; their ids are `0..N_ACCOUNTS`.
pub(super) const N_ACCOUNTS: usize = 500;

/// The names, one for each letter.
pub(super) const NAMES: [&str; 26] = [
    "Alice", "Bob", "Charlie", "Dan", "Edith", "Frank", "George", "Hannah", "Ingrid", "Jerry",
    "Kevin", "Laura", "Michael", "Norbert", "Oliver", "Patricia", "Quinn", "Ray", "Sarah", "Tim",
    "Ursula", "Victor", "Wendy", "Xavier", "Yvonne", "Zelda",
];

/// Mean of the exponential distribution of the typical amounts.
const MEAN_MAGNITUDE: f64 = 100.0;
/// Mean of the normal distribution of the trends.
const MEAN_TREND: f64 = 10.0;
/// Standard deviation of the normal distribution of the trends.
const TREND_DEVIATION: f64 = 10.0;

/// What is fixed for one account.
#[derive(Debug, Clone, Copy)]
struct Account {
    name: &'static str,
    magnitude: f64,
    trend: f64,
}

/// All accounts and how often each is drawn.
#[derive(Debug)]
pub(super) struct Model {
    accounts: Vec<Account>,
    popularity: WeightedAliasIndex<f64>,
}

/// One booking: which account, and how much.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Booking {
    /// Below [`N_ACCOUNTS`].
    pub(super) id: usize,
    /// The amount, in whole units.
    pub(super) amount: i32,
}

impl Model {
    /// Draws the accounts for `seed`; `purpose` separates the datasets. None when the weights drawn
    /// make no distribution, which no seed does: they are all positive and finite.
    pub(super) fn draw(seed: u64, purpose: &str) -> Option<Self> {
        let mut rng = stream(seed, purpose, [u64::MAX, u64::MAX]);
        let accounts = (0..N_ACCOUNTS)
            .map(|_| {
                let name = NAMES[rng.random_range(0..NAMES.len() as u32) as usize];
                let size: f64 = rng.sample(Exp1);
                let trend: f64 = rng.sample(StandardNormal);
                Account {
                    name,
                    magnitude: size * MEAN_MAGNITUDE,
                    trend: MEAN_TREND + TREND_DEVIATION * trend,
                }
            })
            .collect();
        let weights: Vec<f64> = (0..N_ACCOUNTS).map(|_| rng.sample(Exp1)).collect();
        let popularity = WeightedAliasIndex::new(weights).ok()?;
        Some(Self { accounts, popularity })
    }

    /// The name of account `id`.
    pub(super) fn name(&self, id: usize) -> &'static str {
        self.accounts[id].name
    }

    /// Draws a booking. The amount is cut towards zero, as a cast to an integer does.
    pub(super) fn booking(&self, rng: &mut impl Rng) -> Booking {
        let id = self.popularity.sample(rng);
        let account = self.accounts[id];
        let noise: f64 = rng.sample(StandardNormal);
        Booking { id, amount: ((noise + account.trend) * account.magnitude) as i32 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_account_keeps_its_name_and_about_its_mean() {
        let model = Model::draw(1, "test").unwrap();
        let mut rng = stream(1, "test", [0, 0]);
        let mut sums = vec![(0_u32, 0.0_f64); N_ACCOUNTS];
        for _ in 0..200_000 {
            let booking = model.booking(&mut rng);
            let (count, sum) = &mut sums[booking.id];
            *count += 1;
            *sum += f64::from(booking.amount);
        }
        for (account, (count, sum)) in model.accounts.iter().zip(sums) {
            if count > 0 {
                // The mean of n unit normals is within 6 / sqrt(n); cutting moves it by at most 1.
                let expected = account.trend * account.magnitude;
                let bound = 6.0 * account.magnitude / f64::from(count).sqrt() + 1.0;
                assert!((sum / f64::from(count) - expected).abs() < bound, "{account:?}");
            }
        }
    }

    #[test]
    fn the_parameters_have_the_moments_of_the_model() {
        let models: Vec<_> = (0..40).map(|seed| Model::draw(seed, "test").unwrap()).collect();
        let all: Vec<Account> = models.iter().flat_map(|model| model.accounts.clone()).collect();
        let n = all.len() as f64;
        let mean = |of: fn(&Account) -> f64| all.iter().map(of).sum::<f64>() / n;
        // Six standard errors: 100 / sqrt(20000) and 10 / sqrt(20000).
        assert!((mean(|account| account.magnitude) - 100.0).abs() < 4.3);
        assert!((mean(|account| account.trend) - 10.0).abs() < 0.43);
        assert!((mean(|account| (account.trend - 10.0).powi(2)) - 100.0).abs() < 6.0);
        for name in NAMES {
            let share = mean(|_| 1.0) * all.iter().filter(|a| a.name == name).count() as f64 / n;
            assert!((share - 1.0 / 26.0).abs() < 0.0082, "{name} {share}");
        }
    }

    #[test]
    fn popular_accounts_exist() {
        // With exponential weights the most popular of 500 has about ln(500) / 500 of all rows.
        let model = Model::draw(3, "test").unwrap();
        let mut rng = stream(3, "test", [0, 0]);
        let mut counts = vec![0_u32; N_ACCOUNTS];
        for _ in 0..500_000 {
            counts[model.booking(&mut rng).id] += 1;
        }
        let most = counts.iter().copied().max().unwrap();
        assert!((3_500..12_000).contains(&most), "{most}");
        assert!(counts.iter().filter(|&&count| count < 100).count() > 20);
    }
}
