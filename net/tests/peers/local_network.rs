//! Local discovery, between two network namespaces joined by a cable.
