package io.penstock.agent.route;

import io.penstock.agent.record.FieldNames;
import io.penstock.agent.record.RecordFormat;
import io.penstock.base.settings.Parsed;

/** Routes and their parts from texts that are right. */
public final class Texts {
    private Texts() {}

    public static RoutePattern pattern(String text) {
        return right(RoutePattern.parse(text));
    }

    public static KeyTemplate key(String text, Source source) {
        return right(KeyTemplate.parse(text, source));
    }

    public static Route route(String match, String stream) {
        RoutePattern pattern = pattern(match);
        return new Route(
                pattern, stream, "default", pattern.source().defaultKey(), RecordFormat.JSON, FieldNames.DEFAULT);
    }

    private static <T> T right(Parsed<T> parsed) {
        if (parsed instanceof Parsed.Right<T> right) {
            return right.value();
        }
        throw new AssertionError(parsed);
    }
}
