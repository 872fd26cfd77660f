package io.penstock.agent.forward;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.penstock.agent.config.ConfigurationLoader;
import io.penstock.agent.config.ConfigurationResult;
import io.penstock.agent.config.Environment;
import io.penstock.agent.fakes.FakeSpool;
import io.penstock.agent.fakes.FakeSpools;
import io.penstock.agent.ingest.Intake;
import io.penstock.agent.route.Router;
import io.penstock.base.memory.MemoryBudget;
import io.penstock.base.net.ConnectionBudget;
import io.penstock.forward.client.Address;
import io.penstock.forward.client.ClientSettings;
import io.penstock.forward.client.EntryWriter;
import io.penstock.forward.client.ForwardClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code fields:} makes of the same event, beside what Fluent Bit and the Fluentd plugin would make of it. */
class ShapingTest {
    private final FakeSpools spools = new FakeSpools();
    private final FakeSpool stream = spools.of("s");

    @TempDir
    Path folder;

    private Consumer<EntryWriter> event = entry -> entry.name("log")
            .value("a \"b\"")
            .name("n")
            .value(7)
            .name("k")
            .map()
            .name("pod")
            .value("web-1")
            .close();

    /** out_kinesis_streams without options: the record as flb_msgpack_to_json writes it (without its line end). */
    @Test
    void nothingAddedIsTheRecordOfFluentBit() throws Exception {
        assertEquals(
                "{\"log\":\"a \\\"b\\\"\",\"n\":7,\"k\":{\"pod\":\"web-1\"}}",
                record("{time: false, id: false, tag: false}"));
    }

    /** out_kinesis_streams with Time_Key time, whose default format has seconds. */
    @Test
    void timeAtTheEndInItsFormatIsTheTimeKeyOfFluentBit() throws Exception {
        assertEquals(
                "{\"log\":\"a \\\"b\\\"\",\"n\":7,\"k\":{\"pod\":\"web-1\"},\"time\":\"2023-11-14T22:13:20\"}",
                record("{time: time, time-format: \"%Y-%m-%dT%H:%M:%S\", id: false, tag: false}"));
    }

    /** out_kinesis_streams with Log_Key log, and the plugin of Fluentd with data_key log. */
    @Test
    void oneFieldsValueIsTheLogKey() throws Exception {
        assertEquals("a \"b\"", record("{log-key: log}"));
        assertEquals("{\"pod\":\"web-1\"}", record("{log-key: k}"));
        assertEquals("7", record("{log-key: n}"));
    }

    /** Other programs drop such an event. */
    @Test
    void anEventWithoutThatFieldIsKeptWhole() throws Exception {
        assertEquals(
                "{\"log\":\"a \\\"b\\\"\",\"n\":7,\"k\":{\"pod\":\"web-1\"},\"@tag\":\"app.web\"}",
                record("{log-key: missing, time: false, id: false}"));
    }

    /** fluent-plugin-kinesis without options: the line feed of its formatter stays, chomp_record takes it off. */
    @Test
    void likeFluentdItIsTheRecordAlone() throws Exception {
        event = entry ->
                entry.name("f").value(1e20).name("i").value(7).name("z").value(-0.0);
        assertEquals("{\"f\":1.0e+20,\"i\":7,\"z\":0.0}\n", record("{like: fluentd}"));
        assertEquals("{\"f\":1.0e+20,\"i\":7,\"z\":0.0}", record("{like: fluentd, chomp-record: true}"));
        assertEquals("1.0e+20", record("{like: fluentd, log-key: f}"));
        assertEquals("-0.0", record("{like: fluentd, log-key: z}"));
    }

    /** fluent-plugin-kinesis with inject tag_key tag, time_key time and utc: inject.rb adds the tag before the time. */
    @Test
    void likeFluentdTagAndTimeAreThoseOfItsInject() throws Exception {
        assertEquals(
                "{\"log\":\"a \\\"b\\\"\",\"n\":7,\"k\":{\"pod\":\"web-1\"},"
                        + "\"tag\":\"app.web\",\"time\":\"2023-11-14T22:13:20.000000005+0000\"}\n",
                record("{like: fluentd, time: time, tag: tag}"));
    }

    @Test
    void likeFluentdTagAndTimeTakeThePlaceOfTheEventsOwn() throws Exception {
        event = entry -> entry.name("time")
                .value(1)
                .name("log")
                .value("x")
                .name("tag")
                .map()
                .name("time")
                .value(2)
                .close();
        assertEquals(
                "{\"time\":\"22:13\",\"log\":\"x\",\"tag\":\"app.web\"}\n",
                record("{like: fluentd, time: time, time-format: \"%R\", tag: tag}"));
        assertEquals(
                "{\"time\":1,\"log\":\"x\",\"tag\":{\"time\":2},\"t\":\"22:13\"}\n",
                record("{like: fluentd, time: t, time-format: \"%R\"}"));
    }

    /**
     * fluent-plugin-kinesis with data_key: to_s of the value, which for text and numbers is the text and the number.
     */
    @Test
    void likeFluentdOneFieldsValueIsTheDataKey() throws Exception {
        assertEquals("a \"b\"", record("{like: fluentd, log-key: log}"));
        assertEquals("7", record("{like: fluentd, log-key: n}"));
        assertEquals("{\"pod\":\"web-1\"}", record("{like: fluentd, log-key: k}"), "JSON, where Ruby shows a Hash");
    }

    /** What kinesis_api.c (process_event) makes of it: flb_msgpack_to_json, Time_Key at the end, a line feed. */
    @Test
    void likeFluentBitIsItsRecordByteForByte() throws Exception {
        event = entry -> entry.name("log")
                .value("caf\u00e9 \u007f")
                .name("f")
                .value(0.1 + 0.2)
                .name("n")
                .value(7);
        assertEquals("{\"log\":\"caf\\u00e9 \\u007f\",\"f\":0.3,\"n\":7}\n", record("{like: fluent-bit}"));
        assertEquals(
                "{\"log\":\"caf\\u00e9 \\u007f\",\"f\":0.3,\"n\":7,\"time\":\"2023-11-14T22:13:20\"}\n",
                record("{like: fluent-bit, time: time}"));
        assertEquals(
                "{\"log\":\"caf\\u00e9 \\u007f\",\"f\":0.3,\"n\":7,\"t\":\"22:13:20.000000005\"}\n",
                record("{like: fluent-bit, time: t, time-format: \"%T.%9N\"}"));
    }

    @Test
    void likeFluentBitTheTimeIsAddedEvenToAnEventThatHasAFieldOfItsName() throws Exception {
        event = entry -> entry.name("time").value(1);
        assertEquals("{\"time\":1,\"time\":\"2023-11-14T22:13:20\"}\n", record("{like: fluent-bit, time: time}"));
    }

    /** Its Log_Key is the JSON string without its quotes. */
    @Test
    void likeFluentBitOneFieldsValueKeepsItsEscapes() throws Exception {
        event = entry -> entry.name("log")
                .value("a \"b\"\nc")
                .name("n")
                .value(1234)
                .name("e")
                .value("");
        assertEquals("a \\\"b\\\"\\nc\n", record("{like: fluent-bit, log-key: log}"));
        assertEquals("\n", record("{like: fluent-bit, log-key: e}"));
        assertEquals(
                "1234\n", record("{like: fluent-bit, log-key: n}"), "whole, where Fluent Bit cuts two characters off");
    }

    private String record(String fields) throws Exception {
        String yaml = """
                forward: {listen: "127.0.0.1:0", ack: memory}
                routes:
                  - match: "forward:**"
                    stream: s
                    fields: %s
                """.formatted(fields);
        var configuration = assertInstanceOf(
                        ConfigurationResult.Loaded.class,
                        new ConfigurationLoader(
                                        new Environment(Map.of(), Optional.of(folder), folder, Optional.empty()))
                                .load(Files.writeString(folder.resolve("penstock.yaml"), yaml)))
                .configuration();
        int before = stream.size();
        try (ForwardSource source = ForwardSource.start(
                        configuration.forward(),
                        TakenChunks.of(configuration.forward()),
                        ConnectionBudget.unlimited(),
                        new Intake(new Router(configuration.routes()), spools, any -> 10_000, InstantSource.system()),
                        MemoryBudget.of(64 << 20).account(1.0),
                        new SimpleMeterRegistry());
                ForwardClient client = ForwardClient.start(ClientSettings.to(Address.of(
                                "127.0.0.1", source.addresses().get(0).getPort()))
                        .linger(Duration.ZERO)
                        .build())) {
            EntryWriter entry = client.newEntry().begin(1_700_000_000L, 5);
            event.accept(entry);
            entry.end();
            client.offer("app.web", entry);
            await().until(() -> stream.size() == before + 1);
        }
        List<String> records = stream.data();
        return records.get(records.size() - 1);
    }
}
