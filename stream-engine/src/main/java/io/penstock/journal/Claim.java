package io.penstock.journal;

/**
 * Offsets and room for one block, which the log has given away. The log's writer waits for {@link #fill}, so the holder
 * calls it soon, and in any case. One thread at a time.
 */
public interface Claim {
    /** The offset of the first entry; or why there is none, as {@link DurableLog#append} says it. */
    long first();

    /**
     * Copies the block into its room. Called once, and not after a refusal.
     *
     * @param block the one that the room was asked for; bytes in its entries may have changed
     */
    void fill(EntryBlock block);

    static Claim refused(long refusal) {
        return new RefusedClaim(refusal);
    }
}
