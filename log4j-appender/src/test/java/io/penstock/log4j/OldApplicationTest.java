package io.penstock.log4j;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forward.fixtures.TestAgent;
import org.apache.log4j.Logger;
import org.apache.log4j.MDC;
import org.apache.log4j.NDC;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LoggerContext;
import org.junit.jupiter.api.Test;

/** An application that was written for Log4j 1 and runs with log4j-1.2-api. */
class OldApplicationTest {
    @Test
    void itsEventsArriveWithContextLevelAndError() throws Exception {
        LoggerContext context = (LoggerContext) LogManager.getContext(false);
        try (TestAgent agent = new TestAgent()) {
            context.reconfigure(Application.configuration(
                    context,
                    "",
                    // The threshold excludes the server's own logging, which is in this process.
                    "<Penstock name='sut' host='127.0.0.1' port='" + agent.port()
                            + "'><ThresholdFilter level='warn'/></Penstock>"));
            MDC.put("order", "7");
            NDC.push("outer");
            Logger.getLogger("com.acme.Old").warn("sold out", new IllegalStateException("why"));
            await().until(() -> agent.records().size() == 1);
            String record = agent.records().get(0);
            context.reconfigure();
            assertTrue(
                    record.startsWith("{\"log.level\":\"WARN\",\"log.logger\":\"com.acme.Old\",")
                            && record.contains("\"message\":\"sold out\"")
                            && record.contains("\"labels\":{\"order\":\"7\"},\"tags\":[\"outer\"]")
                            && record.contains("\"error.message\":\"why\""),
                    record);
        } finally {
            NDC.remove();
            MDC.remove("order");
        }
    }
}
