package io.penstock.engine.junit;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.penstock.engine.StreamEngine;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;

/** Test classes that {@link EngineExtensionTest} runs; their names keep the build from running them. */
final class Cases {
    /** Every engine that a case has seen. */
    static final Queue<StreamEngine> SEEN = new ConcurrentLinkedQueue<>();

    private Cases() {}

    static void put(KinesisClient kinesis, String data) {
        kinesis.putRecord(r -> r.streamName("orders").partitionKey("k").data(SdkBytes.fromUtf8String(data)));
    }

    static List<String> streams(KinesisClient kinesis) {
        return kinesis.listStreams().streamNames();
    }

    @WithEngine(streams = {@EngineStream(name = "orders"), @EngineStream(name = "far", region = "eu-west-1")})
    static class ForEachMethod {
        private StreamEngine before;

        @BeforeEach
        void prepare(StreamEngine engine) {
            before = engine;
            SEEN.add(engine);
        }

        @RepeatedTest(3)
        void hasItsOwnEmptyStreams(StreamEngine engine, KinesisClient kinesis) {
            assertSame(before, engine);
            assertEquals(List.of("orders"), streams(kinesis));
            assertEquals(2, engine.streamCount());
            kinesis.createStream(r -> r.streamName("left-behind").shardCount(1));
        }

        @ParameterizedTest
        @ValueSource(ints = {1, 2})
        void isBesideOtherParameters(int number, StreamEngine engine) {
            assertSame(before, engine);
            assertEquals(2, engine.streamCount());
        }
    }

    @WithEngine(
            lifetime = EngineLifetime.CLASS,
            region = "eu-central-1",
            streams = @EngineStream(name = "orders", shards = 3))
    static class ForTheClass {
        private static StreamEngine atFirst;

        @BeforeAll
        static void prepare(StreamEngine engine, URI endpoint) {
            atFirst = engine;
            SEEN.add(engine);
            assertEquals(engine.address().getPort(), endpoint.getPort());
        }

        @RepeatedTest(3)
        void sharesTheEngine(StreamEngine engine, KinesisClient one, KinesisAsyncClient other, URI endpoint) {
            assertSame(atFirst, engine);
            put(one, "x");
            var summary =
                    other.describeStreamSummary(r -> r.streamName("orders")).join();
            assertEquals(3, summary.streamDescriptionSummary().openShardCount());
            assertEquals(
                    "eu-central-1",
                    summary.streamDescriptionSummary().streamARN().split(":")[3]);
            assertEquals("127.0.0.1", endpoint.getHost());
        }

        @Nested
        class Inside {
            @Test
            void hasTheEngineOfTheClassAround(StreamEngine engine) {
                assertSame(atFirst, engine);
            }
        }

        @Nested
        @WithEngine
        class WithItsOwn {
            @Test
            void hasAnother(StreamEngine engine) {
                SEEN.add(engine);
                assertNotSame(atFirst, engine);
                assertEquals(0, engine.streamCount());
            }
        }
    }

    @WithEngine(lifetime = EngineLifetime.CLASS)
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    static class InTheConstructor {
        private final StreamEngine given;

        InTheConstructor(StreamEngine engine) {
            given = engine;
            SEEN.add(engine);
        }

        @Test
        void isTheSame(StreamEngine engine) {
            assertSame(given, engine);
        }
    }

    static class InAnInstanceField {
        @RegisterExtension
        final EngineExtension engine =
                EngineExtension.builder().lifetime(EngineLifetime.CLASS).build();

        @RepeatedTest(2)
        void isForOneTest(StreamEngine given) {
            assertEquals(0, given.streamCount());
            SEEN.add(given);
        }
    }

    @WithEngine(streams = @EngineStream(name = "orders"))
    static class Retained {
        @Test
        void isGoneADayLater(StreamEngine engine, KinesisClient kinesis, EngineClock clock) {
            SEEN.add(engine);
            put(kinesis, "kept for a day");
            assertEquals(1, records(kinesis));
            clock.advance(Duration.ofHours(25));
            await().until(() -> records(kinesis) == 0);
            put(kinesis, "new");
            assertEquals(1, records(kinesis));
        }

        private static int records(KinesisClient kinesis) {
            String from = kinesis.getShardIterator(r -> r.streamName("orders")
                            .shardId("shardId-000000000000")
                            .shardIteratorType(ShardIteratorType.TRIM_HORIZON))
                    .shardIterator();
            return kinesis.getRecords(r -> r.shardIterator(from)).records().size();
        }
    }

    @WithEngine
    static class TooEarly {
        @BeforeAll
        static void prepare(StreamEngine engine) {}

        @Test
        void neverRuns() {}
    }

    @WithEngine(streams = @EngineStream(name = "a stream with spaces"))
    static class BadStream {
        @Test
        void neverRuns() {}
    }

    static class BadSettings {
        @RegisterExtension
        static final EngineExtension ENGINE = EngineExtension.builder()
                .settings(base -> base.withAccount("none"))
                .build();

        @Test
        void neverRuns() {}
    }
}
