package io.penstock.agent.route;

import io.penstock.agent.record.Compression;
import io.penstock.agent.record.ConstantFields;
import io.penstock.agent.record.FieldNames;
import io.penstock.agent.record.JsonConstant;
import io.penstock.agent.record.PayloadForm;
import io.penstock.agent.record.RecordFormat;
import io.penstock.base.settings.As;
import io.penstock.base.settings.Completed;
import io.penstock.base.settings.Doc;
import io.penstock.base.settings.Key;
import io.penstock.base.settings.Parsed;
import io.penstock.base.settings.Written;
import io.penstock.delivery.kinesis.settings.Priority;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An element of {@code routes:} */
public record Route(
        @Key(required = RoutePattern.FORMS, example = "forward:app.**")
        @As(RoutePattern.Form.class)
        @Doc("which events it takes: `mqtt:` and a topic filter, `forward:` and a tag pattern, `log4j:` and a logger"
                + " pattern, `kinesis:` and a pattern of the streams that the Kinesis API is called with, `http:`"
                + " and the name of a posted stream, `otlp:` and a pattern of service names, `bridge:`, the name of a"
                + " [bridge](mqtt-bridge.md) or `+` for every one, a slash and a topic filter")
        RoutePattern match,

        @Key(required = "name the stream that it leads to", example = "app-{tag(2)}")
        @As(StreamTemplate.Unjudged.class)
        @Doc("1 to 128 letters, digits, `_`, `.` and `-`; placeholders among them make it a"
                + " [template](configuration.md#streams-by-template)")
        StreamTemplate stream,

        @Key(example = "app-*")
        @As(NamePattern.Form.class)
        @Doc("the names that a template may yield, `*` for any characters; one or several. Left out: any stream name")
        List<NamePattern> allowStreams,

        @Key(usual = "default")
        @Doc("where the stream is: `default` is `kinesis:`, another name is one under `targets:`")
        String target,

        @Key(example = "{tag}")
        @As(KeyTemplate.Unjudged.class)
        @Doc("text with placeholders, or `random`: see [routes](configuration.md#routes); left out: `{clientid}` for"
                + " MQTT, `{topic}` for bridges, `{key}` for `kinesis:`, else `random`")
        Optional<KeyTemplate> partitionKey,

        @Key(usual = "json")
        @Doc("a JSON object as [records](records.md) describe it; or `raw`: the payload's bytes and nothing else, which"
                + " is the default for `kinesis:`")
        RecordFormat format,

        @Key
        @Doc("names of what is added to a JSON record; `false` leaves one out. What the event has already is never"
                + " overwritten")
        FieldNames fields,

        @Key
        @Doc("[fields that do not change](configuration.md#constant-fields), by name, which are added to a JSON record;"
                + " up to 50. What the event has already is never overwritten")
        Map<String, JsonConstant> add,

        @Key(usual = "text")
        @Doc(
                "of MQTT and bridges: what a payload that is a single JSON string, number, boolean or null becomes: `text`, a string of"
                        + " its characters; or `json`, the value as it is. An object or array is embedded in any case")
        PayloadForm payload,

        @Key(usual = "false")
        @Doc("whether several records may travel in one Kinesis record, in the KPL's format, which consumers must know"
                + " how to read: see [the sender](sender.md#aggregation)")
        boolean aggregate,

        @Key(value = "compress", usual = "none")
        @Doc("each record by itself, with `gzip`, `zlib` or `zstd`: see [records](records.md#compressed-records)")
        Compression compression,

        @Key(usual = "normal")
        @Doc(
                "how urgent the stream is among those of its target: `urgent`, `normal` or `bulk`; of several routes to one"
                        + " stream the most urgent counts: see [the sender](sender.md#the-uplink)")
        Priority priority)
        implements Completed<Route> {
    public Route {
        allowStreams = List.copyOf(allowStreams);
        add = Collections.unmodifiableMap(new LinkedHashMap<>(add));
    }

    /** Of records that travel alone, neither urgent nor otherwise. */
    public Route(
            RoutePattern match, String stream, String target, KeyTemplate key, RecordFormat format, FieldNames fields) {
        this(
                match,
                StreamTemplate.of(stream),
                List.of(),
                target,
                Optional.of(key),
                format,
                fields,
                Map.of(),
                PayloadForm.TEXT,
                false,
                Compression.NONE,
                Priority.NORMAL);
    }

    /** How the partition key of its events is made. */
    public KeyTemplate key() {
        return partitionKey.orElseGet(match.source()::defaultKey);
    }

    @Override
    public Route completed(Written route) {
        if (!route.right("match")) {
            return this;
        }
        Source source = match.source();
        KeyTemplate key = key();
        if (partitionKey.isPresent()) {
            Parsed<KeyTemplate> judged = KeyTemplate.parse(key.toString(), source);
            if (judged instanceof Parsed.Right<KeyTemplate> right) {
                key = right.value();
            } else if (judged instanceof Parsed.Wrong<KeyTemplate> wrong) {
                route.wrongValue("partition-key", 0, wrong.reason(), wrong.remedy());
            }
        }
        StreamTemplate leadsTo = stream;
        if (route.has("stream") && route.right("stream") && route.right("allow-streams")) {
            Parsed<StreamTemplate> judged = StreamTemplate.parse(stream.toString(), source, allowStreams);
            if (judged instanceof Parsed.Right<StreamTemplate> right) {
                leadsTo = right.value();
            } else if (judged instanceof Parsed.Wrong<StreamTemplate> wrong) {
                route.wrongValue("stream", 0, wrong.reason(), wrong.remedy());
            }
        }
        if (!allowStreams.isEmpty() && route.right("stream") && leadsTo.fixed()) {
            route.wrong("allow-streams", "limits a template, and stream is one name", "take it out");
        }
        Written below = route.section("fields");
        for (String shaping : new String[] {"time-format", "log-key", "like", "chomp-record"}) {
            if (below.has(shaping) && source != Source.FORWARD) {
                below.wrong(shaping, "shapes events of forward only, not of " + source.word(), "take it out");
            }
        }
        RecordFormat made = route.has("format") ? format : source.defaultFormat();
        checkAdded(route, made);
        if (below.has("binary") && source != Source.FORWARD && source != Source.HTTP) {
            below.wrong("binary", "shapes msgpack of forward and of http only, not " + source.word(), "take it out");
        }
        boolean mqtt = source == Source.MQTT || source == Source.BRIDGE;
        if (payload == PayloadForm.JSON && (!mqtt || format == RecordFormat.RAW)) {
            route.wrong("payload", "shapes JSON records of mqtt and of bridges only", "take it out");
        }
        return new Route(
                match,
                leadsTo,
                allowStreams,
                target,
                Optional.of(key),
                made,
                fields.adding(new ConstantFields(add)),
                add,
                payload,
                aggregate,
                compression,
                priority);
    }

    private void checkAdded(Written route, RecordFormat made) {
        if (add.isEmpty()) {
            return;
        }
        ConstantFields constants = new ConstantFields(add);
        Written below = route.section("add");
        if (made == RecordFormat.RAW && route.right("format")) {
            route.wrong("add", "adds to JSON records only, and format is raw", "take it out, or write format: json");
        }
        if (add.size() > ConstantFields.MOST) {
            route.wrong("add", "has " + add.size() + " fields", "write at most " + ConstantFields.MOST);
        } else if (constants.bytes() > ConstantFields.MOST_BYTES) {
            route.wrong(
                    "add",
                    "takes " + constants.bytes() + " bytes of every record",
                    "write at most " + ConstantFields.MOST_BYTES);
        }
        for (String name : add.keySet()) {
            Optional<String> taken = taken(name);
            taken.ifPresent(by -> below.wrong(name, "is the name of " + by + " as well", "give it another name"));
        }
    }

    /** What else has the name in each record of the route. */
    private Optional<String> taken(String name) {
        Optional<String> given = Optional.of(name);
        if (given.equals(fields.time())) {
            return Optional.of("fields.time");
        }
        if (given.equals(fields.id())) {
            return Optional.of("fields.id");
        }
        if (given.equals(fields.tag()) && match.source() == Source.FORWARD) {
            return Optional.of("fields.tag");
        }
        return match.source().ownFields().contains(name)
                ? Optional.of("a field that " + match.source().word() + " writes itself")
                : Optional.empty();
    }
}
