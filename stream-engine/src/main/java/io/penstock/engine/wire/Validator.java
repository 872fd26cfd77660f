package io.penstock.engine.wire;

import com.fasterxml.jackson.databind.JsonNode;
import io.penstock.engine.fault.ErrorType;
import io.penstock.engine.fault.ServiceException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * Validates a request against its shape. A value of the wrong type is a SerializationException at once. All violated
 * constraints together are one ValidationException, with the service's wording. Confined to one request.
 */
final class Validator {
    private static final int MAX_SHOWN = 512;

    private final List<String> errors = new ArrayList<>();
    private int found;

    static void check(JsonNode request, Shape.Structure shape) {
        Validator validator = new Validator();
        validator.structure("", request, shape);
        if (validator.found > 0) {
            throw ServiceException.validation(validator.found
                    + (validator.found == 1 ? " validation error" : " validation errors") + " detected: "
                    + String.join("; ", validator.errors));
        }
    }

    private void structure(String path, JsonNode node, Shape.Structure shape) {
        if (!node.isObject()) {
            throw wrongType(node, "a structure", path);
        }
        for (Shape.Member member : shape.members()) {
            JsonNode value = node.get(member.name());
            String at = path.isEmpty() ? member.label() : path + "." + member.label();
            if (value != null && !value.isNull()) {
                value(at, value, member.shape());
            } else if (member.required()) {
                report("Value null at '" + at + "' failed to satisfy constraint: Member must not be null");
            }
        }
    }

    private void value(String at, JsonNode node, Shape shape) {
        if (shape instanceof Shape.Text text) {
            text(at, requireText(node, at), text);
        } else if (shape instanceof Shape.Choice choice) {
            String value = requireText(node, at);
            if (!choice.values().contains(value)) {
                violated(at, value, "Member must satisfy enum value set: [" + String.join(", ", choice.values()) + "]");
            }
        } else if (shape instanceof Shape.Whole whole) {
            whole(at, node, whole);
        } else if (shape instanceof Shape.Blob blob) {
            int length = binary(node, at).length;
            if (length > blob.max()) {
                violated(
                        at,
                        "java.nio.HeapByteBuffer[pos=0 lim=" + length + " cap=" + length + "]",
                        "Member must have length less than or equal to " + blob.max());
            }
        } else if (shape instanceof Shape.ListOf list) {
            list(at, node, list);
        } else if (shape instanceof Shape.MapOf map) {
            map(at, node, map);
        } else if (shape instanceof Shape.Structure structure) {
            structure(at, node, structure);
        } else if (shape instanceof Shape.Flag && !node.isBoolean()) {
            throw wrongType(node, "a Boolean", at);
        } else if (shape instanceof Shape.Time && (!node.isNumber() || Double.isNaN(node.doubleValue()))) {
            throw wrongType(node, "a Timestamp", at);
        }
    }

    private void text(String at, String value, Shape.Text shape) {
        if (value.length() < shape.min()) {
            violated(at, value, "Member must have length greater than or equal to " + shape.min());
        } else if (value.length() > shape.max()) {
            violated(at, value, "Member must have length less than or equal to " + shape.max());
        }
        if (shape.pattern() != null
                && value.length() <= shape.max()
                && !shape.pattern().matcher(value).matches()) {
            violated(at, value, "Member must satisfy regular expression pattern: " + shape.pattern());
        }
    }

    private void whole(String at, JsonNode node, Shape.Whole shape) {
        if (!node.isNumber()) {
            throw wrongType(node, shape.max() > Integer.MAX_VALUE ? "a Long" : "an Integer", at);
        }
        if (!node.canConvertToLong() || node.doubleValue() != Math.rint(node.doubleValue())) {
            throw wrongType(node, "an Integer", at);
        }
        long value = node.longValue();
        if (value < shape.min()) {
            violated(at, node.asText(), "Member must have value greater than or equal to " + shape.min());
        } else if (value > shape.max()) {
            violated(at, node.asText(), "Member must have value less than or equal to " + shape.max());
        }
    }

    private void list(String at, JsonNode node, Shape.ListOf shape) {
        if (!node.isArray()) {
            throw wrongType(node, "a List", at);
        }
        length(at, node, node.size(), shape.min(), shape.max());
        if (node.size() <= shape.max()) {
            for (int i = 0; i < node.size(); i++) {
                member(at + "." + (i + 1) + ".member", node.get(i), shape.member());
            }
        }
    }

    private void map(String at, JsonNode node, Shape.MapOf shape) {
        if (!node.isObject()) {
            throw wrongType(node, "a Map", at);
        }
        length(at, node, node.size(), shape.min(), shape.max());
        if (node.size() <= shape.max()) {
            Iterator<Map.Entry<String, JsonNode>> entries = node.fields();
            while (entries.hasNext()) {
                Map.Entry<String, JsonNode> entry = entries.next();
                text(at + ".key", requireWhole(entry.getKey(), at + ".key"), shape.key());
                member(at + "." + shown(entry.getKey()) + ".member", entry.getValue(), shape.value());
            }
        }
    }

    private void member(String at, JsonNode node, Shape shape) {
        if (node.isNull()) {
            report("Value null at '" + at + "' failed to satisfy constraint: Member must not be null");
        } else {
            value(at, node, shape);
        }
    }

    private void length(String at, JsonNode node, int size, int min, int max) {
        if (size < min) {
            violated(at, node.toString(), "Member must have length greater than or equal to " + min);
        } else if (size > max) {
            violated(at, size + " members", "Member must have length less than or equal to " + max);
        }
    }

    private void violated(String at, String value, String constraint) {
        report("Value '" + shown(value) + "' at '" + at + "' failed to satisfy constraint: " + constraint);
    }

    private void report(String error) {
        if (++found <= Input.MOST_ERRORS) {
            errors.add(error);
        }
    }

    private static String shown(String value) {
        return value.length() <= MAX_SHOWN ? value : value.substring(0, MAX_SHOWN) + "...";
    }

    private static String requireText(JsonNode node, String at) {
        if (!node.isTextual()) {
            throw wrongType(node, "a String", at);
        }
        return requireWhole(node.textValue(), at);
    }

    private static String requireWhole(String text, String at) {
        if (!Unicode.isWhole(text)) {
            throw new ServiceException(
                    ErrorType.SERIALIZATION, "The value at '" + at + "' has half of a surrogate pair.");
        }
        return text;
    }

    /** The bytes of a blob: a byte string in CBOR, Base64 in JSON. */
    static byte[] binary(JsonNode node, String at) {
        if (!node.isTextual() && !node.isBinary()) {
            throw wrongType(node, "a Blob", at);
        }
        try {
            return node.binaryValue();
        } catch (IOException | IllegalArgumentException e) {
            throw new ServiceException(ErrorType.SERIALIZATION, "The value at '" + at + "' is not valid Base64.");
        }
    }

    private static ServiceException wrongType(JsonNode node, String wanted, String at) {
        String got =
                node.isContainerNode() ? (node.isArray() ? "A list" : "A structure") : node.getNodeType() + "_VALUE";
        return new ServiceException(
                ErrorType.SERIALIZATION,
                got + " can not be converted to " + wanted + (at.isEmpty() ? "" : " at '" + at + "'"));
    }
}
