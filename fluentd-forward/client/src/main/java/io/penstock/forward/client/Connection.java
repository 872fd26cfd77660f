package io.penstock.forward.client;

import io.penstock.forward.client.internal.chunk.Chunk;
import io.penstock.forward.client.internal.message.Answers;
import io.penstock.forward.client.internal.message.PackedForward;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import org.msgpack.value.ImmutableValue;
import org.msgpack.value.Value;
import org.msgpack.value.ValueFactory;

/**
 * One connection to a server, encrypted or not. The client's sender writes chunks; the connection's own thread reads
 * acknowledgements and detects that they are overdue. The first of the two that finds the connection broken ends it;
 * the unacknowledged chunks return to the buffer exactly once.
 */
final class Connection {
    private static final Value ACK = ValueFactory.newString("ack");
    private static final int LOOKS_PER_TIMEOUT = 4;

    private final Address server;
    private final ClientSettings settings;
    private final ChunkSending buffer;
    private final ClientListener listener;
    private final Socket socket;
    private final OutputStream out;
    private final Answers answers;
    private volatile boolean lost;
    private volatile boolean proved;

    private Connection(
            Address server,
            ClientSettings settings,
            ChunkSending buffer,
            ClientListener listener,
            Socket socket,
            Socket streams)
            throws IOException {
        this.server = server;
        this.settings = settings;
        this.buffer = buffer;
        this.listener = listener;
        this.socket = socket;
        this.out = streams.getOutputStream();
        this.answers = new Answers(streams.getInputStream());
    }

    /** Connects, logs in if the settings have a login, and starts to read acknowledgements. */
    static Connection open(Address server, ClientSettings settings, ChunkSending buffer, ClientListener listener)
            throws IOException {
        Socket socket = new Socket();
        try {
            int patience = (int) settings.connectTimeout().toMillis();
            socket.setTcpNoDelay(true);
            socket.setKeepAlive(true);
            socket.connect(new InetSocketAddress(server.host(), server.port()), patience);
            socket.setSoTimeout(patience);
            Optional<Encryption> encryption = settings.encryption();
            Socket streams = encryption.isPresent() ? encryption.get().over(socket, server) : socket;
            Connection connection = new Connection(server, settings, buffer, listener, socket, streams);
            if (settings.login().isPresent()) {
                new ClientHandshake(settings.login().get(), "penstock-client-" + settings.name())
                        .perform(connection.answers, connection.out);
            }
            long look = Math.max(1, settings.ackTimeout().toMillis() / LOOKS_PER_TIMEOUT);
            socket.setSoTimeout((int) Math.min(look, 60_000));
            ClientThread.start("penstock-forward-" + settings.name() + "-acks", connection::listen);
            return connection;
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    Address server() {
        return server;
    }

    boolean isLost() {
        return lost;
    }

    /** True if the server has acknowledged a chunk on this connection. */
    boolean hasProved() {
        return proved;
    }

    /** Marks the connection as lost. Returns false if it was lost before. Under the buffer's lock. */
    boolean markLost() {
        boolean first = !lost;
        lost = true;
        return first;
    }

    /** Writes one chunk; if that fails, the connection is lost. Called by the sender. */
    void write(Chunk chunk, PackedForward message) {
        try {
            out.write(message.array(), 0, message.length());
        } catch (IOException e) {
            end("writing failed: " + e.getMessage());
        } finally {
            buffer.written(chunk);
        }
    }

    private void listen() {
        try {
            while (!lost) {
                try {
                    acknowledged(answers.next());
                } catch (SocketTimeoutException e) {
                    checkPatience();
                }
            }
        } catch (IOException e) {
            end(String.valueOf(e.getMessage()));
        }
    }

    private void acknowledged(ImmutableValue answer) throws IOException {
        Value id = answer.isMapValue() ? answer.asMapValue().map().get(ACK) : null;
        if (ClientHandshake.isHelo(answer)) {
            throw new IOException("the server wants a shared key, and this client has none");
        }
        if (id == null || !id.isRawValue()) {
            throw new IOException("the server answered something that is no acknowledgement");
        }
        // The id of a chunk that is not under way is a late acknowledgement of a chunk that was sent twice.
        if (buffer.acknowledge(id.asRawValue().toString())) {
            proved = true;
        }
    }

    private void checkPatience() throws IOException {
        long now = System.nanoTime();
        Duration waited = Duration.ofNanos(now - buffer.oldestUnderWay(now));
        if (waited.compareTo(settings.ackTimeout()) > 0) {
            throw new IOException(
                    "no acknowledgement within " + settings.ackTimeout().toMillis() + " ms");
        }
    }

    /** Ends the connection and reports it to the listener; does nothing if it was lost before. Any thread. */
    void end(String reason) {
        if (!lost) {
            int unacknowledged = close();
            listener.disconnected(server, reason, unacknowledged);
        }
    }

    /** Ends the connection. Returns the number of its unacknowledged chunks. Any thread. */
    int close() {
        int unacknowledged = buffer.lost(this);
        try {
            socket.close();
        } catch (IOException e) {
            // The socket is given up; a failure to close it changes nothing.
        }
        return unacknowledged;
    }
}
