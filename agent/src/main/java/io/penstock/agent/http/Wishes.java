package io.penstock.agent.http;

import com.linecorp.armeria.common.QueryParams;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.server.ServiceRequestContext;
import java.util.Optional;

/**
 * What a client asked for its records, by header or query parameter.
 *
 * @param partitionKey in place of the route's
 * @param id in place of a made one, for a body of one record
 */
record Wishes(Optional<String> partitionKey, Optional<String> id) {
    private static final String PARTITION_KEY = "partition-key";
    private static final String ID = "id";
    private static final int MAX_ID = 256;

    static Wishes of(ServiceRequestContext ctx, RequestHeaders headers) throws Refused {
        Optional<String> key = value(ctx, headers, PARTITION_KEY);
        Optional<String> id = value(ctx, headers, ID);
        if (id.isPresent() && id.get().length() > MAX_ID) {
            throw Refused.malformed("the id is longer than " + MAX_ID + " characters", "shorten it");
        }
        return new Wishes(key, id);
    }

    private static Optional<String> value(ServiceRequestContext ctx, RequestHeaders headers, String name)
            throws Refused {
        Optional<String> found = Optional.ofNullable(headers.get(name));
        if (found.isEmpty() && ctx.query() != null) {
            found = Optional.ofNullable(QueryParams.fromQueryString(ctx.query()).get(name));
        }
        if (found.isPresent() && found.get().isEmpty()) {
            throw Refused.malformed("the " + name + " is empty", "leave it out or give it a value");
        }
        return found;
    }
}
