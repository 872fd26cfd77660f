package io.penstock.delivery.kinesis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.delivery.kinesis.StubKinesis.Reply;
import io.penstock.delivery.kinesis.fault.Fault;
import io.penstock.delivery.kinesis.settings.AutoCreate;
import io.penstock.delivery.kinesis.settings.TargetSettings;
import io.penstock.delivery.kinesis.shards.Shard;
import io.penstock.delivery.kinesis.shards.ShardsOutcome;
import io.penstock.delivery.kinesis.shards.StreamSummary;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Calls about streams get answers that the service would not give: each call completes once, and within bounds. */
@Tag("slow")
class OddControlAnswersTest {
    private static final String SHARD = """
            {"ShardId": "s%d", "HashKeyRange": {"StartingHashKey": "%d", "EndingHashKey": "%d"}}""";

    private StubKinesis stub;

    @BeforeEach
    void start() throws IOException {
        stub = new StubKinesis();
    }

    @AfterEach
    void stop() {
        stub.close();
    }

    private KinesisEndpoint endpoint() {
        return KinesisEndpoint.create(TargetSettings.url(stub.uri(), "us-east-1"));
    }

    private Fault listingFails() throws Exception {
        try (KinesisEndpoint endpoint = endpoint()) {
            return assertInstanceOf(ShardsOutcome.Unknown.class, ListedShards.of(endpoint))
                    .fault();
        }
    }

    private static String shards(int from, int count) {
        StringBuilder list = new StringBuilder("[");
        for (int i = from; i < from + count; i++) {
            list.append(i == from ? "" : ",").append(SHARD.formatted(i, i, i));
        }
        return list.append(']').toString();
    }

    @ParameterizedTest
    @CsvSource({
        "200, <html>log in first</html>, Unavailable",
        "200, '', Unavailable",
        "200, null, Unavailable",
        "200, {}, Unavailable",
        "200, '{\"message\": \"log in first\"}', Unavailable",
        "200, '{\"Shards\": [{\"ShardId\": \"s-1\"', Unavailable",
        "204, '', Unavailable",
        "302, '', Denied",
        "403, <html>no</html>, Denied",
        "403, '', Denied",
        "407, '', Denied",
        "413, <html>too large</html>, RequestTooLarge",
        "429, '', Throttled",
        "502, <html>bad gateway</html>, Unavailable",
        "503, '', Unavailable",
    })
    void whatSomethingBetweenAnswersIsAFaultWithItsStatus(int status, String body, String fault) throws Exception {
        stub.answer = request -> Reply.foreign(status, body);
        Fault said = listingFails();
        assertEquals(fault, said.getClass().getSimpleName(), said::detail);
        assertTrue(said.detail().contains("HTTP " + status + " from gateway/1.0"), said::detail);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[{'HashKeyRange': {'StartingHashKey': '0', 'EndingHashKey': '9'}}] | a shard has no ShardId",
                "[{'ShardId': 's-1'}]                                               | a shard has no HashKeyRange",
                "[{'ShardId': 's-1', 'HashKeyRange': null}]                         | a shard has no HashKeyRange",
                "[{'ShardId': 's-1', 'HashKeyRange': {'StartingHashKey': '0'}}]     | a shard has no HashKeyRange",
                "[{'ShardId': 7, 'HashKeyRange': {}}]                               | a shard has no ShardId",
                "['s-1']                                                            | a shard is no object",
                "[{'ShardId': 's', 'HashKeyRange': {'StartingHashKey': 'a', 'EndingHashKey': 'b'}}]"
                        + " | the HashKeyRange of a shard is not of numbers from 0 to 2^128 - 1",
                "[{'ShardId': 's', 'HashKeyRange': {'StartingHashKey': '-1', 'EndingHashKey': '9'}}]"
                        + " | the HashKeyRange of a shard is not of numbers from 0 to 2^128 - 1",
                "[{'ShardId': 's', 'HashKeyRange': {'StartingHashKey': '0',"
                        + " 'EndingHashKey': '340282366920938463463374607431768211456'}}]"
                        + " | the HashKeyRange of a shard is not of numbers from 0 to 2^128 - 1",
                "[{'ShardId': 's', 'HashKeyRange': {'StartingHashKey': '1', 'EndingHashKey': '0'}}]"
                        + " | the HashKeyRange of a shard ends before it begins",
                "[{'ShardId': 's', 'HashKeyRange': {'StartingHashKey': '0', 'EndingHashKey': '4'}},"
                        + " {'ShardId': 't', 'HashKeyRange': {'StartingHashKey': '9', 'EndingHashKey': '5'}}]"
                        + " | the HashKeyRange of a shard ends before it begins",
            })
    void aListThatIsNotOfShardsCannotBeUsed(String list, String reason) throws Exception {
        stub.answer = request -> Reply.ok(("{'Shards': " + list + "}").replace('\'', '"'));
        assertEquals(new Fault.Denied("the list of shards cannot be used: " + reason), listingFails());
    }

    @Test
    void aShardThatIsClosedNeedsNothingElse() throws Exception {
        stub.answer = request -> Reply.ok("{\"Shards\": [{\"SequenceNumberRange\": {\"EndingSequenceNumber\": \"5\"}}, "
                + SHARD.formatted(1, 0, 9) + "], \"NextToken\": \"\"}");
        try (KinesisEndpoint endpoint = endpoint()) {
            ShardsOutcome.Known known = assertInstanceOf(ShardsOutcome.Known.class, ListedShards.of(endpoint));
            assertEquals(
                    List.of("s1"), known.map().shards().stream().map(Shard::id).toList());
        }
    }

    @Test
    void aTokenThatComesAgainEndsTheListing() throws Exception {
        stub.answer = request -> Reply.ok("{\"Shards\": [], \"NextToken\": \"again\"}");
        assertEquals(
                new Fault.Denied("the list of shards cannot be used: it leads back to a page that was there before"
                        + " (NextToken)"),
                listingFails());
        assertEquals(2, stub.received.size());
    }

    @Test
    void pagesWithoutEndEndTheListing() throws Exception {
        AtomicInteger page = new AtomicInteger();
        stub.answer = request -> Reply.ok("{\"Shards\": [], \"NextToken\": \"" + page.incrementAndGet() + "\"}");
        assertEquals(new Fault.Denied("the list of shards cannot be used: it has more than 200 pages"), listingFails());
        assertEquals(200, stub.received.size());
    }

    @Test
    void moreShardsThanAStreamHasEndTheListing() throws Exception {
        AtomicInteger page = new AtomicInteger();
        stub.answer = request -> {
            int number = page.getAndIncrement();
            return Reply.ok("{\"Shards\": " + shards(number * 10_000, 10_000) + ", \"NextToken\": \"" + number + "\"}");
        };
        assertEquals(
                new Fault.Denied("the list of shards cannot be used: there are more than 50000 shards"),
                listingFails());
    }

    @Test
    void anAnswerOfTwoHundredThousandShardsIsCutOff() throws Exception {
        byte[] answer = ("{\"Shards\": " + shards(0, 200_000) + "}").getBytes(StandardCharsets.UTF_8);
        stub.answer = request -> Reply.raw(200, answer);
        assertEquals(
                new Fault.Denied("the list of shards cannot be used: the answer is longer than 4194304 bytes"),
                listingFails());
    }

    @ParameterizedTest
    @CsvSource({
        "<html>log in first</html>",
        "''",
        "null",
        "[]",
        "'{\"StreamDescriptionSummary\": null}'",
        "'{\"StreamDescriptionSummary\": {\"MaxRecordSizeInKiB\": \"x\", \"StreamModeDetails\": []}}'",
        "'{\"StreamDescriptionSummary\": {\"MaxRecordSizeInKiB\": 2000000000}}'",
        "'{\"StreamDescriptionSummary\": {\"MaxRecordSizeInKiB\": -1}}'"
    })
    void aSummaryThatIsNoneSaysNothing(String body) throws Exception {
        stub.answer = request -> Reply.foreign(200, body);
        try (KinesisEndpoint endpoint = endpoint()) {
            CompletableFuture<StreamSummary> summary = new CompletableFuture<>();
            endpoint.summary("sensors", summary::complete);
            assertEquals(StreamSummary.UNKNOWN, summary.get(30, TimeUnit.SECONDS));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "CreateStream, 403, Denied",
        "CreateStream, 503, Unavailable",
        "DescribeStreamSummary, 403, Denied",
        "DescribeStreamSummary, 200, Unavailable",
        "ListShards, 407, Denied",
        "ListShards, 200, Unavailable"
    })
    void makingAStreamIsAnsweredWhicheverCallBreaks(String operation, int status, String fault) throws Exception {
        stub.answer = request -> request.operation().equals(operation)
                ? Reply.foreign(status, "<html>log in first</html>")
                : Reply.ok("{\"StreamDescriptionSummary\": {\"StreamStatus\": \"ACTIVE\"}}");
        try (KinesisEndpoint endpoint = endpoint()) {
            CompletableFuture<ShardsOutcome> outcome = new CompletableFuture<>();
            endpoint.create("sensors", new AutoCreate(true, 3), outcome::complete);
            ShardsOutcome.Unknown unknown =
                    assertInstanceOf(ShardsOutcome.Unknown.class, outcome.get(30, TimeUnit.SECONDS));
            assertEquals(fault, unknown.fault().getClass().getSimpleName(), unknown::toString);
        }
    }

    @Test
    void aCallThatIsNeverAnsweredIsAnsweredWithAFaultInItsPlaceAndOnce() throws Exception {
        CompletableFuture<ShardsOutcome> outcome = new CompletableFuture<>();
        AtomicInteger answers = new AtomicInteger();
        OneAnswer<ShardsOutcome> once = new OneAnswer<>(
                "ListShards of sensors",
                Duration.ofMillis(1),
                () -> false,
                answer -> {
                    answers.incrementAndGet();
                    outcome.complete(answer);
                },
                ShardsOutcome.Unknown::new);
        ShardsOutcome.Unknown unknown =
                assertInstanceOf(ShardsOutcome.Unknown.class, outcome.get(30, TimeUnit.SECONDS));
        assertTrue(unknown.fault().detail().startsWith("ListShards of sensors was never answered"));
        once.accept(unknown);
        assertEquals(1, answers.get());
    }
}
