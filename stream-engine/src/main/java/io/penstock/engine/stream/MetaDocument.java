package io.penstock.engine.stream;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.penstock.engine.scope.Scope;
import io.penstock.engine.store.StreamStore;
import java.io.IOException;

/** {@link StreamMeta} as the JSON document that the store keeps. */
final class MetaDocument {
    private static final String SCOPE = "scope";
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    static byte[] write(StreamMeta meta) {
        try {
            return MAPPER.writeValueAsBytes(meta);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("metadata is always writable", e);
        }
    }

    /** @param own the scope of streams whose metadata has none */
    static StreamMeta read(StreamStore.Stored stored, Scope own) throws IOException {
        StreamMeta meta;
        try {
            JsonNode document = MAPPER.readTree(stored.metadata());
            if (document instanceof ObjectNode object && !object.hasNonNull(SCOPE)) {
                object.set(SCOPE, MAPPER.valueToTree(own));
            }
            meta = MAPPER.treeToValue(document, StreamMeta.class);
        } catch (IOException e) {
            throw new IOException("the metadata of stream " + stored.name() + " is damaged: " + e.getMessage(), e);
        }
        if (meta.format() != StreamMeta.FORMAT) {
            throw new IOException("the metadata of stream " + stored.name() + " has format " + meta.format()
                    + "; this version reads " + StreamMeta.FORMAT + ": use the version that wrote it");
        }
        return meta;
    }

    private MetaDocument() {}
}
