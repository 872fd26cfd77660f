package io.penstock.journal;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Reads the entries of a block back, as the log would from its batch. */
public final class BlockEntries {
    private BlockEntries() {}

    public static List<ByteBuffer> of(EntryBlock block) {
        ByteBuffer batch = ByteBuffer.allocate(block.size());
        block.copyTo(batch, 0);
        List<ByteBuffer> entries = new ArrayList<>();
        while (batch.hasRemaining()) {
            batch.getInt();
            int length = batch.getInt();
            entries.add(batch.slice(batch.position(), length));
            batch.position(batch.position() + length);
        }
        return entries;
    }
}
