package io.penstock.delivery.spool;

/** A full spool that drops what is new: its block counts as lost once the other blocks of its request are stored. */
record DroppedClaim(LossLog losses, int records) implements SpoolClaim {
    @Override
    public long offset() {
        return Spool.DROPPED;
    }

    @Override
    public void store() {
        losses.droppedNewest(records);
    }

    @Override
    public void withdraw() {
        // Nothing was taken.
    }
}
