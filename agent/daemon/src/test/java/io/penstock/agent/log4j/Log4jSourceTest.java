package io.penstock.agent.log4j;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.penstock.agent.fakes.FakeSpool;
import io.penstock.agent.fakes.FakeSpools;
import io.penstock.agent.ingest.AckMode;
import io.penstock.agent.ingest.DeadEntries;
import io.penstock.agent.ingest.DeadEntryFile;
import io.penstock.agent.ingest.Intake;
import io.penstock.agent.record.FieldNames;
import io.penstock.agent.record.RecordFormat;
import io.penstock.agent.route.KeyTemplate;
import io.penstock.agent.route.Route;
import io.penstock.agent.route.RoutePattern;
import io.penstock.agent.route.Router;
import io.penstock.agent.route.Source;
import io.penstock.agent.route.Texts;
import io.penstock.base.memory.MemoryBudget;
import io.penstock.base.net.ConnectionBudget;
import io.penstock.base.net.ListenAddress;
import io.penstock.base.settings.Parsed;
import io.penstock.delivery.spool.Spool;
import io.penstock.delivery.spool.TooManyStreams;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The way of a line into its spool, over a socket. */
class Log4jSourceTest {
    private static final FieldNames NOTHING_ADDED =
            new FieldNames(Optional.empty(), Optional.empty(), Optional.empty());

    private final FakeSpools spools = new FakeSpools();
    private final FakeSpool log4j = spools.of("log4j");
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final MemoryBudget.Account memory = MemoryBudget.of(1 << 20).account(1.0);
    private Log4jSource source;

    private void start(AckMode ack, Route... routes) throws IOException {
        start(ack, new Router(List.of(routes)), DeadEntries.NOWHERE);
    }

    private void start(AckMode ack, Router router, DeadEntries dead) throws IOException {
        Intake intake = new Intake(router, spools, stream -> 10_000, dead, () -> Instant.parse("2026-01-02T03:04:05Z"));
        source = Log4jSource.start(
                Log4jSettings.open(List.of(new ListenAddress("127.0.0.1", 0)), ack),
                ConnectionBudget.unlimited(),
                intake,
                memory,
                metrics);
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket("127.0.0.1", source.addresses().get(0).getPort());
        socket.setSoTimeout(60_000);
        return socket;
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }

    private static <T> T right(Parsed<T> parsed) {
        return ((Parsed.Right<T>) parsed).value();
    }

    private double refused(String reason) {
        return metrics.get("penstock.source.refused")
                .tag("source", "log4j")
                .tag("reason", reason)
                .counter()
                .count();
    }

    @AfterEach
    void close() {
        source.close();
    }

    @Test
    void aDefectAfterAWaitForRoomClosesItsConnectionOnly() throws Exception {
        start(AckMode.MEMORY);
        log4j.refuse(Spool.FULL);
        try (Socket one = connect();
                Socket other = connect()) {
            send(one, "{\"a\":1}\n");
            await().until(() -> log4j.wantingRoom() == 1);
            send(other, "{\"a\":2}\n");
            await().until(() -> log4j.wantingRoom() == 2);
            log4j.throwOnce();
            log4j.refuse(0);
            await().until(() -> log4j.size() == 1);
            send(one, "{\"a\":3}\n");
            send(other, "{\"a\":4}\n");
            await().until(() -> log4j.size() == 2);
        }
    }

    @Test
    void halfLinesShareTheMemoryAndOneAtATimeGoesOn() throws Exception {
        start(AckMode.MEMORY);
        String line = "x".repeat(1_500_000);
        try (Socket first = connect();
                Socket second = connect();
                Socket whole = connect()) {
            send(first, line);
            await().until(memory::isSpent);
            Thread waiting = new Thread(() -> {
                try {
                    send(second, line + "\n");
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            waiting.start();
            await().until(() -> memory.refusals() > 0);
            assertTrue(memory.used() < 3_000_000, "held: " + memory.used());
            send(whole, "a whole line\n");
            await().until(() -> log4j.size() == 1);
            send(first, "\n");
            await().until(() -> log4j.size() == 3);
            waiting.join();
        }
        await().until(() -> memory.used() == 0);
    }

    @Test
    void anObjectGetsTimeAndIdWhereItHasNoneAndTextBecomesAMessage() throws Exception {
        start(AckMode.MEMORY);
        try (Socket socket = connect()) {
            send(socket, "{\"a\":1}\n{\"@timestamp\":\"t\",\"@id\":\"i\"}\r\n\nplain \"text\"\n[1,2]\n{broken\n");
            await().until(() -> log4j.size() == 5);
        }
        assertTrue(log4j.data()
                .get(0)
                .matches("\\{\"@timestamp\":\"2026-01-02T03:04:05.000000000Z\",\"@id\":\"\\w{26}\",\"a\":1}"));
        assertEquals("{\"@timestamp\":\"t\",\"@id\":\"i\"}", log4j.data().get(1));
        assertTrue(
                log4j.data().get(2).endsWith("\"message\":\"plain \\\"text\\\"\"}"),
                log4j.data().get(2));
        assertTrue(log4j.data().get(3).endsWith("\"message\":\"[1,2]\"}"));
        assertTrue(log4j.data().get(4).endsWith("\"message\":\"{broken\"}"));
    }

    @Test
    void loggersAreFoundUnderTheNamesOfLog4jsLayouts() throws Exception {
        start(
                AckMode.MEMORY,
                new Route(
                        right(RoutePattern.parse("log4j:com.acme.**")),
                        "acme",
                        "default",
                        right(KeyTemplate.parse("{logger}/{$.n}", Source.LOG4J)),
                        RecordFormat.JSON,
                        NOTHING_ADDED));
        try (Socket socket = connect()) {
            int n = 0;
            for (String name : List.of("log.logger", "logger_name", "loggerName", "logger", "_logger")) {
                send(socket, "{\"" + name + "\":\"com.acme.A\",\"n\":" + n++ + "}\n");
            }
            send(socket, "{\"log\":{\"logger\":\"com.acme.A\"},\"n\":5}\n{\"logger\":\"other\"}\n");
            await().until(() -> spools.of("acme").size() == 6 && log4j.size() == 1);
        }
        assertEquals(
                List.of("com.acme.A/0", "com.acme.A/1", "com.acme.A/2", "com.acme.A/3", "com.acme.A/4", "com.acme.A/5"),
                spools.of("acme").keys());
    }

    @Test
    void theLastLineNeedsNoEnd() throws Exception {
        start(AckMode.MEMORY);
        try (Socket socket = connect()) {
            send(socket, "{\"@id\":1,\"@timestamp\":1}");
        }
        await().until(() -> log4j.size() == 1);
    }

    @Test
    void moreIsReadOnlyWhenWhatCameIsDurable() throws Exception {
        start(AckMode.DURABLE);
        try (Socket socket = connect()) {
            send(socket, "one\n");
            await().until(() -> log4j.size() == 1 && log4j.durable.waiting() >= 1);
            send(socket, "two\n");
            send(socket, "three\n");
            assertEquals(1, log4j.size());
            log4j.force();
            await().until(() -> log4j.size() >= 2);
            await().until(() -> {
                log4j.force();
                return log4j.size() == 3;
            });
        }
    }

    @Test
    void aSenderIsHeldBackWhileTheSpoolIsFullAndNothingIsLost() throws Exception {
        start(AckMode.MEMORY);
        log4j.refuse(Spool.FULL);
        int lines = 20_000;
        CompletableFuture<Void> sender = CompletableFuture.runAsync(() -> {
            try (Socket socket = connect()) {
                for (int n = 0; n < lines; n++) {
                    send(socket, "{\"@id\":" + n + ",\"@timestamp\":\"" + "x".repeat(1000) + "\"}\n");
                }
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        await().until(() -> log4j.wantingRoom() == 1);
        assertTrue(!sender.isDone(), "20 MB do not fit into the kernel's buffers");
        log4j.refuse(0);
        sender.join();
        await().until(() -> log4j.size() == lines);
        for (int n = 0; n < lines; n += 997) {
            assertTrue(log4j.data().get(n).startsWith("{\"@id\":" + n + ","));
        }
    }

    @Test
    void httpIsRefusedAtItsFirstLine() throws Exception {
        start(AckMode.MEMORY);
        for (String request : List.of(
                "POST / HTTP/1.1\r\nHost: localhost\r\n\r\n{\"a\":1}\n",
                "GET /index.html HTTP/1.0\r\n\r\n",
                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
                "POST /" + "x".repeat(5_000))) {
            try (Socket socket = connect()) {
                send(socket, request);
                assertEquals(-1, read(socket));
            }
        }
        assertEquals(4, refused("unsupported"));
        try (Socket socket = connect()) {
            send(socket, "GET ready, this is a log line\nTRACE com.acme.A - entered\n");
            await().until(() -> log4j.size() == 2);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "aced0005 77 0a 7b7d",
                "160301 0200 010001fc0303 0a0a",
                "feff 007b 007d 000a",
                "fffe 7b00 7d00 0a00",
                "7b00 2200 6100",
                "007b 0022 0061",
                "0d0a0d0a 000d0a51 5549540a 21110000",
                "50524f5859205443503420 0d0a",
                "10 10 0004 4d515454 04 02 0000",
                "93 a1 74 ce00000001 80",
                "92 d9 20 74 74 0a",
                "1f8b0800 00000000"
            })
    void otherProtocolsAreRefusedByNameHoweverTheirBytesArrive(String hex) throws Exception {
        byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
        start(AckMode.MEMORY);
        int refusals = 0;
        for (int step : new int[] {1, 3, bytes.length}) {
            try (Socket socket = connect()) {
                socket.setTcpNoDelay(true);
                try {
                    for (int at = 0; at < bytes.length; at += step) {
                        socket.getOutputStream().write(bytes, at, Math.min(step, bytes.length - at));
                    }
                } catch (SocketException closed) {
                    // The refusal came before the last byte.
                }
                assertEquals(-1, read(socket));
            }
            refusals++;
            assertEquals(refusals, refused("unsupported"));
        }
        assertEquals(0, log4j.size());
    }

    @Test
    void linesThatBeginLikeAnotherProtocolAreLines() throws Exception {
        start(AckMode.MEMORY);
        List<byte[]> begins = List.of(
                new byte[] {(byte) 0xac, '\n'},
                new byte[] {'\r', '\n', '\r', '\n', 'a', '\n'},
                new byte[] {(byte) 0x93, '\n'},
                new byte[] {0, '{', '}', '\n'},
                new byte[] {(byte) 0xac},
                "PROXY is down\n".getBytes(StandardCharsets.UTF_8));
        for (byte[] begin : begins) {
            try (Socket socket = connect()) {
                socket.getOutputStream().write(begin);
            }
        }
        await().until(() -> log4j.size() == begins.size());
    }

    private static int read(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read();
        } catch (SocketException reset) {
            return -1;
        }
    }

    @Test
    void aLineBeyondTheBoundIsLeftOutAndTheNextIsTaken() throws Exception {
        start(AckMode.MEMORY);
        try (Socket socket = connect()) {
            send(socket, "x".repeat(3 * 1024 * 1024) + "\nnext\n");
            await().until(() -> log4j.size() == 1);
        }
        assertTrue(log4j.data().get(0).contains("next"));
        assertEquals(1, refused("too_large"));
    }

    @Test
    void aLineThatItsStreamDoesNotTakeGoesOnToTheDeadLetters() throws Exception {
        start(AckMode.MEMORY);
        try (Socket socket = connect()) {
            send(socket, "x".repeat(20_000) + "\n");
            await().until(() -> log4j.size() == 1);
        }
        assertEquals(1, refused("too_large"));
    }

    @Test
    void textThatIsNoUtf8IsMended() throws Exception {
        start(AckMode.MEMORY);
        try (Socket socket = connect()) {
            socket.getOutputStream().write(new byte[] {'a', (byte) 0xff, '\n'});
            await().until(() -> log4j.size() == 1);
        }
        assertTrue(
                log4j.data().get(0).endsWith("\"message\":\"a\ufffd\"}"),
                log4j.data().get(0));
    }

    @Test
    void aLineWhoseLoggerLeadsToNoStreamIsADeadLetterAndThoseBesideItAreStored(@TempDir Path folder) throws Exception {
        try (DeadEntryFile dead = new DeadEntryFile(folder, () -> Instant.parse("2026-01-02T03:04:05Z"))) {
            Route route = Texts.templated("log4j:**", "log-{logger(2)}");
            start(AckMode.DURABLE, new Router(List.of(route)), dead);
            try (Socket socket = connect()) {
                send(socket, """
                        {"logger":"a.shop","n":1}
                        {"logger":"a.$x","n":2}
                        no logger
                        {"logger":"a.cart","n":3}
                        """);
                await().until(() -> spools.of("log-shop").size() == 1
                        && spools.of("log-cart").size() == 1);
                await().until(() -> refused("invalid_stream") == 2);
                // More is read once all of that is durable.
                spools.all().forEach(FakeSpool::force);
                send(socket, "{\"logger\":\"a.shop\",\"n\":4}\n");
                await().until(() -> spools.of("log-shop").size() == 2);
            }
            List<String> letters = Files.readAllLines(folder.resolve(DeadEntryFile.NAME));
            assertEquals(2, letters.size());
            assertTrue(letters.get(0).contains("\"source\":\"log4j\",\"stream\":\"log4j\""), letters.get(0));
            assertTrue(letters.get(1).contains("the event has no {logger(2)}"), letters.get(1));
        }
    }

    @Test
    void linesForOneStreamTooManyAreHeldAndThoseOfOtherConnectionsGoOn() throws Exception {
        start(AckMode.MEMORY, Texts.templated("log4j:a.**", "log-{logger(2)}"));
        try (Socket one = connect();
                Socket other = connect()) {
            spools.refuseStreams(TooManyStreams.exception("one too many"));
            send(one, "{\"logger\":\"a.x\"}\n{\"logger\":\"a.y\"}\n");
            await().until(() -> heldBack() == 1);
            spools.allowStreams();
            send(other, "{\"logger\":\"a.z\"}\n");
            await().until(() -> spools.of("log-z").size() == 1);
            await().until(() ->
                    spools.of("log-x").size() == 1 && spools.of("log-y").size() == 1);
        }
    }

    private double heldBack() {
        return metrics.get("penstock.source.held.back")
                .tag("source", "log4j")
                .counter()
                .count();
    }
}
