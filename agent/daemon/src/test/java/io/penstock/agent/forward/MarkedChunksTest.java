package io.penstock.agent.forward;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.penstock.agent.fakes.FakeSpool;
import io.penstock.agent.fakes.FakeSpools;
import io.penstock.agent.ingest.AckMode;
import io.penstock.agent.ingest.DeadEntryFile;
import io.penstock.agent.ingest.Intake;
import io.penstock.agent.record.FieldNames;
import io.penstock.agent.record.RecordFormat;
import io.penstock.agent.route.KeyTemplate;
import io.penstock.agent.route.Route;
import io.penstock.agent.route.RoutePattern;
import io.penstock.agent.route.Router;
import io.penstock.base.memory.MemoryBudget;
import io.penstock.base.net.ConnectionBudget;
import io.penstock.base.settings.Parsed;
import io.penstock.delivery.spool.Spool;
import io.penstock.forward.server.OtherSignals;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** By what a chunk is known after a restart stands in the spool with its last event. */
@Timeout(120)
class MarkedChunksTest {
    private final FakeSpools spools = new FakeSpools();
    private final FakeSpool forward = spools.of("forward");
    private ForwardSource source;
    private DeadEntryFile dead;
    private TakenChunks taken;

    @TempDir
    Path folder;

    private void start(int recent, Route... routes) throws IOException {
        ForwardSourceSettings section = new ForwardSourceSettings(
                List.of(ForwardAddress.tcp("127.0.0.1", 0)),
                SocketSettings.DEFAULT,
                AckMode.DURABLE,
                false,
                recent,
                OtherSignals.REFUSE,
                Optional.empty(),
                ForwardLogin.NONE);
        dead = new DeadEntryFile(folder, InstantSource.system());
        taken = TakenChunks.of(section);
        source = ForwardSource.start(
                section,
                taken,
                ConnectionBudget.unlimited(),
                new Intake(new Router(List.of(routes)), spools, stream -> 1 << 20, dead, InstantSource.system()),
                MemoryBudget.of(64 << 20).account(1.0),
                new SimpleMeterRegistry());
    }

    @AfterEach
    void close() {
        spools.all().forEach(FakeSpool::force);
        source.close();
        dead.close();
    }

    private Socket send(String entries, String options) throws IOException {
        Socket socket = new Socket("127.0.0.1", source.addresses().get(0).getPort());
        socket.setSoTimeout(60_000);
        String message = "[\"t\",[" + entries + "],{\"chunk\":\"id\",\"unique\":true" + options + "}]";
        socket.getOutputStream().write(message.getBytes(StandardCharsets.UTF_8));
        return socket;
    }

    private static void isAcknowledged(Socket socket) throws IOException {
        byte[] ack = "{\"ack\":\"id\"}".getBytes(StandardCharsets.UTF_8);
        assertEquals(
                new String(ack, StandardCharsets.UTF_8),
                new String(socket.getInputStream().readNBytes(ack.length), StandardCharsets.UTF_8));
    }

    @Test
    void theLastEventHasTheMarkAndAChunkThatIsRecalledByItIsNotStoredAgain() throws Exception {
        start(10);
        try (Socket first = send("[1,{\"n\":1}],[1,{\"n\":2}]", "")) {
            await().until(() -> forward.size() == 2);
            forward.force();
            isAcknowledged(first);
        }
        assertEquals(List.of(false, true), forward.marked());
        source.close();
        dead.close();

        start(10);
        taken.recovered(forward, forward.mark(1), 1);
        try (Socket again = send("[1,{\"n\":1}],[1,{\"n\":2}]", "")) {
            isAcknowledged(again);
        }
        assertEquals(2, forward.size());
    }

    @Test
    void ofAChunkInSeveralBlocksOnlyTheLastEventHasIt() throws Exception {
        start(10);
        String large = "x".repeat(50_000);
        String entry = "[1,{\"n\":\"" + large + "\"}]";
        try (Socket socket = send(String.join(",", List.of(entry, entry, entry, entry)), "")) {
            await().until(() -> forward.size() == 4);
            forward.force();
            isAcknowledged(socket);
        }
        assertEquals(List.of(false, false, false, true), forward.marked());
    }

    @Test
    void aChunkThatWaitsForRoomWithItsLastBlockIsMarkedOnce() throws Exception {
        start(10);
        forward.refuse(Spool.FULL);
        try (Socket socket = send("[1,{\"n\":1}]", "")) {
            await().until(() -> forward.wantingRoom() == 1);
            forward.tellOfRoom();
            forward.refuse(0);
            await().until(() -> forward.size() == 1);
            forward.force();
            isAcknowledged(socket);
        }
        assertEquals(List.of(true), forward.marked());
        assertEquals(24, forward.mark(0).length);
    }

    @Test
    void aChunkOfWhichAnEntryWasPutAsideHasNone() throws Exception {
        start(10);
        try (Socket socket = send("[1,{\"n\":1}],[\"x\",{}]", "")) {
            await().until(() -> forward.size() == 1);
            forward.force();
            isAcknowledged(socket);
        }
        assertEquals(List.of(false), forward.marked());
    }

    @Test
    void aChunkInTwoStreamsHasNoneAndOneInOneStreamHas() throws Exception {
        Route route = new Route(
                right(RoutePattern.parse("log4j:b")),
                "b",
                "default",
                KeyTemplate.RANDOM,
                RecordFormat.JSON,
                FieldNames.DEFAULT);
        start(10, route);
        FakeSpool log4j = spools.of("log4j");
        String source = ",\"source\":\"log4j\"";
        try (Socket socket = send("[1,{\"log.logger\":\"a\"}],[1,{\"log.logger\":\"b\"}]", source)) {
            await().until(() -> log4j.size() == 1 && spools.of("b").size() == 1);
            log4j.force();
            spools.of("b").force();
            isAcknowledged(socket);
        }
        try (Socket socket = send("[1,{\"log.logger\":\"a\"}],[1,{\"log.logger\":\"c\"}]", source)) {
            await().until(() -> log4j.size() == 3);
            log4j.force();
            isAcknowledged(socket);
        }
        assertEquals(List.of(false, false, true), log4j.marked());
        assertEquals(List.of(false), spools.of("b").marked());
    }

    private static <T> T right(Parsed<T> parsed) {
        return ((Parsed.Right<T>) parsed).value();
    }

    @Test
    void withoutTheOptionNothingIsMarked() throws Exception {
        start(0);
        try (Socket socket = send("[1,{\"n\":1}]", "")) {
            await().until(() -> forward.size() == 1);
            forward.force();
            isAcknowledged(socket);
        }
        assertEquals(List.of(false), forward.marked());
    }
}
