package io.penstock.mqtt.internal.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.penstock.mqtt.ProtocolVersion;
import io.penstock.mqtt.Publish;
import io.penstock.mqtt.internal.limits.Holding;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A will as bytes, for a session that survives a restart: its client and its message.
 *
 * <pre>
 *  format 1, version 1, text?: user name, bytes: IP address (none: empty), port 2,
 *  qos 1, retain 1, delay in seconds 8, UTF-8 1, expiry in seconds 8 (-1: none), text?: content type,
 *  text?: response topic, bytes?: correlation data, count of user properties 4, each two texts,
 *  text: topic, bytes: content
 *
 *  text, bytes   length 4, UTF-8 or bytes; with a question mark: length -1 if there is none
 * </pre>
 */
public final class KeptWill {
    private static final int FORMAT = 1;
    private static final ProtocolVersion[] VERSIONS = ProtocolVersion.values();

    private KeptWill() {}

    /** The bytes of a will. */
    public static byte[] write(Will will) {
        ByteBuf out = Unpooled.buffer();
        WillMessage message = will.message();
        WillMessage.Properties properties = message.properties();
        out.writeByte(FORMAT).writeByte(will.client().version().ordinal());
        text(out, will.client().userName());
        if (will.client().address() instanceof InetSocketAddress address && !address.isUnresolved()) {
            bytes(out, address.getAddress().getAddress());
            out.writeShort(address.getPort());
        } else {
            bytes(out, new byte[0]);
            out.writeShort(0);
        }
        out.writeByte(message.qos()).writeBoolean(message.retain());
        out.writeLong(properties.delaySeconds()).writeBoolean(properties.utf8());
        out.writeLong(properties.expiry().orElse(-1));
        text(out, properties.contentType());
        text(out, properties.responseTopic());
        if (properties.correlation().isPresent()) {
            bytes(out, properties.correlation().get());
        } else {
            out.writeInt(-1);
        }
        out.writeInt(properties.user().size());
        properties.user().forEach(property -> {
            text(out, Optional.of(property.name()));
            text(out, Optional.of(property.value()));
        });
        text(out, Optional.of(message.topic()));
        bytes(out, message.content());
        return ByteBufUtil.getBytes(out);
    }

    private static void text(ByteBuf out, Optional<String> text) {
        if (text.isPresent()) {
            bytes(out, text.get().getBytes(StandardCharsets.UTF_8));
        } else {
            out.writeInt(-1);
        }
    }

    private static void bytes(ByteBuf out, byte[] bytes) {
        out.writeInt(bytes.length).writeBytes(bytes);
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @param memory accounts for the will
     * @return empty if the bytes are of another version
     */
    public static Optional<Will> read(String clientId, byte[] kept, Holding memory) {
        ByteBuf in = Unpooled.wrappedBuffer(kept);
        try {
            if (kept.length == 0 || in.readByte() != FORMAT) {
                return Optional.empty();
            }
            ProtocolVersion version = VERSIONS[in.readByte()];
            Optional<String> userName = text(in);
            byte[] host = bytes(in).orElse(new byte[0]);
            int port = in.readUnsignedShort();
            InetSocketAddress address = host.length == 0
                    ? InetSocketAddress.createUnresolved("unknown", port)
                    : new InetSocketAddress(InetAddress.getByAddress(host), port);
            int qos = in.readByte();
            boolean retain = in.readBoolean();
            WillMessage.Properties properties = properties(in);
            WillMessage message =
                    new WillMessage(properties, text(in).orElse(""), bytes(in).orElse(new byte[0]), qos, retain);
            return Optional.of(new Will(new Client(clientId, userName, version, address), message, memory));
        } catch (IndexOutOfBoundsException | UnknownHostException unreadable) {
            return Optional.empty();
        }
    }

    private static WillMessage.Properties properties(ByteBuf in) {
        long delay = in.readLong();
        boolean utf8 = in.readBoolean();
        long expiry = in.readLong();
        Optional<String> contentType = text(in);
        Optional<String> responseTopic = text(in);
        Optional<byte[]> correlation = bytes(in);
        List<Publish.UserProperty> user = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            user.add(new Publish.UserProperty(text(in).orElse(""), text(in).orElse("")));
        }
        return new WillMessage.Properties(
                delay,
                utf8,
                expiry < 0 ? OptionalLong.empty() : OptionalLong.of(expiry),
                contentType,
                responseTopic,
                correlation,
                user);
    }

    private static Optional<String> text(ByteBuf in) {
        return bytes(in).map(bytes -> new String(bytes, StandardCharsets.UTF_8));
    }

    private static Optional<byte[]> bytes(ByteBuf in) {
        int length = in.readInt();
        if (length < 0) {
            return Optional.empty();
        }
        if (length > in.readableBytes()) {
            throw new IndexOutOfBoundsException(length);
        }
        byte[] bytes = new byte[length];
        in.readBytes(bytes);
        return Optional.of(bytes);
    }
}
