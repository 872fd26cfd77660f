package io.penstock.tools.demo.worker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.penstock.tools.demo.table.Event;
import io.penstock.tools.demo.table.Kind;
import java.io.IOException;
import java.util.Optional;

/** Reads the demonstration's events from records. Any thread. */
final class EventReader {
    private static final ObjectMapper JSON = new ObjectMapper();

    private EventReader() {}

    /** Empty for a record that is none of the demonstration's, such as a test record put from the console. */
    static Optional<Event> read(byte[] record) {
        try {
            JsonNode root = JSON.readTree(record);
            JsonNode event = root.path("payload").isObject() ? root.path("payload") : root;
            return Kind.of(event.path("kind").asText())
                    .filter(kind -> event.path("n").canConvertToInt()
                            && root.path("@id").isTextual())
                    .map(kind -> new Event(
                            kind,
                            root.path("@id").asText(),
                            event.path("n").intValue(),
                            event.path("at").asLong(),
                            group(kind, event),
                            event.path("x").asDouble(),
                            event.path("y").asDouble()));
        } catch (IOException noJson) {
            return Optional.empty();
        }
    }

    private static String group(Kind kind, JsonNode event) {
        return event.path(
                        switch (kind) {
                            case VIEW -> "referrer";
                            case BEACON -> "zone";
                            case LOG -> "level";
                        })
                .asText("");
    }
}
