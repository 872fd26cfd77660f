package io.penstock.log4j;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forward.fixtures.TestAgent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The appender as the document tells an application to configure it. */
class DocumentedConfigurationTest {
    private static final Pattern DOCUMENTED = Pattern.compile("(?s)<Penstock name=\"penstock\".*?</Penstock>");

    @Test
    void sendsEventsWithItsProperty() throws Exception {
        Matcher document = DOCUMENTED.matcher(Files.readString(Path.of("../docs/log4j.md")));
        assertTrue(document.find());
        try (TestAgent agent = new TestAgent();
                Application application = new Application(document.group()
                        .replace("name=\"penstock\"", "name=\"sut\"")
                        .replace("port=\"24224\"", "port=\"" + agent.port() + "\""))) {
            application.logger("a").info("taken");
            await().until(() -> agent.records().size() == 1);
            String record = agent.records().get(0);
            assertTrue(record.endsWith("\"service.name\":\"shop\"}"), record);
        }
    }
}
