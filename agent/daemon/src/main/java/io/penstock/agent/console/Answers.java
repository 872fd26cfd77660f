package io.penstock.agent.console;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import io.penstock.agent.http.answer.Problem;
import io.penstock.engine.fault.ServiceException;

/** Trees and refusals as HTTP answers. Stateless. */
final class Answers {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Answers() {}

    static HttpResponse of(JsonNode tree) {
        return HttpResponse.of(
                ResponseHeaders.builder(HttpStatus.OK)
                        .contentType(MediaType.JSON_UTF_8)
                        .add(HttpHeaderNames.CACHE_CONTROL, "no-store")
                        .build(),
                HttpData.wrap(bytes(tree)));
    }

    static byte[] bytes(JsonNode tree) {
        try {
            return MAPPER.writeValueAsBytes(tree);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a tree of plain values cannot fail to be written", impossible);
        }
    }

    /** The engine's words. */
    static Problem refused(ServiceException refusal) {
        return Problem.of(
                HttpStatus.valueOf(refusal.type().status()),
                String.valueOf(refusal.getMessage()),
                switch (refusal.type()) {
                    case RESOURCE_IN_USE -> "try again when the stream is ACTIVE";
                    case THROUGHPUT_EXCEEDED -> "try again in a second, or split the shard";
                    case LIMIT_EXCEEDED -> "delete a stream or merge shards first";
                    case RESOURCE_NOT_FOUND -> "look at the stream again: it has changed";
                    default -> "change the value, or look at the stream again";
                });
    }
}
