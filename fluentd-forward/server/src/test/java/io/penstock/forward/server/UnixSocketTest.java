package io.penstock.forward.server;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class UnixSocketTest {
    private final RecordingHandler handler = new RecordingHandler();
    private final RecordingEvents events = new RecordingEvents();

    @TempDir
    private Path folder;

    private static UnixSocket socket(Path path) {
        return new UnixSocket(path, PosixFilePermissions.fromString("rw-rw----"), Optional.empty(), Optional.empty());
    }

    private ForwardServer start(Path... paths) throws IOException {
        return start(ForwardSecurity.NONE, paths);
    }

    private ForwardServer start(ForwardSecurity security, Path... paths) throws IOException {
        handler.durability.advance(Long.MAX_VALUE);
        return ForwardServer.start(settings(paths), security, handler, events);
    }

    private static ForwardSettings settings(Path... paths) {
        return ForwardSettings.on()
                .withUnixSockets(
                        List.of(paths).stream().map(UnixSocketTest::socket).toList());
    }

    private static byte[] exchange(Path path, byte[] message, int answer) throws IOException {
        try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            client.write(ByteBuffer.wrap(message));
            ByteBuffer read = ByteBuffer.allocate(answer);
            while (read.hasRemaining() && client.read(read) >= 0) {
                // until all of it has come
            }
            return java.util.Arrays.copyOf(read.array(), read.position());
        }
    }

    private void takesAChunk(Path path) throws IOException {
        assertArrayEquals(Pack.ack("id"), exchange(path, Pack.chunk("t", "id", 1), Pack.ack("id").length));
    }

    private String refusal(Path path) {
        return String.valueOf(
                assertThrows(IOException.class, () -> start(path).close()).getMessage());
    }

    @Test
    void aChunkIsTakenAndAcknowledgedAndTheFileIsGoneAfterwards() throws Exception {
        Path path = folder.resolve("forward.sock");
        try (ForwardServer server = start(path)) {
            assertEquals("rw-rw----", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
            takesAChunk(path);
            assertEquals(List.of(), server.addresses());
        }
        assertEquals(List.of("t {\"n\":0}"), handler.events);
        try (var left = Files.list(folder)) {
            assertEquals(List.of(), left.toList());
        }
    }

    @Test
    void theLoopsOfNioServeItToo() throws Exception {
        Path path = folder.resolve("forward.sock");
        handler.durability.advance(Long.MAX_VALUE);
        var loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        try (ForwardServer server = ForwardServer.start(settings(path), ForwardSecurity.NONE, handler, events, loops)) {
            takesAChunk(path);
            assertTrue(server.connections() <= 1);
        } finally {
            loops.shutdownGracefully();
        }
        assertFalse(Files.exists(path));
    }

    /** As a sender does that ends its side when all is sent. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aClientThatHasEndedItsSideStillGetsItsAcknowledgement(boolean epoll) throws Exception {
        Path path = folder.resolve("forward.sock");
        handler.durability.advance(Long.MAX_VALUE);
        var loops = epoll ? null : new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        try (ForwardServer server = epoll
                        ? start(path)
                        : ForwardServer.start(settings(path), ForwardSecurity.NONE, handler, events, loops);
                SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            assertEquals(List.of(), server.addresses());
            client.write(ByteBuffer.wrap(Pack.chunk("t", "id", 1)));
            client.shutdownOutput();
            ByteBuffer read = ByteBuffer.allocate(100);
            while (client.read(read) >= 0) {
                // up to the server's end
            }
            assertArrayEquals(Pack.ack("id"), java.util.Arrays.copyOf(read.array(), read.position()));
        } finally {
            if (loops != null) {
                loops.shutdownGracefully();
            }
        }
    }

    @Test
    void theHandshakeIsNotAskedForThere() throws Exception {
        Path path = folder.resolve("forward.sock");
        Credentials credentials = new Credentials(
                "server",
                List.of(new Credentials.HostKey(Network.parse("0.0.0.0/0").orElseThrow(), "key")),
                Map.of(),
                Duration.ofSeconds(10));
        try (ForwardServer server = start(new ForwardSecurity(Optional.of(credentials), Optional.empty()), path)) {
            takesAChunk(path);
            assertEquals(List.of(), server.addresses());
        }
    }

    @Test
    void refusalsNameTheSocket() throws Exception {
        Path path = folder.resolve("forward.sock");
        try (ForwardServer server = start(path)) {
            assertEquals(0, exchange(path, "GET / HTTP/1.1\r\n\r\n".getBytes(), 10).length);
            assertEquals("unix:" + path, events.refused.get(0).peer().toString());
            assertEquals(List.of(), server.addresses());
        }
    }

    @Test
    void theSocketOfADeadProcessIsReplaced() throws Exception {
        Path path = folder.resolve("forward.sock");
        try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(path));
        }
        assertTrue(Files.exists(path), "Java leaves the file");
        try (ForwardServer server = start(path)) {
            takesAChunk(path);
            assertEquals(List.of(), server.addresses());
        }
    }

    @Test
    void theSocketOfALivingProcessIsLeftAlone() throws Exception {
        Path path = folder.resolve("forward.sock");
        try (ForwardServer first = start(path)) {
            String refusal = refusal(path);
            assertTrue(refusal.contains("unix:" + path) && refusal.contains("a process answers there"), refusal);
            takesAChunk(path);
            assertEquals(List.of(), first.addresses());
        }
    }

    @Test
    void aFileThatIsNoSocketIsLeftAlone() throws Exception {
        Path file = Files.writeString(folder.resolve("precious"), "data");
        Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("nowhere"));
        for (Path path : List.of(file, link, Files.createDirectory(folder.resolve("folder")))) {
            String refusal = refusal(path);
            assertTrue(refusal.contains("no socket"), refusal);
        }
        assertEquals("data", Files.readString(file));
        assertTrue(Files.isSymbolicLink(link));
    }

    @Test
    void aMissingFolderIsNamed() {
        String refusal = refusal(folder.resolve("missing/forward.sock"));
        assertTrue(refusal.contains("no folder " + folder.resolve("missing")), refusal);
    }

    @Test
    void aFolderThatMayNotBeWrittenIsNamed() throws Exception {
        assumeFalse(System.getProperty("user.name").equals("root"), "root may write everywhere");
        Path closed = Files.createDirectory(
                folder.resolve("closed"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("r-x------")));
        String refusal = refusal(closed.resolve("forward.sock"));
        assertTrue(refusal.contains("permission denied") && refusal.contains(closed.toString()), refusal);
    }

    @Test
    void aPathThatIsTooLongIsRefusedWithItsLength() {
        Path path = folder.resolve("x".repeat(120));
        String refusal = refusal(path);
        assertTrue(refusal.contains(path.toString().length() + " bytes"), refusal);
    }

    @Test
    void anUnknownGroupIsNamedAndNothingIsLeft() throws Exception {
        Path path = folder.resolve("forward.sock");
        UnixSocket socket = new UnixSocket(
                path, PosixFilePermissions.fromString("rw-rw----"), Optional.empty(), Optional.of("no-such-group"));
        String refusal = String.valueOf(assertThrows(
                        IOException.class,
                        () -> ForwardServer.start(
                                        ForwardSettings.on().withUnixSockets(List.of(socket)), handler, events)
                                .close())
                .getMessage());
        assertTrue(refusal.contains("no-such-group"), refusal);
        try (var left = Files.list(folder)) {
            assertEquals(List.of(), left.toList());
        }
    }

    @Test
    void anAddressThatFailsTakesTheSocketsBeforeItAway() throws Exception {
        Path first = folder.resolve("first.sock");
        assertThrows(
                IOException.class,
                () -> start(first, folder.resolve("missing/second.sock")).close());
        assertFalse(Files.exists(first));
    }

    @Test
    void aSuccessorsFileIsNotRemoved() throws Exception {
        Path path = folder.resolve("forward.sock");
        ForwardServer server = start(path);
        try (ServerSocketChannel other = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            Path aside = folder.resolve("aside.sock");
            other.bind(UnixDomainSocketAddress.of(aside));
            Files.move(aside, path, StandardCopyOption.ATOMIC_MOVE);
            server.close();
            assertTrue(Files.exists(path));
        }
    }

    /** As a cleaner of temporary folders does it. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aSocketWhoseFileIsRemovedIsMadeAnewAndItsConnectionsStay(boolean folderToo) throws Exception {
        Path place = Files.createDirectory(folder.resolve("run"));
        Path path = place.resolve("forward.sock");
        try (ForwardServer server = start(path);
                SocketChannel before = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            if (folderToo) {
                Files.move(place, folder.resolve("gone"));
                Files.createDirectory(place);
            } else {
                Files.delete(path);
            }
            await().until(() -> Files.exists(path));
            takesAChunk(path);
            before.write(ByteBuffer.wrap(Pack.chunk("t", "id", 1)));
            ByteBuffer ack = ByteBuffer.allocate(Pack.ack("id").length);
            while (ack.hasRemaining() && before.read(ack) >= 0) {
                // until all of it has come
            }
            assertArrayEquals(Pack.ack("id"), ack.array());
            assertEquals(PosixFilePermissions.fromString("rw-rw----"), Files.getPosixFilePermissions(path));
            server.close();
            assertFalse(Files.exists(path));
        }
    }

    @Test
    void thePlaceThatAnotherProcessHasTakenIsLeftToIt() throws Exception {
        Path path = folder.resolve("forward.sock");
        try (ForwardServer server = start(path);
                ServerSocketChannel other = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            Path aside = folder.resolve("aside.sock");
            other.bind(UnixDomainSocketAddress.of(aside));
            Files.move(aside, path, StandardCopyOption.ATOMIC_MOVE);
            Object inode = Files.getAttribute(path, "unix:ino");
            server.lookAtSockets();
            server.lookAtSockets();
            assertEquals(inode, Files.getAttribute(path, "unix:ino"));
            other.close();
            Files.delete(path);
            server.lookAtSockets();
            takesAChunk(path);
        }
    }

    @Test
    void portsAndSocketsServeTogether() throws Exception {
        Path path = folder.resolve("forward.sock");
        handler.durability.advance(Long.MAX_VALUE);
        ForwardSettings both =
                ForwardSettings.on(new InetSocketAddress("127.0.0.1", 0)).withUnixSockets(List.of(socket(path)));
        try (ForwardServer server = ForwardServer.start(both, handler, events);
                RawClient tcp = new RawClient(server)) {
            tcp.send(Pack.chunk("t", "id", 1));
            assertArrayEquals(Pack.ack("id"), tcp.receive(Pack.ack("id").length));
            takesAChunk(path);
        }
    }
}
