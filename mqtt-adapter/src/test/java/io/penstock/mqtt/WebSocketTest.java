package io.penstock.mqtt;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** MQTT over WebSocket (MQTT 5 section 6), with the JDK's client and by hand. */
class WebSocketTest {
    private static final String HANDSHAKE = "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: mqtt\r\n";

    private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
    private TestServer server;

    @BeforeEach
    void start() throws IOException {
        server = TestServer.listening(listener -> listener.withWebSocket(new MqttListener.WebSocket(
                "/mqtt", Set.of("https://console.example.com"), Set.of("mqtt.example.com"))));
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    private WebSocket connect() {
        WebSocket socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .subprotocols("mqtt")
                .buildAsync(
                        URI.create("ws://127.0.0.1:" + server.address().getPort() + "/mqtt"), new WebSocket.Listener() {
                            @Override
                            public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
                                byte[] bytes = new byte[data.remaining()];
                                data.get(bytes);
                                received.add(HexFormat.of().formatHex(bytes));
                                socket.request(1);
                                return null;
                            }

                            @Override
                            public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
                                received.add("closed");
                                return null;
                            }

                            @Override
                            public void onError(WebSocket socket, Throwable error) {
                                received.add("closed");
                            }
                        })
                .join();
        assertEquals("mqtt", socket.getSubprotocol());
        return socket;
    }

    private void expect(String hex) throws InterruptedException {
        StringBuilder got = new StringBuilder();
        while (got.length() < hex.length()) {
            got.append(received.poll(20, TimeUnit.SECONDS));
        }
        assertEquals(hex, got.toString());
    }

    private static void send(WebSocket socket, byte[] bytes) {
        socket.sendBinary(ByteBuffer.wrap(bytes), true).join();
    }

    @Test
    @DisplayName(
            "[MQTT-6.0.0-2] [MQTT-6.0.0-4] [MQTT-6.0.0-2 of 3.1.1] [MQTT-6.0.0-4 of 3.1.1] frames and packets need not begin or end together")
    void framesAndPacketsAreIndependent() throws InterruptedException {
        WebSocket socket = connect();
        byte[] publish = Packet.publish(4, 1, 2, "a", "y");
        send(socket, Packet.join(Packet.connect(4, "c"), Packet.publish(4, 1, 1, "a", "x"), new byte[] {publish[0]}));
        socket.sendBinary(ByteBuffer.wrap(publish, 1, 3), false).join();
        socket.sendBinary(ByteBuffer.wrap(publish, 4, publish.length - 4), true).join();
        expect("200200004002000140020002");
        assertEquals(2, server.store().events().size());
        socket.abort();
    }

    @Test
    @DisplayName("[MQTT-6.0.0-1] [MQTT-6.0.0-1 of 3.1.1] a text frame closes the connection")
    void textFramesAreRefused() throws InterruptedException {
        WebSocket socket = connect();
        socket.sendText("CONNECT", true).join();
        expect("closed");
        assertEquals(Rejection.TRANSPORT_FAILED, server.events().rejected.get(0).why());
    }

    @Test
    void aBrokenPacketIsAnsweredBeforeTheSocketCloses() throws InterruptedException {
        WebSocket socket = connect();
        send(socket, Packet.join(Packet.connect(4, ""), Packet.hex("00 00")));
        expect("20020000closed");
        socket.abort();
        await().until(() -> server.events().open.get() == 0);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/mqtt  | Host: 127.0.0.1:9001                                         | 101",
                "/mqtt  | Host: [::1]:9001                                             | 101",
                "/mqtt  | Host: localhost                                              | 101",
                "/mqtt  | Host: mqtt.example.com                                       | 101",
                "/mqtt  | Host: localhost~Origin: https://console.example.com          | 101",
                "/mqtt  | Host: localhost:9001~Origin: http://localhost:9001           | 101",
                "/mqtt  | Host: localhost:9001~Origin: http://localhost:8080           | 403",
                "/mqtt  | Host: localhost~Origin: https://evil.example                 | 403",
                "/mqtt  | Host: evil.example~Origin: http://evil.example               | 403",
                "/mqtt  | Host: evil.example                                           | 403",
                "/mqtt  | Host: [::1].evil.example                                     | 403",
                "/mqtt  | Host: localhost~Origin: null                                 | 403",
                "/mqtt  | Host: localhost~Host: localhost                              | 400",
                "/other | Host: localhost                                              | 404",
                "/mqtt?a=b | Host: localhost                                           | 101",
                "/%6dqtt | Host: localhost                                             | 101",
            })
    void onlyAllowedPagesAndNamesGetThrough(String path, String headers, int status) throws IOException {
        String request =
                "GET " + path + " HTTP/1.1\r\n" + headers.strip().replace("~", "\r\n") + "\r\n" + HANDSHAKE + "\r\n";
        RawClient client = server.client().send(request.getBytes(StandardCharsets.US_ASCII));
        String line = client.line();
        assertTrue(line.startsWith("HTTP/1.1 " + status), line);
    }

    @Test
    void aPlainHttpRequestIsToldWhatIsSpokenHere() throws IOException {
        RawClient client = server.client()
                .send("GET /mqtt HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        assertTrue(client.line().startsWith("HTTP/1.1 426"));
    }

    @Test
    void plainMqttOnAWebSocketListenerIsRefused() throws IOException {
        RawClient client = server.client().send(Packet.connect(4, "c"), "\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        assertTrue(client.line().startsWith("HTTP/1.1 400"));
        client.packetsUntilClosed();
    }
}
