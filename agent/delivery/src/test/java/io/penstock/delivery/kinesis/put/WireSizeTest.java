package io.penstock.delivery.kinesis.put;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.delivery.kinesis.settings.TargetSettings.Api;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WireSizeTest {
    private record Entry(byte[] partitionKey, String explicitHashKey, byte[] data) implements PutEntry {}

    @ParameterizedTest
    @CsvSource({
        "PUT_RECORDS, 1, 1, 0",
        "PUT_RECORDS, 500, 200, 0",
        "PUT_RECORDS, 500, 200, 39",
        "PUT_RECORDS, 10, 100000, 1",
        "PUT_RECORD, 1, 1, 0",
        "PUT_RECORD, 1, 200, 39",
        "PUT_RECORD, 1, 1000000, 0"
    })
    void theEstimateIsWithinTwoHundredthsOfTheBodyAndItsHeaders(Api api, int entries, int bytes, int hashKey)
            throws IOException {
        Entry entry = new Entry("device-4711".getBytes(StandardCharsets.UTF_8), "1".repeat(hashKey), new byte[bytes]);
        PutCall call = new PutCall("sensors", Collections.nCopies(entries, entry), false);
        int exact = PutFormat.of(api).body(call).length + WireSize.HEADERS;
        assertEquals(exact, WireSize.of(api, call), 0.02 * exact);
    }
}
