package io.penstock.forward.server.internal.connection;

import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;

/** Why a client may say nothing, and what its owner can do about it: told by what its connection waits for. */
final class Silence {
    /** Of a client from which no TLS has come where it is wanted. */
    static final String BEFORE_TLS =
            "its sender may wait in plain text for a handshake, because it has a shared_key and"
                    + " no TLS; set tls at the sender, for Fluent Bit in each [NODE] of an upstream; or a probe only looks whether"
                    + " the port is open";

    private static final String NO_HANDSHAKE =
            "its sender may wait for a handshake, because it has a shared_key and this"
                    + " listener has none; or a probe only looks whether the port is open";

    private Silence() {}

    /** On the channel's event loop. */
    static String likelyCause(Channel channel, boolean awaitsHandshake) {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls != null && !tls.handshakeFuture().isSuccess()) {
            return BEFORE_TLS;
        }
        return awaitsHandshake ? Handshake.REMEDY : NO_HANDSHAKE;
    }
}
