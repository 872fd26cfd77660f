package io.penstock.agent.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** Holds documents to the defaults in effect. */
final class Defaults {
    private static final String ROUTE = "routes: [{match: \"mqtt:#\", stream: s";

    private Defaults() {}

    /** Writing {@code value} under the key at {@code rulePath} changes nothing. */
    static void assertDefault(String rulePath, String value) {
        String with = rulePath.startsWith("routes[].")
                ? ROUTE + ", " + nested(rulePath.substring("routes[].".length()), value) + "}]"
                : nested(rulePath, value);
        String without = rulePath.startsWith("routes[].") ? ROUTE + "}]" : "";
        assertEquals(Loading.configuration(without), Loading.configuration(with), with);
    }

    /** The file in which {@code path} has {@code value} and nothing else stands. */
    static String nested(String path, String value) {
        int dot = path.indexOf('.');
        return dot < 0
                ? path + ": " + value
                : path.substring(0, dot) + ": {" + nested(path.substring(dot + 1), value) + "}";
    }
}
