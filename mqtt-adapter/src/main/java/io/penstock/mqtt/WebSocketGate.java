package io.penstock.mqtt;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.util.NetUtil;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Lets only those HTTP requests through to the WebSocket handshake that {@link MqttWebSocket} allows. */
final class WebSocketGate extends SimpleChannelInboundHandler<FullHttpRequest> {
    private final MqttWebSocket settings;
    private final Connection connection;

    WebSocketGate(MqttWebSocket settings, Connection connection) {
        this.connection = connection;
        this.settings = settings;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
        String origin = request.headers().get(HttpHeaderNames.ORIGIN);
        String host = request.headers().get(HttpHeaderNames.HOST);
        String upgrade = request.headers().get(HttpHeaderNames.UPGRADE);
        if (!request.decoderResult().isSuccess()) {
            answer(context, HttpResponseStatus.BAD_REQUEST, "This is no HTTP/1.1 request.");
        } else if (!new QueryStringDecoder(request.uri()).path().equals(settings.path())) {
            answer(context, HttpResponseStatus.NOT_FOUND, "MQTT over WebSocket is at " + settings.path() + ".");
        } else if (origin != null && !isAllowedOrigin(origin, host)) {
            answer(context, HttpResponseStatus.FORBIDDEN, "This Origin is not among the listener's origins.");
        } else if (host == null || !isAllowed(nameOf(host))) {
            answer(context, HttpResponseStatus.FORBIDDEN, "This Host is not among the listener's hosts.");
        } else if (!HttpHeaderValues.WEBSOCKET.contentEqualsIgnoreCase(upgrade)) {
            answer(context, HttpResponseStatus.UPGRADE_REQUIRED, "Only WebSocket is spoken here.");
        } else {
            context.fireChannelRead(request.retain());
        }
    }

    /** Listed, or this listener itself, as some clients that are no browsers say; no page is served from here. */
    private boolean isAllowedOrigin(String origin, @Nullable String host) {
        return settings.origins().contains(origin)
                || origin.equals("http://" + host)
                || origin.equals("https://" + host);
    }

    private boolean isAllowed(String name) {
        return name.equalsIgnoreCase("localhost")
                || NetUtil.isValidIpV4Address(name)
                || NetUtil.isValidIpV6Address(name)
                || settings.hosts().contains(name);
    }

    /** The host without its port; an IPv6 address without its brackets. */
    private static String nameOf(String host) {
        if (host.startsWith("[")) {
            int end = host.indexOf(']');
            return end < 0 ? "" : host.substring(1, end);
        }
        int colon = host.indexOf(':');
        return colon < 0 ? host : host.substring(0, colon);
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
            response.headers().set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET);
        }
        context.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
    }
}
