package io.penstock.tools.bench.wire;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Requests with JSON lines, one after the other on each connection.
 *
 * @param stream to post to
 * @param batch events in each request
 * @param login user and password, or a token
 */
public record HttpLoad(String stream, int batch, Login login) implements Load {
    /** Without a login. */
    public HttpLoad(String stream, int batch) {
        this(stream, batch, Login.NONE);
    }

    @Override
    public String protocol() {
        return "http";
    }

    @Override
    public int unit() {
        return batch;
    }

    @Override
    public int window() {
        return 1;
    }

    @Override
    public boolean acknowledged() {
        return true;
    }

    @Override
    public Map<String, Object> settings() {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("stream", stream);
        settings.put("batch", batch);
        return settings;
    }
}
