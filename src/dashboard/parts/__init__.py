"""What two screens or more draw: one way to do it, whichever screen it is on."""
