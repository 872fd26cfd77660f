package io.penstock.agent.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.agent.config.NotInThisVersion.Filled;
import io.penstock.agent.config.NotInThisVersion.Row;
import io.penstock.agent.config.NotInThisVersion.Value;
import java.util.List;
import org.junit.jupiter.api.Test;

class NotInThisVersionTest {
    @Test
    void everyRowRefusesItsKeyOrValueByTheFeaturesName() {
        for (Row row : NotInThisVersion.TABLE.rows()) {
            String value =
                    row instanceof Value one ? one.value() : row instanceof Filled ? filling(row.path()) : "anything";
            List<Mistake> mistakes = Loading.mistakes(yaml(row.path(), value));
            assertEquals(1, mistakes.size(), row.toString());
            assertEquals(row.path().replace("[]", "[0]"), mistakes.get(0).key());
            String what = row instanceof Value one ? "\"" + one.value() + "\" " : "";
            assertEquals(
                    what + "is not in this version: " + row.feature(),
                    mistakes.get(0).reason());
        }
    }

    @Test
    void aKeyThatWasMistypedIsFoundAlsoAmongThoseThatAreNotHereYet() {
        assertEquals(
                "did you mean websocket?",
                Loading.mistakes("mqtt: {web-socket: x}").get(0).remedy());
    }

    private static String filling(String path) {
        return path.endsWith("listen") ? "[\"127.0.0.1:1\"]" : "[{}]";
    }

    private static String yaml(String path, String value) {
        if (path.startsWith("routes[].")) {
            String key = path.substring("routes[].".length());
            return "routes: [{match: \"mqtt:#\", stream: s, " + key + ": " + value + "}]";
        }
        int dot = path.indexOf('.');
        return dot < 0
                ? path + ": " + value
                : path.substring(0, dot) + ": {" + path.substring(dot + 1) + ": " + value + "}";
    }
}
