package io.penstock.engine.api;

import io.penstock.base.time.AgeClock;
import io.penstock.engine.fault.ServiceException;
import io.penstock.engine.stream.LiveStream;
import io.penstock.engine.stream.Shard;
import io.penstock.engine.wire.Input;
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
            case "AT_TRIM_HORIZON" -> isAtHorizon(shard, stream);
            case "AT_LATEST" -> shard.isOpen();
            // A parent ends at the moment at which its children begin.
            case "AT_TIMESTAMP" ->
                clock.dateOf(shard.createdAt()) <= argument
                        && (shard.isOpen() || clock.dateOf(shard.closedAt()) > argument);
            case "FROM_TIMESTAMP" -> shard.isOpen() || clock.dateOf(shard.closedAt()) >= argument;
            default -> true;
        };
    }

    /** True if, of the shards that cover its range, this one holds the oldest available records. */
    private static boolean isAtHorizon(Shard shard, LiveStream stream) {
        long horizon = stream.horizon();
        return shard.startOffset() <= horizon && shard.reaches(horizon);
    }
}
