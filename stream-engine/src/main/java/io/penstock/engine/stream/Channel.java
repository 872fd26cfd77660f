package io.penstock.engine.stream;

import com.fasterxml.jackson.databind.JsonNode;
import io.penstock.engine.scope.Scope;
import java.util.Map;

/**
 * A channel of a stream: what the API keeps of it. Nothing is delivered. Immutable.
 *
 * @param scope account and region
 * @param name unique within the scope
 * @param id unique; the last part of the ARN
 * @param streamId the internal id of its stream
 * @param createdAt date in epoch milliseconds
 * @param transition the status until {@code settlesAt}; afterwards the channel is ACTIVE, or gone after DELETING
 * @param settlesAt by the age clock
 * @param configuration the members of the API's description that clients have given, with defaults filled in
 * @param tags its tags
 */
public record Channel(
        Scope scope,
        String name,
        String id,
        String streamId,
        long createdAt,
        StreamStatus transition,
        long settlesAt,
        Configuration configuration,
        Map<String, String> tags) {
    public Channel {
        tags = Map.copyOf(tags);
    }

    /**
     * What clients have configured, in the API's own words.
     *
     * @param role the ARN of the role that would deliver
     * @param record the record configuration of the stream
     * @param tables true for a streaming table, false for a bucket
     * @param destination the description of the destination
     * @param encryption null for none
     * @param logging the logging configuration
     */
    public record Configuration(
            String role, JsonNode record, boolean tables, JsonNode destination, JsonNode encryption, JsonNode logging) {
        public Configuration withDestination(JsonNode value) {
            return new Configuration(role, record, tables, value, encryption, logging);
        }

        public Configuration withLogging(JsonNode value) {
            return new Configuration(role, record, tables, destination, encryption, value);
        }
    }

    public String arn() {
        return scope.arn("channel/" + id);
    }

    public StreamStatus status(long now) {
        return hasSettled(now) ? StreamStatus.ACTIVE : transition;
    }

    /** True if the channel was deleted, and that is over. */
    boolean isGone(long now) {
        return transition == StreamStatus.DELETING && hasSettled(now);
    }

    private boolean hasSettled(long now) {
        return now >= settlesAt || settlesAt - now > StreamMeta.LONGEST_TRANSITION;
    }

    public Channel withTransition(StreamStatus status, long settles) {
        return new Channel(scope, name, id, streamId, createdAt, status, settles, configuration, tags);
    }

    public Channel withConfiguration(Configuration value) {
        return new Channel(scope, name, id, streamId, createdAt, transition, settlesAt, value, tags);
    }

    public Channel withTags(Map<String, String> value) {
        return new Channel(scope, name, id, streamId, createdAt, transition, settlesAt, configuration, value);
    }
}
