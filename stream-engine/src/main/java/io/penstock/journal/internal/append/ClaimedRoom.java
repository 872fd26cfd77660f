package io.penstock.journal.internal.append;

import io.penstock.journal.Claim;
import io.penstock.journal.EntryBlock;

/**
 * Room in a batch that waits for its block.
 *
 * @param at where in the batch
 */
record ClaimedRoom(OpenBatch batch, int at, long first, Runnable wakeWriter) implements Claim {
    @Override
    public void fill(EntryBlock block) {
        batch.copy(block, at);
        wakeWriter.run();
    }
}
