package io.penstock.agent.auth;

import io.penstock.agent.route.StreamName;
import io.penstock.base.settings.As;
import io.penstock.base.settings.Bytes;
import io.penstock.base.settings.Doc;
import io.penstock.base.settings.Key;
import io.penstock.base.settings.Range;
import io.penstock.base.settings.Text;
import java.util.List;
import java.util.Optional;

/** An element of {@code auth.users:} of an HTTP listener. */
public record AuthUser(
        @Key(required = "write the name of a user, of a token or in a client's certificate", example = "web")
        @Text(most = 128)
        @Doc("of the user, the token or the client's certificate")
        String name,

        @Key(example = "web")
        @As(StreamName.Form.class)
        @Doc("a request with records for another stream is refused with 403. Left out: all streams, or those of the"
                + " token")
        List<String> streams,

        @Key(example = "100")
        @Range(least = "1", most = "1000000")
        @Doc("in place of `http.limits.requests-per-second`")
        Optional<Integer> requestsPerSecond,

        @Key(example = "1MiB") @Bytes @Range(least = "1024") @Doc("in place of `http.limits.bytes-per-second`")
        Optional<Long> bytesPerSecond) {
    public AuthUser {
        streams = List.copyOf(streams);
    }
}
