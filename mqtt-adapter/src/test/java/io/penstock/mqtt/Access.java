package io.penstock.mqtt;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;

/** The ways in which clients connect: each with user name and password, encrypted or not, over WebSocket or not. */
enum Access {
    PLAIN(false, false),
    TLS(true, false),
    WEB_SOCKET(false, true),
    WEB_SOCKET_OVER_TLS(true, true);

    static final String USER = "joe";
    static final String PASSWORD = "secret";

    /** Made by mosquitto_passwd, with few rounds. */
    private static final String ENTRY = "joe:$7$101$QP7bqV+z4ai+mbPK$KpghInWpaJDo0ynxAsfCwUAZ+sKgMKqQwU1YX9sjabDTS2/EsG"
            + "X8Hvh9zYVc/f9ezSjD2TBa/EObsTFEFNCWnw==";

    private final boolean tls;
    private final boolean webSocket;

    Access(boolean tls, boolean webSocket) {
        this.tls = tls;
        this.webSocket = webSocket;
    }

    boolean tls() {
        return tls;
    }

    boolean webSocket() {
        return webSocket;
    }

    /** A server that admits {@value #USER} in this way; its files are under {@code folder}. */
    TestServer serve(Path folder, TestCertificate certificate) throws IOException, GeneralSecurityException {
        Path chain = folder.resolve("server.pem");
        Path key = folder.resolve("server.key");
        certificate.writeTo(chain, key);
        PasswordFile passwords = PasswordFile.open(Files.write(folder.resolve("passwords"), List.of(ENTRY)), false);
        return TestServer.listening(
                listener -> {
                    MqttListener encrypted = tls ? listener.withTls(MqttTls.server(chain, key)) : listener;
                    return webSocket ? encrypted.withWebSocket(MqttListener.WebSocket.atMqtt()) : encrypted;
                },
                passwords);
    }

    /** The server's URL for a Paho client. */
    String pahoUrl(TestServer server) {
        String scheme = webSocket ? tls ? "wss" : "ws" : tls ? "ssl" : "tcp";
        return scheme + "://127.0.0.1:" + server.address().getPort() + (webSocket ? "/mqtt" : "");
    }
}
