package io.penstock.engine.http;

import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.server.Server;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.HexFormat;
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
}
