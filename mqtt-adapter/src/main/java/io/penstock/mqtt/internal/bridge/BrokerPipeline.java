package io.penstock.mqtt.internal.bridge;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler;
import io.netty.handler.codec.http.websocketx.WebSocketVersion;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.NetUtil;
import io.penstock.mqtt.bridge.BridgeSettings;
import io.penstock.mqtt.bridge.BridgeUrl;
import io.penstock.mqtt.internal.connection.WebSocketFrames;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/** Fills the pipeline of one connection to a broker: TLS with the check of the broker's name, WebSocket, MQTT. */
final class BrokerPipeline extends ChannelInitializer<Channel> {
    private static final int LARGEST_ANSWER = 16 << 10;

    /** Netty keeps a whole frame in memory. Brokers put one packet into a frame. */
    private static final int LARGEST_FRAME = 16 << 20;

    private final BridgeSettings settings;
    private final BridgeUrl url;
    private final @Nullable SslContext tls;
    private final BrokerHandler handler;

    BrokerPipeline(BridgeSettings settings, BridgeUrl url, @Nullable SslContext tls, BrokerHandler handler) {
        this.settings = settings;
        this.url = url;
        this.tls = tls;
        this.handler = handler;
    }

    @Override
    protected void initChannel(Channel channel) {
        ChannelPipeline pipeline = channel.pipeline();
        if (tls != null) {
            pipeline.addLast(encryption(channel, tls));
        }
        if (url.scheme().isWebSocket()) {
            int frame = Math.max(LARGEST_FRAME, 2 * Math.min(settings.limits().maxPacketSize(), 1 << 29));
            pipeline.addLast(
                    new HttpClientCodec(),
                    new HttpObjectAggregator(LARGEST_ANSWER),
                    new WebSocketClientProtocolHandler(WebSocketClientProtocolConfig.newBuilder()
                            .webSocketUri(URI.create(url.toString()))
                            .version(WebSocketVersion.V13)
                            .subprotocol("mqtt")
                            .allowExtensions(false)
                            .maxFramePayloadLength(frame)
                            .handshakeTimeoutMillis(settings.retry().answer().toMillis())
                            .build()),
                    new WebSocketFrames());
        }
        pipeline.addLast(handler);
    }

    private SslHandler encryption(Channel channel, SslContext context) {
        String name = settings.tls().serverName().orElse(url.host());
        SSLEngine engine = context.newEngine(channel.alloc(), name, url.port());
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        if (!NetUtil.isValidIpV4Address(name) && !NetUtil.isValidIpV6Address(name)) {
            serverName(name).ifPresent(sni -> parameters.setServerNames(List.of(sni)));
        }
        engine.setSSLParameters(parameters);
        SslHandler handshake = new SslHandler(engine);
        handshake.setHandshakeTimeoutMillis(settings.retry().answer().toMillis());
        return handshake;
    }

    /** Empty for a name that SNI cannot carry, such as one with an underscore. */
    private static Optional<SNIServerName> serverName(String name) {
        try {
            return Optional.of(new SNIHostName(name));
        } catch (IllegalArgumentException unfit) {
            return Optional.empty();
        }
    }
}
