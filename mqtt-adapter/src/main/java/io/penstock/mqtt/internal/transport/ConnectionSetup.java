package io.penstock.mqtt.internal.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.NetUtil;
import io.penstock.base.net.ConnectionShares.Objection;
import io.penstock.base.tls.PeerCertificate;
import io.penstock.base.tls.ReloadedCertificates;
import io.penstock.mqtt.MqttListener;
import io.penstock.mqtt.MqttTls;
import io.penstock.mqtt.Rejection;
import io.penstock.mqtt.internal.connection.Connection;
import io.penstock.mqtt.internal.connection.Connections;
import io.penstock.mqtt.internal.connection.WebSocketFrames;
import io.penstock.mqtt.internal.context.ServerContext;
import io.penstock.mqtt.internal.limits.ClientMemory;
import io.penstock.mqtt.internal.limits.ClientMemory.Use;
import io.penstock.mqtt.internal.limits.Holding;
import io.penstock.mqtt.internal.session.Sessions;
import io.penstock.mqtt.internal.wire.PacketException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * Sets up the pipeline of one accepted connection: the handlers of its listener between TCP and MQTT, then the {@link
 * ConnectionHandler}.
 */
final class ConnectionSetup {
    /** The maximum size of a PROXY header's extensions; the protocol would allow 64 KiB. */
    private static final int MAX_PROXY_BYTES = 2048;

    private static final int MAX_HANDSHAKE_BYTES = 16 << 10;
    private static final String SUBPROTOCOLS = "mqtt,mqttv3.1";

    private final MqttListener listener;
    private final @Nullable ReloadedCertificates tls;
    private final ServerContext context;
    private final Sessions sessions;
    private final Connections connections;

    ConnectionSetup(ListenerState state, Sessions sessions, Connections connections) {
        this.listener = state.listener();
        this.tls = state.tls();
        this.context = sessions.context();
        this.sessions = sessions;
        this.connections = connections;
    }

    void of(Channel channel) {
        if (channel.remoteAddress() == null) {
            channel.close(); // the peer has closed it
            return;
        }
        Optional<Objection> objection = connections.admit(channel, listener.proxyProtocol());
        if (objection.isPresent() && !objection.get().mayBeTold()) {
            refuse(channel, objection.get().why());
            return;
        }
        Holding base = context.memory().holding(Use.ARRIVAL);
        PacketException turnedAway = objection
                .map(Objection::why)
                .map(PacketException::tooManyConnections)
                .orElse(null);
        if (!base.tryAdd(cost())) {
            turnedAway =
                    PacketException.of(Rejection.QUOTA_EXCEEDED, 0x97, "there is no memory for another connection now");
            if (context.memory().isShareSpent(Use.TURNED_AWAY)) {
                context.reporter().rejected(channel.remoteAddress(), "", Rejection.QUOTA_EXCEEDED, turnedAway.text());
                channel.close();
                return;
            }
            base.moveTo(Use.TURNED_AWAY);
            base.is(cost());
        }
        ChannelPipeline pipeline = channel.pipeline();
        SslHandler ssl = tls == null ? null : tls.get().newHandler(channel.alloc());
        Connection connection =
                new Connection(channel, base, turnedAway, () -> certificateName(ssl), sessions, connections);
        connections.add(connection);
        pipeline.addLast(new ReadStop());
        if (listener.proxyProtocol()) {
            pipeline.addLast(new HAProxyMessageDecoder(MAX_PROXY_BYTES), new ProxyHeader(connection));
        }
        if (ssl != null) {
            ssl.setHandshakeTimeoutMillis(
                    context.limits().times().connectTimeout().toMillis());
            pipeline.addLast(ssl);
        }
        listener.webSocket().ifPresent(webSocket -> addWebSocket(pipeline, webSocket, connection));
        pipeline.addLast(connection.handler());
        if (connections.isStopping()) {
            channel.eventLoop().execute(connection::drain);
        }
    }

    /** Memory of a connection of this listener. */
    private long cost() {
        return ClientMemory.CONNECTION
                + (tls == null ? 0 : ClientMemory.TLS)
                + (listener.webSocket().isPresent() || listener.proxyProtocol() ? ClientMemory.FRAMING : 0);
    }

    private void refuse(Channel channel, String why) {
        context.reporter().rejected(channel.remoteAddress(), "", Rejection.TOO_MANY_CONNECTIONS, why);
        channel.close();
    }

    /** A required certificate must have a name: otherwise a client could choose its own user name. */
    private Optional<String> certificateName(@Nullable SslHandler ssl) {
        if (ssl == null || listener.tls().isEmpty()) {
            return Optional.empty();
        }
        MqttTls settings = listener.tls().get();
        SSLSession session = ssl.engine().getSession();
        Optional<String> name = settings.identity() == MqttTls.Identity.COMMON_NAME
                ? PeerCertificate.commonName(session)
                : PeerCertificate.alternativeName(session);
        if (name.isEmpty() && settings.clientCertificateRequired()) {
            throw PacketException.of(
                    Rejection.NOT_AUTHORIZED,
                    0x87,
                    "CONNECT: the client's certificate has no "
                            + (settings.identity() == MqttTls.Identity.COMMON_NAME
                                    ? "common name"
                                    : "alternative name that is text"));
        }
        return name;
    }

    private void addWebSocket(ChannelPipeline pipeline, MqttListener.WebSocket webSocket, Connection connection) {
        WebSocketServerProtocolConfig config = WebSocketServerProtocolConfig.newBuilder()
                .websocketPath("/") // WebSocketGate has compared the path, in each spelling
                .checkStartsWith(true)
                .subprotocols(SUBPROTOCOLS)
                .maxFramePayloadLength(context.limits().packets().maxPacketSize())
                .handshakeTimeoutMillis(
                        context.limits().times().connectTimeout().toMillis())
                .build();
        pipeline.addLast(
                new DecoderBytes(connection),
                new HttpServerCodec(),
                new HttpObjectAggregator(MAX_HANDSHAKE_BYTES),
                new WebSocketGate(webSocket, connection),
                new WholeFrames(connection),
                new WebSocketServerProtocolHandler(config),
                new WebSocketFrames());
    }

    /**
     * Suppresses reads of a connection whose reading is switched off: while their data is incomplete, Netty's decoders
     * request more reads on their own. In front of the decoders. Stateless, but one instance per connection.
     */
    private static final class ReadStop extends ChannelOutboundHandlerAdapter {
        @Override
        public void read(ChannelHandlerContext context) {
            // When reading is switched on, it is requested again.
            if (context.channel().config().isAutoRead()) {
                context.read();
            }
        }
    }

    /** Reads the client's address from a PROXY protocol header, then removes itself. */
    private static final class ProxyHeader extends SimpleChannelInboundHandler<HAProxyMessage> {
        private final Connection connection;

        ProxyHeader(Connection connection) {
            this.connection = connection;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, HAProxyMessage header) {
            // A header without an address comes from the proxy itself, for its health check.
            InetAddress source = header.sourceAddress() == null
                    ? null
                    : NetUtil.createInetAddressFromIpAddressString(header.sourceAddress());
            if (source != null) {
                connection.comesFrom(new InetSocketAddress(source, header.sourcePort()));
            }
            context.pipeline().remove(this);
        }
    }

    /** Reports to a connection the bytes that the WebSocket decoder behind it may keep until a frame is complete. */
    private static final class DecoderBytes extends ChannelInboundHandlerAdapter {
        private final Connection connection;

        DecoderBytes(Connection connection) {
            this.connection = connection;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof ByteBuf bytes) {
                connection.decoderHolds(bytes.readableBytes());
            }
            context.fireChannelRead(message);
        }
    }

    /** Behind that decoder: a frame is complete. */
    private static final class WholeFrames extends ChannelInboundHandlerAdapter {
        private final Connection connection;

        WholeFrames(Connection connection) {
            this.connection = connection;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            connection.decoderPassedOn();
            context.fireChannelRead(message);
        }
    }
}
