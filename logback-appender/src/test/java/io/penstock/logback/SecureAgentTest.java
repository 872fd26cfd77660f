package io.penstock.logback;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forward.fixtures.TestAgent;
import io.penstock.forward.fixtures.TestSecurity;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An agent that requires a shared key and a user, and one that requires TLS. */
class SecureAgentTest {
    @TempDir
    Path folder;

    @Test
    void theSharedKeyAndTheUserOpenIt() throws Exception {
        try (TestAgent agent = new TestAgent(TestSecurity.keyed());
                Application application = new Application(PenstockAppenderTest.appender(
                        agent.port(),
                        "<sharedKey>very secret</sharedKey><user>shop</user><password>pass</password>"))) {
            application.logger("a").info("in");
            await().until(() -> agent.records().size() == 1);
            assertEquals(List.of("shop"), List.copyOf(agent.users()));
        }
    }

    @Test
    void aWrongKeyIsSaidAndNeverShown() throws Exception {
        try (TestAgent agent = new TestAgent(TestSecurity.keyed());
                Application application = new Application(PenstockAppenderTest.appender(
                        agent.port(),
                        "<sharedKey>wrong one</sharedKey><user>shop</user><password>pass</password>"
                                + "<shutdownTimeoutMillis>1</shutdownTimeoutMillis>"))) {
            application.logger("a").info("out");
            await().until(() -> application.told("the server refuses the login"));
            assertFalse(application.told("wrong one"));
            assertTrue(agent.records().isEmpty());
        }
    }

    @Test
    void theSslElementEncryptsAndAReconfigurationKeepsTheConnection() throws Exception {
        Path store = TestSecurity.keyStore(folder);
        String ssl =
                "<ssl><trustStore><location>" + store.toUri() + "</location><password>" + TestSecurity.STORE_PASSWORD
                        + "</password><type>PKCS12</type></trustStore>"
                        + "<parameters><hostnameVerification>true</hostnameVerification></parameters></ssl>";
        try (TestAgent agent = new TestAgent(TestSecurity.encrypted(store));
                Application application = new Application(PenstockAppenderTest.appender(agent.port(), ssl))) {
            application.logger("a").info("in");
            await().until(() -> agent.records().size() == 1);
            application.reconfigure(PenstockAppenderTest.appender(agent.port(), ssl));
            application.logger("a").info("still in");
            await().until(() -> agent.records().size() == 2);
            assertEquals(1, agent.connections());
        }
    }
}
