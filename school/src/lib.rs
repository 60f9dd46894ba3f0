//! What a school keeps: records, rules, views

pub mod view;
