package io.penstock.agent.sender;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;

/** An endpoint in a process of its own that stores nothing and answers at once, for {@link SenderBenchmark}. */
final class InstantKinesis {
    private static final CBORFactory CBOR = new CBORFactory();
    private static final int SHARDS = 8;

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
        boolean put = exchange.getRequestHeaders().getFirst("X-Amz-Target").endsWith(".PutRecords");
        byte[] answer = put ? stored(count(request)) : shards();
        exchange.getResponseHeaders().set("Content-Type", "application/x-amz-cbor-1.1");
        exchange.sendResponseHeaders(200, answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
    }

    private static int count(byte[] request) throws IOException {
        int count = 0;
        try (JsonParser in = CBOR.createParser(request)) {
            for (JsonToken token = in.nextToken(); token != null; token = in.nextToken()) {
                count += token == JsonToken.FIELD_NAME && in.currentName().equals("Data") ? 1 : 0;
            }
        }
        return count;
    }

    private static byte[] stored(int count) throws IOException {
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
