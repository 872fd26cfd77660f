package io.penstock.engine.put;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.EventLoop;
import io.penstock.engine.fault.ServiceException;
import io.penstock.engine.limit.WriteLimits;
import io.penstock.engine.meter.EngineMeters;
import io.penstock.engine.store.StreamLog;
import io.penstock.engine.store.StreamStore;
import io.penstock.engine.stream.LiveStream;
import io.penstock.engine.stream.OpenedStream;
import io.penstock.engine.stream.SequenceNumber;
import io.penstock.engine.watch.Traffic;
import io.penstock.engine.wire.Codec;
import io.penstock.journal.EntryBlock;
import io.penstock.journal.EntryVisitor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A put lane with its log and its event loop: one thread calls the loop's methods, another one the log's. */
final class PutLaneScene {
    private static final OpenedStream STREAM = new OpenedStream();
    private static final EngineMeters METERS = new EngineMeters(new SimpleMeterRegistry());

    /** The beginning of the answer to a PutRecord. */
    private static final String NUMBER = "{\"SequenceNumber\":\"";

    private final Log log = new Log();
    private final Tasks tasks = new Tasks();
    private final LiveStream stream = STREAM.in(new Store(log));
    private final List<String> told = new ArrayList<>();
    private final StreamPuts puts = new StreamPuts(
            stream,
            new WriteLimits(false, OpenedStream.CLOCK),
            METERS,
            new Traffic().of("s"),
            () -> new EntryBlock(64, 1024),
            () -> {});
    private final PutLane lane = puts.lane(tasks.loop());

    PutLaneScene(boolean room) {
        log.room = room;
    }

    /** On the event loop: two puts of one record each, numbered 0 and 1. */
    void putTwice() {
        put(0);
        tasks.runAll();
        put(1);
        tasks.runAll();
    }

    private void put(int number) {
        PutBatch batch = new PutBatch();
        batch.write(new byte[] {'k', 'd'}, 0, 2);
        batch.add(0, 1, 1, 1, 0, 0, false);
        lane.submit(batch, new PutAnswer(Codec.JSON, true, stream.meta(), METERS, new Reply(number)));
    }

    /** On the log's thread: there is room from now on. */
    void makeRoom() {
        log.room = true;
        puts.changed();
    }

    /** On the log's thread: the appended records are durable. */
    void sync() {
        long end = log.appended;
        if (end > log.end) {
            log.end = end;
            puts.durable(end);
        }
    }

    /** On the log's thread: the log closes. */
    void close() {
        log.closed = true;
        try {
            stream.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        puts.changed();
    }

    /** After both threads have ended: the results that the replies received, in order. */
    String end() {
        tasks.runAll();
        if (!log.closed) {
            sync();
            tasks.runAll();
        }
        return String.join(", ", told);
    }

    private final class Reply implements Puts.Reply {
        private final int number;

        Reply(int number) {
            this.number = number;
        }

        @Override
        public void answered(byte[] body) {
            String text = new String(body, StandardCharsets.UTF_8);
            String sequence = text.substring(NUMBER.length(), text.indexOf('"', NUMBER.length()));
            long offset = SequenceNumber.parse(sequence).orElseThrow().offset();
            boolean durable = offset == number && number < log.end;
            told.add((durable ? "stored " : "not durable ") + number);
        }

        @Override
        public void refused(ServiceException refusal) {
            told.add("refused " + number);
        }
    }

    /** A log in memory; the scene decides what is durable. */
    private static final class Log implements StreamLog {
        private volatile boolean room;
        private volatile boolean closed;
        private volatile long appended;
        private volatile long end;

        @Override
        public long append(long epoch, EntryBlock block) {
            if (closed) {
                return CLOSED;
            }
            if (!room) {
                return BUSY;
            }
            long first = appended;
            appended = first + block.count();
            return first;
        }

        @Override
        public long durableEnd() {
            return end;
        }

        @Override
        public long startOffset() {
            return 0;
        }

        @Override
        public void close() {}

        @Override
        public long seal(long epoch) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long read(int shard, long from, EntryVisitor visitor) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long readAll(long from, int maxBytes, EntryVisitor visitor) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long find(int shard, long stamp) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long find(long stamp) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void trim(long offset) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long endOffset() {
            return appended;
        }

        @Override
        public long sizeBytes() {
            return 0;
        }
    }

    /** A store with this one log. */
    private record Store(Log log) implements StreamStore {
        @Override
        public StreamLog open(String stream, StreamLog.Listener listener) {
            return log;
        }

        @Override
        public List<StreamStore.Stored> list() {
            return List.of();
        }

        @Override
        public Collection<String> damage() {
            return List.of();
        }

        @Override
        public Optional<String> damage(String stream) {
            return Optional.empty();
        }

        @Override
        public long put(String stream, long expected, byte[] metadata) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void drop(String stream) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {}
    }

    /** The tasks of the event loop, whose thread is the one that calls {@link #runAll}. No timer fires. */
    private static final class Tasks implements InvocationHandler {
        private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

        EventLoop loop() {
            return (EventLoop)
                    Proxy.newProxyInstance(EventLoop.class.getClassLoader(), new Class<?>[] {EventLoop.class}, this);
        }

        @Override
        public Object invoke(Object proxy, Method method, Object[] arguments) {
            return switch (method.getName()) {
                case "execute" -> {
                    tasks.add((Runnable) arguments[0]);
                    yield null;
                }
                case "schedule" -> null;
                case "isShuttingDown" -> false;
                case "inEventLoop" -> true;
                case "hashCode" -> System.identityHashCode(proxy);
                case "equals" -> proxy == arguments[0];
                default -> throw new UnsupportedOperationException(method.toString());
            };
        }

        void runAll() {
            for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                task.run();
            }
        }
    }
}
