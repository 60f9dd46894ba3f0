//! What a school keeps: records, rules, views
