package io.penstock.agent.record;

import io.penstock.base.settings.As;
import io.penstock.base.settings.Completed;
import io.penstock.base.settings.Doc;
import io.penstock.base.settings.Key;
import io.penstock.base.settings.Notation;
import io.penstock.base.settings.Parsed;
import io.penstock.base.settings.Text;
import io.penstock.base.settings.Written;
import java.util.Optional;

/**
 * {@code fields:} of a route: the names of the fields that are added to an event; an absent one is not added. A field
 * that the event has already is never overwritten.
 *
 * @param timeFormat how a forward event's time is written; empty: RFC 3339 with nanoseconds
 * @param logKey the field of a forward event whose value is all of its record, with nothing added; empty: the whole
 *     event
 * @param like how a forward event's JSON is spelled; empty: the agent's own way
 * @param binary empty: base64 in the agent's own way of writing, text in the others
 * @param constants {@code add:} of the route
 */
public record FieldNames(
        @Key(usual = "@timestamp") @As(value = Name.class, whole = true) @Doc("when the agent took the event")
        Optional<String> time,

        @Key(usual = "@id") @As(value = Name.class, whole = true) @Doc("the event's id")
        Optional<String> id,

        @Key(usual = "@tag") @As(value = Name.class, whole = true) @Doc("the Fluentd tag")
        Optional<String> tag,

        @Key(example = "%Y-%m-%dT%H:%M:%S.%3N%z")
        @Doc("how a forward event's time is written, in UTC: `%Y %y %m %b %B %d %e %j %a %A %H %I %p %M %S %F %T %R %3N"
                + " %6N %9N %N %s %z %Z %%` of strftime; left out: RFC 3339 with nanoseconds, under `like: fluent-bit`"
                + " `%Y-%m-%dT%H:%M:%S`, under `like: fluentd` `%Y-%m-%dT%H:%M:%S.%N%z`")
        Optional<TimeFormat> timeFormat,

        @Key(example = "log")
        @Text(what = "a name", most = 128)
        @Doc("the field of a forward event whose value is all of its record: a string as it is, else JSON. An event"
                + " without it is kept whole")
        Optional<String> logKey,

        @Key(example = "fluentd")
        @As(Likeness.class)
        @Doc("`fluent-bit` or `fluentd`: a forward event's record is byte for byte what"
                + " [that program's output](forward.md#as-other-programs-write-it) makes of it; nothing is added unless"
                + " named")
        Optional<Dialect> like,

        @Key(example = "false")
        @Doc("with `like: fluentd`: no line feed at the end of a record, as the option of this name of Fluentd's"
                + " plugin; left out: `false`")
        Optional<Boolean> chompRecord,

        @Key(example = "text")
        @Doc("`base64` or `text`: how msgpack's type bin is written, also in bodies of HTTP; see"
                + " [what a record becomes](forward.md#binary). Left out: `base64`, but `text` under `like`")
        Optional<BinaryForm> binary,

        ConstantFields constants)
        implements Completed<FieldNames> {
    public static final FieldNames DEFAULT =
            new FieldNames(Optional.of("@timestamp"), Optional.of("@id"), Optional.of("@tag"));
    private static final int LONGEST = 128;

    /** Of whole events with their time in RFC 3339. */
    public FieldNames(Optional<String> time, Optional<String> id, Optional<String> tag) {
        this(
                time,
                id,
                tag,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                ConstantFields.NONE);
    }

    /** For what is no key of this section. */
    static FieldNames defaults() {
        return DEFAULT;
    }

    /** The same with fields that do not change. */
    public FieldNames adding(ConstantFields fields) {
        return new FieldNames(time, id, tag, timeFormat, logKey, like, chompRecord, binary, fields);
    }

    public Dialect dialect() {
        return like.orElse(Dialect.PENSTOCK);
    }

    /** Whether a forward event's JSON has no line feed at its end though the dialect's program writes one. */
    public boolean chomped() {
        return chompRecord.orElse(false);
    }

    /** Whether binary is written as text where the dialect leaves the choice. */
    public boolean binaryIsText() {
        return binary.isPresent() && binary.get() == BinaryForm.TEXT;
    }

    @Override
    public FieldNames completed(Written fields) {
        boolean own = dialect() == Dialect.PENSTOCK;
        FieldNames whole = new FieldNames(
                own || fields.has("time") ? time : Optional.empty(),
                own || fields.has("id") ? id : Optional.empty(),
                own || fields.has("tag") ? tag : Optional.empty(),
                timeFormat.or(() -> dialect().timeFormat().map(TimeFormat::of)),
                logKey,
                like,
                chompRecord,
                binary,
                constants);
        if (dialect() == Dialect.FLUENT_BIT && logKey.isPresent() && whole.time.isPresent()) {
            fields.wrong("log-key", "goes with no time in Fluent Bit either", "take time or log-key out");
        }
        if (chomped() && dialect() != Dialect.FLUENTD) {
            fields.wrong("chomp-record", "is an option of Fluentd's plugin", "write like: fluentd too, or take it out");
        }
        if (!own && binary.isPresent() && !binaryIsText()) {
            fields.wrong("binary", dialect().word() + " writes binary as text", "take binary or like out");
        }
        distinct(fields, "id", whole.id, "time", whole.time);
        distinct(fields, "tag", whole.tag, "time", whole.time);
        distinct(fields, "tag", whole.tag, "id", whole.id);
        return whole;
    }

    private static void distinct(
            Written fields, String key, Optional<String> name, String otherKey, Optional<String> other) {
        if (name.isEmpty() || !name.equals(other)) {
            return;
        }
        // What is wrong itself has its default here, and the mistake is told of the other one.
        boolean first = fields.has(key) && fields.right(key);
        if (first || fields.has(otherKey) && fields.right(otherKey)) {
            fields.wrong(
                    first ? key : otherKey,
                    "\"" + name.get() + "\" is the name of " + (first ? otherKey : key) + " as well",
                    "give each a name of its own, or write false");
        }
    }

    /** A field's name, or {@code false} for none. */
    static final class Name implements Notation<Optional<String>> {
        @Override
        public Parsed<Optional<String>> parse(String text) {
            if (text.equals("false")) {
                return Parsed.right(Optional.empty());
            }
            return text.isEmpty() || text.length() > LONGEST
                    ? Parsed.wrong(
                            "a name of " + text.length() + " characters",
                            "write 1 to " + LONGEST + ", or false to switch it off")
                    : Parsed.right(Optional.of(text));
        }

        @Override
        public String pattern() {
            return "[\\s\\S]{1," + LONGEST + "}";
        }

        @Override
        public String format(Optional<String> name) {
            return name.orElse("false");
        }
    }

    /** A program whose dialect it is; the agent's own is that of a route without the key. */
    static final class Likeness implements Notation<Dialect> {
        @Override
        public Parsed<Dialect> parse(String text) {
            return switch (text) {
                case "fluent-bit" -> Parsed.right(Dialect.FLUENT_BIT);
                case "fluentd" -> Parsed.right(Dialect.FLUENTD);
                default ->
                    Parsed.wrong(
                            "\"" + text + "\" is not one of the choices",
                            "write fluent-bit or fluentd, or leave it out");
            };
        }

        @Override
        public String format(Dialect dialect) {
            return dialect.word();
        }

        @Override
        public String pattern() {
            return "fluent-bit|fluentd";
        }
    }
}
