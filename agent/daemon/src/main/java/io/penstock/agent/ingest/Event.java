package io.penstock.agent.ingest;

import io.penstock.agent.record.RecordEncoder;
import io.penstock.agent.route.Destination;
import io.penstock.agent.route.KeyFields;
import io.penstock.base.bytes.GrowingBytes;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.delivery.kinesis.shards.Hash128;
import org.jspecify.annotations.Nullable;

/**
 * An event as its source knows it: it can be asked for what a partition key is made of, and encodes itself as a record.
 * A source uses one instance for many events, one after the other.
 */
@OwnedBy(ThreadRole.HOLDER)
public interface Event extends KeyFields {
    /** The partition key that the client asks for; empty leaves it to the route. */
    default String givenKey() {
        return "";
    }

    /** The explicit hash key that came with it; null for none. It counts where the record keeps its partition key. */
    default @Nullable Hash128 pin() {
        return null;
    }

    /**
     * Adds the record, in the destination's format and without compression, to what {@code out} holds.
     *
     * @return false when the event is text that is no valid UTF-8; what was added is of no use then
     */
    boolean encode(Destination destination, RecordEncoder encoder, GrowingBytes out);

    /** True if {@link #jsonField} reads the record that {@link #encode} wrote, so that it has to be written first. */
    default boolean readsRecord() {
        return false;
    }

    /** Forgets the event and what it refers to. */
    void release();
}
