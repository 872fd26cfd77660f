package io.penstock.agent.kinesisapi;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.agent.ingest.AckMode;
import io.penstock.agent.record.FieldNames;
import io.penstock.agent.record.RecordFormat;
import io.penstock.agent.route.KeyTemplate;
import io.penstock.agent.route.Route;
import io.penstock.agent.route.RoutePattern;
import io.penstock.base.settings.Parsed;
import io.penstock.delivery.kinesis.pass.PassedAnswer;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import software.amazon.awssdk.http.SdkHttpResponse;

/** Calls that are passed on, and what comes back from a target or from what stands in its place. */
class PassedCallsTest {
    private final AtomicInteger released = new AtomicInteger();

    private static PassedAnswer answer(int status, String contentType, Publisher<ByteBuffer> body) {
        SdkHttpResponse.Builder head = SdkHttpResponse.builder().statusCode(status);
        if (!contentType.isEmpty()) {
            head.putHeader("Content-Type", contentType);
        }
        return new PassedAnswer(head.build(), body);
    }

    /** A body of one piece; notes when nothing will be read of it. */
    private Publisher<ByteBuffer> body(String text) {
        return subscriber -> subscriber.onSubscribe(new Subscription() {
            @Override
            public void request(long pieces) {
                subscriber.onNext(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
                subscriber.onComplete();
            }

            @Override
            public void cancel() {
                released.incrementAndGet();
            }
        });
    }

    /** A body that never comes. */
    private static Publisher<ByteBuffer> silence(List<Subscriber<? super ByteBuffer>> readers) {
        return subscriber -> {
            synchronized (readers) {
                readers.add(subscriber);
            }
            subscriber.onSubscribe(new Subscription() {
                @Override
                public void request(long pieces) {}

                @Override
                public void cancel() {}
            });
        };
    }

    @ParameterizedTest
    @CsvSource({
        "200, application/x-amz-json-1.1",
        "400, application/x-amz-json-1.1",
        "200, application/x-amz-cbor-1.1",
        "500, application/json; charset=utf-8",
    })
    void anAnswerOfAKinesisApiComesBackAsItIs(int status, String contentType) throws IOException {
        try (Harness api = new Harness()) {
            api.target = call -> CompletableFuture.completedFuture(answer(status, contentType, body("{\"a\":1}")));
            HttpResponse<String> answer = api.call("ListShards", "{\"StreamName\":\"s\"}");
            assertEquals(status, answer.statusCode());
            assertEquals(
                    contentType, answer.headers().firstValue("content-type").orElseThrow());
            assertEquals("{\"a\":1}", answer.body());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "200, text/html",
        "302, text/html",
        "401, text/html",
        "502, text/html",
        "503, ''",
        "200, ''",
        "204, ''",
        "100, application/x-amz-json-1.1",
        "302, application/x-amz-json-1.1",
        "999, application/x-amz-json-1.1",
    })
    void whatIsNoAnswerOfAKinesisApiIsNotGivenBack(int status, String contentType) throws IOException {
        try (Harness api = new Harness()) {
            api.target = call -> CompletableFuture.completedFuture(answer(status, contentType, body("<html>")));
            HttpResponse<String> answer = api.call("ListShards", "{\"StreamName\":\"s\"}");
            assertEquals(503, answer.statusCode());
            assertEquals(
                    "ServiceUnavailable", Harness.json(answer).get("__type").textValue());
            assertTrue(answer.body().contains("target default gave an answer that is not Kinesis'"), answer.body());
            assertTrue(answer.body().contains("status " + status), answer.body());
            assertEquals(1, released.get(), "the connection to the target is released");
        }
    }

    @Test
    void anAnswerThatItsTargetCutsShortEndsTheConnectionAndHarmsNoOtherCall() throws IOException {
        try (Harness api = new Harness()) {
            api.target = call -> CompletableFuture.completedFuture(answer(
                    200,
                    "application/x-amz-json-1.1",
                    subscriber -> subscriber.onSubscribe(new Subscription() {
                        @Override
                        public void request(long pieces) {
                            subscriber.onError(new IOException("reset"));
                        }

                        @Override
                        public void cancel() {}
                    })));
            assertThrows(CompletionException.class, () -> api.call("ListShards", "{\"StreamName\":\"s\"}"));
            api.target =
                    call -> CompletableFuture.completedFuture(answer(200, "application/x-amz-json-1.1", body("{}")));
            assertEquals(200, api.call("ListShards", "{\"StreamName\":\"s\"}").statusCode());
        }
    }

    @Test
    void subscriptionsAreBoundedAndLeaveRoomForOtherCalls() throws IOException {
        try (Harness api = new Harness()) {
            List<Subscriber<? super ByteBuffer>> readers = new ArrayList<>();
            api.target = call -> CompletableFuture.completedFuture(
                    call.operation().equals("SubscribeToShard")
                            ? answer(200, "application/vnd.amazon.eventstream", silence(readers))
                            : answer(200, "application/x-amz-json-1.1", body("{}")));
            String subscribe = "{\"ConsumerARN\":\"arn:aws:kinesis:eu-west-1:123456789012:stream/s/consumer/c:1\","
                    + "\"ShardId\":\"shardId-000000000000\",\"StartingPosition\":{\"Type\":\"LATEST\"}}";
            List<CompletableFuture<HttpResponse<String>>> open = new ArrayList<>();
            for (int i = 0; i < PassedCalls.MOST_SUBSCRIPTIONS; i++) {
                open.add(api.later("SubscribeToShard", subscribe));
            }
            await().until(() -> {
                synchronized (readers) {
                    return readers.size() == PassedCalls.MOST_SUBSCRIPTIONS;
                }
            });
            HttpResponse<String> refused = api.call("SubscribeToShard", subscribe);
            assertEquals(
                    "LimitExceededException",
                    Harness.json(refused).get("__type").textValue());
            assertEquals(1, api.refused("overloaded"));
            assertEquals(200, api.call("ListShards", "{\"StreamName\":\"s\"}").statusCode());
            synchronized (readers) {
                readers.forEach(Subscriber::onComplete);
            }
            open.forEach(each -> assertEquals(200, each.join().statusCode()));
            api.target = call -> CompletableFuture.completedFuture(
                    answer(200, "application/vnd.amazon.eventstream", body("events")));
            await().until(() -> api.call("SubscribeToShard", subscribe).statusCode() == 200);
        }
    }

    /** GetRecords finds its target by StreamARN where the client sends it: an iterator does not name a stream. */
    @Test
    void aCallGoesToTheTargetOfTheStreamInItsArn() throws IOException {
        List<Route> routes = List.of(new Route(
                ((Parsed.Right<RoutePattern>) RoutePattern.parse("kinesis:s")).value(),
                "renamed",
                "far",
                KeyTemplate.RECORD_KEY,
                RecordFormat.RAW,
                FieldNames.DEFAULT));
        try (Harness api = new Harness(AckMode.DURABLE, routes)) {
            String arn = "arn:aws:kinesis:eu-west-1:123456789012:stream/";
            api.call("GetRecords", "{\"ShardIterator\":\"AAAA\",\"StreamARN\":\"" + arn + "s\"}");
            api.call("GetRecords", "{\"ShardIterator\":\"AAAA\"}");
            assertEquals(
                    List.of(
                            "far GetRecords {\"ShardIterator\":\"AAAA\",\"StreamARN\":\"" + arn + "renamed\"}",
                            "default GetRecords {\"ShardIterator\":\"AAAA\"}"),
                    api.passed);
        }
    }

    /** A tag is how CBOR tells a time from a number. */
    @Test
    void aCallInCborUnderAnotherNameKeepsItsTags() {
        // {"StreamName": "s", "Timestamp": 1(1), "Other": [1(2), {"StreamName": "s"}]}
        byte[] body = HexFormat.of()
                .parseHex("bf" + "6a53747265616d4e616d65" + "6173" + "6954696d657374616d70" + "c101" + "654f74686572"
                        + "82c102a16a53747265616d4e616d656173" + "ff");
        String renamed = HexFormat.of().formatHex(RenamedCall.of(body, io.penstock.engine.wire.Codec.CBOR, "t"));
        assertTrue(renamed.contains("6a53747265616d4e616d65" + "6174" + "6954696d657374616d70" + "c101"), renamed);
        assertTrue(renamed.contains("654f74686572" + "9fc102"), renamed);
        assertTrue(renamed.contains("6a53747265616d4e616d65" + "6173"), renamed + ": only the call's own member");
    }
}
