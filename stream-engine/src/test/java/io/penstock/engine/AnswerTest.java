package io.penstock.engine;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** How an answer goes out. */
class AnswerTest {
    private static final int CALLS = 50;

    @Test
    void headAndBodyComeInOnePiece() throws IOException {
        try (StreamEngine engine = StreamEngine.start(EngineSettings.ephemeral())) {
            engine.createStream("s", 1);
            String body = "{\"StreamName\":\"s\",\"PartitionKey\":\"k\",\"Data\":\"YQ==\"}";
            byte[] request = String.join(
                            "\r\n",
                            "POST / HTTP/1.1",
                            "Host: localhost",
                            "Content-Type: application/x-amz-json-1.1",
                            "X-Amz-Target: Kinesis_20131202.PutRecord",
                            "Content-Length: " + body.length(),
                            "",
                            body)
                    .getBytes(StandardCharsets.US_ASCII);
            try (Socket socket = new Socket("127.0.0.1", engine.address().getPort())) {
                socket.setSoTimeout(10_000);
                byte[] piece = new byte[1 << 13];
                for (int i = 0; i < CALLS; i++) {
                    socket.getOutputStream().write(request);
                    int length = socket.getInputStream().read(piece);
                    String answer = new String(piece, 0, Math.max(0, length), StandardCharsets.US_ASCII);
                    assertTrue(
                            answer.startsWith("HTTP/1.1 200 ") && answer.endsWith("}"),
                            () -> "the first piece of the answer is only: " + answer);
                }
            }
        }
    }
}
