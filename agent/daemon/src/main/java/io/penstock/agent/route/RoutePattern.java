package io.penstock.agent.route;

import io.penstock.base.settings.Notation;
import io.penstock.base.settings.Parsed;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which events of one source a route takes, by the name that they carry: topic, tag, logger, posted stream or
 * service. Immutable and compiled; any thread. {@link #toString} gives it back as it was written.
 */
public sealed interface RoutePattern
        permits TopicFilter,
                RoutePattern.TagPattern,
                RoutePattern.LoggerPattern,
                RoutePattern.PostedStream,
                RoutePattern.ServicePattern,
                RoutePattern.StreamPattern,
                BridgePattern {
    /** How to write one. */
    String FORMS =
            "write mqtt:TOPIC_FILTER, forward:TAG_PATTERN, log4j:LOGGER_PATTERN, http:STREAM, otlp:SERVICE_PATTERN,"
                    + " kinesis:STREAM_PATTERN or bridge:NAME/TOPIC_FILTER";

    Source source();

    boolean matches(String name);

    /** Whether it matches every name that {@code other} matches, as far as that can be told. */
    boolean covers(RoutePattern other);

    /** Reads {@code SOURCE:PATTERN}. */
    static Parsed<RoutePattern> parse(String text) {
        int colon = text.indexOf(':');
        String pattern = text.substring(colon + 1);
        return switch (colon < 0 ? "" : text.substring(0, colon)) {
            case "mqtt" -> TopicFilter.parse(pattern);
            case "forward" -> DottedGlob.parse(pattern, "tag").then(glob -> Parsed.right(new TagPattern(glob)));
            case "log4j" -> DottedGlob.parse(pattern, "logger").then(glob -> Parsed.right(new LoggerPattern(glob)));
            case "http" -> StreamName.parse(pattern).then(name -> Parsed.right(new PostedStream(name)));
            case "otlp" -> DottedGlob.parse(pattern, "service").then(glob -> Parsed.right(new ServicePattern(glob)));
            case "kinesis" -> DottedGlob.parse(pattern, "stream").then(glob -> Parsed.right(new StreamPattern(glob)));
            case "bridge" -> BridgePattern.parse(pattern);
            default -> Parsed.wrong("\"" + text + "\" names no source", FORMS);
        };
    }

    /** Checks a topic filter of MQTT. */
    static Parsed<String> topicFilter(String text) {
        return TopicFilter.read(text).then(filter -> Parsed.right(filter.filter()));
    }

    /** As a setting. */
    final class Form implements Notation<RoutePattern> {
        @Override
        public Parsed<RoutePattern> parse(String text) {
            return RoutePattern.parse(text);
        }

        @Override
        public String pattern() {
            return Stream.of(Source.values()).map(Source::word).collect(Collectors.joining("|", "(", "):.+"));
        }
    }

    /** Events of the forward source by their tag. */
    record TagPattern(DottedGlob glob) implements RoutePattern {
        @Override
        public Source source() {
            return Source.FORWARD;
        }

        @Override
        public boolean matches(String tag) {
            return glob.matches(tag);
        }

        @Override
        public boolean covers(RoutePattern other) {
            return other instanceof TagPattern theirs && glob.covers(theirs.glob);
        }

        @Override
        public String toString() {
            return "forward:" + glob;
        }
    }

    /** Events from Log4j by their logger's name. */
    record LoggerPattern(DottedGlob glob) implements RoutePattern {
        @Override
        public Source source() {
            return Source.LOG4J;
        }

        @Override
        public boolean matches(String logger) {
            return glob.matches(logger);
        }

        @Override
        public boolean covers(RoutePattern other) {
            return other instanceof LoggerPattern theirs && glob.covers(theirs.glob);
        }

        @Override
        public String toString() {
            return "log4j:" + glob;
        }
    }

    /** Events of the HTTP source by the stream that they are posted to. */
    record PostedStream(String name) implements RoutePattern {
        @Override
        public Source source() {
            return Source.HTTP;
        }

        @Override
        public boolean matches(String posted) {
            return name.equals(posted);
        }

        @Override
        public boolean covers(RoutePattern other) {
            return equals(other);
        }

        @Override
        public String toString() {
            return "http:" + name;
        }
    }

    /** Records of the Kinesis API by the stream that they are put into. */
    record StreamPattern(DottedGlob glob) implements RoutePattern {
        @Override
        public Source source() {
            return Source.KINESIS;
        }

        @Override
        public boolean matches(String stream) {
            return glob.matches(stream);
        }

        @Override
        public boolean covers(RoutePattern other) {
            return other instanceof StreamPattern theirs && glob.covers(theirs.glob);
        }

        @Override
        public String toString() {
            return "kinesis:" + glob;
        }
    }

    /** Log records of OpenTelemetry by the name of their service. */
    record ServicePattern(DottedGlob glob) implements RoutePattern {
        @Override
        public Source source() {
            return Source.OTLP;
        }

        @Override
        public boolean matches(String service) {
            return glob.matches(service);
        }

        @Override
        public boolean covers(RoutePattern other) {
            return other instanceof ServicePattern theirs && glob.covers(theirs.glob);
        }

        @Override
        public String toString() {
            return "otlp:" + glob;
        }
    }
}
