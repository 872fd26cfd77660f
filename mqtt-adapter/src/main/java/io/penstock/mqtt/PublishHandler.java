package io.penstock.mqtt;

/**
 * Where the publishes go. Called on the event loop of the connection that a publish came over, one publish at a time
 * per connection and in the order in which they came; several connections' loops call it at once. Must not block.
 *
 * <p>Before it returns it fills the receipt exactly once. If it throws, or leaves the receipt empty, nothing is
 * acknowledged and the connection is closed with "implementation specific error" (MQTT 5: 0x83).
 *
 * <p>Will messages come this way too, after their connection is gone.
 */
@FunctionalInterface
public interface PublishHandler {
    /**
     * Takes one publish. Both arguments are reused: neither may be kept after the call.
     *
     * @param publish what came
     * @param receipt what becomes of it, to be filled by the callee
     */
    void onPublish(Publish publish, Receipt receipt);
}
