package io.penstock.agent.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the proxy itself asks of the endpoint behind it, in JSON, each time on a connection of its own. Any thread. */
final class Upstream {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final InetSocketAddress address;

    Upstream(InetSocketAddress address) {
        this.address = address;
    }

    /** The first hash keys of the stream's open shards; none when the endpoint does not say. */
    List<BigInteger> shards(String stream) throws IOException {
        ObjectNode request = JSON.createObjectNode().put("StreamName", stream);
        request.putObject("ShardFilter").put("Type", "AT_LATEST");
        List<BigInteger> first = new ArrayList<>();
        for (JsonNode shard : ask("ListShards", request).path("Shards")) {
            first.add(new BigInteger(
                    shard.path("HashKeyRange").path("StartingHashKey").asText()));
        }
        return first;
    }

    /** Has the stream resharded; an endpoint that is still at it, or does not want to, says so in vain. */
    void reshard(String stream, int shards) throws IOException {
        ask(
                "UpdateShardCount",
                JSON.createObjectNode()
                        .put("StreamName", stream)
                        .put("TargetShardCount", shards)
                        .put("ScalingType", "UNIFORM_SCALING"));
    }

    private JsonNode ask(String operation, ObjectNode body) throws IOException {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("host", address.getHostString() + ":" + address.getPort());
        headers.put("content-type", "application/x-amz-json-1.1");
        headers.put("x-amz-target", "Kinesis_20131202." + operation);
        headers.put("x-amz-date", "20260101T000000Z");
        headers.put(
                "authorization",
                "AWS4-HMAC-SHA256 Credential=proxy/20260101/us-east-1/kinesis/aws4_request,"
                        + " SignedHeaders=host;x-amz-date, Signature=00");
        try (Socket socket = new Socket()) {
            socket.connect(address);
            new HttpMessage("POST / HTTP/1.1", headers, JSON.writeValueAsBytes(body)).writeTo(socket.getOutputStream());
            byte[] answer = HttpMessage.read(socket.getInputStream()).body();
            return answer.length == 0 ? JSON.createObjectNode() : JSON.readTree(answer);
        }
    }
}
