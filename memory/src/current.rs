//! stub
use crate::budget::Budget;
use crate::spill::Spill;
use std::cell::RefCell;
thread_local! { static CURRENT: RefCell<Option<(Budget, Spill)>> = const { RefCell::new(None) }; }
pub(crate) fn current_budget() -> Option<Budget> {
    CURRENT.with_borrow(|c| c.as_ref().map(|c| c.0.clone()))
}
pub(crate) fn enter<R>(budget: &Budget, spill: &Spill, f: impl FnOnce() -> R) -> R {
    struct R0(Option<(Budget, Spill)>);
    impl Drop for R0 {
        fn drop(&mut self) {
            CURRENT.replace(self.0.take());
        }
    }
    let _r = R0(CURRENT.replace(Some((budget.clone(), spill.clone()))));
    f()
}
