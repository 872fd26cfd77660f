package io.penstock.engine.api;

import io.penstock.base.time.AgeClock;
import io.penstock.engine.fault.ServiceException;
import io.penstock.engine.stream.LiveStream;
import io.penstock.engine.stream.Shard;
import io.penstock.engine.wire.Input;
import java.time.Duration;
import java.util.Optional;

/**
 * Selects the shards that ListShards returns.
 *
 * @param type as in the API model, or {@code ALL}
 * @param argument a shard's index or epoch milliseconds, depending on the type; else 0
 * @see <a href="https://docs.aws.amazon.com/kinesis/latest/APIReference/API_ShardFilter.html">ShardFilter</a>
 */
record ShardFilter(String type, long argument) {
    static final ShardFilter ALL = new ShardFilter("ALL", 0);

    static ShardFilter of(Input filter) {
        String type = filter.text("Type");
        Optional<String> shardId = filter.optionalText("ShardId");
        Optional<Long> time = filter.optionalTime("Timestamp");
        boolean wantsShard = type.equals("AFTER_SHARD_ID");
        boolean wantsTime = type.endsWith("_TIMESTAMP");
        if (wantsShard != shardId.isPresent()) {
            throw ServiceException.invalidArgument(
                    "ShardFilter " + type + (wantsShard ? " needs a ShardId." : " takes no ShardId."));
        }
        if (wantsTime != time.isPresent()) {
            throw ServiceException.invalidArgument(
                    "ShardFilter " + type + (wantsTime ? " needs a Timestamp." : " takes no Timestamp."));
        }
        long index = shardId.map(id -> Shard.indexIn(id)
                        .orElseThrow(() -> ServiceException.invalidArgument("Invalid shard id: " + id + ".")))
                .orElse(0);
        return new ShardFilter(type, wantsTime ? time.get() : index);
    }

    boolean accepts(Shard shard, LiveStream stream, AgeClock clock) {
        return switch (type) {
            case "AFTER_SHARD_ID" -> shard.index() > argument;
            case "AT_TRIM_HORIZON" -> wasOpenAtHorizon(shard, stream, clock);
            case "AT_LATEST" -> shard.isOpen();
            // A parent ends at the moment at which its children begin.
            case "AT_TIMESTAMP" ->
                clock.dateOf(shard.createdAt()) <= argument
                        && (shard.isOpen() || clock.dateOf(shard.closedAt()) > argument);
            case "FROM_TIMESTAMP" -> shard.isOpen() || clock.dateOf(shard.closedAt()) >= argument;
            default -> true;
        };
    }

    /**
     * True if the shard was open at the time of the oldest record that may still be read, also if it never had a
     * record.
     */
    private static boolean wasOpenAtHorizon(Shard shard, LiveStream stream, AgeClock clock) {
        long oldest = clock.firstWithin(Duration.ofHours(stream.meta().options().retentionHours()));
        boolean isFirst = shard.parent() == Shard.NONE || shard.createdAt() < oldest;
        return isFirst && (shard.isOpen() || shard.closedAt() >= oldest);
    }
}
