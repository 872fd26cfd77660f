package io.penstock.engine.api;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpResponseWriter;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.penstock.base.memory.TransferPace;
import io.penstock.engine.fault.ErrorType;
import io.penstock.engine.http.Connections;
import io.penstock.engine.stream.Consumer;
import io.penstock.engine.stream.LiveStream;
import io.penstock.engine.stream.Positions;
import io.penstock.engine.stream.SequenceNumber;
import io.penstock.engine.stream.Shard;
import io.penstock.engine.stream.ShardReader;
import io.penstock.engine.stream.StreamMeta;
import io.penstock.engine.watch.Readers;
import io.penstock.engine.wire.Answer;
import io.penstock.engine.wire.Codec;
import io.penstock.engine.wire.EventMessage;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One SubscribeToShard call: pushes the durable records of a shard to a consumer.
 *
 * <p>Any thread may call {@link #signal}; the work runs on the blocking executor, on one thread at a time, which owns
 * {@link #next}. The next event is read only after the socket has taken the previous one, so a slow consumer costs one
 * event of memory: two mebibytes of records, or one record. While the memory of all subscriptions is used up, this
 * subscription waits, and subscriptions whose clients do not read are dropped.
 */
final class Subscription implements LiveStream.Observer {
    /** How long a subscription lasts; afterwards the consumer subscribes again. */
    static final Duration LIFETIME = Duration.ofMinutes(5);

    private static final Logger LOG = LoggerFactory.getLogger(Subscription.class);
    private static final String EVENT = "SubscribeToShardEvent";
    private static final int MOST_RECORDS = 10_000;
    private static final long MOST_BYTES = 2L << 20;
    private static final long LEAST_BYTES = 1 << 16;

    /** Consumers treat a long silence as a broken connection. */
    private static final long HEARTBEAT_NANOS = Duration.ofSeconds(5).toNanos();

    // For the subscription.
    private final Context context;
    private final Codec codec;
    private final Consumer consumer;
    private final Readers.Reader asReader;
    private final int shardIndex;
    private final LiveStream stream;
    private final HttpResponseWriter writer;
    private final ServiceRequestContext request;
    private final Executor executor;
    private final ShardReader reader;
    private final long startedAt;

    // Any thread.
    private final AtomicInteger signals = new AtomicInteger();
    private final AtomicBoolean waitsForMemory = new AtomicBoolean();
    private volatile boolean superseded;

    // For the event that is written.
    private volatile boolean writing;
    /** The memory of the event that the socket has not taken yet. */
    private final AtomicReference<@Nullable AnswerHold> held = new AtomicReference<>();

    private volatile long lastEvent = System.nanoTime();

    // Of the thread that works.
    private long refusalsSeen;
    private long next;

    Subscription(
            Context context,
            Codec codec,
            Consumer consumer,
            Positions.Position start,
            HttpResponseWriter writer,
            ServiceRequestContext request) {
        this.context = context;
        this.codec = codec;
        this.consumer = consumer;
        this.asReader = new Readers.Reader(Readers.Kind.FAN_OUT, consumer.name(), "");
        this.shardIndex = start.shard().index();
        this.stream = start.stream();
        this.next = start.offset();
        this.writer = writer;
        this.request = request;
        this.executor = request.blockingTaskExecutor();
        this.reader = new ShardReader(context.clock());
        this.startedAt = context.clock().millis();
    }

    long startedAt() {
        return startedAt;
    }

    boolean isOver() {
        return !writer.isOpen();
    }

    /** Begins the subscription; the response's headers have been written. */
    @SuppressWarnings("FutureReturnValueIgnored") // the result is not needed
    void start() {
        stream.observe(this);
        writer.whenComplete().handle((done, failure) -> {
            stream.unobserve(this);
            gone();
            return null;
        });
        write(EventMessage.event("initial-response", codec, Answer.begin(codec).end()));
        signal();
    }

    /** Ends the subscription because another call of the same consumer has taken over the shard. */
    void supersede() {
        superseded = true;
        signal();
    }

    /** Ends the subscription because the engine stops. */
    void end() {
        writer.close();
    }

    /** Periodic work, called about once a second. */
    void tick() {
        if (isUnread()) {
            context.meters().dropped("subscription", String.valueOf(request.remoteAddress()));
            drop();
        } else if (isHeartbeatDue() || isExpired() || waitsForMemory.get()) {
            signal();
        }
    }

    private boolean isUnread() {
        long refusals = context.memory().subscriptions().refusals();
        boolean isShort = refusals != refusalsSeen;
        refusalsSeen = refusals;
        AnswerHold memory = held.get();
        return writing
                && TransferPace.isTooSlow(System.nanoTime() - lastEvent, memory == null ? 0 : memory.bytes(), isShort);
    }

    /**
     * With HTTP/2 only the stream is reset, and other calls of the connection continue; with HTTP/1.1 the connection is
     * closed.
     */
    private void drop() {
        writer.abort();
        if (!request.sessionProtocol().isMultiplex()) {
            Connections.close(request);
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
                // The engine is closing and will close the connection.
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
                context.meters().readFailed(stream.meta().name(), consumer.name(), e);
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
        AnswerHold memory = new AnswerHold(context.memory().subscriptions());
        boolean sent = false;
        try {
            sent = push(meta, shard, memory);
        } finally {
            if (!sent) {
                memory.release();
            }
        }
    }

    /** Sends the next event. Returns true if one was sent; it then owns {@code memory}. */
    private boolean push(StreamMeta meta, Shard shard, AnswerHold memory) throws IOException {
        Answer event = Answer.begin(codec).list("Records");
        RecordWriter records = new RecordWriter(event, meta, context.clock(), memory);
        ShardReader.Result result =
                reader.read(new Positions.Position(stream, shard, next), MOST_RECORDS, fairShare(), records.of(shard));
        if (result.count() == 0 && records.cutShort()) {
            awaitMemory(memory.missing());
        }
        next = result.next();
        if (result.count() == 0 && !result.ended() && !isHeartbeatDue()) {
            return false;
        }
        context.meters().read(result.count(), records.bytes());
        context.watch().traffic().of(meta.id()).shard(shardIndex).out(result.count(), records.bytes());
        context.watch()
                .readers()
                .read(meta.id(), shardIndex, asReader, result.count(), records.bytes(), result.millisBehind());
        event.endList().whole("MillisBehindLatest", result.millisBehind());
        if (result.ended()) {
            Descriptions.childShards(event, shard, meta);
        } else {
            event.text(
                    "ContinuationSequenceNumber",
                    new SequenceNumber(meta.createdAt(), next - 1, shardIndex).toString());
        }
        byte[] message = EventMessage.event(EVENT, codec, event.end());
        memory.settle(message.length);
        held.set(memory);
        write(message);
        if (result.ended()) {
            writer.close();
        }
        return true;
    }

    /**
     * Waits for memory. Each tick checks again too, and so reports that memory is short while the client does not read.
     */
    private void awaitMemory(long bytes) {
        if (waitsForMemory.compareAndSet(false, true)) {
            context.memory().subscriptions().whenFree(bytes, () -> {
                waitsForMemory.set(false);
                signal();
            });
        }
    }

    /**
     * A share of the free memory, as bytes of records; never less than a minimum, so that every subscription
     * progresses.
     */
    private long fairShare() {
        return Math.min(
                MOST_BYTES,
                Math.max(LEAST_BYTES, context.memory().subscriptions().free() / 16));
    }

    private void fail(ErrorType type, String message) {
        byte[] payload = Answer.begin(codec).text("message", message).end();
        write(EventMessage.exception(type.wireName(), codec, payload));
        writer.close();
    }

    /**
     * Sends one message. The writer reports that an object was taken once the socket has all objects before it; so an
     * empty object follows the message.
     */
    @SuppressWarnings("FutureReturnValueIgnored") // the result is not needed
    private void write(byte[] message) {
        lastEvent = System.nanoTime();
        writing = true;
        if (writer.tryWrite(HttpData.wrap(message)) && writer.tryWrite(HttpData.empty())) {
            writer.whenConsumed().thenRun(() -> {
                gone();
                signal();
            });
        } else {
            gone();
        }
    }

    private void gone() {
        writing = false;
        AnswerHold memory = held.getAndSet(null);
        if (memory != null) {
            memory.release();
        }
    }
}
