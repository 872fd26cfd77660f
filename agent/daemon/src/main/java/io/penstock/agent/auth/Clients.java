package io.penstock.agent.auth;

import com.linecorp.armeria.common.logging.RequestLogProperty;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.Attribute;
import io.netty.util.AttributeKey;
import io.penstock.base.net.ClientNetwork;
import io.penstock.base.tls.PeerCertificate;
import java.util.Optional;

/** What the connection of a request says of its client. */
final class Clients {
    private static final AttributeKey<Name> CERTIFICATE = AttributeKey.valueOf(Clients.class, "certificate");

    /** Found once for each connection. */
    private record Name(Optional<String> text) {}

    private Clients() {}

    /** The address or network under which the client is counted. */
    static String address(ServiceRequestContext ctx) {
        return ClientNetwork.of(ctx.remoteAddress());
    }

    /** The name in the certificate that the TLS handshake has verified. */
    static Optional<String> certificateName(ServiceRequestContext ctx) {
        Channel channel = ctx.log().ensureAvailable(RequestLogProperty.SESSION).channel();
        if (channel == null) {
            return Optional.empty();
        }
        Attribute<Name> known = channel.attr(CERTIFICATE);
        Name name = known.get();
        if (name == null) {
            SslHandler tls = channel.pipeline().get(SslHandler.class);
            name = new Name(
                    tls == null
                            ? Optional.empty()
                            : PeerCertificate.commonNameOrSubject(tls.engine().getSession()));
            known.set(name);
        }
        return name.text();
    }
}
