package io.penstock.application;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a whole stream over the JSON form of the Kinesis API. */
final class StreamTexts {
    private final HttpClient client = HttpClient.newHttpClient();
    private final URI endpoint;

    StreamTexts(int port) {
        endpoint = URI.create("http://127.0.0.1:" + port);
    }

    /** Every record; none while there is no such stream. */
    List<String> of(String stream) throws IOException, InterruptedException {
        List<String> texts = new ArrayList<>();
        for (String shard : all("ShardId", call("ListShards", "{\"StreamName\":\"" + stream + "\"}"))) {
            String iterator = first(
                    "ShardIterator",
                    call(
                            "GetShardIterator",
                            "{\"StreamName\":\"" + stream + "\",\"ShardId\":\"" + shard
                                    + "\",\"ShardIteratorType\":\"TRIM_HORIZON\"}"));
            while (!iterator.isEmpty()) {
                String page = call("GetRecords", "{\"ShardIterator\":\"" + iterator + "\"}");
                List<String> records = all("Data", page);
                records.forEach(
                        data -> texts.add(new String(Base64.getDecoder().decode(data), StandardCharsets.UTF_8)));
                iterator = records.isEmpty() ? "" : first("NextShardIterator", page);
            }
        }
        return texts;
    }

    private String call(String operation, String body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(endpoint)
                .header("Content-Type", "application/x-amz-json-1.1")
                .header("X-Amz-Target", "Kinesis_20131202." + operation)
                .header(
                        "Authorization",
                        "AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/kinesis/aws4_request,"
                                + " SignedHeaders=host, Signature=none")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    private static List<String> all(String name, String json) {
        List<String> values = new ArrayList<>();
        Matcher matcher =
                Pattern.compile("\"" + name + "\"\\s*:\\s*\"([^\"]*)\"").matcher(json);
        while (matcher.find()) {
            values.add(matcher.group(1));
        }
        return values;
    }

    private static String first(String name, String json) {
        List<String> values = all(name, json);
        return values.isEmpty() ? "" : values.get(0);
    }
}
