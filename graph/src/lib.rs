//! (being written)
pub mod dag;
