package io.penstock.engine.http;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpResponseWriter;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.Server;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class ConnectionsTest {
    /** Preface, SETTINGS, and HEADERS of GET / at localhost. */
    private static final byte[] REQUEST = HexFormat.of()
            .parseHex("505249202a20485454502f322e300d0a0d0a534d0d0a0d0a" + "000000040000000000" + "00000e010500000001"
                    + "82868401" + "09" + "6c6f63616c686f7374");

    @Test
    void aConnectionOfHttp2IsClosedThoughItsStreamHasNotEnded() throws IOException {
        try (Server server = Server.builder()
                .http(0)
                .service("/", (context, request) -> {
                    context.eventLoop().execute(() -> Connections.close(context));
                    return HttpResponse.streaming();
                })
                .build()) {
            server.start().join();
            try (Socket socket = new Socket("127.0.0.1", server.activeLocalPort())) {
                socket.setSoTimeout(60_000);
                socket.getOutputStream().write(REQUEST);
                InputStream answer = socket.getInputStream();
                while (answer.read() >= 0) {
                    // Skips the server's earlier frames.
                }
            }
        }
    }

    @Test
    void aStopEndsAConnectionOfHttp2WhoseClientReadsNothing() throws IOException {
        ChannelGroup connections = new DefaultChannelGroup(ImmediateEventExecutor.INSTANCE);
        AtomicInteger unread = new AtomicInteger();
        try (Server server = Server.builder()
                .http(0)
                .childChannelPipelineCustomizer(pipeline -> connections.add(pipeline.channel()))
                .service("/", (context, request) -> {
                    HttpResponseWriter answer = HttpResponse.streaming();
                    answer.write(ResponseHeaders.of(200));
                    answer.write(HttpData.wrap(new byte[1 << 20]));
                    unread.incrementAndGet();
                    return answer;
                })
                .build()) {
            server.start().join();
            try (Socket socket = new Socket("127.0.0.1", server.activeLocalPort())) {
                socket.getOutputStream().write(REQUEST);
                Awaitility.await().until(() -> unread.get() == 1);
                Connections.closeAll(connections, Duration.ofMillis(100));
                Awaitility.await().until(connections::isEmpty);
            }
        }
    }
}
