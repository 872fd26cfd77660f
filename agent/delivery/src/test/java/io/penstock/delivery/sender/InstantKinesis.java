package io.penstock.delivery.sender;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.penstock.delivery.kinesis.shards.Hash128;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

/**
 * An endpoint in a separate process that stores nothing and answers at once, for {@link SenderBenchmark}. It finds the
 * partition keys of a call by their field names, without parsing the rest, and returns their shards.
 */
final class InstantKinesis {
    private static final CBORFactory CBOR = new CBORFactory();
    private static final JsonFactory JSON = new JsonFactory();
    private static final byte[] KEY = "lPartitionKey".getBytes(StandardCharsets.US_ASCII);
    private static final int SHARDS = 8;

    private static final byte[][] RESULTS =
            IntStream.range(0, SHARDS).mapToObj(InstantKinesis::result).toArray(byte[][]::new);

    private InstantKinesis() {}

    /** Prints its port and serves until it is killed. */
    public static void main(String[] args) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", InstantKinesis::handle);
        server.setExecutor(Executors.newFixedThreadPool(16));
        server.start();
        System.out.println(server.getAddress().getPort());
    }

    private static void handle(HttpExchange exchange) throws IOException {
        byte[] request = exchange.getRequestBody().readAllBytes();
        String operation = exchange.getRequestHeaders().getFirst("X-Amz-Target");
        byte[] answer;
        if (operation.endsWith(".PutRecords")) {
            answer = stored(request);
        } else {
            answer = operation.endsWith(".ListShards") ? shards() : "{}".getBytes(StandardCharsets.US_ASCII);
        }
        String format = operation.endsWith(".PutRecords") ? "cbor" : "json";
        exchange.getResponseHeaders().set("Content-Type", "application/x-amz-" + format + "-1.1");
        exchange.sendResponseHeaders(200, answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
    }

    /** One result per partition key, which is a text of less than 256 bytes after its field name. */
    private static byte[] stored(byte[] request) throws IOException {
        ByteArrayOutputStream answer = new ByteArrayOutputStream(64 << 10);
        answer.write(HexFormat.of().parseHex("bf675265636f7264739f"));
        MessageDigest md5 = Hash128.md5();
        for (int i = 0; i + KEY.length < request.length; i++) {
            if (request[i] == KEY[0] && Arrays.equals(request, i, i + KEY.length, KEY, 0, KEY.length)) {
                int head = i + KEY.length;
                int length = request[head] & 0x1f;
                int from = head + 1;
                if (length == 24) {
                    length = request[from++] & 0xff;
                }
                md5.update(request, from, length);
                answer.write(RESULTS[(md5.digest()[0] & 0xff) * SHARDS >> 8]);
                i = from + length - 1;
            }
        }
        answer.write(0xff);
        answer.write(0xff);
        return answer.toByteArray();
    }

    private static byte[] result(int shard) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        try (JsonGenerator out = CBOR.createGenerator(body)) {
            out.writeStartObject();
            out.writeStringField("SequenceNumber", "49590338271490256608559692538361571095921575989136588898");
            out.writeStringField("ShardId", "shardId-00000000000" + shard);
            out.writeEndObject();
        } catch (IOException inMemory) {
            throw new UncheckedIOException(inMemory);
        }
        return body.toByteArray();
    }

    private static byte[] shards() throws IOException {
        BigInteger step = BigInteger.ONE.shiftLeft(128).divide(BigInteger.valueOf(SHARDS));
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        try (JsonGenerator out = JSON.createGenerator(body)) {
            out.writeStartObject();
            out.writeArrayFieldStart("Shards");
            for (int i = 0; i < SHARDS; i++) {
                BigInteger first = step.multiply(BigInteger.valueOf(i));
                out.writeStartObject();
                out.writeStringField("ShardId", "shardId-00000000000" + i);
                out.writeObjectFieldStart("HashKeyRange");
                out.writeStringField("StartingHashKey", first.toString());
                out.writeStringField(
                        "EndingHashKey",
                        first.add(step).subtract(BigInteger.ONE).toString());
                out.writeEndObject();
                out.writeObjectFieldStart("SequenceNumberRange");
                out.writeStringField("StartingSequenceNumber", "0");
                out.writeEndObject();
                out.writeEndObject();
            }
            out.writeEndArray();
            out.writeEndObject();
        }
        return body.toByteArray();
    }
}
