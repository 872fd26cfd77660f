package io.penstock.log4j;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forward.fixtures.TestAgent;
import io.penstock.forward.fixtures.TestSecurity;
import io.penstock.forward.server.ForwardSecurity;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An agent that requires a shared key and a user, over TLS. */
class SecureAgentTest {
    @TempDir
    Path folder;

    private static String appender(TestAgent agent, String attributes, String content) {
        return "<Penstock name='sut' port='" + agent.port() + "' lingerMillis='5' " + attributes + ">" + content
                + "</Penstock>";
    }

    @Test
    void theSharedKeyAndTheUserOpenIt() throws Exception {
        try (TestAgent agent = new TestAgent(TestSecurity.keyed());
                Application application =
                        new Application(appender(agent, "sharedKey='very secret' user='shop' password='pass'", ""))) {
            application.logger("a").info("in");
            await().until(() -> agent.records().size() == 1);
            assertEquals(List.of("shop"), List.copyOf(agent.users()));
        }
    }

    @Test
    void aWrongKeyIsSaidOnceAndNeverShown() throws Exception {
        try (TestAgent agent = new TestAgent(TestSecurity.keyed());
                Application application =
                        new Application(appender(agent, "sharedKey='wrong one' shutdownTimeoutMillis='1'", ""))) {
            application.logger("a").info("out");
            await().until(() -> application.told("wants a user"));
            assertFalse(application.told("wrong one"));
            assertTrue(agent.records().isEmpty());
        }
    }

    @Test
    void theStatusLogSaysWhatIsWrongWithTheConnection() throws Exception {
        Path store = TestSecurity.keyStore(folder);
        String trust = "<Ssl><TrustStore location='" + store + "' password='" + TestSecurity.STORE_PASSWORD
                + "' type='PKCS12'/></Ssl>";
        String quick = "host='127.0.0.1' shutdownTimeoutMillis='1' connectTimeoutMillis='300' ackTimeoutMillis='300' ";
        try (TestAgent plain = new TestAgent(ForwardSecurity.NONE);
                TestAgent keyed = new TestAgent(TestSecurity.keyed());
                TestAgent encrypted = new TestAgent(TestSecurity.encrypted(store))) {
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
        Path store = TestSecurity.keyStore(folder);
        String trust = "<Ssl verifyHostName='true'><TrustStore location='" + store + "' password='"
                + TestSecurity.STORE_PASSWORD + "' type='PKCS12'/></Ssl>";
        try (TestAgent agent = new TestAgent(TestSecurity.encrypted(store));
                Application application = new Application(appender(agent, "host='127.0.0.1'", trust))) {
            application.logger("a").info("in");
            await().until(() -> agent.records().size() == 1);
        }
    }
}
