package io.penstock.agent.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.penstock.agent.forward.ForwardAddress;
import io.penstock.agent.record.ConstantFields;
import io.penstock.base.net.ListenAddress;
import io.penstock.base.settings.As;
import io.penstock.base.settings.Bytes;
import io.penstock.base.settings.OneKeyOf;
import io.penstock.base.settings.OneOf;
import io.penstock.base.settings.Only;
import io.penstock.base.settings.Parsed;
import io.penstock.base.settings.Range;
import io.penstock.base.settings.Requires;
import io.penstock.base.settings.SizeText;
import io.penstock.base.settings.Text;
import io.penstock.base.settings.Word;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The JSON schema of the configuration, for editors. */
final class SchemaFile {
    private static final String VARIABLE = "\\$\\{";
    private static final String SIZE = "\\d{1,19} ?(B|KiB|MiB|GiB|TiB|KB|kB|MB|GB|TB)?";
    private static final String PORT = "(6553[0-5]|655[0-2]\\d|65[0-4]\\d\\d|6[0-4]\\d{3}|[1-5]\\d{4}|\\d{1,4})";
    private static final String ADDRESS = "(\\[[0-9a-fA-F:.%]+\\]|[a-zA-Z0-9_.-]+):" + PORT;
    private static final ObjectMapper JSON = new ObjectMapper();

    private SchemaFile() {}

    static String text() throws JsonProcessingException {
        ObjectNode schema = JSON.createObjectNode();
        schema.put("$schema", "http://json-schema.org/draft-07/schema#");
        schema.put("title", "Penstock configuration");
        schema.put("description", "Configuration of penstock run, engine and check.");
        section(schema, Declared.of(Configuration.class), true);
        DefaultIndenter lines = new DefaultIndenter("  ", "\n");
        return JSON.writer(new DefaultPrettyPrinter().withObjectIndenter(lines).withArrayIndenter(lines))
                        .writeValueAsString(schema)
                + "\n";
    }

    /** @param always whether the section is in effect when it is left out: else its defaults hold beside another key */
    private static void section(ObjectNode schema, Declared declared, boolean always) {
        object(schema);
        ArrayNode required = JSON.createArrayNode();
        keys(schema.putObject("properties"), declared, required, always);
        if (!required.isEmpty()) {
            schema.set("required", required);
        }
        OneKeyOf either = declared.type().getAnnotation(OneKeyOf.class);
        if (either != null) {
            ArrayNode one = schema.putArray("oneOf");
            for (String key : either.value()) {
                ObjectNode with = one.addObject();
                with.putArray("required").add(key);
                with.putObject("properties")
                        .putObject(key)
                        .putObject("not")
                        .put("maxItems", 0)
                        .put("type", "array");
            }
        }
    }

    private static void object(ObjectNode schema) {
        schema.putArray("type").add("object").add("null");
        schema.put("additionalProperties", false);
    }

    private static void keys(ObjectNode properties, Declared declared, ArrayNode required, boolean always) {
        for (Member member : declared.members()) {
            if (member.kind() instanceof Kind.Inlined inlined) {
                keys(properties, Declared.of(inlined.type()), required, always);
            } else if (!(member.kind() instanceof Kind.NoKey)) {
                ObjectNode property = properties.putObject(member.name());
                property.put("description", KeyText.sentence(member));
                key(property, member, always);
                if (member.kind() instanceof Kind.One
                        && !member.optional()
                        && KeyText.usual(member).isEmpty()) {
                    required.add(member.name());
                }
            }
        }
        for (Only only : declared.type().getAnnotationsByType(Only.class)) {
            ObjectNode property = properties.putObject(only.key()).put("description", "Not in this version.");
            if (only.value().equals("[]")) {
                property.put("type", "array").put("maxItems", 0).putArray("default");
            } else {
                choice(property, List.of(only.value()));
                property.put("default", only.value());
            }
        }
    }

    private static void key(ObjectNode property, Member member, boolean always) {
        Kind kind = member.kind();
        if (kind instanceof Kind.One) {
            value(property, held(member), member.component());
            if (always) {
                KeyText.usual(member).ifPresent(text -> standard(property, held(member), text, member));
            }
        } else if (kind instanceof Kind.Several) {
            ArrayNode either = property.putArray("anyOf");
            value(either.addObject().put("type", "array").putObject("items"), element(member), member.component());
            value(either.addObject(), element(member), member.component());
            if (always && !member.optional()) {
                ArrayNode standard = property.putArray("default");
                KeyText.usual(member).ifPresent(standard::add);
            }
        } else if (kind instanceof Kind.Below below) {
            section(property, Declared.of(below.type()), always && !member.optional());
        } else if (kind instanceof Kind.Sections sections) {
            property.putArray("type").add("array").add("null");
            section(
                    property.putObject("items"),
                    Declared.of(sections.type()),
                    member.name().equals("routes"));
        } else if (kind instanceof Kind.Named) {
            named(property, member);
        } else if (kind instanceof Kind.Texts || kind instanceof Kind.Constants) {
            if (kind instanceof Kind.Constants) {
                property.put("maxProperties", ConstantFields.MOST);
                property.putObject("propertyNames").put("minLength", 1).put("maxLength", ConstantFields.LONGEST_NAME);
            }
            property.putArray("type").add("object").add("null");
            property.putObject("additionalProperties")
                    .putArray("type")
                    .add("string")
                    .add("number")
                    .add("boolean");
        } else if (kind instanceof Kind.Variants variants) {
            object(property);
            ObjectNode properties = property.putObject("properties");
            ObjectNode which = properties.putObject(variants.which());
            which.put(
                    "description",
                    variants.type().getAnnotation(OneOf.class).doc().replace("`", ""));
            matching(which, String.join("|", variants.types().keySet()), "string");
            variants.types()
                    .values()
                    .forEach(type -> keys(properties, Declared.of(type), JSON.createArrayNode(), false));
        }
    }

    /** Sections with the keys of the one beside, {@code kinesis}. */
    private static void named(ObjectNode property, Member member) {
        property.putArray("type").add("object").add("null");
        String pattern =
                Value.notation(member.component().getAnnotation(As.class)).pattern();
        ObjectNode names = property.putObject("propertyNames").put("pattern", "^" + pattern + "$");
        names.putObject("not").put("const", Configuration.DEFAULT_TARGET);
        ArrayNode both = property.putObject("additionalProperties").putArray("allOf");
        both.addObject().put("$ref", "#/properties/kinesis");
        Requires requires = member.component().getAnnotation(Requires.class);
        both.addObject().put("type", "object").putArray("required").add(requires.key());
        property.putObject("default");
    }

    private static void value(ObjectNode schema, Class<?> type, RecordComponent component) {
        Text text = component.getAnnotation(Text.class);
        As as = component.getAnnotation(As.class);
        if (as != null) {
            matching(schema, Value.notation(as).pattern(), "string", "number", "boolean");
        } else if (type == boolean.class || type == Boolean.class) {
            ArrayNode either = schema.putArray("anyOf");
            either.addObject().put("type", "boolean");
            variable(either);
        } else if (component.isAnnotationPresent(Bytes.class)) {
            ArrayNode either = schema.putArray("anyOf");
            either.addObject().put("type", "integer").put("minimum", least(component));
            either.addObject().put("type", "string").put("pattern", "^" + SIZE + "$");
            variable(either);
        } else if (type == int.class || type == Integer.class) {
            Range range = component.getAnnotation(Range.class);
            ArrayNode either = schema.putArray("anyOf");
            ObjectNode number = either.addObject().put("type", "integer");
            number.put("minimum", Integer.parseInt(range.least()));
            number.put("maximum", range.most().isEmpty() ? Integer.MAX_VALUE : Integer.parseInt(range.most()));
            variable(either);
        } else if (type == Duration.class) {
            matching(schema, "\\d{1,9} ?(ms|s|m|h|d)", "string");
        } else if (type.isEnum()) {
            List<String> words = new ArrayList<>();
            for (Object constant : type.getEnumConstants()) {
                words.add(Word.Of.constant((Enum<?>) constant));
            }
            choice(schema, words);
        } else if (type == ListenAddress.class) {
            matching(schema, ADDRESS, "string");
        } else if (type == ForwardAddress.class) {
            matching(schema, ADDRESS + "|unix:/.+", "string");
        } else {
            matching(schema, text == null ? "" : pattern(text), "string");
        }
    }

    /** Inline flags are Java's own; a dot there is any character here. */
    private static String pattern(Text text) {
        if (!text.pattern().isEmpty()) {
            return text.pattern().replace("(?s).", "[\\s\\S]");
        }
        String any = "[\\s\\S]{1," + (text.most() == Integer.MAX_VALUE ? "" : text.most()) + "}";
        return text.notBlank() ? "(?=[\\s\\S]*\\S)" + any : any;
    }

    /** A text that keeps to {@code pattern}, or has a variable in it; "" stands for any text. */
    private static void matching(ObjectNode schema, String pattern, String... types) {
        if (types.length == 1) {
            schema.put("type", types[0]);
        } else {
            ArrayNode all = schema.putArray("type");
            List.of(types).forEach(all::add);
        }
        if (!pattern.isEmpty()) {
            schema.put("pattern", "^(" + pattern + ")$|" + VARIABLE);
        }
    }

    private static long least(RecordComponent component) {
        Range range = component.getAnnotation(Range.class);
        return range.orZero() || !(SizeText.parse(range.least()) instanceof Parsed.Right<Long> least)
                ? 0
                : least.value();
    }

    private static void choice(ObjectNode schema, List<String> words) {
        ArrayNode either = schema.putArray("anyOf");
        ArrayNode choices = either.addObject().putArray("enum");
        for (String word : words) {
            if (word.matches("\\d+")) {
                choices.add(Integer.parseInt(word));
            } else if (word.matches("\\d+\\.\\d+")) {
                choices.add(Double.parseDouble(word));
            }
            choices.add(word);
        }
        variable(either);
    }

    private static void variable(ArrayNode either) {
        either.addObject().put("type", "string").put("pattern", VARIABLE);
    }

    private static void standard(ObjectNode schema, Class<?> type, String text, Member member) {
        if (type == boolean.class) {
            schema.put("default", Boolean.parseBoolean(text));
        } else if (type == int.class && !member.component().isAnnotationPresent(Bytes.class) && text.matches("\\d+")) {
            schema.put("default", Integer.parseInt(text));
        } else {
            schema.put("default", text);
        }
    }

    /** The type of the value: of the component, or of what its {@code Optional} holds. */
    private static Class<?> held(Member member) {
        Type type = member.component().getGenericType();
        return member.optional() ? raw(argument(type)) : raw(type);
    }

    private static Class<?> element(Member member) {
        Type type = member.component().getGenericType();
        return raw(argument(member.optional() ? argument(type) : type));
    }

    private static Type argument(Type type) {
        return ((ParameterizedType) type).getActualTypeArguments()[0];
    }

    private static Class<?> raw(Type type) {
        return type instanceof ParameterizedType parameterized
                ? (Class<?>) parameterized.getRawType()
                : (Class<?>) type;
    }
}
