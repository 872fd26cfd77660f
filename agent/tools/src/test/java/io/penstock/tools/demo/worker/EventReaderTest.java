package io.penstock.tools.demo.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.tools.demo.table.Event;
import io.penstock.tools.demo.table.Kind;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventReaderTest {
    private static Optional<Event> read(String record) {
        return EventReader.read(record.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aPageViewIsCountedUnderItsReferrer() {
        assertEquals(
                Optional.of(new Event(Kind.VIEW, "view-3", 3, 17, "news", 0, 0)),
                read("{\"@id\":\"view-3\",\"kind\":\"view\",\"n\":3,\"at\":17,\"referrer\":\"news\"}"));
    }

    @Test
    void aBeaconIsWhatTheGatewayPublished() {
        assertEquals(
                Optional.of(new Event(Kind.BEACON, "01", 4, 18, "zone A", 0.25, 0.5)),
                read("{\"@id\":\"01\",\"topic\":\"floor/badge-1\",\"payload\":{\"kind\":\"beacon\",\"n\":4,\"at\":18,"
                        + "\"zone\":\"zone A\",\"x\":0.25,\"y\":0.5}}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no JSON",
                "[]",
                "{}",
                "{\"kind\":\"view\",\"n\":1}",
                "{\"@id\":\"a\",\"kind\":\"x\",\"n\":1}"
            })
    void whatIsNoEventOfTheDemonstrationIsPassedOver(String record) {
        assertEquals(Optional.empty(), read(record));
    }
}
