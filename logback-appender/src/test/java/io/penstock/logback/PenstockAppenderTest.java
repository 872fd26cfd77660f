package io.penstock.logback;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import io.penstock.forward.fixtures.TestAgent;
import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;
import org.slf4j.Marker;
import org.slf4j.helpers.BasicMarkerFactory;

class PenstockAppenderTest {
    private TestAgent agent;

    @BeforeEach
    void startAgent() throws Exception {
        agent = new TestAgent();
    }

    @AfterEach
    void stopAgent() {
        MDC.clear();
        agent.close();
    }

    static String appender(int port, String elements) {
        String linger = elements.contains("<lingerMillis>") ? "" : "<lingerMillis>5</lingerMillis>";
        return "<appender name='sut' class='io.penstock.logback.PenstockAppender'><host>127.0.0.1</host><port>" + port
                + "</port>" + linger + elements + "</appender>";
    }

    private String appender(String elements) {
        return appender(agent.port(), elements);
    }

    private String only() {
        await().until(() -> agent.records().size() == 1);
        return agent.records()
                .get(0)
                .replaceAll("\"process.thread.name\":\"[^\"]*\"", "\"process.thread.name\":\"main\"");
    }

    @Test
    void anEventHasTheNamesOfTheLog4jAppenderAndItsSource() {
        try (Application application = new Application(appender("<tag>shop</tag>"))) {
            long before = Instant.now().getEpochSecond();
            application.logger("com.acme.Shop").info("sold {} of {}", 3, "\u00e4pfel \"x\"");
            assertEquals(
                    "{\"log.level\":\"INFO\",\"log.logger\":\"com.acme.Shop\",\"process.thread.name\":\"main\","
                            + "\"message\":\"sold 3 of \u00e4pfel \\\"x\\\"\"}",
                    only());
            assertEquals(Set.of("shop"), agent.tags());
            assertEquals(Set.of("log4j"), agent.sources());
            assertTrue(agent.lastSeconds() >= before && agent.lastSeconds() <= before + 60);
        }
    }

    @Test
    void mdcMarkersErrorFieldsAndLocationAreThereWhenTheyAre() {
        BasicMarkerFactory factory = new BasicMarkerFactory();
        Marker audit = factory.getMarker("AUDIT");
        Marker security = factory.getMarker("SECURITY");
        audit.add(security);
        security.add(factory.getMarker("ALL"));
        try (Application application = new Application(appender("<includeLocation>true</includeLocation>"
                + "<field><name>service.name</name><value>shop</value></field>"))) {
            MDC.put("order", "7");
            application
                    .logger("a")
                    .error(audit, "failed", new IllegalStateException("why", new RuntimeException("cause")));
            String record = only();
            for (String part : List.of(
                    "\"labels\":{\"order\":\"7\"},\"log.marker\":\"AUDIT\",\"log.markers\":[\"AUDIT\",\"SECURITY\",\"ALL\"]",
                    "\"error.type\":\"java.lang.IllegalStateException\",\"error.message\":\"why\"",
                    "Caused by: java.lang.RuntimeException: cause\\n",
                    "\"log.origin\":{\"function\":\"" + getClass().getName() + ".mdcMarkers")) {
                assertTrue(record.contains(part), record);
            }
            assertTrue(record.endsWith("\"service.name\":\"shop\"}"), record);
        }
    }

    @Test
    void keyValuePairsAreFields() {
        try (Application application =
                new Application(appender("<field><name>service.name</name><value>shop</value></field>"))) {
            BasicMarkerFactory factory = new BasicMarkerFactory();
            application
                    .logger("a")
                    .atWarn()
                    .addMarker(factory.getMarker("ONE"))
                    .addMarker(factory.getMarker("TWO"))
                    .addKeyValue("customer", 12L)
                    .addKeyValue("total", 9.5)
                    .addKeyValue("paid", true)
                    .addKeyValue("items", List.of("a", "b"))
                    .addKeyValue("nothing", (Object) null)
                    .addKeyValue("twice", 1)
                    .addKeyValue("twice", 2)
                    .addKeyValue("message", "mine")
                    .addKeyValue("service.name", "other")
                    .log("sold");
            String record = only();
            assertTrue(
                    record.endsWith("\"message\":\"sold\",\"log.marker\":\"ONE\",\"log.markers\":[\"ONE\",\"TWO\"],"
                            + "\"customer\":12,\"total\":9.5,\"paid\":true,\"items\":[\"a\",\"b\"],\"nothing\":null,"
                            + "\"twice\":[1,2],\"data.message\":\"mine\",\"service.name\":\"other\"}"),
                    record);
        }
    }

    @Test
    void anErrorHasItsCausesAlsoSuppressedAndCircularOnes() {
        try (Application application = new Application(appender(""))) {
            Exception outer = new IllegalStateException("outer", new IllegalArgumentException("cause"));
            outer.addSuppressed(new IOException("suppressed"));
            outer.getCause().addSuppressed(outer);
            application.logger("a").error("failed", outer);
            String record = only();
            for (String part : List.of(
                    "\"error.type\":\"java.lang.IllegalStateException\"",
                    "Suppressed: java.io.IOException: suppressed",
                    "Caused by: java.lang.IllegalArgumentException: cause",
                    "CIRCULAR REFERENCE")) {
                assertTrue(record.contains(part), record);
            }
        }
    }

    @Test
    void objectsThatThrowHarmNeitherTheirEventNorTheApplication() {
        Object throwing = new Object() {
            @Override
            public String toString() {
                throw new IllegalStateException("secret");
            }
        };
        try (Application application = new Application(appender(""))) {
            application
                    .logger("a")
                    .atInfo()
                    .addKeyValue("bad", throwing)
                    .addKeyValue("good", 1)
                    .log("sold {}", throwing);
            String record = only();
            assertTrue(record.contains("\"bad\":\"(unreadable: java.lang.IllegalStateException)\",\"good\":1"), record);
        }
    }

    @Test
    void anEncoderReplacesTheRecordButForTheLoggerInWhateverCharset() {
        try (Application application = new Application(
                appender("<encoder><charset>ISO-8859-1</charset><pattern>%p %m%n</pattern></encoder>"))) {
            application.logger("com.acme.Shop").warn("h\u00e4llo");
            assertEquals("{\"log.logger\":\"com.acme.Shop\",\"message\":\"WARN h\u00e4llo\"}", only());
        }
    }

    @Test
    void aFilterFilters() {
        try (Application application = new Application(appender(
                "<filter class='ch.qos.logback.classic.filter.ThresholdFilter'><level>WARN</level></filter>"))) {
            application.logger("a").info("no");
            application.logger("a").warn("yes");
            assertTrue(only().contains("yes"));
        }
    }

    @Test
    void theCountersAreThere() {
        try (Application application = new Application(appender(""))) {
            PenstockAppender appender = application.appender();
            application.logger("a").info("one");
            await().until(() -> appender.status().acknowledged() == 1);
            assertEquals(1, appender.status().accepted());
            assertEquals(0, appender.status().bufferedEvents());
        }
    }

    @Test
    void theAgentMayGoAwayAndComeBackAndNothingIsLost() throws Exception {
        try (Application application =
                new Application(appender("<chunkBytes>4096</chunkBytes><whenFull>BLOCK</whenFull>"
                        + "<maxBlockMillis>60000</maxBlockMillis>"))) {
            Logger logger = application.logger("com.acme.Shop");
            for (int n = 0; n < 1_000; n++) {
                logger.info("event {}", n);
            }
            await().until(() -> agent.records().size() > 100);
            agent.goAway();
            for (int n = 1_000; n < 2_000; n++) {
                logger.info("event {}", n);
            }
            agent.comeBack();
            await().until(() -> messages().contains("event 1999"));
            assertEquals(
                    IntStream.range(0, 2_000).mapToObj(n -> "event " + n).toList(),
                    List.copyOf(new LinkedHashSet<>(messages())));
        }
    }

    @Test
    void aMessageThatLogsWhileItIsFormattedHarmsNeither() {
        try (Application application = new Application(appender(""))) {
            Logger logger = application.logger("com.acme.Shop");
            Object chatty = new Object() {
                @Override
                public String toString() {
                    logger.info("event 0");
                    return "1";
                }
            };
            logger.info("event {}", chatty);
            await().until(() -> agent.records().size() == 2);
            assertEquals(List.of("event 0", "event 1"), messages());
        }
    }

    @Test
    void eventsOfTheClientItselfAreNotSent() {
        try (Application application = new Application(appender(""))) {
            application.logger("io.penstock.forward.client.Sender").info("would go round for ever");
            application.logger("a").info("other");
            assertTrue(only().contains("other"));
        }
    }

    private List<String> messages() {
        return agent.records().stream()
                .map(record -> record.replaceAll(".*\"message\":\"([^\"]*)\".*", "$1"))
                .collect(Collectors.toList());
    }
}
