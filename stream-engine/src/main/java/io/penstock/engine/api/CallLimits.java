package io.penstock.engine.api;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.penstock.base.time.AgeClock;
import io.penstock.engine.fault.ErrorType;
import io.penstock.engine.fault.ServiceException;
import io.penstock.engine.limit.Bucket;
import io.penstock.engine.scope.Scope;
import io.penstock.engine.stream.StreamNames;
import io.penstock.engine.wire.Input;
import io.penstock.engine.wire.KinesisModel;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * Limits the calls per second of each operation by account, stream or shard. Records have separate limits. Thread-safe;
 * idle entries are removed, and there are at most {@value #MOST}.
 *
 * @see <a href="https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html">Kinesis, quotas</a>
 */
final class CallLimits {
    private static final int MOST = 100_000;
    private static final Duration FORGET = Duration.ofMinutes(1);
    private static final Map<KinesisModel, Rate> RATES = rates();

    private final boolean enforced;
    private final AgeClock clock;
    private final Cache<Caller, Bucket> buckets =
            Caffeine.newBuilder().maximumSize(MOST).expireAfterAccess(FORGET).build();

    private enum Per {
        ACCOUNT,
        STREAM,
        SHARD
    }

    private record Rate(int perSecond, Per scope) {}

    /** The key of a bucket; stream and shard are empty if the limit is not for each of them. */
    private record Caller(KinesisModel operation, Scope scope, String stream, String shard) {}

    CallLimits(boolean enforced, AgeClock clock) {
        this.enforced = enforced;
        this.clock = clock;
    }

    private static Map<KinesisModel, Rate> rates() {
        Map<KinesisModel, Rate> rates = new EnumMap<>(KinesisModel.class);
        for (KinesisModel operation : KinesisModel.values()) {
            Optional<Rate> rate = rate(operation);
            rate.ifPresent(found -> rates.put(operation, found));
        }
        return rates;
    }

    private static Optional<Rate> rate(KinesisModel operation) {
        return switch (operation) {
            case PUT_RECORD, PUT_RECORDS, GET_RECORDS, SUBSCRIBE_TO_SHARD -> Optional.empty();
            case DESCRIBE_LIMITS -> Optional.of(new Rate(1, Per.ACCOUNT));
            case DESCRIBE_STREAM -> Optional.of(new Rate(10, Per.ACCOUNT));
            case DESCRIBE_STREAM_SUMMARY -> Optional.of(new Rate(20, Per.ACCOUNT));
            case DESCRIBE_STREAM_CONSUMER -> Optional.of(new Rate(20, Per.STREAM));
            case LIST_SHARDS -> Optional.of(new Rate(1000, Per.STREAM));
            case GET_SHARD_ITERATOR -> Optional.of(new Rate(5, Per.SHARD));
            case REGISTER_STREAM_CONSUMER, DEREGISTER_STREAM_CONSUMER, LIST_STREAM_CONSUMERS ->
                Optional.of(new Rate(5, Per.STREAM));
            case INCREASE_STREAM_RETENTION_PERIOD, DECREASE_STREAM_RETENTION_PERIOD ->
                Optional.of(new Rate(5, Per.STREAM));
            default -> Optional.of(new Rate(5, Per.ACCOUNT));
        };
    }

    /**
     * Counts a call.
     *
     * @throws ServiceException if the limit is exceeded
     */
    void admit(KinesisModel operation, Input input) {
        Rate rate = RATES.get(operation);
        if (!enforced || rate == null) {
            return;
        }
        String stream = rate.scope() == Per.ACCOUNT ? "" : stream(input);
        String shard = rate.scope() == Per.SHARD ? input.text("ShardId") : "";
        Bucket bucket = buckets.get(
                new Caller(operation, input.scope(), stream, shard), caller -> new Bucket(rate.perSecond()));
        if (!bucket.take(1, clock.millis())) {
            throw new ServiceException(
                    rate.scope() == Per.SHARD ? ErrorType.THROUGHPUT_EXCEEDED : ErrorType.LIMIT_EXCEEDED,
                    "Rate exceeded for " + operation.wireName()
                            + (shard.isEmpty() ? "" : " on shard " + shard)
                            + (stream.isEmpty() ? "" : " of stream " + stream) + " under account "
                            + input.scope().account() + ": "
                            + rate.perSecond() + " calls per second.");
        }
    }

    /** The stream that the call names, directly or by a NextToken or StreamId. */
    private static String stream(Input input) {
        return input.optionalText("StreamName")
                .or(() -> input.optionalText("StreamARN").map(StreamNames::nameInArn))
                .or(() -> input.optionalText("ConsumerARN").map(StreamNames::nameInArn))
                .or(() -> input.optionalText("StreamId"))
                .orElse("");
    }
}
