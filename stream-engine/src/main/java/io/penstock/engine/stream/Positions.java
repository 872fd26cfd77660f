package io.penstock.engine.stream;

import io.penstock.base.time.AgeClock;
import io.penstock.engine.fault.ErrorType;
import io.penstock.engine.fault.ServiceException;
import io.penstock.engine.scope.Scope;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * Converts starting positions to offsets and offsets to iterators. Stateless, thread-safe. A search by time reads the
 * disk.
 */
public final class Positions {
    /** How long an iterator is valid. */
    public static final Duration ITERATOR_LIFETIME = Duration.ofMinutes(5);

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("EEE MMM dd HH:mm:ss 'UTC' yyyy", Locale.ROOT);

    private final Streams streams;
    private final AgeClock clock;

    public Positions(Streams streams, AgeClock clock) {
        this.streams = streams;
        this.clock = clock;
    }

    /** A place in a shard. */
    public record Position(LiveStream stream, Shard shard, long offset) {}

    /** The offset at which reading from this starting position begins. */
    public Position find(LiveStream stream, Shard shard, Start start) throws IOException {
        long offset;
        if (start instanceof Start.AtSequenceNumber at) {
            offset = offsetOf(at.sequenceNumber(), stream, shard);
        } else if (start instanceof Start.AfterSequenceNumber after) {
            offset = offsetOf(after.sequenceNumber(), stream, shard) + 1;
        } else if (start instanceof Start.AtTimestamp at) {
            offset = stream.log().find(shard.index(), clock.firstOf(requirePast(at.epochMillis())));
        } else if (start instanceof Start.Latest) {
            offset = stream.log().durableEnd();
        } else {
            offset = shard.startOffset();
        }
        return new Position(stream, shard, offset);
    }

    private long offsetOf(String text, LiveStream stream, Shard shard) {
        SequenceNumber number = SequenceNumber.parse(text)
                .filter(parsed -> parsed.created() == stream.meta().createdAt())
                .orElseThrow(() -> ServiceException.invalidArgument("StartingSequenceNumber " + text
                        + " used in GetShardIterator on shard " + shard.id() + " in stream "
                        + stream.meta().name() + " under account "
                        + stream.meta().scope().account() + " is invalid because it did not come from this stream."));
        if (number.shard() != shard.index()) {
            throw ServiceException.invalidArgument("Invalid StartingSequenceNumber. It encodes "
                    + Shard.id(number.shard()) + ", while it was used in a call to a shard with " + shard.id());
        }
        return number.offset();
    }

    private long requirePast(long epochMillis) {
        long now = clock.date();
        if (epochMillis > now) {
            throw ServiceException.invalidArgument("The timestampInMillis parameter cannot be greater than the"
                    + " currentTimestampInMillis. timestampInMillis: " + epochMillis + ", currentTimestampInMillis: "
                    + now);
        }
        return epochMillis;
    }

    /** An iterator for a place. */
    public String iterator(Position position) {
        StreamMeta meta = position.stream().meta();
        return new IteratorToken(meta.id(), position.shard().index(), position.offset(), clock.millis())
                .encode(meta.secret());
    }

    /**
     * The place that an iterator names.
     *
     * @param scope of the call; an iterator is used in the region in which it was given out
     */
    public Position resolve(String iterator, Scope scope) {
        IteratorToken token = IteratorToken.read(iterator).orElseThrow(Positions::invalidIterator);
        LiveStream stream = streams.findById(token.streamId())
                .orElseThrow(() -> ServiceException.notFound(
                        "The stream of this shard iterator no longer exists under account " + scope.account() + "."));
        if (!stream.meta().scope().region().equals(scope.region())
                || !IteratorToken.isSigned(iterator, stream.meta().secret())) {
            throw invalidIterator();
        }
        long now = clock.millis();
        if (now - token.issued() > ITERATOR_LIFETIME.toMillis()) {
            throw new ServiceException(
                    ErrorType.EXPIRED_ITERATOR,
                    "Iterator expired. The iterator was created at time " + time(clock.dateOf(token.issued()))
                            + " while right now it is " + time(clock.date())
                            + " which is further in the future than the tolerated delay of "
                            + ITERATOR_LIFETIME.toMillis() + " milliseconds.");
        }
        Shard shard = stream.meta()
                .shard(token.shard())
                .orElseThrow(() -> ServiceException.notFound("Shard " + Shard.id(token.shard()) + " in stream "
                        + stream.meta().name() + " under account "
                        + stream.meta().scope().account() + " has expired."));
        return new Position(stream, shard, token.offset());
    }

    private static ServiceException invalidIterator() {
        return ServiceException.invalidArgument("Invalid ShardIterator.");
    }

    private static String time(long epochMillis) {
        return TIME.format(Instant.ofEpochMilli(epochMillis).atOffset(ZoneOffset.UTC));
    }

    /** Where reading begins, as GetShardIterator and SubscribeToShard specify it. */
    public sealed interface Start {
        record AtSequenceNumber(String sequenceNumber) implements Start {}

        record AfterSequenceNumber(String sequenceNumber) implements Start {}

        record TrimHorizon() implements Start {}

        record Latest() implements Start {}

        /** The first record stored at or after this time, in epoch milliseconds. */
        record AtTimestamp(long epochMillis) implements Start {}
    }
}
