package io.penstock.log4j;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forward.fixtures.TestAgent;
import java.util.ConcurrentModificationException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.logging.log4j.Logger;
import org.apache.logging.log4j.Marker;
import org.apache.logging.log4j.MarkerManager;
import org.apache.logging.log4j.message.MapMessage;
import org.apache.logging.log4j.message.Message;
import org.apache.logging.log4j.message.ObjectMessage;
import org.apache.logging.log4j.message.StringMapMessage;
import org.apache.logging.log4j.message.StructuredDataCollectionMessage;
import org.apache.logging.log4j.message.StructuredDataMessage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What messages hold beside their text, and what markers are kinds of. */
class MessageFieldsTest {
    private TestAgent agent;
    private Application application;

    @BeforeEach
    void start() throws Exception {
        agent = new TestAgent();
        application = new Application("<Penstock name='sut' host='127.0.0.1' port='" + agent.port()
                + "' lingerMillis='5'><Property name='service.name'>shop</Property></Penstock>");
    }

    @AfterEach
    void stop() {
        application.close();
        agent.close();
    }

    private static final class Entries extends MapMessage<Entries, Object> {
        Entries(Map<String, Object> entries) {
            super(entries);
        }
    }

    private Logger logger() {
        return application.logger("a");
    }

    /** The record without the fields that every record has. */
    private String only() {
        await().until(() -> agent.records().size() == 1);
        String record = agent.records().get(0);
        return record.substring(record.indexOf("\"message\""));
    }

    private String logged(Message message) {
        logger().info(message);
        return only();
    }

    @Test
    void entriesOfAMapMessageAreFields() {
        assertEquals(
                "\"message\":\"currency=\\\"EUR\\\" customer=\\\"12\\\"\",\"currency\":\"EUR\",\"customer\":\"12\","
                        + "\"service.name\":\"shop\"}",
                logged(new StringMapMessage().with("customer", "12").with("currency", "EUR")));
    }

    @Test
    void theEntryNamedMessageIsTheMessage() {
        assertEquals(
                "\"message\":\"sold\",\"customer\":\"12\",\"service.name\":\"shop\"}",
                logged(new StringMapMessage().with("message", "sold").with("customer", "12")));
    }

    @Test
    void valuesKeepTheirTypes() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("count", 12);
        values.put("large", 1L << 40);
        values.put("total", 9.5);
        values.put("infinite", Double.POSITIVE_INFINITY);
        values.put("paid", true);
        values.put("nothing", null);
        values.put("items", List.of(1, "two"));
        values.put("array", new int[] {1, 2});
        values.put("nested", Map.of("deep", List.of()));
        values.put("kind", Thread.State.NEW);
        assertTrue(
                logged(new ObjectMessage(values))
                        .endsWith("\"count\":12,\"large\":1099511627776,\"total\":9.5,\"infinite\":\"Infinity\","
                                + "\"paid\":true,\"nothing\":null,\"items\":[1,\"two\"],\"array\":[1,2],"
                                + "\"nested\":{\"deep\":[]},\"kind\":\"NEW\",\"service.name\":\"shop\"}"),
                only());
    }

    @Test
    void aMapThatIsLoggedAsAnObjectIsFieldsToo() {
        logger().info((Object) Map.of("customer", 12));
        assertEquals("\"message\":\"{customer=12}\",\"customer\":12,\"service.name\":\"shop\"}", only());
    }

    @Test
    void anotherObjectIsText() {
        logger().info((Object) List.of("a"));
        assertEquals("\"message\":\"[a]\",\"service.name\":\"shop\"}", only());
    }

    @Test
    void theEventsOwnFieldStandsBeforeAConfiguredOneAndTheRecordsBeforeBoth() {
        assertEquals(
                "\"message\":\"sold\",\"data.log.level\":\"high\",\"service.name\":\"other\"}",
                logged(new StringMapMessage()
                        .with("message", "sold")
                        .with("log.level", "high")
                        .with("service.name", "other")));
    }

    @Test
    void structuredDataHasItsNameItsTypeAndItsEntries() {
        StructuredDataMessage message = new StructuredDataMessage("transfer@18060", "moved", "Audit");
        message.put("amount", "200");
        assertEquals(
                "\"message\":\"moved\",\"sd.id\":\"transfer@18060\",\"sd.type\":\"Audit\",\"amount\":\"200\","
                        + "\"service.name\":\"shop\"}",
                logged(message));
    }

    @Test
    void structuredDataWithoutATextIsFormatted() {
        StructuredDataMessage message = new StructuredDataMessage("transfer@18060", null, "Audit");
        message.put("amount", "200");
        assertTrue(logged(message).startsWith("\"message\":\"Audit [transfer@18060 amount=\\\"200\\\"]"), only());
    }

    @Test
    void aCollectionOfStructuredDataIsAList() {
        StructuredDataMessage one = new StructuredDataMessage("one@18060", "first", "Audit");
        one.put("amount", "1");
        StructuredDataMessage two = new StructuredDataMessage("two@18060", "second", "Audit");
        assertTrue(
                logged(new StructuredDataCollectionMessage(List.of(one, two)))
                        .endsWith("\"sd\":[{\"id\":\"one@18060\",\"type\":\"Audit\",\"amount\":\"1\"},"
                                + "{\"id\":\"two@18060\",\"type\":\"Audit\"}],\"service.name\":\"shop\"}"),
                only());
    }

    @Test
    void parentsOfAMarkerAreListedOnceEach() {
        Marker all = MarkerManager.getMarker("ALL-" + System.identityHashCode(this));
        Marker security = MarkerManager.getMarker("SECURITY").setParents(all);
        Marker audit = MarkerManager.getMarker("AUDIT").setParents(security, all);
        all.setParents(audit);
        try {
            logger().info(audit, "sold");
            assertTrue(
                    only().contains("\"log.marker\":\"AUDIT\",\"log.markers\":[\"AUDIT\",\"SECURITY\",\""
                            + all.getName() + "\"]"),
                    only());
        } finally {
            all.setParents();
            audit.setParents();
        }
    }

    @Test
    void valuesThatThrowAndMapsThatChangeHarmNeitherTheirEventNorTheNext() {
        Object throwing = new Object() {
            @Override
            public String toString() {
                throw new IllegalStateException("secret");
            }
        };
        Map<String, Object> changing = new LinkedHashMap<>() {
            @Override
            public java.util.Set<Map.Entry<String, Object>> entrySet() {
                throw new ConcurrentModificationException();
            }

            @Override
            public String toString() {
                return "changing";
            }
        };
        assertTrue(
                logged(new Entries(Map.of("message", "sold", "bad", throwing)))
                        .contains("\"message\":\"sold\",\"bad\":\"(unreadable: java.lang.IllegalStateException)\""),
                only());
        logger().info(new ObjectMessage(changing));
        logger().info(new ObjectMessage(Map.of("message", "nested", "inner", changing)));
        await().until(() -> agent.records().size() == 3);
        String unreadable = "\"...\":\"(unreadable: java.util.ConcurrentModificationException)\"";
        assertTrue(
                agent.records().get(1).contains("\"message\":\"changing\"," + unreadable),
                agent.records().get(1));
        assertTrue(
                agent.records().get(2).contains("\"inner\":{" + unreadable + "}"),
                agent.records().get(2));
    }

    @Test
    void aMapThatHoldsItselfEndsSomewhere() {
        Map<String, Object> itself = new LinkedHashMap<>();
        itself.put("message", "round");
        itself.put("again", itself);
        logger().info(new ObjectMessage(itself));
        assertTrue(only().contains("\"again\":{\"message\":\"round\",\"again\":"), only());
    }

    @Test
    void aMessageThatCannotBeFormattedStillSaysWhereItComesFrom() {
        Message broken = new StringMapMessage() {
            @Override
            public void formatTo(StringBuilder buffer) {
                buffer.append("half");
                throw new IllegalStateException("secret");
            }
        };
        assertEquals(
                "\"message\":\"(unreadable: java.lang.IllegalStateException)\",\"service.name\":\"shop\"}",
                logged(broken));
    }

    @Test
    void anErrorWhoseMessageThrowsIsNamed() {
        logger().error("failed", new IllegalStateException() {
            @Override
            public String getMessage() {
                throw new IllegalArgumentException("secret");
            }
        });
        assertTrue(
                only().contains("\"error.stack_trace\":\"(unreadable: java.lang.IllegalArgumentException)\""), only());
    }
}
