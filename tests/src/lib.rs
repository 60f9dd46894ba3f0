//! Whole-school tests: simulation, two processes, power cuts, commands
