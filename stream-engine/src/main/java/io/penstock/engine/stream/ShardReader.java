package io.penstock.engine.stream;

import io.penstock.base.time.AgeClock;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Reads records of one shard for GetRecords and SubscribeToShard. Stateless, thread-safe; reads the disk. */
public final class ShardReader {
    private final AgeClock clock;

    public ShardReader(AgeClock clock) {
        this.clock = clock;
    }

    /** Receives records one by one. */
    @FunctionalInterface
    public interface Sink {
        /**
         * Receives one record.
         *
         * @param arrival when it was stored, by the clock
         * @param entry valid during the call; its position is at the partition key, and the data follows the key
         * @param keyLength bytes of the partition key
         * @return false to end the read before this record
         */
        boolean record(long offset, long arrival, ByteBuffer entry, int keyLength) throws IOException;
    }

    /**
     * The result of a read.
     *
     * @param next the offset to continue with
     * @param ended true if the shard is closed and has no records at or above {@code next}
     * @param millisBehind age of the last record read if more follow, else 0
     * @param count records read
     */
    public record Result(long next, boolean ended, long millisBehind, int count) {}

    /**
     * Reads up to {@code limit} records with up to {@code maxBytes} of keys and data together; reads at least one,
     * whatever its size.
     */
    public Result read(Positions.Position position, int limit, long maxBytes, Sink sink) throws IOException {
        Shard shard = position.shard();
        LiveStream stream = position.stream();
        long from = Math.max(position.offset(), Math.max(stream.horizon(), shard.startOffset()));
        if (!shard.reaches(from)) {
            return new Result(from, true, 0, 0);
        }
        Taking taking = new Taking(limit, maxBytes, sink);
        long next = stream.log().read(shard.index(), from, taking::visit);
        taking.rethrow();
        if (taking.leftAt >= 0) {
            return new Result(taking.leftAt, false, clock.ageOf(taking.lastArrival), taking.count);
        }
        next = Math.max(next, from);
        return new Result(next, !shard.reaches(next), 0, taking.count);
    }

    /** The state of one read; confined to its thread. */
    private static final class Taking {
        private final int limit;
        private final Sink sink;
        private long room;
        private int count;
        private long lastArrival;
        private long leftAt = -1;
        private @Nullable IOException failure;

        Taking(int limit, long maxBytes, Sink sink) {
            this.limit = limit;
            this.room = maxBytes;
            this.sink = sink;
        }

        boolean visit(long offset, int shard, long arrival, ByteBuffer entry) {
            int size = entry.remaining() - RecordFormat.OVERHEAD;
            if (count == limit || (count > 0 && size > room)) {
                leftAt = offset;
                return false;
            }
            try {
                if (!sink.record(offset, arrival, entry, RecordFormat.openKey(entry))) {
                    leftAt = offset;
                    lastArrival = count == 0 ? arrival : lastArrival;
                    return false;
                }
            } catch (IOException e) {
                failure = e;
                return false;
            }
            room -= size;
            count++;
            lastArrival = arrival;
            return true;
        }

        void rethrow() throws IOException {
            if (failure != null) {
                throw failure;
            }
        }
    }
}
