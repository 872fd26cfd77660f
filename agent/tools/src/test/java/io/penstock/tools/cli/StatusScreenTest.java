package io.penstock.tools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("penstock status --watch")
class StatusScreenTest {
    private final ObjectMapper mapper = new ObjectMapper();

    private JsonNode now(int conditions, int sources) {
        ObjectNode root = mapper.createObjectNode();
        root.put("version", "1").put("ready", true).put("uptime_seconds", 90_000);
        root.putObject("totals")
                .put("in", 12_340.5)
                .put("out", 1e9)
                .put("waiting", 9_999_999_999L)
                .put("oldest", 123_456);
        ArrayNode all = root.putArray("conditions");
        for (int i = 0; i < conditions; i++) {
            all.addObject()
                    .put("id", "access-denied")
                    .put("place", "stream orders")
                    .put("sentence", "x".repeat(300))
                    .put("remedy", "allow it ".repeat(30));
        }
        root.put("conditions_in_all", conditions);
        ArrayNode from = root.putArray("sources");
        for (int i = 0; i < sources; i++) {
            from.addObject().put("name", "source-" + i).put("events", 1e12).put("connections", 1);
        }
        return root;
    }

    private JsonNode streams(int count, String name) {
        ObjectNode root = mapper.createObjectNode();
        root.put("all", count).put("found", count);
        ArrayNode rows = root.putArray("streams");
        for (int i = 0; i < count; i++) {
            rows.addObject()
                    .put("name", name)
                    .put("condition", "throttled")
                    .put("waiting", 9_999_999_999L)
                    .put("oldest", 123_456.7)
                    .put("in", 1_234.5)
                    .put("out", 7.25)
                    .put("dead_letters", 12_345_678);
        }
        return root;
    }

    @Test
    void fitsEightyColumnsAndTheTerminalsLinesHoweverMuchIsWrong() {
        String screen = StatusScreen.render(now(9, 40), streams(200, "s".repeat(128)), 23);
        List<String> lines = screen.lines().toList();
        lines.forEach(line -> assertTrue(line.length() <= 80, () -> line.length() + ": " + line));
        assertTrue(lines.size() <= 23, screen);
        assertTrue(screen.contains("access-denied (stream orders):"), screen);
        assertTrue(screen.contains("and 8 conditions more"), screen);
        assertTrue(lines.get(lines.size() - 1).endsWith(" streams more: penstock status has all"), screen);
        String low = StatusScreen.render(now(9, 40), streams(200, "orders"), StatusScreen.LEAST_LINES);
        assertTrue(low.lines().count() <= StatusScreen.LEAST_LINES, low);
    }

    @Test
    void showsEventsPerSecondOfEachSourceAndStream() {
        ObjectNode now = (ObjectNode) now(0, 0);
        now.withArray("sources").addObject().put("name", "http").put("events", 250.0);
        now.withArray("sources").addObject().put("name", "otlp").put("events", 0);
        List<String> lines = StatusScreen.render(now, streams(1, "archive/orders"), 23)
                .lines()
                .toList();
        assertEquals("in 12.3k/s, out 1.0G/s, waiting 10.0G, oldest 34 h, refused 0/s", lines.get(1));
        assertEquals("in/s:  http 250", lines.get(2));
        assertEquals("archive/orders               throttled    10.0G     34 h     1.2k      7.3 12.3M", lines.get(4));
    }

    @Test
    void leavesNoControlCharacterToTheTerminal() {
        String screen = StatusScreen.render(now(0, 0), streams(1, "a\033[2Jb"), 23);
        assertTrue(screen.contains("a?[2Jb"), screen);
    }

    @Test
    void writesNumbersInFiveCharacters() {
        assertEquals(
                List.of("0", "7", "999", "1.0k", "12.3k", "999k", "1.0M", "0.5"),
                List.of(0.0, 7.0, 999.0, 1_000.0, 12_340.0, 999_400.0, 1_000_000.0, 0.5).stream()
                        .map(StatusScreen::number)
                        .toList());
    }
}
