package io.penstock.mqtt.internal.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.penstock.mqtt.ProtocolVersion;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The content of a CONNECT (MQTT 5 section 3.1). Absent properties have their defaults.
 *
 * @param version the protocol version of the client
 * @param cleanStart whether the client discards its stored session
 * @param keepAliveSeconds 0: none
 * @param properties of MQTT 5
 * @param clientId empty if the client sends none
 * @param will null if it has none
 * @param password bytes without a charset
 */
public record ConnectPacket(
        ProtocolVersion version,
        boolean cleanStart,
        int keepAliveSeconds,
        Properties properties,
        String clientId,
        @Nullable WillMessage will,
        Optional<String> userName,
        Optional<byte[]> password) {
    private static final int CLEAN_START = 0x02;
    private static final int WILL = 0x04;
    private static final int WILL_RETAIN = 0x20;
    private static final int PASSWORD = 0x40;
    private static final int USER_NAME = 0x80;

    /**
     * The properties that this server reads.
     *
     * @param sessionExpirySeconds empty before MQTT 5
     * @param authentication whether it asks for enhanced authentication
     * @param authenticationData whether it has data for that
     * @param explains whether reason strings may go with every packet
     * @param maxPacketSize the largest packet that the client takes
     */
    public record Properties(
            OptionalLong sessionExpirySeconds,
            boolean authentication,
            boolean authenticationData,
            boolean explains,
            long maxPacketSize) {
        static final Properties NONE = new Properties(OptionalLong.empty(), false, false, true, Long.MAX_VALUE);

        private static Properties read(Cursor in) {
            OptionalLong expiry = OptionalLong.empty();
            boolean authentication = false;
            boolean data = false;
            boolean explains = NONE.explains;
            long maxPacketSize = NONE.maxPacketSize;
            PropertyWalker walker = new PropertyWalker(in);
            walker.begin(PropertyWalker.IN_CONNECT);
            for (int id = walker.next(); id != PropertyWalker.NONE; id = walker.next()) {
                switch (id) {
                    case PropertyWalker.SESSION_EXPIRY -> expiry = OptionalLong.of(walker.number());
                    case PropertyWalker.AUTHENTICATION_METHOD -> authentication = true;
                    case PropertyWalker.AUTHENTICATION_DATA -> data = true;
                    case PropertyWalker.REQUEST_PROBLEM_INFORMATION -> explains = walker.number() == 1;
                    case PropertyWalker.MAXIMUM_PACKET_SIZE -> maxPacketSize = walker.number();
                    default -> {} // The other properties are about packets that this server does not send.
                }
            }
            return new Properties(expiry, authentication, data, explains, maxPacketSize);
        }
    }

    /** Reads the body of a packet that {@link FrameCheck} has accepted. */
    public static ConnectPacket read(ByteBuf bytes, int start, int end, ProtocolVersion version) {
        boolean five = version == ProtocolVersion.MQTT_5;
        Cursor in = new Cursor();
        in.over(bytes, start, end, "CONNECT");
        in.string("the protocol name");
        in.u8("the protocol level");
        int flags = in.u8("the connect flags");
        int keepAlive = in.u16("the keep alive");
        Properties properties = five ? Properties.read(in) : Properties.NONE;
        String clientId = in.last(in.string("the client identifier"));
        WillMessage will = (flags & WILL) == 0
                ? null
                : WillMessage.read(in, bytes, five, flags >> 3 & 3, (flags & WILL_RETAIN) != 0);
        Optional<String> userName =
                (flags & USER_NAME) == 0 ? Optional.empty() : Optional.of(in.last(in.string("the user name")));
        Optional<byte[]> password =
                (flags & PASSWORD) == 0 ? Optional.empty() : Optional.of(binary(in, bytes, "the password"));
        return new ConnectPacket(
                version, (flags & CLEAN_START) != 0, keepAlive, properties, clientId, will, userName, password);
    }

    /** A copy of the binary data that comes next. */
    static byte[] binary(Cursor in, ByteBuf bytes, String what) {
        int length = in.binary(what);
        return ByteBufUtil.getBytes(bytes, in.index() - length, length);
    }
}
