package io.penstock.it;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import org.msgpack.core.MessagePack;
import org.msgpack.core.MessagePackException;
import org.msgpack.core.MessagePacker;
import org.msgpack.core.MessageUnpacker;

/** A connection over which a test sends whatever bytes it likes to the forward port, and reads acknowledgements. */
final class ForwardSender implements AutoCloseable {
    private final Socket socket = new Socket();
    private final MessageUnpacker answers;

    ForwardSender(InetSocketAddress address) throws IOException {
        socket.setSoTimeout(60_000);
        // So that each write leaves as a segment of its own.
        socket.setTcpNoDelay(true);
        socket.connect(address);
        answers = MessagePack.newDefaultUnpacker(socket.getInputStream());
    }

    /** This end, as the agent's log names it. */
    String name() {
        return "127.0.0.1:" + socket.getLocalPort();
    }

    void send(byte[]... writes) throws IOException {
        for (byte[] bytes : writes) {
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
        }
    }

    void endOfStream() throws IOException {
        socket.shutdownOutput();
    }

    /** The chunk id of the next acknowledgement. */
    String ack() throws IOException {
        try {
            if (answers.unpackMapHeader() != 1 || !answers.unpackString().equals("ack")) {
                throw new IOException("an answer that is no acknowledgement");
            }
            return answers.unpackString();
        } catch (MessagePackException e) {
            throw new IOException("the connection ended within an acknowledgement", e);
        }
    }

    /** How many bytes come before the agent ends the connection. */
    int bytesUntilEnd() throws IOException {
        return socket.getInputStream().readAllBytes().length;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    /** Msgpack that {@code content} writes. */
    static byte[] pack(Packing content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (MessagePacker packer = MessagePack.newDefaultPacker(bytes)) {
            content.write(packer);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return bytes.toByteArray();
    }

    /** The mode Message: one event with the field {@code mark}, and an acknowledgement wanted for {@code chunk}. */
    static byte[] message(String tag, String mark, String chunk) {
        return pack(packer -> packer.packArrayHeader(4)
                .packString(tag)
                .packLong(1_700_000_000)
                .packMapHeader(1)
                .packString("mark")
                .packString(mark)
                .packMapHeader(1)
                .packString("chunk")
                .packString(chunk));
    }

    interface Packing {
        void write(MessagePacker packer) throws IOException;
    }
}
