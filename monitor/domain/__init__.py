"""What decides: standard library only, no clock, no I/O, no logging, no randomness. Time and chance are arguments."""
