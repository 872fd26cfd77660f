package io.penstock.agent.config;

import io.penstock.agent.route.Parsed;
import io.penstock.agent.route.RoutePattern;
import io.penstock.agent.route.StreamName;
import java.util.List;
import java.util.Optional;

/**
 * An element of {@code forward.users:}
 *
 * @param name as the client gives it in its PING
 * @param password the client proves that it knows it and never sends it; the server needs it in clear text
 * @param tags which tags it may send; empty: all
 * @param streams which streams its events may go to; empty: all
 */
public record ForwardUser(String name, String password, List<RoutePattern> tags, List<String> streams) {
    private static final int LONGEST = 128;

    public ForwardUser {
        tags = List.copyOf(tags);
        streams = List.copyOf(streams);
    }

    static Optional<ForwardUser> read(Section section) {
        Optional<String> name =
                section.required("name", "write the name that the client logs in with", ForwardUser::text);
        Optional<String> password = section.required(
                "password", "write it as ${VARIABLE}, so that it is not in the file", ForwardUser::text);
        List<RoutePattern> tags = section.list("tags", text -> RoutePattern.parse("forward:" + text))
                .orElse(List.of());
        List<String> streams = section.list("streams", StreamName::parse).orElse(List.of());
        return name.flatMap(who -> password.map(secret -> new ForwardUser(who, secret, tags, streams)));
    }

    private static Parsed<String> text(String text) {
        return text.isEmpty() || text.length() > LONGEST
                ? Parsed.wrong("a text of " + text.length() + " characters", "write 1 to " + LONGEST)
                : Parsed.right(text);
    }

    @Override
    public String toString() {
        return name + ", tags " + tags + ", streams " + streams;
    }
}
