package io.penstock.mqtt.internal.transport;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.penstock.base.net.HostCheck;
import io.penstock.mqtt.MqttListener;
import io.penstock.mqtt.internal.connection.Connection;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Passes only those HTTP requests on to the WebSocket handshake that {@link MqttListener.WebSocket} allows. */
final class WebSocketGate extends SimpleChannelInboundHandler<FullHttpRequest> {
    private static final String VERSION = "13";

    private final MqttListener.WebSocket settings;
    private final HostCheck check;
    private final Connection connection;

    WebSocketGate(MqttListener.WebSocket settings, Connection connection) {
        this.connection = connection;
        this.settings = settings;
        this.check = new HostCheck(settings.hosts(), settings.origins());
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
        Optional<HostCheck.Finding> foreign = foreign(request.headers());
        String upgrade = request.headers().get(HttpHeaderNames.UPGRADE);
        if (!request.decoderResult().isSuccess()) {
            answer(context, HttpResponseStatus.BAD_REQUEST, "This is no HTTP/1.1 request.");
        } else if (!new QueryStringDecoder(request.uri()).path().equals(settings.path())) {
            answer(context, HttpResponseStatus.NOT_FOUND, "MQTT over WebSocket is at " + settings.path() + ".");
        } else if (foreign.isPresent()) {
            switch (foreign.get().fault()) {
                case NOT_ONE_HOST ->
                    answer(context, HttpResponseStatus.BAD_REQUEST, "A request has to have one Host header.");
                case FOREIGN_HOST ->
                    answer(context, HttpResponseStatus.FORBIDDEN, "This Host is not among the listener's hosts.");
                case FOREIGN_ORIGIN ->
                    answer(context, HttpResponseStatus.FORBIDDEN, "This Origin is not among the listener's origins.");
            }
        } else if (!HttpHeaderValues.WEBSOCKET.contentEqualsIgnoreCase(upgrade)) {
            answer(context, HttpResponseStatus.UPGRADE_REQUIRED, "Only WebSocket is spoken here.");
        } else if (!VERSION.equals(request.headers().get(HttpHeaderNames.SEC_WEBSOCKET_VERSION))) {
            answer(context, HttpResponseStatus.UPGRADE_REQUIRED, "Only version 13 of WebSocket is spoken here.");
        } else if (!isHandshake(request)) {
            answer(
                    context,
                    HttpResponseStatus.BAD_REQUEST,
                    "A WebSocket handshake is a GET with Connection: upgrade and a Sec-WebSocket-Key.");
        } else {
            context.fireChannelRead(request.retain());
        }
    }

    /** RFC 6455, section 4.2.1. Netty would answer any other request itself, without counting it. */
    private static boolean isHandshake(FullHttpRequest request) {
        return request.method().equals(HttpMethod.GET)
                && request.headers().containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true)
                && request.headers().contains(HttpHeaderNames.SEC_WEBSOCKET_KEY);
    }

    /**
     * The listener's own address is allowed as an origin, because some clients that are not browsers send it; no page
     * is served from here.
     */
    private Optional<HostCheck.Finding> foreign(HttpHeaders headers) {
        List<String> hosts = headers.getAll(HttpHeaderNames.HOST);
        if (hosts.size() > 1) {
            return check.judge(List.of(String.join(", ", hosts)), List.of());
        }
        List<String> others = headers.getAll(HttpHeaderNames.ORIGIN).stream()
                .filter(origin -> hosts.stream()
                        .noneMatch(host -> origin.equals("http://" + host) || origin.equals("https://" + host)))
                .toList();
        return check.judge(hosts, others);
    }

    private void answer(ChannelHandlerContext context, HttpResponseStatus status, String text) {
        connection.refusedBelow("HTTP " + status.code() + ": " + text);
        DefaultFullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, status, Unpooled.copiedBuffer(text + "\n", StandardCharsets.UTF_8));
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8")
                .set(HttpHeaderNames.CONTENT_LENGTH, response.content().readableBytes())
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        if (status.equals(HttpResponseStatus.UPGRADE_REQUIRED)) {
            response.headers()
                    .set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET)
                    .set(HttpHeaderNames.SEC_WEBSOCKET_VERSION, VERSION);
        }
        context.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
    }
}
