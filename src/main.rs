//! `muster`: the one program. See the library beside it.

fn main() -> std::process::ExitCode {
    muster::commands::main()
}
