package io.penstock.engine.api;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpResponseWriter;
import io.penstock.engine.fault.ErrorType;
import io.penstock.engine.stream.Consumer;
import io.penstock.engine.stream.LiveStream;
import io.penstock.engine.stream.Positions;
import io.penstock.engine.stream.SequenceNumber;
import io.penstock.engine.stream.Shard;
import io.penstock.engine.stream.ShardReader;
import io.penstock.engine.stream.StreamMeta;
import io.penstock.engine.stream.StreamObserver;
import io.penstock.engine.wire.Answer;
import io.penstock.engine.wire.Codec;
import io.penstock.engine.wire.EventMessage;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One SubscribeToShard call under way: pushes what becomes durable in a shard to a consumer.
 *
 * <p>Any thread may {@link #signal}; the work is done on the blocking executor by one thread at a time, which owns
 * {@link #next}. The next event is read only after the one before has gone to the socket, so that a slow consumer costs
 * one event of memory: two mebibytes of records, or one record.
 */
final class Subscription implements StreamObserver {
    /** How long a subscription lasts; the consumer then subscribes again. */
    static final Duration LIFETIME = Duration.ofMinutes(5);

    private static final Logger LOG = LoggerFactory.getLogger(Subscription.class);
    private static final String EVENT = "SubscribeToShardEvent";
    private static final int MOST_RECORDS = 10_000;
    private static final long MOST_BYTES = 2L << 20;

    /** Consumers take a long silence for a broken connection. */
    private static final long HEARTBEAT_NANOS = Duration.ofSeconds(5).toNanos();

    private final Context context;
    private final Codec codec;
    private final Consumer consumer;
    private final int shardIndex;
    private final LiveStream stream;
    private final HttpResponseWriter writer;
    private final Executor executor;
    private final ShardReader reader;
    private final long startedAt;
    private final AtomicInteger signals = new AtomicInteger();
    private volatile boolean writing;
    private volatile boolean superseded;
    private volatile long lastEvent = System.nanoTime();
    private long next;

    Subscription(
            Context context,
            Codec codec,
            Consumer consumer,
            Positions.Position start,
            HttpResponseWriter writer,
            Executor executor) {
        this.context = context;
        this.codec = codec;
        this.consumer = consumer;
        this.shardIndex = start.shard().index();
        this.stream = start.stream();
        this.next = start.offset();
        this.writer = writer;
        this.executor = executor;
        this.reader = new ShardReader(context.clock());
        this.startedAt = context.clock().millis();
    }

    long startedAt() {
        return startedAt;
    }

    boolean isOver() {
        return !writer.isOpen();
    }

    /** Begins; the response's headers have been written. */
    @SuppressWarnings("FutureReturnValueIgnored") // nobody waits for it
    void start() {
        stream.observe(this);
        writer.whenComplete().handle((done, failure) -> {
            stream.unobserve(this);
            return null;
        });
        write(EventMessage.event("initial-response", codec, Answer.begin(codec).end()));
        signal();
    }

    /** Another call of the same consumer has taken the shard over. */
    void supersede() {
        superseded = true;
        signal();
    }

    /** The engine is stopping. */
    void end() {
        writer.close();
    }

    /** Called about once a second. */
    void tick() {
        if (isHeartbeatDue() || isExpired()) {
            signal();
        }
    }

    private boolean isHeartbeatDue() {
        return System.nanoTime() - lastEvent > HEARTBEAT_NANOS;
    }

    private boolean isExpired() {
        return context.clock().millis() - startedAt >= LIFETIME.toMillis();
    }

    @Override
    public void durable(long end) {
        signal();
    }

    @Override
    public void changed() {
        signal();
    }

    private void signal() {
        if (signals.getAndIncrement() == 0) {
            try {
                executor.execute(this::work);
            } catch (RejectedExecutionException e) {
                // The engine is closing and takes the connection with it.
                LOG.debug("closing", e);
            }
        }
    }

    private void work() {
        int seen = signals.get();
        do {
            try {
                step();
            } catch (IOException | RuntimeException e) {
                LOG.error(
                        "stream {}: reading for consumer {} failed",
                        stream.meta().name(),
                        consumer.name(),
                        e);
                fail(ErrorType.INTERNAL_FAILURE, "The engine could not read the shard; its log says why.");
            }
            seen = signals.addAndGet(-seen);
        } while (seen != 0);
    }

    private void step() throws IOException {
        if (isOver()) {
            return;
        }
        StreamMeta meta = stream.meta();
        Optional<Shard> shard = meta.shard(shardIndex);
        if (superseded) {
            fail(ErrorType.RESOURCE_IN_USE, "Another subscription of consumer " + consumer.name() + " has taken over.");
        } else if (stream.isGone()
                || shard.isEmpty()
                || Consumers.find(meta, consumer.name()).isEmpty()) {
            fail(ErrorType.RESOURCE_NOT_FOUND, "The stream, its shard or the consumer is no longer there.");
        } else if (isExpired()) {
            writer.close();
        } else if (!writing) {
            push(meta, shard.get());
        }
    }

    private void push(StreamMeta meta, Shard shard) throws IOException {
        Answer event = Answer.begin(codec).list("Records");
        RecordWriter records = new RecordWriter(event, meta);
        ShardReader.Result result = reader.read(
                new Positions.Position(stream, shard, next),
                MOST_RECORDS,
                context.budget().share(MOST_BYTES),
                records.of(shard));
        next = result.next();
        if (result.count() == 0 && !result.ended() && !isHeartbeatDue()) {
            return;
        }
        context.meters().read(result.count(), records.bytes());
        event.endList().whole("MillisBehindLatest", result.millisBehind());
        if (result.ended()) {
            Descriptions.childShards(event, shard, meta);
        } else {
            event.text(
                    "ContinuationSequenceNumber",
                    new SequenceNumber(meta.createdAt(), next - 1, shardIndex).toString());
        }
        write(EventMessage.event(EVENT, codec, event.end()));
        if (result.ended()) {
            writer.close();
        }
    }

    private void fail(ErrorType type, String message) {
        byte[] payload = Answer.begin(codec).text("message", message).end();
        write(EventMessage.exception(type.wireName(), codec, payload));
        writer.close();
    }

    @SuppressWarnings("FutureReturnValueIgnored") // nobody waits for it
    private void write(byte[] message) {
        lastEvent = System.nanoTime();
        if (writer.tryWrite(HttpData.wrap(message))) {
            writing = true;
            writer.whenConsumed().thenRun(() -> {
                writing = false;
                signal();
            });
        }
    }
}
