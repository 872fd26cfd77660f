package io.penstock.engine.stream;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.penstock.engine.store.StreamStore;
import java.io.IOException;

/** {@link StreamMeta} as the JSON document that the store keeps. */
final class MetaDocument {
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

    static StreamMeta read(StreamStore.Stored stored) throws IOException {
        StreamMeta meta;
        try {
            meta = MAPPER.readValue(stored.metadata(), StreamMeta.class);
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
