package io.penstock.engine.stream;

import java.util.Map;

/**
 * A registered consumer of a stream, for enhanced fan-out.
 *
 * @param name unique within the stream
 * @param createdAt date in epoch milliseconds; its seconds are the last part of the consumer's ARN
 * @param activeAt when CREATING becomes ACTIVE, by the age clock
 * @param tags its tags
 * @param policy its resource policy; empty for none
 */
public record Consumer(String name, long createdAt, long activeAt, Map<String, String> tags, String policy) {
    public Consumer {
        tags = Map.copyOf(tags);
    }

    public Consumer withTags(Map<String, String> newTags) {
        return new Consumer(name, createdAt, activeAt, newTags, policy);
    }

    public Consumer withPolicy(String newPolicy) {
        return new Consumer(name, createdAt, activeAt, tags, newPolicy);
    }

    /** CREATING or ACTIVE. A deregistered consumer is removed at once. */
    public String status(long now) {
        return now < activeAt ? "CREATING" : "ACTIVE";
    }
}
