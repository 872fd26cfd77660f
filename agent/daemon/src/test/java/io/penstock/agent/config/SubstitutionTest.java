package io.penstock.agent.config;

import static io.penstock.agent.config.Loading.configuration;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.base.settings.Parsed;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SubstitutionTest {
    private static final Environment ENVIRONMENT = new Environment(
            Map.of("A", "one", "EMPTY", "", "NESTED", "${A}", "YAML", "x]\nmqtt: {}"),
            Optional.of(Loading.HOME),
            Loading.FOLDER,
            Optional.empty());

    @Test
    void aVariableStandsWhereItsNameStood() {
        assertEquals("one", apply("${A}"));
        assertEquals("<one/one>", apply("<${A}/${A}>"));
        assertEquals("", apply("${EMPTY}"));
    }

    @Test
    void theDefaultStandsInForAnUnsetOrEmptyVariable() {
        assertEquals("one", apply("${A:-two}"));
        assertEquals("two", apply("${EMPTY:-two}"));
        assertEquals("a:-b", apply("${UNSET:-a:-b}"));
        assertEquals("", apply("${UNSET:-}"));
    }

    @Test
    void aDoubledDollarKeepsTheCharacters() {
        assertEquals("${A}", apply("$${A}"));
        assertEquals("$ $1 {A}", apply("$ $1 {A}"));
        assertEquals("x${", apply("x$${"));
    }

    @Test
    void aVariableIsNeverReadAgain() {
        assertEquals("${A}", apply("${NESTED}"));
        assertEquals("x]\nmqtt: {}", apply("${YAML}"));
    }

    @Test
    void escapingIsUndoneByApplying() {
        for (String text : List.of("", "${A}", "$${A}", "a$", "${", "$$", "${${}", "$${$${")) {
            assertEquals(text, apply(Substitution.escape(text)), text);
        }
    }

    @Test
    void itWorksInEveryValueOfTheFile() {
        Configuration all = configuration(
                "data: ${HOME_DIR}/p\nmqtt: {listen: [\"127.0.0.1:${PORT:-2000}\"]}\nspool: {max-bytes: \"${MAX}\"}\n",
                Map.of("HOME_DIR", "/x", "MAX", "2MiB"));
        assertEquals("/x/p", all.data().toString());
        assertEquals("mqtt://127.0.0.1:2000", all.mqtt().listen().get(0).toString());
        assertEquals(2 << 20, all.spool().maxBytes());
    }

    private static String apply(String text) {
        return ((Parsed.Right<String>) Substitution.apply(text, ENVIRONMENT)).value();
    }
}
