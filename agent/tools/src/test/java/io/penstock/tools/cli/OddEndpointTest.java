package io.penstock.tools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.penstock.agent.cli.PenstockCommand;
import io.penstock.fixtures.Typed;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.SdkSystemSetting;

/** Commands against an address that does not answer as Kinesis does: they end, and say why. */
@Isolated("captures the process's standard output")
@Timeout(60)
class OddEndpointTest {
    private static final String SUMMARY = "{\"StreamDescriptionSummary\": {\"StreamName\": \"any\"}}";

    private HttpServer server;
    private volatile int status = 200;
    private volatile String listed = "{}";
    private volatile String other = "{}";

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            boolean list = exchange.getRequestHeaders().getFirst("X-Amz-Target").contains("List");
            byte[] answer = (list ? listed : other).getBytes(StandardCharsets.UTF_8);
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(status, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @AfterAll
    static void forget() {
        System.clearProperty(SdkSystemSetting.CBOR_ENABLED.property());
    }

    private String fails(String... command) {
        List<String> words = new ArrayList<>(List.of(command));
        words.addAll(List.of(
                "--endpoint-url", "http://127.0.0.1:" + server.getAddress().getPort()));
        Typed typed = Typed.into(PenstockCommand::execute, words.toArray(String[]::new));
        assertEquals(1, typed.status(), typed.out() + typed.err());
        assertFalse(typed.err().contains("Exception"), typed.err());
        return typed.err();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{}", "{\"message\": \"log in first\"}", "{\"ShardId\": \"s-1\"}", "{\"SequenceNumber\": \"1\"}"
            })
    void aRecordCountsAsPutOnlyIfTheAnswerSaysSo(String answer) {
        other = answer;
        String said = fails("put", "any", "x");
        assertTrue(said.contains("so that nothing says it was stored"), said);
    }

    @Test
    void aPageOfAProxyIsToldWithItsStatus() {
        status = 403;
        listed = "<html>no</html>";
        other = listed;
        for (List<String> command : List.of(
                List.of("put", "any", "x"),
                List.of("streams"),
                List.of("streams", "describe", "any"),
                List.of("tail", "any", "--no-follow"))) {
            String said = fails(command.toArray(String[]::new));
            assertTrue(said.contains("HTTP 403, which is not an answer of Kinesis"), said);
        }
    }

    @Test
    void aSummaryThatIsNoneIsTold() {
        listed = "{\"StreamNames\": [\"any\"], \"HasMoreStreams\": false}";
        assertTrue(fails("streams").contains("has no StreamDescriptionSummary"));
        assertTrue(fails("streams", "describe", "any").contains("has no StreamDescriptionSummary"));
    }

    @Test
    void aListThatLeadsBackToAPageEnds() {
        other = SUMMARY;
        listed = "{\"Shards\": [], \"NextToken\": \"again\"}";
        String said = fails("streams", "describe", "any");
        assertTrue(said.contains("leads back to a page that was there before"), said);
        said = fails("streams", "split", "any", "shardId-0");
        assertTrue(said.contains("leads back to a page that was there before"), said);
        listed = "{\"Shards\": [{}]}";
        said = fails("streams", "split", "any", "shardId-0");
        assertTrue(said.contains("has one without ShardId"), said);
    }
}
