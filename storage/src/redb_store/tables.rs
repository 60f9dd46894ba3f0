//! The tables' names in the file, and the store's own rows. Part of the file format: see `FORMAT.md`.

use muster_core::replica::store::Table;
use redb::TableDefinition;

/// A table of the engine.
pub(super) type Definition = TableDefinition<'static, &'static [u8], &'static [u8]>;

/// The store's own table: name -> number.
pub(super) const STORE: TableDefinition<'static, &'static str, u64> = TableDefinition::new("store");

/// Row of [`STORE`]: the version of the file's format.
pub(super) const ROW_FORMAT: &str = "format";

/// Row of [`STORE`]: how many batches the file has taken. Tells whether a commit that failed was kept, and that a
/// check went back behind none.
pub(super) const ROW_COMMITS: &str = "commits";

/// The name of an engine's table, for ever.
pub(super) const fn definition(table: Table) -> Definition {
    TableDefinition::new(match table {
        Table::Meta => "meta",
        Table::Entries => "entries",
        Table::Logs => "logs",
        Table::Frontiers => "frontiers",
        Table::Documents => "documents",
        Table::Watermarks => "watermarks",
        Table::Waiting => "waiting",
        Table::Acknowledged => "acknowledged",
        Table::Epochs => "epochs",
        Table::Allowances => "allowances",
        Table::Kept => "kept",
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use redb::TableHandle as _;

    #[test]
    fn the_names_of_the_tables_never_change() {
        let names: Vec<String> = Table::ALL.iter().map(|table| definition(*table).name().to_owned()).collect();
        let frozen = "meta entries logs frontiers documents watermarks waiting acknowledged epochs allowances kept";
        assert_eq!(names.join(" "), frozen);
        assert!(Table::ALL.iter().enumerate().all(|(at, table)| usize::from(*table as u8) == at), "found by its place");
        assert_eq!((STORE.name(), ROW_FORMAT, ROW_COMMITS), ("store", "format", "commits"));
    }
}
