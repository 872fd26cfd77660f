package io.penstock.agent.auth;

import io.penstock.base.settings.Bytes;
import io.penstock.base.settings.Doc;
import io.penstock.base.settings.Key;
import io.penstock.base.settings.Range;

/** {@code limits:} of an HTTP listener. */
public record LimitSettings(
        @Key(usual = "0")
        @Range(most = "1000000")
        @Doc("requests of each user, token or, of a client without a name, each address; more get 429 with"
                + " `Retry-After`. 0: no limit")
        int requestsPerSecond,

        @Key(usual = "0")
        @Bytes
        @Range(least = "1024", orZero = true)
        @Doc("the same for bytes of bodies, as they are sent. 0: no limit")
        long bytesPerSecond) {
    public static final LimitSettings NONE = new LimitSettings(0, 0);
}
