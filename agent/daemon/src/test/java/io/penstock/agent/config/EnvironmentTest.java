package io.penstock.agent.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.agent.config.ConfigurationResult.Invalid;
import io.penstock.agent.config.ConfigurationResult.Loaded;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EnvironmentTest {
    /** What the JDK says of a user without an entry among the users of the system. */
    private static final String NO_ENTRY = "?";

    @Test
    void theVariableHomeComesBeforeTheEntryOfTheUser() {
        assertEquals(
                Optional.of(Path.of("/h")),
                Environment.of(Map.of("HOME", "/h"), "/home/ada").home());
        assertEquals(
                Optional.of(Path.of("/h")),
                Environment.of(Map.of("HOME", "/h"), NO_ENTRY).home());
    }

    @Test
    void withoutTheVariableTheEntryOfTheUserIsTheHome() {
        assertEquals(
                Optional.of(Path.of("/home/ada")),
                Environment.of(Map.of(), "/home/ada").home());
        assertEquals(
                Optional.of(Path.of("/home/ada")),
                Environment.of(Map.of("HOME", ""), "/home/ada").home());
        assertEquals(
                Optional.of(Path.of("/home/ada")),
                Environment.of(Map.of("HOME", "ada"), "/home/ada").home());
    }

    @Test
    void whatTheJdkDoesNotKnowIsNoHome() {
        for (String unknown : List.of(NO_ENTRY, "", "/nowhere/?")) {
            assertEquals(Optional.empty(), Environment.of(Map.of(), unknown).home(), unknown);
        }
    }

    @Test
    void withoutAHomeADataFolderIsDemanded() {
        ConfigurationLoader loader = new ConfigurationLoader(Environment.of(Map.of(), NO_ENTRY));
        String mistake = assertInstanceOf(Invalid.class, loader.defaults())
                .mistakes()
                .get(0)
                .describe("(environment)");
        assertTrue(mistake.contains("no home folder") && mistake.contains("--data DIR"), mistake);
        assertEquals(
                Path.of("/data"),
                assertInstanceOf(Loaded.class, loader.parse("data: /data"))
                        .configuration()
                        .data());
        assertEquals(
                Path.of("/named"),
                assertInstanceOf(
                                Loaded.class, loader.withData(Path.of("/named")).defaults())
                        .configuration()
                        .data());
    }

    @Test
    void aTildeWithoutAHomeIsAMistakeWhereverItStands() {
        ConfigurationLoader loader = new ConfigurationLoader(Environment.of(Map.of(), NO_ENTRY));
        List<Mistake> mistakes = assertInstanceOf(
                        Invalid.class,
                        loader.parse("data: ~/data\nmqtt: {auth: {password-file: ~/passwords}, allow-anonymous: true}"))
                .mistakes();
        assertEquals(2, mistakes.size(), mistakes.toString());
        for (Mistake mistake : mistakes) {
            assertTrue(mistake.describe("file").contains("HOME is not set"), mistake.describe("file"));
        }
    }
}
