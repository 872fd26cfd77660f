package io.penstock.forward.server;

import io.netty.handler.ssl.SslContext;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * How a server knows its clients.
 *
 * @param credentials what they have to know; empty: there is no handshake
 * @param tls asked for each new connection, on an event loop: certificates may change while the server runs,
 *     connections keep what they began with. Empty: nothing is encrypted
 */
public record ForwardSecurity(Optional<Credentials> credentials, Optional<Supplier<SslContext>> tls) {
    /** Every client may send, in plain text. */
    public static final ForwardSecurity NONE = new ForwardSecurity(Optional.empty(), Optional.empty());
}
