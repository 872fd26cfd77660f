package io.penstock.forward.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.msgpack.core.MessagePack;
import org.msgpack.core.MessagePacker;
import org.msgpack.core.MessageUnpacker;
import org.msgpack.value.ArrayValue;
import org.msgpack.value.Value;
import org.msgpack.value.ValueFactory;

/** A forward server on msgpack-core alone that acknowledges, stays silent or hangs up as a test tells it. */
final class TestServer implements AutoCloseable {
    record Chunk(String tag, Map<Value, Value> options, List<String> records) {
        String id() {
            return options.get(ValueFactory.newString("chunk")).asStringValue().asString();
        }
    }

    enum Mood {
        ACKNOWLEDGE,
        KEEP_SILENT,
        HANG_UP
    }

    final List<Chunk> chunks = new CopyOnWriteArrayList<>();
    final AtomicInteger connections = new AtomicInteger();
    volatile Mood mood = Mood.ACKNOWLEDGE;

    private final ServerSocket listener;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    TestServer() {
        this(0);
    }

    TestServer(int port) {
        try {
            listener = new ServerSocket();
            listener.setReuseAddress(true);
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ClientThread.start("test-server", this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    Address address() {
        return Address.of("127.0.0.1", port());
    }

    List<String> records() {
        return chunks.stream().flatMap(chunk -> chunk.records().stream()).toList();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                open.add(socket);
                connections.incrementAndGet();
                ClientThread.start("test-connection", () -> serve(socket));
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private void serve(Socket socket) {
        try (socket;
                MessageUnpacker in = MessagePack.newDefaultUnpacker(socket.getInputStream());
                MessagePacker out = MessagePack.newDefaultPacker(socket.getOutputStream())) {
            while (in.hasNext()) {
                Chunk chunk = read(in.unpackValue().asArrayValue());
                chunks.add(chunk);
                if (mood == Mood.HANG_UP) {
                    return;
                }
                if (mood == Mood.ACKNOWLEDGE) {
                    out.packMapHeader(1).packString("ack").packString(chunk.id());
                    out.flush();
                }
            }
        } catch (IOException e) {
            // The client or the test has ended the connection.
        } finally {
            open.remove(socket);
        }
    }

    private static Chunk read(ArrayValue message) throws IOException {
        List<String> records = new CopyOnWriteArrayList<>();
        byte[] entries = message.get(1).asBinaryValue().asByteArray();
        try (MessageUnpacker unpacker = MessagePack.newDefaultUnpacker(entries)) {
            while (unpacker.hasNext()) {
                records.add(unpacker.unpackValue().asArrayValue().get(1).toJson());
            }
        }
        return new Chunk(
                message.get(0).asStringValue().asString(),
                message.get(2).asMapValue().map(),
                records);
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
