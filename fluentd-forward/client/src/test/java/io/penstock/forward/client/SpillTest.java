package io.penstock.forward.client;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.msgpack.core.MessagePack;

/** What a client saves in its spill file, and what the next client makes of it. */
class SpillTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final long MIB = 1024 * 1024;

    @TempDir
    Path folder;

    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final ClientListener listener = new ClientListener() {
        @Override
        public void restored(Path file, long events) {
            heard.add("restored " + events);
        }

        @Override
        public void spillFails(Path file, String reason) {
            heard.add("fails " + reason);
        }

        @Override
        public void spillWorks(Path file) {
            heard.add("works");
        }

        @Override
        public void damaged(int events, String reason) {
            heard.add("damaged " + events + " " + reason);
        }
    };

    private Path file() {
        return folder.resolve("deeper/spill");
    }

    private ClientSettings.Builder to(Address server) {
        return ClientSettings.to(server)
                .name("spill")
                .linger(Duration.ofMillis(5))
                .longestPause(Duration.ofMillis(50))
                .chunkBytes(4096)
                .bufferBytes(8 * 4096)
                .maxBlock(LONG)
                .spill(Spill.to(file(), 16 * MIB));
    }

    private static void offer(ForwardClient client, int from, int to) {
        EntryWriter entry = client.newEntry();
        for (int n = from; n < to; n++) {
            entry.begin(1_700_000_000L, n).name("n").value(n).end();
            assertEquals(Offered.ACCEPTED, client.offer("app", entry));
        }
    }

    private static List<String> numbers(int count) {
        return IntStream.range(0, count).mapToObj(n -> "{\"n\":" + n + "}").toList();
    }

    @Test
    void whatOneClientCouldNotDeliverTheNextSendsBeforeItsOwn() throws Exception {
        ForwardClient first = ForwardClient.start(to(nobody()).build(), listener);
        offer(first, 0, 20_000);
        assertTrue(first.status().bufferedChunks() > 8, "many times what is in memory");
        assertEquals(0, first.close(Duration.ZERO), "nothing is lost");
        assertEquals(20_000, first.status().savedEvents());
        try (TestServer server = new TestServer();
                ForwardClient second = ForwardClient.start(to(server.address()).build(), listener)) {
            offer(second, 20_000, 21_000);
            assertTrue(second.flush(LONG));
            assertEquals(numbers(21_000), server.records());
            assertEquals(21_000, second.status().acknowledged());
            assertEquals(20_000, second.status().restored());
            await().until(() -> second.status().savedEvents() == 0);
        }
        assertTrue(Files.size(file()) < 64, "an empty file is short");
        assertEquals(List.of("restored 20000"), heard);
    }

    @Test
    void aChunkThatWasSentAndNotAcknowledgedKeepsItsIdInTheNextClient() throws Exception {
        try (TestServer server = new TestServer()) {
            server.mood = TestServer.Mood.KEEP_SILENT;
            ForwardClient first = ForwardClient.start(to(server.address()).build());
            offer(first, 0, 1);
            await().until(() -> server.chunks.size() == 1);
            assertEquals(0, first.close(Duration.ZERO));
            server.mood = TestServer.Mood.ACKNOWLEDGE;
            try (ForwardClient second = ForwardClient.start(to(server.address()).build())) {
                assertTrue(second.flush(LONG));
                assertEquals(server.chunks.get(0).id(), server.chunks.get(1).id());
                assertEquals(
                        server.chunks.get(0).records(), server.chunks.get(1).records());
            }
        }
    }

    @Test
    void theServerMayComeBackWhenMostIsInTheFileOnly() throws Exception {
        Address address = nobody();
        try (ForwardClient client = ForwardClient.start(to(address).build())) {
            offer(client, 0, 20_000);
            try (TestServer server = new TestServer(address.port())) {
                offer(client, 20_000, 30_000);
                assertTrue(client.flush(LONG));
                assertEquals(numbers(30_000), server.records());
                await().until(() -> client.status().savedEvents() == 0);
            }
        }
    }

    @Test
    void aProcessThatIsKilledLosesNothingThatWasSaved() throws Exception {
        for (int events : new int[] {1, 3_000, 0}) {
            Process program = program("", events);
            long saved = 0;
            try (BufferedReader out = output(program)) {
                int enough = events == 0 ? 5_000 : events;
                while (saved < enough) {
                    saved = Long.parseLong(out.readLine().replace("saved ", ""));
                }
                kill(program);
                for (String line = out.readLine(); line != null; line = out.readLine()) {
                    saved = line.matches("saved \\d+") ? Long.parseLong(line.replace("saved ", "")) : saved;
                }
            }
            try (TestServer server = new TestServer();
                    ForwardClient next =
                            ForwardClient.start(to(server.address()).build(), listener)) {
                assertTrue(next.flush(LONG));
                int delivered = server.records().size();
                assertTrue(delivered >= saved, delivered + " of " + saved + " " + heard);
                assertEquals(numbers(delivered), server.records());
                assertEquals(0, next.status().damaged());
            }
        }
    }

    @Test
    void aDiskThatTakesNoMoreIsReportedAndTheRestStaysInMemory() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "limits a file's size with bash's ulimit");
        Process program = program("ulimit -f 100; ", 20_000);
        try (BufferedReader out = output(program)) {
            String failure = out.lines()
                    .filter(line -> line.startsWith("fails"))
                    .findFirst()
                    .orElse("ended");
            assertTrue(failure.startsWith("fails cannot be written: File too large"), failure);
        } finally {
            kill(program);
        }
    }

    @Test
    void aFullFileHoldsWhatItTookAndIsNoLargerThanAllowed() throws Exception {
        ForwardClient client = ForwardClient.start(
                to(nobody())
                        .maxBlock(Duration.ofMillis(100))
                        .spill(Spill.to(file(), MIB))
                        .build(),
                listener);
        EntryWriter entry = client.newEntry();
        int taken = 0;
        Offered offered = Offered.ACCEPTED;
        while (offered == Offered.ACCEPTED) {
            entry.begin(1, 0)
                    .name("n")
                    .value(taken)
                    .name("t")
                    .value("x".repeat(1_000))
                    .end();
            offered = client.offer("app", entry);
            taken += offered == Offered.ACCEPTED ? 1 : 0;
        }
        assertEquals(Offered.FULL, offered);
        assertTrue(Files.size(file()) <= MIB, "the file has " + Files.size(file()));
        long lost = client.close(Duration.ZERO);
        assertTrue(lost > 0 && lost < 8 * 4, "what is in memory beyond the file is lost: " + lost);
        assertTrue(heard.contains("fails is full"), heard.toString());
        try (TestServer server = new TestServer();
                ForwardClient next = ForwardClient.start(to(server.address()).build())) {
            assertTrue(next.flush(LONG));
            assertEquals(taken - lost, server.records().size());
        }
    }

    @Test
    void aTornFileLosesWhatIsTornAndNothingElse() throws Exception {
        ForwardClient first = ForwardClient.start(to(nobody()).build());
        offer(first, 0, 5_000);
        assertEquals(0, first.close(Duration.ZERO));
        byte[] content = Files.readAllBytes(file());
        content[4096 + 200] ^= 1;
        Files.write(file(), Arrays.copyOf(content, content.length - 1_000));
        try (TestServer server = new TestServer();
                ForwardClient second = ForwardClient.start(to(server.address()).build(), listener)) {
            assertTrue(second.flush(LONG));
            ClientStatus status = second.status();
            assertEquals(5_000, status.acknowledged() + status.damaged());
            assertEquals(server.records().size(), status.acknowledged());
            List<String> order =
                    numbers(5_000).stream().filter(server.records()::contains).toList();
            assertEquals(order, server.records());
            assertEquals(
                    2, heard.stream().filter(line -> line.startsWith("damaged")).count(), heard.toString());
        }
        assertTrue(Files.size(file()) < 64);
    }

    @Test
    void aFileThatAnotherClientHasIsTakenWhenItIsFree() throws Exception {
        ForwardClient first = ForwardClient.start(to(nobody()).build());
        offer(first, 0, 100);
        await().until(() -> first.status().savedEvents() == 100);
        try (TestServer server = new TestServer();
                ForwardClient second = ForwardClient.start(to(server.address()).build(), listener)) {
            offer(second, 100, 200);
            assertTrue(second.flush(LONG), "goes on without the file");
            await().untilAsserted(() ->
                    assertEquals(List.of("fails cannot be used: another appender of this process has it"), heard));
            assertEquals(0, first.close(Duration.ZERO));
            await().until(() -> server.records().size() == 200);
            await().until(() -> heard.contains("restored 100"));
        }
    }

    @Test
    void aFileThatAnotherProcessHasIsLeftAlone() throws Exception {
        Process program = program("", 10);
        try (BufferedReader out = output(program)) {
            assertEquals("saved 10", lastOf(out, "saved 10"));
            try (TestServer server = new TestServer();
                    ForwardClient client =
                            ForwardClient.start(to(server.address()).build(), listener)) {
                offer(client, 0, 1);
                assertTrue(client.flush(LONG));
                await().untilAsserted(
                                () -> assertEquals(List.of("fails cannot be used: another process has it"), heard));
                kill(program);
                await().until(() -> server.records().size() == 11);
            }
        } finally {
            program.destroyForcibly();
        }
    }

    @Test
    void aFileOfAnotherKindIsNotTouched() throws Exception {
        Files.createDirectories(file().getParent());
        Files.writeString(file(), "precious");
        try (TestServer server = new TestServer();
                ForwardClient client = ForwardClient.start(to(server.address()).build(), listener)) {
            offer(client, 0, 10);
            assertTrue(client.flush(LONG));
        }
        assertEquals("precious", Files.readString(file()));
        await().untilAsserted(() ->
                assertEquals(List.of("fails cannot be used: it is no spill file; name another, or remove it"), heard));
    }

    @Test
    void theFileIsItsOwnersOnly() throws Exception {
        assumeTrue(Files.getFileStore(folder).supportsFileAttributeView("posix"), "permissions of POSIX");
        ForwardClient client = ForwardClient.start(to(nobody()).build());
        offer(client, 0, 1);
        await().until(() -> client.status().savedEvents() == 1);
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file())));
        client.close(Duration.ZERO);
    }

    private Process program(String before, int events) throws IOException {
        List<String> java = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                Stream.of(SpillProgram.class, ForwardClient.class, MessagePack.class)
                        .map(type -> type.getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .getPath())
                        .collect(Collectors.joining(File.pathSeparator)),
                SpillProgram.class.getName(),
                file().toString(),
                String.valueOf(nobody().port()),
                String.valueOf(events));
        List<String> command = before.isEmpty()
                ? java
                : Stream.concat(Stream.of("/bin/bash", "-c", before + "exec \"$@\"", "bash"), java.stream())
                        .toList();
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** Kills the program; its output stays readable. */
    private static void kill(Process program) throws InterruptedException {
        program.toHandle().destroyForcibly();
        program.waitFor();
    }

    private static BufferedReader output(Process program) {
        return new BufferedReader(new InputStreamReader(program.getInputStream(), StandardCharsets.UTF_8));
    }

    private static String lastOf(BufferedReader lines, String last) {
        return lines.lines().filter(last::equals).findFirst().orElse("ended");
    }

    /** An address without a listener. */
    private static Address nobody() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return Address.of("127.0.0.1", socket.getLocalPort());
        }
    }
}
