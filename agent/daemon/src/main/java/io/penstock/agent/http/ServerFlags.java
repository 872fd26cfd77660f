package io.penstock.agent.http;

import com.linecorp.armeria.common.FlagsProvider;

/**
 * Settings of the HTTP library that hold for all listeners of the process. Found by the {@code ServiceLoader}.
 *
 * <p>No cache of routes: its key does not tell a preflight from another OPTIONS request. So after a preflight of a path
 * each other OPTIONS request for that path would fail with 500.
 */
public final class ServerFlags implements FlagsProvider {
    @Override
    public int priority() {
        return 1;
    }

    @Override
    public String routeCacheSpec() {
        return "off";
    }
}
