//! Peers on iroh: discovery, the sync protocol's transport, joining
