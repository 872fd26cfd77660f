package io.penstock.engine.put;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.penstock.base.time.AgeClock;
import io.penstock.engine.ManualClock;
import io.penstock.engine.fault.ServiceException;
import io.penstock.engine.limit.StreamLimits;
import io.penstock.engine.meter.EngineMeters;
import io.penstock.engine.scope.Scope;
import io.penstock.engine.store.LocalStreamStore;
import io.penstock.engine.stream.LiveStream;
import io.penstock.engine.stream.StreamMode;
import io.penstock.engine.stream.StreamNames;
import io.penstock.engine.stream.StreamOptions;
import io.penstock.engine.stream.Streams;
import io.penstock.engine.watch.ShardTraffic;
import io.penstock.engine.watch.Traffic;
import io.penstock.engine.wire.Codec;
import io.penstock.engine.wire.KinesisModel;
import io.penstock.journal.LogSettings;
import io.penstock.journal.LogSystem;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PutsTest {
    private static final String RIGHT = "{\"Data\":\"AAAA\",\"PartitionKey\":\"k\"}";
    private static final String ESCAPED = "{\"Data\":\"AAAA\",\"\\u0050artitionKey\":\"k\"}";
    private static final String DATALESS = "{\"PartitionKey\":\"k\"}";

    private static final Scope OWN = new Scope("000000000000", "us-east-1");

    @TempDir
    Path root;

    private final AgeClock clock = AgeClock.of(new ManualClock());
    private final LogSystem logs = LogSystem.create(clock);
    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final EventLoop loop = group.next();
    private final Queue<Runnable> work = new ArrayDeque<>();
    private final List<String> answers = new CopyOnWriteArrayList<>();
    private Streams streams;
    private LiveStream stream;
    private Puts puts;

    private final Traffic traffic = new Traffic();

    @BeforeEach
    void open() throws IOException {
        streams = Streams.open(
                LocalStreamStore.open(root, logs, new LogSettings(Long.MAX_VALUE, 0)),
                clock,
                new Ignoring(),
                new Streams.Limits(10, 10, OWN));
        stream = streams.create(OWN, "s", 1, StreamOptions.of(StreamMode.PROVISIONED, 24), Duration.ZERO);
        puts = new Puts(new EnginePuts(
                new StreamNames(streams),
                OWN,
                new StreamLimits(false, clock),
                new EngineMeters(new SimpleMeterRegistry()),
                traffic));
    }

    @AfterEach
    void close() throws IOException {
        streams.close();
        logs.close();
        group.shutdownGracefully();
    }

    @Test
    void aLargeWrongBodyIsReadAgainOffTheEventLoop() throws Exception {
        put("s", DATALESS, 4_000);
        assertEquals(List.of(), answers);
        work.remove().run();
        assertEquals(1, answers.size());
        assertTrue(answers.get(0).contains("member.data"), answers.get(0));
    }

    @Test
    void aLargeBodyThatIsRightInAnUnusualWayIsReadOffTheEventLoopAndStored() throws Exception {
        put("s", ESCAPED, 4_000);
        assertEquals(List.of(), answers);
        work.remove().run();
        await().until(() -> answers.size() == 1);
        assertTrue(answers.get(0).startsWith("stored"), answers.get(0));
        assertEquals(499, stream.log().durableEnd());
    }

    @Test
    void aLargeBodyForAStreamThatIsNotThereIsReadOffTheEventLoop() throws Exception {
        put("t", RIGHT, 4_000);
        assertEquals(List.of(), answers);
        work.remove().run();
        assertTrue(answers.get(0).contains("not found"), answers.get(0));
    }

    @Test
    void aSmallBodyNeedsNoOtherThread() throws Exception {
        put("s", DATALESS, 0);
        put("s", ESCAPED, 0);
        await().until(() -> answers.size() == 2);
        assertTrue(work.isEmpty());
    }

    @Test
    void countsTheRecordsAndBytesThatAShardTook() throws Exception {
        put("s", RIGHT, 4_000);
        put("s", RIGHT, 0);
        await().until(() -> answers.size() == 2);
        ShardTraffic.Totals taken = traffic.of(stream.meta().id()).totals().get(0);
        assertEquals(new ShardTraffic.Totals(500, 498L * (1 + 3 * 50) + 2 * (1 + 3), 0, 0), taken);
    }

    @Test
    void anAnswerThatThrowsHarmsNoOtherAnswer() throws Exception {
        stream.observe(new LiveStream.Observer() {
            @Override
            public void durable(long end) {
                throw new IllegalStateException("a defect");
            }

            @Override
            public void changed() {
                throw new IllegalStateException("a defect");
            }
        });
        onLoop(() -> {
            for (int i = 0; i < 4; i++) {
                boolean throwing = i % 2 == 0;
                puts.put(call("s", RIGHT, 0, new Puts.Reply() {
                    @Override
                    public void answered(byte[] body) {
                        if (throwing) {
                            throw new IllegalStateException("a defect");
                        }
                        answers.add("stored");
                    }

                    @Override
                    public void refused(ServiceException refusal) {
                        answers.add(refusal.toString());
                    }
                }));
            }
        });
        await().until(() -> answers.size() == 2);
        put("s", RIGHT, 0);
        await().until(() -> answers.size() == 3);
        assertTrue(answers.stream().allMatch(answer -> answer.startsWith("stored")), answers.toString());
    }

    private void put(String name, String record, int padding) throws Exception {
        onLoop(() -> puts.put(call(name, record, padding, new Puts.Reply() {
            @Override
            public void answered(byte[] body) {
                answers.add("stored " + new String(body, StandardCharsets.UTF_8));
            }

            @Override
            public void refused(ServiceException refusal) {
                answers.add(refusal.toString());
            }
        })));
    }

    /** A call whose last record is {@code record}, behind 498 valid ones of {@code padding} bytes if that is not 0. */
    private Puts.Call call(String name, String record, int padding, Puts.Reply reply) {
        StringBuilder body =
                new StringBuilder("{\"StreamName\":\"").append(name).append("\",\"Records\":[");
        if (padding > 0) {
            for (int i = 0; i < 498; i++) {
                body.append(RIGHT.replace("AAAA", "AAAA".repeat(padding / 80))).append(',');
            }
        }
        body.append(record).append("]}");
        return new Puts.Call(
                body.toString().getBytes(StandardCharsets.UTF_8),
                Codec.JSON,
                KinesisModel.PUT_RECORDS,
                false,
                "",
                InetSocketAddress.createUnresolved("client", 1),
                loop,
                work::add,
                reply);
    }

    private void onLoop(Runnable task) throws Exception {
        loop.submit(task).get();
    }

    private static final class Ignoring implements Streams.Events {
        @Override
        public void failed(String name, Throwable cause) {}

        @Override
        public void unusable(String reason) {}

        @Override
        public void recordsLost(String name, long from, long to) {}
    }
}
