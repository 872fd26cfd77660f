package io.penstock.agent.http.post;

import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.penstock.agent.http.answer.Refused;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What a client says of its records, in headers or query parameters.
 *
 * @param partitionKey in place of the route's; empty for none
 * @param id in place of a made one, for a body of one record; empty for none
 */
record PostParameters(String partitionKey, String id) {
    private static final String PARTITION_KEY = "partition-key";
    private static final String ID = "id";
    private static final int MAX_ID = 256;

    static PostParameters of(ServiceRequestContext ctx, RequestHeaders headers) throws Refused {
        String key = value(ctx, headers, PARTITION_KEY);
        String id = value(ctx, headers, ID);
        if (id.length() > MAX_ID) {
            throw Refused.malformed("the id is longer than " + MAX_ID + " characters", "shorten it");
        }
        return new PostParameters(key, id);
    }

    private static String value(ServiceRequestContext ctx, RequestHeaders headers, String name) throws Refused {
        List<String> found = headers.getAll(name);
        boolean inHeader = !found.isEmpty();
        if (!inHeader && ctx.query() != null) {
            // Each byte becomes one character, as the server reads header fields.
            found = new QueryStringDecoder(ctx.query(), StandardCharsets.ISO_8859_1, false)
                    .parameters()
                    .getOrDefault(name, List.of());
        }
        if (found.isEmpty()) {
            return "";
        }
        if (found.size() > 1) {
            throw Refused.malformed("there is more than one " + name, "give the " + name + " once");
        }
        String value = utf8(found.get(0), "the " + (inHeader ? "header " : "query parameter ") + name);
        if (value.isEmpty()) {
            throw Refused.malformed("the " + name + " is empty", "leave it out or give it a value");
        }
        return value;
    }

    private static String utf8(String bytes, String what) throws Refused {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(StandardCharsets.ISO_8859_1.newEncoder().encode(CharBuffer.wrap(bytes)))
                    .toString();
        } catch (CharacterCodingException broken) {
            throw Refused.malformed(
                    what + " is not valid UTF-8", "send it in UTF-8, in the query with percent-encoding");
        }
    }
}
