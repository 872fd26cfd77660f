package io.penstock.engine.http;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.logging.RequestLogProperty;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.util.AttributeKey;
import io.netty.util.concurrent.Future;
import io.penstock.base.fault.Guard;
import io.penstock.base.net.ConnectionBudget;
import io.penstock.base.net.ConnectionShares;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.slf4j.LoggerFactory;

/**
 * Limits the connections of an Armeria server by {@link ConnectionShares}, and its open requests by {@link
 * OpenRequests}. A connection is silent until its first request, which has a minute to come. A refused connection or
 * request is answered with 503; a connection of HTTP/2 that holds too many answers unread is closed. Thread-safe.
 */
public final class ConnectionGate {
    private static final AttributeKey<Boolean> SILENT = AttributeKey.valueOf(ConnectionGate.class, "silent");

    private static final Duration FIRST_REQUEST = Duration.ofMinutes(1);
    private static final int RETRY_AFTER_SECONDS = 5;

    private final Guard guard = new Guard(LoggerFactory.getLogger(ConnectionGate.class));
    private final ConnectionShares shares;
    private final OpenRequests requests;
    private final long mostAnswer;
    private final BiConsumer<Channel, String> refused;

    /**
     * @param max connections of this server
     * @param budget of this server and others
     * @param mostAnswer bytes of the largest answer, which decide how long a client may take to read it
     * @param refused receives each connection that is refused or closed to make room, and the reason; on any event loop
     */
    public ConnectionGate(int max, ConnectionBudget budget, long mostAnswer, BiConsumer<Channel, String> refused) {
        this(max, budget, mostAnswer, OpenRequests.ofHeap(), refused);
    }

    ConnectionGate(
            int max,
            ConnectionBudget budget,
            long mostAnswer,
            OpenRequests requests,
            BiConsumer<Channel, String> refused) {
        this.requests = requests;
        this.mostAnswer = mostAnswer;
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
        endSilent(channel);
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

    private void endSilent(Channel channel) {
        Future<?> end = channel.eventLoop()
                .schedule(
                        () -> guard.run("The end of a silent connection", () -> {
                            if (channel.attr(SILENT).get() != null) {
                                Connections.close(channel);
                            }
                        }),
                        FIRST_REQUEST.toMillis(),
                        TimeUnit.MILLISECONDS);
        channel.closeFuture().addListener(closed -> end.cancel(false));
    }

    /** Decorates all services: with its first request a connection is no longer silent. */
    public HttpResponse serve(HttpService delegate, ServiceRequestContext context, HttpRequest request)
            throws Exception {
        Channel channel =
                context.log().ensureAvailable(RequestLogProperty.SESSION).channel();
        if (channel == null) {
            return delegate.serve(context, request);
        }
        if (channel.attr(SILENT).getAndSet(null) != null) {
            shares.heard(channel);
            BlockedStreams.watch(
                    channel,
                    guard,
                    mostAnswer,
                    requests.refusalsSince(),
                    blocked -> refused.accept(blocked, "it does not read its answers"));
        }
        return switch (requests.admit(context, channel)) {
            case SERVED -> delegate.serve(context, request);
            case REFUSED -> {
                refused.accept(channel, tooMany());
                yield comeAgain();
            }
            case CONNECTION_CLOSED -> {
                refused.accept(channel, tooMany() + ", and this connection has many of them");
                BlockedStreams.closeAtOnce(channel);
                yield comeAgain();
            }
        };
    }

    private String tooMany() {
        return "there are " + requests.max() + " requests already whose answers are not sent or not read";
    }

    private HttpResponse comeAgain() {
        ResponseHeaders head = ResponseHeaders.builder(HttpStatus.SERVICE_UNAVAILABLE)
                .contentType(MediaType.JSON)
                .addInt(HttpHeaderNames.RETRY_AFTER, RETRY_AFTER_SECONDS)
                .build();
        return HttpResponse.of(
                head,
                HttpData.ofUtf8(
                        "{\"error\":\"" + tooMany() + "\",\"remedy\":\"send it again later, fewer at once\"}\n"));
    }
}
