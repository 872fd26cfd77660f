package io.penstock.journal;

/** A log has no room for a block, or takes none. */
record RefusedClaim(long first) implements Claim {
    @Override
    public void fill(EntryBlock block) {
        throw new IllegalStateException("The log gave no room to fill.");
    }
}
