package io.penstock.agent.otlp;

import static io.penstock.agent.otlp.OtlpHarness.PROTOBUF;
import static io.penstock.agent.otlp.OtlpHarness.logs;
import static io.penstock.agent.otlp.OtlpHarness.record;
import static io.penstock.agent.otlp.OtlpHarness.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.agent.auth.AuthSettings;
import io.penstock.agent.fakes.FakeSpool;
import io.penstock.delivery.spool.Spool;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A request whose log records go to two streams is stored whole or not at all. */
class SeveralStreamsTest {
    private static final byte[] BOTH = request(logs("web", record("one")), logs("shop.cart", record("two")));

    private final OtlpHarness harness = new OtlpHarness();
    private final OtlpHarness patient = new OtlpHarness(true, 1 << 20, AuthSettings.NONE, Duration.ofMinutes(5));

    @AfterEach
    void stop() {
        harness.close();
        patient.close();
    }

    @ParameterizedTest
    @CsvSource({"-1, 503, spool_full", "-2, 503, spool_failed", "-4, 413, too_large"})
    void whereOneSpoolRefusesAfterTheOtherGaveRoomNothingIsStored(long refusal, int status, String reason) {
        harness.spools.of("shop").refuseUnseen(refusal);
        assertEquals(status, harness.send(harness.post(PROTOBUF, BOTH)).statusCode());
        assertTrue(harness.spools.of("otlp").appends() > 0);
        assertEquals(0, harness.spools.of("otlp").size());
        assertEquals(1, harness.refused(reason));
        harness.spools.of("shop").refuse(0);
        assertEquals(200, harness.send(harness.post(PROTOBUF, BOTH)).statusCode());
        assertEquals(1, harness.spools.of("otlp").size());
        assertEquals(1, harness.spools.of("shop").size());
    }

    @Test
    void aDefectOfOneSpoolLeavesNothingInTheOther() {
        harness.spools.of("shop").throwOnce();
        assertEquals(503, harness.send(harness.post(PROTOBUF, BOTH)).statusCode());
        assertEquals(0, harness.spools.of("otlp").size());
        assertEquals(200, harness.send(harness.post(PROTOBUF, BOTH)).statusCode());
        assertEquals(1, harness.spools.of("otlp").size());
    }

    @Test
    void aRequestWaitsForOneFullSpoolAfterTheOther() {
        FakeSpool otlp = patient.spools.of("otlp");
        FakeSpool shop = patient.spools.of("shop");
        otlp.refuse(Spool.FULL);
        shop.refuse(Spool.FULL);
        CompletableFuture<HttpResponse<byte[]>> answer = patient.sendAsync(patient.post(PROTOBUF, BOTH));
        Awaitility.await().until(() -> otlp.wantingRoom() + shop.wantingRoom() == 1);
        FakeSpool first = otlp.wantingRoom() == 1 ? otlp : shop;
        FakeSpool second = first == otlp ? shop : otlp;
        first.refuse(0);
        Awaitility.await().until(() -> second.wantingRoom() == 1);
        assertEquals(0, first.size());
        assertFalse(answer.isDone());
        first.refuse(Spool.FULL);
        second.refuse(0);
        Awaitility.await().until(() -> first.wantingRoom() == 1);
        assertEquals(0, second.size());
        first.refuse(0);
        Awaitility.await().until(() -> {
            first.force();
            second.force();
            return answer.isDone();
        });
        assertEquals(200, answer.join().statusCode());
        assertEquals(1, first.size());
        assertEquals(1, second.size());
    }

    @Test
    void whereOneSpoolIsBackOthersRequestsGoOn() {
        patient.spools.of("shop").refuse(Spool.FULL);
        CompletableFuture<HttpResponse<byte[]>> both = patient.sendAsync(patient.post(PROTOBUF, BOTH));
        Awaitility.await().until(() -> patient.spools.of("shop").wantingRoom() == 1);
        byte[] one = request(logs("web", record("three")));
        assertEquals(200, patient.send(patient.post(PROTOBUF, one)).statusCode());
        assertFalse(both.isDone());
        assertEquals(1, patient.spools.of("otlp").size());
    }

    @Test
    void whatAFullSpoolDropsIsSaidAndTheRestIsStored() {
        harness.spools.of("shop").refuse(Spool.DROPPED);
        HttpResponse<byte[]> answer = harness.send(harness.post(PROTOBUF, BOTH));
        assertEquals(200, answer.statusCode());
        assertEquals(1, harness.spools.of("otlp").size());
        assertEquals(0, harness.spools.of("shop").size());
        assertTrue(OtlpHarness.text(answer).contains("1 log records were dropped"), OtlpHarness.text(answer));
    }
}
