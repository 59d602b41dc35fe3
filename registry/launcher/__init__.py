"""Setting up and running a whole node on one machine: what `make serve` calls. Not part of a production node."""
