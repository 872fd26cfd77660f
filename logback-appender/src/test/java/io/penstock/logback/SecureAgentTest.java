package io.penstock.logback;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.penstock.forward.server.Credentials;
import io.penstock.forward.server.ForwardSecurity;
import io.penstock.forward.server.Network;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An agent that requires a shared key and a user, and one that requires TLS. */
class SecureAgentTest {
    private static final String PASSWORD = "changeit";

    @TempDir
    Path folder;

    private static ForwardSecurity keyed() {
        Credentials.HostKey key =
                new Credentials.HostKey(Network.parse("127.0.0.1").orElseThrow(), "very secret");
        return new ForwardSecurity(
                Optional.of(new Credentials("agent", List.of(key), Map.of("shop", "pass"), Duration.ofSeconds(10))),
                Optional.empty());
    }

    @Test
    void theSharedKeyAndTheUserOpenIt() throws Exception {
        try (TestAgent agent = new TestAgent(keyed());
                Application application = new Application(PenstockAppenderTest.appender(
                        agent.port(),
                        "<sharedKey>very secret</sharedKey><user>shop</user><password>pass</password>"))) {
            application.logger("a").info("in");
            await().until(() -> agent.records.size() == 1);
            assertEquals(List.of("shop"), List.copyOf(agent.users));
        }
    }

    @Test
    void aWrongKeyIsSaidAndNeverShown() throws Exception {
        try (TestAgent agent = new TestAgent(keyed());
                Application application = new Application(PenstockAppenderTest.appender(
                        agent.port(),
                        "<sharedKey>wrong one</sharedKey><user>shop</user><password>pass</password>"
                                + "<shutdownTimeoutMillis>1</shutdownTimeoutMillis>"))) {
            application.logger("a").info("out");
            await().until(() -> application.told("the server refuses the login"));
            assertFalse(application.told("wrong one"));
            assertTrue(agent.records.isEmpty());
        }
    }

    @Test
    void theSslElementEncryptsAndAReconfigurationKeepsTheConnection() throws Exception {
        Path store = keyStore();
        String ssl = "<ssl><trustStore><location>" + store.toUri() + "</location><password>" + PASSWORD
                + "</password><type>PKCS12</type></trustStore>"
                + "<parameters><hostnameVerification>true</hostnameVerification></parameters></ssl>";
        try (TestAgent agent = new TestAgent(new ForwardSecurity(Optional.empty(), Optional.of(() -> tls(store))));
                Application application = new Application(PenstockAppenderTest.appender(agent.port(), ssl))) {
            application.logger("a").info("in");
            await().until(() -> agent.records.size() == 1);
            application.reconfigure(PenstockAppenderTest.appender(agent.port(), ssl));
            application.logger("a").info("still in");
            await().until(() -> agent.records.size() == 2);
            assertEquals(1, agent.connections.get());
        }
    }

    private static SslContext tls(Path store) {
        try (InputStream in = Files.newInputStream(store)) {
            KeyStore content = KeyStore.getInstance("PKCS12");
            content.load(in, PASSWORD.toCharArray());
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(content, PASSWORD.toCharArray());
            return SslContextBuilder.forServer(keys).build();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private Path keyStore() throws Exception {
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
