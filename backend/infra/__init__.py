"""Technical adapters of the ports in `backend.core`; they know no domain."""
