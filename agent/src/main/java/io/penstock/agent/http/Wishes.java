package io.penstock.agent.http;

import com.linecorp.armeria.common.QueryParams;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.server.ServiceRequestContext;
import java.util.Optional;

/**
 * What a client asked for its records, by header or query parameter.
 *
 * @param partitionKey in place of the route's; empty for none
 * @param id in place of a made one, for a body of one record; empty for none
 */
record Wishes(String partitionKey, String id) {
    private static final String PARTITION_KEY = "partition-key";
    private static final String ID = "id";
    private static final int MAX_ID = 256;

    static Wishes of(ServiceRequestContext ctx, RequestHeaders headers) throws Refused {
        String key = value(ctx, headers, PARTITION_KEY);
        String id = value(ctx, headers, ID);
        if (id.length() > MAX_ID) {
            throw Refused.malformed("the id is longer than " + MAX_ID + " characters", "shorten it");
        }
        return new Wishes(key, id);
    }

    private static String value(ServiceRequestContext ctx, RequestHeaders headers, String name) throws Refused {
        Optional<String> found = Optional.ofNullable(headers.get(name));
        if (found.isEmpty() && ctx.query() != null) {
            found = Optional.ofNullable(QueryParams.fromQueryString(ctx.query()).get(name));
        }
        if (found.isPresent() && found.get().isEmpty()) {
            throw Refused.malformed("the " + name + " is empty", "leave it out or give it a value");
        }
        return found.orElse("");
    }
}
