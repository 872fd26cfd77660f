package io.penstock.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.ProtocolNegotiation;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.ResourceInUseException;
import software.amazon.awssdk.services.kinesis.model.ResourceNotFoundException;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;
import software.amazon.awssdk.services.kinesis.model.StartingPosition;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardEvent;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardResponseHandler;

/** Enhanced fan-out, with the AWS SDK for Java. */
class SubscribeTest {
    private static final String FIRST = "shardId-000000000000";

    private final ManualClock clock = new ManualClock();
    private StreamEngine engine;
    private KinesisAsyncClient client;
    private String consumerArn;

    @BeforeEach
    void start() throws IOException {
        engine = StreamEngine.start(EngineSettings.ephemeral().withClock(clock).withTls(new Tls.Generated(List.of())));
        client = Sdk.client(engine)
                .overrideConfiguration(o -> o.retryStrategy(r -> r.maxAttempts(1)))
                .build();
        client.createStream(r -> r.streamName("s").shardCount(1)).join();
        String arn = client.describeStreamSummary(r -> r.streamName("s"))
                .join()
                .streamDescriptionSummary()
                .streamARN();
        consumerArn = client.registerStreamConsumer(r -> r.streamARN(arn).consumerName("c"))
                .join()
                .consumer()
                .consumerARN();
    }

    @AfterEach
    void close() throws IOException {
        // In this order: the SDK waits five seconds for open subscriptions.
        engine.close();
        client.close();
    }

    private void put(String... data) {
        for (String one : data) {
            client.putRecord(r -> r.streamName("s").partitionKey("k").data(SdkBytes.fromUtf8String(one)))
                    .join();
        }
    }

    private static final class Events {
        private final List<SubscribeToShardEvent> all = new CopyOnWriteArrayList<>();
        private CompletableFuture<Void> end = new CompletableFuture<>();

        List<String> data() {
            List<String> data = new ArrayList<>();
            all.forEach(event ->
                    event.records().forEach(record -> data.add(record.data().asUtf8String())));
            return data;
        }

        SubscribeToShardEvent last() {
            return all.get(all.size() - 1);
        }
    }

    private Events subscribe(StartingPosition from) {
        return subscribe(client, from);
    }

    private Events subscribe(KinesisAsyncClient by, StartingPosition from) {
        Events events = new Events();
        SubscribeToShardResponseHandler handler = SubscribeToShardResponseHandler.builder()
                .subscriber(event -> {
                    if (event instanceof SubscribeToShardEvent records) {
                        events.all.add(records);
                    }
                })
                .build();
        events.end = by.subscribeToShard(
                r -> r.consumerARN(consumerArn).shardId(FIRST).startingPosition(from), handler);
        return events;
    }

    private Events subscribe(ShardIteratorType type) {
        return subscribe(StartingPosition.builder().type(type).build());
    }

    private static Throwable failureOf(Events events) {
        return assertThrows(CompletionException.class, events.end::join).getCause();
    }

    @Test
    void whatIsThereAndWhatComesIsPushed() {
        put("a", "b");
        Events events = subscribe(ShardIteratorType.TRIM_HORIZON);
        Awaitility.await().until(() -> events.data().size() == 2);
        put("c");
        Awaitility.await().untilAsserted(() -> assertEquals(List.of("a", "b", "c"), events.data()));
        assertEquals(0, events.last().millisBehindLatest());
    }

    @ParameterizedTest
    @EnumSource(ProtocolNegotiation.class)
    void withinTlsHttp2CarriesASubscription(ProtocolNegotiation negotiation) {
        try (KinesisAsyncClient tls = Sdk.client(engine, "https")
                .httpClientBuilder(Sdk.http()
                        .protocolNegotiation(negotiation)
                        .tlsTrustManagersProvider(InsecureTrustManagerFactory.INSTANCE::getTrustManagers))
                .build()) {
            put("a");
            Events events = subscribe(
                    tls,
                    StartingPosition.builder()
                            .type(ShardIteratorType.TRIM_HORIZON)
                            .build());
            Awaitility.await().until(() -> events.data().size() == 1);
            put("b");
            Awaitility.await().untilAsserted(() -> assertEquals(List.of("a", "b"), events.data()));
            clock.advance(Duration.ofMinutes(5));
            events.end.join();
        }
    }

    @Test
    void aSubscriptionEndsAfterFiveMinutesAndTheNextGoesOnWhereItEnded() {
        put("a");
        Events events = subscribe(ShardIteratorType.TRIM_HORIZON);
        Awaitility.await().until(() -> events.data().size() == 1);
        clock.advance(Duration.ofMinutes(5));
        events.end.join();
        put("b");
        Events more = subscribe(StartingPosition.builder()
                .type(ShardIteratorType.AFTER_SEQUENCE_NUMBER)
                .sequenceNumber(events.last().continuationSequenceNumber())
                .build());
        Awaitility.await().until(() -> !more.data().isEmpty());
        assertEquals(List.of("b"), more.data());
    }

    @Test
    void theContinuationOfAnEmptyShardMissesNothing() {
        Events events = subscribe(ShardIteratorType.LATEST);
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> !events.all.isEmpty());
        assertTrue(events.data().isEmpty(), "a heartbeat");
        clock.advance(Duration.ofMinutes(5));
        events.end.join();
        put("a");
        Events more = subscribe(StartingPosition.builder()
                .type(ShardIteratorType.AFTER_SEQUENCE_NUMBER)
                .sequenceNumber(events.last().continuationSequenceNumber())
                .build());
        Awaitility.await().until(() -> !more.data().isEmpty());
        assertEquals(List.of("a"), more.data());
    }

    @Test
    void theEndOfAShardNamesItsChildrenAndEndsTheSubscription() {
        put("a");
        Events events = subscribe(ShardIteratorType.TRIM_HORIZON);
        Awaitility.await().until(() -> events.data().size() == 1);
        client.splitShard(r -> r.streamName("s").shardToSplit(FIRST).newStartingHashKey("1000"))
                .join();
        events.end.join();
        assertNull(events.last().continuationSequenceNumber());
        assertEquals(2, events.last().childShards().size());
    }

    @Test
    void withinFiveSecondsASecondSubscriptionIsRefusedAndLaterItTakesOver() {
        Events first = subscribe(ShardIteratorType.TRIM_HORIZON);
        put("a");
        Awaitility.await().until(() -> first.data().size() == 1);
        assertInstanceOf(ResourceInUseException.class, failureOf(subscribe(ShardIteratorType.TRIM_HORIZON)));
        clock.advance(Duration.ofSeconds(5));
        Events second = subscribe(ShardIteratorType.TRIM_HORIZON);
        assertInstanceOf(ResourceInUseException.class, failureOf(first));
        Awaitility.await().until(() -> second.data().size() == 1);
    }

    @Test
    void deregisteringTheConsumerEndsItsSubscription() {
        Events events = subscribe(ShardIteratorType.TRIM_HORIZON);
        put("a");
        Awaitility.await().until(() -> events.data().size() == 1);
        client.deregisterStreamConsumer(r -> r.consumerARN(consumerArn)).join();
        put("b");
        assertInstanceOf(ResourceNotFoundException.class, failureOf(events));
        assertInstanceOf(ResourceNotFoundException.class, failureOf(subscribe(ShardIteratorType.LATEST)));
    }

    @Test
    void aStopOfTheEngineEndsItsSubscriptions() throws IOException {
        Events events = subscribe(ShardIteratorType.TRIM_HORIZON);
        put("a");
        Awaitility.await().until(() -> events.data().size() == 1);
        engine.close();
        events.end.join();
    }

    @Test
    void aLargeBacklogComesInEventsOfBoundedSize() {
        String big = "x".repeat(900_000);
        put(big, big, big, big, big);
        Events events = subscribe(ShardIteratorType.TRIM_HORIZON);
        Awaitility.await().until(() -> events.data().size() == 5);
        assertTrue(events.all.stream().allMatch(event -> event.records().size() <= 2));
    }
}
