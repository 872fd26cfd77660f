package io.penstock.agent.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SchemaTest {
    private final Map<String, JsonNode> properties = new TreeMap<>();

    SchemaTest() throws IOException {
        collect(
                "",
                new ObjectMapper()
                        .readTree(Path.of("../../config/penstock.schema.json").toFile()));
    }

    @Test
    void theSchemaKnowsTheKeysThatAreRead() {
        assertEquals(new TreeSet<>(Vocabulary.all()), properties.keySet());
    }

    @Test
    void theSchemasDefaultsAreThoseInEffect() {
        int checked = 0;
        for (Map.Entry<String, JsonNode> property : properties.entrySet()) {
            JsonNode value = property.getValue().path("default");
            if (!value.isMissingNode()) {
                Defaults.assertDefault(property.getKey(), value.toString());
                checked++;
            }
        }
        assertTrue(checked > 40, "defaults: " + checked);
    }

    @Test
    void everyChoiceInTheSchemaIsAccepted() {
        for (Map.Entry<String, JsonNode> property : properties.entrySet()) {
            for (JsonNode alternative : property.getValue().path("anyOf")) {
                for (JsonNode choice : alternative.path("enum")) {
                    Loading.configuration(chosen(property.getKey(), choice));
                }
            }
        }
    }

    private static String chosen(String path, JsonNode choice) {
        String key = path.substring(path.lastIndexOf('.') + 1);
        if (path.startsWith("routes[].fields.")) {
            return "routes: [{match: \"forward:a\", stream: s, fields: {" + key + ": " + choice + "}}]";
        }
        if (path.startsWith("routes[].")) {
            return "routes: [{match: \"mqtt:#\", stream: s, " + key + ": " + choice + "}]";
        }
        if (path.equals("engine.auth")) {
            String keys = choice.asText().equals("none") ? "" : ", credentials-file: /keys";
            return "engine: {auth: " + choice + keys + "}";
        }
        return path.startsWith("mqtt.bridges[].")
                ? "mqtt: {bridges: [{name: b, urls: \"mqtt://b\", topics: [{filter: a}], " + key + ": " + choice + "}]}"
                : Defaults.nested(path, choice.toString());
    }

    @Test
    void everySectionRefusesOtherKeys() {
        Set<String> sections = new TreeSet<>();
        properties.forEach((path, property) -> {
            if (property.has("properties")) {
                assertFalse(property.path("additionalProperties").asBoolean(true), path);
                sections.add(path);
            }
        });
        assertTrue(sections.contains("routes[].fields") && sections.contains("mqtt"), sections.toString());
    }

    private void collect(String path, JsonNode schema) {
        schema.path("properties").fields().forEachRemaining(property -> {
            String below = path.isEmpty() ? property.getKey() : path + "." + property.getKey();
            properties.put(below, property.getValue());
            collect(below, property.getValue());
        });
        if (schema.path("items").has("properties")) {
            collect(path + "[]", schema.path("items"));
        }
    }
}
