package io.penstock.engine.http;

import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.logging.RequestLogProperty;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.util.AttributeKey;
import io.penstock.base.net.ConnectionBudget;
import io.penstock.base.net.ConnectionShares;
import java.util.function.BiConsumer;

/**
 * Limits the connections of an Armeria server by {@link ConnectionShares}; a connection is silent until its first
 * request. A refused connection is answered with 503 and closed. Thread-safe.
 */
public final class ConnectionGate {
    private static final AttributeKey<Boolean> SILENT = AttributeKey.valueOf(ConnectionGate.class, "silent");

    private final ConnectionShares shares;
    private final BiConsumer<Channel, String> refused;

    /**
     * @param max connections of this server
     * @param budget of this server and others
     * @param refused receives each connection that is refused or closed to make room, and the reason; on any event loop
     */
    public ConnectionGate(int max, ConnectionBudget budget, BiConsumer<Channel, String> refused) {
        this.shares = new ConnectionShares(max, budget, this::leave);
        this.refused = refused;
    }

    private void leave(Channel silent) {
        refused.accept(silent, "no request has come, and it makes room for a new connection");
        silent.close();
    }

    /** Installs the gate. Must be called after all other handlers of a new connection were added. */
    public void guard(ChannelPipeline pipeline) {
        Channel channel = pipeline.channel();
        channel.attr(SILENT).set(true);
        shares.admit(channel).ifPresent(objection -> {
            refused.accept(channel, objection.why());
            if (objection.mayBeTold()) {
                pipeline.addFirst(new TurnedAway(objection.why()));
            } else {
                // Armeria has not finished the setup of the connection.
                channel.eventLoop().execute(channel::close);
            }
        });
    }

    /** Decorates all services: with its first request a connection is no longer silent. */
    public HttpResponse serve(HttpService delegate, ServiceRequestContext context, HttpRequest request)
            throws Exception {
        Channel channel =
                context.log().ensureAvailable(RequestLogProperty.SESSION).channel();
        if (channel != null && channel.attr(SILENT).getAndSet(null) != null) {
            shares.heard(channel);
        }
        return delegate.serve(context, request);
    }
}
