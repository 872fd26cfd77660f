package io.penstock.agent.forward;

import io.penstock.agent.route.RoutePattern;
import io.penstock.agent.route.StreamName;
import io.penstock.base.settings.As;
import io.penstock.base.settings.Doc;
import io.penstock.base.settings.Key;
import io.penstock.base.settings.Notation;
import io.penstock.base.settings.Parsed;
import io.penstock.base.settings.Secret;
import io.penstock.base.settings.Text;
import java.util.List;

/** An element of {@code forward.users:} */
public record ForwardUser(
        @Key(required = "write the name that the client logs in with", example = "web")
        @Text(most = 128)
        @Doc("as the client says it")
        String name,

        @Key(required = "write it as ${VARIABLE}, so that it is not in the file", example = "a long random text")
        @Text(most = 128)
        @Doc("in clear text, because the handshake's digests need it: write `\"${VARIABLE}\"`")
        Secret password,

        @Key(example = "app.**")
        @As(Tag.class)
        @Doc("tag patterns as in routes, without `forward:`; a chunk with another tag is refused. Left out: all tags")
        List<RoutePattern> tags,

        @Key(example = "web")
        @As(StreamName.Form.class)
        @Doc("a chunk with an event for another stream is refused. Left out: all streams")
        List<String> streams) {
    public ForwardUser {
        tags = List.copyOf(tags);
        streams = List.copyOf(streams);
    }

    @Override
    public String toString() {
        return name + ", tags " + tags + ", streams " + streams;
    }

    /** A pattern of a route without the source before it. */
    static final class Tag implements Notation<RoutePattern> {
        private static final String SOURCE = "forward:";

        @Override
        public Parsed<RoutePattern> parse(String text) {
            return RoutePattern.parse(SOURCE + text);
        }

        @Override
        public String format(RoutePattern pattern) {
            return pattern.toString().substring(SOURCE.length());
        }
    }
}
