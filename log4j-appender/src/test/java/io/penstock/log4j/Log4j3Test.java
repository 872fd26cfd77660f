package io.penstock.log4j;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forward.fixtures.TestAgent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.apache.logging.log4j.ThreadContext;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.message.StringMapMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Log4j 3 finds and runs the same plugin. Its programs are configured by a file, because its contexts are made in
 * another
 * way than those of Log4j 2. Runs with the libraries of Log4j 3 only.
 */
@EnabledIfSystemProperty(named = "penstock.test.log4j3", matches = ".+")
class Log4j3Test {
    @TempDir
    Path folder;

    private LoggerContext configured(String appender) throws Exception {
        Path file = Files.writeString(
                folder.resolve("log4j2.xml"),
                "<Configuration status='warn'><Appenders>" + appender
                        + "<Console name='console'/></Appenders><Loggers><Root level='info'>"
                        + "<AppenderRef ref='sut'/></Root></Loggers></Configuration>");
        LoggerContext context = (LoggerContext) LogManager.getContext(false);
        context.setConfigLocation(file.toUri());
        return context;
    }

    @Test
    void isWhatThisTestRunsWith() {
        String jar = LoggerContext.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath();
        assertTrue(jar.endsWith("log4j-core-" + System.getProperty("penstock.test.log4j3") + ".jar"), jar);
    }

    @Test
    void eventsArriveAndStoppingDrains() throws Exception {
        try (TestAgent agent = new TestAgent()) {
            LoggerContext context = configured("<Penstock name='sut' host='127.0.0.1' port='" + agent.port()
                    + "' lingerMillis='60000' whenFull='BLOCK' includeLocation='true'>"
                    + "<Property name='service.name'>shop</Property></Penstock>");
            Logger logger = LogManager.getLogger("com.acme.Three");
            ThreadContext.put("order", "7");
            logger.info("sold {}", 3);
            logger.warn(new StringMapMessage().with("message", "map").with("customer", "12"));
            logger.error("failed", new IllegalStateException("why"));
            ThreadContext.clearAll();
            PenstockAppender appender = context.getConfiguration().getAppender("sut");
            assertEquals(3, appender.status().accepted());
            context.stop();
            List<String> records = agent.records().stream()
                    .filter(record -> record.contains("com.acme.Three"))
                    .collect(Collectors.toList());
            assertEquals(3, records.size(), agent.records().toString());
            for (String part : List.of(
                    "\"message\":\"sold 3\"",
                    "\"labels\":{\"order\":\"7\"}",
                    "\"function\":\"io.penstock.log4j.Log4j3Test.eventsArrive",
                    "\"service.name\":\"shop\"")) {
                assertTrue(records.get(0).contains(part), records.get(0));
            }
            assertTrue(records.get(1).contains("\"message\":\"map\""), records.get(1));
            assertTrue(records.get(1).contains("\"customer\":\"12\""), records.get(1));
            assertTrue(records.get(2).contains("\"error.message\":\"why\""), records.get(2));
        }
    }

    @Test
    void aReconfigurationKeepsConnectionAndBuffer() throws Exception {
        try (TestAgent agent = new TestAgent()) {
            String appender =
                    "<Penstock name='sut' host='127.0.0.1' port='" + agent.port() + "' lingerMillis='5' TAG/>";
            LoggerContext context = configured(appender.replace("TAG", ""));
            LogManager.getLogger("com.acme.Three").info("before");
            await().until(() -> agent.records().size() == 1);
            configured(appender.replace("TAG", "tag='other'"));
            LogManager.getLogger("com.acme.Three").info("after");
            await().until(() -> agent.records().size() == 2);
            assertEquals(1, agent.connections());
            context.stop();
        }
    }
}
