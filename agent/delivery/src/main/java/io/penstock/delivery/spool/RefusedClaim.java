package io.penstock.delivery.spool;

/** A spool has no room for a block. */
record RefusedClaim(long offset) implements SpoolClaim {
    @Override
    public void store() {
        throw new IllegalStateException("the spool gave no room");
    }

    @Override
    public void withdraw() {
        throw new IllegalStateException("the spool gave no room");
    }
}
