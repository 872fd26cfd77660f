package io.penstock.mqtt.internal.wire;

import io.netty.buffer.ByteBuf;
import io.penstock.mqtt.ProtocolVersion;
import java.util.OptionalLong;

/**
 * A DISCONNECT of a client (MQTT 5 section 3.14).
 *
 * @param withWill true if the will is to be published all the same
 * @param sessionExpirySeconds the new session expiry, if it changes
 */
public record Disconnect(boolean withWill, OptionalLong sessionExpirySeconds) {
    /** Reads the body of a packet that {@link FrameCheck} has accepted. */
    public static Disconnect read(ByteBuf bytes, int start, int end, ProtocolVersion version) {
        if (start == end || version != ProtocolVersion.MQTT_5) {
            return new Disconnect(false, OptionalLong.empty());
        }
        Cursor in = new Cursor();
        in.over(bytes, start, end, "DISCONNECT");
        boolean withWill = in.u8("the reason code") != 0;
        OptionalLong expiry = OptionalLong.empty();
        if (in.remaining() > 0) {
            PropertyWalker properties = new PropertyWalker(in);
            properties.begin(PropertyWalker.IN_DISCONNECT);
            for (int id = properties.next(); id != PropertyWalker.NONE; id = properties.next()) {
                if (id == PropertyWalker.SESSION_EXPIRY) {
                    expiry = OptionalLong.of(properties.number());
                }
            }
        }
        return new Disconnect(withWill, expiry);
    }
}
