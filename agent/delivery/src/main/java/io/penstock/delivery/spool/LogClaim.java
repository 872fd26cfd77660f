package io.penstock.delivery.spool;

import io.penstock.journal.Claim;
import io.penstock.journal.EntryBlock;

/** Room in a spool's log. */
record LogClaim(Claim room, EntryBlock block) implements SpoolClaim {
    @Override
    public long offset() {
        return room.first() + block.count() - 1;
    }

    @Override
    public void store() {
        room.fill(block);
    }

    @Override
    public void withdraw() {
        SpooledRecord.flipWithdrawn(block);
        room.fill(block);
        SpooledRecord.flipWithdrawn(block);
    }
}
