package io.penstock.log4j;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.penstock.forward.server.Credentials;
import io.penstock.forward.server.ForwardSecurity;
import io.penstock.forward.server.Network;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.KeyManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An agent that requires a shared key and a user, over TLS. */
class SecureAgentTest {
    private static final String PASSWORD = "changeit";

    @TempDir
    Path folder;

    private static Credentials credentials() {
        Credentials.HostKey key =
                new Credentials.HostKey(Network.parse("127.0.0.1").orElseThrow(), "very secret");
        return new Credentials("agent", List.of(key), Map.of("shop", "pass"), Duration.ofSeconds(10));
    }

    private static String appender(TestAgent agent, String attributes, String content) {
        return "<Penstock name='sut' port='" + agent.port() + "' lingerMillis='5' " + attributes + ">" + content
                + "</Penstock>";
    }

    @Test
    void theSharedKeyAndTheUserOpenIt() throws Exception {
        try (TestAgent agent = new TestAgent(new ForwardSecurity(Optional.of(credentials()), Optional.empty()));
                Application application =
                        new Application(appender(agent, "sharedKey='very secret' user='shop' password='pass'", ""))) {
            application.logger("a").info("in");
            await().until(() -> agent.records.size() == 1);
            assertEquals(List.of("shop"), List.copyOf(agent.users));
        }
    }

    @Test
    void aWrongKeyIsSaidOnceAndNeverShown() throws Exception {
        try (TestAgent agent = new TestAgent(new ForwardSecurity(Optional.of(credentials()), Optional.empty()));
                Application application =
                        new Application(appender(agent, "sharedKey='wrong one' shutdownTimeoutMillis='1'", ""))) {
            application.logger("a").info("out");
            await().until(() -> application.told("wants a user"));
            assertFalse(application.told("wrong one"));
            assertTrue(agent.records.isEmpty());
        }
    }

    @Test
    void theStatusLogSaysWhatIsWrongWithTheConnection() throws Exception {
        Path store = keyStore();
        String trust = "<Ssl><TrustStore location='" + store + "' password='" + PASSWORD + "' type='PKCS12'/></Ssl>";
        String quick = "host='127.0.0.1' shutdownTimeoutMillis='1' connectTimeoutMillis='300' ackTimeoutMillis='300' ";
        try (TestAgent plain = new TestAgent(ForwardSecurity.NONE);
                TestAgent keyed = new TestAgent(new ForwardSecurity(Optional.of(credentials()), Optional.empty()));
                TestAgent encrypted = new TestAgent(new ForwardSecurity(Optional.empty(), Optional.of(tls(store))))) {
            told(appender(plain, quick + "sharedKey='a key'", ""), "the server does not begin a handshake");
            told(appender(keyed, quick, ""), "the server wants a shared key, and this client has none");
            told(
                    appender(keyed, quick + "sharedKey='wrong one' user='shop' password='pass'", ""),
                    "the server refuses the login");
            told(appender(plain, quick, trust), "cannot connect");
            told(appender(encrypted, quick, ""), "the server closed the connection");
            encrypted.goAway();
            told(appender(encrypted, quick, ""), "cannot connect: Connection refused");
        }
    }

    private static void told(String appender, String reason) {
        try (Application application = new Application(appender)) {
            application.logger("a").info("out");
            await(reason).until(() -> application.told(reason));
        }
    }

    @Test
    void aUserWithoutAKeyIsAMistake() throws Exception {
        try (TestAgent agent = new TestAgent(ForwardSecurity.NONE);
                Application application = new Application(appender(agent, "user='shop'", ""))) {
            assertTrue(application.told("there is a user but no sharedKey"), application.status::toString);
        }
    }

    @Test
    void theSslElementEncrypts() throws Exception {
        Path store = keyStore();
        String trust = "<Ssl verifyHostName='true'><TrustStore location='" + store + "' password='" + PASSWORD
                + "' type='PKCS12'/></Ssl>";
        try (TestAgent agent = new TestAgent(new ForwardSecurity(Optional.empty(), Optional.of(tls(store))));
                Application application = new Application(appender(agent, "host='127.0.0.1'", trust))) {
            application.logger("a").info("in");
            await().until(() -> agent.records.size() == 1);
        }
    }

    private static Supplier<SslContext> tls(Path store) throws Exception {
        KeyStore content = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            content.load(in, PASSWORD.toCharArray());
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(content, PASSWORD.toCharArray());
        SslContext context = SslContextBuilder.forServer(keys).build();
        return () -> context;
    }

    private Path keyStore() throws IOException, InterruptedException {
        Path store = folder.resolve("store.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "x",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=agent",
                        "-ext",
                        "san=ip:127.0.0.1",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        PASSWORD)
                .redirectErrorStream(true)
                .start();
        String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, keytool.waitFor(), output);
        return store;
    }
}
