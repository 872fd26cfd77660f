package io.penstock.agent.console;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.penstock.engine.fault.ServiceException;
import io.penstock.engine.put.Puts;
import io.penstock.engine.wire.Codec;
import io.penstock.engine.wire.KinesisModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;

/** Puts one record as a PutRecord call does, with its checks and limits. Stateless, thread-safe. */
final class TestRecord {
    private final ObjectMapper mapper = new ObjectMapper();

    /** Fails with the engine's refusal; else shard and sequence number. */
    CompletableFuture<ObjectNode> put(ConsoleChanges.Target target, JsonNode body, ServiceRequestContext ctx) {
        ObjectNode call = ConsoleChanges.object();
        call.put("StreamARN", target.stream().meta().arn());
        call.put("PartitionKey", ConsoleChanges.text(body, "key"));
        call.put(
                "Data",
                Base64.getEncoder()
                        .encodeToString(ConsoleChanges.text(body, "data").getBytes(StandardCharsets.UTF_8)));
        if (!body.path("hash_key").asText().isEmpty()) {
            call.put("ExplicitHashKey", ConsoleChanges.text(body, "hash_key"));
        }
        CompletableFuture<ObjectNode> done = new CompletableFuture<>();
        Puts.Reply reply = new Puts.Reply() {
            @Override
            public void answered(byte[] answer) {
                done.complete(told(answer));
            }

            @Override
            public void refused(ServiceException refusal) {
                done.completeExceptionally(refusal);
            }
        };
        Puts.Call put = new Puts.Call(
                bytes(call),
                Codec.JSON,
                KinesisModel.PUT_RECORD,
                false,
                "",
                ctx.remoteAddress(),
                ctx.eventLoop().withoutContext(),
                ctx.blockingTaskExecutor().withoutContext(),
                reply);
        ctx.eventLoop().withoutContext().execute(() -> target.engine().puts().put(put));
        return done;
    }

    private byte[] bytes(ObjectNode call) {
        try {
            return mapper.writeValueAsBytes(call);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a tree of plain values cannot fail to be written", impossible);
        }
    }

    private ObjectNode told(byte[] answer) {
        try {
            JsonNode answered = mapper.readTree(answer);
            ObjectNode node = ConsoleChanges.object();
            node.put("shard", answered.path("ShardId").asText());
            node.put("sequence_number", answered.path("SequenceNumber").asText());
            node.put("said", "stored in " + answered.path("ShardId").asText());
            return node;
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}
