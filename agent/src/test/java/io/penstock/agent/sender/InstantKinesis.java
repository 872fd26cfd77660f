package io.penstock.agent.sender;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;

/**
 * An endpoint in a process of its own that stores nothing and answers at once, for {@link SenderBenchmark}. It counts
 * the records of a call by their field names, without reading the rest, and keeps the answers ready.
 */
final class InstantKinesis {
    private static final CBORFactory CBOR = new CBORFactory();
    private static final byte[] DATA = "dData".getBytes(StandardCharsets.US_ASCII);
    private static final int SHARDS = 8;

    private static final Map<Integer, byte[]> ANSWERS = new ConcurrentHashMap<>();

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
            answer = ANSWERS.computeIfAbsent(count(request), InstantKinesis::stored);
        } else {
            answer = operation.endsWith(".ListShards") ? shards() : new byte[] {(byte) 0xa0};
        }
        exchange.getResponseHeaders().set("Content-Type", "application/x-amz-cbor-1.1");
        exchange.sendResponseHeaders(200, answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
    }

    /** The field name as CBOR writes it, a length and four letters; the benchmark's data does not hold it. */
    private static int count(byte[] request) {
        int count = 0;
        for (int i = 0; i + DATA.length <= request.length; i++) {
            if (request[i] == DATA[0]
                    && request[i + 1] == DATA[1]
                    && request[i + 2] == DATA[2]
                    && request[i + 3] == DATA[3]
                    && request[i + 4] == DATA[4]) {
                count++;
            }
        }
        return count;
    }

    private static byte[] stored(int count) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        try (JsonGenerator out = CBOR.createGenerator(body)) {
            out.writeStartObject();
            out.writeNumberField("FailedRecordCount", 0);
            out.writeArrayFieldStart("Records");
            for (int i = 0; i < count; i++) {
                out.writeStartObject();
                out.writeStringField("SequenceNumber", "49590338271490256608559692538361571095921575989136588898");
                out.writeStringField("ShardId", "shardId-00000000000" + i % SHARDS);
                out.writeEndObject();
            }
            out.writeEndArray();
            out.writeEndObject();
        } catch (IOException inMemory) {
            throw new UncheckedIOException(inMemory);
        }
        return body.toByteArray();
    }

    private static byte[] shards() throws IOException {
        BigInteger step = BigInteger.ONE.shiftLeft(128).divide(BigInteger.valueOf(SHARDS));
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        try (JsonGenerator out = CBOR.createGenerator(body)) {
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
