package io.penstock.mqtt;

/**
 * Receives the publishes. Called on the event loop of the publish's connection: one publish at a time per connection
 * and in order of arrival, but by several loops at once. Must not block.
 *
 * <p>The handler fills the receipt exactly once before it returns. If it throws, or does not fill the receipt, nothing
 * is acknowledged and the connection is closed with "implementation specific error" (MQTT 5: 0x83).
 *
 * <p>Will messages arrive here too, after their connection has ended.
 */
@FunctionalInterface
public interface PublishHandler {
    /**
     * Handles one publish. Both arguments are reused: the handler must not keep them.
     *
     * @param publish the publish
     * @param receipt receives the result
     */
    void onPublish(Publish publish, Receipt receipt);
}
