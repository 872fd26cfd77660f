package io.penstock.mqtt.internal.bridge;

import io.penstock.mqtt.bridge.BridgeSettings;

/** What a change of the settings needs. */
public final class Changes {
    private Changes() {}

    /** True if the sessions at the broker stay: they are kept under the client identifier. */
    public static boolean keepSessions(BridgeSettings before, BridgeSettings after) {
        return before.clientId().equals(after.clientId());
    }

    /** True if only filters, the number of connections or pauses differ. */
    static boolean keepConnection(BridgeSettings before, BridgeSettings after) {
        return before.urls().equals(after.urls())
                && before.version() == after.version()
                && before.session().equals(after.session())
                && before.login().equals(after.login())
                && before.tls().equals(after.tls())
                && before.limits().equals(after.limits());
    }
}
